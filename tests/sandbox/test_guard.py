"""Who is let in: programs on this computer, under its own names, and no web page from elsewhere."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.sandbox.conftest import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sandbox.conftest import Sandbox, Served

OWN = (
    "127.0.0.1:8787",
    "127.0.0.1",
    "127.9.9.9:1",
    "localhost:8787",
    "LOCALHOST",
    "api.localhost:1",
    "[::1]:80",
    "[::1]",
)
FOREIGN = (
    *("evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example", "evil-localhost"),
    *("10.0.0.1", "0.0.0.0", "[::]", "[::ffff:10.0.0.1]", "127.0.0.1@evil.example", "", "[", "2130706433"),
)
INSIDE = ("/_sandbox/calls", "/_sandbox/nowhere", "/", "/tenants/2345", "/timetap-series")


def ask(sandbox: Sandbox, method: str, path: str, peer: Any = ("127.0.0.1", 5), **headers: str) -> httpx.Response:
    """Send a request as if from some peer."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=sandbox.app, client=peer)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8787") as client:
            return await client.request(method, path, headers=named)

    return asyncio.run(send())


@pytest.mark.parametrize("host", OWN)
def test_loopback_may_be_called_by_any_of_its_names(sandbox: Sandbox, host: str) -> None:
    assert ask(sandbox, "GET", "/_sandbox/calls", host=host).status_code == 200
    assert ask(sandbox, "GET", "/", host=host).status_code == 200


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", INSIDE)
def test_a_foreign_name_is_refused(sandbox: Sandbox, host: str, path: str) -> None:
    refused = ask(sandbox, "GET", path, host=host)
    assert refused.status_code == 403
    assert refused.json() == {
        "error": "the Host header names another computer: use http://127.0.0.1 or http://localhost"
    }


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.168.1.1", "8.8.8.8", "2001:db8::1", "::ffff:10.0.0.7", "0.0.0.0"])
@pytest.mark.parametrize("path", INSIDE)
def test_another_computer_is_refused(sandbox: Sandbox, peer: str, path: str) -> None:
    refused = ask(sandbox, "GET", path, (peer, 5))
    assert (refused.status_code, peer in refused.json()["error"]) == (403, True)


@pytest.mark.parametrize(
    "peer", [("127.0.0.1", 5), ("127.8.8.8", 5), ("::1", 5), ("::ffff:127.0.0.1", 5), ("", 0), None]
)
def test_this_computer_is_let_in(sandbox: Sandbox, peer: Any) -> None:
    assert ask(sandbox, "POST", "/_sandbox/sessions/expire", peer).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "http://127.0.0.1:8787"},  # another name for it is another site to a browser
        {"origin": "https://localhost:8787.evil.example"},
        {"origin": "http://["},
        {"origin": "http://[::1"},
        {"origin": "null"},
        {"origin": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "http://localhost:8787", "sec_fetch_site": "cross-site"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_page_from_elsewhere_changes_nothing(sandbox: Sandbox, method: str, headers: dict[str, str]) -> None:
    sandbox.control("PUT", "/dialect", {"links": "merge"})
    for path in ("/_sandbox/reset", "/_sandbox/clock", "/_sandbox/calls"):
        refused = ask(sandbox, method, path, **headers)
        assert refused.status_code == 403
        assert "web pages from elsewhere" in refused.json()["error"]
    assert sandbox.control("GET", "/calls")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://localhost:8787"},
        {"origin": "HTTP://LocalHost:8787", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ],
)
def test_its_own_pages_and_programs_may_change_it(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert ask(sandbox, "POST", "/_sandbox/reset", **headers).json() == {"accounts": [2345]}


def test_a_link_from_elsewhere_may_be_followed(sandbox: Sandbox) -> None:
    assert ask(sandbox, "GET", "/", sec_fetch_site="cross-site").status_code == 200


def test_no_answer_lets_other_sites_read_it(sandbox: Sandbox) -> None:
    for path in ("/", "/_sandbox/dump", "/api/v2/account"):
        headers = ask(sandbox, "GET", path, origin="https://evil.example").headers
        assert not [name for name in headers if name.startswith("access-control")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("served")
    with served(folder / "sandbox.db") as caller:
        yield caller


@pytest.mark.parametrize("path", ["/api/v2/account", "/timetap/sessionToken", "/_sandbox/dump", "/", "/nowhere"])
@pytest.mark.parametrize("host", ["evil.example", "sandbox", "sandbox:80"])
def test_a_served_sandbox_answers_no_foreign_name_at_all(server: Served, path: str, host: str) -> None:
    refused = server.request("GET", path, headers={"host": host})
    assert (refused.status_code, "another computer" in refused.json()["error"]) == (403, True)


def test_a_served_sandbox_believes_nobody_about_the_peer(server: Served) -> None:
    told = {"x-forwarded-for": "10.0.0.7", "forwarded": "for=10.0.0.7"}
    assert server.request("GET", "/_sandbox/dialect", headers=told).status_code == 200
