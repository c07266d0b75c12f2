"""Requests whose connection ends before their body does: nobody carries out half of what was meant."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.sandbox.conftest import API, served

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sandbox.conftest import Caller, Sandbox

FORM = b"application/x-www-form-urlencoded"
SECONDS = 60.0


def cut_off(sandbox: Sandbox, method: str, path: str, *parts: bytes) -> list[Any]:
    """Send parts of a body and hang up; return what was answered."""
    query = f"session_token={sandbox.token}&company_id={sandbox.company}".encode()
    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "query_string": query, "client": None}
    scope |= {"headers": [(b"content-type", FORM), (b"content-length", b"48"), (b"host", b"sandbox")]}
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    coming = iter([*messages, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(coming)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(sandbox.app(scope, receive, send))
    return sent


@pytest.mark.parametrize("parts", [(b"name=Headqua",), (b"name=", b"Headqua"), ()])
def test_what_was_cut_off_is_neither_done_nor_recorded(sandbox: Sandbox, parts: tuple[bytes, ...]) -> None:
    before = (sandbox.dump(), sandbox.control("GET", "/calls"))
    number = before[0]["locations"][0]["id"]
    for method, path in (("POST", "/location"), ("PUT", f"/location/{number}"), ("POST", "/account/saveOptions")):
        assert cut_off(sandbox, method, API + path, *parts) == []
    assert (sandbox.dump(), sandbox.control("GET", "/calls")) == before


def test_the_control_api_does_not_do_it_either(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/dialect", {"links": "merge"})
    cut_off(sandbox, "POST", "/_sandbox/reset", b"{")
    assert sandbox.control("GET", "/dialect")["links"] == "merge"


def names(caller: Caller) -> list[str]:
    return [each["name"] for each in caller.ok("GET", "/location")]


def test_a_server_goes_on_after_it(tmp_path: Path) -> None:
    with served(tmp_path / "sandbox.db") as server:
        before = names(server)
        address = urlsplit(server.url)
        signed = f"session_token={server.token}&company_id=2345"
        for path, body in ((f"{API}/location?{signed}", b"name=Headqua"), ("/_sandbox/reset", b"{")):
            head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM.decode()}\r\n"
            with socket.create_connection((address.hostname or "", address.port or 0), timeout=SECONDS) as line:
                line.sendall(head.encode() + b"Content-Length: 48\r\n\r\n" + body)
                line.shutdown(socket.SHUT_WR)
                assert line.recv(100) == b""
        assert names(server) == before
