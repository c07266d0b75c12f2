"""Signed-in sessions and when each ends (seconds since 1970)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS sessions(token TEXT PRIMARY KEY, company_id INTEGER NOT NULL, ends REAL NOT NULL)"
        " WITHOUT ROWID"
    ),
)
DEFAULT_TTL = 3600.0


def ttl(store: Store) -> float:
    """Return how many seconds a new session lasts."""
    return float(store.setting("ttl", DEFAULT_TTL))


def set_ttl(store: Store, seconds: float) -> None:
    """Say how long sessions last that are opened from now on."""
    store.set_setting("ttl", seconds)


def start(store: Store, company: int, now: float) -> str:
    """Open a session and return its token; ended ones are swept out."""
    store.run("DELETE FROM sessions WHERE ends <= ?", now)
    token = secrets.token_hex(13)
    store.run("INSERT INTO sessions VALUES (?, ?, ?)", token, company, now + ttl(store))
    return token


def company_of(store: Store, token: str, now: float) -> int | None:
    """Return the company that a token belongs to, or None when it is unknown or over."""
    row = store.one("SELECT company_id, ends FROM sessions WHERE token = ?", token)
    return int(row[0]) if row and row[1] > now else None


def end(store: Store, token: str) -> None:
    """End one session, if there is such."""
    store.run("DELETE FROM sessions WHERE token = ?", token)


def end_all(store: Store) -> None:
    """End every session at once."""
    store.run("DELETE FROM sessions")
