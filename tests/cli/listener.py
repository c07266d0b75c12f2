"""A server of somebody else's on this computer, credentials that must not reach it, and a workspace that has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

from tests.cli.command import Env, Ran, Workspace

KEY, EMAIL, PASSWORD = "CanaryKey+8f3a/==", "canary+x@secret.example", "CanaryPass word"
ENV = {"SETSTER_API_KEY": KEY, "SETSTER_EMAIL": EMAIL, "WEST_PASSWORD": PASSWORD}
CANARIES = (b"Canary", b"canary", *(each.encode() for each in (KEY, EMAIL, PASSWORD)))
SETTINGS = """\
version: 1
provider: setster
endpoint: {endpoint}
company_id: 2345
credentials: {{email: "${{env:SETSTER_EMAIL}}", api_key: "${{env:SETSTER_API_KEY}}"}}
"""


@dataclass
class Listener:
    """What arrived at a port of this computer, byte by byte; every request is answered as if it had worked."""

    port: int = 0
    location: str = ""
    """Where every request is sent on to, if anywhere."""
    heard: bytes = b""

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, request: bytes) -> bytes:
        data = {"session_token": "t", "user": {"nick_name": "elsewhere"}} if b"/authenticate" in request else []
        body = json.dumps({"statusCode": 0, "statusDescriptions": "OK", "data": data}).encode()
        status = f"302 Found\r\nLocation: {self.location}" if self.location else "200 OK"
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return f"{head}Connection: close\r\n\r\n".encode() + body


@contextmanager
def listening(location: str = "") -> Iterator[Listener]:
    """A listener at a free port, of every address of this computer."""
    listener = Listener(location=location)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(5)
            request = b""
            while b"\r\n\r\n" not in request and (more := self.request.recv(65536)):
                request += more
                listener.heard += more
            self.request.sendall(listener.answer(request))

    with ThreadingTCPServer(("0.0.0.0", 0), Handler) as server:
        listener.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield listener
        finally:
            server.shutdown()


def secretive_in(folder: Path) -> Workspace:
    """A workspace with one manifest and no settings yet."""
    folder.mkdir()
    workspace = Workspace(folder)
    workspace.write("menu.yaml", "services: {cut: {name: Cut, duration: 45 min}}\n")
    return workspace


def pointed(workspace: Workspace, endpoint: str) -> Workspace:
    """The same workspace with settings that name an endpoint and have credentials."""
    workspace.write("provisioner.yaml", SETTINGS.format(endpoint=endpoint))
    return workspace


def planned_at(workspace: Workspace, listener: Listener, more: Env) -> Ran:
    """A plan that asks the listener."""
    return checked(pointed(workspace, f"{listener.url}/api/v2")("plan", env={**ENV, **more}))


def assert_secret(data: bytes | str) -> None:
    """Nothing of the real credentials is in it."""
    data = data.encode() if isinstance(data, str) else data
    assert not [each for each in CANARIES if each in data], data


def checked(ran: Ran) -> Ran:
    """What was printed holds nothing of them either."""
    assert_secret(ran.out + ran.err)
    return ran
