"""Names that only one may hold: nick_names and e-mails in the whole sandbox, nicknames in a company (the scope)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS claims(name TEXT, scope INTEGER, value TEXT, holder INTEGER,"
        " PRIMARY KEY (name, scope, value)) WITHOUT ROWID"
    ),
    "CREATE INDEX IF NOT EXISTS claims_of_holder ON claims(name, holder)",
)


def holder(store: Store, name: str, value: str | None, scope: int = 0) -> int | None:
    """Return who holds a value, whatever its case, or None when it is free or there is none."""
    if not value:
        return None
    row = store.one(
        "SELECT holder FROM claims WHERE name = ? AND scope = ? AND value = ?", name, scope, value.casefold()
    )
    return int(row[0]) if row else None


def claim(store: Store, name: str, value: str | None, by: int, scope: int = 0) -> bool:
    """Take a value in place of the one held before, blank to hold none; False when another has it."""
    if holder(store, name, value, scope) not in (None, by):
        return False
    release(store, name, by)
    if value:
        store.run("INSERT INTO claims VALUES (?, ?, ?, ?)", name, scope, value.casefold(), by)
    return True


def release(store: Store, name: str, by: int) -> None:
    """Give up what is held under a name."""
    store.run("DELETE FROM claims WHERE name = ? AND holder = ?", name, by)
