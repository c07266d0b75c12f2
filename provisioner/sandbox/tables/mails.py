"""The mails that the vendor would have sent. The sandbox sends none: they are read where they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS mails(n INTEGER PRIMARY KEY AUTOINCREMENT, company_id INTEGER NOT NULL,"
        " at TEXT NOT NULL, receiver TEXT NOT NULL, about TEXT NOT NULL, text TEXT NOT NULL)"
    ),
)
_NAMES = ("n", "company_id", "at", "to", "about", "text")


def add(store: Store, company: int, at: str, receiver: str, about: str, text: str) -> None:
    """Keep a mail; `at` is a moment as the vendor writes it."""
    store.run("INSERT INTO mails VALUES (NULL, ?, ?, ?, ?, ?)", company, at, receiver, about, text)


def listed(store: Store) -> list[dict[str, Any]]:
    """Return the mails, oldest first."""
    rows = store.rows("SELECT n, company_id, at, receiver, about, text FROM mails ORDER BY n")
    return [dict(zip(_NAMES, row, strict=True)) for row in rows]
