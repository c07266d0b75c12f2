"""Requests to reset a password: at most one for each account, with the hash that its mail carries."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS resets(company_id INTEGER PRIMARY KEY, hash TEXT NOT NULL)",
)  # fmt: skip


def start(store: Store, company: int) -> str:
    """Draw a hash for an account, in place of the one before."""
    drawn = secrets.token_hex(8)
    store.run("INSERT OR REPLACE INTO resets VALUES (?, ?)", company, drawn)
    return drawn


def take(store: Store, company: int, given: str) -> bool:
    """Use up the account's hash; False if it is another one, or there is none."""
    used = store.run("DELETE FROM resets WHERE company_id = ? AND hash = ?", company, given)
    return used.rowcount == 1
