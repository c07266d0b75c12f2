"""What is made of every way in which a connection fails: had anything left? And nothing leaves twice by itself."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
import pytest

from provisioner.providers import http
from provisioner.providers.http import Answer, Client, LostError, Message, NeverSentError, Signature
from provisioner.providers.in_process import InProcess
from provisioner.providers.setster.session import Credentials, Session
from provisioner.providers.verdict import Errand, Purpose
from tests.providers.leaping import leap

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter
Serve = Callable[[int, Reader, Writer], Awaitable[None]]
CERTIFICATES = cache(httpx.create_ssl_context)
RST = struct.pack("ii", 1, 0)
ASK = Message("POST", "/x", {"a": "b"}, {"c": 1})
BODIES: tuple[Any, ...] = (None, {})
ALL = [ASK, *(Message(method, "/x", {}, body) for method in ("GET", "DELETE", "PUT") for body in BODIES)]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"


@pytest.fixture(autouse=True)
def certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read once: that is what takes the time here."""
    monkeypatch.setattr(httpx, "create_ssl_context", CERTIFICATES)


class Host:
    """A server that does as it is told with every request; `requests` are the lines that came."""

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.requests: list[str] = []
        self.heads: list[str] = []
        self.bodies: list[bytes] = []
        self.connections = 0

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next((h for h in head.lower().split("\r\n") if h.startswith("content-length:")), ":0")
                self.bodies.append(await reader.readexactly(int(length.split(":")[1])))
                self.requests.append(head.split(" HTTP")[0])
                self.heads.append(head)
                await self.serve(len(self.requests), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def talk(serve: Serve, story: Callable[[Client, Host], Awaitable[None]], **more: Any) -> Host:
    """Run a story with a client of a server on a socket."""
    host = Host(serve)

    async def told() -> None:
        async with await asyncio.start_server(host, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            client = Client(f"http://127.0.0.1:{port}", 4, **more)
            try:
                await story(client, host)
            finally:
                await client.close()

    asyncio.run(told())
    return host


def says(content: bytes) -> Serve:
    async def serve(_number: int, _reader: Reader, writer: Writer) -> None:
        writer.write(content)
        await writer.drain()

    return serve


def says_and_closes(content: bytes) -> Serve:
    async def serve(number: int, reader: Reader, writer: Writer) -> None:
        await says(content)(number, reader, writer)
        writer.close()
        raise ConnectionResetError

    return serve


async def resets(_number: int, _reader: Reader, writer: Writer) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    writer.transport.abort()
    raise ConnectionResetError


async def hangs(_number: int, reader: Reader, _writer: Writer) -> None:
    await reader.read()


async def trickles(_number: int, _reader: Reader, writer: Writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


BREAKS = {
    "reset": resets,
    "closed": says_and_closes(b""),
    "half a head": says_and_closes(b"HTTP/1.1 200 OK\r\ncontent-le"),
    "half a body": says_and_closes(b'HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n{"statusCode": 0'),
    "half a chunk": says_and_closes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{}"),
    "no gzip": says(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}"),
    "no HTTP": says_and_closes(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    "a silly status": says_and_closes(b"HTTP/1.1 2000000 OK\r\n\r\n"),
    "a head without end": says_and_closes(b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000),
}


@pytest.mark.parametrize("message", ALL, ids=lambda each: f"{each.method} {each.body}")
@pytest.mark.parametrize("name", BREAKS)
def test_what_left_and_was_not_answered_is_lost_and_left_once(name: str, message: Message) -> None:
    async def story(client: Client, host: Host) -> None:
        with pytest.raises(LostError, match=r"^127.0.0.1:\d+ gave no answer"):
            await client.send(message)
        assert len(host.requests) == 1

    talk(BREAKS[name], story)


@pytest.mark.parametrize("message", ALL, ids=lambda each: f"{each.method} {each.body}")
def test_a_connection_that_breaks_when_it_is_used_again_is_lost_too(message: Message) -> None:
    """Clients like to send such a request again by themselves."""

    async def serve(number: int, reader: Reader, writer: Writer) -> None:
        await (says(OK) if number == 1 else resets)(number, reader, writer)

    async def story(client: Client, host: Host) -> None:
        assert (await client.send(ASK)).status == 200
        with pytest.raises(LostError):
            await client.send(message)
        assert len(host.requests) == 2
        assert host.connections == 1

    talk(serve, story)


def test_what_could_not_leave_is_told_apart() -> None:
    async def story() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
            client = Client(f"http://127.0.0.1:{taken.getsockname()[1]}", 4)
            for method in ("GET", "POST", "PUT"):
                with pytest.raises(NeverSentError, match="cannot be reached: no connection"):
                    await client.send(replace(ASK, method=method))
            await client.close()

    asyncio.run(story())


def test_a_name_that_nobody_has_is_no_connection() -> None:
    async def story() -> None:
        client = Client("http://nobody.invalid", 4)
        with pytest.raises(NeverSentError, match=r"nobody\.invalid cannot be reached"):
            await client.send(ASK)
        await client.close()

    asyncio.run(story())


def test_a_server_that_does_not_speak_tls_was_sent_nothing() -> None:
    came = bytearray()

    async def plain(reader: Reader, writer: Writer) -> None:
        came.extend(await reader.read(4096))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def story() -> None:
        async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
            client = Client(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", 4)
            with pytest.raises(NeverSentError):
                await client.send(ASK)
            await client.close()

    asyncio.run(story())
    assert came
    assert b"POST" not in came


def test_silence_is_lost_and_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(connect=10, read=0.05, write=10, pool=10))

    async def story(client: Client, host: Host) -> None:
        with pytest.raises(LostError, match="ReadTimeout") as caught:
            await client.send(ASK)
        assert caught.value.slow
        assert client.slots.limit == 2
        assert len(host.requests) == 1

    talk(hangs, story)


def test_an_answer_that_trickles_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LONGEST", 0.1)

    async def story(client: Client, _host: Host) -> None:
        with pytest.raises(LostError, match="TimeoutError") as caught:
            await client.send(ASK)
        assert caught.value.slow

    talk(trickles, story)


def test_all_four_time_outs_are_set() -> None:
    assert all(http.TIMEOUT.as_dict().values())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["/elsewhere", "http://127.0.0.1:1/", "::not a place::", "http://[", "\x7f"])
def test_a_redirect_is_an_answer_and_never_followed(status: int, where: str) -> None:
    content = f"HTTP/1.1 {status} Moved\r\nlocation: {where}\r\ncontent-length: 0\r\n\r\n".encode()

    async def story(client: Client, host: Host) -> None:
        assert await client.send(ASK) == Answer(status)
        assert host.requests == ["POST /x?a=b"]

    talk(says(content), story)


@pytest.mark.parametrize("message", ALL, ids=lambda each: f"{each.method} {each.body}")
def test_a_request_without_a_body_announces_none(message: Message) -> None:
    async def story(client: Client, host: Host) -> None:
        await client.send(message)
        head = host.heads[0].lower()
        assert "transfer-encoding" not in head
        assert ("content-type: application/json" in head) == (message.body is not None)
        if message.body is not None or message.method == "GET":
            assert ("content-length" in head) == (message.body is not None)

    talk(says(OK), story)


TEXTS = {"none": None, "empty": {}, "short": {"name": "Zoë"}, "long": {"description": "ä\n" * 200_000}}


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_a_sign_in_and_every_write_say_how_long_they_are(body: Any) -> None:
    """Some gateways refuse what comes in chunks, and a POST or PUT that does not say."""
    data = {"session_token": "t", "user": {}}
    content = json.dumps({"statusCode": 0, "statusDescriptions": "OK", "data": data}).encode()
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(content), content)
    errand = Errand(Purpose.UPDATE)

    async def story(client: Client, host: Host) -> None:
        session = Session(client, "2345", Credentials("ana@example.com", "key"))
        await session.sign_in()
        for method in ("POST", "PUT", "DELETE"):
            assert (await session.write(method, "/x", "2345", body, errand=errand, sending=lambda: None)).ok
        assert host.requests[0].startswith("POST /account/authenticate?")
        sent = [
            b"",
            *([b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()] * 3),
        ]
        assert host.bodies == sent
        for head, expected in zip(host.heads, sent, strict=True):
            lines = head.lower().split("\r\n")
            assert not [each for each in lines if each.startswith("transfer-encoding")]
            lengths = [each for each in lines if each.startswith("content-length")]
            assert lengths == [f"content-length: {len(expected)}"]

    talk(says(answer), story)


def test_no_cookie_is_kept() -> None:
    content = OK.replace(b"\r\n\r\n", b"\r\nset-cookie: PHPSESSID=of-someone; path=/\r\n\r\n")

    async def story(client: Client, host: Host) -> None:
        for _ in range(2):
            await client.send(ASK)
        assert not any("cookie" in head.lower() for head in host.heads)

    talk(says(content), story)


def test_the_environment_does_not_say_where_requests_go(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def story(client: Client, _host: Host) -> None:
        assert (await client.send(ASK)).status == 200

    talk(says(OK), story)


def test_a_connection_is_used_again() -> None:
    async def story(client: Client, host: Host) -> None:
        for _ in range(5):
            await client.send(ASK)
        assert host.connections == 1

    talk(says(OK), story)


def test_a_request_is_signed_in_its_query_or_its_headers() -> None:
    async def story(client: Client, host: Host) -> None:
        client.secret = lambda signs_in: Signature({"key": "k"}) if signs_in else Signature({}, {"authorization": "t"})
        await client.send(ASK)
        await client.send(replace(ASK, signs_in=True))
        assert host.requests == ["POST /x?a=b", "POST /x?a=b&key=k"]
        assert ["authorization: t" in head for head in host.heads] == [True, False]

    talk(says(OK), story)


@pytest.mark.parametrize(
    ("header", "seconds"), [("retry-after: 3", 3.0), ("Retry-After: 100000", 120.0), ("retry-after: x", None)]
)
def test_a_time_to_come_back_is_read(header: str, seconds: float | None) -> None:
    content = f"HTTP/1.1 400 Bad\r\n{header}\r\ncontent-length: 2\r\n\r\n[]".encode()

    async def story(client: Client, _host: Host) -> None:
        assert await client.send(ASK) == Answer(400, [], seconds)

    talk(says(content), story)


# -- in process


def app_that(*events: dict[str, Any] | BaseException) -> Any:
    """An application that sends this, and then ends or raises."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for event in events:
            if isinstance(event, BaseException):
                raise event
            await send(event)

    return app


START = {"type": "http.response.start", "status": 200, "headers": []}
LONG = {**START, "headers": [(b"Content-Length", b"7")]}
MORE, END = {"type": "http.response.body", "body": b"{}", "more_body": True}, {"type": "http.response.body"}


@pytest.mark.parametrize(
    ("events", "slow"),
    [
        ((), False),
        ((START,), False),
        ((START, MORE), False),
        ((LONG, MORE, END), False),
        ((ConnectionResetError(),), False),
        ((ConnectionAbortedError(),), False),
        ((BrokenPipeError(),), False),
        ((TimeoutError(),), True),
        ((START, MORE, ConnectionResetError()), False),
        ((START, MORE, END, ConnectionResetError()), False),
        ((RuntimeError("a bug"),), False),
    ],
    ids=str,
)
def test_an_application_without_an_answer_is_a_lost_answer(events: Any, slow: bool) -> None:
    async def story() -> None:
        client = Client("http://sandbox", 4, app=app_that(*events))
        with pytest.raises(LostError, match="the sandbox gave no answer") as caught:
            await client.send(ASK)
        assert caught.value.slow is slow
        await client.close()

    asyncio.run(story())


def test_an_application_is_asked_as_a_server_asks_it() -> None:
    seen: dict[str, Any] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.update(scope, body=(await receive())["body"])
        gone = asyncio.create_task(receive())
        await asyncio.sleep(0)
        assert not gone.done()
        await send(START)
        await send(MORE)
        await send(END)
        assert (await gone)["type"] == "http.disconnect"

    async def story() -> None:
        client = Client("http://sandbox:81/api", 4, app=app, secret=lambda _: Signature({"key": "k"}))
        assert await client.send(ASK) == Answer(200, {})
        await client.close()

    asyncio.run(story())
    assert (seen["method"], seen["path"], seen["query_string"], seen["body"]) == (
        "POST",
        "/api/x",
        b"a=b&key=k",
        b'{"c":1}',
    )
    assert seen["server"] == ("sandbox", 81)


def test_the_end_of_the_process_is_no_lost_answer() -> None:
    class DeathError(BaseException):
        pass

    async def story() -> None:
        transport = InProcess(app_that(DeathError()))
        with pytest.raises(DeathError):
            await transport.handle_async_request(httpx.Request("GET", "http://sandbox/"))

    asyncio.run(story())


# -- what a request does to the others


@pytest.mark.parametrize(
    ("events", "limit"),
    [
        (({**START, "status": 429}, END), 2),
        (({**START, "status": 503}, END), 2),
        ((TimeoutError(),), 2),
        ((ConnectionResetError(),), 4),
        (({**START, "status": 500}, END), 4),
        (({**START, "status": 404}, END), 4),
    ],
    ids=str,
)
def test_trouble_and_only_trouble_lets_fewer_out_at_once(events: Any, limit: int) -> None:
    async def story(clock: Any) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await clock.sleep(1)
            await app_that(*events)(scope, receive, send)

        client = Client("http://sandbox", 16, app=app, clock=clock)
        await asyncio.gather(*(client.send(ASK) for _ in range(4)), return_exceptions=True)
        assert client.slots.limit == limit
        assert client.slots._taken == 0
        await client.close()

    leap(story)


def test_a_request_that_is_cancelled_gives_its_slot_back() -> None:
    async def story(clock: Any) -> None:
        async def app(_scope: Any, _receive: Any, _send: Any) -> None:
            await clock.sleep(1000)

        client = Client("http://sandbox", 2, app=app, clock=clock)
        tasks = [asyncio.create_task(client.send(ASK)) for _ in range(6)]
        await clock.sleep(1)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert client.slots._taken == 0
        await client.close()

    leap(story)
