"""When somebody works somewhere, in wall time: hours, time off, holidays, and the set times of services.

Assumptions, as the vendor says nothing: hours, holidays and schedules are local to the location; time off and holidays
are whole days and close set times, too; a set schedule stands in for the hours; what touches is one, over midnight.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from provisioner.kinds.calendar import MIDNIGHT, Dates, merge
from provisioner.kinds.holiday import Rule
from provisioner.kinds.hours import Shift
from provisioner.opening.cause import Cause, Why
from provisioner.opening.clock import day_of, local_of, number_of
from provisioner.opening.intervals import Intervals
from provisioner.opening.roster import Person, Roster

_LAST = 4
"""The order of a rule that means the last such weekday of its month."""
ENDLESS = 10**9
_THURSDAY = 3
"""1970-01-01, when Monday is 0."""


class Span(NamedTuple):
    """Open time on the location's clock: local times without a zone, the end not in it."""

    start: datetime
    end: datetime


class Day(NamedTuple):
    """One employee's day at one location: the hours, what is left of them, and what cut them or why there are none."""

    date: date
    hours: tuple[Span, ...]
    open: tuple[Span, ...]
    whys: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """Answers in wall time (see `clock`) for days by number, both ends included."""

    roster: Roster
    _years: dict[int, tuple[tuple[int, int, Why], ...]] = field(default_factory=dict)

    def hours(self, employee: str, location: str, first: int, last: int) -> Intervals:
        """When an employee works at a location; nothing where that cannot be read."""
        return weekly(self.roster.hours.get((employee, location)) or (), first, last)

    def closed(self, person: Person | None, first: int, last: int) -> Iterator[tuple[int, int, Why]]:
        """The days off and the holidays: first and last day of each, and what it is."""
        for dates in person.away if person else ():
            start, end = number_of(dates.start), number_of(dates.end)
            if person and start <= last and end >= first:
                yield start, end, Why(Cause.AWAY, person.address._replace(kind="away"), dates)
        for year in range(day_of(first).year, day_of(last).year + 1):
            for start, end, why in self._holidays(year):
                if start <= last and end >= first:
                    yield start, end, why

    def _holidays(self, year: int) -> tuple[tuple[int, int, Why], ...]:
        """The holidays that begin in a year, or in one before and last into it; each in its first year only."""
        if year not in self._years:
            self._years[year] = tuple(self._in(year))
        return self._years[year]

    def _in(self, year: int) -> Iterator[tuple[int, int, Why]]:
        first, last = date(year, 1, 1), date(year, 12, 31)
        for closing in self.roster.closings:
            dates = closing.dates
            if closing.rule is not None:
                dates = Dates(*[ruled(closing.rule, year)] * 2)
            if dates is not None and dates.start <= last and dates.end >= first:
                start, end = max(dates.start, first), min(dates.end, last)
                yield number_of(start), number_of(end), Why(Cause.HOLIDAY, closing.address, dates)

    def day(self, employee: str, location: str, day: date) -> Day:
        """An employee's day, whatever is offered."""
        number = number_of(day)
        person = self.roster.people.get(employee)
        planned = self.hours(employee, location, number, number)
        cuts = tuple(dict.fromkeys(why for _, _, why in self.closed(person, number, number)))
        left = () if cuts else planned
        return Day(day, spans(planned), spans(left), cuts if planned else self.no_hours(employee, location, day))

    def no_hours(self, employee: str, location: str, day: date, until: date | None = None) -> tuple[Why, ...]:
        """Why there are no hours on a day, or from it to another one."""
        shifts = self.roster.hours.get((employee, location), ())
        person = self.roster.people.get(employee)
        about = person.address._replace(kind="hours", key=(employee, location)) if person else None
        if shifts is None:
            return (Why(Cause.UNREADABLE, about),)
        if not shifts:
            return (Why(Cause.NO_HOURS, about),)
        first, last = min(s.dates.start for s in shifts), max(s.dates.end for s in shifts)
        if last < day:
            return (Why(Cause.HOURS_ENDED, about, Dates(first, last)),)
        if first > (until or day):
            return (Why(Cause.HOURS_LATER, about, Dates(first, last)),)
        return (Why(Cause.DAY_OFF, about),)


def weekly(shifts: Iterable[Shift], first: int, last: int) -> Intervals:
    """The wall time of weekly patterns on some days."""
    return merge(
        (day * MIDNIGHT + start, day * MIDNIGHT + end)
        for dates, week in shifts
        for day in range(max(first, number_of(dates.start)), min(last, number_of(dates.end)) + 1)
        for start, end in week[(day + _THURSDAY) % 7]
    )


def span(shifts: Collection[Shift]) -> tuple[int, int]:
    """The first and the last day of weekly patterns; a last one before the first where there are none."""
    if not shifts:
        return ENDLESS, 0
    return number_of(min(s.dates.start for s in shifts)), number_of(max(s.dates.end for s in shifts))


def longest(shifts: Iterable[Shift]) -> int:
    """No stretch of these is longer, in wall time; a stretch over all seven days counts as endless."""
    twice = merge(
        (day * MIDNIGHT + start, day * MIDNIGHT + end)
        for _, week in shifts
        for day in range(14)
        for start, end in week[day % 7]
    )
    run = max((end - start for start, end in twice), default=0)
    return run if run < 7 * MIDNIGHT else ENDLESS


def ruled(rule: Rule, year: int) -> date:
    """The day of a rule in a year."""
    month = rule.month + 1
    if rule.order == _LAST:
        last = date(year, month, monthrange(year, month)[1])
        return last.replace(day=last.day - (last.weekday() - rule.weekday) % 7)
    begin = date(year, month, 1).weekday()
    return date(year, month, 1 + (rule.weekday - begin) % 7 + 7 * rule.order)


def days(first: int, last: int) -> Intervals:
    """Whole days in wall time."""
    return ((first * MIDNIGHT, (last + 1) * MIDNIGHT),) if first <= last else ()


def spans(wall: Intervals) -> tuple[Span, ...]:
    """Wall time as it is answered."""
    return tuple(Span(local_of(start), local_of(end)) for start, end in wall)
