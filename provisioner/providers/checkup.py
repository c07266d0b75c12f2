"""What a vendor lets `doctor` find out: by reading, and by writing to an account that was given for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from provisioner.errors import ProvisionerError, SignInError
from provisioner.finding import Finding, failed, skipped

PATIENCE = 8.0
"""Tries beyond the first that a whole check-up is worth: what fails is a finding, not something to sit out."""


class Checkup(Protocol):
    """The read-only checks of a live account."""

    @property
    def name(self) -> str:
        """The account's own name for itself; "" before the sign-in."""

    def examine(self) -> AsyncIterator[Finding]:
        """Every finding, as it is made. Never writes, and raises nothing that a vendor or a network can cause."""

    async def close(self) -> None:
        """Free the connections."""


class Target(NamedTuple):
    """The account that a probe would write to."""

    id: str
    name: str
    """What it calls itself."""
    holds: Mapping[str, int]
    """Kind -> how many are there that no probe made."""
    leftovers: int
    """How many things an earlier probe left."""


class Probed(NamedTuple):
    """What a probe found out."""

    dialect: Mapping[str, str]
    """Question -> answer, for those that were answered."""
    findings: tuple[Finding, ...]
    left: tuple[str, ...]
    """What is still there of all that was made: kind, id, and why."""
    writes: int


class Probe(Protocol):
    """Finds out how a vendor speaks, by writing to one account."""

    stopping: bool
    """Set to have no further question asked; what was made is cleaned up all the same."""

    async def look(self) -> Target:
        """Sign in and look at the account; never writes. Raises ProvisionerError where it cannot be reached."""

    async def run(self) -> Probed:
        """Write, read back, clean up. Raises nothing that a vendor or a network can cause."""

    async def close(self) -> None:
        """Free the connections."""


Check = tuple[str, Callable[[], Awaitable[Iterable[Finding]]]]
"""What is looked at, and the look; it may raise ProvisionerError."""


async def examined(enter: Check, checks: Sequence[Check]) -> AsyncIterator[Finding]:
    """The findings of one check after another. Where there is no session, or none any more, the rest is skipped."""
    left = [enter, *checks]
    while left:
        name, check = left.pop(0)
        try:
            for finding in await check():
                yield finding
        except ProvisionerError as error:
            yield failed(name, str(error))
            if check is enter[1] or isinstance(error, SignInError):
                break
    for name, _ in left:
        yield skipped(name, "there is no session")
