"""Whether one appointment may be booked: `judge` answers with the slot taken, or refuses with 9 or 10.

One that was booked before and is called off may `hold` its slot again, or is refused with 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import rota
from provisioner.sandbox.setster.desk import desk, taken
from provisioner.sandbox.setster.envelope import FORBIDDEN, Code, Failure, invalid
from provisioner.sandbox.slots.agenda import Taken
from provisioner.sandbox.slots.clock import FIRST_YEAR, LAST_YEAR, clock
from provisioner.sandbox.slots.starts import seats_left
from provisioner.sandbox.tables import links, objects

if TYPE_CHECKING:
    from datetime import datetime

    from provisioner.sandbox.setster.call import Call
    from provisioner.sandbox.setster.desk import Desk
    from provisioner.sandbox.setster.shape import Record


@dataclass(frozen=True, slots=True)
class Ask:
    """What a booking asks for.

    `start` is local to the location (seed: Create an Appointment, `start_date`); `minutes` is the length (None: that of
    the service with its sub-services); `ignoring` is the appointment that is moved: it does not stand in its own way.
    """

    service_id: int
    subservices: tuple[int, ...]
    location_id: int | None
    employee_id: int | None
    start: datetime
    minutes: int | None = None
    ignoring: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The slot that is booked: `start` and `end` in whole UTC epoch seconds, `padding` in minutes on both sides.

    `zone` is the name of the location's time zone.
    """

    location_id: int
    employee_id: int
    service_id: int
    start: int
    end: int
    padding: int
    zone: str


def judge(call: Call, ask: Ask) -> Offer:
    """Return the slot that a booking takes, or raise `Failure`: with HTTP 403 (seed: Create an Appointment) where the
    slot is refused, as SLOT_OCCUPIED when only appointments are in the way and SLOT_NOT_AVAILABLE otherwise.

    Unknown ids fail with NOT_FOUND, and a missing add-on with INVALID_PARAMETERS. Assumption: without an employee it is
    the first one, in list order, who is free.
    """
    found = desk(call, ask.service_id, ask.subservices, ask.location_id, ask.employee_id)
    if not ask.subservices and _lacks_addon(call, found):
        raise invalid(f"service {ask.service_id} requires an add-on")
    if ask.minutes is not None:
        found = found.lasting(_seconds(ask.minutes))
    start = _instant(ask, found)
    if start is None or not found.open((start, start + 1)):
        raise Failure(Code.SLOT_NOT_AVAILABLE, f"{ask.start:%Y-%m-%d %H:%M} is not available", FORBIDDEN)
    free = found.offered((start, start + 1), ignoring=ask.ignoring)
    if not free:
        raise Failure(Code.SLOT_OCCUPIED, f"{ask.start:%Y-%m-%d %H:%M} is occupied", FORBIDDEN)
    terms = found.agenda.terms
    return Offer(
        location_id=found.location,
        employee_id=free[start].employee,
        service_id=found.service,
        start=start,
        end=start + terms.length,
        padding=terms.padding // 60,
        zone=found.agenda.zone,
    )


def hold(call: Call, record: Record) -> None:
    """Let an appointment hold its own slot again, as it was booked, or refuse with SLOT_OCCUPIED.

    Assumption: other appointments alone can be in its way, and nothing is once it is over.
    """
    employee, place, number = record["employee_id"], (record["service_id"], record["location_id"]), record["id"]
    slot = Taken(record["start"], record["end"], record["padding"] * 60, session=True)
    if slot.end <= call.world.now().timestamp():
        return
    around = slot.start - slot.padding, slot.end + slot.padding
    others = taken(call.store, call.company, [employee], around, place, number)[employee]
    service = objects.get(call.store, "service", call.company, record["service_id"])
    if not seats_left(slot, others, max(1, service["group_session"] if service else 1)):
        raise Failure(Code.SLOT_OCCUPIED, f"the slot of appointment {number} is occupied", FORBIDDEN)


def _seconds(minutes: int) -> int:
    if minutes < 1:
        raise invalid("duration must be at least a minute")
    return minutes * 60


def _instant(ask: Ask, found: Desk) -> int | None:
    """Return the first instant that reads the time asked for, or None if there is none (see `slots.clock`)."""
    if not FIRST_YEAR <= ask.start.year <= LAST_YEAR or ask.start.microsecond:
        return None
    wall = rota.wall(ask.start)
    return clock(found.agenda.zone, wall, wall + 1).instant(wall)


def _lacks_addon(call: Call, found: Desk) -> bool:
    """Say whether an add-on must be chosen and there is one to choose.

    seed: Create a Service, `require_addon`, "only enforced if the service has linked add-ons". Assumptions: nothing
    links an add-on to a service, so those count that are active and offered at the same location; and as no option is
    the "global default", a service without rules of its own requires none.
    """
    service = call.stored("service", found.service)
    if not (service["require_addon"] and service["active_rules"]):
        return False
    here = {number for _, location, number in links.listed(call.store, call.company) if location == found.location}
    services = objects.listed(call.store, "service", call.company)
    return any(each["is_subservice"] and each["status"] and each["id"] in here for each in services)
