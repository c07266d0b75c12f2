"""A sandbox whose refusals are in somebody else's words, served until a signal: `rude_sandbox.py DB WORDS`.

WORDS is a JSON file, read anew for each request: `{"words": ..., "sign_in": bool}`. Every write is refused with the
words; with `sign_in`, so is every sign-in. Each answer sets a cookie whose name is no name.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from provisioner.sandbox.app import create_app

COOKIE = b"##[error]rude=1; Path=/"


def rude(app: Any, told: Path) -> Any:
    """Refuse writes before they reach the sandbox."""

    async def refusing(scope: Any, receive: Any, send: Any) -> None:
        async def with_cookie(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), (b"set-cookie", COOKIE)]}
            await send(message)

        sign_in = scope["path"].endswith("/authenticate")
        asked = json.loads(told.read_text("utf-8"))  # noqa: ASYNC240 -- a few bytes, and nobody else is served meanwhile
        if asked["sign_in"] if sign_in else scope["method"] != "GET":
            status, code = (401, 2) if sign_in else (400, 1)
            body = json.dumps({"statusCode": code, "statusDescriptions": asked["words"], "data": []}).encode()
            await with_cookie(
                {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": body})
            return
        await app(scope, receive, with_cookie)

    return refusing


def main(db: str, told: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(rude(create_app(db), Path(told)), log_level="error", access_log=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])


main(*sys.argv[1:])
