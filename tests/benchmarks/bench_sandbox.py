"""Small creates and reads per second of a served sandbox, beside a bare server and bare SQLite on the same machine.

The bare server is the same uvicorn with a Starlette app that answers a constant; bare SQLite is a process that inserts
the same row, one transaction each, into a file with the sandbox's settings. Rounds are interleaved, and medians are
printed: of requests per second, and of the server's own CPU time, which a busy machine disturbs less.
`bench_sandbox.py [REQUESTS [ROUNDS [CONNECTIONS]]]`; the client and the server have a core each at best.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

BARE = """
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ANSWER = b'{"statusCode":0,"statusDescriptions":"OK","data":{}}'

async def constant(request: Request) -> Response:
    await request.body()
    return Response(ANSWER, media_type="application/json")

class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}", flush=True)

app = Starlette(routes=[Route("/{path:path}", constant, methods=["GET", "POST"])])
Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, lifespan="off", proxy_headers=False)).run()
"""
SANDBOX = """
import sys
from provisioner.sandbox.serve import run
run(sys.argv[1], on_ready=lambda url: print(url, flush=True))
"""
LOCATION = {"name": "Spa", "city": "Rome", "phone": "555-0100"}
TICK = os.sysconf("SC_CLK_TCK")


class Server(NamedTuple):
    """A server under load."""

    url: str
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU time that its process has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK


class Rate(NamedTuple):
    """What one round came to: requests per second, and microseconds of the server's CPU time for each."""

    per_second: float
    cpu: float


@contextmanager
def started(code: str, *arguments: str) -> Iterator[Server]:
    """Run a server that prints its address."""
    with subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()


def signed_in(url: str) -> str:
    """Return the query that every call to the sandbox carries."""
    ask = f"{url}/api/v2/account/authenticate?email=owner@example.com&token=sandbox-key&company_id=2345"
    with build_opener(ProxyHandler({})).open(Request(ask, method="POST"), timeout=60) as answer:
        token = json.load(answer)["data"]["session_token"]
    return f"session_token={token}&company_id=2345"


def message(server: Server, method: str, path: str, body: bytes = b"") -> bytes:
    """Write a request as it goes over the line."""
    head = f"{method} {path} HTTP/1.1\r\nhost: {server.url[7:]}\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


async def send(server: Server, request: bytes, count: int, connections: int) -> None:
    """Send a request so many times, over several connections that stay open; every answer has to be a success."""
    host, _, port = server.url[7:].partition(":")

    async def one(times: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for _ in range(times):
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
            answer = await reader.readexactly(length)
            assert head.startswith(b"http/1.1 200"), head
            assert answer.startswith(b'{"statusCode":0,'), answer
        writer.close()

    await asyncio.gather(*(one(count // connections) for _ in range(connections)))


def measure(server: Server, request: bytes, count: int, connections: int) -> Rate:
    """Time one round."""
    cpu, start = server.cpu(), time.perf_counter()
    asyncio.run(send(server, request, count, connections))
    took = time.perf_counter() - start
    return Rate(count / took, (server.cpu() - cpu) / count * 1e6)


def bare_inserts(folder: Path, count: int) -> Rate:
    """Insert the row that a create ends in, one transaction each."""
    with TemporaryDirectory(dir=folder) as place:
        db = sqlite3.connect(Path(place) / "bare.db", isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute("CREATE TABLE objects(id INTEGER PRIMARY KEY, company_id INTEGER, body TEXT)")
        body = json.dumps(LOCATION | {"more": "x" * 400})
        cpu, start = time.process_time(), time.perf_counter()
        for _ in range(count):
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO objects VALUES (NULL, 2345, ?)", (body,))
            db.execute("COMMIT")
        took, spent = time.perf_counter() - start, time.process_time() - cpu
        db.close()
    return Rate(count / took, spent / count * 1e6)


def main(count: int = 4000, rounds: int = 5, connections: int = 8) -> None:
    """Print one line for each kind of request, with its ratio to the bare server."""
    with ExitStack() as open_:
        folder = Path(open_.enter_context(TemporaryDirectory()))
        bare = open_.enter_context(started(BARE))
        sandbox = open_.enter_context(started(SANDBOX, str(folder / "sandbox.db")))
        query, body = signed_in(sandbox.url), json.dumps(LOCATION).encode()
        first = "/api/v2/location/118201"
        kinds: dict[str, Callable[[], Rate]] = {
            "bare server": lambda: measure(bare, message(bare, "POST", "/x", body), count, connections),
            "bare SQLite": lambda: bare_inserts(folder, count),
            "create": lambda: measure(
                sandbox, message(sandbox, "POST", f"/api/v2/location?{query}", body), count, connections
            ),
            "read": lambda: measure(sandbox, message(sandbox, "GET", f"{first}?{query}"), count, connections),
        }
        measured: dict[str, list[Rate]] = {kind: [] for kind in kinds}
        for _ in range(rounds):
            for kind, run in kinds.items():
                measured[kind].append(run())
    report({kind: Rate(*map(median, zip(*rates, strict=True))) for kind, rates in measured.items()})


def report(medians: dict[str, Rate]) -> None:
    """Print the medians."""
    server = medians["bare server"]
    print(f"{'':12} {'per second':>11} {'of bare':>8} {'CPU µs':>8} {'x bare':>7}")
    for kind, rate in medians.items():
        of_bare, times = rate.per_second / server.per_second, rate.cpu / server.cpu
        print(f"{kind:12} {rate.per_second:11,.0f} {of_bare:8.0%} {rate.cpu:8.0f} {times:7.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
