"""The one seam to HTTP: a client whose secrets are added below every hook, log and exception.

httpx gives the interface; aiohttp's pool carries it to a server (three times the requests per second), and an ASGI
application is called in process, without a socket.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from provisioner.errors import UnreachableError
from provisioner.providers.base import Traffic

TIMEOUT = httpx.Timeout(connect=10, read=60, write=30, pool=120)
Params = Mapping[str, str]


class Answer(NamedTuple):
    """What came back: the status, and the body as JSON or None when it is none."""

    status: int
    body: Any


class LostError(UnreachableError):
    """The request went out and no answer came: what became of it is not known."""


class Signature(NamedTuple):
    """The secret part of a request: in its query at one vendor, in a header at another."""

    params: Params = MappingProxyType({})
    headers: Params = MappingProxyType({})


class _Signed(httpx.AsyncBaseTransport):
    """Adds the session's secrets to the request that leaves, and to no other object."""

    def __init__(self, inner: httpx.AsyncBaseTransport, secret: Callable[[], Signature]) -> None:
        self._inner = inner
        self._secret = secret

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        signature = request.extensions.get("sign") or self._secret()
        signed = httpx.Request(
            request.method,
            request.url.copy_merge_params(dict(signature.params)),
            headers=[*request.headers.multi_items(), *signature.headers.items()],
            stream=request.stream,
            extensions={k: v for k, v in request.extensions.items() if k != "sign"},
        )
        return await self._inner.handle_async_request(signed)

    async def aclose(self) -> None:
        await self._inner.aclose()


@dataclass(slots=True)
class Client:
    """One vendor's base address, with bounded concurrency. Raises UnreachableError, or LostError after sending."""

    base: str
    concurrency: int
    calls_per_second: float | None = None
    """Most requests in a second; None for as many as go."""
    app: Any = None
    """An ASGI application to call in process instead of a server."""
    secret: Callable[[], Signature] = Signature
    traffic: Traffic = field(default_factory=Traffic)
    _client: httpx.AsyncClient | None = None
    _slots: asyncio.Semaphore | None = None

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: Any = None,
        sign: Signature | None = None,
        sending: Callable[[], None] = lambda: None,
    ) -> Answer:
        """One request, one answer; nothing is repeated here."""
        client = self._open()
        content = None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        request = client.build_request(
            method,
            self.base + path,
            params=dict(params or {}),
            content=content,
            headers={"content-type": "application/json"} if content is not None else {},
            extensions={"sign": sign} if sign is not None else {},
        )
        assert self._slots is not None
        async with self._slots:
            sending()
            return await self._exchange(client, request)

    async def _exchange(self, client: httpx.AsyncClient, request: httpx.Request) -> Answer:
        started = time.perf_counter()
        if request.method == "GET":
            self.traffic.reads += 1
        else:
            self.traffic.writes += 1
        try:
            response = await client.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise UnreachableError(f"{self._host()} cannot be reached: no connection") from None
        except httpx.HTTPError as error:
            raise LostError(f"{self._host()} gave no answer ({type(error).__name__})") from None
        finally:
            self.traffic.seconds += time.perf_counter() - started
        return Answer(response.status_code, _json(response.content))

    def _host(self) -> str:
        return "the sandbox" if self.app is not None else urlsplit(self.base).netloc

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._slots = asyncio.Semaphore(self.concurrency)
            transport = _Signed(self._transport(), self.secret)
            self._client = httpx.AsyncClient(transport=transport, timeout=TIMEOUT, follow_redirects=False)
        return self._client

    def _transport(self) -> httpx.AsyncBaseTransport:
        if self.app is not None:
            return httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        from httpx_aiohttp import AiohttpTransport

        return AiohttpTransport(limits=httpx.Limits(max_connections=self.concurrency))

    async def close(self) -> None:
        """Free the connections."""
        if self._client is not None:
            await self._client.aclose()


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
