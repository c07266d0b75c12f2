"""Appointments still to come: in one of the dialects, whatever they need cannot be deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.sandbox.setster.envelope import Code, Failure
from provisioner.sandbox.tables import appointments

if TYPE_CHECKING:
    from provisioner.sandbox.setster.call import Call
    from provisioner.sandbox.setster.shape import Record


def refuse(call: Call, kind: str, number: int) -> None:
    """Refuse to delete a location, an employee or a service that is booked, as an add-on too; Failure 6.

    Assumption: the page does not say what becomes of such appointments; the dialect decides. By default they stay, with
    the id of what is gone. What is past, declined, cancelled or a no show never counts.
    """
    if call.dialect.booked == "keep":
        return
    now = int(call.world.now().timestamp())
    coming = appointments.found(call.store, call.company, {}, first=now)
    held = [each for each in coming if each["status"] not in appointments.FREE and _needs(each, kind, number)]
    if held:
        raise Failure(Code.ERROR_DELETING, f"{kind} {number} has {len(held)} future appointments")


def _needs(appointment: Record, kind: str, number: int) -> bool:
    if appointment[f"{kind}_id"] == number:
        return True
    return kind == "service" and number in appointment.get("subservices", ())
