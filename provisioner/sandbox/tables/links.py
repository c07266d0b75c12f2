"""Who does what where: a set of (employee, location, service) per company."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.sandbox.store import Store

Triple = tuple[int, int, int]

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS links(employee_id INTEGER, location_id INTEGER, service_id INTEGER,"
        " company_id INTEGER NOT NULL, PRIMARY KEY (employee_id, location_id, service_id)) WITHOUT ROWID"
    ),
    "CREATE INDEX IF NOT EXISTS links_of_location ON links(location_id)",
    "CREATE INDEX IF NOT EXISTS links_of_service ON links(service_id)",
    "CREATE INDEX IF NOT EXISTS links_of_company ON links(company_id)",
)
_DELETE_OF = {
    "employee": "DELETE FROM links WHERE employee_id = ?",
    "location": "DELETE FROM links WHERE location_id = ?",
    "service": "DELETE FROM links WHERE service_id = ?",
}


def listed(store: Store, company: int) -> list[Triple]:
    """Return the company's links in order of their ids."""
    return store.rows(
        "SELECT employee_id, location_id, service_id FROM links WHERE company_id = ? ORDER BY 1, 2, 3", company
    )


def providers(store: Store, company: int, location: int, service: int) -> list[int]:
    """Return the active employees who provide a service at a location, in list order."""
    rows = store.rows(
        "SELECT objects.id FROM links JOIN objects ON objects.kind = 'employee' AND objects.id = links.employee_id"
        " WHERE links.service_id = ? AND links.location_id = ? AND links.company_id = ?"
        " AND json_extract(objects.body, '$.status') ORDER BY objects.ord, objects.id",
        *(service, location, company),
    )
    return [row[0] for row in rows]


def add(store: Store, company: int, triples: Iterable[Triple]) -> None:
    """Make links; those that exist stay."""
    store.many("INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)", ((*triple, company) for triple in triples))


def remove(store: Store, triples: Iterable[Triple]) -> None:
    """Take links away; those that do not exist are no error."""
    store.many("DELETE FROM links WHERE employee_id = ? AND location_id = ? AND service_id = ?", triples)


def clear(store: Store, kind: str, number: int) -> None:
    """Take away all links of one employee, location or service."""
    store.run(_DELETE_OF[kind], number)
