"""The way of a request: read, struck by a fault or executed in one transaction, recorded, answered."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from provisioner.sandbox.exchange import Answer, Request
from provisioner.sandbox.tables import calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from provisioner.sandbox.world import World

logger = logging.getLogger(__name__)


class Endpoint:
    """An ASGI app that answers requests with a vendor's `respond`, or with its `crash` when that has a bug."""

    def __init__(self, world: World, respond: Callable[[Request], Answer], crash: Callable[[], Answer]) -> None:
        self._world = world
        self._respond = respond
        self._crash = crash

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = await read(scope, receive)
        started = time.perf_counter()
        fault = self._world.faults.strike(request)
        if fault is None:
            answer = self._answer(request, started)
        else:
            answer = self._answer(request, started, fault.instead, fault.afterwards)
            await asyncio.sleep(fault.delay)
        await write(answer, send)

    def _answer(
        self, request: Request, started: float, instead: Answer | None = None, afterwards: Answer | None = None
    ) -> Answer:
        try:
            return self._execute(request, started, instead, afterwards)
        except Exception as error:  # noqa: BLE001  a look-alike answers its own bugs too, it never breaks a connection
            self._world.store.rollback()
            return self._broken(request, error)

    def _execute(self, request: Request, started: float, instead: Answer | None, afterwards: Answer | None) -> Answer:
        store = self._world.store
        store.begin()
        answer = instead or self._respond(request)
        if not answer.keep:
            store.rollback()
            store.begin()
        answer = afterwards or answer
        calls.record(store, request, answer, (time.perf_counter() - started) * 1000, self._world.now())
        store.commit()
        return answer

    def _broken(self, request: Request, error: Exception) -> Answer:
        logger.error("%s %s: %s", request.method, request.path, type(error).__name__)
        logger.debug("the bug above", exc_info=error)
        return self._crash()


async def read(scope: Scope, receive: Receive) -> Request:
    """Read a request to the end of its body."""
    headers = dict(scope["headers"])
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    content_type = headers.get(b"content-type", b"").decode("latin-1").lower()
    raw = await _body(receive)
    return Request(scope["method"], scope["path"], scope.get("path_params", {}), query, content_type, raw)


async def _body(receive: Receive) -> bytes:
    chunks = []
    more = True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


async def write(answer: Answer, send: Send) -> None:
    """Send an answer."""
    headers = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
