"""Accounts and the parent of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS accounts("
        "company_id INTEGER PRIMARY KEY, parent INTEGER, owner INTEGER, body TEXT NOT NULL)"
    ),
    "CREATE INDEX IF NOT EXISTS accounts_of_parent ON accounts(parent)",
)
BASE = 61_400


def insert(store: Store, parent: int | None, body: dict[str, Any], company: int | None = None) -> int:
    """Add an account, with the id given or the next one, and return its id."""
    number = company if company is not None else _free_id(store)
    store.run("INSERT INTO accounts VALUES (?, ?, NULL, ?)", number, parent, json.dumps(body))
    return number


def _free_id(store: Store) -> int:
    number = store.next_id("account", BASE)
    while exists(store, number):  # the first account's id is anyone's choice
        number = store.next_id("account", BASE)
    return number


def get(store: Store, company: int) -> dict[str, Any]:
    """Return an account that exists, with `company_id`, `created_by` (its parent, or 0) and `owner` (an employee)."""
    parent, owner, body = store.one("SELECT parent, owner, body FROM accounts WHERE company_id = ?", company)
    account: dict[str, Any] = json.loads(body)
    return account | {"id": company, "company_id": company, "created_by": parent or 0, "owner": owner}


def zone_of(store: Store, company: int) -> int:
    """Return the number of an account's time zone, without reading all of it."""
    zone = store.one("SELECT json_extract(body, '$.timezone_id') FROM accounts WHERE company_id = ?", company)[0]
    return int(zone or 0)


def save(store: Store, company: int, body: dict[str, Any]) -> None:
    """Write an account's body."""
    store.run("UPDATE accounts SET body = ? WHERE company_id = ?", json.dumps(body), company)


def set_owner(store: Store, company: int, employee: int) -> None:
    """Say which employee owns the account."""
    store.run("UPDATE accounts SET owner = ? WHERE company_id = ?", employee, company)


def exists(store: Store, company: int) -> bool:
    """Say whether there is such an account."""
    return store.one("SELECT 1 FROM accounts WHERE company_id = ?", company) is not None


def ids(store: Store) -> list[int]:
    """Return every account in order of its id."""
    return [row[0] for row in store.rows("SELECT company_id FROM accounts ORDER BY company_id")]


def children(store: Store, parent: int) -> list[int]:
    """Return the direct sub-accounts."""
    return [row[0] for row in store.rows("SELECT company_id FROM accounts WHERE parent = ? ORDER BY 1", parent)]


def reachable(store: Store, own: int, asked: int) -> bool:
    """Say whether a session of one company may act on another: on itself and its direct children."""
    if asked == own:
        return True
    return store.one("SELECT 1 FROM accounts WHERE company_id = ? AND parent = ?", asked, own) is not None
