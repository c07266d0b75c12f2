"""The state in Postgres, at a real server: compare and set, a durable journal, and a lock that dies with its client."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from provisioner.errors import LockedError, StateError
from provisioner.state.fold import fold
from provisioner.state.model import Record, State, Tenant
from provisioner.state.postgres import Postgres
from provisioner.state.remote import RemoteState
from provisioner.state.session import Server
from tests.postgres import PASSWORD, Database
from tests.state.damage import BEFORE, RUN
from tests.state.pooler import pooled
from tests.state.strategies import OWNER

NAME = "postgresql://db.example/states"
HOLDER = Path(__file__).with_name("holder.py")


def store(database: Database, tenant: Tenant = OWNER) -> RemoteState:
    return RemoteState(Postgres(Server(database.dsn, NAME), tenant))


@contextmanager
def holding(database: Database) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the lock, in the middle of a run."""
    command = [sys.executable, str(HOLDER), database.dsn]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        try:
            yield process
        finally:
            process.kill()


# -- the lock


def test_a_killed_client_frees_the_lock_at_once_and_its_journal_is_there(database: Database) -> None:
    state = store(database)
    with holding(database) as process:
        assert f"provisioner apply (process {process.pid} of " in state.holder()
        with (
            pytest.raises(LockedError, match=rf"process {process.pid} .* is at work on this tenant"),
            state.locked("x"),
        ):
            pass
        process.kill()
        process.wait()
        with state.locked("provisioner apply"):
            found = state.load()
    assert found.interrupted
    assert found.state.records == fold(State(OWNER, "cafe", 1, BEFORE), RUN).records
    assert state.holder() == ""


def test_when_the_server_ends_the_session_nothing_more_is_written(database: Database) -> None:
    """The lock is somebody else's by then: what goes on as if it were ours must not be recorded, and not be sent."""
    state = store(database)
    with state.locked("provisioner apply"):
        saved = state.save(State(OWNER, "cafe", 0, BEFORE))
        log = state.begin(saved)
        log.append(RUN[0])
        database.ask("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        for _ in range(2):
            with pytest.raises(StateError, match=NAME):
                log.append(RUN[1])
        with store(database).locked("provisioner apply"):
            assert store(database).load().state == fold(saved, RUN[:1])


def test_tenants_do_not_wait_for_each_other(database: Database) -> None:
    other = store(database, replace(OWNER, company_id="99"))
    with store(database).locked("a"), other.locked("b"):
        other.save(State(other.tenant, "beef"))
        assert store(database).load().state.serial == 0
        assert other.load().state.serial == 1


def test_of_many_that_come_at_once_to_an_empty_database_all_can_use_it(database: Database) -> None:
    command = [sys.executable, str(HOLDER), database.dsn, "--brief"]
    running = [
        subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for n in range(4)
    ]
    with ExitStack() as open_:
        for each in running:
            open_.enter_context(each)
        assert {each.communicate()[0] for each in running} == {"saved\n"}
    assert database.ask("SELECT count(*) FROM provisioner_state WHERE serial = 1") == [(4,)]


# -- compare and set


def test_what_another_run_saved_is_not_overwritten(database: Database) -> None:
    one, other = store(database), store(database)
    saved = one.save(State(OWNER, "cafe", 0, BEFORE))
    newer = other.save(saved)
    with pytest.raises(StateError, match=r"was written by another run \(serial 2\) since it was read \(serial 1\)"):
        one.save(saved)
    assert one.load() == (newer, False)


def test_a_journal_that_another_run_replaced_is_not_gone_on_with(database: Database) -> None:
    one, other = store(database), store(database)
    saved = one.save(State(OWNER, "cafe", 0, BEFORE))
    log = one.begin(saved)
    other.save(saved)
    with pytest.raises(StateError, match="was replaced by another run"):
        log.append(*RUN)
    assert other.load().interrupted is False


# -- what is there


def test_what_is_saved_is_found_and_a_plan_makes_no_tables(database: Database) -> None:
    one = store(database)
    assert one.load().state.serial == 0
    assert one.holder() == ""
    assert one.runs.numbers() == []
    assert database.ask("SELECT to_regclass('provisioner_schema')") == [(None,)]
    odd = {next(iter(BEFORE)): Record("1", applied={"name": "half \ud83d a pair, a \x00, ünï"})}
    saved = one.save(State(OWNER, "cafe", 0, odd))
    assert store(database).load() == (saved, False)


@pytest.mark.parametrize("count", range(len(RUN) + 1))
def test_what_a_run_wrote_down_is_there_whenever_it_dies(database: Database, count: int) -> None:
    one = store(database)
    saved = one.save(State(OWNER, "cafe", 0, BEFORE))
    log = one.begin(saved)
    for entry in RUN[:count]:
        log.append(entry)
    assert store(database).load() == (fold(saved, RUN[:count]), bool(count))
    after = one.save(one.load().state)
    assert store(database).load() == (after, False)


def test_a_line_of_the_journal_that_is_gone_is_noticed(database: Database) -> None:
    one = store(database)
    one.begin(one.save(State(OWNER, "cafe", 0, BEFORE))).append(*RUN)
    database.ask("DELETE FROM provisioner_journal WHERE number = 2")
    with pytest.raises(StateError, match=r"damaged or edited by hand\. Go on with all of it that can be trusted"):
        one.load()


def test_tables_of_a_newer_provisioner_are_left_alone(database: Database) -> None:
    one = store(database)
    one.save(State(OWNER, "cafe", 0, BEFORE))
    database.ask("UPDATE provisioner_schema SET version = 2")
    with pytest.raises(StateError, match="made by a newer provisioner: update this one"):
        one.load()


# -- other letters


@pytest.mark.parametrize("encoding", ["UTF8", "SQL_ASCII", "LATIN1"])
def test_a_database_may_have_any_encoding(database: Database, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an encoding of its own its text would come as bytes; who is at work may have any name."""
    monkeypatch.setenv("LOGNAME", "Дима\udcff")
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    name = f"{database.name}_{encoding.lower()}"
    database.ask(f"CREATE DATABASE \"{name}\" ENCODING {encoding} LOCALE 'C' TEMPLATE template0")
    one = store(Database(database.port, name))
    odd = {next(iter(BEFORE)): Record("1", applied={"name": "Дима \ud83d"})}
    with one.locked("provisioner apply"):
        assert "provisioner apply (process" in store(Database(database.port, name)).holder()
        saved = one.save(State(OWNER, "cafe", 0, odd))
        one.begin(saved).append(*RUN)
    assert one.load().interrupted
    database.ask(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize(
    ("given", "near"),
    [({"host": "localhost"}, True), ({}, True), ({"host": "/run/pg"}, True), ({"host": "::1,127.0.0.1"}, True),
     ({"host": "db.example"}, False), ({"host": "localhost,db.example"}, False), ({"hostaddr": "10.1.2.3"}, False),
     ({"host": "localhost", "hostaddr": "10.1.2.3"}, False), ({"service": "far"}, False)],
)  # fmt: skip
def test_what_may_be_across_a_network_is_encrypted(
    given: dict[str, str], near: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def connect(**words: object) -> None:
        asked.append(words.get("sslmode"))
        raise psycopg.OperationalError

    for name in ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(psycopg.Connection, "connect", connect)
    one = RemoteState(Postgres(Server(psycopg.conninfo.make_conninfo(dbname="states", **given), NAME), OWNER))
    with pytest.raises(StateError):
        one.load()
    assert asked == [None if near else "require"]


# -- the way there


@pytest.mark.parametrize("poolers", [1, 2, 3])
def test_a_pool_that_gives_every_transaction_another_session_is_refused(database: Database, poolers: int) -> None:
    with pooled(database.port, sessions=1, poolers=poolers) as port:
        behind = RemoteState(Postgres(Server(database.dsn.replace(str(database.port), str(port)), NAME), OWNER))
        with pytest.raises(StateError, match="through a pooler that gives each transaction another session"):
            behind.load()
        with pytest.raises(StateError, match="through a pooler"), behind.locked("x"):
            pass


def test_a_pool_of_sessions_is_none_of_that(database: Database) -> None:
    with pooled(database.port, sessions=0) as port:
        behind = RemoteState(Postgres(Server(database.dsn.replace(str(database.port), str(port)), NAME), OWNER))
        with behind.locked("x"):
            log = behind.begin(behind.save(State(OWNER, "cafe", 0, BEFORE)))
            log.append(*RUN)
            assert behind.load().interrupted


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "wrong-s3cret"}, "password authentication failed"),
        ({"port": "1"}, "refused"),
        ({"dbname": "nowhere"}, 'database "nowhere" does not exist'),
        ({"host": "no-such-host.invalid"}, "resolve|not known"),
    ],
)
def test_what_goes_wrong_is_one_line_without_the_password(
    database: Database, change: dict[str, str], words: str
) -> None:
    dsn = psycopg.conninfo.make_conninfo(database.dsn, **change)
    with pytest.raises(StateError, match=words) as caught:
        RemoteState(Postgres(Server(dsn, NAME), OWNER)).load()
    said = str(caught.value)
    assert said.startswith(f"{NAME}: cannot be used: ")
    assert "\n" not in said
    assert PASSWORD not in said
    assert "wrong-s3cret" not in said
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("dsn", ["postgres:s3cret", "postgresql://u:s3cret@h/d?x=1", "postgresql://u:s3cret@h:no/d"])
def test_what_is_no_address_is_not_repeated(dsn: str) -> None:
    with pytest.raises(StateError) as caught:
        RemoteState(Postgres(Server(dsn, NAME), OWNER)).load()
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(Server(dsn, NAME))


def test_a_session_is_as_durable_and_as_awake_as_it_has_to_be(database: Database) -> None:
    database.ask(f'ALTER DATABASE "{database.name}" SET synchronous_commit = off')
    with Server(database.dsn, NAME).session(writes=True) as (connection, _):
        shown = [connection.execute(f"SHOW {name}").fetchone()
                 for name in ("synchronous_commit", "tcp_keepalives_idle")]  # fmt: skip
    assert shown == [("on",), ("30",)]


def test_an_append_costs_one_statement(database: Database) -> None:
    """How long one takes is printed, not judged."""
    one = store(database)
    with one.locked("x"):
        log = one.begin(one.save(State(OWNER, "cafe", 0, BEFORE)))
        began = time.perf_counter()
        for _ in range(200):
            log.append(RUN[-1])
        print(f"{(time.perf_counter() - began) / 200 * 1000:.2f} ms an append")
    assert database.ask("SELECT count(*) FROM provisioner_journal") == [(201,)]
