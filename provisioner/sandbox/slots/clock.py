"""What a clock on a wall reads, and when: the one place that knows about daylight saving time.

Wall time is counted in seconds from 1970-01-01 00:00 as the clock reads it, instants in UTC epoch seconds. A span of
wall time means the instants at which the clock reads a time inside it: an hour that the clock skips has none, an hour
that it reads twice has both. A single wall time means the first instant that reads it (assumption: the page is silent).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from provisioner.sandbox.slots.spans import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from provisioner.sandbox.slots.spans import Span

DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()
FIRST_YEAR, LAST_YEAR = 1971, 9990
"""Between them every instant and every wall time exists as a date."""


class Stretch(NamedTuple):
    """The instants from `start` up to `end`, in which the clock is `offset` seconds ahead of UTC."""

    start: int
    end: int
    offset: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one zone, over a limited time: one stretch, or more around a change."""

    stretches: tuple[Stretch, ...]

    def instants(self, wall: Sequence[Span]) -> list[Span]:
        """Return when the clock reads a time in the spans."""
        if len(self.stretches) == 1:
            start, end, offset = self.stretches[0]
            return _clipped(wall, offset, start, end)
        return merge(each for start, end, offset in self.stretches for each in _clipped(wall, offset, start, end))

    def walls(self, instants: Sequence[Span]) -> list[Span]:
        """Return what the clock reads during some spans of instants."""
        return merge(
            (reading + offset, until + offset)
            for start, end, offset in self.stretches
            for reading, until in _clipped(instants, 0, start, end)
        )

    def instant(self, wall: int) -> int | None:
        """Return the first instant at which the clock reads this, or None if it skips it."""
        found = (wall - offset for start, end, offset in self.stretches if start <= wall - offset < end)
        return next(found, None)

    def reading(self, instant: int) -> int:
        """Return what the clock reads."""
        return instant + next(offset for start, end, offset in self.stretches if start <= instant < end)

    def readings(self, instants: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield ascending instants with what the clock reads; not those when it reads a time for the second time."""
        stretches = iter(self.stretches)
        _, end, offset = next(stretches)
        read_before = 0
        for instant in instants:
            while instant >= end:
                read_before = max(read_before, end + offset)
                _, end, offset = next(stretches)
            if instant + offset >= read_before:
                yield instant, instant + offset


def _clipped(wall: Sequence[Span], offset: int, first: int, last: int) -> list[Span]:
    shifted = ((max(first, start - offset), min(last, end - offset)) for start, end in wall)
    return [(start, end) for start, end in shifted if start < end]


def clock(zone: str, first: int, last: int) -> Clock:
    """Return a zone's clock for the instants from `first` up to `last`, and for three days around them."""
    first, last = first - 3 * DAY, last + 3 * DAY
    years = range(_year(first), _year(last) + 1)
    changes = [change for year in years for change in _changes(zone, year)]
    ends = [instant for instant, _ in changes[1:]] + [last]
    found = (
        Stretch(max(start, first), min(end, last), offset)
        for (start, offset), end in zip(changes, ends, strict=True)
        if start < last and end > first
    )
    return Clock(_joined(found))


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Make one of neighbours with the same offset: years are cut at their ends."""
    joined: list[Stretch] = []
    for each in stretches:
        if joined and joined[-1].offset == each.offset:
            joined[-1] = joined[-1]._replace(end=each.end)
        else:
            joined.append(each)
    return tuple(joined)


def _year(instant: int) -> int:
    return date.fromordinal(EPOCH + instant // DAY).year


@lru_cache(maxsize=512)
def _changes(name: str, year: int) -> tuple[Span, ...]:
    """Return (instant, offset from then on) for the start of a year and for each change of the clock in it."""
    zone = ZoneInfo(name)
    start, end = ((date(each, 1, 1).toordinal() - EPOCH) * DAY for each in (year, year + 1))
    found = [(start, _offset(zone, start))]
    for day in range(start, end, DAY):
        low, high = day, day + DAY
        if _offset(zone, high) == found[-1][1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == found[-1][1] else (low, middle)
        found.append((high, _offset(zone, high)))
    return tuple(found)


def _offset(zone: ZoneInfo, instant: int) -> int:
    difference = datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()
    assert difference is not None
    return int(difference.total_seconds())
