"""What an apply did, as people read it: what was done, what failed in the vendor's words, what was not attempted."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from provisioner.kinds.values import escape
from provisioner.plan.change import Action, Change
from provisioner.report.blocks import SYMBOLS
from provisioner.report.layout import counted, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provisioner.apply.outcome import Applied

_ALWAYS = ((Action.CREATE, "added"), (Action.UPDATE, "changed"), (Action.DELETE, "destroyed"))
_IF_ANY = ((Action.ADOPT, "adopted"), (Action.FORGET, "forgotten"))


def outcome_text(outcome: Applied, width: int = 80, what: str = "Apply") -> str:
    """The line with the numbers, then what they leave out; without a line break at its end."""
    lines = [_first_line(outcome, what)]
    if outcome.writes:
        lines.append(f"{counted(outcome.writes, 'write')} in {max(1, round(outcome.seconds))} s.")
    lines += _failed(outcome, width)
    lines += _not_attempted(outcome, width)
    lines += _pending(outcome, width)
    return "\n".join(line.rstrip() for line in lines)


def _first_line(outcome: Applied, what: str) -> str:
    done = ", ".join(_numbers(outcome.done))
    if outcome.complete:
        return f"{what} complete! {done}."
    waiting = len(outcome.skipped) + len(outcome.cancelled)
    doubts = f", {len(outcome.pending)} pending" if outcome.pending else ""
    return f"{what} incomplete: {done}; {len(outcome.failed)} failed, {waiting} not attempted{doubts}."


def _numbers(done: Iterable[Change]) -> Iterator[str]:
    actions = [change.action for change in done]
    yield from (f"{actions.count(action)} {word}" for action, word in _ALWAYS)
    yield from (f"{actions.count(action)} {word}" for action, word in _IF_ANY if action in actions)


def _failed(outcome: Applied, width: int) -> list[str]:
    lines = ["", "Failed"] if outcome.failed else []
    for change, words in outcome.failed:
        lines += [_line(change), *wrapped("      ", words, width)]
    return lines


def _not_attempted(outcome: Applied, width: int) -> list[str]:
    lines = ["", "Not attempted"] if outcome.skipped or outcome.cancelled else []
    for cause, group in groupby(outcome.skipped, key=lambda pair: pair[1]):
        lines += [_line(change) for change, _ in group]
        lines += wrapped("      ", f"because {cause} failed", width)
    if outcome.cancelled:
        lines += [*map(_line, outcome.cancelled), "      because the run was interrupted"]
    return lines


def _pending(outcome: Applied, width: int) -> list[str]:
    if not outcome.pending:
        return []
    names = [f"  {SYMBOLS[Action.CREATE]} {escape(str(address))}" for address in outcome.pending]
    why = "because a create was sent in an earlier run, and what became of it is not known"
    return ["", "Pending", *names, *wrapped("      ", why, width)]


def _line(change: Change) -> str:
    return f"  {SYMBOLS[change.action]} {escape(str(change.address))}"
