"""What carries a request to an ASGI application in this process: no socket, and the same errors as from one."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx

Event = MutableMapping[str, Any]


class InProcess(httpx.AsyncBaseTransport):
    """One application. It breaks a connection by raising ConnectionError or TimeoutError; every other error that it
    raises, and an answer that it does not finish, look the same from outside.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request and its whole answer; ReadTimeout or ReadError when none comes."""
        exchange = _Exchange(await request.aread())
        try:
            await self._app(_scope(request), exchange.receive, exchange.send)
        except TimeoutError:
            failed: httpx.TransportError = httpx.ReadTimeout("")
        except Exception:  # noqa: BLE001 -- whatever goes wrong in there, from here it is an answer that does not come
            failed = httpx.ReadError("")
        else:
            if exchange.is_whole:
                return httpx.Response(exchange.status, headers=exchange.headers, content=bytes(exchange.body))
            failed = httpx.ReadError("")
        raise failed  # out here, so that it holds on to no other error


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 123),
        "root_path": "",
    }


class _Exchange:
    """The two halves of a connection as ASGI sees them."""

    def __init__(self, content: bytes) -> None:
        self._content: bytes | None = content
        self._ended = asyncio.Event()
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()

    async def receive(self) -> Event:
        """The request's body, and then nothing before the answer is complete."""
        if self._content is None:
            await self._ended.wait()
            return {"type": "http.disconnect"}
        content, self._content = self._content, None
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(self, event: Event) -> None:
        """A piece of the answer."""
        if event["type"] == "http.response.start":
            self.status, self.headers = event["status"], list(event.get("headers", ()))
        elif event["type"] == "http.response.body":
            self.body += event.get("body", b"")
            if not event.get("more_body", False):
                self._ended.set()

    @property
    def is_whole(self) -> bool:
        """Whether everything came that was announced."""
        announced = {name.lower(): value for name, value in self.headers}.get(b"content-length")
        return bool(self.status) and self._ended.is_set() and announced in (None, b"%d" % len(self.body))
