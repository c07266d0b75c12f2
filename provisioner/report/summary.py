"""The end of a plan: names only with deletions first, the symbols used, notes, and the lines that scripts look for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME
from provisioner.kinds.values import escape
from provisioner.plan.change import Action, Change, Echo, Plan
from provisioner.report.blocks import SYMBOLS
from provisioner.report.layout import columns, counted, wrapped
from provisioner.report.stranded import appointments_line
from provisioner.report.undo import nothing_to_undo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLD = 20
"""More than this many of one action and kind in one account are a count."""
_HOSTS = 2
"""Hosts that are named; more are counted."""
_ORDER = (Action.DELETE, Action.UPDATE, Action.CREATE, Action.FORGET)
_LEGEND = {
    Action.CREATE: "create",
    Action.UPDATE: "update in place",
    Action.DELETE: "destroy",
    Action.ADOPT: "adopt",
    Action.FORGET: "forget (stays live)",
}


def summary_lines(plan: Plan, width: int) -> list[str]:
    """The summary with its heading, the legend, the notes and the totals."""
    return [
        "",
        "Summary",
        *_names(plan, width),
        "",
        *_legend(plan, width),
        *note_lines(plan, width),
        "",
        *_totals(plan, width),
    ]


def note_lines(plan: Plan, width: int) -> list[str]:
    """What a person should know beside the changes."""
    lines = [line for note in plan.notes for line in wrapped("Note: ", note, width)]
    return ["", *lines] if lines else []


def _names(plan: Plan, width: int) -> Iterator[str]:
    entries = [entry for action in _ORDER for entry in _entries([c for c in plan.changes if c.action is action])]
    pad = min(40, max((len(name) for name, blocked in entries if blocked), default=0))
    before = ""
    for name, blocked in entries:
        yield from _entry(name, "the same" if blocked and blocked == before else blocked, pad, width)
        before = blocked


def _entry(name: str, blocked: str, pad: int, width: int) -> list[str]:
    if not blocked:
        return [name]
    beside = wrapped(f"{name:<{pad}}   BLOCKED: ", blocked, width, " " * (pad + 5))
    fits = len(name) <= pad and all(columns(line) <= width for line in beside)
    return beside if fits else [name, *wrapped("      BLOCKED: ", blocked, width, " " * 8)]


def _entries(changes: list[Change]) -> Iterator[tuple[str, str]]:
    """Names of one action, each with why it is blocked; large groups stand as one count where their first was."""
    sizes = Counter((c.scope, c.address.kind) for c in changes)
    reasons: dict[tuple[str, str], dict[str, None]] = {}
    for change in changes:
        if change.blocked:
            reasons.setdefault((change.scope, change.address.kind), {})[_brief(change)] = None
    folded: set[tuple[str, str]] = set()
    for change in changes:
        place = change.scope, change.address.kind
        if change.address.kind == "account" or sizes[place] <= FOLD:
            yield f"  {SYMBOLS[change.action]} {escape(str(change.address))}", _brief(change)
        elif place not in folded:
            folded.add(place)
            yield _count(change, sizes[place]), _several([*reasons.get(place, ())])


def _brief(change: Change) -> str:
    """Why it is blocked; what differs from one to the next stands above, with the change."""
    return change.hint.partition(": ")[0] if change.hint and change.blocked else change.blocked


def _several(reasons: list[str]) -> str:
    """The first of several reasons, and how many there are."""
    return f"{reasons[0]}, and {len(reasons) - 1} more reasons above" if len(reasons) > 1 else "".join(reasons)


def _count(change: Change, size: int) -> str:
    kind = BY_NAME[change.address.kind]
    where = f" in {escape(change.address.account)}" if change.address.account else ""
    return f"  {SYMBOLS[change.action]} {size} {kind.section or kind.kind + ' entries'}{where}"


def _legend(plan: Plan, width: int) -> list[str]:
    used = [f"{SYMBOLS[action]} {word}" for action, word in _LEGEND.items() if plan.count(action)]
    lines = ["Legend: "]
    for entry in [*used, "! blocked"] if plan.blocked else used:
        start = lines[-1].isspace() or lines[-1] == "Legend: "
        if not start and len(lines[-1]) + 3 + len(entry) > width:
            lines.append(" " * len("Legend: "))
            start = True
        lines[-1] += entry if start else f"   {entry}"
    return lines


def _totals(plan: Plan, width: int) -> list[str]:
    """The lines that scripts look for; all counts of one stand in one line, what is longer goes on below."""
    always = ((Action.CREATE, "add"), (Action.UPDATE, "change"), (Action.DELETE, "destroy"))
    parts = [f"{plan.count(action)} to {verb}" for action, verb in always]
    parts += [f"{plan.count(action)} to {action}" for action in (Action.ADOPT, Action.FORGET) if plan.count(action)]
    counts = f"Plan: {', '.join(parts)}"
    blocked = f"({len(plan.blocked)} blocked: nothing will be applied)." if plan.blocked else ""
    whole = f"{counts} {blocked}" if blocked else f"{counts}."
    lines = [whole] if len(whole) <= width or not blocked else [counts, f"  {blocked}"]
    told = [*appointments_line(plan), *_messages(plan), *lines, f"Digest: {plan.digest}"]
    return [part for line in told for part in wrapped("", line, width, "  ")]


def _messages(plan: Plan) -> list[str]:
    """How many messages go out, where a change could send any."""
    more = f"{' and '.join(plan.more_messages)}, whose number is not known" if plan.more_messages else ""
    perhaps = _echoes(plan.booked.echoes) if plan.booked else ""
    match plan.messages:
        case None:
            return [f"Messages: none will go out{perhaps}."] if perhaps else []
        case 0:
            return [f"Messages: none but {more}{perhaps}." if more else f"Messages: none will go out{perhaps}."]
        case count:
            return [f"Messages: {count} will go out{f', and {more}' if more else ''}{perhaps}."]


def _echoes(echoes: Sequence[Echo]) -> str:
    """What may go out besides: `; if the vendor cancels the appointments of what is deleted, up to 6 ...`."""
    if not echoes:
        return ""
    hooks = [echo for echo in echoes if echo.to]
    calls, hosts = sum(echo.most for echo in hooks), [escape(echo.to) for echo in hooks]
    where = " and ".join(hosts) if len(hosts) <= _HOSTS else f"{len(hosts)} hosts"
    told = [f"{counted(calls, 'webhook call')} to {where}"] if calls else []
    told += [counted(echo.most, "message") + " to clients" for echo in echoes if not echo.to]
    return f"; if the vendor cancels the appointments of what is deleted, up to {' and '.join(told)}"


def nothing_line(plan: Plan) -> str:
    """The one sentence of a plan without changes."""
    if plan.pending:
        are = "is" if len(plan.pending) == 1 else "are"
        return f"No changes but what {are} pending: {len(plan.pending)}. {counted(plan.managed, 'resource')} as wanted."
    if plan.undone and not plan.changes:
        return nothing_to_undo(plan.undone)
    adopted = plan.count(Action.ADOPT)
    if adopted:
        were = "live object was" if adopted == 1 else "live objects were"
        return f"No changes. {adopted} {were} recognised and will be remembered at the next apply."
    if plan.left:
        are = "resource moved outside and is" if len(plan.left) == 1 else "resources moved outside and are"
        rest = plan.managed - len(plan.left)
        others = f"{rest} {'is' if rest == 1 else 'are'} as the manifests say"
        return f"No changes. {len(plan.left)} {are} left so; {others}."
    if not plan.managed:
        return "No changes. Nothing is managed here."
    are = "is" if plan.managed == 1 else "are"
    return f"No changes. {counted(plan.managed, 'resource')} {are} as the manifests say."
