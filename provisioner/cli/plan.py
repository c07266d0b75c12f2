"""`provisioner plan`: show what apply would do."""

from __future__ import annotations

import json
from typing import Any

import click

from provisioner.cli.context import Common, colour_option, endpoint_option, target_options, var_options
from provisioner.cli.say import show


@click.command("plan")
@endpoint_option
@colour_option
@target_options
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document with a format_version.")
@var_options
@click.pass_obj
def command(common: Common, /, *, detailed_exitcode: bool, as_json: bool, **given: Any) -> int:
    """Show what apply would do. Reads the tenant, writes nothing to it."""
    from provisioner.cli import compose, tenant
    from provisioner.cli.console import terminal_width
    from provisioner.cli.remembered import remember

    options = compose.Options(**given)
    workspace = compose.read_workspace(common.root, options)
    place = tenant.locate(workspace.settings, options.endpoint)

    async def planned() -> compose.Planned:
        async with tenant.connected(common.root, workspace.settings, place) as provider:
            remembered = await remember(tenant.state_file(common.root, place), provider, workspace.settings, place)
            return await compose.plan_workspace(workspace, place, provider, options, remembered)

    made: compose.Planned = compose.run(planned())
    if as_json:
        from provisioner.report.json import plan_json

        document = plan_json(made.plan, made.banner, made.effort, made.calls)
        show(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        from provisioner.report.style import Style
        from provisioner.report.text import plan_text

        text = plan_text(made.plan, made.banner, made.effort, terminal_width())
        show(text, style=Style(colour=common.colour))
    if made.plan.blocked:
        return 4
    if detailed_exitcode and made.plan.writes:
        return 2
    return 7 if made.plan.pending else 0
