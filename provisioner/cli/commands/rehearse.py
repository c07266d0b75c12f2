"""`provisioner rehearse`: try an apply on a copy of the tenant."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.context import Common, colour_option, endpoint_option, target_options, var_options
from provisioner.cli.say import say, show

if TYPE_CHECKING:
    from provisioner.cli.rehearsal import Original, Stage
    from provisioner.rehearsal.result import Rehearsal

ANY = "any"


def _dialects(_context: Any, _param: Any, given: tuple[str, ...]) -> list[dict[str, str]]:
    """Each dialect that is to be tried; of one, only what is said of it. Raises click.BadParameter."""
    from provisioner.sandbox.dialect import CHOICES

    if ANY in given:
        if len(given) > 1:
            raise click.BadParameter("any is all of them: give it alone")
        return [dict(zip(CHOICES, answers, strict=True)) for answers in product(*CHOICES.values())]
    chosen: dict[str, str] = {}
    for item in given:
        question, _, answer = item.partition("=")
        if answer not in CHOICES.get(question, ()):
            known = ", ".join(f"{name}={'|'.join(answers)}" for name, answers in CHOICES.items())
            raise click.BadParameter(f"{item!r} is none of {known}, any")
        chosen[question] = answer
    return [chosen]


@click.command("rehearse")
@endpoint_option
@colour_option
@target_options
@click.option(
    "--dialect",
    "dialects",
    multiple=True,
    metavar="QUESTION=ANSWER",
    callback=_dialects,
    help="What to assume of the vendor, e.g. put=full. May be repeated; any tries all there are. Default: what doctor "
    "found out.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Leave the copy there, as it is after the apply. Default: it is in memory only.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document with a format_version.")
@var_options
@click.pass_obj
def command(
    common: Common, /, *, dialects: list[dict[str, str]], keep: Path | None, as_json: bool, **given: Any
) -> int:
    """Try an apply on a copy of the tenant. Reads the tenant, writes nothing to it.

    Everything is read, bookings included; who booked is given another name. The manifests are applied to the copy, in
    a sandbox in memory, and it is planned again. Shows the plan, what would come of it, what would be left to do, the
    requests and the time they would take. The exit codes are those of apply.
    """
    from provisioner.cli import compose, tenant
    from provisioner.cli.options import Options
    from provisioner.cli.rehearsal import Stage
    from provisioner.errors import PartlyAppliedError, PendingError, ProvisionerError, RefusedError

    options = Options(**given)
    workspace = compose.read_workspace(common.root, options)
    stage = Stage(common.root, workspace, tenant.locate(workspace.settings, options.endpoint), options, keep)
    _check(keep)
    original: Original = compose.run(stage.read())
    plan = original.planned.plan
    if plan.blocked:
        _print(common, stage, original, None, as_json=as_json)
        count = len(plan.blocked)
        raise RefusedError(f"{count} {'change is' if count == 1 else 'changes are'} blocked: apply would do nothing")
    rehearsal = stage.rehearse(original, dialects if len(dialects) > 1 else [stage.probed() | dialects[0]])
    _print(common, stage, original, rehearsal, as_json=as_json)
    if rehearsal.differs:
        named = ", ".join(rehearsal.differs[:3]) + (" and more" if len(rehearsal.differs) > 3 else "")
        raise ProvisionerError(
            f"on the copy the plan is another one ({named}): do not rely on this rehearsal. Please report it"
        )
    if not rehearsal.first.applied.complete:
        raise PartlyAppliedError("some changes would not be made")
    if plan.pending:
        raise PendingError(f"pending: {', '.join(map(str, plan.pending))}: see the notes above")
    return 0


def _check(keep: Path | None) -> None:
    """Nothing is written over. Raises UsageError."""
    from provisioner.errors import UsageError

    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise UsageError(f"--keep {keep}: is not empty: name a new folder")


def _print(common: Common, stage: Stage, original: Original, rehearsal: Rehearsal | None, *, as_json: bool) -> None:
    from provisioner.cli.approval import document_of
    from provisioner.cli.console import terminal_width
    from provisioner.cli.rehearsal import DATA
    from provisioner.report.rehearsal import rehearsal_json, rehearsal_lines
    from provisioner.report.style import Style
    from provisioner.report.text import plan_text

    planned, width = original.planned, terminal_width()
    if as_json:
        more = rehearsal_json(rehearsal) if rehearsal else {"rehearsal": None}
        show(json.dumps({**document_of(planned, planned.plan), **more}, ensure_ascii=False, indent=2))
    else:
        text = plan_text(planned.plan, planned.banner, planned.effort, width)
        lines = ["", *rehearsal_lines(rehearsal, width)] if rehearsal else []
        show("\n".join([text, *lines]), style=Style(colour=common.colour))
    if stage.keep and rehearsal:
        kept = stage.keep / DATA
        say(f"The copy is in {kept}. To look at it: {common.command('sandbox', 'serve', '--db', kept)}", err=True)
