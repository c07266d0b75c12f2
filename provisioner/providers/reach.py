"""Whether an endpoint can be reached, step by step: its name, a connection, TLS. Nothing is asked there."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from typing import NamedTuple

from provisioner.finding import Finding, failed, look, passed, skipped
from provisioner.providers.proxy import Proxy

PATIENCE = 10.0
"""Seconds for each step."""
SOON = 14
"""Days before the end of a certificate from which it is worth a word."""


class Door(NamedTuple):
    """Where an endpoint is."""

    host: str
    port: int
    tls: bool


async def reach(door: Door, proxy: Proxy | None = None) -> list[Finding]:
    """The findings of each step. Through a proxy only the way to it can be looked at."""
    through = Door(proxy.host, proxy.port, proxy.scheme == "https") if proxy else door
    named = await _name(through, proxy)
    if named.remedy:
        return [named, skipped("Connection", "there is no address to connect to")]
    connected = await _connect(through, proxy)
    if proxy and not connected.remedy:
        return [named, connected, skipped("TLS", "the proxy passes it through: the sign-in shows whether it works")]
    return [named, connected, *(await _tls(door) if door.tls and not connected.remedy else [])]


async def _name(door: Door, proxy: Proxy | None) -> Finding:
    check, what = "Name", f"the proxy {proxy.authority} of {proxy.variable}" if proxy else door.host
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            found = await loop.getaddrinfo(door.host, door.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return failed(check, f"{what} has no address", _remedy(proxy, "is the endpoint right, and is there a network?"))
    except TimeoutError:
        return failed(check, f"nobody says what address {what} has", _remedy(proxy, "is there a network?"))
    count = len({address[4][0] for address in found})
    return passed(check, f"{what} has {count} address{'es' if count > 1 else ''}")


async def _connect(door: Door, proxy: Proxy | None) -> Finding:
    check, started = "Connection", time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            _, writer = await asyncio.open_connection(door.host, door.port)
    except TimeoutError:
        return failed(
            check, f"port {door.port} does not answer", _remedy(proxy, "is a firewall or a proxy in between?")
        )
    except OSError:
        return failed(check, f"port {door.port} refuses", _remedy(proxy, "is the endpoint right, and is it up?"))
    seconds = time.perf_counter() - started
    await _closed(writer)
    return passed(check, f"made in {seconds * 1000:.0f} ms" + (" to the proxy" if proxy else ""))


async def _tls(door: Door) -> list[Finding]:
    check = "TLS"
    try:
        async with asyncio.timeout(PATIENCE):
            context = await asyncio.to_thread(ssl.create_default_context)
            _, writer = await asyncio.open_connection(door.host, door.port, ssl=context)
    except ssl.SSLCertVerificationError as error:
        remedy = "if a proxy or a test server has an authority of its own, name its file in SSL_CERT_FILE"
        return [failed(check, f"its certificate is not accepted: {error.verify_message}", remedy)]
    except (OSError, TimeoutError):
        return [failed(check, "the port speaks no TLS that is accepted here", "is the endpoint right?")]
    inner = writer.get_extra_info("ssl_object")
    version, certificate = inner.version(), inner.getpeercert()
    await _closed(writer)
    days = int((ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) // 86400)
    if days < SOON:
        return [
            look(check, f"{version}; the certificate ends in {days} days", "tell the vendor, should it not be renewed")
        ]
    return [passed(check, f"{version}; the certificate is good for {days} days")]


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        async with asyncio.timeout(1):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        return


def _remedy(proxy: Proxy | None, without: str) -> str:
    return f"correct {proxy.variable}, or list the host in NO_PROXY" if proxy else without
