"""Where credentials go, and where they never go, whatever the files of a workspace say."""

from __future__ import annotations

import stat
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from provisioner.cli.hosts import ALLOW_HOSTS, allowed_hosts, is_live
from provisioner.cli.tenant import locate
from provisioner.errors import RefusedError, UsageError
from provisioner.manifest import Limits, Settings
from provisioner.manifest.endpoint import parse_endpoint
from provisioner.providers import BY_NAME
from tests.cli.command import COMMAND, Workspace, environment, served
from tests.cli.listener import ENV, SETTINGS, assert_secret, checked, listening, planned_at, pointed, secretive_in

SANDBOXS_OWN = {"SETSTER_API_KEY": "sandbox-key", "SETSTER_EMAIL": "owner@example.com"}
OWN = ("www.setster.com",)


@pytest.fixture
def secretive(tmp_path: Path) -> Workspace:
    return secretive_in(tmp_path / "secretive")


# -- which hosts get credentials


@pytest.mark.parametrize(
    ("endpoint", "listed"),
    [
        ("https://www.setster.com/api/v2", ""),
        ("https://www.setster.com:443", ""),
        ("HTTPS://WWW.SETSTER.COM/api/v2/", ""),
        ("https://proxy.example/x", "proxy.example"),
        ("https://proxy.example/x", "other.example, Proxy.Example.  third.example:8443"),
        ("https://proxy.example:8443", "proxy.example:8443"),
        ("https://proxy.example", "proxy.example:443"),
        ("https://münchen.example", "xn--mnchen-3ya.example"),
        ("https://xn--mnchen-3ya.example", "MÜNCHEN.example"),
        ("http://127.0.0.1:8787", "127.0.0.1:8787"),
        ("http://[0:0::1]:8787", "[::1]:8787"),
        ("http://localhost", "localhost"),
        ("https://10.1.2.3:8443", "10.1.2.3:8443"),
    ],
)
def test_a_trusted_host_is_live(endpoint: str, listed: str) -> None:
    assert is_live(parse_endpoint(endpoint), OWN, {ALLOW_HOSTS: listed})


@pytest.mark.parametrize(
    ("endpoint", "listed"),
    [
        ("http://127.0.0.1:8787", ""),
        ("http://127.8.9.1", ""),
        ("https://localhost:8443", "proxy.example"),
        ("http://[::1]:8787", ""),
        ("http://127.0.0.1:8787", "127.0.0.1"),
        ("http://127.0.0.1:8787", "127.0.0.1:8788,127.0.0.2:8787,localhost:8787"),
        ("http://localhost:8787", "127.0.0.1:8787"),
    ],
)
def test_this_computer_is_a_sandbox_unless_it_is_listed(endpoint: str, listed: str) -> None:
    assert not is_live(parse_endpoint(endpoint), OWN, {ALLOW_HOSTS: listed})


@pytest.mark.parametrize(
    ("endpoint", "listed", "shown"),
    [
        ("https://www.setster.com.evil.example", "", "www.setster.com.evil.example"),
        ("https://evil.example/www.setster.com", "", "evil.example"),
        ("https://setster.com", "", "setster.com"),
        ("https://api.setster.com", "", "api.setster.com"),
        ("https://www.setster.com:8443", "", "www.setster.com:8443"),
        ("https://www.setster.com.", "", "www.setster.com."),
        ("https://www.setster.com.", "www.setster.com.", "www.setster.com."),
        ("https://www.ѕetster.com", "", "www.xn--etster-hvf.com"),  # a Cyrillic letter
        ("https://www.ｓetster.com", "", "www.\\uff53etster.com"),  # a full-width one, which some parsers make an s
        ("https://www。setster。com", "", "www\\u3002setster\\u3002com"),
        ("https://www.\u212aetster.com", "www.ketster.com", "www.\\u212aetster.com"),  # the Kelvin sign
        ("https://www.ſetster.com", "", "www.\\u017fetster.com"),
        ("https://proxy.example:8443", "proxy.example", "proxy.example:8443"),
        ("https://proxy.example:8443", "proxy.example:9443", "proxy.example:8443"),
        ("https://sub.proxy.example", "proxy.example", "sub.proxy.example"),
        ("https://2130706433", "127.0.0.1", "2130706433"),
        ("https://0.0.0.0:8787", "127.0.0.1:8787", "0.0.0.0:8787"),
        ("https://169.254.169.254", "", "169.254.169.254"),
    ],
)
def test_any_other_host_gets_nothing(endpoint: str, listed: str, shown: str) -> None:
    with pytest.raises(ValueError, match="so no credentials go there: correct it") as caught:
        is_live(parse_endpoint(endpoint), OWN, {ALLOW_HOSTS: listed})
    assert str(caught.value).startswith(f"{shown} is not the vendor's (www.setster.com), ")


@pytest.mark.parametrize("listed", ["", "www.setster.com", "www.setster.com:80"])
def test_nothing_goes_out_unencrypted(listed: str) -> None:
    with pytest.raises(ValueError, match="would get credentials unencrypted: write https://"):
        is_live(parse_endpoint("http://www.setster.com/api/v2"), OWN, {ALLOW_HOSTS: listed})


@pytest.mark.parametrize(
    "listed",
    [
        "*",
        "*.example",
        "https://proxy.example",
        "proxy.example/x",
        "a@b",
        "proxy.example:0",
        "x:99999",
        "::1",
        "x..y",
        "-",
    ],
)
def test_a_list_holds_hosts_and_nothing_else(listed: str) -> None:
    with pytest.raises(UsageError, match="is no host and no host:port: write each in full"):
        allowed_hosts({ALLOW_HOSTS: f"good.example {listed}"})


def settings(endpoint: str) -> Settings:
    return Settings(1, "setster", endpoint, "2345")


def test_no_host_is_taken_for_the_embedded_sandbox() -> None:
    place = locate(settings("https://sandbox"), None, {ALLOW_HOSTS: "sandbox"})
    assert (place.sandbox, place.tenant.host) == (False, "sandbox:443")
    assert locate(settings("sandbox"), None, {}).tenant.host == "sandbox"


def test_what_is_called_is_what_was_checked() -> None:
    place = locate(settings("HTTPS://WWW.Setster.com:443/api/v2"), None, {})
    assert (place.endpoint, place.tenant.host) == ("https://www.setster.com/api/v2", "www.setster.com")
    assert locate(settings("https://www.setster.com"), None, {}).endpoint == "https://www.setster.com/api/v2"


def test_a_create_settles_sooner_in_a_sandbox() -> None:
    for endpoint, seconds in (("sandbox", 2), ("http://127.0.0.1:1", 2), ("https://www.setster.com", 60)):
        given = settings(endpoint)
        assert locate(given, None, {}).settle(given) == seconds
    given = settings("http://127.0.0.1:1")
    assert locate(given, None, {ALLOW_HOSTS: "127.0.0.1:1"}).settle(given) == 60


def test_a_live_endpoint_is_paced_and_a_sandbox_is_not() -> None:
    for endpoint, pace in (("sandbox", None), ("http://127.0.0.1:1", None), ("https://www.setster.com", 20.0)):
        assert locate(settings(endpoint), None, {}).pace(settings(endpoint)) == pace
    given = settings("http://127.0.0.1:1")
    assert locate(given, None, {ALLOW_HOSTS: "127.0.0.1:1"}).pace(given) == 20


def test_the_settings_say_how_long_and_how_fast() -> None:
    given = replace(settings("https://www.setster.com"), limits=Limits(calls_per_second=None, settle=Decimal("0.5")))
    place = locate(given, None, {})
    assert (place.settle(given), place.pace(given)) == (0.5, None)
    assert locate(given, "sandbox", {}).settle(given) == 0.5


# -- an edited endpoint

EVASIVE = (
    "http://127.1:{port}",
    "http://2130706433:{port}/api/v2",
    "http://0x7f000001:{port}",
    "http://0.0.0.0:{port}",
    "http://localhost.:{port}",
    "https://127.1:{port}",
    "https://www.setster.com.evil.example/api/v2",
)
"""Most of them lead to this computer, where somebody listens."""


@pytest.mark.parametrize("endpoint", EVASIVE)
def test_an_edited_endpoint_carries_no_credential_away(secretive: Workspace, endpoint: str) -> None:
    with listening() as listener:
        pointed(secretive, endpoint.format(port=listener.port))
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"), listener.url)
        for command in (["plan"], ["apply", "--yes"]):
            ran = checked(secretive(*command, env=ENV | proxies))
            assert (ran.code, ran.out) == (4, "")
            assert ran.err.startswith("Error: provisioner.yaml:3:11: endpoint: ")
            assert len(ran.err.splitlines()) == 1
        assert listener.heard == b""
    assert not (secretive.root / ".provisioner").exists()


def test_a_refusal_says_what_to_do(secretive: Workspace) -> None:
    ran = pointed(secretive, "https://proxy.example/api/v2")("plan", env=ENV)
    assert ran.err == (
        "Error: provisioner.yaml:3:11: endpoint: proxy.example is not the vendor's (www.setster.com), so no "
        "credentials go there: correct it, or if you trust this host export PROVISIONER_ALLOW_HOSTS=proxy.example\n"
    )
    ran = secretive("plan", "--endpoint", "http://www.setster.com", env=ENV)
    why = "would get credentials unencrypted: write https://, for http is for this computer only"
    assert ran == (4, "", f"Error: --endpoint: www.setster.com {why}\n")
    ran = secretive("plan", env={ALLOW_HOSTS: "*.example"})
    assert ran.code == 64
    assert ran.err.startswith("Error: PROVISIONER_ALLOW_HOSTS: '*.example' is no host and no host:port: ")


@pytest.mark.parametrize(
    "endpoint", ["https://www.setster.com@127.0.0.1:{port}", "http://127.0.0.1:{port}/?x=", "http://127.0.0.1:{port}#"]
)
def test_an_endpoint_with_more_than_an_address_in_it(secretive: Workspace, endpoint: str) -> None:
    with listening() as listener:
        text = endpoint.format(port=listener.port)
        ran = checked(pointed(secretive, f'"{text}"')("plan", env=ENV))
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("provisioner.yaml:3:11: endpoint: ")
        assert checked(pointed(secretive, "sandbox")("plan", "--endpoint", text, env=ENV)).code == 64
        assert listener.heard == b""


def test_somebody_on_this_computer_gets_the_sandboxs_credentials(secretive: Workspace) -> None:
    with listening() as listener:
        ran = checked(pointed(secretive, f"{listener.url}/api/v2")("plan", env=ENV))
        assert ran.out.startswith("SANDBOX (nothing real changes) 127.0.0.1:")
        assert b"token=sandbox-key" in listener.heard
        assert_secret(listener.heard)


def test_no_file_can_allow_a_host(secretive: Workspace) -> None:
    """Nor can a variable, for those stand in files too."""
    with listening() as listener:
        host = listener.host
        pointed(secretive, f"{listener.url}/api/v2")
        for name in (".env", ".envrc", ".provisioner/env", "provisioner.env"):
            secretive.write(name, f"{ALLOW_HOSTS}={host}\n")
        secretive.write("data/vars.yaml", f"{ALLOW_HOSTS}: {host}\nPROVISIONER_VAR_{ALLOW_HOSTS}: {host}\n")
        arguments = ["--var-file", "data/vars.yaml", "--var", f"{ALLOW_HOSTS}={host}"]
        ran = checked(secretive("plan", *arguments, env={**ENV, f"PROVISIONER_VAR_{ALLOW_HOSTS}": host}))
        assert ran.out.startswith("SANDBOX")
        for more in (f"allow_hosts: [{host}]", f"{ALLOW_HOSTS}: {host}", f"limits: {{allow_hosts: {host}}}"):
            secretive.write("provisioner.yaml", SETTINGS.format(endpoint=listener.url) + more + "\n")
            ran = checked(secretive("plan", env=ENV))
            assert ran.code == 1
            assert "unknown key" in ran.err
        assert_secret(listener.heard)


# -- a live endpoint


def test_a_listed_host_gets_the_real_credentials(secretive: Workspace) -> None:
    """This shows, too, that the listener would hear them."""
    with listening() as listener:
        allowed = {ALLOW_HOSTS: listener.host}
        ran = planned_at(secretive, listener, allowed)
        assert ran.out.startswith(f"LIVE {listener.host} company 2345 (elsewhere)")
        assert b"email=canary%2Bx@secret.example&token=CanaryKey%2B8f3a" in listener.heard
        assert b"sandbox-key" not in listener.heard


def test_a_served_sandbox_can_be_treated_as_live(secretive: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with served(tmp_path / "elsewhere") as sandbox:
        pointed(secretive, sandbox.endpoint)
        host = sandbox.url.removeprefix("http://")
        ran = secretive("plan", env=SANDBOXS_OWN | {ALLOW_HOSTS: host})
        assert ran.code == 0
        assert ran.out.startswith(f"LIVE {host} company 2345 (")
        ran = checked(secretive("plan", env=ENV | {ALLOW_HOSTS: host}))
        assert (ran.code, ran.out) == (1, "")
        assert "sign-in refused" in ran.err


def test_every_missing_credential_is_told_at_once(secretive: Workspace) -> None:
    with listening() as listener:
        allowed = {ALLOW_HOSTS: listener.host}
        pointed(secretive, listener.url)
        ran = secretive("plan", env={**allowed, "SETSTER_EMAIL": ""})
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.splitlines()[:2] == [
            "provisioner.yaml:5:22: email: the environment variable SETSTER_EMAIL is empty: export it",
            "provisioner.yaml:5:55: api_key: the environment variable SETSTER_API_KEY is not set: export it",
        ]
        secretive.write("provisioner.yaml", SETTINGS.format(endpoint=listener.url).partition("credentials")[0])
        ran = secretive("plan", env=allowed | ENV)
        assert ran.code == 1
        add = 'add `{0}: "${{env:SETSTER_{1}}}"` to credentials'
        assert ran.err.splitlines()[:2] == [
            f"provisioner.yaml:1:1: setster needs the credential {name}: {add.format(name, name.upper())}"
            for name in ("api_key", "email")
        ]
        assert listener.heard == b""


def test_a_redirect_is_not_followed(secretive: Workspace) -> None:
    with listening() as elsewhere, listening(location=elsewhere.url) as listener:
        allowed = {ALLOW_HOSTS: f"{listener.host},{elsewhere.host}"}
        ran = planned_at(secretive, listener, allowed)
        assert (ran.code, ran.out) == (1, "")
        assert listener.heard
        assert elsewhere.heard == b""


def test_a_proxy_and_a_netrc_hear_and_say_nothing(secretive: Workspace) -> None:
    """What is on this computer is asked directly, and by nobody's credentials but those of the settings."""
    with listening() as proxy, listening() as listener:
        allowed = {ALLOW_HOSTS: listener.host}
        names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
        secretive.write(".netrc", "default login netrc-login password netrc-password\n")
        (secretive.root / ".netrc").chmod(0o600)
        more = {**allowed, **dict.fromkeys(names, proxy.url), "NETRC": str(secretive.root / ".netrc")}
        assert planned_at(secretive, listener, more).code == 0
        assert proxy.heard == b""
        assert b"authorization:" not in listener.heard.lower()


# -- what lies in the workspace


def test_only_its_owner_may_look_into_what_is_kept(starter: Workspace) -> None:
    script = f'umask 0; "{COMMAND}" plan && "{COMMAND}" apply --yes'
    env = environment(starter.root)
    subprocess.run(["sh", "-c", script], cwd=starter.root, env=env, check=True, capture_output=True)
    kept = [starter.root / ".provisioner", *(starter.root / ".provisioner").rglob("*")]
    assert starter.db in kept
    assert starter.state in kept
    modes = {str(path): stat.S_IMODE(path.stat().st_mode) for path in kept}
    assert {path: mode for path, mode in modes.items() if mode not in (0o700, 0o600)} == {}


def test_the_sandboxs_data_are_never_behind_a_link(empty: Workspace, tmp_path: Path) -> None:
    empty.db.parent.mkdir()
    empty.db.symlink_to(tmp_path / "somebodys")
    ran = empty("plan")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Error: .provisioner/sandbox.db: a link, and what it leads to may be somebody else's")
    assert not (tmp_path / "somebodys").exists()


def test_a_vendor_names_hosts_that_can_be_compared() -> None:
    for vendor in BY_NAME.values():
        assert vendor.hosts
        assert all(is_live(parse_endpoint(f"https://{host}"), vendor.hosts, {}) for host in vendor.hosts)


def test_a_place_is_never_one_that_gets_no_credentials() -> None:
    with pytest.raises(RefusedError, match=r"^provisioner.yaml:1:1: endpoint: evil.example is not the vendor's"):
        locate(settings("https://evil.example"), None, {})
