"""Serving the sandbox over HTTP, to this computer only."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

import uvicorn

from provisioner.sandbox.app import create_app
from provisioner.sandbox.connection import Connection, reachable
from provisioner.sandbox.guard import Named

if TYPE_CHECKING:
    import asyncio
    import os
    from collections.abc import Callable, Iterator, Mapping

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Server(uvicorn.Server):
    """A server that says when it is ready and ends quietly when asked to."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.config.http_protocol_class = cast("type[asyncio.Protocol]", reachable(self.config.http_protocol_class))
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for protocol in list(self.server_state.connections):
            protocol.app_state[Connection.NAME].stop()
        self._stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again when it is done, which would end the process before the store is closed.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        wanted = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self.handle_exit) for each in wanted}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def run(
    db: str | os.PathLike[str],
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    company_id: int = 2345,
    email: str = "owner@example.com",
    api_key: str = "sandbox-key",
    dialect: Mapping[str, str] | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve a sandbox until SIGINT or SIGTERM; port 0 takes a free one, and `on_ready` gets the URL.

    `company_id` and `email` are those of the first account of a new file, and `api_key` signs in to all.

    A host other than this computer's loopback is a ValueError: the sandbox guards nothing. Nor is a request answered
    that calls it by another name: a web page whose name was made to lead here could read everything.
    """
    if host not in LOOPBACK:
        raise ValueError(f"the sandbox serves this computer only: {host} is none of {', '.join(LOOPBACK)}")
    with _listen(host, port) as listener:
        app = create_app(db, company_id=company_id, email=email, api_key=api_key, dialect=dialect)
        try:
            config = uvicorn.Config(
                Named(app),
                log_level="warning",
                access_log=False,
                lifespan="off",
                proxy_headers=False,  # nobody stands between the sandbox and its client
                timeout_graceful_shutdown=3,
            )
            url = _url(host, listener)
            server = _Server(config, lambda: on_ready(url) if on_ready else None, app.state.courier.stop)
            server.run(sockets=[listener])
        finally:
            app.state.store.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    # asyncio sends small answers at once only where the socket says that it is TCP; elsewhere they wait for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _url(host: str, listener: socket.socket) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}"
