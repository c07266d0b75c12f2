"""What a verification says, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.desired import Place
from provisioner.opening import Cause
from provisioner.verify.pairs import Pair

NOT_BOOKABLE, FAILED = 3, 1
"""Exit codes."""


class Standing(StrEnum):
    """What can be said of one service at one location."""

    BOOKABLE = "bookable"
    NOT_BOOKABLE = "not bookable"
    NOT_YET = "not yet"
    """By its settings it is open on a day that is farther ahead than clients may book."""
    UNKNOWN = "unknown"
    """It could not be asked."""


class Besides(StrEnum):
    """Causes that only the vendor's answer shows; all others are those of the room `opening`."""

    ALL_BOOKED = "all booked"
    UNEXPLAINED = "not explained"
    """By all that was read it is open, and the vendor offers nothing."""
    UNANSWERED = "not answered"


class Reason(NamedTuple):
    """Why something is not bookable, and what mends it."""

    cause: Cause | Besides
    words: str
    """A sentence without a full stop, in which resources are named by their keys."""
    about: Address | None = None
    place: Place | None = None
    """The manifest's line that says it, where one does."""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One service at one location. A location with no service has nothing that is offered there."""

    pair: Pair
    location: str
    """Names, as clients see them."""
    service: str
    zone: str
    standing: Standing
    next: datetime | None = None
    """The first start that clients are offered, in the location's time."""
    reasons: tuple[Reason, ...] = ()
    since: date | None = None
    """The day from which on clients can book what nobody can book yet."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What clients are offered in the days that were looked at, and what the manifests promise."""

    pair: Pair
    more: tuple[datetime, ...]
    """Local starts that are offered and not promised."""
    less: tuple[datetime, ...]
    """Local starts that are promised and not offered, though nothing is booked there."""
    applied: bool
    """Whether what is live is what the manifests say, so that the vendor itself counts otherwise."""


@dataclass(frozen=True, slots=True)
class Sample:
    """That not all was asked."""

    number: int
    seed: str


@dataclass(frozen=True, slots=True)
class Verified:
    """All of it."""

    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    published: int
    """Pairs that could have been asked about."""
    hidden: Mapping[str, int]
    """Pairs that are linked and not published, by the reason."""
    since: date | None
    """The first day that was asked for; None for today."""
    weeks: int
    today: date
    """The day on which it was asked, by UTC."""
    sample: Sample | None = None

    def count(self, standing: Standing) -> int:
        """How many rows stand like this."""
        return sum(row.standing is standing for row in self.rows)

    @property
    def exit_code(self) -> int:
        """3 when anything is not bookable; else 1 when anything could not be asked."""
        if self.count(Standing.NOT_BOOKABLE):
            return NOT_BOOKABLE
        return FAILED if self.count(Standing.UNKNOWN) else 0
