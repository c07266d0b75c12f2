"""How many requests at once a vendor takes: a short burst of reads through the very gate that an apply goes through."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from provisioner.finding import Finding, look, passed
from provisioner.providers.http import Answer, Client, Message, NoAnswerError

COUNT = 32
"""Reads of a burst. The pace of the settings holds for them, too."""


class _EnoughError(Exception):
    """The vendor asked for less: nothing more is sent."""


@dataclass(slots=True)
class _Burst:
    client: Client
    message: Message
    is_good: Callable[[Answer], bool]
    going: int = 0
    most: int = 0
    done: int = 0
    bad: int = 0
    enough: str = ""

    def _leaving(self) -> None:
        if self.enough:
            raise _EnoughError
        self.going += 1
        self.most = max(self.most, self.going)

    async def one(self) -> None:
        try:
            answer = await self.client.send(self.message, self._leaving)
        except _EnoughError:
            return
        except NoAnswerError as error:
            self.enough = str(error)
        else:
            self.done += 1
            self.bad += not self.is_good(answer)
            if answer.status in (429, 503):
                self.enough = f"an answer was {answer.status}"
        self.going -= 1


async def burst(client: Client, message: Message, is_good: Callable[[Answer], bool]) -> Finding:
    """Send one read many times, as many at once as the client lets; ends at the first answer that asks for less."""
    check, sent = "At once", _Burst(client, message, is_good)
    started = time.perf_counter()
    await asyncio.gather(*(sent.one() for _ in range(COUNT)))
    rate = sent.done / max(time.perf_counter() - started, 1e-9)
    text = f"{sent.done} reads, at most {sent.most} at once, {rate:.0f} a second"
    if sent.enough:
        remedy = "an apply slows down by itself; lower limits.concurrency or limits.calls_per_second to spare it"
        return look(check, f"{text}; then {sent.enough}", remedy)
    if sent.bad:
        return look(check, f"{text}; {sent.bad} were not answered as when asked alone", "ask the vendor for its limits")
    return passed(check, f"{text}, and none was refused")
