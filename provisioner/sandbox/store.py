"""The sandbox's memory: one SQLite file that several processes may open at once, and that survives a kill."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioner.sandbox import migrations

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

BUSY_SECONDS = 30.0
_POLL_SECONDS = 0.001
_LOG_PAGES = 4000

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS counters(kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
)


class Store:
    """A connection, its transactions, the settings and the id counters; the tables have modules of their own."""

    def __init__(self, db: str | os.PathLike[str], schema: tuple[str, ...] = ()) -> None:
        """Open a file (or `:memory:`), make what is missing, and bring an older file up to date.

        sqlite3.Error for what cannot be opened; `migrations.UnfitFileError` among them for a file of a newer version
        or of another program, which is left as it is.
        """
        if str(db) != ":memory:":
            Path(db).parent.mkdir(parents=True, exist_ok=True)
        self._settings: dict[str, str] | None = None
        # Autocommit (transactions are spelt out), and usable from the thread that serves, not only the one that opened.
        self._db = sqlite3.connect(
            db, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        try:
            _patiently(lambda: migrations.check(self))
            self._use_wal()
            with self.transaction():
                migrations.check(self)  # again: another process may have been upgrading it
                migrations.upgrade(self)
                for statement in (*SCHEMA, *schema):
                    self._db.execute(statement)
        except BaseException:
            self._db.close()
            raise

    def _use_wal(self) -> None:
        # Changing the journal ignores the busy timeout when another process does the same at that moment.
        _patiently(lambda: self._db.execute("PRAGMA journal_mode=WAL"))
        # What is committed is in the system's hands, which a kill does not touch; only its crash could lose the last.
        self._db.execute("PRAGMA synchronous=NORMAL")
        # Copying the log back waits for the disk: less often, then.
        self._db.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
        # SQLite's own waiting gets longer with every try, and a busy process would keep all others out.
        self._db.execute("PRAGMA busy_timeout=5")

    def run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Execute one statement."""
        return self._db.execute(sql, values)

    def many(self, sql: str, rows: Any) -> None:
        """Execute one statement for every row."""
        self._db.executemany(sql, rows)

    def one(self, sql: str, *values: Any) -> Any:
        """Return the first row, or None."""
        return self._db.execute(sql, values).fetchone()

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Return all rows."""
        return self._db.execute(sql, values).fetchall()

    def begin(self) -> None:
        """Open a transaction and take the write lock at once: a later upgrade could fail half-way.

        It waits while another process has it, for `BUSY_SECONDS` at most: then it is an sqlite3.OperationalError.
        """
        self._settings = None
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            _patiently(lambda: self._db.execute("BEGIN IMMEDIATE"))

    def commit(self) -> None:
        """Keep what the transaction wrote."""
        self._settings = None
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Forget what the transaction wrote."""
        self._settings = None
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything that the block writes, or nothing."""
        self.begin()
        try:
            yield
            self.commit()
        except BaseException:
            self.rollback()
            raise

    def setting(self, name: str, default: Any) -> Any:
        """Return one persisted setting; in a transaction they are read once, because every request asks for several."""
        known = self._settings
        if known is None:
            known = dict(self.rows("SELECT name, value FROM settings"))
            if self._db.in_transaction:
                self._settings = known
        return json.loads(known[name]) if name in known else default

    def set_setting(self, name: str, value: Any) -> None:
        """Persist one setting."""
        self._settings = None
        self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def drop_setting(self, name: str) -> None:
        """Forget one setting."""
        self._settings = None
        self.run("DELETE FROM settings WHERE name = ?", name)

    def next_id(self, kind: str, base: int) -> int:
        """Draw the kind's next id; it starts above `base` and is never drawn twice, not even after a delete."""
        if self.run("UPDATE counters SET last = last + 1 WHERE kind = ?", kind).rowcount == 0:
            self.run("INSERT INTO counters VALUES (?, ?)", kind, base + 1)
        return int(self.one("SELECT last FROM counters WHERE kind = ?", kind)[0])

    def next_ids(self, kind: str, base: int, number: int) -> range:
        """Draw as many ids at once, one after the other; there must be at least one."""
        first = self.next_id(kind, base)
        self.run("UPDATE counters SET last = last + ? WHERE kind = ?", number - 1, kind)
        return range(first, first + number)

    def begin_ids_after(self, kind: str, number: int) -> None:
        """Let the kind's ids go on after this one."""
        self.run("INSERT OR REPLACE INTO counters VALUES (?, ?)", kind, number)

    def clear(self) -> None:
        """Empty every table and keep the schema; the autoincrement of the call list goes on."""
        self._settings = None
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in names:
            self.run(f'DELETE FROM "{name}"')  # noqa: S608  the names come from SQLite itself

    def close(self) -> None:
        """Close the connection; the file stays."""
        self._db.close()


def _patiently(do: Callable[[], object]) -> None:
    """Do something again and again for as long as another process is in its way."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            do()
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            return


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
