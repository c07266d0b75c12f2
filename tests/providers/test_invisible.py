"""Nobody sees the key or the token: no logger, no hook, no exception with all that hangs on it."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from provisioner.errors import ProvisionerError, StateError
from provisioner.providers import http
from provisioner.providers.base import Replay
from provisioner.providers.http import Client
from provisioner.providers.setster.session import Credentials, Session
from provisioner.providers.verdict import Errand, Purpose
from tests.providers.test_wire import BREAKS, CERTIFICATES, Host, Reader, Serve, Writer, hangs, says

KEY, TOKEN, EMAIL = "canary-key/+ ä", "canary-token=&", "canary-mail@x.example"
CANARY = "canary"
UPDATE = Errand(Purpose.UPDATE, Replay.NEVER)


def answer(status: int, body: Any, *headers: str) -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Well", f"content-length: {len(content)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


SIGNED_IN = answer(200, {"statusCode": 0, "data": {"session_token": TOKEN, "user": {"nick_name": "Acme"}}})


def envelope(code: int, words: str, status: int = 200) -> bytes:
    return answer(status, {"statusCode": code, "statusDescriptions": words, "data": None})


KEYS = f"what is {KEY} canary-key%2F%2B%20%C3%A4 canary-key/%2b+%c3%a4?{'.' * 10_000}"
TOKENS = f"what is {TOKEN} canary-token%3D%26 canary-token%3d&? {KEYS}"


def answers(echo: str) -> dict[str, Serve]:
    """Every sort of answer, some with what the vendor makes of what it was sent."""
    return {
        "all well": says(answer(200, {"statusCode": 0, "data": []})),
        "an echo in the words": says(envelope(1, echo)),
        "an echo in a page": says(answer(404, f"<html>GET /?session_token={TOKEN}&token={KEY}</html>".encode())),
        "an echo in a redirect": says(
            answer(302, b"", f"location: http://127.0.0.1:1/?session_token={TOKEN.strip('=&')}")
        ),
        "an echo in a cookie": says(answer(500, b"", f"set-cookie: s={TOKEN.strip('=&')}")),
        "an echo in nonsense": says(answer(200, f"session_token={TOKEN}".encode())),
        "expired": says(envelope(2, "Session expired", 403)),
        "forbidden": says(envelope(8, echo, 403)),
        "unauthorized": says(envelope(2, echo, 401)),
        "broken": says(envelope(4, echo, 500)),
        "limited": says(answer(429, {}, "retry-after: 0")),
        "silent": hangs,
        **BREAKS,
    }


NAMES = tuple(answers(""))


class Vendor(Host):
    """Signs everybody in, and answers everything else in one way; or answers the sign-in in that way."""

    def __init__(self, name: str, *, signing_in: bool) -> None:
        async def serve(number: int, reader: Reader, writer: Writer) -> None:
            is_sign_in = "/account/authenticate" in self.requests[-1]
            odd = answers(KEYS if signing_in else TOKENS)[name]
            await (odd if is_sign_in == signing_in else says(SIGNED_IN))(number, reader, writer)

        super().__init__(serve)


class Seen(logging.Handler):
    """All that anyone could get to see."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()} {record.args!r} {record.exc_info!r}")

    async def request(self, request: httpx.Request) -> None:
        """As an event hook."""
        self.lines.append(f"hook: {request!r} {request.url!s} {request.headers!r} {request.extensions!r}")

    async def response(self, response: httpx.Response) -> None:
        """As an event hook."""
        await self.request(response.request)
        self.lines.append(f"hook: {response!r} {response.headers!r} {response.next_request!r} {response.extensions!r}")

    def error(self, error: BaseException) -> None:
        """An exception, with all that it leads to: its chain, and what stands in the frames of its traceback."""
        chain: list[BaseException] = [error]
        for each in chain:
            chain += [other for other in (each.__cause__, each.__context__) if other and other not in chain]
            self.lines.append(f"error: {each!r} {each!s} {each.args!r} {vars(each)!r}")
            for frame, _ in traceback.walk_tb(each.__traceback__):
                if "/tests/" not in frame.f_code.co_filename:
                    self.lines += [f"{frame.f_code.co_qualname} {n}: {v!r}" for n, v in frame.f_locals.items()]
                    requests = [v for v in frame.f_locals.values() if isinstance(v, httpx.Request)]
                    self.lines += [f"{frame.f_code.co_qualname}: {request.url!s}" for request in requests]


@pytest.fixture
def seen() -> Iterator[Seen]:
    """Listens to every logger at its lowest level."""
    handler, root = Seen(), logging.getLogger()
    names = ["", "httpx", "httpcore", "aiohttp", "aiohttp.client", "asyncio", "provisioner"]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


async def use(session: Session, seen: Seen) -> None:
    """Everything that a session does, whatever comes of it."""

    def full() -> None:
        raise StateError("the disk is full")

    hooks = {"request": [seen.request], "response": [seen.response]}
    session.client._open().event_hooks = hooks  # type: ignore[assignment]  # httpx has them narrower than it takes them
    for each in (
        session.sign_in,
        lambda: session.get("/location", "2345"),
        lambda: session.write("PUT", "/x", "2345", {}, errand=UPDATE, sending=lambda: None),
        lambda: session.write("PUT", "/x", "2345", {}, errand=UPDATE, sending=full),
    ):
        try:
            seen.lines.append(repr(await each()))
        except (ProvisionerError, StateError) as error:
            seen.error(error)
    seen.lines += [repr(session), repr(session.client), repr(session.credentials), str(session._sign(False))]


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx, "create_ssl_context", CERTIFICATES)
    monkeypatch.setattr("provisioner.providers.backoff.BASE", 0.0)
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(connect=5, read=0.02, write=5, pool=5))


@pytest.mark.sweep(5)
@pytest.mark.parametrize("signing_in", [False, True], ids=["a request", "a sign-in"])
@pytest.mark.parametrize("name", NAMES)
def test_nobody_sees_a_secret_on_the_way_to_a_server(
    name: str, signing_in: bool, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    vendor = Vendor(name, signing_in=signing_in)

    async def story() -> None:
        async with await asyncio.start_server(vendor, "127.0.0.1", 0) as server:
            client = Client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", 4)
            session = Session(client, "2345", Credentials(EMAIL, KEY))
            try:
                await use(session, seen)
            finally:
                await client.close()

    asyncio.run(story(), debug=True)
    gc.collect(1)
    carried = [parse_qs(urlsplit(line.split(" ")[1]).query) for line in vendor.requests]
    assert carried[0]["token"] == [KEY]  # it did leave, and only it
    assert carried[0]["email"] == [EMAIL]
    assert all(("session_token" in query) != ("token" in query) for query in carried)
    assert any(line.startswith("httpx: HTTP Request: ") for line in seen.lines) or name in BREAKS or name == "silent"
    assert not [line for line in seen.lines if CANARY in line]


@pytest.mark.parametrize("name", ["reset", "crashed"])
def test_nobody_sees_a_secret_on_the_way_to_an_application(
    name: str, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        query = scope["query_string"].decode()
        if scope["path"] == "/account/authenticate":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": SIGNED_IN.partition(b"\r\n\r\n")[2]})
        elif name == "crashed":
            raise RuntimeError(f"a bug with {query}")
        else:
            raise ConnectionResetError(query)

    async def story() -> None:
        session = Session(Client("http://sandbox", 4, app=app), "2345", Credentials(EMAIL, KEY))
        await use(session, seen)
        await session.client.close()

    asyncio.run(story(), debug=True)
    assert not [line for line in seen.lines if CANARY in line]


def test_nobody_sees_a_secret_when_there_is_no_server(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)

    async def story() -> None:
        for base in ("http://127.0.0.1:1", "http://nobody.invalid", "https://127.0.0.1:1"):
            session = Session(Client(base, 4), "2345", Credentials(EMAIL, KEY))
            await use(session, seen)
            await session.client.close()

    asyncio.run(story(), debug=True)
    assert sum("cannot be reached" in line for line in seen.lines) > 3
    assert not [line for line in seen.lines if CANARY in line]


def test_the_eye_that_looks_would_see() -> None:
    """What httpx does with a token in an address, seen with the same eyes."""
    seen = Seen()

    async def story() -> None:
        hooks = {"request": [seen.request]}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(says_nothing), event_hooks=hooks) as client:
            try:
                (await client.get("http://x", params={"session_token": TOKEN})).raise_for_status()
            except httpx.HTTPStatusError as error:
                seen.error(error)

    asyncio.run(story())
    assert sum("canary-token" in line for line in seen.lines) >= 3


async def says_nothing(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body"})
