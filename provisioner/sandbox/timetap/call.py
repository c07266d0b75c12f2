"""One request to TimeTap, as an operation sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.timetap import body, values
from provisioner.sandbox.timetap.answers import NOT_FOUND, Failure, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provisioner.sandbox.exchange import Request
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.world import World

_FLAGS = {"true": True, "false": False}
_LONGEST_ID = 18


@dataclass(frozen=True, slots=True)
class Call:
    """The request, and the business of its session (0 before the sign-in)."""

    world: World
    request: Request
    business: int = 0

    @property
    def store(self) -> Store:
        """The sandbox's memory."""
        return self.world.store

    @property
    def query(self) -> Mapping[str, str]:
        """The query string."""
        return self.request.query

    @property
    def now(self) -> int:
        """The time in milliseconds since 1970."""
        return int(self.world.now().timestamp() * 1000)

    @property
    def id(self) -> int:
        """The series' id in the path."""
        written = self.request.params["id"]
        if not written.isascii() or not written.isdigit() or len(written) > _LONGEST_ID:
            raise missing(written)
        return int(written)

    def body(self) -> dict[str, Any]:
        """Return the body, which has to be an object."""
        return body.parse(self.request.raw)

    def flag(self, name: str) -> bool:
        """Return a flag of the query; false when it is absent or blank."""
        asked = self.query.get(name, "").lower()
        if asked and asked not in _FLAGS:
            raise invalid(f"{name} must be true or false")
        return _FLAGS.get(asked, False)

    def day(self, name: str) -> str | None:
        """Return a date of the query, or None when it is absent or blank."""
        if not self.query.get(name):
            return None
        try:
            return values.day(self.query[name])
        except ValueError as error:
            raise invalid(f"{name} {error}") from None

    @property
    def following(self) -> bool:
        """Whether a change is for `dateSelected` and what follows.

        Assumption: the page says of `effectiveFollowingThisDate` only that it is an integer; 1 is from that date on,
        and 0, or nothing, is all of the series, or with `updateByAppt` the one appointment.
        """
        asked = self.query.get("effectiveFollowingThisDate", "")
        if asked not in ("", "0", "1"):
            raise invalid("effectiveFollowingThisDate must be 0 or 1")
        return asked == "1"


def missing(number: object) -> Failure:
    """Make the failure of an id that no series has."""
    return Failure(NOT_FOUND, f"recurring appointment {number} not found")


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the vendor's operations, which returns what to answer; all but the sign-in need a session."""

    method: str
    path: str
    run: Callable[[Call], Any]
    signed: bool = True
