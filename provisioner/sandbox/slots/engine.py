"""The whole way from an agenda to what is offered: hours, absences, holidays, dates, notice, bookings, starts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from provisioner.sandbox.slots.clock import DAY, clock
from provisioner.sandbox.slots.opening import Days, opening, season
from provisioner.sandbox.slots.starts import free, grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from provisioner.sandbox.slots.agenda import Agenda, Taken, Terms
    from provisioner.sandbox.slots.clock import Clock
    from provisioner.sandbox.slots.spans import Span

Offered = dict[int, dict[int, int]]
"""Starts in UTC epoch seconds, in order; for each the employees who are free, in list order, with their seats."""
LONGEST = 31 * DAY
"""Assumption: nothing longer is ever offered."""


def offered(agenda: Agenda, taken: Mapping[int, Sequence[Taken]], window: Span, now: float) -> Offered:
    """Return every start in the window; `taken` has the bookings by employee, and none of it means none at all."""
    terms = agenda.terms
    bounds = noticed(terms, window, now)
    if terms.length > LONGEST or bounds[0] >= bounds[1]:
        return {}
    wall = clock(agenda.zone, bounds[0], bounds[1] + terms.length)
    days = _days(wall, bounds, terms)
    midnights = _midnights(wall, days)
    common = season(agenda, days)
    found: Offered = {}
    for worker in agenda.workers:
        starts = grid(wall.instants(opening(worker, common, days)), midnights, terms, bounds)
        for start, seats in free(starts, taken.get(worker.employee, ()), terms).items():
            found.setdefault(start, {})[worker.employee] = seats
    return dict(sorted(found.items()))


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
