"""`provisioner plan`: show what apply would do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.as_of import as_of_option
from provisioner.cli.context import (
    Common,
    clients_option,
    colour_option,
    endpoint_option,
    target_options,
    undo_options,
    var_options,
)
from provisioner.cli.reports import Report, report_option
from provisioner.cli.say import say, show
from provisioner.cli.written import table_option, written_option

if TYPE_CHECKING:
    from provisioner.plan.unmanaged import Beside


@click.command("plan")
@endpoint_option
@colour_option
@target_options
@undo_options
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document with a format_version.")
@click.option("--destroy", is_flag=True, help="Show what destroy would do.")
@click.option(
    "--save",
    metavar="FILE",
    callback=written_option,
    help="Keep the plan, for apply FILE to carry out exactly this or nothing.",
)
@click.option(
    "--show-unmanaged",
    is_flag=True,
    help="List what is live and not in the manifests. It is never counted as a change.",
)
@click.option(
    "--renames-out",
    metavar="FILE",
    callback=table_option,
    help="Write the renames that the plan suggests as a table for the manifests' `renames:`.",
)
@as_of_option
@clients_option
@report_option
@var_options
@click.pass_obj
def command(
    common: Common,
    /,
    *,
    detailed_exitcode: bool,
    as_json: bool,
    save: Path | None,
    show_unmanaged: bool,
    renames_out: Path | None,
    clients: bool,
    reports: tuple[Report, ...],
    **given: Any,
) -> int:
    """Show what apply would do. Reads the tenant, writes nothing to it.

    With --undo RUN, what would take back what a run changed, and nothing else.
    """
    from provisioner.cli.approval import check_target, document_of
    from provisioner.cli.console import terminal_width
    from provisioner.cli.options import Options
    from provisioner.cli.reports import reporting, write_reports
    from provisioner.report.unmanaged import unmanaged_json, unmanaged_lines

    options = Options(**given)
    if save:
        if options.as_of:
            raise click.BadParameter("a plan for another day cannot be carried out: leave out --as-of, or --save")
        check_target(save)
    if renames_out and renames_out.exists():
        raise click.BadParameter(f"{str(renames_out)!r} is there already, perhaps with renames: name a new file")
    with reporting(reports):
        made, options, beside = _planned(common, options, renames_out, show_unmanaged=show_unmanaged)
    if as_json:
        more = unmanaged_json(beside) if beside else {}
        show(json.dumps({**document_of(made, made.plan), **more}, ensure_ascii=False, indent=2))
    else:
        from provisioner.report.style import Style
        from provisioner.report.text import plan_text

        lines = unmanaged_lines(beside) if beside else []
        text = plan_text(made.plan, made.banner, made.effort, terminal_width(), clients=clients)
        show("\n".join([*lines, text]), style=Style(colour=common.colour))
    write_reports(reports, made)
    if renames_out:
        _write_renames(common, renames_out, made)
    if save:
        _save(common, save, made, options)
    if made.plan.blocked:
        return 4
    if detailed_exitcode and made.plan.writes:
        return 2
    return 7 if made.plan.pending else 0


def _planned(
    common: Common, options: Any, renames_out: Path | None, *, show_unmanaged: bool
) -> tuple[Any, Any, Beside | None]:
    """The plan of this moment, what it was narrowed to, and what is live beside it where it was asked for.

    The table that is to be written may be named by a manifest already: nothing is in it yet.
    """
    from provisioner.cli import compose, tenant
    from provisioner.cli.allowed import check_allowed
    from provisioner.cli.remembered import remember
    from provisioner.cli.stores import state_store
    from provisioner.cli.undo import resolved, taken_back
    from provisioner.cli.unmanaged import find_unmanaged

    named = _named(common, renames_out) if renames_out else ""
    workspace = compose.read_workspace(common.root, options, instead={named: b""} if named else None)
    place = tenant.locate(workspace.settings, options.endpoint)
    file = state_store(common.root, workspace.settings, place)
    options = resolved(file, options)

    async def planned() -> tuple[compose.Planned, Beside | None]:
        async with tenant.connected(common.root, workspace.settings, place, options.as_of) as provider:
            remembered = await remember(file, provider, workspace.settings, place)
            check_allowed(options, workspace.desired, remembered.state, file.runs)
            undoing = taken_back(file, options, remembered.state)
            made = await compose.plan_workspace(workspace, place, provider, options, remembered, undoing)
            if not show_unmanaged:
                return made, None
            beside, reads = await find_unmanaged(provider, workspace.desired, made.accounts, made.state)
            return replace(made, effort=made.effort.more(reads)), beside

    made, beside = compose.run(planned())
    return made, options, beside


def _named(common: Common, path: Path) -> str:
    """How manifests name a file: its path from their root, or "" when it is elsewhere."""
    root, whole = common.root.resolve(), path.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else ""


def _write_renames(common: Common, path: Path, made: Any) -> None:
    """The renames that it suggests, or none: a table without rows is of no use."""
    from provisioner.report.renames import renames_csv, suggested
    from provisioner.state.disk import Disk, replace_file

    count, named = len(suggested(made.plan)), _named(common, path)
    if not count:
        unnamed = f". Remove from the manifests: renames: {named}" if named in made.files else ""
        say(f"No renames to suggest: nothing was written{unnamed}.", err=True)
        return
    replace_file(Disk(), path, renames_csv(made.plan).encode())
    if named in made.files:
        then = "Look them through: the manifests name it already."
    elif named:
        then = f"Look them through, then write in a manifest: renames: {named}"
    else:
        moved = f"data/{path.name}"
        then = f"Look them through, move it into the workspace as {moved}, then write in a manifest: renames: {moved}"
    say(f"{count} suggested rename{'s' if count > 1 else ''} written to {path}. {then}", err=True)


def _save(common: Common, path: Path, made: Any, options: Any) -> None:
    """A plan that could not be carried out is not kept."""
    from provisioner.cli.approval import save_plan

    if made.plan.blocked or made.plan.pending:
        why = "changes in it are blocked" if made.plan.blocked else "something is pending"
        say(f"Not saved: {why}.", err=True)
        path.unlink(missing_ok=True)
        return
    save_plan(path, made, options)
    say(f"Saved to {path}. To carry out exactly this: {common.command('apply', path)}", err=True)
