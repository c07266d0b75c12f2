"""A booking: an appointment that a client has, as far as a plan must know it. It is read, and never written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Standing(StrEnum):
    """What has become of a booking; the value is what reports show."""

    UNVERIFIED = "unverified"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in progress"
    CHECKED_IN = "checked in"
    ARRIVED = "arrived"
    DELAYED = "delayed"
    CANCELLED = "cancelled"
    """Declined or cancelled."""
    BUSY = "busy"
    """Nobody's appointment: time that another calendar takes up."""
    COMPLETED = "completed"
    NO_SHOW = "no show"
    UNKNOWN = "unknown"


OVER = frozenset({Standing.CANCELLED, Standing.BUSY, Standing.COMPLETED, Standing.NO_SHOW})
"""Nobody waits for these."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One appointment. A session of a group is several, one for each client; a series is one for each date."""

    id: str
    start: datetime | None
    """Aware: the location's wall time with its offset then. None where it could not be read."""
    end: datetime | None = None
    location: str = ""
    """The vendor's ids; "" where there is none, or none that could be read."""
    employee: str = ""
    service: str = ""
    addons: tuple[str, ...] = ()
    """Services booked with it."""
    standing: Standing = Standing.UNKNOWN
    client: str = field(default="", repr=False)
    """The client's name, which is the client's own: shown to who asks for it, on a terminal, and written nowhere."""
    client_id: str = field(default="", repr=False)
    zone: str = ""
    """The IANA zone of the clock that it was told by, where that is known."""
    length: timedelta | None = None
    """How long it takes, where the vendor says so."""
    unreadable: tuple[str, ...] = ()
    """What of it could not be read, in the vendor's names of its fields. Such a booking is told, never dropped."""

    @property
    def stands(self) -> bool:
        """Whether somebody may be waiting for it; what cannot be read counts."""
        return self.standing not in OVER

    def settled(self, zone: str) -> Booking:
        """The same with its end read on the clock of an IANA zone.

        A vendor tells an end as a local time without an offset of its own. In a night in which the clock changes that
        is another offset than the start's: 01:30 is an hour after 01:30. Of two readings its length decides, else the
        earlier is taken; and where the zone is not the one that the start was told in, nothing is known.
        """
        if self.start is None or self.end is None:
            return self
        here = ZoneInfo(zone)
        if self.start.astimezone(here).utcoffset() != self.start.utcoffset():
            return self
        told = (self.end.replace(tzinfo=here, fold=fold) for fold in (0, 1))
        ends = [each for each in told if each.timestamp() > self.start.timestamp()]
        if not ends:
            return self
        since = self.start.timestamp()
        fitting = [each for each in ends if self.length and each.timestamp() - since == self.length.total_seconds()]
        end = min(fitting or ends, key=datetime.timestamp)
        return replace(self, end=end.astimezone(self.start.tzinfo), zone=zone)
