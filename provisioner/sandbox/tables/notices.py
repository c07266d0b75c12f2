"""The messages that TimeTap would have sent. The sandbox sends none: they are read where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS notices(n INTEGER PRIMARY KEY AUTOINCREMENT, series_id INTEGER NOT NULL,"
        " about TEXT NOT NULL, receiver TEXT NOT NULL, person INTEGER NOT NULL, date TEXT, at TEXT NOT NULL)"
    ),
)
_NAMES = ("n", "recurringAppointmentId", "about", "to", "id", "date", "at")


def add(store: Store, series: int, about: str, receiver: str, person: int, date: str | None, at: str) -> None:
    """Keep a message: what it is about, whether to a `client` or `staff`, whose id, for which date, and when."""
    store.run("INSERT INTO notices VALUES (NULL, ?, ?, ?, ?, ?, ?)", series, about, receiver, person, date, at)


def listed(store: Store) -> list[dict[str, Any]]:
    """Return the messages, oldest first."""
    rows = store.rows("SELECT n, series_id, about, receiver, person, date, at FROM notices ORDER BY n")
    return [dict(zip(_NAMES, row, strict=True)) for row in rows]
