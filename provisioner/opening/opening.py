"""What is bookable in one account: the questions that others ask, and the one place that combines all the rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from heapq import merge as interleave
from typing import NamedTuple
from zoneinfo import ZoneInfo

from provisioner.kinds.calendar import MIDNIGHT, Dates, Interval
from provisioner.opening.cause import Cause, Why
from provisioner.opening.clock import clock, number_of, seconds_of, wall_of
from provisioner.opening.facts import Facts
from provisioner.opening.intervals import union
from provisioner.opening.roster import UNKNOWN_ZONE, Offering, Roster, roster
from provisioner.opening.sieve import Layer, Sieve, Triple
from provisioner.opening.starts import starts
from provisioner.opening.working import ENDLESS, Day, Span, Working, spans

_NEVER = 2**40
AHEAD = 5 * 366
"""Days that a question without a window looks ahead. Assumption: the vendor's `first_available` does so, too."""


class Offer(NamedTuple):
    """A start that can be booked, bookings aside: a local time with its zone, and who is first in order then."""

    start: datetime
    employee: str


class Later(NamedTuple):
    """What nobody can book yet."""

    first: Offer
    since: date
    """The local day from which on clients can book it."""


class Verdict(NamedTuple):
    """Whether a service can be booked at a location: the first offer, or why there is none, the causes in order.

    `whys` are of the service and of every employee who offers it, each once. It is empty where there is an offer.
    """

    first: Offer | None
    whys: tuple[Why, ...]

    @property
    def bookable(self) -> bool:
        """Whether there is an offer."""
        return self.first is not None


@dataclass(frozen=True)
class Opening:
    """One account at one moment; `now` is aware. Asked by keys, and unknown ones are `GONE`."""

    facts: Facts
    now: datetime

    @cached_property
    def roster(self) -> Roster:
        """Who is there and what is offered, sorted."""
        return roster(self.facts)

    @cached_property
    def _working(self) -> Working:
        return Working(self.roster)

    # -- days

    def zone(self, location: str) -> str:
        """The zone of a location's clock; UTC where nobody says."""
        place = self.roster.places.get(location)
        return (place.zone if place else None) or UNKNOWN_ZONE

    def today(self, location: str) -> date:
        """What day it is there."""
        return self.now.astimezone(ZoneInfo(self.zone(location))).date()

    def _agenda(self, location: str) -> Dates:
        today = self.today(location)
        return Dates(today, today + timedelta(days=AHEAD))

    def day(self, employee: str, location: str, day: date) -> Day:
        """What an employee works at a location on a day, whatever is offered."""
        return self._working.day(employee, location, day)

    def spans(self, employee: str, location: str, day: date, service: str | None = None) -> tuple[Span, ...]:
        """The open time of a day; with a service that in which it may lie, notices aside."""
        if service is None:
            return self.day(employee, location, day).open
        sieve = self._sieve(employee, location, service)
        number = number_of(day)
        return () if sieve.blocked() else spans(sieve.open(number, number))

    def minutes(self, location: str, open_: Iterable[Span]) -> int:
        """How long that is in real minutes: an hour that the clock skips is none, one that it reads twice is two."""
        walls = union((wall_of(span.start), wall_of(span.end)) for span in open_)
        if not walls:
            return 0
        here = clock(self.zone(location), walls[0][0] // MIDNIGHT, walls[-1][1] // MIDNIGHT)
        return sum(end - start for start, end in here.instants(walls))

    # -- what can be booked

    def linked(self, location: str, service: str) -> tuple[str, ...]:
        """The employees who offer a service at a location, in order."""
        return self.roster.links.get((location, service), ())

    def offers(self, location: str, service: str, window: Dates, among: Sequence[str] | None = None) -> Iterator[Offer]:
        """Every start whose local day is in the window, ascending; of several employees the first in order.

        `among` are the employees who are asked, by default all who offer it there.
        """
        zone = ZoneInfo(self.zone(location))
        employees = self.linked(location, service) if among is None else among
        before = None
        for instant, rank in interleave(
            *(self._starts(*each, location, service, window) for each in enumerate(employees))
        ):
            if instant != before:
                start = datetime.fromtimestamp(instant * 60, UTC).astimezone(zone)
                yield Offer(start, employees[rank])
            before = instant

    def _starts(
        self,
        rank: int,
        employee: str,
        location: str,
        service: str,
        window: Dates | None = None,
        *,
        endless: bool = False,
    ) -> Iterator[tuple[int, int]]:
        """The starts of one employee; `endless` ones may be however far ahead."""
        window = window or self._agenda(location)
        sieve = self._sieve(employee, location, service)
        offering = sieve.offering
        if offering is not None and not offering.unreadable and not sieve.blocked():
            numbers = number_of(window.start), number_of(window.end)
            earliest, latest = self._notice(offering)
            for instant in starts(sieve, self.zone(location), numbers, (earliest, _NEVER if endless else latest)):
                yield instant, rank

    def later(self, location: str, service: str) -> Later | None:
        """Where nothing is offered: what will be by itself, as days go by; None where nothing ever will.

        That is what lies farther ahead than `after_notice` lets anybody book today.
        """
        offering = self.roster.offerings.get(service)
        if offering is None or offering.after is None or offering.prior >= offering.after:
            return None
        firsts = (
            next(self._starts(*each, location, service, endless=True), None)
            for each in enumerate(self.linked(location, service))
        )
        found = min((first for first in firsts if first), default=None)
        if found is None:
            return None
        instant, rank = found
        zone = ZoneInfo(self.zone(location))
        start, since = (
            datetime.fromtimestamp(each * 60, UTC).astimezone(zone) for each in (instant, instant - offering.after)
        )
        return Later(Offer(start, self.linked(location, service)[rank]), since.date())

    def verdict(
        self, location: str, service: str, window: Dates | None = None, among: Sequence[str] | None = None
    ) -> Verdict:
        """Whether a start can be booked in a window, and why not; `among` as in `offers`."""
        window = window or self._agenda(location)
        employees = self.linked(location, service) if among is None else among
        if first := next(self.offers(location, service, window, employees), None):
            return Verdict(first, ())
        numbers = number_of(window.start), number_of(window.end)
        whys: dict[Why, None] = {}
        for employee in employees or (None,):
            whys |= dict.fromkeys(self._whys(self._sieve(employee, location, service), numbers))
        return Verdict(None, tuple(whys))

    def _whys(self, sieve: Sieve, window: Interval) -> tuple[Why, ...]:
        """Why one employee offers nothing."""
        offering = sieve.offering
        local = self.now.astimezone(ZoneInfo(self.zone(sieve.triple.location)))
        ahead = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
        notice = self._noticed(offering, window, ahead) if offering else ()
        whys = sieve.whys(window, wall_of(local), notice)
        if whys or offering is None:
            return whys
        # There is time enough, and no start of the grid in it: the notices leave too little, or the clock takes some.
        found = starts(sieve, self.zone(sieve.triple.location), window, (0, _NEVER))
        causes = [Cause.TOO_SOON if each < self._notice(offering)[0] else Cause.TOO_FAR for each in found]
        return tuple(dict.fromkeys(Why(cause, offering.address) for cause in causes or [Cause.TOO_SHORT]))

    # -- what is booked

    def covers(self, start: datetime, end: datetime, employee: str, location: str, service: str) -> tuple[Why, ...]:
        """Why an appointment could not be booked as it stands, bookings and the grid of starts aside; () is: it could.

        Local times are the location's; where clocks are changed, aware ones say more. To know what a change strands,
        ask before and after it.
        """
        sieve = self._sieve(employee, location, service)
        whys = [*sieve.always()]
        offering = sieve.offering
        if offering is None or any(why.cause is Cause.GONE for why in whys):
            return tuple(whys)
        if offering.unreadable:
            return (*whys, Why(Cause.UNREADABLE, offering.address))
        booked = self._booked(start, end, location)
        if booked is None:
            return (*whys, Why(Cause.NO_SUCH_TIME, self.roster.places[location].address))
        return (*whys, *self._in_the_way(sieve, offering, booked))

    def _booked(self, start: datetime, end: datetime, location: str) -> Interval | None:
        """The instants of an appointment; None for a local time that does not exist."""
        zone = self.zone(location)
        here = [each if each.tzinfo is None else each.astimezone(ZoneInfo(zone)) for each in (start, end)]
        wall = clock(zone, number_of(here[0].date()), number_of(here[1].date()))
        instants = [
            wall.instant(wall_of(local)) if each.tzinfo is None else math.floor(seconds_of(each)) // 60
            for each, local in zip((start, end), here, strict=True)
        ]
        return None if instants[0] is None or instants[1] is None else (instants[0], instants[1])

    def _in_the_way(self, sieve: Sieve, offering: Offering, booked: Interval) -> Iterator[Why]:
        """The layers that do not hold all of an appointment, each by itself."""
        if booked[1] - booked[0] < offering.duration:
            yield Why(Cause.SHORTER_THAN_SERVICE, offering.address)
        earliest, latest = self._notice(offering)
        if booked[0] < earliest:
            yield Why(Cause.TOO_SOON, offering.address)
        if booked[0] > latest:
            yield Why(Cause.TOO_FAR, offering.address)
        here = clock(self.zone(sieve.triple.location), booked[0] // MIDNIGHT - 2, booked[1] // MIDNIGHT + 2)
        walls = here.walls((booked,))
        first, last = walls[0][0] // MIDNIGHT, (walls[-1][1] - 1) // MIDNIGHT
        for layer in sieve.layers(offering, (first, last)):
            left = here.instants(layer.left(first, last))
            if not any(start <= booked[0] and booked[1] <= end for start, end in left):
                yield from layer.whys

    # -- notices

    def _notice(self, offering: Offering) -> Interval:
        """The first and the last minute at which an appointment may start, in instants (days of 24 hours)."""
        now = seconds_of(self.now)
        latest = math.floor(now / 60 + offering.after) if offering.after is not None else _NEVER
        return math.ceil(math.ceil(now) / 60) + offering.prior, latest

    def _noticed(self, offering: Offering, window: Interval, ahead: int) -> Iterator[Layer]:
        """What the notices leave of a window, as wall time; after a change of the clock it is an hour off."""
        if offering.after is not None and offering.prior >= offering.after:
            return
        earliest, latest = self._notice(offering)
        low, high = window[0] * MIDNIGHT, (window[1] + 3) * MIDNIGHT + offering.duration
        soon, until = max(low, earliest + ahead), min(high, latest + ahead + offering.duration)
        if offering.prior:
            later = ((soon, high),) if soon < high else ()
            bounds = soon // MIDNIGHT, ENDLESS
            yield Layer(lambda _first, _last: later, (Why(Cause.TOO_SOON, offering.address),), bounds=bounds)
        if offering.after is not None:
            sooner = ((low, until),) if low < until else ()
            bounds = 0, until // MIDNIGHT
            yield Layer(lambda _first, _last: sooner, (Why(Cause.TOO_FAR, offering.address),), bounds=bounds)

    def _sieve(self, employee: str | None, location: str, service: str) -> Sieve:
        return Sieve(Triple(employee, location, service), self._scope, self._working)

    @cached_property
    def _scope(self) -> str:
        return next((address.account for address in self.facts.resources), "")
