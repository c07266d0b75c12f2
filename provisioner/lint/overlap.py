"""One employee at two locations at the same time.

For each day of the week, the hours of an employee are rectangles of dates and minutes. They are gone through by their
first date, and each is laid over the slots of the day that it spans. A slot lies between two neighbouring times at
which anything begins or ends, and knows which of the hours that are open in it were written first. So the work is
n log n for a day with few different times, and never more than 1,440 slots for one rectangle.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import NamedTuple

from provisioner.kinds.calendar import DAYS, Interval, text_interval
from provisioner.kinds.desired import Declared
from provisioner.kinds.hours import Hours
from provisioner.kinds.location import Location
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Scoped, Subject

Group = Sequence[tuple[Declared, Hours]]


class Clash(NamedTuple):
    """Two of an employee's hours on one day, by their number in the order of writing; the earliest sorts first."""

    day: date
    interval: Interval
    earlier: int


class _Open(NamedTuple):
    """A rectangle of one day of the week: from its first to its last such day, and an interval of minutes."""

    start: date
    end: date
    interval: Interval
    number: int


def _overlapping(subject: Subject) -> Iterator[Found]:
    for (_, employee), group in _shared(subject):
        for number, clash in sorted(clashes([hours for _, hours in group], subject.today).items()):
            (declared, _), (other, _) = group[number], group[clash.earlier]
            when = f"{DAYS[clash.day.weekday()]} {clash.day} {text_interval(clash.interval)}"
            reason = f"{employee} is at {other.address.key[1]} at the same time ({other.place}), first on {when}"
            yield Found(declared.address, declared.place, reason, "change one of the two")


def _shared(subject: Subject) -> Iterator[tuple[Scoped, Group]]:
    """The employees with hours at two locations or more, each with these hours in the order of writing."""
    virtual = {d.address for d, location in subject.of(Location) if location.virtual}
    places: dict[Scoped, list[tuple[Declared, Hours]]] = {}
    for declared, hours in subject.of(Hours):
        account, _, (_, location) = declared.address
        # Online, one can be while being anywhere.
        if declared.address._replace(kind=Location.kind, key=(location,)) not in virtual:
            places.setdefault((account, declared.address.key[0]), []).append((declared, hours))
    for key, group in places.items():
        if len(group) > 1 and key not in subject.inactive:
            yield key, sorted(group, key=lambda each: (each[0].place, each[0].address))


def clashes(written: Sequence[Hours], today: date) -> dict[int, Clash]:
    """The hours, by number, that clash from today on with any that stand before them, and the first day of it."""
    found: dict[int, Clash] = {}
    for weekday in range(7):
        opened = sorted(_on(weekday, written, today))
        if len(opened) > 1:
            for number, clash in _sweep(opened):
                found[number] = min(clash, found.get(number, clash))
    return found


def _on(weekday: int, written: Sequence[Hours], today: date) -> Iterator[_Open]:
    """What is open on a day of the week, its dates narrowed to such days."""
    for number, hours in enumerate(written):
        for (start, end), week in hours.hours:
            if end < today or not week[weekday]:
                continue
            first = max(start, today)
            first += timedelta(days=(weekday - first.weekday()) % 7)
            last = end - timedelta(days=(end.weekday() - weekday) % 7)
            if first <= last:
                yield from (_Open(first, last, interval, number) for interval in week[weekday])


def _sweep(opened: Sequence[_Open]) -> Iterator[tuple[int, Clash]]:
    """Every clash with what was written first in a slot, for rectangles sorted by their first day.

    Where many are open in one slot, all but the first written have been told already, so that one is enough to know.
    """
    times = sorted({time for each in opened for time in each.interval})
    slots: list[list[tuple[int, int]]] = [[] for _ in times]
    for index, each in enumerate(opened):
        begin, end = each.interval
        seen = -1
        for slot in slots[bisect_left(times, begin) : bisect_left(times, end)]:
            while slot and opened[slot[0][1]].end < each.start:
                heappop(slot)
            if slot and slot[0][0] != each.number and slot[0][1] != seen:
                seen = slot[0][1]
                yield _clash(opened[seen], each)
            heappush(slot, (each.number, index))


def _clash(one: _Open, other: _Open) -> tuple[int, Clash]:
    """The hours that were written later, with the first moment of both; `other` begins on the later day."""
    both = max(one.interval[0], other.interval[0]), min(one.interval[1], other.interval[1])
    earlier, later = sorted((one.number, other.number))
    return later, Clash(other.start, both, earlier)


OVERLAPPING = Rule("overlapping-hours", Severity.ERROR, _overlapping)
