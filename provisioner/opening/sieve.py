"""One employee, location and service: what is left of the time, and each thing that takes some of it away.

Every rule is a layer: the time that it alone leaves. What is open is in all layers. Why nothing is open is found by
taking layers away: first those that leave nothing by themselves, each of which has to be mended, then, while still
nothing fits, those that only together leave too little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import MIDNIGHT, Interval
from provisioner.kinds.period import Period
from provisioner.opening.cause import Cause, Why
from provisioner.opening.clock import day_of, number_of
from provisioner.opening.intervals import Intervals, common, union, without
from provisioner.opening.roster import Offering, Person
from provisioner.opening.working import ENDLESS, Working, days, longest, span, weekly

_STRIDE = 56
"""Days that are looked at together at most."""


class Triple(NamedTuple):
    """Keys; an employee of None is nobody."""

    employee: str | None
    location: str
    service: str


class Layer(NamedTuple):
    """The wall time that one rule leaves of some days, both ends included, and what it is."""

    left: Callable[[int, int], Intervals]
    whys: tuple[Why, ...]
    times: bool = False
    """Whether it is what everything else takes from: hours, or set times."""
    short: bool = False
    """Whether no stretch of it is ever as long as the service, which is known without looking."""
    bounds: Interval = (0, ENDLESS)
    """The days outside of which it leaves nothing, both ends included."""


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
            known = location in roster.places and (employee is None or person is not None)
            if known and employee not in roster.links.get((location, service), ()):
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
        return reduce(common, (layer.left(first, last) for layer in self.layers(offering, (first, last))))

    def layers(self, offering: Offering, asked: Interval, since: int | None = None) -> Iterator[Layer]:
        """Every rule, with the reason why it may leave nothing of the days asked for.

        Of hours and set times it is the reason from the day `since` on, where those of today are over.
        """
        yield self._times(offering, since or asked[0], asked[1])
        if offering.period:
            why = Why(Cause.SERVICE_DATES, offering.address, offering.period)
            yield Layer(partial(_within, offering.period), (why,), bounds=bounded(offering.period))
        closed: dict[Cause, dict[Why, None]] = {}
        for _, _, why in self.working.closed(self.person, *asked):
            closed.setdefault(why.cause, {})[why] = None
        for cause, whys in closed.items():
            yield Layer(partial(self._not_closed, cause), tuple(whys))

    def _times(self, offering: Offering, since: int, until: int) -> Layer:
        """The set times or the hours; all the time where there is nobody whose hours would count."""
        employee, location, _ = self.triple
        if offering.schedule is not None:
            over = max(shift.dates.end for shift in offering.schedule) < day_of(since)
            shifts = offering.schedule
            whys: tuple[Why, ...] = (Why(Cause.SCHEDULE_ENDED if over else Cause.NOT_SCHEDULED, offering.address),)
        elif employee is None or self.person is None:
            return Layer(days, ())
        else:
            shifts = self.working.roster.hours.get((employee, location)) or ()
            whys = self.working.no_hours(employee, location, day_of(since), day_of(until))
        short = bool(shifts) and longest(shifts) < offering.duration
        return Layer(partial(weekly, shifts), whys, times=True, short=short, bounds=span(shifts))

    def _not_closed(self, cause: Cause, first: int, last: int) -> Intervals:
        closed = self.working.closed(self.person, first, last)
        return without(
            days(first, last), union(*(days(start, end) for start, end, why in closed if why.cause is cause))
        )

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
        if first > last:
            return (*found, Why(Cause.TOO_SOON, offering.address))
        since = first + self._is_over(offering, first, now)
        layers = [*self.layers(offering, (first, last), since), *notice]
        return (*found, *_blocking(layers, _Window(first, last, now), offering))

    def _is_over(self, offering: Offering, day: int, now: int) -> bool:
        """Whether the day is today and nothing of its times is left: what is said of them is said from tomorrow on."""
        return day == now // MIDNIGHT and not any(
            end > now for _, end in self._times(offering, day, day).left(day, day)
        )


def _within(period: Period, first: int, last: int) -> Intervals:
    low, high = bounded(period)
    return days(max(first, low), min(last, high))


def bounded(period: Period) -> Interval:
    """The first and the last day of a period that may be open at either end."""
    return number_of(period.start) if period.start else 0, number_of(period.end) if period.end else ENDLESS


def _of_service(offering: Offering) -> Iterator[Why]:
    if not offering.active:
        yield Why(Cause.SERVICE_INACTIVE, offering.address)
    if offering.addon:
        yield Why(Cause.ONLY_ADDON, offering.address)
    if offering.after is not None and offering.prior >= offering.after:
        yield Why(Cause.NOTICE_BEYOND_HORIZON, offering.address)


class _Window(NamedTuple):
    """Days on which an appointment may start, both ends included, from a moment of wall time on."""

    first: int
    last: int
    now: int

    def fits(self, layers: Sequence[Layer], length: int) -> bool:
        """Whether there is so much time at once in all of some layers; looked for in ever longer stretches of days."""
        first, stride = max(self.first, *(layer.bounds[0] for layer in layers)), 1
        until = min(self.last, *(layer.bounds[1] for layer in layers))
        while first <= until:
            last = min(first + stride - 1, until)
            beyond = last + 1 + length // MIDNIGHT
            still: Intervals = ((max(self.now, first * MIDNIGHT), (beyond + 1) * MIDNIGHT),)
            open_ = reduce(common, (layer.left(first, beyond) for layer in layers), still)
            if any(end - start >= length and start < (last + 1) * MIDNIGHT for start, end in open_):
                return True
            first, stride = last + 1, min(2 * stride, _STRIDE)
        return False

    def any(self, layer: Layer) -> bool:
        """Whether a layer leaves anything at all."""
        return self.fits([layer], 1)


def _blocking(layers: Sequence[Layer], window: _Window, offering: Offering) -> Iterator[Why]:
    """The layers that have to go until something fits."""
    left, length = [*layers], offering.duration
    while left:
        gone = [layer for layer in left if layer.short or not window.fits([layer], length)]
        if not gone and window.fits(left, length):
            return
        if not gone:  # each alone would do; the times are what the others take from
            others = [layer for layer in left if not layer.times]
            gone = [layer for layer in others if window.fits([each for each in left if each is not layer], length)]
            gone = gone or others
        left = [layer for layer in left if not any(layer is each for each in gone)]
        for layer in gone:
            if layer.times and window.any(layer):  # however short the service were, the rest has to leave some of it
                yield Why(Cause.TOO_SHORT, offering.address)
                left, length = [*left, layer._replace(short=False)], 1
            else:
                yield from layer.whys
