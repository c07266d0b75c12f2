"""Time that is counted and not waited for: when nobody can go on, the clock leaps to the next moment anyone waits for.

So the very code that paces real requests and decides how many are in flight says how long an apply would take.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from provisioner.providers.clock import Clock

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits, and for nothing that will come")
        self.passed += max(timeout, 0.0)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _Selector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.passed


def leap(story: Callable[[Clock], Coroutine[Any, Any, T]]) -> T:
    """Run a story on such a loop, with its clock."""
    began, results = time.time(), list[T]()

    async def kept(clock: Clock) -> None:
        results.append(await story(clock))  # past the task, which asyncio prints on its way out

    with asyncio.Runner(loop_factory=_Loop) as runner:
        loop = runner.get_loop()
        runner.run(kept(Clock(now=loop.time, date=lambda: began + loop.time())))
    return results[0]


class Slowed:
    """An application that takes so many seconds for every request."""

    def __init__(self, app: Any, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)
