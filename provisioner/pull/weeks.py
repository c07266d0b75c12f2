"""A week taken back key by key: a day that did not change keeps its key and its spelling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.kinds.calendar import (
    Interval,
    Week,
    parse_days,
    parse_intervals,
    parse_week,
    text_days,
    text_intervals,
)
from provisioner.manifest.yaml import Map
from provisioner.pull.edit import Add, Drop, Edit, Swap
from provisioner.pull.page import Entry, Page
from provisioner.pull.spelling import on_one_line
from provisioner.pull.unfit import UnfitError

Day = tuple[Interval, ...]


def week_edits(page: Page, entry: Entry, live: Mapping[str, Any], whole: Any) -> Iterator[Edit]:
    """The edits that make a written week the live one; `whole` writes a value anew. Raises UnfitError."""
    week, node, raw = parse_week(live), entry.value, entry.raw
    pairs = page.entries.get(node, [])
    if not isinstance(raw, Map) or len(raw) != len(pairs) or any(pair.key and pair.key.value == "<<" for pair in pairs):
        raise UnfitError
    named: set[int] = set()
    moved: dict[Day, list[int]] = {}
    left = 0
    for pair in pairs:
        days, was = _days(pair), parse_intervals(pair.raw)
        named.update(days)
        stays, goes = _kept(days, was, week)
        left += bool(stays)
        yield from _stay(page, pair, stays, week, whole, whole_key=len(stays) == len(days))
        for day in goes:
            moved.setdefault(week[day], []).append(day)
    for day in set(range(7)) - named:
        moved.setdefault(week[day], []).append(day)
    added = [(those, hours) for hours, those in moved.items() if hours]
    if not left:
        raise UnfitError
    for those, hours in sorted(added, key=lambda each: min(each[0])):
        text = f"{text_days(those)}: {on_one_line(text_intervals(hours))}"
        before = [pair.number for pair in pairs if min(_days(pair)) < min(those)]
        yield Add(page.file, node, max(before, default=len(pairs) - 1), text)


def _days(pair: Entry) -> tuple[int, ...]:
    if pair.key is None or not isinstance(pair.raw, (str, list)):
        raise UnfitError
    return parse_days(pair.key.value)


def _kept(days: tuple[int, ...], was: Day, week: Week) -> tuple[list[int], list[int]]:
    """The days that stay under their key, and those that leave it: those as they were, else those of most alike."""
    same = [day for day in days if week[day] == was]
    if not same:
        most = max((week[day] for day in days), key=lambda hours: (bool(hours), sum(week[d] == hours for d in days)))
        same = [day for day in days if week[day] == most] if most else []
    return same, [day for day in days if day not in same]


def _stay(page: Page, pair: Entry, days: list[int], week: Week, whole: Any, *, whole_key: bool) -> Iterator[Edit]:
    if not days:
        yield Drop(page.file, pair.holder, pair.number)
        return
    if not whole_key and pair.key is not None:
        yield Swap(page.file, pair.key.start, pair.key.end, text_days(days))
    if week[days[0]] != parse_intervals(pair.raw):
        yield from whole(pair, text_intervals(week[days[0]]))
