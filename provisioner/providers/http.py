"""The one seam to HTTP: a client whose secrets are added below every hook, log and exception.

httpx gives the interface; aiohttp's pool carries it to a server (three times the requests per second), and an ASGI
application is called in process, without a socket.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from provisioner.errors import ProvisionerError, UnreachableError
from provisioner.providers.backoff import Budget, retry_after
from provisioner.providers.base import Connection, Traffic, Waiting, not_told
from provisioner.providers.clock import Clock
from provisioner.providers.in_process import InProcess
from provisioner.providers.pace import Pace
from provisioner.providers.proxy import Proxy
from provisioner.providers.slots import Slots
from provisioner.providers.watch import LIMITS, Sighting, sighting
from provisioner.stage import stage

TIMEOUT = httpx.Timeout(connect=10, read=60, write=30, pool=120)
LONGEST = 300.0
"""Seconds from first to last byte, all in all: an answer that trickles ends, too."""
WORTH_TELLING = 3.0
"""Seconds that nobody need be told of."""
KEPT = ("content-type", "retry-after", "date", *LIMITS)
"""Headers of an answer that get past the transport. A Location may repeat the token, and a cookie is one."""
Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a form of one field sends it; its bytes are in no repr."""

    part: str
    """What the form calls it."""
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One request, without what signs it."""

    method: str
    path: str
    params: Params = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    reads: bool = False
    """It changes nothing although it is no GET: what it asks is too long for an address."""
    signs_in: bool = False
    """It carries the credentials, where others carry the session's token."""

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET" or self.reads

    @property
    def asked(self) -> str:
        """What it asks, to know it again by."""
        return json.dumps([self.method, self.path, sorted(self.params.items()), self.body])


class Answer(NamedTuple):
    """What came back: the status, the body as JSON (None when it is none), and how many seconds we are to wait."""

    status: int
    body: Any = None
    retry_after: float | None = None


class NoAnswerError(UnreachableError):
    """No answer came; `slow` is whether that took too long."""

    def __init__(self, message: str, *, slow: bool = False) -> None:
        super().__init__(message)
        self.slow = slow


class NeverSentError(NoAnswerError):
    """The request did not leave: the name, the proxy, the connection or TLS failed."""


class LostError(NoAnswerError):
    """The request went out and no answer came: what became of it is not known."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The secret part of a request: in its query at one vendor, in a header at another."""

    params: Params = field(default_factory=dict, repr=False)
    headers: Params = field(default_factory=dict, repr=False)


class _Signed(httpx.AsyncBaseTransport):
    """Adds the secrets to the request that leaves, and to no other object."""

    def __init__(self, inner: httpx.AsyncBaseTransport, secret: Callable[[bool], Signature]) -> None:
        self._inner = inner
        self._secret = secret

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        signature = self._secret(bool(request.extensions.get("signs_in")))
        response = await self._inner.handle_async_request(
            httpx.Request(
                request.method,
                request.url.copy_merge_params(dict(signature.params)),
                headers=[*request.headers.multi_items(), *signature.headers.items()],
                content=request.content or None,
                extensions=request.extensions,
            )
        )
        kept = {name: response.headers[name] for name in KEPT if name in response.headers}
        return httpx.Response(response.status_code, headers=kept, content=await response.aread())

    async def aclose(self) -> None:
        await self._inner.aclose()


@dataclass(slots=True)
class Client:
    """One vendor's host: its base address, how many requests at once, how fast, and what was sent.

    `concurrency` is the most in flight at once. Raises NeverSentError, or LostError after sending.
    """

    base: str
    concurrency: int
    calls_per_second: float | None = None
    """Most requests in a second; None for as many as go."""
    app: Any = None
    """An ASGI application to call in process instead of a server."""
    proxy: Proxy | None = None
    """What a server is reached through. The environment is not asked here."""
    secret: Callable[[bool], Signature] = field(default=lambda _signs_in: Signature(), repr=False)
    """What signs a request; asked when it leaves, with whether it signs in."""
    reads_only: bool = False
    """Whether nothing may be written. What was read once is then not asked for again: it is taken not to change."""
    clock: Clock = field(default_factory=Clock)
    traffic: Traffic = field(default_factory=Traffic)
    watch: Callable[[Sighting], None] = field(default=lambda _one: None)
    """Told of every answer."""
    waiting: Waiting = not_told
    """Told before a long wait."""
    budget: Budget = field(default_factory=Budget)
    slots: Slots = field(init=False)
    _pace: Pace = field(init=False)
    _client: httpx.AsyncClient | None = None
    _known: dict[str, Answer] = field(default_factory=dict, repr=False)
    _told: float = -math.inf
    """Until when it was told that nothing leaves."""

    def __post_init__(self) -> None:
        self.slots = Slots(self.concurrency, self.clock)
        self._pace = Pace(self.calls_per_second, self.clock)

    def recall(self, message: Message) -> Answer | None:
        """What a read was answered before, where only reading is done."""
        return self._known.get(message.asked) if self.reads_only and not message.signs_in else None

    def keep(self, message: Message, answer: Answer | None) -> None:
        """A read went well: its answer stands, where only reading is done."""
        if self.reads_only and answer is not None and not message.signs_in:
            self._known[message.asked] = answer

    async def send(self, message: Message, leaving: Callable[[], None] = lambda: None, *, again: int = 0) -> Answer:
        """One request, one answer; nothing is repeated here. `leaving` is called after all waiting; it may raise.

        `again` is how often it was sent before. Raises ProvisionerError for what would write where nothing may be
        written.
        """
        if self.reads_only and not (message.is_read or message.signs_in):
            raise ProvisionerError(
                f"{message.method} {message.path} would write, and nothing is to be written: held back"
            )
        slot = await self.slots.take()
        answer, slow = None, False
        try:
            await self._pace.turn()
            leaving()
            with stage("request", method=message.method, url=self.base + message.path, again=again) as told:
                answer = await self._exchange(message)
                told.tell(status=answer.status)
        except NoAnswerError as error:
            slow = error.slow
            raise
        finally:
            limited = answer is not None and answer.status in (429, 503)
            self.slots.give_back(slot, trouble=slow or limited, answered=answer is not None)
        if limited and answer.retry_after:
            self._pace.hold(answer.retry_after)
            self.tell(answer.retry_after, f"{self.host} answered {answer.status} and asked for it")
        return answer

    async def _exchange(self, message: Message) -> Answer:
        client = self._open()
        started = time.perf_counter()
        if message.is_read:
            self.traffic.reads += 1
        else:
            self.traffic.writes += 1
        failed: NoAnswerError
        try:
            async with asyncio.timeout(LONGEST):
                response = await client.send(self._request(client, message))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            why = (self.proxy and str(error)) or "no connection"  # of a proxy, the transport has words of its own
            failed = NeverSentError(f"{self.host} cannot be reached: {why}", slow=_is_slow(error))
        except (httpx.HTTPError, TimeoutError) as error:
            failed = LostError(f"{self.host} gave no answer ({type(error).__name__})", slow=_is_slow(error))
        else:
            return self._answer(response, time.perf_counter() - started)
        finally:
            self.traffic.seconds += time.perf_counter() - started
        raise failed  # out here, so that it holds on to no other error, nor to the request in that one's frames

    def _request(self, client: httpx.AsyncClient, message: Message) -> httpx.Request:
        request = client.build_request(
            message.method,
            self.base + message.path,
            params=dict(message.params),
            extensions={"signs_in": message.signs_in},
            **_content(message.body),
        )
        request.read()  # a form is made from its parts as it is read; what leaves can be read any number of times
        return request

    def _answer(self, response: httpx.Response, seconds: float) -> Answer:
        wait = retry_after(response.headers.get("retry-after"), response.headers.get("date"), self.clock)
        answer = Answer(response.status_code, _json(response.content), wait)
        is_json, at = answer.body is not None, self.clock.date()
        self.watch(sighting(answer.status, response.headers, is_json=is_json, seconds=seconds, at=at))
        return answer

    def tell(self, seconds: float, why: str) -> None:
        """Say what is waited for, once for all that waits for the same."""
        until = self.clock.now() + seconds
        if seconds >= WORTH_TELLING and until > self._told + WORTH_TELLING:
            self._told = until
            self.waiting(seconds, why)

    @property
    def host(self) -> str:
        """What people know the other side by."""
        return "the sandbox" if self.app is not None else urlsplit(self.base).netloc

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            transport = _Signed(self._transport(), self.secret)
            self._client = httpx.AsyncClient(transport=transport, timeout=TIMEOUT, follow_redirects=False)
        return self._client

    def _transport(self) -> httpx.AsyncBaseTransport:
        if self.app is not None:
            return InProcess(self.app)
        from provisioner.providers.wire import ServerTransport

        return ServerTransport(httpx.Limits(max_connections=self.concurrency), self.proxy)

    async def close(self) -> None:
        """Free the connections."""
        if self._client is not None:
            await self._client.aclose()


def client_to(connection: Connection) -> Client:
    """The client of a connection."""
    return Client(
        connection.endpoint,
        connection.concurrency,
        connection.calls_per_second,
        app=connection.app,
        proxy=connection.proxy,
        reads_only=connection.reads_only,
        clock=connection.clock,
        waiting=connection.waiting,
    )


def _content(body: Any) -> dict[str, Any]:
    """The part of a request that says what is in it."""
    if body is None:
        return {}
    if isinstance(body, Attachment):
        return {"files": {body.part: (body.name, body.content, body.media_type)}}
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return {"content": content, "headers": {"content-type": "application/json"}}


def _is_slow(error: BaseException) -> bool:
    return isinstance(error, httpx.TimeoutException | TimeoutError)


def _json(content: bytes) -> Any:
    """The body as JSON, or None. What no text can hold (half of a surrogate pair) becomes a question mark."""
    try:
        text = content.decode("utf-8-sig")
        body = json.loads(text, parse_constant=_no_json)
        if "\\ud" in text.lower():
            body = json.loads(json.dumps(body, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    return body


def _no_json(constant: str) -> None:
    """NaN and infinities, which Python would read."""
    raise ValueError(constant)
