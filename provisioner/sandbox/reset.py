"""Emptying a sandbox's file from outside, whether or not it is being served at that moment."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from provisioner.sandbox.app import create_app
from provisioner.sandbox.first import FirstAccount
from provisioner.sandbox.migrations import UnfitFileError, check_owner

if TYPE_CHECKING:
    from pathlib import Path


# What SQLite itself puts beside a file: nothing else there is the sandbox's, whatever its name begins with.
_BESIDE = ("-journal", "-wal", "-shm")
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_NO_DATABASE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def reset(db: Path, *, company_id: int = 2345) -> None:
    """Forget everything that a file holds.

    Without a file nothing happens, and one that nobody else has open is removed, as is what is no database at all.
    Beside a running sandbox that would tear the file from under it; then it is emptied down to a first account
    `company_id`, in one transaction, and whoever has it open goes on with that. Where the path is a link, it is what it
    leads to. OSError for what cannot be removed, sqlite3.Error for what cannot be emptied; `migrations.UnfitFileError`
    among them for a file of another program. All of these leave everything as it is.
    """
    file = db.resolve() if db.is_symlink() else db
    if not file.exists() or _removed(file, linked=db.is_symlink()):
        return
    app = create_app(file, company_id=company_id)
    with closing(app.state.store) as store:
        with store.transaction():
            store.clear()
            FirstAccount(company_id).make(app.state.world)
        store.run("VACUUM")  # what was deleted is not to be found in the file either


def _removed(file: Path, *, linked: bool) -> bool:
    """Remove the file and those beside it, unless another has it open."""
    _check_removable(file)
    with ExitStack() as held:
        try:
            connection = held.enter_context(closing(sqlite3.connect(file, timeout=0, isolation_level=None)))
            check_owner(connection.execute)
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = DELETE")  # only a file's sole user may do that; it locks the file
            connection.execute("BEGIN EXCLUSIVE")
        except UnfitFileError:
            raise
        except sqlite3.DatabaseError as error:
            code = error.sqlite_errorcode & 0xFF
            if code in _BUSY:
                return False
            if linked or code not in _NO_DATABASE:
                raise
            # Nobody can use what is no database: it goes. What a link leads to may be of use to somebody else.
        for each in (*_beside(file), file):
            each.unlink(missing_ok=True)
    return True


def _beside(file: Path) -> list[Path]:
    return [file.with_name(file.name + end) for end in _BESIDE]


def _check_removable(file: Path) -> None:
    """Refuse, with an OSError, what cannot all be removed."""
    for each in (file, *_beside(file)):
        if each.is_dir() and not each.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(each))
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file.parent))
