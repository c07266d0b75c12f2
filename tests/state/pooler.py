"""A pooler of Postgres connections between a client and a real server, as PgBouncer is one.

With `sessions=1` every client's transactions go to one and the same session of the server, which is what pooling per
transaction comes to; with 0 each client has a session of its own. The process that a client is told of is made up.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle

SSL, GSS = 80877103, 80877104


def _exactly(peer: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = peer.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def _message(peer: socket.socket) -> tuple[bytes, bytes]:
    """The kind of a message, and all of its bytes."""
    head = _exactly(peer, 5)
    return head[:1], head + _exactly(peer, struct.unpack("!I", head[1:])[0] - 4)


def _startup(client: socket.socket) -> bytes:
    """What a client begins with; no encryption is offered."""
    while True:
        size = _exactly(client, 4)
        body = _exactly(client, struct.unpack("!I", size)[0] - 4)
        if struct.unpack("!I", body[:4])[0] not in (SSL, GSS):
            return size + body
        client.sendall(b"N")


class Pool:
    """One session that all share."""

    def __init__(self, port: int) -> None:
        self.port, self.lock = port, threading.Lock()
        self.shared: socket.socket | None = None

    def sign_in(self, client: socket.socket, own: bool) -> socket.socket:
        """The first client signs in at the server; the others are let in on its account."""
        start = _startup(client)
        if self.shared is not None and not own:
            client.sendall(b"R" + struct.pack("!II", 8, 0) + b"K" + struct.pack("!III", 12, 4242, 1) + b"Z\0\0\0\5I")
            return self.shared
        server = socket.create_connection(("127.0.0.1", self.port))
        server.sendall(start)
        while True:
            kind, data = _message(server)
            client.sendall(data if kind != b"K" else b"K" + struct.pack("!III", 12, 4242, 1))
            if kind == b"R" and struct.unpack("!I", data[5:9])[0] in (10, 11):
                server.sendall(_message(client)[1])
            if kind == b"Z":
                break
            if kind == b"E":
                raise ConnectionError
        self.shared = server
        return server

    def serve(self, client: socket.socket, own: bool) -> None:
        """Pass on one transaction after the other."""
        server = None
        with suppress(OSError), client:
            with self.lock:
                server = self.sign_in(client, own)
            while True:
                kind, data = _message(client)
                if kind == b"X":
                    break
                with self.lock:
                    self._transaction(client, server, kind, data)
        if own and server is not None:
            server.close()

    def _transaction(self, client: socket.socket, server: socket.socket, kind: bytes, data: bytes) -> None:
        while True:
            server.sendall(data)
            while kind not in (b"Q", b"S"):
                kind, data = _message(client)
                server.sendall(data)
            while True:
                answer, data = _message(server)
                client.sendall(data)
                if answer == b"Z":
                    break
            if data[5:] == b"I":
                return
            kind, data = _message(client)


@contextmanager
def pooled(port: int, sessions: int, poolers: int = 1) -> Iterator[int]:
    """The port of a pooler before a server; of several at one address, which take turns."""
    pools, listener = [Pool(port) for _ in range(poolers)], socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            for pool in cycle(pools):
                client, _ = listener.accept()
                threading.Thread(target=pool.serve, args=(client, not sessions), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for pool in pools:
            if pool.shared is not None:
                pool.shared.close()
