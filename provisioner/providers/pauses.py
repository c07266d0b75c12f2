"""Waits that can be ended: a vendor may ask for two minutes, and nobody who stops a run waits that long for nothing."""

from __future__ import annotations

import asyncio

from provisioner.errors import StoppedError


class Pauses:
    """The waits of one run."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    @property
    def stopping(self) -> bool:
        """Set from outside: what waits ends its wait, and nothing waits any more."""
        return self._over.is_set()

    @stopping.setter
    def stopping(self, stop: bool) -> None:
        if stop:
            self._over.set()

    async def sleep(self, seconds: float) -> None:
        """Wait so long. Raises StoppedError when the run is stopped before that."""
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return
        raise StoppedError("the run was stopped while it waited")
