"""Emptying a sandbox's file from outside, whether or not it is being served at that moment."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

from provisioner.sandbox.app import create_app
from provisioner.sandbox.first import FirstAccount


def reset(db: Path, *, company_id: int = 2345) -> None:
    """Forget everything that a file holds.

    Without a file nothing happens, and one that nobody else has open is removed. Beside a running sandbox that would
    tear the file from under it; then it is emptied down to a first account `company_id`, in one transaction, and
    whoever has it open goes on with that. OSError for what cannot be removed, sqlite3.Error for what cannot be emptied.
    """
    if not db.exists() or _removed(db):
        return
    app = create_app(db, company_id=company_id)
    with closing(app.state.store) as store:
        with store.transaction():
            store.clear()
            FirstAccount(company_id).make(app.state.world)
        store.run("VACUUM")  # what was deleted is not to be found in the file either


def _removed(db: Path) -> bool:
    """Remove the file and those beside it, unless another has it open."""
    with ExitStack() as held:
        try:
            connection = held.enter_context(closing(sqlite3.connect(db, timeout=0, isolation_level=None)))
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")  # only a file's sole user may do that; it locks the file
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return False
            # Nobody can use what is no database: it goes.
        for each in db.parent.glob(f"{db.name}*"):
            each.unlink()
    return True
