"""A plan as one JSON document; values are in the manifest's own spelling, secrets only as that they are there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Spec, specs
from provisioner.kinds.known import known_by
from provisioner.plan.change import Action, Change, FieldChange, Left, Plan
from provisioner.report.discreet import unpeopled
from provisioner.report.fields import WITHHELD, spelled
from provisioner.report.undo import undo_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.apply.outcome import Applied
    from provisioner.kinds.booking import Booking
    from provisioner.kinds.desired import Place
    from provisioner.providers.base import Call
    from provisioner.report.head import Banner, Effort

FORMAT_VERSION = "1.3"
"""MAJOR.MINOR. A key that comes makes the minor number grow: readers pass over what they do not know. A key that goes,
or means something else, makes the major number grow. 1.1 brought what was left alone, appointments and undone runs; 1.2
the account, kind and hint of each change, and of its fields what was last applied; 1.3 the messages that may go out
about the appointments of what is deleted, what ended an apply beside what it had planned, and the
name of each change.
"""


def plan_json(plan: Plan, banner: Banner, effort: Effort, calls: Iterable[Call]) -> dict[str, Any]:
    """The document, of plain JSON values only; `format_version` grows when a reader could notice."""
    undone = {"undo": undo_json(plan.undone)} if plan.undone else {}
    plan = unpeopled(plan)
    return {
        "format_version": FORMAT_VERSION,
        "tenant": asdict(banner),
        "effort": asdict(effort),
        "counts": {**{action.value: plan.count(action) for action in Action}, "blocked": len(plan.blocked)},
        "managed": plan.managed,
        "digest": plan.digest,
        "changes": [_change(change) for change in plan.changes],
        "drift": [str(change.address) for change in plan.drift],
        "not_put_back": [_left(left) for left in plan.left],
        "appointments": _booked(plan),
        "messages": plan.messages,
        "more_messages": list(plan.more_messages),
        "perhaps_messages": [
            {"to": "webhook" if echo.to else "clients", "host": echo.to or None, "at_most": echo.most}
            for echo in (plan.booked.echoes if plan.booked else ())
        ],
        "outlook": {str(change.address): list(change.outlook.lines) for change in plan.changes if change.outlook.lines},
        "blocked": [{"address": str(c.address), "reason": c.blocked} for c in plan.blocked],
        "notes": list(plan.notes),
        "calls": [_call(call) for call in calls],
        **undone,
    }


def outcome_json(applied: Applied) -> dict[str, Any]:
    """What became of each change, under the key `outcome` of a report."""
    return {
        "complete": applied.complete,
        "writes": applied.writes,
        "done": [str(change.address) for change in applied.done],
        "failed": [{"address": str(change.address), "reason": why} for change, why in applied.failed],
        "not_attempted": [
            *({"address": str(c.address), "because": str(cause)} for c, cause in applied.skipped),
            *({"address": str(c.address), "because": None} for c in applied.cancelled),
        ],
        "pending": [str(address) for address in (*applied.pending, *applied.stuck)],
    }


def _booked(plan: Plan) -> dict[str, Any] | None:
    """What would be stranded, by ids and times: whose they are is nobody's business here."""
    if plan.booked is None:
        return None
    return {
        "read_at": plan.booked.read_at.isoformat(timespec="seconds"),
        "stranded": [_booking(each) for each in plan.booked.stranded],
        "by_change": [
            {
                "address": str(change.address),
                "count": len(change.stranded),
                "allowed": not change.unallowed,
                "ids": [booking.id for booking in change.stranded],
            }
            for change in plan.changes
            if change.stranded
        ],
    }


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        "id": booking.id,
        "start": booking.start.isoformat() if booking.start else None,
        "end": booking.end.isoformat() if booking.end else None,
        "unreadable": list(booking.unreadable),
    }


def _change(change: Change) -> dict[str, Any]:
    known = specs(BY_NAME[change.address.kind])
    return {
        "address": str(change.address),
        "account": change.scope,
        "kind": change.address.kind,
        "name": _name(change) or None,
        "action": change.action.value,
        "reason": change.reason,
        "id": change.id,
        "place": _place(change.place),
        "moved_from": _address(change.moved_from),
        "goes_with": _address(change.with_),
        "blocked": change.blocked or None,
        "hint": change.hint or None,
        "resembles": [str(address) for address in change.resembles],
        "unchanged": change.unchanged,
        "fields": [_field(known[f.name], f) for f in change.fields],
    }


def _name(change: Change) -> str:
    """What a person knows something live by."""
    return known_by(BY_NAME[change.address.kind], change.live.fields) if change.live else ""


def _left(left: Left) -> dict[str, Any]:
    return {
        "address": str(left.address),
        "id": left.id,
        "gone": left.gone,
        "fields": [field.name for field in left.fields],
        "reason": BY_NAME[left.address.kind].drifts,
    }


def _address(address: object) -> str | None:
    return None if address is None else str(address)


def _place(place: Place | None) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line, "column": place.column} if place else None


def _field(spec: Spec, field: FieldChange) -> dict[str, Any]:
    return {
        "name": field.name,
        "before": _value(spec, WITHHELD if spec.personal and field.before is not None else field.before),
        "after": _value(spec, field.after),
        "outside": field.outside,
        "both": field.both,
        "applied": _applied(spec, field.applied),
        "default": field.default,
        "place": _place(field.place),
    }


def _applied(spec: Spec, spelling: Any) -> Any:
    """What was last applied, which the state keeps in the manifest's spelling already."""
    if spelling is None:
        return None
    return {"sensitive": True} if spec.sensitive else {"personal": True} if spec.personal else spelling


def _value(spec: Spec, value: Any) -> Any:
    if value is None:
        return None
    if value is WITHHELD:
        return {"personal": True}
    return {"sensitive": True} if spec.sensitive else spelled(spec, value)


def _call(call: Call) -> dict[str, Any]:
    return {
        "id": call.id,
        "effect": call.effect.value,
        "parts": [{"address": str(part.address), "name": part.name} for part in call.parts],
        "needs": sorted(call.needs),
    }
