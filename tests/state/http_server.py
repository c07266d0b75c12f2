"""A real server of the HTTP state protocol, as Terraform's own reference and GitLab have it, for tests to start.

It keeps one document per path. While it is locked, a document is taken with the lock's `?ID=` alone; a document whose
`serial` it has already is refused, as GitLab does. `/NAME/lock` is locked with POST and DELETE, `/NAME` with LOCK and
UNLOCK. Faults are told to it one by one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD = "ci", "s3cret-of-states"


@dataclass
class States:
    """What a server keeps, and what was asked of it."""

    documents: dict[str, bytes] = field(default_factory=dict)
    locks: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and the size of what came along."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """The next request of a method: `refuse` answers 503, `lose` does it and never answers, `drip` never
    ends its answer, `redirect`, `garbage`."""
    url: str = ""

    @property
    def posts(self) -> list[int]:
        """The sizes of the documents that came."""
        return [size for method, path, size in self.asked if method == "POST" and not path.endswith("/lock")]

    def body(self, name: str) -> dict[str, Any]:
        """A document."""
        found: dict[str, Any] = json.loads(self.documents[name])
        return found


def _handler(states: States) -> type[BaseHTTPRequestHandler]:
    mutex = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base's own name
            pass

        def any(self) -> None:
            """One request."""
            parts = urlsplit(self.path)
            data = self.rfile.read(int(self.headers.get("content-length") or 0))
            with mutex:
                states.asked.append((self.command, parts.path, len(data)))
                fault = next((each for each in states.faults if each[0] == self.command), None)
                if fault:
                    states.faults.remove(fault)
                if fault and fault[1] == "drip":
                    self.drip()
                    return
                if fault and fault[1] in ("refuse", "redirect", "garbage"):
                    code = {"refuse": 503, "redirect": 302, "garbage": 200}[fault[1]]
                    self.answer(code, b"<html>" if code == 200 else b"")
                    return
                code, body = self.carried_out(parts.path, parse_qs(parts.query).get("ID", [""])[0], data)
            if fault and fault[1] == "lose":
                self.close_connection = True
                return
            self.answer(code, body)

        def drip(self) -> None:
            """An answer that never ends, until nobody reads it any more."""
            self.send_response(200)
            self.send_header("content-length", "1000000")
            self.end_headers()
            self.close_connection = True
            with suppress(OSError):
                for _ in range(3000):
                    self.wfile.write(b" ")
                    time.sleep(0.01)

        def answer(self, code: int, body: bytes) -> None:
            self.send_response(code)
            if code == 302:
                self.send_header("location", "/elsewhere")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def carried_out(self, path: str, lock: str, data: bytes) -> tuple[int, bytes]:
            if self.headers.get("authorization") != "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode():
                return 401, b""
            if data and self.headers.get("content-md5") != base64.b64encode(hashlib.md5(data).digest()).decode():
                return 400, b""
            name = path.removesuffix("/lock")
            if self.command == "LOCK" or (self.command == "POST" and path.endswith("/lock")):
                return self.locked(name, data)
            if self.command == "UNLOCK" or (self.command == "DELETE" and path.endswith("/lock")):
                return self.unlocked(name, lock or json.loads(data or b"{}").get("ID", ""))
            if self.command == "GET":
                return (200, states.documents[name]) if name in states.documents else (404, b"")
            if lock != json.loads(states.locks.get(name, b"{}")).get("ID", ""):
                return 409, states.locks.get(name, b"")
            if self.command == "DELETE":
                states.documents.pop(name, None)
                return 200, b""
            return self.posted(name, data)

        def posted(self, name: str, data: bytes) -> tuple[int, bytes]:
            given = json.loads(data)
            if name in states.documents and given["serial"] <= json.loads(states.documents[name])["serial"]:
                return 422, b"duplicate key value violates unique constraint"
            states.documents[name] = data
            return 200, b""

        def locked(self, name: str, data: bytes) -> tuple[int, bytes]:
            if name in states.locks:
                return 423, states.locks[name]
            info = json.loads(data)
            if not {"ID", "Operation", "Info", "Who", "Version", "Created", "Path"} <= info.keys():
                return 400, b""
            states.locks[name] = data
            return 200, data

        def unlocked(self, name: str, lock: str) -> tuple[int, bytes]:
            if json.loads(states.locks.get(name, b"{}")).get("ID", "") != lock:
                return 409, b""
            del states.locks[name]
            return 200, b""

    for method in ("GET", "POST", "DELETE", "LOCK", "UNLOCK"):
        setattr(Handler, f"do_{method}", Handler.any)
    return Handler


@contextmanager
def states() -> Iterator[States]:
    """A server that runs until the block ends."""
    kept = States()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(kept)) as server:
        server.daemon_threads = True
        kept.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield kept
        finally:
            server.shutdown()
