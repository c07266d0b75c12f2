"""`provisioner history`: who applied what, when, from which commit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.context import Common, colour_option, endpoint_option
from provisioner.cli.say import say, show

if TYPE_CHECKING:
    from provisioner.report.history import Row
    from provisioner.state.store import Store


@click.command("history")
@click.argument("run", metavar="[RUN]", required=False)
@endpoint_option
@colour_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document with a format_version.")
@click.pass_obj
def command(common: Common, /, *, run: str | None, endpoint: str | None, as_json: bool) -> int:
    """List the runs that are kept, newest first: who applied what, when, from which commit (* is with edits).

    With RUN, a number or last, what that run changed. Reads what is kept beside the state, and nothing else.
    """
    from provisioner.cli import tenant
    from provisioner.cli.stores import state_store
    from provisioner.manifest import load_settings
    from provisioner.providers import BY_NAME

    settings = load_settings(common.root, BY_NAME)
    file = state_store(common.root, settings, tenant.locate(settings, endpoint))
    if run is None:
        _list(common, file, as_json=as_json)
    else:
        _one(common, file, run, as_json=as_json)
    return 0


def _list(common: Common, file: Store, *, as_json: bool) -> None:
    from provisioner.cli.console import terminal_width
    from provisioner.report.history import history_json, history_text

    rows = _rows(file)
    if as_json:
        show(json.dumps(history_json(rows), ensure_ascii=False, indent=2))
    elif not rows:
        say("No run is kept: the first apply keeps one.")
    else:
        show(history_text(rows, terminal_width()))
        say(f"What one changed: {common.command('history', 'RUN')}. "
            f"Take it back: {common.command('plan', '--undo', 'RUN')}", err=True)  # fmt: skip


def _rows(file: Store) -> list[Row]:
    """Every run that is kept; only the newest can be at work, or have died with its end in the journal alone."""
    from provisioner.errors import StateError
    from provisioner.report.history import Row

    rows: list[Row] = []
    for number, run, ending in file.runs.listed():
        row = Row(number, run, ending)
        if not rows and run and not ending:
            try:
                row = _whole(file, number)[0]
            except StateError:
                row = Row(number, None, None)
        rows.append(row)
    return rows


def _whole(file: Store, number: int) -> tuple[Row, Any]:
    """One run with its steps. Raises StateError."""
    from provisioner.report.history import Row

    kept = file.runs.read(number)
    at_work = kept.ending is None and number == file.runs.numbers()[0] and bool(file.holder())
    return Row(number, kept.run, None if at_work else file.ending(kept), at_work), kept.steps


def _one(common: Common, file: Store, text: str, *, as_json: bool) -> None:
    from provisioner.cli.console import terminal_width
    from provisioner.cli.undo import number_of
    from provisioner.report.history import run_json, run_text
    from provisioner.report.style import Style

    row, steps = _whole(file, number_of(file, text))
    if as_json:
        show(json.dumps(run_json(row, steps), ensure_ascii=False, indent=2))
    else:
        show(run_text(row, steps, terminal_width()), style=Style(colour=common.colour))
