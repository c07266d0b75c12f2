"""Wall time and instants: the one place of this room that knows of clocks being changed.

Wall time is counted in minutes of the location's clock since 1970-01-01, instants in minutes of UTC since then. An
hour that the clock skips has no instants, one that it reads twice has two of them (assumption: the vendor says nothing;
a single time that is read twice means the first reading).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from provisioner.kinds.calendar import MIDNIGHT, Interval, merge
from provisioner.opening.intervals import Intervals

_EPOCH = date(1970, 1, 1).toordinal()
_START = datetime(1970, 1, 1, tzinfo=UTC)


def number_of(day: date) -> int:
    """A day, counted from 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The day with this number."""
    return date.fromordinal(number + _EPOCH)


def wall_of(local: datetime) -> int:
    """A local time as wall time; seconds are dropped."""
    return number_of(local.date()) * MIDNIGHT + local.hour * 60 + local.minute


def local_of(wall: int) -> datetime:
    """Wall time as a local time, which has no zone."""
    return _START.replace(tzinfo=None) + timedelta(minutes=wall)


def seconds_of(moment: datetime) -> float:
    """An aware moment in seconds of UTC since 1970-01-01."""
    return (moment - _START).total_seconds()


class _Stretch(NamedTuple):
    """The instants from `start` to before `end`, in which the clock is `offset` minutes ahead of UTC."""

    start: int
    end: int
    offset: int


class Clock(NamedTuple):
    """A zone's clock over some days: one stretch, or more where the clock is changed."""

    stretches: tuple[_Stretch, ...]

    def instants(self, wall: Sequence[Interval]) -> Intervals:
        """When the clock reads a time in these intervals."""
        return merge(
            (max(start, first - offset), min(end, last - offset))
            for start, end, offset in self.stretches
            for first, last in wall
            if max(start, first - offset) < min(end, last - offset)
        )

    def walls(self, instants: Sequence[Interval]) -> Intervals:
        """What the clock reads during some intervals of instants."""
        return merge(
            (max(start, first) + offset, min(end, last) + offset)
            for start, end, offset in self.stretches
            for first, last in instants
            if max(start, first) < min(end, last)
        )

    def instant(self, wall: int) -> int | None:
        """The first instant that reads this, None where the clock skips it."""
        return next((wall - offset for start, end, offset in self.stretches if start <= wall - offset < end), None)

    def first_readings(self, starts: Iterator[int]) -> Iterator[tuple[int, int]]:
        """Instants with what the clock reads, without those at which it reads a time again; ascending."""
        for instant in starts:
            wall = next(instant + s.offset for s in self.stretches if s.start <= instant < s.end)
            if self.instant(wall) == instant:
                yield instant, wall


@lru_cache(maxsize=4096)
def clock(zone: str, first: int, last: int) -> Clock:
    """A zone's clock for the days with these numbers, both included, and for two days around them."""
    place = ZoneInfo(zone)
    start, end = (first - 2) * MIDNIGHT, (last + 3) * MIDNIGHT
    stretches = []
    since, offset = start, _offset(place, start)
    for day in range(start, end, MIDNIGHT):
        if _offset(place, day + MIDNIGHT) != offset:
            change = _change(place, day, offset)
            stretches.append(_Stretch(since, change, offset))
            since, offset = change, _offset(place, day + MIDNIGHT)
    return Clock((*stretches, _Stretch(since, end, offset)))


def _change(place: ZoneInfo, low: int, offset: int) -> int:
    """The first instant of the day after `low` with another offset."""
    high = low + MIDNIGHT
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(place, middle) == offset else (low, middle)
    return high


def _offset(place: ZoneInfo, instant: int) -> int:
    ahead = (_START + timedelta(minutes=instant)).astimezone(place).utcoffset()
    return int(ahead.total_seconds()) // 60 if ahead else 0
