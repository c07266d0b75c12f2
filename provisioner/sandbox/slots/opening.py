"""When a worker can have appointments at all, bookings aside: one step after the other, in wall time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provisioner.sandbox.slots.clock import DAY
from provisioner.sandbox.slots.rules import spans_of
from provisioner.sandbox.slots.spans import common, cut

if TYPE_CHECKING:
    from provisioner.sandbox.slots.agenda import Agenda, Worker
    from provisioner.sandbox.slots.spans import Span


class Days(NamedTuple):
    """The first and the last day that are looked at."""

    first: int
    last: int


class Season(NamedTuple):
    """What holds for all workers in these days: the set times if there are any, the holidays, the active dates."""

    schedule: list[Span] | None
    holidays: list[Span]
    active: list[Span]


def season(agenda: Agenda, days: Days) -> Season:
    """Return what does not depend on the worker."""
    terms = agenda.terms
    schedule = None if terms.schedule is None else spans_of(terms.schedule, *days)
    active = max(days.first, terms.first_day) * DAY, (min(days.last, terms.last_day) + 1) * DAY
    return Season(schedule, spans_of(agenda.holidays, *days), [active] if active[0] < active[1] else [])


def opening(worker: Worker, season: Season, days: Days) -> list[Span]:
    """Return the wall time in which a whole appointment has to fit.

    seed: The services are offerings...: a primary offering "relies on the employee availability", an event "on a set
    schedule". Assumption: so set times stand in for the hours, and absences and holidays close them as well.
    """
    spans = hours(worker, days) if season.schedule is None else season.schedule
    spans = cut(spans, absences(worker, days))
    spans = cut(spans, season.holidays)
    return common(spans, season.active)


def hours(worker: Worker, days: Days) -> list[Span]:
    """Return when a worker works; what overlaps or touches is one span, also over midnight."""
    return spans_of(worker.hours, *days)


def absences(worker: Worker, days: Days) -> list[Span]:
    """Return when a worker is out of office."""
    return spans_of(worker.away, *days)
