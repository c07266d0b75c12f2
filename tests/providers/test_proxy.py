"""A vendor behind a proxy: what the proxy hears, and what is made of every way in which it fails."""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from provisioner.providers import http
from provisioner.providers.base import Connection
from provisioner.providers.http import Answer, Client, LostError, Message, NeverSentError, Signature
from provisioner.providers.proxy import Proxy
from provisioner.providers.wire import ServerTransport
from tests.providers.test_wire import OK, START, Host, Serve, app_that, resets, says

PEM = Path(__file__).parents[1] / "vendor.pem"
"""A key and its own certificate, for vendor.invalid and 127.0.0.1."""
ASK = Message("POST", "/x", {"a": "b"}, {"c": 1})
PASSWORD = "Canary:p@ss"
SECRET = b64encode(f"me:{PASSWORD}".encode()).decode()
KEY = "CanaryKey"
Do = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def trusting(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Only this certificate is trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(PEM)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: context)
    return context


def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


@dataclass
class Gate:
    """A proxy that does as it is told once it was asked for a tunnel; `asked` are the heads that it heard."""

    do: Do
    asked: list[str] = field(default_factory=list)

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            await self.do(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def answers(content: bytes) -> Do:
    async def do(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()

    return do


async def is_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


def opens(port: int) -> Do:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()

    async def do(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pour(reader, back), pour(there, writer), return_exceptions=True)

    return do


def through(
    story: Callable[[Client], Awaitable[None]],
    *,
    serve: Serve | None = None,
    do: Do | None = None,
    proxy_speaks_tls: bool = False,
) -> tuple[Gate, Host]:
    """Run a story with a client of vendor.invalid, which only the proxy can find."""
    host = Host(serve or says(OK))
    gate = Gate(do or is_silent)

    async def told() -> None:
        async with AsyncExitStack() as stack:
            vendor = await stack.enter_async_context(await asyncio.start_server(host, "127.0.0.1", 0, ssl=certified()))
            if do is None:
                gate.do = opens(vendor.sockets[0].getsockname()[1])
            tls = certified() if proxy_speaks_tls else None
            server = await stack.enter_async_context(await asyncio.start_server(gate, "127.0.0.1", 0, ssl=tls))
            port = server.sockets[0].getsockname()[1]
            scheme = "https" if proxy_speaks_tls else "http"
            client = behind(Proxy(scheme, "127.0.0.1", port, authorization=f"Basic {SECRET}"))
            stack.push_async_callback(client.close)
            await story(client)

    asyncio.run(told())
    return gate, host


def behind(proxy: Proxy) -> Client:
    return Client("https://vendor.invalid/api", 4, proxy=proxy, secret=lambda _: Signature({"key": KEY}))


async def unsent(client: Client) -> NeverSentError:
    """The error of a request that did not leave; nothing secret hangs on it."""
    with pytest.raises(NeverSentError) as caught:
        await client.send(ASK)
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    assert len(str(error).splitlines()) == 1
    assert not [each for each in ("Canary", SECRET, KEY) if each in f"{error} {error!r}"]
    return error


# -- through it


@pytest.mark.parametrize("proxy_speaks_tls", [False, True])
def test_requests_go_through_one_tunnel_of_which_the_proxy_sees_the_name_only(proxy_speaks_tls: bool) -> None:
    async def story(client: Client) -> None:
        for _ in range(3):
            assert await client.send(ASK) == Answer(200, {})

    gate, host = through(story, proxy_speaks_tls=proxy_speaks_tls)
    assert host.requests == [f"POST /api/x?a=b&key={KEY}"] * 3
    (asked,) = gate.asked
    assert asked.startswith("CONNECT vendor.invalid:443 HTTP/1.1\r\n")
    assert f"proxy-authorization: basic {SECRET}\r\n".lower() in asked.lower()
    assert KEY not in asked
    for head in host.heads:
        assert SECRET not in head
        assert "proxy" not in head.lower()
        assert "content-length: 7\r\n" in head.lower()


def test_a_proxy_without_a_password_is_sent_none() -> None:
    async def story(client: Client) -> None:
        assert client.proxy
        client.proxy = Proxy("http", client.proxy.host, client.proxy.port)
        await client.send(ASK)

    gate, _ = through(story)
    assert "authorization" not in gate.asked[0].lower()


def test_an_application_in_this_process_is_behind_no_proxy() -> None:
    async def story() -> None:
        app = app_that(START, {"type": "http.response.body", "body": b"{}"})
        client = Client("https://vendor.invalid", 4, app=app, proxy=Proxy("http", "127.0.0.1", 1))
        assert await client.send(ASK) == Answer(200, {})
        await client.close()

    asyncio.run(story())


# -- nothing left


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"HTTP/1.1 407 Who are you\r\nproxy-authenticate: Basic\r\ncontent-length: 2\r\n\r\nno",
            "answered 407: give it in HTTPS_PROXY the user name and password that it wants",
        ),
        (
            b"HTTP/1.1 403 \x1b[31mme:Canary\r\ncontent-length: 0\r\n\r\n",
            "answered 403: ask whoever runs it, or list the host in NO_PROXY",
        ),
        (b"HTTP/1.1 502 No\r\n\r\n", "answered 502: ask whoever runs it, or list the host in NO_PROXY"),
        (
            b"HTTP/1.1 302 Found\r\nlocation: https://elsewhere.invalid/\r\n\r\n",
            "answered 302: ask whoever runs it, or list the host in NO_PROXY",
        ),
        (b"", "broke off: correct HTTPS_PROXY, or list the host in NO_PROXY"),
        (b"HTTP/1.1 200 O", "broke off: correct HTTPS_PROXY, or list the host in NO_PROXY"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "broke off: correct HTTPS_PROXY, or list the host in NO_PROXY"),
    ],
    ids=lambda each: each.split(b"\r\n")[0].decode() if isinstance(each, bytes) else "",
)
def test_a_refusal_by_the_proxy_is_told_apart(content: bytes, why: str) -> None:
    async def story(client: Client) -> None:
        assert client.proxy
        where = client.proxy.authority
        assert str(await unsent(client)) == f"vendor.invalid cannot be reached: the proxy {where} {why}"

    gate, host = through(story, do=answers(content))
    assert len(gate.asked) == 1
    assert host.connections == 0


def test_a_proxy_that_is_not_there() -> None:
    async def story() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
            for name, port in (("127.0.0.1", taken.getsockname()[1]), ("nobody.invalid", 3128)):
                client = behind(Proxy("http", name, port, "all_proxy", f"Basic {SECRET}"))
                assert str(await unsent(client)) == (
                    f"vendor.invalid cannot be reached: no connection to the proxy {name}:{port}: "
                    "correct all_proxy, or list the host in NO_PROXY"
                )
                await client.close()

    asyncio.run(story())


def test_a_silent_proxy_was_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(connect=10, read=10, write=10, pool=0.05))

    async def story(client: Client) -> None:
        error = await unsent(client)
        assert error.slow
        assert "no connection through the proxy 127.0.0.1:" in str(error)

    gate, _ = through(story, do=is_silent)
    assert len(gate.asked) == 1


def test_no_tls_through_the_tunnel_is_nothing_sent() -> None:
    async def story(client: Client) -> None:
        assert "no TLS through the proxy 127.0.0.1:" in str(await unsent(client))

    came = bytearray()

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        came.extend(await reader.read(4096))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    through(story, do=plain)
    assert came
    assert b"POST" not in came


def test_a_tunnel_that_breaks_before_tls_is_nothing_sent() -> None:
    async def story(client: Client) -> None:
        assert "broke off: correct HTTPS_PROXY" in str(await unsent(client))

    through(story, do=answers(b"HTTP/1.1 200 OK\r\n\r\n"))


def test_who_does_not_prove_to_be_the_vendor_is_sent_nothing() -> None:
    async def story(client: Client) -> None:
        client.base = "https://other.invalid"
        assert "other.invalid cannot be reached: no TLS through the proxy 127.0.0.1:" in str(await unsent(client))

    gate, host = through(story)
    assert gate.asked[0].startswith("CONNECT other.invalid:443 ")
    assert host.requests == []


# -- something left


def test_what_left_through_the_tunnel_and_was_not_answered_is_lost() -> None:
    async def story(client: Client) -> None:
        with pytest.raises(LostError, match=r"^vendor.invalid gave no answer"):
            await client.send(ASK)

    _, host = through(story, serve=resets)
    assert len(host.requests) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_a_tunnel_that_breaks_when_it_is_used_again_is_lost_too(method: str) -> None:
    async def serve(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await (says(OK) if number == 1 else resets)(number, reader, writer)

    async def story(client: Client) -> None:
        await client.send(ASK)
        with pytest.raises(LostError):
            await client.send(Message(method, "/x", {}, None))

    gate, host = through(story, serve=serve)
    assert (len(gate.asked), len(host.requests)) == (1, 2)


# -- its password


def test_no_repr_shows_the_password() -> None:
    proxy = Proxy("http", "proxy.example", 3128, authorization=f"Basic {SECRET}")
    transport = ServerTransport(httpx.Limits(), proxy)
    holders: list[Any] = [
        proxy,
        behind(proxy),
        Connection("https://vendor.invalid", "1", {}, proxy=proxy),
        transport,
        transport.proxy,
    ]
    assert not [each for each in holders if SECRET in f"{each} {each!r}"]
    assert transport.proxy
    assert transport.proxy.headers["proxy-authorization"] == f"Basic {SECRET}"


def test_the_address_of_a_proxy() -> None:
    assert Proxy("http", "proxy.example", 3128).url == "http://proxy.example:3128"
    assert Proxy("https", "2001:db8::1", 443).url == "https://[2001:db8::1]:443"
