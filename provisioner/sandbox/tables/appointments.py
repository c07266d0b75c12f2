"""Appointments: when and with whom in columns, so that what is taken can be asked for, and the rest in a body."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from provisioner.sandbox.store import Store

KIND = "appointment"
BASE = 4_120_500
SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS appointments(id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL,"
        " location_id INTEGER NOT NULL, employee_id INTEGER NOT NULL, service_id INTEGER NOT NULL,"
        ' client_id INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, padding INTEGER NOT NULL,'
        " status INTEGER NOT NULL, body TEXT NOT NULL)"
    ),
    "CREATE INDEX IF NOT EXISTS appointments_of_company ON appointments(company_id, start)",
    "CREATE INDEX IF NOT EXISTS appointments_of_employee ON appointments(company_id, employee_id, start)",
)
FREE = (3, 9)
"""The statuses that hold no slot: declined or cancelled, and no show."""
FILTERS = ("id", "employee_id", "location_id", "service_id", "client_id", "status")
_PLACE = (
    *("id", "company_id", "location_id", "employee_id", "service_id", "client_id"),
    *("start", "end", "padding", "status"),
)
_COLUMNS = ", ".join(f'"{name}"' for name in _PLACE) + ", body"


@dataclass(frozen=True, slots=True)
class Booking:
    """What an appointment takes up: `start` and `end` are UTC epoch seconds, `padding` the minutes on both sides."""

    id: int
    location_id: int
    employee_id: int
    service_id: int
    start: int
    end: int
    padding: int
    status: int
    subservices: tuple[int, ...] = ()


def busy(store: Store, company: int, employees: Collection[int], first: int, last: int) -> list[Booking]:
    """Return what holds a slot of these employees and overlaps [first, last), paddings included, by start and id."""
    rows = store.rows(
        'SELECT id, location_id, employee_id, service_id, start, "end", padding, status,'
        " json_extract(body, '$.subservices') FROM appointments WHERE company_id = ? AND start - padding * 60 < ?"
        ' AND "end" + padding * 60 > ? AND status NOT IN (3, 9)'
        " AND employee_id IN (SELECT value FROM json_each(?)) ORDER BY start, id",
        *(company, last, first, json.dumps(sorted(employees))),
    )
    return [_booking(*row) for row in rows]


def _booking(
    number: int, location: int, employee: int, service: int, start: int, end: int, padding: int, status: int, added: str
) -> Booking:
    return Booking(number, location, employee, service, start, end, padding, status, tuple(json.loads(added or "[]")))


def insert(store: Store, record: dict[str, Any]) -> int:
    """Add an appointment and return its id; the columns are in the record as well, by their names."""
    number = store.next_id(KIND, BASE)
    row = _row(record | {"id": number})
    store.run(f"INSERT INTO appointments({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *row)  # noqa: S608
    return number


def save(store: Store, record: dict[str, Any]) -> None:
    """Write an appointment in place of what it was."""
    store.run(f"REPLACE INTO appointments({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *_row(record))  # noqa: S608


def get(store: Store, company: int, number: int) -> dict[str, Any] | None:
    """Return one appointment of the company, or None."""
    row = store.one(f"SELECT {_COLUMNS} FROM appointments WHERE id = ? AND company_id = ?", number, company)  # noqa: S608
    return _record(row) if row else None


def delete(store: Store, number: int) -> None:
    """Remove an appointment."""
    store.run("DELETE FROM appointments WHERE id = ?", number)


def found(
    store: Store,
    company: int,
    wanted: Mapping[str, Collection[int]],
    *,
    first: int | None = None,
    last: int | None = None,
    order: str = "start",
    descending: bool = False,
    skip: int = 0,
    number: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the company's appointments that start in [first, last] (UTC epoch seconds), in the order of a column.

    `wanted` are the values allowed in some of `FILTERS`; those that are equal in the column are in order of their ids.
    After `skip` of them there are at most `number`.
    """
    direction = "DESC" if descending else "ASC"
    where, values = _where(company, wanted, first, last)
    sort = {"start": f"start {direction}, id {direction}", "created": f"id {direction}"}[order]
    query = f"SELECT {_COLUMNS} FROM appointments WHERE {where} ORDER BY {sort} LIMIT ? OFFSET ?"  # noqa: S608  ours
    return map(_record, store.run(query, *values, -1 if number is None else number, skip))


def count(store: Store, company: int, wanted: Mapping[str, Collection[int]], *, first: int | None = None) -> int:
    """Return how many appointments `found` would find."""
    where, values = _where(company, wanted, first, None)
    return int(store.one(f"SELECT count(*) FROM appointments WHERE {where}", *values)[0])  # noqa: S608  the names are ours


def _where(
    company: int, wanted: Mapping[str, Collection[int]], first: int | None, last: int | None
) -> tuple[str, list[Any]]:
    """Return the condition that picks appointments, and its values."""
    clauses = [f"{name} IN (SELECT value FROM json_each(?))" for name in FILTERS if name in wanted]  # noqa: S608
    values: list[Any] = [json.dumps(sorted(wanted[name])) for name in FILTERS if name in wanted]
    for bound, clause in ((first, "start >= ?"), (last, "start <= ?")):
        if bound is not None:
            clauses.append(clause)
            values.append(bound)
    return " AND ".join(("company_id = ?", *clauses)), [company, *values]


def _row(record: Mapping[str, Any]) -> tuple[Any, ...]:
    body = {name: value for name, value in record.items() if name not in _PLACE}
    return (*(record[name] for name in _PLACE), json.dumps(body))


def _record(row: tuple[Any, ...]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(row[-1])
    return body | dict(zip(_PLACE, row[:-1], strict=True))
