"""The file: its versions, being killed, and more than one process on it at once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread, Timer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from provisioner.sandbox import migrations
from provisioner.sandbox.app import create_app
from provisioner.sandbox.migrations import APPLICATION, MIGRATIONS, VERSION, UnfitFileError
from provisioner.sandbox.store import Store
from tests.sandbox.conftest import SERVER, open_sandbox, served

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

FILES = Path(__file__).with_name("files")


def of_version(number: int, to: Path) -> Path:
    """Make the file that a version left behind, from its dump: an account, its child, and one object of every kind."""
    with closing(sqlite3.connect(to)) as db:
        db.executescript((FILES / f"version_{number}.sql").read_text("utf-8"))
        db.execute(f"PRAGMA user_version = {number}")
        db.execute(f"PRAGMA application_id = {APPLICATION if number else 0}")
    return to


def tables(db: Path) -> dict[str, Any]:
    """Return the columns of every table, and the indexes."""
    with closing(sqlite3.connect(db)) as opened:
        names = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        columns = {name: opened.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
        indexes = opened.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name").fetchall()
    return columns | {"indexes": [(name, sql and sql.replace("IF NOT EXISTS ", "")) for name, sql in indexes]}


def marks(db: Path) -> tuple[int, int]:
    """Return what a file says of itself: whose it is, and its version."""
    with closing(sqlite3.connect(db)) as opened:
        (application,), (version,) = (
            opened.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
        )
    return application, version


# -- versions


def test_a_new_file_says_what_it_is(sandbox: Sandbox, tmp_path: Path) -> None:
    assert marks(tmp_path / "sandbox.db") == (APPLICATION, VERSION)


@pytest.mark.parametrize("number", range(VERSION + 1))
def test_a_file_of_any_version_becomes_one_of_today(tmp_path: Path, number: int) -> None:
    open_sandbox(tmp_path / "new.db").close()
    old = of_version(number, tmp_path / "old.db")
    open_sandbox(old).close()
    assert tables(old) == tables(tmp_path / "new.db")
    assert marks(old) == (APPLICATION, VERSION)


@pytest.mark.parametrize("number", range(VERSION + 1))
def test_what_is_in_an_old_file_can_be_worked_with(tmp_path: Path, number: int) -> None:
    sandbox = open_sandbox(of_version(number, tmp_path / "old.db"))
    with closing(sandbox):
        spa, massage, ann = sandbox.ok("GET", "/location")[1], sandbox.ok("GET", "/service")[1], 342702
        assert (spa["city"], massage["name"]) == ("Rome", "Massage")
        for path in (
            "/account",
            "/account/getAccountInfo",
            "/account/getOptions",
            "/account/companies",
            "/customfield",
        ):
            assert sandbox.ok("GET", path)
        for path in ("/availability/getHoliday", "/subscribe", "/client", f"/employee/getAvailabilityTime/{ann}"):
            assert sandbox.ok("GET", path)
        assert sandbox.control("GET", "/dialect")["links"] == "merge"
        sandbox.ok("PUT", f"/employee/{ann}", {"email": "ann@example.com", "first_name": "A", "last_name": "L"}
                   | {"status": True, "links": {}})  # fmt: skip
        day = {"start_date": "2026-03-09", "t": "daily", "return": "times", "location_id": spa["id"]}
        offered = sandbox.ok("GET", "/availability", service_id=massage["id"], **day)["times"]
        assert len(offered) == 3
        client = {"client_email": "maya@example.com", "client_name": "Maya", "start_date": "2026-03-09 10:00"}
        booked = sandbox.ok("POST", "/appointment", client | {"service_id": massage["id"], "location_id": spa["id"]})
        assert booked["employee_id"] == ann
        assert sandbox.request("GET", "/tenants/2345").status_code == 200


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    db = of_version(VERSION, tmp_path / "newer.db")
    with closing(sqlite3.connect(db)) as opened:
        opened.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = db.read_bytes()
    with pytest.raises(UnfitFileError, match=f"newer version of provisioner: {VERSION + 1}, .* up to {VERSION}"):
        create_app(db)
    assert db.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["newer.db"]


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE recipes(name TEXT)", "PRAGMA application_id = 17", "PRAGMA user_version = 99"]
)
def test_a_file_of_another_program_is_left_alone(tmp_path: Path, statement: str) -> None:
    db = tmp_path / "other.db"
    with closing(sqlite3.connect(db)) as opened:
        opened.execute(statement)
        opened.commit()
    before = db.read_bytes()
    with pytest.raises(UnfitFileError, match="another program's"):
        create_app(db)
    assert db.read_bytes() == before


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    db = tmp_path / "letter.db"
    db.write_bytes(b"Dear reader, " * 500)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        create_app(db)
    assert db.read_bytes() == b"Dear reader, " * 500


def test_an_upgrade_happens_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(store: Store) -> None:
        store.run("CREATE TABLE half(done TEXT)")
        raise KeyboardInterrupt

    db = of_version(0, tmp_path / "old.db")
    before = tables(db)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, fail))
    with pytest.raises(KeyboardInterrupt):
        create_app(db)
    assert tables(db) == before
    assert marks(db) == (0, 0)


def test_each_step_is_done_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    steps: tuple[Callable[[Store], None], ...] = tuple(
        lambda _store, number=number: done.append(number)  # type: ignore[misc]
        for number in range(VERSION + 2)
    )
    db = of_version(0, tmp_path / "old.db")
    for count in (VERSION, VERSION + 2):
        monkeypatch.setattr(migrations, "MIGRATIONS", steps[:count])
        monkeypatch.setattr(migrations, "VERSION", count)
        for _ in range(2):
            Store(db).close()
        assert done == list(range(count))


# -- being killed


CREATOR = """
import sys
from tests.sandbox.conftest import open_sandbox
sandbox = open_sandbox(sys.argv[1])
print("open", flush=True)
while True:
    print(sandbox.location(name="Spa"), flush=True)
"""


def kill_after(db: Path, created: int, seconds: float) -> list[int]:
    """Start a process that creates locations, kill it after so many and a moment, and return those that it told of."""
    command = [sys.executable, "-c", CREATOR, str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(created + 1)] if created else []
        time.sleep(seconds)
        process.kill()
        told += process.stdout.read().splitlines()
    # The last line may have been cut short.
    return [int(line) for line in told[1:] if len(line.strip()) == 6]


@pytest.mark.skipif(sys.platform == "win32", reason="a kill is sent the POSIX way")
@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_what_was_answered_survives_a_kill(tmp_path: Path, rounds: int) -> None:
    db, told = tmp_path / "sandbox.db", set[int]()
    for number in range(rounds):
        told |= set(kill_after(db, 20 + number, number * 0.0007))
    sandbox = open_sandbox(db)
    with closing(sandbox):
        held = {each["id"] for each in sandbox.ok("GET", "/location")}
        assert told <= held
        assert len(held - told) <= 1 + rounds  # the main one, and what was done but not told any more
        assert sandbox.app.state.store.one("PRAGMA integrity_check") == ("ok",)


@pytest.mark.skipif(sys.platform == "win32", reason="a kill is sent the POSIX way")
@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_a_file_survives_a_kill_while_it_is_made_or_upgraded(tmp_path: Path, rounds: int) -> None:
    for number in range(rounds):
        db = tmp_path / f"{number}.db"
        if number % 2:
            of_version(0, db)
        start = time.monotonic()
        command = [sys.executable, "-c", CREATOR, str(db)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
            while not (db.exists() and db.with_name(f"{db.name}-wal").exists()) and time.monotonic() < start + 30:
                time.sleep(0.0005)
            time.sleep(number * 0.0004)
            os.kill(process.pid, signal.SIGKILL)
        sandbox = open_sandbox(db)
        with closing(sandbox):
            assert sandbox.ok("GET", "/employee")
            assert sandbox.app.state.store.one("PRAGMA integrity_check") == ("ok",)
        assert marks(db) == (APPLICATION, VERSION)


# -- two processes


def test_a_served_and_an_embedded_sandbox_write_at_once(tmp_path: Path) -> None:
    db, count = tmp_path / "sandbox.db", 150
    with served(db) as other:
        own = open_sandbox(db)
        with closing(own):
            ann = own.employee()
            made: dict[str, list[int]] = {"phone": [], "job": []}

            def work(name: str, caller: Any) -> None:
                for number in range(count):
                    made[name].append(caller.location(name=name))
                    said = {"email": "ann@example.com", "first_name": "A", "last_name": "L", "links": []}
                    caller.ok("PUT", f"/employee/{ann}", said | {name: str(number)})
                    assert caller.ok("GET", f"/employee/{ann}")[0][name] == str(number)

            thread = Thread(target=work, args=("job", other))
            thread.start()
            work("phone", own)
            thread.join(60)
            held = own.ok("GET", f"/employee/{ann}")[0]
            assert (held["phone"], held["job"]) == (str(count - 1), str(count - 1))
            assert sorted(made["phone"] + made["job"]) == list(range(118202, 118202 + 2 * count))
            assert {each["status"] for each in own.control("GET", "/calls")} == {200}


def test_what_one_process_sets_the_other_goes_by(tmp_path: Path) -> None:
    with served(tmp_path / "sandbox.db") as other:
        own = open_sandbox(tmp_path / "sandbox.db")
        with closing(own):
            for links in ("merge", "replace"):
                own.control("PUT", "/dialect", {"links": links})
                assert other.control("GET", "/dialect")["links"] == links
            other.control("PUT", "/clock", {"now": "2027-01-01T00:00:00Z"})
            assert own.control("GET", "/clock")["now"] == "2027-01-01T00:00:00+00:00"


def test_a_waiting_process_gets_its_turn(opened: Callable[..., Sandbox]) -> None:
    first, second = opened(), opened()
    first.app.state.store.begin()
    thread = Timer(0.3, first.app.state.store.commit)
    thread.start()
    assert second.location()
    thread.join()


def test_several_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path / "sandbox.db")]
    servers = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        for server in servers:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            accounts = httpx.get(f"{url}/_sandbox/accounts", trust_env=False, timeout=60).json()
            assert [each["company_id"] for each in accounts] == [2345]
    finally:
        for server in servers:
            with suppress(ProcessLookupError):
                server.terminate()
    assert [server.communicate(timeout=60)[1] for server in servers] == [""] * 3
