"""Who may come in: programs of this computer, and no web page that a browser on it happens to show.

A page from elsewhere can make a browser send requests to loopback. When its own name is made to lead there (DNS
rebinding), the Host header still has that name; when it asks openly, Origin or Sec-Fetch-Site say where it is from.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

# What a client in this process calls the sandbox: it needs no name, but HTTP wants one. One that is served has others.
_IN_PROCESS = "sandbox"
_FOREIGN_NAME = "the Host header names another computer: use http://127.0.0.1 or http://localhost"
_READS = ("GET", "HEAD", "OPTIONS")
_FOREIGN_SITES = ("cross-site", "same-site")


class Guarded:
    """An ASGI app around another one, which answers 403 with `{error}` to whom `objection` finds something against."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        reason = objection(scope["method"], headers, scope.get("client"))
        answer = self._app if reason is None else JSONResponse({"error": reason}, 403)
        await answer(scope, receive, send)


class Named:
    """An ASGI app around another one, which answers 403 with `{error}` when it is called by a foreign name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = next((value for name, value in scope.get("headers", ()) if name == b"host"), b"")
        answer = self._app if is_own(host.decode("latin-1")) else JSONResponse({"error": _FOREIGN_NAME}, 403)
        await answer(scope, receive, send)


def objection(method: str, headers: Mapping[str, str], client: tuple[str, int] | None) -> str | None:
    """Say what speaks against a request, or None; header names are in lower case, `client` is the peer, if known."""
    if client is not None and not _is_near(client[0]):
        return f"this is for programs on the same computer, not for {client[0]}"
    if headers.get("host") != _IN_PROCESS and not is_own(headers.get("host", "")):
        return _FOREIGN_NAME
    if method not in _READS and _is_from_elsewhere(headers):
        return "web pages from elsewhere may not change the sandbox"
    return None


@lru_cache(maxsize=64)
def is_own(host: str) -> bool:
    """Say whether a Host header, with or without a port, is a name of loopback."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name)


def _is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    origin = headers.get("origin")
    if headers.get("sec-fetch-site") in _FOREIGN_SITES:
        return True
    return origin is not None and _site(origin) != headers.get("host", "").lower()


def _site(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_near(peer: str) -> bool:
    """Whether a peer is on this computer: what has no IP address is a socket's file, or a client in this process."""
    try:
        ip_address(peer)
    except ValueError:
        return True
    return _is_loopback(peer)


def _is_loopback(name: str) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
