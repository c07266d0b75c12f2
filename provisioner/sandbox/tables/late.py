"""Requests whose work is still to come, and when (seconds since 1970)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    ("CREATE TABLE IF NOT EXISTS late(n INTEGER PRIMARY KEY AUTOINCREMENT, due REAL NOT NULL, request TEXT NOT NULL)"),
)


class Late(NamedTuple):
    """A request that was put aside: its number and its text."""

    n: int
    request: str


def add(store: Store, due: float, request: str) -> None:
    """Put a request aside until it is due."""
    store.run("INSERT INTO late VALUES (NULL, ?, ?)", due, request)


def due(store: Store, now: float) -> Late | None:
    """Return the request that has been due for longest, or None."""
    row = store.one("SELECT n, request FROM late WHERE due <= ? ORDER BY due, n LIMIT 1", now)
    return Late(*row) if row else None


def remove(store: Store, n: int) -> None:
    """Forget a request that has been carried out."""
    store.run("DELETE FROM late WHERE n = ?", n)


def waiting(store: Store) -> int:
    """Return how many requests are still to be carried out."""
    return int(store.one("SELECT count(*) FROM late")[0])
