"""Asking the command wrongly, or for help."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner import __version__
from provisioner.cli.main import COMMANDS as ALL
from tests.cli.command import Workspace, environment, run

COMMANDS = tuple(ALL)
COSTLY = {
    *("aiohttp", "asyncio", "deepdiff", "holidays", "httpx", "openpyxl", "opentelemetry", "pydantic", "requests"),
    *("ruamel", "sqlite3", "starlette", "uvicorn", "uvloop", "yaml"),
}
INNER = ("state list", "state show", "state mv", "state rm", "state own", "sandbox serve", "sandbox reset")


@pytest.mark.parametrize("command", ["", *COMMANDS, *INNER])
def test_help_goes_to_stdout(command: str, tmp_path: Path) -> None:
    ran = run(*command.split(), "--help", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: provisioner {command}".rstrip())
    assert max(map(len, ran.out.splitlines())) <= 80
    assert not re.search(r"[\w'][-/]$", ran.out, re.MULTILINE), "a name is never broken at a hyphen"


def test_help_names_every_command_and_the_exit_codes(tmp_path: Path) -> None:
    ran = run("-h", cwd=tmp_path)
    listed = [line.split()[0] for line in ran.out.partition("Commands:\n")[2].splitlines()]
    assert listed == list(COMMANDS)
    assert "64 wrong usage" in " ".join(ran.out.split())


def test_the_version(tmp_path: Path) -> None:
    ran = run("--version", cwd=tmp_path)
    assert ran == (0, f"provisioner, version {__version__}\n", "")


def test_the_module_is_the_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "provisioner", "frob"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (64, b"")
    assert b"No such command 'frob'" in done.stderr


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_imports_nothing_costly(option: str, tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "provisioner", option]
    done = subprocess.run(command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in imported
    assert not imported & COSTLY


def test_a_command_imports_no_telemetry_unless_asked(starter: Workspace) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "provisioner", "validate"]
    env = environment(starter.root)
    done = subprocess.run(command, cwd=starter.root, env=env, capture_output=True, text=True, check=True)
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "pydantic" in imported
    assert not [each for each in imported if each.startswith(("opentelemetry", "provisioner.telemetry"))]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("frob", "No such command 'frob'"),
        ("--frob", "No such option '--frob'"),
        ("state frob", "No such command 'frob'"),
        ("sandbox frob", "No such command 'frob'"),
        *((f"{each} --frob", "No such option '--frob'") for each in (*COMMANDS, *INNER)),
        *((f"{each} extra", "unexpected extra argument") for each in ("plan", "sandbox reset")),
        ("state list a b", "unexpected extra argument"),
        ("state show", "Missing argument 'ADDRESS'"),
        ("state mv employee/ana", "Missing argument 'TARGET'"),
        ("state rm", "Missing argument 'ADDRESS'"),
        ("state own", "Missing argument 'ADDRESS'"),
        ("plan --var price", "write NAME=VALUE"),
        ("plan --var =30", "write NAME=VALUE"),
        ("plan --allow-destroy many", "'many' does not fit: write a whole number, 0 or more"),
        ("plan --allow-update=-1", "write a whole number, 0 or more"),
        ("plan --var-file .", "is a directory"),
        ("sandbox serve --port 99999", "write a whole number, from 0 to 65535"),
        ("sandbox serve --port http", "'http' does not fit"),
    ],
)
def test_wrong_usage(starter: Workspace, arguments: str, words: str) -> None:
    ran = starter(*arguments.split())
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.startswith("Usage: provisioner")
    assert words in ran.err
    assert "--help" in ran.err
    assert starter.kept == []


@pytest.mark.parametrize("arguments", ["", "state", "sandbox"])
def test_a_command_that_lacks_one_shows_its_help(arguments: str, tmp_path: Path) -> None:
    ran = run(*arguments.split(), cwd=tmp_path)
    assert (ran.code, ran.out) == (64, "")
    assert "Commands:" in ran.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("plan --target nope/*", "--target nope/* names nothing in the manifests or the state"),
        ("plan --target [", "--target [ names nothing"),
        ("plan --target= ", "names nothing"),
        ("plan --target service/* --target typo", "--target typo names nothing"),
        ("plan --rotate typo", "'typo' is no address"),
        ("plan --rotate employee/zoe", "--rotate employee/zoe names nothing"),
        ("plan --endpoint elsewhere", "--endpoint elsewhere: write sandbox"),
        ("plan --endpoint=", "write sandbox"),
        ("plan --endpoint file:///etc/hosts", "write sandbox"),
        ("plan --endpoint http://[::1", "write sandbox"),
        ("plan --endpoint http://127.0.0.1:port", "write sandbox"),
        ("plan --endpoint http://127.0.0.1:99999", "write sandbox"),
        ("plan --endpoint http://owner:pw@127.0.0.1:8787", "write sandbox"),
        ("plan --endpoint http://127.0.0.1:8787/api/v2?company_id=1", "write sandbox"),
        ("apply", "pass --yes"),
        ("destroy", "pass --yes"),
        ("state show typo", "'typo' is no address"),
    ],
)
def test_what_cannot_be_asked(starter: Workspace, arguments: str, words: str) -> None:
    ran = starter(*arguments.split())
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.startswith("Error: ")
    assert words in ran.err
    assert not starter.db.exists() or not starter.writes()
    assert not starter.state.exists()


@pytest.mark.parametrize(
    "command", ["validate", "lint", "plan", "apply --yes", "destroy --yes", "state list", "sandbox reset", "schema"]
)
def test_no_workspace(command: str, tmp_path: Path) -> None:
    ran = run("-C", "nowhere", *command.split(), cwd=tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[0].startswith("Error: no provisioner.yaml in nowhere: run provisioner -C nowhere init")
    assert list(tmp_path.iterdir()) == []
