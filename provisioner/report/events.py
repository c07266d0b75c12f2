"""What happens during an apply, as one JSON document a line: for who watches it, while a report is for who comes later.

No value of a field is in it, and so no secret: addresses, ids, and the vendor's words where something failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.kinds import BY_NAME
from provisioner.providers.base import Absent, Call, Done, NotExecuted, Outcome, Part, PartOutcome
from provisioner.report.json import outcome_json

if TYPE_CHECKING:
    from provisioner.apply.outcome import Applied
    from provisioner.plan.change import Plan
    from provisioner.report.head import Banner

FORMAT_VERSION = "1.0"
"""Grows as that of a plan's document does."""

Facts = dict[str, Any]


def run_started(plan: Plan, banner: Banner, calls: int, run: str, number: int) -> Facts:
    """Planned, asked, and about to begin."""
    return {
        "event": "run_started",
        "run": run,
        "number": number,
        "tenant": {"host": banner.host, "company_id": banner.company_id, "sandbox": banner.sandbox},
        "digest": plan.digest,
        "changes": len(plan.writes),
        "calls": calls,
    }


def call_started(call: Call) -> Facts:
    """It has what it waited for; its request leaves as soon as the pace allows."""
    return {"event": "call_started", "call": call.id, "effect": call.effect.value, "parts": [*map(_part, call.parts)]}


def call_done(call: Call, outcome: Outcome) -> Facts:
    """What became of each part of a call."""
    parts = [
        _part(part) | _became(result, relation=bool(BY_NAME[part.address.kind].key_kinds))
        for part, result in outcome.items()
    ]
    return {"event": "call_done", "call": call.id, "effect": call.effect.value, "parts": parts}


def waiting(seconds: float, count: int) -> Facts:
    """Creates that nobody answered may still be carried out."""
    return {"event": "waiting", "seconds": round(seconds, 3), "for": count}


def finished(exit_code: int, error: str, applied: Applied | None) -> Facts:
    """The end, whatever it was; `error` is what the command says last."""
    outcome = outcome_json(applied) | {"seconds": round(applied.seconds, 3)} if applied else None
    return {"event": "finished", "exit": exit_code, "error": error or None, "outcome": outcome}


def _part(part: Part) -> Facts:
    return {"address": str(part.address), "part": part.name or None}


def _became(result: PartOutcome, *, relation: bool) -> Facts:
    match result:
        case Done(id=id_):
            return {"outcome": "done", "id": None if relation else id_ or None, "reason": None}
        case Absent():
            return {"outcome": "absent", "id": None, "reason": None}
        case NotExecuted(why=why):
            return {"outcome": "not_executed", "id": None, "reason": why}
        case _:
            return {"outcome": "unknown", "id": None, "reason": result.why}
