"""A proxy on this computer that notes who is asked for, refuses, or is the vendor itself behind its own tunnel."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

from tests.cli.listener import Listener

PEM = Path(__file__).parents[1] / "vendor.pem"
"""A key and its own certificate, for vendor.invalid."""


@dataclass
class Gate:
    """What a proxy was asked for, and what went through its tunnels."""

    status: str
    """What it answers; after 200 it goes on as the vendor."""
    port: int = 0
    asked: list[bytes] = field(default_factory=list)
    heard: bytes = b""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


def _head(connection: Any) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
        head += more
    return head


@contextmanager
def gated(status: str = "200 Connection established") -> Iterator[Gate]:
    """A proxy at a free port."""
    gate = Gate(status)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(10)
            gate.asked.append(_head(self.request))
            self.request.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
            if status.startswith("200"):
                with suppress(OSError), context.wrap_socket(self.request, server_side=True) as inside:
                    request = _head(inside)
                    gate.heard += request
                    inside.sendall(Listener().answer(request))

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        gate.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield gate
        finally:
            server.shutdown()
