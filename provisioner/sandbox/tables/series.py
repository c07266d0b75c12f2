"""TimeTap's series of recurring appointments: the fields as written, and up to which date they have been laid out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS series(id INTEGER PRIMARY KEY, business_id INTEGER NOT NULL, body TEXT NOT NULL,"
        " until TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL)"
    ),
)
BASE = 902_100


class Series(NamedTuple):
    """One series; `until` is a date, `created` and `modified` are milliseconds since 1970."""

    id: int
    business_id: int
    body: dict[str, Any]
    until: str
    created: int
    modified: int


def insert(store: Store, business: int, body: dict[str, Any], until: str, now: int) -> Series:
    """Add a series and return it."""
    number = store.next_id("series", BASE)
    store.run("INSERT INTO series VALUES (?, ?, ?, ?, ?, ?)", number, business, json.dumps(body), until, now, now)
    return Series(number, business, body, until, now, now)


def copy(store: Store, series: Series) -> None:
    """Add a series as it is elsewhere, with its id; later ones follow it."""
    row = (series.id, series.business_id, json.dumps(series.body), series.until, series.created, series.modified)
    store.run("INSERT INTO series VALUES (?, ?, ?, ?, ?, ?)", *row)
    last = store.next_id("series", BASE) - 1
    store.begin_ids_after("series", max(last, series.id))


def get(store: Store, business: int, number: int) -> Series | None:
    """Return one series of the business, or None."""
    row = store.one("SELECT * FROM series WHERE id = ? AND business_id = ?", number, business)
    return _read(row) if row else None


def listed(store: Store) -> list[Series]:
    """Return every series in order of its id."""
    return [_read(row) for row in store.rows("SELECT * FROM series ORDER BY id")]


def _read(row: tuple[int, int, str, str, int, int]) -> Series:
    number, business, body, until, created, modified = row
    return Series(number, business, json.loads(body), until, created, modified)


def save(store: Store, series: Series) -> None:
    """Write what can change of a series."""
    store.run(
        "UPDATE series SET body = ?, until = ?, modified = ? WHERE id = ?",
        *(json.dumps(series.body), series.until, series.modified, series.id),
    )
