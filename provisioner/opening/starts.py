"""The starts of one employee, location and service: a grid in the open time, in real time, week after week.

Assumption: the grid begins where the open time begins and again at local midnight; a start that the clock reads for the
second time is not offered, as no booking can name it (seed: Create a Service, `start_step`).
"""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.calendar import MIDNIGHT, Interval
from provisioner.opening.clock import Clock, clock, number_of
from provisioner.opening.intervals import common
from provisioner.opening.roster import Offering
from provisioner.opening.sieve import Sieve
from provisioner.opening.working import days

_STRIDE = 7


def starts(sieve: Sieve, zone: str, window: Interval, bounds: Interval) -> Iterator[int]:
    """Instants, ascending, whose local day is in the window and which are in `bounds`, both ends included."""
    offering = sieve.offering
    if offering is None or bounds[0] > bounds[1]:
        return
    first, last = _promising(sieve, offering, window, bounds)
    for week in range(first, last + 1, _STRIDE):
        for instant in _of_days(sieve, offering, zone, week, min(week + _STRIDE - 1, last)):
            if bounds[0] <= instant <= bounds[1]:
                yield instant


def _promising(sieve: Sieve, offering: Offering, window: Interval, bounds: Interval) -> Interval:
    """The days of the window outside of which nothing can start, a day's leeway for zones included."""
    employee, location, _ = sieve.triple
    shifts = offering.schedule or sieve.working.roster.hours.get((employee or "", location)) or ()
    first = max(window[0], bounds[0] // MIDNIGHT - 1)
    last = min(window[1], bounds[1] // MIDNIGHT + 1)
    if not shifts:
        return first, first - 1
    first = max(first, number_of(min(shift.dates.start for shift in shifts)))
    return first, min(last, number_of(max(shift.dates.end for shift in shifts)))


def _of_days(sieve: Sieve, offering: Offering, zone: str, first: int, last: int) -> list[int]:
    """The starts of some days, without any bounds."""
    length = offering.duration
    opened = sieve.open(first - 1, last + 1 + length // MIDNIGHT)
    if not any(end - start >= length // 2 for start, end in opened):  # half: the clock may give an hour
        return []
    here = clock(zone, first - 1, last + 1 + length // MIDNIGHT)
    long = tuple(each for each in here.instants(opened) if each[1] - each[0] >= length)
    found = {instant for day in range(first, last + 1) for instant in _of_day(here, long, day, offering)}
    return [instant for instant, _ in here.first_readings(iter(sorted(found)))]


def _of_day(here: Clock, long: tuple[Interval, ...], day: int, offering: Offering) -> Iterator[int]:
    for start, end in common(long, here.instants(days(day, day))):
        whole = next(stop for begin, stop in long if begin <= start and end <= stop)
        yield from range(start, min(end, whole - offering.duration + 1), offering.step)
