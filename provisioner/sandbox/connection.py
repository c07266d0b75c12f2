"""A served request's connection, within reach of the fault that is to break it."""

from __future__ import annotations

import socket
import struct
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import Protocol
    from collections.abc import Callable, Iterator

# On, for 0 seconds: closing sends RST in place of FIN, so that the client reads a reset and not an empty answer.
_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection:
    """What uvicorn knows of one connection, found in a request's `scope["state"]` under `NAME`."""

    NAME = "connection"

    def __init__(self) -> None:
        self.protocol: Any = None
        self._held = False
        self._stopping = False

    def reset(self) -> None:
        """End the connection at once, with a RST."""
        transport = self.protocol.transport
        if not transport.is_closing():
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
            transport.abort()

    def close(self) -> None:
        """End the connection when all that was written has gone out."""
        self.protocol.transport.close()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep a client waiting in this block; `stop` then resets the connection."""
        self._held = True
        if self._stopping:
            self.reset()
        try:
            yield
        finally:
            self._held = False

    def stop(self) -> None:
        """Let nobody wait any more: the server ends."""
        self._stopping = True
        if self._held:
            self.reset()


def reachable(protocol: Callable[..., Protocol]) -> Callable[..., Protocol]:
    """Return uvicorn's protocol with its connection put into the state that it hands to each request."""

    def connect(*, app_state: dict[str, Any], **options: Any) -> Protocol:
        connection = Connection()
        connection.protocol = protocol(app_state={**app_state, Connection.NAME: connection}, **options)
        made: Protocol = connection.protocol
        return made

    return connect
