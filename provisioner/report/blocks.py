"""The changes of a plan as blocks of lines; what repeats itself (links, what goes with another) shares a block."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Unreadable, specs
from provisioner.kinds.values import escape, plain
from provisioner.plan.change import NOT_YET, Action, Change
from provisioner.report.fields import change_lines, value_text
from provisioner.report.layout import columns, counted, flowed, folded, placed, wrapped
from provisioner.report.stranded import Stranded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SYMBOLS = {Action.CREATE: "+", Action.UPDATE: "~", Action.DELETE: "-", Action.ADOPT: "=", Action.FORGET: "."}
_VERBS = {
    Action.CREATE: "created",
    Action.UPDATE: "updated in place",
    Action.ADOPT: "adopted",
    Action.FORGET: "forgotten, and left live",
}
_PLAINLY = Stranded()
_DENSE = frozenset({"set", "with"})
"""Blocks of which several stand together without blank lines."""


def identity(change: Change) -> str:
    """What a person knows a live object by: its natural key, as far as it was read, and its id.

    Texts stand in quotation marks, a date or a rule does not.
    """
    kind = BY_NAME[change.address.kind]
    if kind.key_kinds or kind.lists:
        return ""
    shown = f" (id {plain(change.id)})" if change.id else ""
    if kind.personal:
        return shown
    fields = change.live.fields if change.live else {}
    for names in kind.natural:
        values = [fields.get(name) for name in names]
        if all(v is not None and not isinstance(v, Unreadable) for v in values):
            known = specs(kind)
            keys = (value_text(known[name], value, 80) for name, value in zip(names, values, strict=True))
            return f" {' '.join(keys)}{shown}"
    return shown


def change_blocks(changes: Sequence[Change], width: int, stranded: Stranded = _PLAINLY) -> Iterator[str]:
    """Every change but adoptions, in the plan's order, under its account where there are several."""
    shown = [c for c in changes if c.action is not Action.ADOPT]
    headed = any(c.scope for c in shown)
    for account, inside in groupby(shown, key=lambda change: change.scope):
        if headed:
            yield from ("", f"Account {escape(account)}" if account else "Parent account")
        dense = False
        for key, members in groupby(inside, key=_together):
            block = list(members)
            if not (dense and key[0] in _DENSE):
                yield ""
            yield from _block(key[0], block, width, stranded)
            dense = key[0] in _DENSE and not any(change.stranded for change in block)


def _together(change: Change) -> tuple[Any, ...]:
    """Consecutive changes with the same key share a block."""
    address, why = change.address, (change.action, change.reason, change.blocked)
    whole = BY_NAME[address.kind].whole
    if whole:
        because = why if change.with_ is None else change.with_  # with what else it goes says it all
        return "set", because, address.kind, address.key[:whole], change.blocked
    if change.with_ is not None:
        return "with", change.with_, change.blocked
    if change.action in (Action.DELETE, Action.FORGET):
        return "leaving", *why, change.place, BY_NAME[address.kind].ending
    return "one", address


def _block(how: str, changes: list[Change], width: int, stranded: Stranded) -> list[str]:
    match how:
        case "set":
            lines = _set_lines(changes, width)
            lines += [line for each in changes for line in stranded.lines(each, width, _within(each, changes))]
        case "with":
            lines = [line for change in changes for line in _goes_with(change, width)]
        case "leaving":
            lines = _leaving(changes, width, stranded)
        case _:
            lines = [*_one(changes[0], width), *stranded.lines(changes[0], width)]
    blocked = changes[0].blocked if changes[0].blocked != changes[0].unallowed else ""
    return [*lines, *(wrapped("      ! BLOCKED: ", blocked, width, " " * 8) if blocked else [])]


def _within(change: Change, changes: list[Change]) -> str:
    """What tells a member of a set from the others."""
    return "/".join(change.address.key[BY_NAME[change.address.kind].whole :]) if len(changes) > 1 else ""


def _one(change: Change, width: int) -> list[str]:
    """A create or an update: what and where, why, and its fields."""
    title = f"  {SYMBOLS[change.action]} {escape(change.address.local)}{_known_id(change)}"
    lines = [*_header(str(change.address), change, width), *change_lines(title, change, width)]
    hint = wrapped("      ! ", change.hint, width, " " * 8) if change.hint else []
    return [*lines, *_outlook(change, width), *hint]


def _leaving(changes: list[Change], width: int, stranded: Stranded) -> list[str]:
    """Objects that are destroyed or forgotten for one reason, each with what a person knows it by."""
    first = changes[0]
    what = str(first.address) if len(changes) == 1 else counted(len(changes), "resource")
    symbol = SYMBOLS[first.action]
    lines = _header(what, first, width)
    for change in changes:
        known = identity(change) or _known_id(change)
        lines += _known_by(f"  {symbol} {escape(change.address.local)}", known, width) + _outlook(change, width)
        lines += stranded.lines(change, width)
    return lines


def _known_by(line: str, words: str, width: int) -> list[str]:
    """A line with what a person knows its object by, or that on a line of its own below."""
    return [line + words] if columns(line) + columns(words) <= width else [line, f"     {words}"]


def _outlook(change: Change, width: int) -> list[str]:
    """What the vendor says that it will lead to."""
    return [line for told in change.outlook.lines for line in wrapped("      # ", told, width, "      #   ")]


def _header(what: str, change: Change, width: int) -> list[str]:
    """What will happen and where that is written, then why."""
    verb = BY_NAME[change.address.kind].ending if change.action is Action.DELETE else _VERBS[change.action]
    *lines, last = wrapped("  # ", f"{what} will be {verb}", width, "  #   ")
    return [*lines, *placed(last, change.place, width), *_reason(change, width)]


def _known_id(change: Change) -> str:
    kind = BY_NAME[change.address.kind]
    return f" (id {plain(change.id)})" if change.id and not (kind.key_kinds or kind.lists) else ""


def _reason(change: Change, width: int) -> list[str]:
    if change.reason == NOT_YET:
        return []  # "will be created" says it
    return wrapped("  # ", change.reason, width, "  #   ") if change.reason else []


def _set_lines(changes: list[Change], width: int) -> list[str]:
    """A whole set's members: the leading keys once, then what is added or removed."""
    first = changes[0]
    address, whole = first.address, BY_NAME[first.address.kind].whole
    named = address._replace(key=address.key[:whole]).local
    lead = f"  {SYMBOLS[first.action]} {escape(named)}   "
    *lines, last = flowed(lead, (escape("/".join(c.address.key[whole:])) for c in changes), width)
    if first.with_ is not None:
        return [*lines, *_noted(last, f"goes with {escape(first.with_.local)}", width)]
    shown = [*lines, *placed(last, first.place, width, "      ")]
    return shown if first.action is Action.CREATE else [*_reason(first, width), *shown]


def _goes_with(change: Change, width: int) -> list[str]:
    *above, last = _known_by(f"  - {escape(change.address.local)}", identity(change), width)
    return [*above, *(_noted(last, f"goes with {escape(change.with_.local)}", width) if change.with_ else [last])]


def _noted(line: str, note: str, width: int) -> list[str]:
    joined = f"{line}   {note}"
    return [joined] if columns(joined) <= width else [line, *folded("      # ", note, width, "      #   ")]


def adopt_lines(changes: Iterable[Change], width: int) -> list[str]:
    """One line for each live object that was recognised; of many, the first five and a count."""
    adopts = [c for c in changes if c.action is Action.ADOPT]
    if not adopts:
        return []
    shown = adopts if len(adopts) <= 10 else adopts[:5]
    heading = "Live and as wanted: will be remembered, nothing is written"
    lines = ["", heading]
    for change in shown:
        lines += _noted(f"  = {escape(str(change.address))}{_known_id(change)}", escape(change.reason), width)
    more = len(adopts) - len(shown)
    return [*lines, f"  = {more} more ({len(adopts)} in all)"] if more else lines
