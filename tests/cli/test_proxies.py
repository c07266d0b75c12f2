"""Which proxy the environment puts before a live endpoint, and that its password is nobody else's business."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from provisioner.cli.hosts import ALLOW_HOSTS
from provisioner.cli.proxies import proxy_to
from provisioner.errors import UsageError
from provisioner.manifest.endpoint import parse_endpoint
from provisioner.providers.proxy import Proxy
from tests.cli.command import Ran, Workspace
from tests.cli.gate import PEM, gated
from tests.cli.listener import ENV, assert_secret, checked, listening, planned_at, pointed, secretive_in

VENDOR = "https://vendor.invalid/api/v2"
ALLOWED = {**ENV, ALLOW_HOSTS: "vendor.invalid"}
USER = "canary.user:Canary%2Fpass%40word"
SENT = b64encode(b"canary.user:Canary/pass@word").decode()


@pytest.fixture
def secretive(tmp_path: Path) -> Workspace:
    return pointed(secretive_in(tmp_path / "secretive"), VENDOR)


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without proxies."""
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    return monkeypatch


def proxy(environ: pytest.MonkeyPatch, endpoint: str = VENDOR, **variables: str) -> Proxy | None:
    for name, value in variables.items():
        environ.setenv(name, value)
    return proxy_to(parse_endpoint(endpoint))


def hidden(ran: Ran) -> Ran:
    """Neither the vendor's credentials nor the proxy's were printed."""
    assert not [each for each in ("canary.user", SENT) if each in ran.out + ran.err]
    return checked(ran)


# -- which one


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://p.example:3128"}, "http://p.example:3128"),
        ({"HTTPS_PROXY": "http://p.example:3128/"}, "http://p.example:3128"),
        ({"HTTPS_PROXY": " p.example:3128\r"}, "http://p.example:3128"),
        ({"HTTPS_PROXY": "p.example"}, "http://p.example:80"),
        ({"HTTPS_PROXY": "https://p.example"}, "https://p.example:443"),
        ({"HTTPS_PROXY": "HTTP://squid_1:3128"}, "http://squid_1:3128"),
        ({"HTTPS_PROXY": "http://10.0.0.1:3128"}, "http://10.0.0.1:3128"),
        ({"HTTPS_PROXY": "http://[2001:db8::1]:3128"}, "http://[2001:db8::1]:3128"),
        ({"HTTPS_PROXY": ""}, None),
        ({"https_proxy": "http://p.example:1"}, "http://p.example:1"),
        ({"https_proxy": "http://p.example:1", "HTTPS_PROXY": "http://p.example:2"}, "http://p.example:1"),
        ({"https_proxy": "", "HTTPS_PROXY": "http://p.example:2"}, None),
        ({"ALL_PROXY": "http://p.example:3"}, "http://p.example:3"),
        ({"all_proxy": "http://p.example:3", "HTTPS_PROXY": "http://p.example:2"}, "http://p.example:2"),
        ({"HTTP_PROXY": "http://p.example:4", "http_proxy": "http://p.example:4"}, None),
    ],
    ids=str,
)
def test_the_proxy_of_an_https_endpoint(
    environ: pytest.MonkeyPatch, variables: dict[str, str], where: str | None
) -> None:
    found = proxy(environ, **variables)
    assert (found.url if found else None) == where


@pytest.mark.parametrize(
    "listed",
    ["vendor.invalid", "VENDOR.invalid", ".invalid", "invalid", "*", "a.example, vendor.invalid", "vendor.invalid:443"],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_a_listed_host_is_reached_directly(environ: pytest.MonkeyPatch, name: str, listed: str) -> None:
    assert proxy(environ, HTTPS_PROXY="http://p.example:1", **{name: listed}) is None


@pytest.mark.parametrize("listed", ["", "dor.invalid", "vendor.invalid.example", "vendor.invalid:8443", "vendor"])
def test_any_other_host_is_not(environ: pytest.MonkeyPatch, listed: str) -> None:
    assert proxy(environ, HTTPS_PROXY="http://p.example:1", NO_PROXY=listed)


@pytest.mark.parametrize(
    "endpoint",
    ["https://127.0.0.1:8443", "https://localhost", "https://[::1]:1", "http://127.9.9.9", "http://localhost:8787"],
)
def test_this_computer_is_reached_directly_whatever_is_in_the_environment(
    environ: pytest.MonkeyPatch, endpoint: str
) -> None:
    assert proxy(environ, endpoint, HTTPS_PROXY="socks5://p", HTTP_PROXY="http://p:1", ALL_PROXY="http://p:1") is None


@pytest.mark.parametrize(
    ("user", "sent"),
    [
        ("ana:pw", b"ana:pw"),
        ("ana", b"ana:"),
        (":pw", b":pw"),
        ("ana:p@w", b"ana:p@w"),
        ("ana:p:w", b"ana:p:w"),
        ("an%C3%A4:%2F%23%25", "anä:/#%".encode()),
        ("anä:pw", "anä:pw".encode()),
        ("", None),
    ],
)
def test_a_name_and_a_password_become_a_header(environ: pytest.MonkeyPatch, user: str, sent: bytes | None) -> None:
    found = proxy(environ, HTTPS_PROXY=f"http://{user}@p.example:3128")
    assert found
    assert found.url == "http://p.example:3128"
    scheme, _, pair = found.authorization.partition(" ")
    assert (scheme, b64decode(pair)) == (("Basic", sent) if sent is not None else ("", b""))


@pytest.mark.parametrize("scheme", ["socks5", "SOCKS5h", "ftp", "file"])
def test_another_kind_of_proxy_is_refused(environ: pytest.MonkeyPatch, scheme: str) -> None:
    with pytest.raises(UsageError) as caught:
        proxy(environ, all_proxy=f"{scheme}://{USER}@p.example:1080")
    assert str(caught.value) == (
        f"all_proxy: a proxy of {scheme.lower()}:// cannot be used: write one such as http://proxy.example:3128, or "
        "list the host in NO_PROXY"
    )


@pytest.mark.parametrize(
    "value",
    [
        f"http://{USER}@",
        f"http://{USER}@p.example:0",
        f"http://{USER}@p.example:65536",
        f"http://{USER}@p.example:x",
        f"http://{USER}@p.example:80/path",
        f"http://{USER}@p.example?x",
        "http://canary.user:Canary/pass@p.example:80",
        "http://canary.user:Canary#pass@p.example:80",
        f"http://{USER}@p .example",
        f"http://{USER}@p\x1b.example",
        f"http://{USER}@p\u0455.example",
        f"//{USER}@p.example",
        f"://{USER}",
        "http://",
        "Canary-" * 40,
        " \t",
    ],
)
def test_what_is_no_address_is_refused_and_not_repeated(environ: pytest.MonkeyPatch, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        proxy(environ, HTTPS_PROXY=value)
    assert str(caught.value) == (
        "HTTPS_PROXY: it is no address of a proxy: write one such as http://proxy.example:3128; what is special in a "
        "user name or password is percent-encoded"
    )


# -- the command


def test_a_live_endpoint_is_reached_through_the_proxy(secretive: Workspace) -> None:
    with gated() as gate:
        more = {"HTTPS_PROXY": f"http://{USER}@{gate.host}", "SSL_CERT_FILE": str(PEM)}
        ran = hidden(secretive("plan", env=ALLOWED | more))
    assert ran.code == 0, ran.err
    assert ran.out.startswith("LIVE vendor.invalid company 2345 (elsewhere)")
    assert b"email=canary%2Bx@secret.example&token=CanaryKey%2B8f3a" in gate.heard
    assert SENT.encode() not in gate.heard
    assert gate.asked
    for head in gate.asked:
        assert head.startswith(b"CONNECT vendor.invalid:443 HTTP/1.1\r\n")
        assert SENT.encode() in head
        assert_secret(head)


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("407 Proxy Authentication Required", "give it in https_proxy the user name and password that it wants"),
        ("403 Forbidden", "ask whoever runs it, or list the host in NO_PROXY"),
    ],
)
def test_a_refusal_is_one_line_without_the_password(secretive: Workspace, status: str, remedy: str) -> None:
    with gated(status) as gate:
        ran = hidden(secretive("apply", "--yes", env=ALLOWED | {"https_proxy": f"http://{USER}@{gate.host}"}))
    why = f"the proxy {gate.host} answered {status[:3]}: {remedy}; tried 3 times"
    assert ran == (1, "", f"Error: sign-in failed: vendor.invalid cannot be reached: {why}\n")
    assert len(gate.asked) == 3
    assert all(head.startswith(b"CONNECT vendor.invalid:443 ") for head in gate.asked)
    files = [each.read_bytes() for each in (secretive.root / ".provisioner").rglob("*") if each.is_file()]
    assert not [text for text in files if b"anary" in text or SENT.encode() in text]


def test_an_unusable_proxy_is_a_mistake_of_the_environment(secretive: Workspace) -> None:
    ran = hidden(secretive("plan", env=ALLOWED | {"ALL_PROXY": f"socks5://{USER}@127.0.0.1:1"}))
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.startswith("Error: ALL_PROXY: a proxy of socks5:// cannot be used: ")
    assert len(ran.err.splitlines()) == 1


def test_what_is_on_this_computer_does_not_ask_for_a_proxy(secretive: Workspace) -> None:
    more = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"), f"socks5://{USER}@127.0.0.1:1")
    assert hidden(secretive("plan", "--endpoint", "sandbox", env=ALLOWED | more)).code == 0
    with listening() as listener:
        for allowed in ({}, {ALLOW_HOSTS: listener.host}):
            assert planned_at(secretive, listener, more | allowed).code == 0
