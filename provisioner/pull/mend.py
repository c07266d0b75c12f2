"""The fewest edits after which an entry says what is live: items, days and texts that stay are not touched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from provisioner.kinds.calendar import parse_dates, text_dates
from provisioner.kinds.hours import dump_shifts, parse_shifts
from provisioner.manifest.yaml import Map, Seq, Value
from provisioner.pull.edit import Add, Drop, Edit, Swap
from provisioner.pull.page import Entry, Page
from provisioner.pull.spelling import fresh, on_one_line, references, scalar, spelled, told
from provisioner.pull.unfit import UnfitError
from provisioner.pull.weeks import week_edits

SHIFTS = ("hours", "schedule")
DATES = "dates"
IN_ORDER = ("options", "order")
"""Forms whose items mean something by their order."""

Fits = Callable[[int, int], bool]
"""Whether an old item of a list, by its number, may become a new one."""


def mended(page: Page, entry: Entry, live: Any, form: str) -> list[Edit]:
    """The edits that make an entry say a value, spelled as `Spec.dump` spells it. Raises UnfitError."""
    _check_references(entry.raw)
    mend = _Mend(page, form)
    if isinstance(live, (list, tuple)) and live and isinstance(entry.raw, Seq) and entry.value.sort == "seq":
        return list(mend.items(entry, list(live)))
    return list(mend.whole(entry, live))


def _check_references(raw: Value) -> None:
    """Raises UnfitError for a value that has something of ours looked up."""
    waiting = [raw]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and (found := references(each)):
            raise UnfitError(f"it comes from {found[0]}: change what that stands for, or write the value here")
        if isinstance(each, Map):
            waiting += each.values()
        elif isinstance(each, Seq):
            waiting += each


@dataclass(frozen=True, slots=True)
class _Mend:
    """The edits of one field."""

    page: Page
    form: str

    def whole(self, entry: Entry, live: Any) -> Iterator[Edit]:
        """A value written anew in the place of what stands there, in the same quotes where it is a text."""
        page, node = self.page, entry.value
        flow = page.within(entry.holder)
        column = entry.start.column
        plural = isinstance(live, (list, tuple, Mapping))
        if node.sort == "scalar" and not plural:
            alias = page.text[node.start : node.end].startswith("*") and not node.style
            if alias:
                yield Swap(page.file, node.start, node.end, fresh(spelled(live), flow=flow))
            else:
                yield Swap(page.file, node.start, node.end, scalar(page, node, live, flow=flow, column=column))
            return
        new = on_one_line(live) if plural else fresh(spelled(live), flow=flow)
        end = node.start + len(page.text[node.start : node.end].rstrip())
        between = page.text[entry.key.end : node.start] if entry.key else ""
        if entry.key and not flow and node.sort != "scalar" and not node.flow and between.startswith(":"):
            own = not page.before(node).strip(" -")
            yield Swap(page.file, entry.key.end, entry.key.end + 1 if own else end, f": {new}")
            for each in page.entries[node] if own else ():  # comments on lines of their own stay
                yield Swap(page.file, page.line(each.start.line), page.line(each.value.last + 1), "")
        else:
            yield Swap(page.file, node.start, end, new)

    # -- lists

    def items(self, entry: Entry, live: Sequence[Any]) -> Iterator[Edit]:
        """A list item by item: what is there already stays where it is."""
        entries = self.page.entries[entry.value]
        was = [self._canonical(item.raw) for item in entries]
        fits = self._fits(entries, was, live)
        pairs, gone, added = _in_order(was, live) if self.form in IN_ORDER else _in_any(was, live, fits)
        for old, new in pairs:
            yield from self._item(entries[old], live[new])
        yield from (Drop(self.page.file, entry.value, old) for old in gone)
        for after, new in added:
            yield Add(self.page.file, entry.value, after, on_one_line(live[new]))

    def _fits(self, entries: Sequence[Entry], was: Sequence[Any], live: Sequence[Any]) -> list[Fits]:
        """Which items may become others: of stretches of dates those of the same days, and those without a comment."""
        if self.form not in (*SHIFTS, DATES):
            return []

        def dates(item: Any) -> Any:
            return item["dates"] if self.form in SHIFTS else item

        return [
            lambda old, new: was[old] is not None and bool(dates(was[old]) == dates(live[new])),
            lambda old, new: was[old] is not None and _overlap(dates(was[old]), dates(live[new])),
            lambda old, _: not self._is_noted(entries[old]),
        ]

    def _is_noted(self, entry: Entry) -> bool:
        """Whether a comment may be about an item: on its lines, or on the one above."""
        page, first = self.page, entry.start
        lines = page.text[page.line(first.line) : page.line(entry.value.last + 1)]
        above = page.text[page.line(max(0, first.line - 1)) : page.line(first.line)]
        return not page.before(first).strip(" -") and ("#" in lines or above.lstrip().startswith("#"))

    def _canonical(self, raw: Value) -> Any:
        """An item as the field's own spelling has it; None for one that says nothing."""
        if self.form in SHIFTS:
            return next(iter(dump_shifts(parse_shifts([raw]))), None)
        if self.form == DATES:
            return text_dates(parse_dates(raw))
        return told(raw) if isinstance(raw, str) else raw

    def _item(self, entry: Entry, live: Any) -> Iterator[Edit]:
        if self.form in SHIFTS and entry.value.sort == "map":
            try:
                yield from list(self._shift(entry, live))
            except UnfitError:
                yield from self.whole(entry, live)
        else:
            yield from self.whole(entry, live)

    def _shift(self, entry: Entry, live: Mapping[str, Any]) -> Iterator[Edit]:
        """One stretch of dates with its week."""
        parts = {each.key.value: each for each in self.page.entries[entry.value] if each.key}
        if parts.keys() != {"dates", "week"}:
            raise UnfitError
        if text_dates(parse_dates(parts["dates"].raw)) != live["dates"]:
            yield from self.whole(parts["dates"], live["dates"])
        week = parts["week"]
        canonical = self._canonical(entry.raw)
        if canonical is not None and canonical["week"] == live["week"]:
            return
        try:
            yield from list(week_edits(self.page, week, live["week"], self.whole))
        except UnfitError:
            yield from self.whole(week, live["week"])


Aligned = tuple[list[tuple[int, int]], list[int], list[tuple[int, int]]]
"""Items that become others (old, new), items that go, and items that come (behind which old one, new)."""


def _in_order(was: Sequence[Any], live: Sequence[Any]) -> Aligned:
    """Items that mean something by their order: none becomes another one, whose comment would not be true of it."""
    gone: list[int] = []
    added: list[tuple[int, int]] = []
    for tag, a, b, c, d in SequenceMatcher(None, was, live, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += range(a, b)
            added += [(b - 1, each) for each in range(c, d)]
    return [], gone, added


def _in_any(was: Sequence[Any], live: Sequence[Any], fits: Sequence[Fits]) -> Aligned:
    """Items whose order means nothing: what fits becomes the other, what comes stands at the end."""
    old, new = list(range(len(was))), list(range(len(live)))
    _matched(old, new, lambda a, b: bool(was[a] == live[b]))
    pairs = [pair for fit in fits for pair in _matched(old, new, fit)]
    return pairs, old, [(len(was) - 1, each) for each in new]


def _matched(old: list[int], new: list[int], fits: Fits) -> list[tuple[int, int]]:
    """The pairs that fit, taken out of what is left on both sides."""
    found = []
    for number in list(old):
        other = next((each for each in new if fits(number, each)), None)
        if other is not None:
            found.append((number, other))
            old.remove(number)
            new.remove(other)
    return found


def _overlap(one: Any, other: Any) -> bool:
    """Whether two stretches of dates share a day."""
    first, second = parse_dates(one), parse_dates(other)
    return first.start <= second.end and second.start <= first.end
