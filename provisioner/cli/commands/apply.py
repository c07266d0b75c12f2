"""`provisioner apply`: plan, ask, carry out exactly that plan; or one that was saved, if it still holds."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click

from provisioner.cli.context import (
    Common,
    clients_option,
    colour_option,
    endpoint_option,
    target_options,
    undo_options,
    var_options,
    wait_option,
)
from provisioner.cli.reports import Report, events_option, report_option
from provisioner.cli.written import read_option

_DIGEST = re.compile("[0-9a-fA-F]{10}")
_KEPT = {"--endpoint": "endpoint", "--target": "targets", "--rotate": "rotate",
         "--allow-destroy": "allow_destroy", "--allow-update": "allow_update",
         "--not-renamed": "not_renamed", "--allow-stranded": "allow_stranded",
         "--notify": "notify", "--undo": "undo", "--overwrite": "overwrite"}  # fmt: skip
"""What a saved plan says itself."""


@click.command("apply")
@click.argument(
    "file",
    metavar="[FILE]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=read_option,
)
@endpoint_option
@colour_option
@target_options
@undo_options
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@click.option("--digest", metavar="DIGEST", help="Go on, without asking, only if the plan still has this digest.")
@click.option("--verify", is_flag=True, help="Ask afterwards whether what was touched can be booked; exit 3 if not.")
@clients_option
@report_option
@events_option
@wait_option
@var_options
@click.pass_obj
def command(
    common: Common,
    /,
    *,
    file: Path | None,
    yes: bool,
    digest: str | None,
    verify: bool,
    clients: bool,
    reports: tuple[Report, ...],
    events: str | None,
    wait: bool,
    **given: Any,
) -> int:
    """Make the tenant what the manifests say: plan, ask, carry out exactly that plan.

    With --undo RUN, take back what a run changed, and nothing else.

    With FILE, a plan that `plan --save FILE` made: it is carried out without a question, and only if the manifests, the
    state, the tenant and each live object that it touches are as they were. Exit 8 names all that moved.
    """
    from provisioner.cli.approval import Approval, Digest, SavedPlan, options_of, read_plan
    from provisioner.cli.options import Options
    from provisioner.cli.run import apply_workspace
    from provisioner.cli.shown import printed_plan
    from provisioner.errors import UsageError

    options = Options(**given)
    if file and digest:
        raise UsageError("FILE and --digest are two approvals: give one of them")
    if digest is not None and not _DIGEST.fullmatch(digest):
        raise UsageError(f"--digest {digest!r} is no digest: give the ten hex digits of the plan's last line")
    approval: Approval | None = Digest(digest.lower()) if digest else None
    if file:
        for name, key in _KEPT.items():
            if given[key] not in (None, (), False):
                raise UsageError(f"{name} is in the saved plan already: leave it out, or plan again with it")
        saved = read_plan(file)
        printed_plan(saved, str(file))
        options, approval = options_of(saved, given["var"], given["var_files"]), SavedPlan(saved)
    if not yes and not approval and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on: pass --yes to apply without asking")
    return apply_workspace(
        common,
        options,
        ask=None if yes or approval else ("Apply these changes? Only yes applies them", "yes"),
        wait=wait,
        approval=approval,
        reports=reports,
        clients=clients,
        verify=verify,
        events=events,
    )
