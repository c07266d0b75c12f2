"""Secrets that would be recognised anywhere, through every command, fault and crash: they are found nowhere."""

from __future__ import annotations

import base64
import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from tests.cli.collector import collecting
from tests.cli.command import COMMAND, PATIENCE, Ran, Served, Workspace, decent, environment, keyed

KEY = 'c4nary+key/"\\é&=%7f'
PASSWORDS = {
    "WEST_PASSWORD": 'c4nary west "p\\w" /+&',
    "ANA_PASSWORD": "c4nary-ana-pw<>'",
    "CUT_PASSWORD": "c4nary|cut|pw",
}
SETTINGS = """\
version: 1
provider: setster
endpoint: {endpoint}
company_id: 2345
credentials: {{email: owner@example.com, api_key: '${{env:API_KEY}}'}}
limits: {{settle: 0, calls_per_second: null}}
policy: {{max_destroy: 100%, max_update: 100%}}
"""
MANIFEST = """\
accounts:
  west: {company_name: West, nick_name: westsalon, email: owner@west.example, password: '${env:WEST_PASSWORD}'}
---
account: west
locations:
  pier: {name: Pier, main: true}
  dock: {name: Dock}
services:
  cut: {name: Cut, duration: 30 min, password: '${env:CUT_PASSWORD}'}
employees:
  ana:
    email: ana@west.example
    first_name: Ana
    last_name: Lee
    password: '${env:ANA_PASSWORD}'
    at: {pier: {services: [cut]}}
"""
VERBOSE = {"PYTHONASYNCIODEBUG": "1", "PYTHONDEVMODE": "1", "PYTHONWARNINGS": "default", "AIOHTTP_NO_EXTENSIONS": "1"}


def spellings(secret: str) -> Iterator[bytes]:
    """How a secret may stand in an artefact."""
    raw = secret.encode()
    yield raw
    yield from (f(secret).encode() for f in (quote, quote_plus, repr, ascii))
    yield quote(secret, safe="").encode()
    yield from (json.dumps(secret, ensure_ascii=flag)[1:-1].encode() for flag in (True, False))
    yield json.dumps(json.dumps(secret))[3:-3].encode()
    for shift in range(3):  # base64 looks different at each of the three places in a group
        whole = base64.b64encode(b"\0" * shift + raw)
        yield whole[4 if shift else 0 : -4]
        yield base64.urlsafe_b64encode(b"\0" * shift + raw)[4 if shift else 0 : -4]
    yield raw.hex().encode()


class Scanner:
    """Looks for every secret in everything that a run left behind."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self.needles = {(name, each) for name, secret in secrets.items() for each in spellings(secret) if len(each) > 6}
        self.scanned = 0

    def know(self, name: str, secret: str) -> None:
        """One more secret: a session's token."""
        self.needles |= {(name, each) for each in spellings(secret)}

    def scan(self, where: str, data: bytes) -> None:
        """Fail when any secret is in there."""
        self.scanned += 1
        for name, needle in self.needles:
            assert needle not in data, f"{name} is in {where}: {needle!r}"

    def ran(self, ran: Ran, what: str) -> Ran:
        """What a command printed."""
        self.scan(f"stdout of {what}", ran.out.encode())
        self.scan(f"stderr of {what}", ran.err.encode())
        return ran

    def folder(self, root: Path) -> None:
        """Every file of a workspace."""
        for path in root.rglob("*"):
            if path.is_file():
                self.scan(str(path), path.read_bytes())


@pytest.fixture
def scanner() -> Scanner:
    return Scanner({"API_KEY": KEY, **PASSWORDS})


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Served]:
    with keyed(tmp_path, KEY) as sandbox:
        yield sandbox


def tokens(folder: Path) -> list[str]:
    """The tokens of every session that is open."""
    with closing(sqlite3.connect(folder / "keyed.db")) as db:
        return [token for (token,) in db.execute("SELECT token FROM sessions")]


def workspace(folder: Path, tenant: Served) -> tuple[Workspace, dict[str, str]]:
    """A workspace whose real credentials go to the sandbox, because the environment allows it."""
    (folder / "salon").mkdir()
    made = Workspace(folder / "salon")
    made.write("provisioner.yaml", SETTINGS.format(endpoint=tenant.endpoint))
    made.write("salon.yaml", MANIFEST)
    host = tenant.url.removeprefix("http://")
    return made, {"API_KEY": KEY, **PASSWORDS, "PROVISIONER_ALLOW_HOSTS": host}


FAULTS: list[dict[str, Any]] = [
    {"fault": "timeout", "seconds": 1, "method": "POST"},
    {"fault": "reset", "method": "POST", "times": 2},
    {"fault": "reset", "executed": False, "times": 4},
    {"fault": "error", "status": 500, "code": 4, "executed": True, "times": 3},
    {"fault": "html", "times": 3},
    {"fault": "truncate", "times": 2},
    {"fault": "expire", "all": True},
    {"fault": "refuse", "code": 1, "method": "POST", "path": "/employee"},
    {"fault": "refuse", "status": 401, "code": 2, "path": "/account/authenticate"},
    {"fault": "error", "path": "/account/authenticate", "times": None},
    {"fault": "html", "path": "*", "times": None},
    {"fault": "reset", "path": "*", "times": None},
]


def test_no_command_and_no_fault_tells_a_secret(tmp_path: Path, tenant: Served, scanner: Scanner) -> None:
    salon, env = workspace(tmp_path, tenant)

    def command(*arguments: str, more: dict[str, str] | None = None) -> Ran:
        ran = salon(*arguments, env={**env, **(more or {})})
        for token in tokens(tmp_path):
            scanner.know("a session's token", token)
        return scanner.ran(ran, " ".join(arguments))

    for arguments in (["validate"], ["plan"], ["plan", "--json"]):
        assert command(*arguments).code == 0
    for number, fault in enumerate(FAULTS):
        tenant.ask("/faults", "PUT", {"rules": [fault]})
        command("apply", "--yes", more=VERBOSE if number % 5 == 0 else None)  # it plans first
        scanner.folder(salon.root)
    tenant.ask("/faults", "DELETE")
    assert command("apply", "--yes").code == 0
    held = json.dumps(tenant.dump())
    assert all(json.dumps(each)[1:-1] in held for each in PASSWORDS.values()), "they must really have been sent"
    for arguments in (["state", "list"], ["state", "pull"], ["state", "show", "account/west"], ["plan", "--json"]):
        assert command(*arguments).code == 0
    command("apply", "--yes", "--rotate", "west/employee/ana", more=VERBOSE)
    assert "sensitive" in command("plan", "--rotate", "west/employee/ana").out
    command("plan", more={"API_KEY": "wrong"})
    command("plan", more={"API_KEY": ""})
    command("plan", more={"PROVISIONER_ALLOW_HOSTS": ""})
    command("plan", "--endpoint", "https://elsewhere.example/api/v2")
    command("plan", "--var", f"X={PASSWORDS['WEST_PASSWORD']}")
    command("destroy", "--yes")
    scanner.folder(salon.root)
    assert scanner.scanned > 100
    assert any(name == "a session's token" for name, _ in scanner.needles)


def test_no_trace_has_a_secret(tmp_path: Path, tenant: Served, scanner: Scanner) -> None:
    salon, env = workspace(tmp_path, tenant)
    with collecting() as collector:
        for fault in FAULTS[::3]:
            tenant.ask("/faults", "PUT", {"rules": [fault]})
            salon("apply", "--yes", "--var", f"X={PASSWORDS['WEST_PASSWORD']}", env={**env, **collector.env})
        tenant.ask("/faults", "DELETE")
        salon.apply(env={**env, **collector.env})
    for token in tokens(tmp_path):
        scanner.know("a session's token", token)
    for number, (_, headers, content) in enumerate(collector.requests):
        scanner.scan(f"delivery {number}", repr(headers).encode() + content)
    assert scanner.scanned > len(FAULTS[::3])
    whole = b"".join(content for _, _, content in collector.requests)
    assert b"west/employee/ana" in whole, "they must be traces of what had the secrets"
    assert not [each for each in (b"c4nary", b"owner@", b"west@", b"@west.example", b"company_id=") if each in whole]


def crashes(tmp_path: Path, tenant: Served, scanner: Scanner, moments: tuple[float, ...]) -> None:
    """Applies that end in every way that a process can, each at each of these moments."""
    salon, env = workspace(tmp_path, tenant)
    for seconds in moments:
        tenant.ask("/faults", "PUT", {"rules": [{"fault": "slow", "seconds": 0.1, "times": None}]})
        for how in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGABRT):
            out, err = tmp_path / "out", tmp_path / "err"
            with out.open("wb") as stdout, err.open("wb") as stderr, subprocess.Popen(
                [COMMAND, "apply", "--yes"], cwd=salon.root, stdout=stdout, stderr=stderr,
                env=environment(salon.root, {**env, "PYTHONFAULTHANDLER": "1", **VERBOSE}),
            ) as running:  # fmt: skip
                time.sleep(seconds)
                running.send_signal(how)
                running.wait(PATIENCE)
            for token in tokens(tmp_path):
                scanner.know("a session's token", token)
            scanner.scan("stdout", out.read_bytes())
            scanner.scan("stderr", err.read_bytes())
            scanner.folder(salon.root)
    tenant.ask("/faults", "DELETE")
    scanner.ran(decent(salon.apply(env=env)), "the last apply")
    scanner.folder(salon.root)


def test_no_crash_leaves_a_secret(tmp_path: Path, tenant: Served, scanner: Scanner) -> None:
    crashes(tmp_path, tenant, scanner, (0.8,))


@pytest.mark.slow
def test_no_crash_at_any_moment_leaves_a_secret(tmp_path: Path, tenant: Served, scanner: Scanner) -> None:
    crashes(tmp_path, tenant, scanner, tuple(0.3 + n / 20 for n in range(20)))


def test_the_scanner_finds_what_it_looks_for() -> None:
    for name, secret in {"API_KEY": KEY, **PASSWORDS}.items():
        scanner = Scanner({name: secret})
        for spoiled in (
            secret.encode(), quote_plus(secret).encode(), repr({"a": secret}).encode(),
            json.dumps({"a": secret}).encode(), base64.b64encode(b"x" + secret.encode() + b"yz"),
            base64.b64encode(f"email:{secret}".encode()),
        ):  # fmt: skip
            with pytest.raises(AssertionError, match=name):
                scanner.scan("here", b"some text " + spoiled + b" and more")
