"""A session with a Postgres server: opened with what durability and a lock need, and refused where it is not one's own.

An advisory lock belongs to a session. A pooler that gives every transaction another session would take it away, or
give it to somebody else, and nobody would be told.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from provisioner.errors import StateError

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMA = 1
"""The tables below; 1 is the first."""
TABLES = """
CREATE TABLE provisioner_schema (version integer NOT NULL);
CREATE TABLE provisioner_state (
    tenant text PRIMARY KEY, lineage text NOT NULL, serial bigint NOT NULL, snapshot bytea, journal text NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE provisioner_journal (
    tenant text, number integer, line bytea NOT NULL, written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, number));
CREATE TABLE provisioner_earlier (tenant text, part text, content bytea NOT NULL, PRIMARY KEY (tenant, part));
CREATE TABLE provisioner_run (
    tenant text, name text, head bytea NOT NULL, below bytea NOT NULL, PRIMARY KEY (tenant, name));
CREATE TABLE provisioner_holder (tenant text PRIMARY KEY, pid integer NOT NULL, who text NOT NULL);
"""
_MAKING = 0x70726F76_73746174
"""The lock under which the tables are made."""
_SETTINGS = {
    "application_name": "provisioner",
    "tcp_keepalives_idle": "30",  # the lock of a machine that is gone is free after a minute, not after hours
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "statement_timeout": "60s",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
_SINCE_14 = {"idle_session_timeout": "0"}  # the lock lasts as long as a question is thought about
_BESIDE = 3
"""Sessions that are opened beside ours where somebody stands in between: more than there are poolers at one address."""
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """Where the database is, and how errors call it."""

    dsn: str = field(repr=False)
    """With all that signs in: never shown."""
    name: str

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[tuple[Connection[Any], bool]]:
        """A connection that is a session of its own, closed at the end, and whether the tables are there.

        Who `writes` has them made. Raises StateError.
        """
        with self.told("cannot be used"):
            connection = self._connect()
        try:
            with self.told("cannot be used"):
                self._begin(connection)
                there = self._tables(connection, make=writes)
            yield connection, there
        finally:
            connection.close()

    @contextmanager
    def told(self, what: str) -> Iterator[None]:
        """What goes wrong in here, as one line without a secret."""
        from psycopg import Error

        try:
            yield
        except Error as error:
            raise StateError(f"{self.name}: {what}: {self._said(error)}") from None

    def _said(self, error: Exception) -> str:
        text = " ".join((str(error).strip().splitlines() or ["no answer"])[0].split())
        secret = _password(self.dsn)
        return text.replace(secret, "***") if secret else text

    def _connect(self) -> Connection[Any]:
        """Raises StateError for what is no address, and psycopg's errors."""
        from psycopg import Connection, ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            given = conninfo_to_dict(self.dsn)
        except ProgrammingError:  # its text repeats the address
            remedy = "write one such as postgresql://USER:PASSWORD@HOST/DATABASE, what is special in it percent-encoded"
            raise StateError(f"{self.name}: is no address of a database: {remedy}") from None
        usual: dict[str, Any] = {"connect_timeout": 10, "tcp_user_timeout": 20000, "keepalives_idle": 30}
        if not _is_near(given) and "PGSSLMODE" not in os.environ:
            usual["sslmode"] = "require"
        given["client_encoding"] = "UTF8"  # of a database without an encoding text would come as bytes
        return Connection.connect(**{**usual, **given}, autocommit=True, prepare_threshold=None)

    def _begin(self, connection: Connection[Any]) -> None:
        settings = {**_SETTINGS, **(_SINCE_14 if connection.info.server_version >= 140000 else {})}
        words = ", ".join("set_config(%s, %s, false)" for _ in settings)
        durable = (
            "set_config('synchronous_commit', CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') "
            "THEN 'on' ELSE current_setting('synchronous_commit') END, false)"
        )
        given = [each for pair in settings.items() for each in pair]
        row = connection.execute(f"SELECT pg_backend_pid(), {durable}, {words}".encode(), given).fetchone()
        if row is None or row[0] != connection.info.backend_pid:  # somebody stands in between
            self._refuse_shared(connection)

    def _refuse_shared(self, connection: Connection[Any]) -> None:
        """Sessions that are open at once have a process each at the server, and each keeps its own."""
        with ExitStack() as beside:
            every = [connection, *(beside.enter_context(self._connect()) for _ in range(_BESIDE))]
            seen = [tuple(map(process, every)) for _ in range(3)]
        if len(set(seen)) > 1 or len(set(seen[0])) < len(every):
            raise StateError(
                f"{self.name}: is reached through a pooler that gives each transaction another session, and a lock "
                "belongs to a session: give the address of the server itself, or of a pool per session"
            )

    def _tables(self, connection: Connection[Any], *, make: bool) -> bool:
        """Whether they are there. Raises StateError for those of a newer provisioner."""
        if not _exist(connection):
            if not make:
                return False
            connection.execute("SELECT pg_advisory_lock(%s)", (_MAKING,))
            with connection.transaction():  # begun under the lock: an older one may not see what it was waited for
                if not _exist(connection):
                    connection.execute(TABLES)
                    connection.execute("INSERT INTO provisioner_schema VALUES (%s)", (SCHEMA,))
            connection.execute("SELECT pg_advisory_unlock(%s)", (_MAKING,))
        version = connection.execute("SELECT max(version) FROM provisioner_schema").fetchone()
        if version != (SCHEMA,):
            raise StateError(f"{self.name}: its tables were made by a newer provisioner: update this one")
        return True


def named(dsn: str) -> str:
    """What a person calls a database: where it is, and nothing that signs in."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        given = conninfo_to_dict(dsn)
    except ProgrammingError:
        return "the database of state"
    port = f":{given['port']}" if given.get("port") else ""
    return f"postgresql://{given.get('host') or ''}{port}/{given.get('dbname') or ''}"


def _is_near(given: Mapping[str, Any]) -> bool:
    """Whether it is sure that no network lies in between."""
    if given.get("service") or os.environ.get("PGSERVICE"):
        return False  # a file says where
    places = (given.get(name) or os.environ.get(f"PG{name.upper()}") or "" for name in ("host", "hostaddr"))
    return all(not each or each.startswith("/") or each in _LOCAL for place in places for each in place.split(","))


def _exist(connection: Connection[Any]) -> bool:
    return connection.execute("SELECT to_regclass('provisioner_schema')").fetchone() != (None,)


def process(connection: Connection[Any]) -> int:
    """The server's process of a session."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    return int(row[0]) if row else 0


def _password(dsn: str) -> str:
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        return str(conninfo_to_dict(dsn).get("password") or "")
    except ProgrammingError:
        return ""
