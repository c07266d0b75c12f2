"""Faults on real connections: what is on the wire, who else is served meanwhile, and how the server ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.sandbox.conftest import API, WAYS, Met, open_sandbox, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.conftest import Served

PATIENCE = 60.0
SPA = {"name": "Spa"}
SERVERS = [way for way, without in WAYS.items() if without is not None]
HANGING: list[dict[str, Any]] = [
    {"fault": "timeout"},
    {"fault": "timeout", "executed": False},
    {"fault": "slow", "seconds": 300},
    {"fault": "late", "seconds": 300, "answer": "timeout"},
]


@pytest.fixture(scope="module", params=SERVERS)
def serving(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served") / "sandbox.db", *(WAYS[request.param] or ())) as sandbox:
        yield sandbox


@pytest.fixture
def server(serving: Served) -> Served:
    serving.control("POST", "/reset")
    serving.sign_in()
    return serving


def dial(server: Served, method: str = "GET") -> socket.socket:
    """Send a signed request over a socket of its own."""
    url = httpx.URL(server.url)
    line = socket.create_connection((url.host, url.port or 0), timeout=PATIENCE)
    path = f"{API}/location?session_token={server.token}"
    body = '{"name": "Spa"}' if method == "POST" else ""
    line.sendall(f"{method} {path} HTTP/1.1\r\nHost: {url.host}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
    return line


def until_struck(server: Served, times: int = 1) -> None:
    """Wait until so many requests have run into the script."""
    end = time.monotonic() + PATIENCE
    while sum(rule["struck"] for rule in server.control("GET", "/faults")["rules"]) < times:
        assert time.monotonic() < end


def everything(line: socket.socket) -> bytes:
    """What comes until the connection is closed."""
    return b"".join(iter(lambda: line.recv(65_536), b""))


def test_a_reset_is_one_on_the_wire(server: Served) -> None:
    server.script({"fault": "reset"})
    with dial(server) as line, pytest.raises(ConnectionResetError):
        line.recv(1)


def test_less_comes_than_was_announced(server: Served) -> None:
    server.script({"fault": "truncate"})
    with dial(server, "POST") as line:
        head, _, body = everything(line).partition(b"\r\n\r\n")
    announced = next(h for h in head.split(b"\r\n") if h.startswith(b"content-length: ")).split()[1]
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert len(body) == int(announced) // 2
    assert body.startswith(b'{"statusCode":0,')


def test_a_silent_connection_is_dropped_in_the_end(server: Served) -> None:
    server.script({"fault": "timeout", "seconds": 0.01})
    with dial(server) as line, pytest.raises(ConnectionResetError):
        line.recv(1)


def test_a_client_that_gives_up_has_had_its_work_done(server: Served) -> None:
    server.script({"fault": "timeout", "method": "POST"})
    server.client.timeout = httpx.Timeout(PATIENCE, read=0.2)
    assert server.attempt("POST", "/location", SPA) == Met("timeout")
    server.client.timeout = httpx.Timeout(PATIENCE)
    until_struck(server)
    assert len(server.dump()["locations"]) == 2


@pytest.mark.parametrize("rule", HANGING, ids=str)
def test_others_go_on_while_one_hangs(server: Served, rule: dict[str, Any]) -> None:
    server.script(rule, {"fault": "slow", "seconds": 300})
    with dial(server) as first, dial(server) as second:
        until_struck(server, 2)
        for _ in range(20):
            server.ok("GET", "/location")
        for line in (first, second):
            line.settimeout(0.01)
            with pytest.raises(TimeoutError):
                line.recv(1)
    server.ok("GET", "/location")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent the POSIX way")
@pytest.mark.parametrize("way", SERVERS)
def test_the_server_stops_while_clients_wait(tmp_path: Path, way: str) -> None:
    with served(tmp_path / "sandbox.db", *(WAYS[way] or ())) as server:
        server.script(*HANGING)
        lines = [dial(server) for _ in HANGING]
        until_struck(server, len(HANGING))
        os.kill(server.process.pid, signal.SIGTERM)
        # It would complain of requests that it had to cancel, and `served` does not let that pass.
        assert server.process.wait(PATIENCE) == 0
    for line in lines:
        with line, pytest.raises(ConnectionResetError):
            line.recv(1)


def test_the_embedded_sandbox_runs_into_what_a_served_one_was_told(tmp_path: Path) -> None:
    embedded = open_sandbox(tmp_path / "sandbox.db")
    with served(tmp_path / "sandbox.db") as server:
        server.script({"fault": "reset", "times": 2})
        embedded.token = server.token
        met = [each.attempt("GET", "/account").end for each in (embedded, server, embedded, server)]
    embedded.close()
    assert met == ["reset", "reset", 200, 200]


def test_others_go_on_in_process_too(tmp_path: Path) -> None:
    sandbox = open_sandbox(tmp_path / "sandbox.db")
    sandbox.script({"fault": "slow", "seconds": 300})
    query = {"session_token": sandbox.token}

    async def hang() -> int:
        transport = httpx.ASGITransport(app=sandbox.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
            slow = asyncio.ensure_future(client.get(f"{API}/location", params=query))
            while (await client.get("/_sandbox/faults")).json()["rules"][0]["struck"] == 0:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0)
            answer = await client.get(f"{API}/location", params=query)
            assert not slow.done()
            slow.cancel()
            return answer.status_code

    assert sandbox.runner.run(hang()) == 200
    sandbox.close()
