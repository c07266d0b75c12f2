"""Every request that a vendor's API received, without the secrets in its query."""

from __future__ import annotations

import json
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
SECRETS = frozenset(
    {"session_token", "token", "password", "new_password", "hash_code", "apiKey", "signature", "privateKey"}
)
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
    query = {name: value for name, value in request.query.items() if name not in SECRETS}
    row = store.run(
        "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(request.method, request.path, json.dumps(query)),
        *(answer.company, status, answer.code, round(ms, 3), at.isoformat(), fault and fault.name),
    )
    if row.lastrowid and row.lastrowid % _SWEEP == 0:
        store.run("DELETE FROM calls WHERE n <= ?", row.lastrowid - CAP)


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
