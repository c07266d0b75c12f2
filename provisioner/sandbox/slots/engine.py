"""The whole way from an agenda to what is offered: hours, absences, holidays, dates, notice, bookings, starts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from provisioner.sandbox.slots.clock import DAY, clock
from provisioner.sandbox.slots.opening import Days, opening, season
from provisioner.sandbox.slots.starts import free, grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from provisioner.sandbox.slots.agenda import Agenda, Taken, Terms, Worker
    from provisioner.sandbox.slots.clock import Clock
    from provisioner.sandbox.slots.rules import Rule
    from provisioner.sandbox.slots.spans import Span

    Rules = tuple[tuple[Rule, ...], tuple[Rule, ...]]


class Free(NamedTuple):
    """The first employee in list order who is free at a start, with the seats; `total` is the seats of all."""

    employee: int
    seats: int
    total: int


Offered = dict[int, Free]
"""Starts in UTC epoch seconds, in order."""
LONGEST = 31 * DAY
"""Assumption: nothing longer is ever offered."""


def offered(agenda: Agenda, taken: Mapping[int, Sequence[Taken]], window: Span, now: float) -> Offered:
    """Return every start in the window; `taken` has the bookings by employee, and none of it means none at all.

    A start at which the location's clock reads a time again is left out: no booking can name it (see `slots.clock`).
    """
    terms = agenda.terms
    bounds = noticed(terms, window, now)
    if terms.length > LONGEST or bounds[0] >= bounds[1]:
        return {}
    wall = clock(agenda.zone, bounds[0], bounds[1] + terms.length)
    days = _days(wall, bounds, terms)
    midnights = _midnights(wall, days)
    common = season(agenda, days)
    grids: dict[Rules, list[range]] = {}
    firsts: dict[int, tuple[int, int]] = {}
    totals: dict[int, int] = {}
    for worker, number in _crews(agenda.workers, taken):
        rules = worker.hours, worker.away
        if rules not in grids:
            grids[rules] = grid(wall.instants(opening(worker, common, days)), midnights, terms, bounds)
        for start, seats in free(grids[rules], taken.get(worker.employee, ()), terms).items():
            if start in totals:
                totals[start] += seats * number
            else:
                firsts[start], totals[start] = (worker.employee, seats), seats * number
    return {start: Free(*firsts[start], totals[start]) for start, _ in wall.readings(sorted(totals))}


def _crews(workers: Sequence[Worker], taken: Mapping[int, Sequence[Taken]]) -> Iterator[tuple[Worker, int]]:
    """Yield one of those who are free at the same times, and how many they are, in list order of the first of each."""
    alike: dict[tuple[Rules, int | None], list[Worker]] = {}
    for worker in workers:
        own = worker.employee if taken.get(worker.employee) else None
        alike.setdefault(((worker.hours, worker.away), own), []).append(worker)
    return ((crew[0], len(crew)) for crew in alike.values())


def noticed(terms: Terms, window: Span, now: float) -> Span:
    """Return the part of a window that is neither too soon nor too late for the notices, and not in the past.

    seed: Create a Service, "the minimum number of hours" and "the maximum number of days". Assumption: days of 24 h.
    """
    latest = window[1] if terms.after is None else min(window[1], math.floor(now) + terms.after + 1)
    return max(window[0], math.ceil(now) + terms.prior), latest


def _days(wall: Clock, bounds: Span, terms: Terms) -> Days:
    """Return the days that matter: from two before, where an open span may have begun, to the end of the last slot."""
    first, last = wall.reading(bounds[0]), wall.reading(bounds[1] + terms.length)
    return Days(first // DAY - 2, last // DAY + 1)


def _midnights(wall: Clock, days: Days) -> list[Span]:
    """Return the instants of each day; a clock put back over midnight makes two spans of a day."""
    each = ([(day * DAY, (day + 1) * DAY)] for day in range(days.first, days.last + 1))
    return sorted(span for day in each for span in wall.instants(day))
