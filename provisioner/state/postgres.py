"""The state of one tenant in a Postgres database: rows, and an advisory lock that the server frees when we are gone.

Under the lock everything goes through the session that holds it: when that is lost, nothing more can be written down,
and so nothing more is sent.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

from provisioner.errors import StateError
from provisioner.kinds import Resource
from provisioner.state.contents import Contents
from provisioner.state.entries import Entry
from provisioner.state.journal import REPLACED, Files, first_line, spelled
from provisioner.state.lock import DIES, at_work, myself, words
from provisioner.state.model import State, Tenant
from provisioner.state.remote import Put
from provisioner.state.session import Server, process

if TYPE_CHECKING:
    from psycopg import Connection

PAUSES = (0.02, 0.08, 0.2, 0.4, 0)
"""Seconds after each attempt to get the lock: the server needs a moment to see that a client is dead."""
ONE_MOMENT = """
SELECT 'state', 0, snapshot FROM provisioner_state WHERE tenant = %(tenant)s AND snapshot IS NOT NULL
UNION ALL SELECT 'journal', number, line FROM provisioner_journal WHERE tenant = %(tenant)s
UNION ALL SELECT part, 0, content FROM provisioner_earlier
    WHERE tenant = %(tenant)s AND part IN ('previous', 'taken_in') ORDER BY 1, 2
"""
SET = """
UPDATE provisioner_state SET lineage = %s, serial = %s, snapshot = %s, journal = %s, saved_at = now()
WHERE tenant = %s AND serial = %s
"""
KEEP = """
INSERT INTO provisioner_earlier VALUES (%s, %s, %s)
ON CONFLICT (tenant, part) DO UPDATE SET content = EXCLUDED.content
"""
KEEP_RUN = """
INSERT INTO provisioner_run VALUES (%s, %s, %s, %s)
ON CONFLICT (tenant, name) DO UPDATE SET head = EXCLUDED.head, below = EXCLUDED.below
"""
SAY = """
INSERT INTO provisioner_holder VALUES (%s, pg_backend_pid(), %s)
ON CONFLICT (tenant) DO UPDATE SET pid = EXCLUDED.pid, who = EXCLUDED.who
"""
APPEND = """
INSERT INTO provisioner_journal (tenant, number, line)
SELECT s.tenant, e.number, e.line
FROM (SELECT tenant FROM provisioner_state WHERE tenant = %s AND journal = %s FOR SHARE) AS s,
     unnest(%s::integer[], %s::bytea[]) AS e (number, line)
WHERE %s IN (0, pg_backend_pid())
"""
FORGET: tuple[LiteralString, ...] = (
    "DELETE FROM provisioner_state WHERE tenant = %s",
    "DELETE FROM provisioner_journal WHERE tenant = %s",
    "DELETE FROM provisioner_earlier WHERE tenant = %s",
    "DELETE FROM provisioner_run WHERE tenant = %s",
)
HOLDER = """
SELECT h.who FROM pg_locks l LEFT JOIN provisioner_holder h ON h.tenant = %s AND h.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = %s::oid AND l.objid = %s::oid
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(slots=True)
class Postgres:
    """The rows of one tenant."""

    server: Server
    tenant: Tenant
    kinds: tuple[type[Resource], ...] = ()
    """What can be in it: some of it may be lost with it."""
    _session: Connection[Any] | None = None
    """The one that holds the lock, or changes something at this moment."""
    _locked: int = 0
    """The server's process that has the lock; 0 without it."""
    _journal: str = ""
    """Which journal was put last."""

    @property
    def name(self) -> str:
        """The address, without what signs in."""
        return self.server.name

    @property
    def shelf(self) -> Rows:
        """Where the runs lie."""
        return Rows(self)

    @property
    def key(self) -> str:
        """What its rows are found by."""
        return f"{self.tenant.host}/{self.tenant.company_id}"

    @property
    def _files(self) -> Files:
        return Files(f"{self.name}: the journal of {self.tenant}", f"{self.name}: the state of {self.tenant}", "FILE")

    # -- sessions

    @contextmanager
    def opened(self, what: str, *, writes: bool = True) -> Iterator[Connection[Any] | None]:
        """The session that is open, or one for this; None where nobody made the tables yet. Raises StateError."""
        if self._session is not None:
            with self.server.told(what):
                yield self._session
            return
        with self.server.session(writes=writes) as (connection, there):
            self._session = connection
            try:
                with self.server.told(what):
                    yield connection if there else None
            finally:
                self._session = None

    @contextmanager
    def writing(self) -> Iterator[Connection[Any]]:
        """One transaction: all of it happens, or nothing. Raises StateError."""
        with self.opened("cannot be written") as connection:
            assert connection is not None
            with connection.transaction():
                yield connection

    # -- what is there

    def read(self) -> Contents:
        """One statement sees one moment."""
        with self.opened("cannot be read", writes=False) as connection:
            if connection is None:
                return Contents(self.tenant, self._files, kinds=self.kinds)
            return self._read(connection)

    def _read(self, connection: Connection[Any]) -> Contents:
        found: dict[str, bytes] = {}
        lines: list[bytes] = []
        for part, _, content in connection.execute(ONE_MOMENT, {"tenant": self.key}):
            if part == "journal":
                lines.append(content)
            else:
                found[part] = content
        told = b"".join(lines) if lines else None
        parts = (found.get("state"), told, found.get("previous"), found.get("taken_in"))
        return Contents(self.tenant, self._files, *parts, self.kinds)

    @contextmanager
    def changing(self) -> Iterator[tuple[Contents, Put]]:
        """A transaction that has the row."""
        with self.writing() as connection:
            connection.execute("INSERT INTO provisioner_state VALUES (%s, '', 0, NULL, '') ON CONFLICT DO NOTHING",
                               (self.key,))  # fmt: skip
            row = connection.execute("SELECT serial FROM provisioner_state WHERE tenant = %s FOR UPDATE",
                                     (self.key,)).fetchone()  # fmt: skip
            before = self._read(connection)

            def put(contents: Contents, state: State) -> None:
                self._put(connection, row[0] if row else 0, before, contents, state)

            yield before, put

    def _put(
        self, connection: Connection[Any], serial: int, before: Contents, contents: Contents, state: State
    ) -> None:
        self._journal = secrets.token_hex(8)
        given = (state.lineage, state.serial, contents.state, self._journal, self.key, serial)
        if connection.execute(SET, given).rowcount != 1:
            raise StateError(f"{self.name}: was written by another run: nothing is overwritten. Plan again")
        connection.execute("DELETE FROM provisioner_journal WHERE tenant = %s", (self.key,))
        connection.execute("INSERT INTO provisioner_journal VALUES (%s, 0, %s)", (self.key, contents.journal))
        earlier = {"previous": contents.previous, "taken_in": contents.taken_in}
        for part, content in earlier.items():
            if content is not None and content is not getattr(before, part):
                connection.execute(KEEP, (self.key, part, content))

    def keep_damaged(self) -> None:
        """Beside the rest, where nothing reads it."""
        with self.writing() as connection:
            found = self._read(connection)
            for part, content in (("state.damaged", found.state), ("journal.damaged", found.journal)):
                if content is not None:
                    connection.execute(KEEP, (self.key, part, content))

    def forget(self) -> None:
        """All of the tenant's rows."""
        with self.writing() as connection:
            for query in FORGET:
                connection.execute(query, (self.key,))

    # -- the journal

    def log(self, state: State) -> Lines:
        """The journal that was just put."""
        return Lines(self, self._journal, first_line(state)[1])

    def append(self, which: str, number: int, lines: list[bytes]) -> None:
        """Return once lines of a journal are durable. Raises StateError when it is no longer the one to be written."""
        numbers = [*range(number, number + len(lines))]
        with self.opened("cannot be written") as connection:
            assert connection is not None
            found = connection.execute(APPEND, (self.key, which, numbers, lines, self._locked))
        if found.rowcount != len(lines):
            raise StateError(f"{self.name}: the journal {REPLACED}")

    # -- the lock

    def unlock(self, id_: str) -> None:
        """There is none to break."""
        raise StateError(f"{self.name}: {id_}: {DIES}")

    @contextmanager
    def locked(self, doing: str) -> Iterator[None]:
        """Hold the tenant's lock, in a session that everything else goes through. Raises LockedError."""
        with self.server.session(writes=True) as (connection, _):
            with self.server.told("cannot be locked"):
                self._take(connection, doing)
                self._locked = process(connection)
            self._session = connection
            try:
                yield
            finally:
                self._session, self._locked = None, 0
                with suppress(StateError), self.server.told("cannot be unlocked"):
                    connection.execute("SELECT pg_advisory_unlock_all()")

    def _take(self, connection: Connection[Any], doing: str) -> None:
        for pause in PAUSES:
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", (self._number,)).fetchone()
            if row == (True,):
                connection.execute(SAY, (self.key, _held(connection, words(myself(doing)))))
                return
            time.sleep(pause)
        raise at_work(self._holder(connection) or "another run")

    def holder(self) -> str:
        """Who holds the lock, as the server knows: what a dead one said is not repeated."""
        with self.opened("cannot be read", writes=False) as connection:
            return "" if connection is None else self._holder(connection)

    def _holder(self, connection: Connection[Any]) -> str:
        halves = divmod(self._number % 2**64, 2**32)
        row = connection.execute(HOLDER, (self.key, *map(str, halves))).fetchone()
        return "" if row is None else str(row[0] or "another run")

    @property
    def _number(self) -> int:
        """The lock of a tenant is a number."""
        return int.from_bytes(hashlib.sha256(f"provisioner {self.key}".encode()).digest()[:8], signed=True)


def _held(connection: Connection[Any], text: str) -> str:
    """Words of this computer as the database can hold them: not each can hold every name."""
    every = connection.info.parameter_status("server_encoding") == "UTF8"
    return text.encode("utf-8" if every else "ascii", "backslashreplace").decode()


@dataclass(slots=True)
class Lines:
    """An open journal, a row for each line."""

    postgres: Postgres
    which: str
    _crc: int
    _number: int = 1
    _broken: str = ""
    ahead: int = 0

    def append(self, *entries: Entry) -> None:
        """Return once the entries are durable: one statement. Raises StateError, and from then on always."""
        if self._broken:
            raise StateError(self._broken)
        lines, crc = spelled(entries, self._number, self._crc)
        try:
            self.postgres.append(self.which, self._number, lines)
        except StateError as error:
            self._broken = str(error)
            raise
        self._number, self._crc = self._number + len(lines), crc

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The runs of one tenant, a row for each text."""

    postgres: Postgres
    kept: int = 50
    room: int = 256 * 1024 * 1024

    def called(self, name: str) -> str:
        """As an error names it."""
        return f"{self.postgres.name}: {name} of {self.postgres.tenant}"

    def sizes(self) -> dict[str, int]:
        """Names and sizes."""
        return dict(self._found("SELECT name, length(head) + length(below) FROM provisioner_run WHERE tenant = %s"))

    def read(self, name: str) -> bytes | None:
        """Head and lines."""
        rows = self._found("SELECT head || below FROM provisioner_run WHERE tenant = %s AND name = %s", name)
        return rows[0][0] if rows else None

    def first_line(self, name: str) -> bytes | None:
        """The head alone."""
        rows = self._found("SELECT head FROM provisioner_run WHERE tenant = %s AND name = %s", name)
        return rows[0][0] if rows else None

    def _found(self, query: LiteralString, *given: str) -> list[Any]:
        with self.postgres.opened("cannot be read", writes=False) as connection:
            return [] if connection is None else connection.execute(query, (self.postgres.key, *given)).fetchall()

    def write(self, name: str, data: bytes) -> None:
        """Whole, or not at all."""
        head, _, below = data.partition(b"\n")
        with self.postgres.writing() as connection:
            connection.execute(KEEP_RUN, (self.postgres.key, name, head + b"\n", below))

    def remove(self, name: str) -> None:
        """The row goes."""
        with self.postgres.writing() as connection:
            connection.execute("DELETE FROM provisioner_run WHERE tenant = %s AND name = %s", (self.postgres.key, name))
