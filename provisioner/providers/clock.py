"""Time and chance, passed in: a test need not wait, and sees what was waited for."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


async def _sleep(seconds: float) -> None:
    await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Clock:
    """All times are in seconds."""

    now: Callable[[], float] = time.monotonic
    """Never goes back; its zero means nothing."""
    date: Callable[[], float] = time.time
    """Since 1970."""
    sleep: Callable[[float], Awaitable[None]] = _sleep
    random: Callable[[], float] = random.random
    """From 0 to 1, 1 excluded."""
    as_of: dt.date | None = None
    """The day that is looked at, where it is not today."""

    def today(self) -> dt.date:
        """The day on which the vendor is told to change something; days of UTC."""
        return self.as_of or dt.datetime.fromtimestamp(self.date(), dt.UTC).date()
