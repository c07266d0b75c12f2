"""Really telling webhooks, when asked to: after the answer went out, of what was committed, and on loopback only.

Assumptions: a message is sent once, whatever comes back; its webhook's key is also in the header `X-Verification-Key`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import threading
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

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


class Courier:
    """Sends what waits, one message after the other, until it is told to stop; then the rest goes on waiting."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stopped = False
        self._posting: asyncio.Future[int | None] | None = None

    def stop(self) -> None:
        """Send nothing more: what is on its way counts as failed, although it may still arrive."""
        self._stopped = True
        if self._posting is not None:
            self._posting.cancel()

    async def send_all(self) -> None:
        """Send what waits in the store, unless that is being done: it will come to what is new, too."""
        while self._posting is None and not self._stopped and deliveries.any_waiting(self._store):
            with self._store.transaction():
                parcel = deliveries.take(self._store)
            if parcel is not None:
                await self._send(parcel)

    async def _send(self, parcel: Parcel) -> None:
        self._posting = _begin(parcel)
        status = None
        try:
            status = await self._posting
        except asyncio.CancelledError:
            if not self._stopped:
                raise
        finally:
            self._posting = None
            with self._store.transaction():
                told = deliveries.SENT if status else deliveries.FAILED
                deliveries.settle(self._store, parcel.n, told, status)


class Outbox:
    """An ASGI app around another one, which sends what waits once the other one has answered, or failed to."""

    def __init__(self, app: ASGIApp, courier: Courier) -> None:
        self._app = app
        self._courier = courier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "http":
                await self._courier.send_all()


def _begin(parcel: Parcel) -> asyncio.Future[int | None]:
    """Post in a thread that nobody waits for in the end; one of asyncio's own would hold up the whole process."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[int | None] = loop.create_future()

    def settle(status: int | None) -> None:
        if not told.done():
            told.set_result(status)

    def post() -> None:
        status = None
        try:
            status = _post(parcel)
        finally:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, status)

    threading.Thread(target=post, daemon=True).start()
    return told


def _post(parcel: Parcel) -> int | None:
    """Send a message and return the HTTP status of the answer, or None where nobody answered.

    What sends it follows no redirection and knows no proxy, so that nothing leads it away from this machine.
    """
    headers = {"content-type": "application/json", HEADER: parcel.key}
    try:
        parts = urlsplit(parcel.url)
        target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_AS_WRITTEN)
        connect, usual = _LINES[parts.scheme]
        port = usual if parts.port is None else parts.port  # without one, an IPv6 address would be read as one
        with closing(connect(parts.hostname or "", port)) as line:
            line.request("POST", target, parcel.payload, headers)
            return line.getresponse().status
    except (OSError, HTTPException, ValueError):
        return None


def _plain(host: str, port: int) -> HTTPConnection:
    return HTTPConnection(host, port, timeout=SECONDS)


def _encrypted(host: str, port: int) -> HTTPConnection:
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE  # nobody signs certificates for loopback
    return HTTPSConnection(host, port, timeout=SECONDS, context=anybody)


_LINES = {"http": (_plain, 80), "https": (_encrypted, 443)}
_AS_WRITTEN = "".join(map(chr, range(0x80)))  # only what is not ASCII has to be written otherwise
