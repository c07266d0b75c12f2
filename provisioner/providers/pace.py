"""When the next request may leave: so many a second at most, and none while the vendor asked us to wait."""

from __future__ import annotations

import asyncio

from provisioner.providers.clock import Clock
from provisioner.stage import stage


class Pace:
    """Requests leave in the order in which they came here, evenly spaced: a vendor's limit may count short windows."""

    def __init__(self, calls_per_second: float | None, clock: Clock) -> None:
        self._gap = 1.0 / float(calls_per_second) if calls_per_second else 0.0
        self._clock = clock
        self._next = 0.0
        self._held = 0.0
        self._gate = asyncio.Lock()

    def hold(self, seconds: float) -> None:
        """Let nothing leave for so long; a hold that lasts longer stays."""
        self._held = max(self._held, self._clock.now() + seconds)

    async def turn(self) -> None:
        """Wait until one request may leave."""
        async with self._gate:  # its waiters are served in order, and one that is cancelled holds nobody up
            while (until := max(self._next, self._held)) > (now := self._clock.now()):
                await self._wait(until - now, asked=until == self._held)
                if until == max(self._next, self._held):
                    break
            self._next = max(until, self._clock.now()) + self._gap

    async def _wait(self, seconds: float, *, asked: bool) -> None:
        """What the vendor asked for is worth telling; the gaps between requests are not."""
        if not asked:
            await self._clock.sleep(seconds)
            return
        with stage("wait", reason="asked", seconds=seconds):
            await self._clock.sleep(seconds)
