"""TimeTap's wait lists: which clients would like to have which date of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS waiting(id INTEGER PRIMARY KEY, series_id INTEGER NOT NULL, date TEXT NOT NULL,"
        " client_id INTEGER NOT NULL)"
    ),
    "CREATE INDEX IF NOT EXISTS waiting_of_series ON waiting(series_id, id)",
)
BASE = 4_400


class Waiting(NamedTuple):
    """One client on the wait list of one date."""

    id: int
    date: str
    client_id: int


def add(store: Store, series: int, date: str, client: int) -> int:
    """Put a client on a wait list and return the entry's id."""
    number = store.next_id("wait_list", BASE)
    store.run("INSERT INTO waiting VALUES (?, ?, ?, ?)", number, series, date, client)
    return number


def listed(store: Store, series: int) -> list[Waiting]:
    """Return who waits for a date of the series, longest first."""
    rows = store.rows("SELECT id, date, client_id FROM waiting WHERE series_id = ? ORDER BY id", series)
    return [Waiting(*row) for row in rows]
