"""What webhooks were told, or would have been: every event with its payload, and what became of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

SCHEMA = (
    (
        "CREATE TABLE IF NOT EXISTS deliveries(n INTEGER PRIMARY KEY AUTOINCREMENT, company_id INTEGER NOT NULL,"
        " webhook_id INTEGER NOT NULL, event TEXT NOT NULL, url TEXT NOT NULL, key TEXT NOT NULL,"
        " payload TEXT NOT NULL, at TEXT NOT NULL, outcome TEXT NOT NULL, status INTEGER)"
    ),
    "CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries(n) WHERE outcome = 'waiting'",
)
RECORDED, WAITING, SENDING, SENT, FAILED = "recorded", "waiting", "sending", "sent", "failed"
"""An outcome: nothing is to be sent, it is still to be sent, it is on its way, somebody answered, or nobody did."""
ELSEWHERE = "not loopback"
"""The outcome of what would have to leave this machine: it never does."""
CAP = 20_000
_SWEEP = 500
_COLUMNS = ("n", "company_id", "webhook_id", "event", "url", "payload", "at", "outcome", "status")


class Parcel(NamedTuple):
    """What is to be sent: its number, the address, the webhook's verification key and the bytes as text."""

    n: int
    url: str
    key: str
    payload: str


def add(
    store: Store, *, company: int, webhook: int, event: str, url: str, key: str, payload: str, at: str, outcome: str
) -> None:
    """Append one event for one webhook; the oldest are dropped beyond `CAP`."""
    row = store.run(
        "INSERT INTO deliveries VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        *(company, webhook, event, url, key, payload, at, outcome),
    )
    if row.lastrowid and row.lastrowid % _SWEEP == 0:
        store.run("DELETE FROM deliveries WHERE n <= ?", row.lastrowid - CAP)


def any_waiting(store: Store) -> bool:
    """Say whether there is something to send."""
    return store.one("SELECT 1 FROM deliveries WHERE outcome = 'waiting' LIMIT 1") is not None


def take(store: Store) -> Parcel | None:
    """Take the oldest that is to be sent, if any; nobody else takes it again, so nothing is sent twice."""
    row = store.one("SELECT n, url, key, payload FROM deliveries WHERE outcome = 'waiting' ORDER BY n LIMIT 1")
    if row is None:
        return None
    store.run("UPDATE deliveries SET outcome = ? WHERE n = ?", SENDING, row[0])
    return Parcel(*row)


def give_up(store: Store) -> None:
    """Write off what was on its way when a sandbox ended; should another process still be at it, that has the say."""
    store.run("UPDATE deliveries SET outcome = ? WHERE outcome = ?", FAILED, SENDING)


def settle(store: Store, n: int, outcome: str, status: int | None) -> None:
    """Write down what became of one that was taken."""
    store.run("UPDATE deliveries SET outcome = ?, status = ? WHERE n = ?", outcome, status, n)


def listed(store: Store) -> list[dict[str, Any]]:
    """Return the deliveries, oldest first, each payload as JSON."""
    rows = store.rows(f"SELECT {', '.join(_COLUMNS)} FROM deliveries ORDER BY n")  # noqa: S608  the names are ours
    shown = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    return [each | {"payload": json.loads(each["payload"])} for each in shown]


def clear(store: Store) -> None:
    """Forget the deliveries; their numbers go on."""
    store.run("DELETE FROM deliveries")
