"""Working hours: each employee's list of entries, as written and in the order written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS hours(employee_id INTEGER, ord INTEGER, location_id INTEGER, body TEXT NOT NULL,"
        " PRIMARY KEY (employee_id, ord)) WITHOUT ROWID"
    ),
    "CREATE INDEX IF NOT EXISTS hours_at_location ON hours(location_id)",
)


def listed(store: Store, employee: int) -> list[dict[str, Any]]:
    """Return an employee's entries."""
    rows = store.rows("SELECT body FROM hours WHERE employee_id = ? ORDER BY ord", employee)
    return [json.loads(row[0]) for row in rows]


def at(store: Store, employees: Collection[int], location: int) -> list[tuple[int, str]]:
    """Return (employee, entry as JSON) for what holds at a location, in the order written."""
    return store.rows(
        "SELECT employee_id, body FROM hours WHERE employee_id IN (SELECT value FROM json_each(?))"
        " AND (location_id IS NULL OR location_id = ?) ORDER BY employee_id, ord",
        json.dumps(list(employees)),
        location,
    )


def replace(store: Store, employee: int, entries: Sequence[tuple[int | None, dict[str, Any]]]) -> None:
    """Write an employee's whole list; each entry comes with its location, or None for all of them."""
    clear(store, employee)
    rows = [(employee, order, location, json.dumps(body)) for order, (location, body) in enumerate(entries)]
    store.many("INSERT INTO hours VALUES (?, ?, ?, ?)", rows)


def clear(store: Store, employee: int) -> None:
    """Remove an employee's entries."""
    store.run("DELETE FROM hours WHERE employee_id = ?", employee)


def leave(store: Store, location: int) -> None:
    """Remove all entries at one location."""
    store.run("DELETE FROM hours WHERE location_id = ?", location)
