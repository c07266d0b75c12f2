"""What the webhooks of a company are told when something happens to an appointment.

The page says neither what is sent nor when. Assumptions: one write is one event; a webhook is told what it names, or
everything by `*`, unless it has switched that very event off; the webhooks of a parent account are not told; and the
message is `{event, company_id, webhook_id, verification_key, created_at, data}`, with the appointment as lists show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.sandbox import outbox
from provisioner.sandbox.exchange import dump
from provisioner.sandbox.setster.appointment_shape import CANCELLED, shown, stamp
from provisioner.sandbox.setster.webhook import KIND
from provisioner.sandbox.tables import deliveries, objects

if TYPE_CHECKING:
    from provisioner.sandbox.setster.call import Call
    from provisioner.sandbox.setster.shape import Record

CREATED, UPDATED, DELETED = "appointment.created", "appointment.updated", "appointment.deleted"
RESCHEDULED, REMINDER, CANCELED = "appointment.rescheduled", "appointment.reminder", "appointment.canceled"


def tell(call: Call, event: str, record: Record) -> None:
    """Record an event for every webhook that wants it, in the transaction: nothing is sent before that is committed."""
    hooks = [hook for hook in objects.listed(call.store, KIND, call.company) if hook["active"] and _wants(hook, event)]
    if not hooks:
        return
    at, data, real = stamp(call.world.now().timestamp()), shown(record), outbox.is_real(call.store)
    for hook in hooks:
        message = {
            "event": event,
            "company_id": call.company,
            "webhook_id": hook["id"],
            "verification_key": hook["verification_key"],
            "created_at": at,
            "data": data,
        }
        deliveries.add(
            call.store,
            company=call.company,
            webhook=hook["id"],
            event=event,
            url=hook["target_url"],
            key=hook["verification_key"],
            payload=dump(message).decode(),
            at=at,
            outcome=outbox.outcome(hook["target_url"], real=real),
        )


def _wants(hook: Record, event: str) -> bool:
    switches = {each["event"]: each["active"] for each in hook["events"]}
    return bool(switches.get(event, switches.get("*", 0)))


def of_change(old: Record, new: Record) -> str:
    """Return the event of a modification: cancelled before rescheduled before updated."""
    if new["status"] == CANCELLED != old["status"]:
        return CANCELED
    moved = any(new[name] != old[name] for name in ("start", "end"))
    return RESCHEDULED if moved else UPDATED
