"""Signing in, once for all who need it: what is the same of every vendor's sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from provisioner.errors import ProvisionerError, SignInError

MOST_USELESS = 3
"""Sessions that may end before they were of any use, in a row."""


@dataclass(slots=True)
class Admission:
    """The sessions of one connection, by number. `enter` opens one and keeps its token; it raises ProvisionerError."""

    enter: Callable[[], Awaitable[None]]
    opens: Callable[[], Awaitable[bool]]
    """Whether the session that was opened last is good for anything."""
    stop: Callable[[str], str]
    """Says why nothing is sent any more, with the vendor's remedy, and sets `stopped`."""
    closed: int
    """The status of an answer to who has no session."""
    number: int = 0
    """How many times someone signed in; the number of the session that requests carry now."""
    stopped: str = ""
    """Why there can be no session any more."""
    _working: int = 0
    """The number of the last session that was seen to work."""
    _useless: int = 0
    """How many sessions in a row were not."""
    _failed: int = 0
    """How many sign-ins failed."""
    _failure: ProvisionerError = field(default_factory=ProvisionerError)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ready(self, expired: int) -> None:
        """Have another session than this one. Those who wait for one sign-in share what comes of it."""
        failed = self._failed
        if self.number != expired and not self.stopped:
            return
        async with self._busy:
            if self.stopped:
                raise SignInError(self.stopped)
            if self.number != expired:
                return
            if self._failed != failed:
                raise type(self._failure)(str(self._failure))
            try:
                await self.enter()
            except ProvisionerError as error:
                self._failed, self._failure = self._failed + 1, error
                raise
            self.number += 1

    async def works(self, session: int) -> bool:
        """Whether a session is good for anything; asked once for each, whoever wants to know."""
        async with self._busy:
            if session == self.number != self._working:
                if await self.opens():
                    self._working, self._useless = session, 0
                else:
                    self._useless += 1
            if self._useless >= MOST_USELESS:
                self.stop(f"sign-in refused: the vendor opens sessions and answers everything with {self.closed}")
            return session == self._working
