"""A loop in which waiting takes no time: when nobody can go on, its clock leaps to the next moment anyone waits for."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from provisioner.providers.clock import Clock
from provisioner.providers.http import Client
from provisioner.providers.setster.provider import Setster
from provisioner.providers.setster.session import Credentials, Session
from tests.support import API, COMPANY, Tenant, Wrap

T = TypeVar("T")
EPOCH = 1_800_000_000.0


class _Selector(selectors.SelectSelector):
    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits, and for nothing that will come"
        self.passed += max(timeout, 0.0)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _Selector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.passed


def leap(story: Callable[[Clock], Coroutine[Any, Any, T]], seed: int = 0) -> T:
    """Run a story on such a loop, with its clock."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        loop = runner.get_loop()
        return runner.run(story(Clock(now=loop.time, date=lambda: EPOCH + loop.time(), random=Random(seed).random)))


@dataclass
class Timeless(Tenant):
    """A tenant whose provider goes by a leaping clock; `waits` are the seconds that it waited, in order."""

    clock: Clock = field(default_factory=Clock)
    calls_per_second: float | None = None
    at_once: int = 0
    """How many requests are let out at once from the start; 0 leaves it to the provider."""
    waits: list[float] = field(default_factory=list)

    def client(self) -> Client:
        """A client of its own."""

        async def sleep(seconds: float) -> None:
            self.waits.append(round(seconds, 3))
            await self.clock.sleep(seconds)

        clock = Clock(self.clock.now, self.clock.date, sleep, self.clock.random)
        client = Client(API, self.concurrency, self.calls_per_second, app=self.wrap(self.app), clock=clock)
        if self.at_once:
            client.slots._limit = float(self.at_once)
        return client

    def session(self) -> Session:
        """A session of its own, not signed in yet."""
        return Session(self.client(), str(COMPANY), Credentials("owner@example.com", "sandbox-key"))

    def provider(self) -> Setster:
        """A provider of its own, not signed in yet."""
        return Setster(self.session())

    async def faults(self, *rules: dict[str, Any]) -> None:
        """What goes wrong from now on."""
        await self.control("PUT", "/faults", {"rules": list(rules)})

    async def log(self, method: str = "", path: str = "") -> list[int | None]:
        """The statuses that requests were answered with since the last `clear_calls`, signing in included."""
        calls = await self.control("GET", "/calls")
        return [
            call["status"]
            for call in calls
            if method in ("", call["method"]) and call["path"].removeprefix("/api/v2").startswith(path)
        ]


def tell(story: Callable[[Timeless], Awaitable[None]], wrap: Wrap = lambda app: app, **more: Any) -> None:
    """Run one story in a tenant of its own, in no time."""

    async def told(clock: Clock) -> None:
        tenant = Timeless(wrap=wrap, clock=clock, **more)
        try:
            await story(tenant)
        finally:
            tenant.close()

    leap(told)
