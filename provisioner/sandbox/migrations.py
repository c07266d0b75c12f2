"""From an older sandbox's file to today's: what each version changed in tables that exist.

A table that is new needs no entry, because the schema makes what is missing. One that changes does: an entry at the end
of `MIGRATIONS`, which raises the version by one.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from provisioner.sandbox.tables import calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioner.sandbox.store import Store

# Files without a version are of before there were any: those had the calls, with or without their faults.
MIGRATIONS: tuple[Callable[[Store], None], ...] = (calls.upgrade,)
VERSION = len(MIGRATIONS)
# What the file says in its header that it is ("Sndb"); 0 in files of version 0, and in those of most other programs.
APPLICATION = 0x536E6462


class UnfitFileError(sqlite3.DatabaseError):
    """A file that this version has to leave alone; an error of SQLite's, so that one clause catches all of these."""


def check(store: Store) -> None:
    """Refuse a file that is no sandbox's, or a newer one's: reading it could spoil it. UnfitFileError says which."""
    check_owner(store.run)
    (application,), (version,) = store.one("PRAGMA application_id"), store.one("PRAGMA user_version")
    if application == APPLICATION and version > VERSION:
        raise UnfitFileError(
            f"it is from a newer version of provisioner: {version}, and this one knows up to {VERSION}"
        )


def check_owner(run: Callable[[str], sqlite3.Cursor]) -> None:
    """Refuse a file of another program; `run` executes a statement in it."""
    (application,), (version,) = run("PRAGMA application_id").fetchone(), run("PRAGMA user_version").fetchone()
    if application not in (0, APPLICATION) or (application == 0 and (version or not _may_be_old(run))):
        raise UnfitFileError("it is another program's database")


def _may_be_old(run: Callable[[str], sqlite3.Cursor]) -> bool:
    """Whether a file is empty, or has the tables that the oldest sandbox had."""
    tables = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return not tables or tables >= {"settings", "counters", "accounts", "objects", "calls"}


def upgrade(store: Store) -> None:
    """Bring a file up to date and write its version; in the open transaction, so that all of it happens or nothing."""
    (version,) = store.one("PRAGMA user_version")
    fresh = store.one("SELECT 1 FROM sqlite_master LIMIT 1") is None
    for step in () if fresh else MIGRATIONS[version:]:
        step(store)
    if version != VERSION:
        store.run(f"PRAGMA user_version = {VERSION}")
        store.run(f"PRAGMA application_id = {APPLICATION}")
