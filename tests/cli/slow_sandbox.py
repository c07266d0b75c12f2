"""A sandbox whose writes take their time, served until a signal: `slow_sandbox.py DB PACE`.

PACE is a file with the seconds that each write takes; it is read anew for each.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from provisioner.sandbox.app import create_app


def slow(app: Any, pace: Path) -> Any:
    """Wait before a write is carried out, and again before it is answered."""

    async def between(scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "GET" or scope["path"].endswith("/authenticate"):
            await app(scope, receive, send)
            return
        seconds = float(pace.read_text())  # noqa: ASYNC240 -- a few bytes, and nobody else is served meanwhile

        async def later(message: Any) -> None:
            if message["type"] == "http.response.start":
                await asyncio.sleep(seconds / 2)
            await send(message)

        await asyncio.sleep(seconds / 2)
        await app(scope, receive, later)

    return between


def main(db: str, pace: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        app = slow(create_app(db), Path(pace))
        config = uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])


main(*sys.argv[1:])
