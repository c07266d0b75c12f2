"""Really telling webhooks, when asked to: after the answer went out, of what was committed, and on loopback only.

Assumptions: a message is sent once, whatever comes back; its webhook's key is also in the header `X-Verification-Key`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from provisioner.sandbox.tables import deliveries

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from provisioner.sandbox.store import Store
    from provisioner.sandbox.tables.deliveries import Parcel

HEADER = "X-Verification-Key"
SECONDS = 5.0
"""How long a receiver may take."""
_SETTING = "real_delivery"


def is_real(store: Store) -> bool:
    """Say whether webhooks are really told."""
    return bool(store.setting(_SETTING, default=False))


def set_real(store: Store, body: Any) -> dict[str, bool]:
    """Read `{"real": true|false}` and keep it; anything else is a ValueError. It counts for events from now on."""
    real = body.get("real") if isinstance(body, dict) else None
    if real not in (True, False):
        raise ValueError('the body must be {"real": true} or {"real": false}')
    store.set_setting(_SETTING, bool(real))
    return {"real": bool(real)}


def outcome(url: str, *, real: bool) -> str:
    """Return what is to become of an event for an address."""
    if not real:
        return deliveries.RECORDED
    return deliveries.WAITING if is_loopback(url) else deliveries.ELSEWHERE


def is_loopback(url: str) -> bool:
    """Say whether an address is on this machine: `localhost` or a loopback address, over HTTP or HTTPS."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # a ValueError if it is none
        return parts.scheme in _LINES and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False


class Outbox:
    """An ASGI app around another one, which sends what waits once the other one has answered, or failed to."""

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "http" and deliveries.any_waiting(self._store):
                await self._send_all()

    async def _send_all(self) -> None:
        with self._store.transaction():
            parcels = deliveries.take(self._store)
        for parcel in parcels:
            status = await asyncio.to_thread(_post, parcel)
            with self._store.transaction():
                told = deliveries.SENT if status else deliveries.FAILED
                deliveries.settle(self._store, parcel.n, told, status)


def _post(parcel: Parcel) -> int | None:
    """Send a message and return the HTTP status of the answer, or None where nobody answered.

    What sends it follows no redirection and knows no proxy, so that nothing leads it away from this machine.
    """
    parts = urlsplit(parcel.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"content-type": "application/json", HEADER: parcel.key}
    try:
        with closing(_LINES[parts.scheme](parts.hostname or "", parts.port)) as line:
            line.request("POST", target, parcel.payload, headers)
            return line.getresponse().status
    except (OSError, HTTPException, ValueError):
        return None


def _plain(host: str, port: int | None) -> HTTPConnection:
    return HTTPConnection(host, port, timeout=SECONDS)


def _encrypted(host: str, port: int | None) -> HTTPConnection:
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE  # nobody signs certificates for loopback
    return HTTPSConnection(host, port, timeout=SECONDS, context=anybody)


_LINES = {"http": _plain, "https": _encrypted}
