"""The sandbox's memory: one SQLite file that several processes may open at once."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

BUSY_SECONDS = 10.0

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS counters(kind TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
)


class Store:
    """A connection, its transactions, the settings and the id counters; the tables have modules of their own."""

    def __init__(self, db: str | os.PathLike[str], schema: tuple[str, ...] = ()) -> None:
        if str(db) != ":memory:":
            Path(db).parent.mkdir(parents=True, exist_ok=True)
        # Autocommit (transactions are spelt out), and usable from the thread that serves, not only the one that opened.
        self._db = sqlite3.connect(
            db, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        self._use_wal()
        with self.transaction():
            for statement in (*SCHEMA, *schema):
                self._db.execute(statement)

    def _use_wal(self) -> None:
        # Changing the journal ignores the busy timeout when another process does the same at that moment.
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                break
        self._db.execute("PRAGMA synchronous=NORMAL")

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
        """Open a transaction and take the write lock at once: a later upgrade could fail half-way."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what the transaction wrote."""
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Forget what the transaction wrote."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything that the block writes, or nothing."""
        self.begin()
        try:
            yield
        except BaseException:
            self.rollback()
            raise
        self.commit()

    def setting(self, name: str, default: Any) -> Any:
        """Return one persisted setting."""
        row = self.one("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(row[0]) if row else default

    def set_setting(self, name: str, value: Any) -> None:
        """Persist one setting."""
        self.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def next_id(self, kind: str, base: int) -> int:
        """Draw the kind's next id; it starts above `base` and is never drawn twice, not even after a delete."""
        self.run("INSERT OR IGNORE INTO counters VALUES (?, ?)", kind, base)
        self.run("UPDATE counters SET last = last + 1 WHERE kind = ?", kind)
        return int(self.one("SELECT last FROM counters WHERE kind = ?", kind)[0])

    def clear(self) -> None:
        """Empty every table and keep the schema; the autoincrement of the call list goes on."""
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in names:
            self.run(f'DELETE FROM "{name}"')  # noqa: S608  the names come from SQLite itself

    def close(self) -> None:
        """Close the connection; the file stays."""
        self._db.close()
