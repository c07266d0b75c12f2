"""Passwords and keys from the environment reach the vendor, and nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.cli.command import Env, Ran, Workspace, ruded, served, terminal

PASSWORD = "Canary/pass+word&ä=7%41 x"
API_KEY = "CanaryKey-8f3a+/==?x"
EMAIL = "canary.signin+x@secret.example"
ENV = {"WEST_PASSWORD": PASSWORD, "SETSTER_API_KEY": API_KEY, "SETSTER_EMAIL": EMAIL}
MANIFEST = """
accounts:
  west:
    company_name: West
    nick_name: west
    email: owner@west.example
    password: "${env:WEST_PASSWORD}"
    timezone: America/Los_Angeles
"""


def spellings(secret: str) -> Iterator[bytes]:
    """A secret as it could stand in a text, an address, JSON or base64 (at any offset)."""
    plain = secret.encode()
    yield plain
    yield quote(secret).encode()
    yield quote(secret, safe="").encode()
    yield quote_plus(secret).encode()
    yield json.dumps(secret)[1:-1].encode()
    yield plain.hex().encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain)
        yield encoded[4 if shift else 0 : -4]
        yield encoded[4 if shift else 0 : -4].replace(b"+", b"-").replace(b"/", b"_")


FORBIDDEN = tuple({each for secret in (PASSWORD, API_KEY, EMAIL) for each in spellings(secret)})


def assert_clean(text: bytes, what: str) -> None:
    assert not [each for each in FORBIDDEN if each in text], what


@pytest.fixture
def secretive(empty: Workspace) -> Workspace:
    empty.write("chain.yaml", MANIFEST)
    settings = (empty.root / "provisioner.yaml").read_text()
    empty.write(
        "provisioner.yaml",
        settings + 'credentials: {email: "${env:SETSTER_EMAIL}", api_key: "${env:SETSTER_API_KEY}"}\n',
    )
    return empty


def checked(workspace: Workspace, *arguments: str, env: Env = ENV) -> Ran:
    """Run, and look at all that was printed."""
    ran = workspace(*arguments, env=env)
    assert_clean((ran.out + ran.err).encode(), " ".join(arguments))
    return ran


def test_a_whole_life(secretive: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with served(tmp_path / "elsewhere") as sandbox:
        to = ["--endpoint", sandbox.endpoint]
        assert "(sensitive value)" in checked(secretive, "plan", *to).out
        document = json.loads(checked(secretive, "plan", "--json", *to).out)
        fields = {each["name"]: each["after"] for each in document["changes"][0]["fields"]}
        assert fields["password"] == {"sensitive": True}
        assert checked(secretive, "apply", "--yes", *to).code == 0
        assert checked(secretive, "plan", *to).last.startswith("No changes.")
        checked(secretive, "state", "list", *to)
        shown = json.loads(checked(secretive, "state", "show", "account/west", *to).out)
        assert shown["secrets"] == {"password": "(digest kept)"}
        assert "password" not in shown["applied"]
        assert "write-only" in checked(secretive, "plan", *to, "--rotate", "account/west").out
        assert checked(secretive, "apply", "--yes", *to, "--rotate", "account/west").code == 0
        log = sandbox.ask("/calls")
        assert len(log) > 5
        assert_clean(json.dumps(log).encode(), "calls")
        assert_clean(json.dumps(log, ensure_ascii=False).encode(), "calls")
        assert checked(secretive, "destroy", "--yes", *to).code == 0
        ended = sandbox.stop()
        assert_clean((ended.out + ended.err).encode(), "serve")
    for path in (secretive.root / ".provisioner").rglob("*"):
        if path.is_file():
            assert_clean(path.read_bytes(), path.name)


def test_a_vendor_that_repeats_a_password_is_not_repeated(secretive: Workspace, tmp_path: Path) -> None:
    told = tmp_path / "words.json"
    told.write_text(json.dumps({"words": f"{PASSWORD} is too weak: {quote(PASSWORD)}", "sign_in": False}))
    with ruded(tmp_path, told) as sandbox:
        ran = checked(secretive, "apply", "--yes", "--endpoint", sandbox.endpoint)
    assert ran.code == 5
    assert "(secret) is too weak: (secret)" in ran.out + ran.err


def test_the_embedded_sandbox_prints_and_remembers_none(secretive: Workspace) -> None:
    assert checked(secretive, "apply", "--yes").code == 0
    assert_clean(json.dumps(secretive.calls()).encode(), "calls")
    for path in (secretive.root / ".provisioner/state").rglob("*"):
        if path.is_file():
            assert_clean(path.read_bytes(), path.name)


def test_a_terminal_shows_none(secretive: Workspace) -> None:
    with terminal("apply", cwd=secretive.root, env=ENV) as screen:
        screen.expect("Only yes applies them")
        screen.type("yes\n")
        assert screen.end() == 0
    assert_clean(screen.screen.encode(), "terminal")


def test_a_changed_password_is_noticed_without_being_shown(secretive: Workspace) -> None:
    assert checked(secretive, "apply", "--yes").code == 0
    later = ENV | {"WEST_PASSWORD": f"{PASSWORD}2"}
    ran = checked(secretive, "plan", env=later)
    assert ran.code == 0
    assert "--rotate account/west" in " ".join(ran.out.split())
    before, after = (secretive.writes(), checked(secretive, "apply", "--yes", env=later))
    assert (after.code, secretive.writes()) == (0, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"${env:WEST_PASSWORD}"', PASSWORD.replace("&", "")),
        ('"${env:WEST_PASSWORD}"', '"${var:WEST_PASSWORD}"'),
        ('"${env:WEST_PASSWORD}"', '"${env:SETSTER_API_KEY}"'),
        ('"${env:WEST_PASSWORD}"', '"${env:WEST_PASSWORD|typo}"'),
        ('"${env:WEST_PASSWORD}"', '"${env:WEST_PASSWORD"'),
        ('"${env:WEST_PASSWORD}"', '["${env:WEST_PASSWORD}"]'),
        ("nick_name: west", 'nick_name: "${env:WEST_PASSWORD}"'),
        ("nick_name: west", 'nick_name: "${env:SETSTER_API_KEY}"'),
        ("company_name: West", 'company_name: "${var:WEST_PASSWORD}"'),
    ],
)
def test_mistakes_around_secrets_show_none(secretive: Workspace, before: str, after: str) -> None:
    secretive.edit("chain.yaml", before, after)
    for arguments in (["validate"], ["plan"]):
        ran = checked(secretive, *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("chain.yaml:")
        assert PASSWORD.replace("&", "") not in ran.err


def test_the_workspaces_key_is_never_sent_to_a_sandbox(secretive: Workspace) -> None:
    """The sandbox knows one key; that a sign-in succeeds shows which one was sent."""
    assert checked(secretive, "plan").code == 0
    without = {"WEST_PASSWORD": PASSWORD}
    assert checked(secretive, "plan", env=without).code == 0
    for data in (secretive.db, secretive.db.with_name("sandbox.db-wal")):
        assert not data.exists() or API_KEY.encode() not in data.read_bytes()
