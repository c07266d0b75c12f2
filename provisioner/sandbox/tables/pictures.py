"""The pictures that were uploaded: at most one for each account and object, with its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS pictures(kind TEXT NOT NULL, id INTEGER NOT NULL, company_id INTEGER NOT NULL,"
        " name TEXT NOT NULL UNIQUE, type TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (kind, id))"
    ),
)
BASE = 32_400


def next_id(store: Store) -> int:
    """Draw an upload's number."""
    return store.next_id("upload", BASE)


def save(store: Store, kind: str, number: int, company: int, name: str, media_type: str, content: bytes) -> None:
    """Keep a picture in the place of the one before it; an account's has the account's own id."""
    row = (kind, number, company, name, media_type, content)
    store.run("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?, ?, ?)", *row)


def stand_in(store: Store, kind: str, number: int, company: int, name: str) -> None:
    """Keep nothing under the name of a picture that is elsewhere; of two with one name, the first has it."""
    store.begin_ids_after("upload", BASE + 1_000_000)  # no upload may get the name of one of these
    store.run("INSERT OR IGNORE INTO pictures VALUES (?, ?, ?, ?, '', x'')", kind, number, company, name)


def name_of(store: Store, kind: str, number: int) -> str | None:
    """Return the file name of a picture, or None where there is none."""
    row = store.one("SELECT name FROM pictures WHERE kind = ? AND id = ?", kind, number)
    return str(row[0]) if row else None


def owner(store: Store, kind: str, company: int, name: str) -> int | None:
    """Return the id of the company's object that has a picture, by the picture's file name, or None."""
    row = store.one("SELECT id FROM pictures WHERE kind = ? AND company_id = ? AND name = ?", kind, company, name)
    return int(row[0]) if row else None


def content(store: Store, kind: str, name: str) -> tuple[str, bytes] | None:
    """Return the media type and the bytes of a picture by its file name, or None."""
    row = store.one("SELECT type, content FROM pictures WHERE kind = ? AND name = ?", kind, name)
    return (str(row[0]), bytes(row[1])) if row else None


def clear(store: Store, kind: str, number: int) -> None:
    """Remove the picture of one object."""
    store.run("DELETE FROM pictures WHERE kind = ? AND id = ?", kind, number)


def listed(store: Store, company: int) -> list[dict[str, Any]]:
    """Return what a company has, without the bytes."""
    rows = store.rows(
        "SELECT kind, id, name, type, length(content) FROM pictures WHERE company_id = ? ORDER BY kind, id", company
    )
    return [dict(zip(("kind", "id", "name", "type", "size"), row, strict=True)) for row in rows]
