"""Every request that a vendor's API received, without the secrets in its query."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from provisioner.sandbox.exchange import Answer, Request
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS calls(n INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT, path TEXT, query TEXT,"
        " company_id INTEGER, status INTEGER, status_code INTEGER, ms REAL, at TEXT)"
    ),
)
SECRETS = frozenset({"session_token", "token", "password", "new_password", "apiKey", "signature"})
CAP = 200_000
_SWEEP = 1_000


def record(store: Store, request: Request, answer: Answer, ms: float, at: datetime) -> None:
    """Append one call; the oldest are dropped beyond `CAP`."""
    query = {name: value for name, value in request.query.items() if name not in SECRETS}
    row = store.run(
        "INSERT INTO calls VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(request.method, request.path, json.dumps(query)),
        *(answer.company, answer.status, answer.code, round(ms, 3), at.isoformat()),
    )
    if row.lastrowid and row.lastrowid % _SWEEP == 0:
        store.run("DELETE FROM calls WHERE n <= ?", row.lastrowid - CAP)


def listed(store: Store) -> list[dict[str, Any]]:
    """Return the calls, oldest first."""
    rows = store.rows("SELECT n, method, path, query, company_id, status, status_code, ms, at FROM calls ORDER BY n")
    names = ("n", "method", "path", "query", "company_id", "status", "status_code", "ms", "at")
    calls = [dict(zip(names, row, strict=True)) for row in rows]
    for call in calls:
        call["query"] = json.loads(call["query"])
    return calls


def clear(store: Store) -> None:
    """Forget the calls; their numbers go on."""
    store.run("DELETE FROM calls")
