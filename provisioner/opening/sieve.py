"""One employee, location and service: what is left of the time, and each thing that takes some of it away.

Every rule is a layer: the time that it alone leaves. What is open is in all layers. Why nothing is open is found by
taking layers away: first those that leave nothing by themselves, each of which has to be mended, then, while still
nothing fits, those that only together leave too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import MIDNIGHT, Dates, Interval
from provisioner.kinds.period import Period
from provisioner.opening.cause import Cause, Why
from provisioner.opening.clock import day_of, number_of
from provisioner.opening.intervals import Intervals, common, union, without
from provisioner.opening.roster import Offering, Person
from provisioner.opening.working import Working, days, weekly


class Triple(NamedTuple):
    """Keys; an employee of None is nobody."""

    employee: str | None
    location: str
    service: str


class Layer(NamedTuple):
    """The wall time that one rule leaves, and what it is."""

    left: Intervals
    whys: tuple[Why, ...]
    times: bool = False
    """Whether it is what everything else takes from: hours, or set times."""


@dataclass(frozen=True, slots=True)
class Sieve:
    """The rules of one triple, for days by number."""

    triple: Triple
    scope: str
    working: Working

    @property
    def offering(self) -> Offering | None:
        """The service."""
        return self.working.roster.offerings.get(self.triple.service)

    @property
    def person(self) -> Person | None:
        """The employee."""
        return self.working.roster.people.get(self.triple.employee or "")

    def address(self, kind: str, *keys: str | None) -> Address:
        """The address of something of this account."""
        return Address(self.scope, kind, tuple(key or "" for key in keys))

    # -- what holds at all times

    def always(self) -> Iterator[Why]:
        """What keeps it from being booked whenever it is asked for."""
        employee, location, service = self.triple
        roster, offering, person = self.working.roster, self.offering, self.person
        if location not in roster.places:
            yield Why(Cause.GONE, self.address("location", location))
        if offering is None:
            yield Why(Cause.GONE, self.address("service", service))
        if employee is not None and person is None:
            yield Why(Cause.GONE, self.address("employee", employee))
        if offering is not None:
            yield from _of_service(offering)
            if location in roster.places and employee not in roster.links.get((location, service), ()):
                link = self.address("link", employee, location, service) if person else offering.address
                yield Why(Cause.NO_LINK, link)
        if person is not None and not person.active:
            yield Why(Cause.EMPLOYEE_INACTIVE, person.address)

    def blocked(self) -> bool:
        """Whether anything does but notices, which are counted to the minute."""
        return any(why.cause is not Cause.NOTICE_BEYOND_HORIZON for why in self.always())

    # -- what holds at some times

    def open(self, first: int, last: int) -> Intervals:
        """The wall time of some days in which a whole appointment has to lie, notices aside."""
        offering = self.offering
        if offering is None:
            return ()
        layers = self.layers(offering, first, last, (first, last))
        return reduce(common, (layer.left for layer in layers), days(first, last))

    def layers(self, offering: Offering, first: int, last: int, asked: Interval) -> Iterator[Layer]:
        """What each rule leaves of some days, with the reason why it may leave nothing of those asked for."""
        whole = days(first, last)
        if (times := self._times(offering, first, last, asked)) is not None:
            yield times
        if offering.period:
            begin, until = offering.period
            low = max(first, number_of(begin)) if begin else first
            high = min(last, number_of(until)) if until else last
            yield Layer(days(low, high), (Why(Cause.SERVICE_DATES, offering.address, _bounded(offering.period)),))
        closed: dict[Cause, list[tuple[int, int, Why]]] = {}
        for start, end, why in self.working.closed(self.person, first, last):
            closed.setdefault(why.cause, []).append((start, end, why))
        for each in closed.values():
            shut = union(*(days(start, end) for start, end, _ in each))
            whys = (why for start, end, why in each if start <= asked[1] and end >= asked[0])
            yield Layer(without(whole, shut), tuple(dict.fromkeys(whys)))

    def _times(self, offering: Offering, first: int, last: int, asked: Interval) -> Layer | None:
        """The set times or the hours; None where there is nobody whose hours would count."""
        if offering.schedule is not None:
            over = max(shift.dates.end for shift in offering.schedule) < day_of(asked[0])
            why = Why(Cause.SCHEDULE_ENDED if over else Cause.NOT_SCHEDULED, offering.address)
            return Layer(weekly(offering.schedule, first, last), (why,), times=True)
        employee, location, _ = self.triple
        if employee is None or self.person is None:
            return None
        hours = self.working.hours(employee, location, first, last)
        whys = self.working.no_hours(employee, location, day_of(asked[0]), day_of(asked[1]))
        return Layer(hours, whys, times=True)

    # -- why nothing is left

    def whys(self, window: Interval, now: int, notice: Iterable[Layer]) -> tuple[Why, ...]:
        """Why nothing can start on the days of a window from `now` (wall time) on; `notice` is what notices leave."""
        found = [*self.always()]
        offering = self.offering
        if offering is None or any(why.cause is Cause.GONE for why in found):
            return tuple(found)
        if offering.unreadable:
            return (*found, Why(Cause.UNREADABLE, offering.address))
        first, last = max(window[0], now // MIDNIGHT), window[1]
        beyond = last + 1 + offering.duration // MIDNIGHT
        whole = common(days(first, beyond), ((now, (beyond + 1) * MIDNIGHT),))
        if not whole or first > last:
            return (*found, Why(Cause.TOO_SOON, offering.address))
        asked = first + self._is_over(offering, first, now), last
        layers = [*self.layers(offering, first, beyond, asked), *notice]
        return (*found, *_blocking(layers, whole, (last + 1) * MIDNIGHT, offering))

    def _is_over(self, offering: Offering, today: int, now: int) -> bool:
        """Whether nothing of today's times is left, so that what is said of the hours is said from tomorrow on."""
        times = self._times(offering, today, today, (today, today))
        return times is not None and not any(end > now for _, end in times.left)


def _bounded(period: Period) -> Dates | None:
    return Dates(period.start, period.end) if period.start and period.end else None


def _of_service(offering: Offering) -> Iterator[Why]:
    if not offering.active:
        yield Why(Cause.SERVICE_INACTIVE, offering.address)
    if offering.addon:
        yield Why(Cause.ONLY_ADDON, offering.address)
    if offering.after is not None and offering.prior >= offering.after:
        yield Why(Cause.NOTICE_BEYOND_HORIZON, offering.address)


def _blocking(layers: Sequence[Layer], whole: Intervals, end: int, offering: Offering) -> Iterator[Why]:
    """The layers that have to go until something fits that starts before `end`."""

    def fits(left: Iterable[Layer]) -> bool:
        open_ = reduce(common, (layer.left for layer in left), whole)
        return any(stop - start >= offering.duration and start < end for start, stop in open_)

    left = [*layers]
    while left and not fits(left):
        gone = [layer for layer in left if not fits((layer,))]
        if not gone:  # each alone would do; the times are what the others take from
            others = [layer for layer in left if not layer.times]
            gone = [layer for layer in others if fits(each for each in left if each is not layer)] or others
        for layer in gone:
            short = layer.times and any(start < end for start, _ in common(layer.left, whole))
            yield from (Why(Cause.TOO_SHORT, offering.address),) if short else layer.whys
        left = [layer for layer in left if not any(layer is each for each in gone)]
