"""The starts of one employee, location and service: a grid in the open time, in real time, some days after others.

Assumption: the grid begins where the open time begins and again at local midnight; a start that the clock reads for the
second time is not offered, as no booking can name it (seed: Create a Service, `start_step`).
"""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.calendar import MIDNIGHT, Interval, merge
from provisioner.opening.clock import Clock, clock
from provisioner.opening.intervals import common
from provisioner.opening.roster import Offering
from provisioner.opening.sieve import Sieve, bounded
from provisioner.opening.working import days, longest, span

_STRIDE = 28
"""Days that are looked at together; the first look is at one, as most questions are for the first start."""


def starts(sieve: Sieve, zone: str, window: Interval, bounds: Interval) -> Iterator[int]:
    """Instants, ascending, whose local day is in the window and which are in `bounds`, both ends included."""
    offering = sieve.offering
    if offering is None or bounds[0] > bounds[1]:
        return
    for first, last in _promising(sieve, offering, zone, (max(window[0], bounds[0] // MIDNIGHT - 1), window[1])):
        if first > bounds[1] // MIDNIGHT + 1:
            return
        for instant in _of_days(sieve, offering, zone, first, last):
            if bounds[0] <= instant <= bounds[1]:
                yield instant


def _promising(sieve: Sieve, offering: Offering, zone: str, window: Interval) -> Iterator[Interval]:
    """The days of the window on which something can start, a few after the other."""
    employee, location, _ = sieve.triple
    shifts = offering.schedule or sieve.working.roster.hours.get((employee or "", location)) or ()
    limits = [window, span(shifts), *([bounded(offering.period)] if offering.period else [])]
    first, last = max(low for low, _ in limits), min(high for _, high in limits)
    if first > last:
        return
    if longest(shifts) < offering.duration:  # only where the clock gives an hour more
        yield from _changes(zone, first, last, 1 + offering.duration // MIDNIGHT)
        return
    stride = 1
    while first <= last:
        yield first, min(first + stride - 1, last)
        first, stride = first + stride, min(2 * stride, _STRIDE)


def _changes(zone: str, first: int, last: int, around: int) -> Iterator[Interval]:
    """The days on which a clock is changed, with some before, and one after."""
    changed = ((s.end + s.offset) // MIDNIGHT for s in clock(zone, first, last).stretches[:-1])
    for start, end in merge((max(first, day - around), min(last, day + 1) + 1) for day in changed):
        if start < end:
            yield start, end - 1


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
