"""Recurring appointments: read, made, changed and cancelled as series. There is no list and no delete (seed)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.tables import series as table
from provisioner.sandbox.tables import waiting
from provisioner.sandbox.timetap import fields, messages, schedule, settings, shape
from provisioner.sandbox.timetap.answers import FORBIDDEN, Failure, invalid
from provisioner.sandbox.timetap.call import Call, Operation, missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.sandbox.tables.series import Series
    from provisioner.sandbox.timetap.appointment import Appointment
    from provisioner.sandbox.world import World

PATH = "/recurringappointments"


def get(call: Call) -> dict[str, Any]:
    """Return a series (seed: GET /recurringappointments/{recurringAppointmentId})."""
    return read(call.world, stored(call))


def create(call: Call) -> dict[str, Any]:
    """Make a series (seed: POST /recurringappointments).

    Assumption: it answers the whole object.
    """
    body = call.body()
    fields.require(body, (*fields.REQUIRED, "type"))
    made = fields.written(body)
    _check(call, made)
    series = schedule.create(call, made)
    messages.confirm(call, series, made)
    return read(call.world, series)


def dates(call: Call) -> list[str]:
    """Return the dates of a pattern; nothing is made (seed: POST /recurringappointments/get/dates).

    Assumption: only the fields of the pattern are looked at.
    """
    body = fields.written(call.body(), fields.OF_THE_PATTERN)
    fields.check_pattern(body)
    return schedule.dates(call.world, body)


def update(call: Call) -> dict[str, Any]:
    """Change or cancel a series (seed: PUT /recurringappointments/{recurringAppointmentId}).

    Assumptions: required are the fields that the page marks so, and the others stay as they are when they are left out,
    unless the settings say that a PUT is full.
    `dateSelected` is the series' start unless it is given. `resetStartDay`, whose description is that of another
    parameter, makes `dateSelected` the series' start, from which its weeks and months are counted.
    """
    series, body = stored(call), call.body()
    same_series(series, body, "the body")
    fields.require(body, fields.REQUIRED)
    changed = {**left_out(call, series.body), **fields.written(body)}
    selected = call.day("dateSelected") or series.body["startDate"]
    if call.flag("resetStartDay"):
        changed["startDate"] = selected
    _check(call, changed)
    before, since = schedule.appointments(call.world, series), selected if call.following else None
    return told(call, schedule.rewrite(call, series, changed, since), before, changed, since)


def left_out(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Return what stays of fields that a PUT does not name."""
    return body if settings.read(call.store).put == "partial" else dict.fromkeys(body)


def stored(call: Call) -> Series:
    """Return the series of the path, laid out as far as it has to be today."""
    series = table.get(call.store, call.business, call.id)
    if series is None:
        raise missing(call.id)
    return schedule.extend(call.world, series)


def same_series(series: Series, body: dict[str, Any], name: str) -> None:
    """Refuse a body without the id in the path (seed: `recurringAppointmentId` is required on PUT calls)."""
    if body.get("recurringAppointmentId") != series.id or isinstance(body["recurringAppointmentId"], bool):
        raise invalid(f"recurringAppointmentId of {name} must be {series.id}, as in the path")


def told(
    call: Call, changed: Series, before: Iterable[Appointment], fields: dict[str, Any], since: str | None
) -> dict[str, Any]:
    """Return a series that was changed from a date on, with the messages that this sends."""
    messages.confirm(call, changed, fields, since)
    messages.invite(call, changed, before, schedule.appointments(call.world, changed))
    return read(call.world, changed)


def read(world: World, series: Series) -> dict[str, Any]:
    """Return the recurringappointments object.

    Assumption: `dates` are those that have not been cancelled, where they have been moved to. `waitListId` is the first
    of its wait lists.
    """
    waits: Iterable[waiting.Waiting] = waiting.listed(world.store, series.id)
    taking_place = sorted(each.date for each in schedule.appointments(world, series) if each.live)
    return shape.answer(series, taking_place, next((each.id for each in waits), None))


def _check(call: Call, body: dict[str, Any]) -> None:
    """Refuse what is no series, and what is another business's.

    Assumption: the latter is a 403.
    """
    fields.check_pattern(body)
    fields.check_times(body)
    if body.get("businessId") not in (None, call.business):
        raise Failure(FORBIDDEN, f"business {body['businessId']} is not yours")


OPERATIONS = (
    Operation("POST", PATH, create),
    Operation("POST", f"{PATH}/get/dates", dates),
    Operation("GET", f"{PATH}/{{id}}", get),
    Operation("PUT", f"{PATH}/{{id}}", update),
)
