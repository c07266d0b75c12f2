"""Every request that a vendor's API received, without the secrets in its query."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from provisioner.sandbox.exchange import Answer, Request
    from provisioner.sandbox.faults.fault import Fault
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS calls(n INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT, path TEXT, query TEXT,"
        " company_id INTEGER, status INTEGER, status_code INTEGER, ms REAL, at TEXT, fault TEXT)"
    ),
)
# In every spelling: capitals or not, with or without underscores, as a list, and behind an `&` that HTML made longer.
SECRETS = frozenset(
    {"sessiontoken", "token", "password", "newpassword", "hashcode", "apikey", "signature", "privatekey"}
)
MASK = "***"
_NAMED = re.compile(r"(?<![^/?&;=])([^/?&;=]+)=[^/&]*")
_LIKE_A_TOKEN = re.compile(r"[A-Za-z0-9_-]{26,}")
CAP = 200_000
_SWEEP = 1_000


_COLUMNS = ("n", "method", "path", "query", "company_id", "status", "status_code", "ms", "at", "fault")


def upgrade(store: Store) -> None:
    """Add the column that files from before the fault script lack."""
    if "fault" not in {row[1] for row in store.rows("PRAGMA table_info(calls)")}:
        store.run("ALTER TABLE calls ADD COLUMN fault TEXT")


def record(store: Store, request: Request, answer: Answer, ms: float, at: datetime, fault: Fault | None = None) -> None:
    """Append one call and what befell it; the oldest are dropped beyond `CAP`. Without an answer it has no status."""
    status = None if fault and fault.lost else answer.status
    query = {name: _masked(store, value) for name, value in request.query.items() if not _is_secret(name)}
    row = store.run(
        "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(request.method, _masked(store, request.path), json.dumps(query)),
        *(answer.company, status, answer.code, round(ms, 3), at.isoformat(), fault and fault.name),
    )
    if row.lastrowid and row.lastrowid % _SWEEP == 0:
        store.run("DELETE FROM calls WHERE n <= ?", row.lastrowid - CAP)


def _is_secret(name: str) -> bool:
    plain = name.casefold().rpartition(";")[2].partition("[")[0]
    return re.sub(r"[^a-z]", "", plain) in SECRETS


def _masked(store: Store, text: str) -> str:
    """Hide the secrets that got where none belongs: what is named like one, and every token of an open session."""
    if "=" in text:
        text = _NAMED.sub(lambda found: f"{found[1]}={MASK}" if _is_secret(found[1]) else found[0], text)
    return _LIKE_A_TOKEN.sub(lambda found: MASK if _is_a_token(store, found[0]) else found[0], text)


def _is_a_token(store: Store, text: str) -> bool:
    sql = "SELECT 1 FROM sessions WHERE token = ? UNION ALL SELECT 1 FROM bearers WHERE token = ?"
    return store.one(sql, text, text) is not None


def listed(store: Store) -> list[dict[str, Any]]:
    """Return the calls, oldest first."""
    rows = store.rows(f"SELECT {', '.join(_COLUMNS)} FROM calls ORDER BY n")  # noqa: S608  the names are ours
    calls = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    for call in calls:
        call["query"] = json.loads(call["query"])
    return calls


def clear(store: Store) -> None:
    """Forget the calls; their numbers go on."""
    store.run("DELETE FROM calls")
