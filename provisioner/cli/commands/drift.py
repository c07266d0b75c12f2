"""`provisioner drift`: what moved in the tenant since the last apply. For a job that runs every night."""

from __future__ import annotations

import json
from typing import Any

import click

from provisioner.cli.checks import CHECKS, GITHUB, checking
from provisioner.cli.context import Common, colour_option, endpoint_option, var_options
from provisioner.cli.reports import FORMATS, Report, reports_of
from provisioner.cli.say import show


@click.command("drift")
@endpoint_option
@colour_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document with a format_version.")
@click.option(
    "--show-unmanaged", is_flag=True, help="Also list what is live and not in the manifests. It is never drift."
)
@reports_of(*FORMATS, *CHECKS, more=" Or github, for lines in its log.", bare=(GITHUB,))
@var_options
@click.pass_obj
def command(
    common: Common, /, *, as_json: bool, show_unmanaged: bool, reports: tuple[Report, ...], **given: Any
) -> int:
    """Show what moved in the tenant since the last apply. Reads the tenant, writes nothing.

    What was last applied is compared with what is live: edits of the manifests that wait for their apply are no drift.
    Exits 2 when something moved that an apply would put back, or is gone. Of clients, whom bookings rewrite, it is told
    and counts for nothing. Where nothing was ever recorded there is nothing to compare with: that is an error, 1.
    While another run is at work, nothing is known yet: 6.
    """
    from provisioner.cli.console import terminal_width
    from provisioner.cli.drifting import look
    from provisioner.cli.options import Options
    from provisioner.cli.reports import face, reporting, write
    from provisioner.report.drifted import drifted_results, drifted_text
    from provisioner.report.json import plan_json
    from provisioner.report.printed import DRIFT, Printed
    from provisioner.report.style import Style
    from provisioner.report.unmanaged import unmanaged_json, unmanaged_lines

    files = [each for each in reports if each.format in FORMATS]
    with checking("drift", common.root, reports) as found, reporting(files):
        looked = look(common, Options(**given), show_unmanaged=show_unmanaged)
        found.write(drifted_results(looked.plan))
    plan, banner, effort, beside = looked.plan, looked.banner, looked.effort, looked.beside
    more = unmanaged_json(beside) if beside else {}
    lines = unmanaged_lines(beside) if beside else []
    printed = Printed(
        {**plan_json(plan, banner, effort, ()), **more},
        "\n".join([*lines, drifted_text(plan, banner, effort)]),
        title=DRIFT,
    )
    if as_json:
        show(json.dumps(printed.document, ensure_ascii=False, indent=2))
    else:
        text = drifted_text(plan, banner, effort, terminal_width())
        show("\n".join([*lines, text]), style=Style(colour=common.colour))
    for each in files:
        write(each, face(each.format, printed))
    return 2 if plan.drift else 0
