"""Appointments: booking what is offered, moving it, cancelling it and deleting it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import answers, appointment_event, client
from provisioner.sandbox.setster.answers import Answers
from provisioner.sandbox.setster.appointment_shape import CONFIRMED, KEPT, SHAPE, UNCONFIRMED, local, shown
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Reply, missing
from provisioner.sandbox.setster.offer import Ask, Offer, hold, judge
from provisioner.sandbox.tables import accounts, appointments, objects

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record

KIND = appointments.KIND
_SLOT = ("service_id", "location_id", "employee_id", "start_date", "duration", "subservices")
_SAID = ("client_email", "client_name", "duration", "subservices", "timezone_id", *KEPT)
_RESETS = (*KEPT, "subservices")
_STAMPS = ("last_updated", "created_at")
_NO_ANSWERS = Answers({}, {}, {})


def get(call: Call) -> Reply:
    """Return one appointment in a list, with the employee's address (seed: Get an Appointment)."""
    record = stored(call, call.id(KIND))
    provider = objects.get(call.store, "employee", call.company, record["employee_id"]) or {}
    return Reply([shown(record) | {"provider_email": provider.get("email", "")}])


def stored(call: Call, number: int) -> Record:
    """Return the company's appointment with this id."""
    record = appointments.get(call.store, call.company, number)
    if record is None:
        raise missing(KIND, number)
    return record


def create(call: Call) -> Reply:
    """Book an appointment (seed: Create an Appointment); the answer has no moments of writing.

    Refused with 9 or 10 unless it is offered at that moment, whatever its status. Assumptions: `company_id` is said by
    the query as well as by the body; a new appointment is confirmed or not by the service's `auto_confirm`, or the
    account's where the service does not go by its own rules (`active_rules`).
    """
    said = SHAPE.fresh() | SHAPE.accept(call.mapping)
    given = _answers(call, said, said, _NO_ANSWERS)
    offer = judge(call, _ask(said))
    now = int(call.world.now().timestamp())
    record = {name: said[name] for name in _SAID} | given._asdict() | {"company_id": call.company, "reason": ""}
    record |= _taken(offer) | {"status": _first_status(call, offer) if said["status"] is None else said["status"]}
    record |= {"created": now, "updated": now, "key": secrets.token_hex(16)}
    record["timezone_id"] = said["timezone_id"] or call.stored("location", offer.location_id)["timezone_id"]
    record["client_id"] = client.booked(call, record)
    record["id"] = appointments.insert(call.store, record)
    appointment_event.tell(call, appointment_event.CREATED, record)
    return Reply(shown(record, without=_STAMPS))


def _answers(call: Call, written: Record, said: Record, held: Answers) -> Answers:
    """Return the answers that are written, or those held; they fit the form if asked to (seed: validate_custom_fields).

    `said` is the appointment as it is going to be.
    """
    given = answers.given(call, written) or held
    if call.flag("validate_custom_fields"):
        answers.validate(call, given, said["client_phone"], said["client_address"])
    return given


def _ask(said: Record, ignoring: int | None = None) -> Ask:
    """Return what a body asks for. Its time is local to the location, not to `timezone_id` (seed: `start_date`)."""
    return Ask(
        service_id=said["service_id"],
        subservices=tuple(said["subservices"]),
        location_id=said["location_id"],
        employee_id=said["employee_id"],
        start=datetime.fromisoformat(said["start_date"]),
        minutes=said["duration"],
        ignoring=ignoring,
    )


def _taken(offer: Offer) -> Record:
    names = ("location_id", "employee_id", "service_id", "start", "end", "padding", "zone")
    return {name: getattr(offer, name) for name in names}


def _first_status(call: Call, offer: Offer) -> int:
    service = call.stored("service", offer.service_id)
    rules = service if service["active_rules"] else accounts.get(call.store, call.company)["options"]
    return CONFIRMED if rules["auto_confirm"] else UNCONFIRMED


def modify(call: Call) -> Reply:
    """Modify an appointment: reschedule or cancel it, or anything else (seed: Modify an Appointment).

    What does not move is not judged again, so that an appointment in the past can be completed; one that held no slot
    and shall hold it again only needs it free (see `hold`). Assumptions: the id stays, so that `old_id` is the same;
    the client's notice for cancelling and rescheduling binds the widget, not this API; even a full write leaves the
    place, the employee, the length, the status and the zone as they were where it does not name them; answers are
    replaced as a whole.
    """
    old, full = stored(call, call.id(KIND)), call.dialect.put == "full"
    accepted = {name: value for name, value in SHAPE.accept(call.mapping).items() if value is not None}
    before = _before(old)
    said = before | ({name: SHAPE.fresh()[name] for name in _RESETS} if full else {}) | accepted
    held = _NO_ANSWERS if full else Answers(*(old[name] for name in Answers._fields))
    given = _answers(call, accepted, said, held)
    record = old | {name: said[name] for name in (*_SAID, "status")} | given._asdict()
    if any(said[name] != before[name] for name in _SLOT):
        record |= _taken(judge(call, _ask(said, ignoring=old["id"])))
    elif _takes_again(old, said["status"]):
        hold(call, old)
    record["client_id"] = client.booked(call, record)
    return Reply({"old_id": old["id"]} | shown(save(call, old, record)))


def _before(record: Record) -> Record:
    """Return what a body would have to say for an appointment to stay as it is."""
    names = (*_SAID, "status", "service_id", "location_id", "employee_id")
    return {name: record[name] for name in names} | {"start_date": local(record).isoformat()}


def _takes_again(old: Record, status: int) -> bool:
    """Say whether a status makes an appointment hold a slot that it held no more."""
    return old["status"] in appointments.FREE and status not in appointments.FREE


def with_status(call: Call, old: Record, status: int) -> Record:
    """Return an appointment with another status; its slot has to be free if it shall hold it again."""
    if _takes_again(old, status):
        hold(call, old)
    return old | {"status": status}


def save(call: Call, old: Record, new: Record) -> Record:
    """Write a changed appointment, and tell the webhooks."""
    record = new | {"updated": int(call.world.now().timestamp())}
    appointments.save(call.store, record)
    appointment_event.tell(call, appointment_event.of_change(old, record), record)
    return record


def delete(call: Call) -> Reply:
    """Delete an appointment for good (seed: Delete an Appointment); its client stays."""
    record = stored(call, call.id(KIND))
    appointments.delete(call.store, record["id"])
    appointment_event.tell(call, appointment_event.DELETED, record)
    return DONE


OPERATIONS = (
    Operation("POST", "/appointment", create),
    Operation("GET", "/appointment/{id}", get),
    Operation("PUT", "/appointment/{id}", modify),
    Operation("DELETE", "/appointment/{id}", delete),
)
