"""TimeTap's sessions, in a table of their own: a token of one vendor is nothing to the other.

Its functions are those of `sessions`, whose setting says how long both vendors' sessions last.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from provisioner.sandbox.tables import sessions

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS bearers(token TEXT PRIMARY KEY, business_id INTEGER NOT NULL, ends REAL NOT NULL)"
        " WITHOUT ROWID"
    ),
)


def start(store: Store, business: int, now: float) -> str:
    """Open a session at a time in seconds since 1970 and return its token; ended ones are swept out."""
    store.run("DELETE FROM bearers WHERE ends <= ?", now)
    token = secrets.token_urlsafe(30)
    store.run("INSERT INTO bearers VALUES (?, ?, ?)", token, business, now + sessions.ttl(store))
    return token


def company_of(store: Store, token: str, now: float) -> int | None:
    """Return the business that a token belongs to, or None when it is unknown or over."""
    row = store.one("SELECT business_id, ends FROM bearers WHERE token = ?", token)
    return int(row[0]) if row and row[1] > now else None


def end(store: Store, token: str) -> None:
    """End one session, if there is such."""
    store.run("DELETE FROM bearers WHERE token = ?", token)


def end_all(store: Store) -> None:
    """End every session at once."""
    store.run("DELETE FROM bearers")
