"""The way to an endpoint, step by step: which of them fails, and what is said then."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest

from provisioner.finding import Finding, Mark
from provisioner.providers import reach as way
from provisioner.providers.proxy import Proxy
from provisioner.providers.reach import Door, reach

PEM = Path(__file__).parents[1] / "vendor.pem"
"""A key and its own certificate, for vendor.invalid and 127.0.0.1."""


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEM))


def certified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


async def _close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


def reached(
    *, tls: bool = False, speaks_tls: bool = False, host: str = "127.0.0.1", by: bool = False
) -> Mapping[str, Finding]:
    """The findings of a server on this computer; `by` takes it for a proxy."""

    async def story() -> list[Finding]:
        server = await asyncio.start_server(_close, "127.0.0.1", 0, ssl=certified() if speaks_tls else None)
        async with server:
            port = server.sockets[0].getsockname()[1]
            proxy = Proxy("http", host, port) if by else None
            return await reach(Door("vendor.invalid" if by else host, port, tls), proxy)

    return {finding.check: finding for finding in asyncio.run(story())}


def test_a_plain_server_is_reached() -> None:
    found = reached()
    assert {check: f.mark for check, f in found.items()} == {"Name": Mark.PASS, "Connection": Mark.PASS}
    assert found["Name"].seen == "127.0.0.1 has 1 address"


@pytest.mark.usefixtures("trusting")
def test_a_certificate_that_is_trusted_passes() -> None:
    tls = reached(tls=True, speaks_tls=True)["TLS"]
    assert (tls.mark, "the certificate is good for" in tls.seen) == (Mark.PASS, True)


def test_one_that_is_not_fails_with_the_reason() -> None:
    tls = reached(tls=True, speaks_tls=True)["TLS"]
    assert (tls.mark, "its certificate is not accepted" in tls.seen, "SSL_CERT_FILE" in tls.remedy) == (
        Mark.FAIL,
        True,
        True,
    )


@pytest.mark.usefixtures("trusting")
def test_one_that_ends_soon_is_worth_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(way, "SOON", 10**6)
    assert reached(tls=True, speaks_tls=True)["TLS"].mark is Mark.LOOK


def test_a_port_without_tls_fails() -> None:
    assert reached(tls=True)["TLS"].seen == "the port speaks no TLS that is accepted here"


def test_a_name_that_nobody_knows_ends_it() -> None:
    found = reached(host="vendor.invalid")
    assert {check: f.mark for check, f in found.items()} == {"Name": Mark.FAIL, "Connection": Mark.SKIPPED}
    assert found["Name"].seen == "vendor.invalid has no address"


def test_a_port_that_refuses_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found = asyncio.run(reach(Door("127.0.0.1", port, tls=False)))
    assert (found[-1].mark, found[-1].seen) == (Mark.FAIL, f"port {port} refuses")


def test_through_a_proxy_the_proxy_is_what_is_reached() -> None:
    found = reached(by=True, tls=True)
    assert {check: f.mark for check, f in found.items()} == {
        "Name": Mark.PASS,
        "Connection": Mark.PASS,
        "TLS": Mark.SKIPPED,
    }
    lost = reached(by=True, host="vendor.invalid")["Name"]
    assert (lost.mark, lost.remedy) == (Mark.FAIL, "correct HTTPS_PROXY, or list the host in NO_PROXY")
