"""What is done to an appointment beside writing it: verifying, confirming, declining, reminding, and its hashes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import appointment_event, values
from provisioner.sandbox.setster.appointment import KIND, save, stored, with_status
from provisioner.sandbox.setster.appointment_shape import CANCELLED, CONFIRMED, UNVERIFIED, local, shown, stamp
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply, invalid
from provisioner.sandbox.setster.shape import Field, Shape
from provisioner.sandbox.tables import mails, objects

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record

_NAMED = Field("appointment_id", values.whole, 0)
ONE = Shape((_NAMED,), required=("appointment_id",))
DECLINE = Shape((_NAMED, Field("reason", values.filled)), required=("appointment_id", "reason"))
_RECEIVERS = {"client": "client", "provider": "provider", "both": "provider and client"}
REMIND = Shape(
    (_NAMED, Field("send_to", values.one_of(tuple(_RECEIVERS), values.text), "both")), required=("appointment_id",)
)
_HASHES = ("reschedule", "cancel", "confirm")
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_HASH_LENGTH = 12


def verify(call: Call) -> Reply:
    """Ask the client to verify the address, by a mail (seed: Verify appointment).

    Assumption: the appointment is unverified until the client does, and the sandbox's clients never do.
    """
    old = stored(call, ONE.accept(call.mapping)["appointment_id"])
    record = _changed(call, old, UNVERIFIED)
    _write(call, record, record["client_email"], "Verification required")
    return Reply(shown(record))


def confirm(call: Call) -> Reply:
    """Confirm an appointment (seed: Confirm an Appointment, whose sample has no `custom_data`).

    Assumption: one that was declined can be confirmed as long as its slot is free; otherwise 10.
    """
    old = stored(call, ONE.accept(call.mapping)["appointment_id"])
    return Reply(shown(_changed(call, old, CONFIRMED), without=("custom_data",)))


def decline(call: Call) -> Reply:
    """Decline an appointment for a reason, which no answer shows (seed: Decline an Appointment)."""
    said = DECLINE.accept(call.mapping)
    old = stored(call, said["appointment_id"])
    return Reply(shown(_changed(call, old | {"reason": said["reason"]}, CANCELLED)))


def _changed(call: Call, old: Record, status: int) -> Record:
    """Return an appointment with a status. Assumption: what changes nothing is no event, and no update."""
    return old if old["status"] == status else save(call, old, with_status(call, old, status))


def remind(call: Call) -> Reply:
    """Remind the client, the provider or both, by mail (seed: Send Appointment Reminder)."""
    said: Record = {"send_to": "both"} | REMIND.accept(call.mapping)
    record = stored(call, said["appointment_id"])
    provider = objects.get(call.store, "employee", call.company, record["employee_id"]) or {}
    addresses = {"client": record["client_email"], "provider": provider.get("email", "")}
    for receiver, address in addresses.items():
        if said["send_to"] in (receiver, "both"):
            _write(call, record, address, "Appointment reminder")
    appointment_event.tell(call, appointment_event.REMINDER, record)
    return Reply({}, f"Sent to {_RECEIVERS[said['send_to']]}")


def _write(call: Call, record: Record, address: str, about: str) -> None:
    text = f"Appointment {record['id']} at {local(record):%Y-%m-%d %H:%M}"
    mails.add(call.store, call.company, stamp(call.world.now().timestamp()), address, about, text)


def hash_of(call: Call) -> Reply:
    """Return the key under which a client may do one thing (seed: Get hash key for an appointment).

    Assumption: each thing has a key of its own, and it stays the same.
    """
    record = stored(call, call.id(KIND))
    asked = call.query.get("hash_type") or _HASHES[0]
    if asked not in _HASHES:
        raise invalid(f"hash_type must be one of {', '.join(_HASHES)}")
    digest = hashlib.sha256(f"{record['key']} {asked}".encode()).digest()
    return Reply("".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_HASH_LENGTH]))


OPERATIONS = (
    Operation("POST", "/appointment/verify", verify),
    Operation("POST", "/appointment/confirm", confirm),
    Operation("POST", "/appointment/decline", decline),
    Operation("POST", "/appointment/sendReminder", remind),
    Operation("GET", "/appointment/hash/{id}", hash_of),
)
