"""How many requests are in flight at once: as many as help, found out while they are sent."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import NamedTuple

from provisioner.providers.clock import Clock

START = 4
FAST, SLOW, SHRINK = 2.0, 1.25, 0.7
WORTH = 1 / 3
"""Of the speed that a raise promises, how much must come of it."""
ROUND = 2
"""Answers in a round, for each slot."""
REST = 5
"""Rounds without a raise, after one that did not help and after trouble."""


class Raise(NamedTuple):
    """A raise that is on trial: the limit before it, and the answers per second that it gave."""

    limit: float
    rate: float


class Slots:
    """A limit that starts at 4, never leaves 1 to `most`, and goes by rounds of answers with all slots in use.

    After each round it is doubled, and once there was trouble raised by a quarter. If the next round is not faster by
    at least a third of what that promised, the vendor (or our own machine) is what takes the time, and the raise is
    taken back. Trouble (429, 503, a time-out) takes the limit down to 0.7 of itself, once for all that was in flight
    then. Waiters are served in order.
    """

    def __init__(self, most: int, clock: Clock) -> None:
        self._most = float(max(1, most))
        self._limit = min(float(START), self._most)
        self._clock = clock
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._troubles = 0
        self._trial: Raise | None = None
        self._rest = 0
        self._answers = 0
        self._since = clock.now()

    @property
    def limit(self) -> int:
        """How many may be in flight now."""
        return int(self._limit)

    async def take(self) -> int:
        """Wait for a slot. Whoever has it gives it back with the number that this answers."""
        if self._taken < self.limit:  # then nobody waits: whoever could be let in has been
            self._taken += 1
            return self._troubles
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._taken -= 1  # it was given a slot, and will not use it
            with suppress(ValueError):
                self._waiting.remove(turn)
            self._wake()
            raise
        return self._troubles

    def give_back(self, taken: int, *, trouble: bool, answered: bool = True) -> None:
        """Free a slot, with how it went; `answered` is false when nothing came that says how fast the vendor is."""
        if trouble and taken == self._troubles:
            self._shrink()
        elif answered and not trouble:
            self._count()
        self._taken -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting and self._taken < self.limit:
            turn = self._waiting.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)

    # -- the limit

    def _shrink(self) -> None:
        self._troubles += 1
        self._limit = max(1.0, self._limit * SHRINK)
        self._trial, self._rest = None, REST
        self._begin()

    def _begin(self) -> None:
        self._answers, self._since = 0, self._clock.now()

    def _count(self) -> None:
        if self._taken < self.limit:  # not all in use: says nothing about what more of them would do
            self._begin()
            return
        self._answers += 1
        if self._answers >= ROUND * self.limit:
            self._round(self._answers / max(self._clock.now() - self._since, 1e-9))
            self._begin()

    def _round(self, rate: float) -> None:
        if self._trial is not None:
            before, self._trial = self._trial, None
            promised = self.limit / int(before.limit) - 1
            if rate < before.rate * (1 + promised * WORTH):
                self._limit, self._rest = before.limit, REST
                return
        if self._rest:
            self._rest -= 1
        elif self._limit < self._most:
            self._trial = Raise(self._limit, rate)
            growth = SLOW if self._troubles else FAST
            self._limit = min(self._most, max(self._limit + 1, self._limit * growth))
