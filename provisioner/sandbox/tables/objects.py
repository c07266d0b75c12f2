"""Objects of every kind that a company owns: a body in JSON, an id of its kind, a place in the list."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS objects(kind TEXT NOT NULL, id INTEGER NOT NULL, company_id INTEGER NOT NULL,"
        " ord INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL, PRIMARY KEY (kind, id))"
    ),
    "CREATE INDEX IF NOT EXISTS objects_of_company ON objects(company_id, kind, ord, id)",
)
BASES = {"location": 118_200, "employee": 342_700, "service": 575_900}
OTHER_BASE = 810_300


def insert(store: Store, kind: str, company: int, body: dict[str, Any]) -> int:
    """Add an object and return its id."""
    number = store.next_id(kind, BASES.get(kind, OTHER_BASE))
    store.run("INSERT INTO objects VALUES (?, ?, ?, 0, ?)", kind, number, company, json.dumps(body))
    return number


def copy(store: Store, kind: str, company: int, number: int, order: int, body: dict[str, Any]) -> None:
    """Add an object under the id and in the place that it has elsewhere; one that is in two accounts is the first's."""
    store.run("INSERT OR IGNORE INTO objects VALUES (?, ?, ?, ?, ?)", kind, number, company, order, json.dumps(body))


def get(store: Store, kind: str, company: int, number: int) -> dict[str, Any] | None:
    """Return one object of the company with its `id`, `company_id` and `ord`, or None."""
    row = store.one("SELECT id, company_id, ord, body FROM objects WHERE kind = ? AND id = ?", kind, number)
    return _record(row) if row and row[1] == company else None


def listed(store: Store, kind: str, company: int) -> list[dict[str, Any]]:
    """Return the company's objects of a kind in list order."""
    return [*page(store, kind, company, 0, None)]


def page(store: Store, kind: str, company: int, first: int, number: int | None) -> Iterator[dict[str, Any]]:
    """Yield at most so many of the company's objects in list order, from one on; None is all that follow."""
    rows = store.run(
        "SELECT id, company_id, ord, body FROM objects WHERE company_id = ? AND kind = ? ORDER BY ord, id"
        " LIMIT ? OFFSET ?",
        *(company, kind, -1 if number is None else number, first),
    )
    return map(_record, rows)


def _record(row: tuple[int, int, int, str]) -> dict[str, Any]:
    number, company, order, body = row
    record: dict[str, Any] = json.loads(body)
    record.update(id=number, company_id=company, ord=order)
    return record


def save(store: Store, kind: str, number: int, body: dict[str, Any]) -> None:
    """Write an object's body."""
    store.run("UPDATE objects SET body = ? WHERE kind = ? AND id = ?", json.dumps(body), kind, number)


def delete(store: Store, kind: str, number: int) -> None:
    """Remove an object."""
    store.run("DELETE FROM objects WHERE kind = ? AND id = ?", kind, number)


def place(store: Store, kind: str, number: int, order: int) -> None:
    """Give an object its place in the list."""
    store.run("UPDATE objects SET ord = ? WHERE kind = ? AND id = ?", order, kind, number)


def ids(store: Store, kind: str, company: int) -> list[int]:
    """Return the ids of the company's objects of a kind."""
    rows = store.rows("SELECT id FROM objects WHERE company_id = ? AND kind = ? ORDER BY id", company, kind)
    return [row[0] for row in rows]


def unknown(store: Store, kind: str, company: int, numbers: Iterable[int]) -> list[int]:
    """Return those of the ids that are no object of this kind in this company."""
    asked = sorted(set(numbers))
    rows = store.rows(
        "SELECT id FROM objects WHERE kind = ? AND company_id = ? AND id IN (SELECT value FROM json_each(?))",
        kind,
        company,
        json.dumps(asked),
    )
    known = {row[0] for row in rows}
    return [number for number in asked if number not in known]
