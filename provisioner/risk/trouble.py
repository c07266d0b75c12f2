"""What is wrong with one booking, as tokens that can be compared before and after.

Sorts that do not cover for each other: that someone or something of it is gone or not offered (each cause a token of
its own), that it lies outside of the time that is open, that it is nearer or farther than the notices allow, shorter
than its service takes, closer to its neighbour than the pause, at another hour on the wall. Which time is open, and
who offers what, is the opening room's to say.

Assumptions, as the vendor says nothing: an add-on needs no link; whether a booking keeps its instant or its hour on the
wall when a zone changes is not known, so that either is trouble wherever the two differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from provisioner.kinds.booking import Booking
from provisioner.opening import Cause, Opening, Why
from provisioner.opening.clock import clock, local_of, number_of, seconds_of
from provisioner.opening.roster import Offering

Token = tuple[object, ...]
NEEDED = frozenset({Cause.GONE, Cause.NO_LINK, Cause.EMPLOYEE_INACTIVE, Cause.SERVICE_INACTIVE, Cause.ONLY_ADDON})
_OF_ADDON = frozenset({Cause.GONE, Cause.SERVICE_INACTIVE})
_ELSEWHERE = frozenset({Cause.TOO_SOON, Cause.TOO_FAR, Cause.NOTICE_BEYOND_HORIZON, Cause.SHORTER_THAN_SERVICE})
"""What is looked at here, in instants, or says nothing about what is booked."""
NOT_READABLE: Token = ("not readable",)
CLOSED: Token = ("closed",)
ZONE: Token = ("zone",)


def troubles(booking: Booking, opening: Opening, now: datetime) -> frozenset[Token]:
    """What is wrong with a booking of which the times and the ids are known."""
    assert booking.start is not None
    assert booking.end is not None
    found: set[Token] = set()
    for service in (booking.service, *booking.addons):
        found |= {_token(why) for why in _whys(booking, opening, service) if _counts(why, service, booking)}
    offerings = [opening.roster.offerings.get(f"#{each}") for each in (booking.service, *booking.addons)]
    if main := offerings[0]:
        found |= set(_notices(booking.start, main, now))
        length = (booking.end - booking.start) // timedelta(minutes=1)
        if sum(each.duration for each in offerings if each) > length:
            found.add(("shorter",))
    return frozenset(found)


def _whys(booking: Booking, opening: Opening, service: str) -> tuple[Why, ...]:
    """Asked in wall time, so that weeks in which the clock changes are weeks like any other.

    In the night itself it is asked about what the clock reads during it: two pieces where the clock skips an hour, and
    where it reads one twice, no more than that hour.
    """
    who = f"#{booking.employee}", f"#{booking.location}", f"#{service}"
    return tuple(dict.fromkeys(why for piece in _pieces(booking) for why in opening.covers(*piece, *who)))


def _pieces(booking: Booking) -> Iterator[tuple[datetime, datetime]]:
    """What the clock reads during a booking, as local times without a zone."""
    start, end = booking.start, booking.end
    assert start
    assert end
    if not booking.zone:
        yield start.replace(tzinfo=None), end.replace(tzinfo=None)
        return
    days = number_of(start.date()), number_of(end.date())
    instants = tuple(round(seconds_of(each)) // 60 for each in (start, end))
    for piece in clock(booking.zone, *days).walls(((instants[0], instants[1]),)):
        yield local_of(piece[0]), local_of(piece[1])


def _counts(why: Why, service: str, booking: Booking) -> bool:
    return why.cause not in _ELSEWHERE and (service == booking.service or why.cause in _OF_ADDON)


def _token(why: Why) -> Token:
    if why.cause in NEEDED:
        return ("needed", why.cause, why.about)
    return NOT_READABLE if why.cause is Cause.UNREADABLE else CLOSED


def _notices(start: datetime, offering: Offering, now: datetime) -> Iterator[Token]:
    if start < now + timedelta(minutes=offering.prior):
        yield ("too soon",)
    if offering.after is not None and start > now + timedelta(minutes=offering.after):
        yield ("too far",)


def moved(booking: Booking, zone: object) -> bool:
    """Whether the wall clock of another zone reads another time at a booking's start; unknown zones always do."""
    if booking.start is None or not isinstance(zone, str):
        return True
    return booking.start.astimezone(ZoneInfo(zone)).utcoffset() != booking.start.utcoffset()


def crowded(booking: Booking, others: Iterable[Booking], pause: timedelta) -> bool:
    """Whether another booking of the same employee is nearer than the pause; one start is one session."""
    assert booking.start is not None
    assert booking.end is not None
    first, last = booking.start - pause, booking.end + pause
    return any(
        each.start < last and each.end > first
        for each in others
        if each.start and each.end and each.id != booking.id and each.start != booking.start
    )
