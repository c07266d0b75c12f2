"""The single appointments of a series, at most one for each date of its pattern: doing it twice makes no second one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS occurrences(series_id INTEGER, date TEXT, id INTEGER NOT NULL UNIQUE, base TEXT,"
        " own TEXT NOT NULL, dropped INTEGER NOT NULL, PRIMARY KEY (series_id, date)) WITHOUT ROWID"
    ),
)
BASE = 55_310_000


class Occurrence(NamedTuple):
    """One appointment of a series.

    `date` is the pattern's, wherever it has been moved to. `base` are the series' fields that it was left with when a
    later change of the series began after it, None while it follows the series. `own` is what differs for it alone.
    `dropped` says that the pattern has lost its date.
    """

    date: str
    id: int
    base: dict[str, Any] | None
    own: dict[str, Any]
    dropped: bool


def add(store: Store, series: int, dates: Sequence[str]) -> None:
    """Make an occurrence for each date; there must be none yet."""
    if dates:
        ids = store.next_ids("calendar", BASE, len(dates))
        rows = ((series, date, number) for date, number in zip(dates, ids, strict=True))
        store.many("INSERT INTO occurrences VALUES (?, ?, ?, NULL, '{}', 0)", rows)


def listed(store: Store, series: int) -> list[Occurrence]:
    """Return a series' occurrences in order of their dates."""
    rows = store.rows("SELECT date, id, base, own, dropped FROM occurrences WHERE series_id = ? ORDER BY date", series)
    return [
        Occurrence(date, number, base and json.loads(base), json.loads(own), bool(dropped))
        for date, number, base, own, dropped in rows
    ]


def save(store: Store, changed: Iterable[Occurrence]) -> None:
    """Write what can change of occurrences."""
    store.many(
        "UPDATE occurrences SET base = ?, own = ?, dropped = ? WHERE id = ?",
        [
            (None if each.base is None else json.dumps(each.base), json.dumps(each.own), each.dropped, each.id)
            for each in changed
        ],
    )
