"""A plan, and what became of it, as Markdown for a pull request: a table, then the whole text, folded."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from provisioner.kinds.values import escape
from provisioner.plan.change import Action, Change, Plan
from provisioner.report.blocks import SYMBOLS
from provisioner.report.outcome import outcome_text
from provisioner.report.stranded import Stranded, telling
from provisioner.report.text import plan_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.apply.outcome import Applied
    from provisioner.report.head import Banner, Effort

LONGEST = 60_000
"""Characters of the whole: GitHub takes 65,536 for a comment."""
ROWS = 100
"""Changes that the table names; adopted ones stand in the text only."""
_SHOWN = 10
"""Appointments that are named of each change."""
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~@&$!]|(?<=www)\.|:(?=//)", re.IGNORECASE)


def plan_markdown(plan: Plan, banner: Banner, effort: Effort, outcome: Applied | None = None) -> str:
    """The whole document, with a line break at its end."""
    lines = [f"### {'Apply' if outcome else 'Plan'}: {safe(str(banner))}", "", _verdict(plan, outcome), ""]
    lines += _table(plan)
    lines += _at_risk(plan)
    if plan.notes:
        lines += [*bounded(f"- {safe(note)}" for note in plan.notes), ""]
    head = "\n".join(lines)
    text = plan_text(plan, banner, effort)
    body = outcome_text(outcome)[: LONGEST // 4] if outcome else ""
    folded = _folded("Full plan", text, LONGEST - len(head) - len(body) - 200)
    return "\n".join([head, *(_fenced(body, LONGEST) if body else []), *folded]) + "\n"


def _verdict(plan: Plan, outcome: Applied | None) -> str:
    if outcome:
        return "**Everything was done.**" if outcome.complete else "**Incomplete.** The next apply does what is left."
    if not plan.changes:
        return "**No changes.**"
    counts = [f"{plan.count(action)} to {verb}" for action, verb in _VERBS if plan.count(action)]
    blocked = f" **{len(plan.blocked)} blocked: nothing will be applied.**" if plan.blocked else ""
    return f"**{', '.join(counts)}.**{blocked} Digest `{plan.digest}`"


_VERBS = (
    (Action.CREATE, "add"),
    (Action.UPDATE, "change"),
    (Action.DELETE, "destroy"),
    (Action.ADOPT, "adopt"),
    (Action.FORGET, "forget"),
)
_ORDER = (Action.DELETE, Action.UPDATE, Action.CREATE, Action.FORGET)


def _table(plan: Plan) -> list[str]:
    changes = [change for action in _ORDER for change in plan.changes if change.action is action]
    if not changes:
        return []
    rows = bounded(f"| `{SYMBOLS[c.action]}` | {safe(str(c.address))} | {_why(c)} | {_where(c)} |" for c in changes)
    rest = len(changes) - len(rows)
    more = [f"| | and {rest} more | | |"] if rest > 0 else []
    return ["| | what | why | where |", "| --- | --- | --- | --- |", *rows, *more, ""]


def bounded(lines: Iterable[str]) -> list[str]:
    """The first of these lines: at most `ROWS`, and at most a third of the whole."""
    kept: list[str] = []
    room = LONGEST // 3
    for line in islice(lines, ROWS):
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return kept


def _at_risk(plan: Plan) -> list[str]:
    """The appointments that would be stranded, by ids and times."""
    told = telling(plan.booked)
    rows = (
        f"| {safe(str(c.address))} | {len(c.stranded)} | {_listed(c, told)} | {'no' if c.unallowed else 'yes'} |"
        for c in plan.changes
        if c.stranded
    )
    shown = bounded(rows)
    if not shown or plan.booked is None:
        return []
    title = f"**Appointments at risk: {len(plan.booked.stranded)}.**"
    return [title, "", "| by | how many | which | allowed |", "| --- | --- | --- | --- |", *shown, ""]


def _listed(change: Change, told: Stranded) -> str:
    """The first few: id and time."""
    some = change.stranded[:_SHOWN]
    times = (
        f"{safe(told.when(each.start)) if each.start else 'at a time not readable'} (id {safe(each.id)})"
        for each in some
    )
    return ", ".join(times) + (", ..." if len(change.stranded) > _SHOWN else "")


def _why(change: Change) -> str:
    names = ", ".join(field.name for field in change.fields) if change.action is Action.UPDATE else ""
    words = "; ".join(filter(None, [names, change.reason, change.hint]))
    return f"**BLOCKED**: {safe(change.blocked)}" if change.blocked else safe(words)


def _where(change: Change) -> str:
    return safe(str(change.place)) if change.place else ""


def safe(text: str) -> str:
    """One line in which nothing is a link, a mention, a tag or a table's edge."""
    shown = escape(text)
    shown = shown if len(shown) <= 200 else f"{shown[:197]}..."
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", shown)


def _folded(title: str, text: str, room: int) -> list[str]:
    return ["", f"<details><summary>{title}</summary>", "", *_fenced(text, room), "", "</details>"]


def _fenced(text: str, room: int) -> list[str]:
    """A block of code that its own content cannot end, cut at a line to so many characters."""
    if len(text) > room:
        text = text[: max(0, room)].rpartition("\n")[0] + "\n... cut here: see the log"
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [f"{fence}text", text, fence]
