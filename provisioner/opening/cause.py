"""Why something is not bookable, as values: what people are told is made of them, and told nowhere else."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import Dates
from provisioner.kinds.period import Period


class Cause(StrEnum):
    """What stands in the way, one thing each; the value is what tables and JSON documents show."""

    GONE = "not there"
    """The location, the service or the employee does not exist."""
    SERVICE_INACTIVE = "service inactive"
    ONLY_ADDON = "only an add-on"
    NO_LINK = "no link"
    """Nobody, or not this employee, offers the service at the location."""
    EMPLOYEE_INACTIVE = "employee inactive"
    NO_HOURS = "no hours"
    """The employee has no hours at the location, at no time."""
    HOURS_ENDED = "hours ended"
    HOURS_LATER = "hours begin later"
    DAY_OFF = "not working then"
    """There are hours around, and none at this time."""
    SCHEDULE_ENDED = "schedule ended"
    NOT_SCHEDULED = "not scheduled then"
    """The service takes place at set times, and this is none of them."""
    SERVICE_DATES = "outside the service's dates"
    HOLIDAY = "holiday"
    AWAY = "out of office"
    TOO_SHORT = "open time too short"
    """No stretch of open time is as long as the service takes."""
    SHORTER_THAN_SERVICE = "shorter than the service"
    """An appointment lasts less than its service takes now."""
    TOO_SOON = "notice too short"
    """Nearer than `prior_notice`, or past."""
    TOO_FAR = "too far ahead"
    """Farther ahead than `after_notice`."""
    NOTICE_BEYOND_HORIZON = "notice longer than the horizon"
    """`prior_notice` is longer than `after_notice`: whenever somebody asks, it is too early and too late at once."""
    NO_SUCH_TIME = "skipped by the clock"
    """The clock is put forward over it."""
    UNREADABLE = "not readable"
    """A live value that no type of ours holds decides it: what is really open is not known."""


CLOSES = frozenset({Cause.HOLIDAY, Cause.AWAY})
"""What closes something that is open otherwise: where these are in the way, nobody waits for it to begin."""


class Why(NamedTuple):
    """One cause, with the resource that it is about and the days that it holds for, where there are such."""

    cause: Cause
    about: Address | None = None
    dates: Dates | Period | None = None
