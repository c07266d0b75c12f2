"""How an answer goes out: whole as a rule, and in the ways in which a fault breaks it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from provisioner.sandbox.connection import Connection

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from provisioner.sandbox.exchange import Answer
    from provisioner.sandbox.faults.fault import Fault


async def deliver(answer: Answer, fault: Fault | None, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer, or let it go wrong. In process a lost one is a ConnectionResetError or a TimeoutError."""
    if fault is None or fault.answer == "whole":
        await write(answer, send)
        return
    connection = scope.get("state", {}).get(Connection.NAME)
    line: Line = InProcess(send) if connection is None else Served(connection, receive)
    match fault.answer:
        case "slow":
            if await line.wait(fault.seconds):
                await write(answer, send)
        case "reset":
            await line.reset()
        case "timeout":
            await line.fall_silent(fault.seconds)
        case "half":
            await write(answer, send, body=_half(answer), more_body=True)
            await line.end()
        case "short":
            await write(answer._replace(body=_half(answer)), send)


async def write(answer: Answer, send: Send, *, body: bytes | None = None, more_body: bool = False) -> None:
    """Send an answer; with a `body` of its own under the headers of the whole."""
    headers = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if body is None else body, "more_body": more_body})


def _half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


class Line(Protocol):
    """What stands between the sandbox and its client."""

    async def wait(self, seconds: float) -> bool:
        """Wait, and say whether anybody is still there to be answered."""

    async def reset(self) -> None:
        """Break the line before the answer."""

    async def fall_silent(self, seconds: float) -> None:
        """Let the client wait for nothing; the line is broken after so many seconds."""

    async def end(self) -> None:
        """End an answer that was begun."""


class InProcess:
    """No line at all: the client calls the app, and gets at once what a socket would make of it in the end."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def wait(self, seconds: float) -> bool:
        """Wait; the caller is always there."""
        await asyncio.sleep(seconds)
        return True

    async def reset(self) -> None:
        """Raise what a socket would."""
        raise ConnectionResetError("the fault script resets this connection")

    async def fall_silent(self, seconds: float) -> None:
        """Raise what a client's time-out would; nobody has to wait for it."""
        raise TimeoutError(f"the fault script keeps silent for {seconds:g} s")

    async def end(self) -> None:
        """Say that this was all."""
        await self._send({"type": "http.response.body"})


class Served:
    """A connection of uvicorn's. What waits on it lets other requests go on, and wakes up when the client hangs up."""

    def __init__(self, connection: Connection, receive: Receive) -> None:
        self._connection = connection
        self._receive = receive

    async def wait(self, seconds: float) -> bool:
        """Wait, until the client hangs up or the server is stopped: then there is nobody to be answered."""
        with self._connection.held():
            try:
                async with asyncio.timeout(seconds):
                    await self._gone()
            except TimeoutError:
                return True
        return False

    async def reset(self) -> None:
        """Reset the connection."""
        self._connection.reset()
        await self._gone()

    async def fall_silent(self, seconds: float) -> None:
        """Keep the connection without a word, and then reset it."""
        if await self.wait(seconds):
            await self.reset()

    async def end(self) -> None:
        """Close the connection behind what was sent."""
        self._connection.close()
        await self._gone()

    async def _gone(self) -> None:
        # uvicorn answers 500 for an app that returns before it has noticed that the connection is gone.
        while (await self._receive())["type"] != "http.disconnect":
            pass
