"""The table of TimeTap's page: every property of a recurringappointments object, in its order, and what may be written.

Assumptions: the weekdays are written, although the page does not mark them as writable, because nothing else says them;
`type` (`W` or `M`) is one, although the page's table leaves it out, because its text requires it; `timeSlotList` is
written, because its text says so. What is not writable is ignored when it is sent, and so is what is not in the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.timetap import values
from provisioner.sandbox.timetap.answers import invalid
from provisioner.sandbox.timetap.pattern import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

REQUIRED = ("endTime", "location", "reason", "staff", "startDate", "startTime")
STATUSES = ("Open", "Closed", "Cancelled")
EVERY = {"W": "everyXWeeks", "M": "everyXMonths"}


class Field(NamedTuple):
    """One property: what it accepts, None where nobody writes it, and what is read while nothing was written."""

    accept: Callable[[Any], Any] | None
    unset: Any = None


_TEXT = Field(values.text)
_WHOLE = Field(values.whole)
_FLAG = Field(values.flag, unset=False)
_TIME = Field(values.military)
_THING = Field(values.thing)
_THINGS = Field(values.list_of(values.thing), unset=())
_WHOLES = Field(values.list_of(values.whole), unset=())
_STAFF = Field(values.reference("staffId"))
_COUNT = Field(values.at_least(1))
_READ = Field(None)
_LIST_READ = Field(None, unset=())
_FLAG_READ = Field(None, unset=False)

FIELDS: dict[str, Field] = {
    "additionalStaffIdList": _WHOLES,
    "address": _TEXT,
    "adhoc": _READ,
    "blockStaffIdList": _WHOLES,
    "blockedStaffList": Field(values.list_of(values.reference("staffId")), unset=()),
    "businessId": _WHOLE,
    "cancelReason": _TEXT,
    "changeReason": _TEXT,
    "classScheduleIdList": _LIST_READ,
    "classScheduleList": _THINGS,
    "client": Field(values.reference("clientId")),
    "clientEndTime": _TIME,
    "clientId": _READ,
    "clientReminderHours": _WHOLE,
    "clientStartTime": _TIME,
    "color": _READ,
    "coordinatorStaff": _STAFF,
    "createdBy": _READ,
    "customFieldData": _READ,
    "dateCreated": _READ,
    "dateModified": _READ,
    "dates": _LIST_READ,
    "discount": _WHOLE,
    "endDate": Field(values.day),
    "endTime": _TIME,
    "everyXMonths": _COUNT,
    "everyXWeeks": _COUNT,
    "fields": _THINGS,
    "fri": _FLAG,
    "getSendConfirmationToClient": _FLAG_READ,
    "location": Field(values.reference("locationId")),
    "locationGroup": _THING,
    "locationId": _READ,
    "locationSuperGroup": _THING,
    "modifiedBy": _READ,
    "mon": _FLAG,
    "note": _TEXT,
    "paid": _FLAG_READ,
    "price": _TEXT,
    "reason": Field(values.reference("reasonId")),
    "reasonId": _READ,
    "recurringAppointmentId": _READ,
    "recurringSchedule": _READ,
    "remindClientSmsHours": _WHOLE,
    "remindStaffSmsHours": _WHOLE,
    "repeatStaffIds": _LIST_READ,
    "resource": _THING,
    "sat": _FLAG,
    "seats": Field(values.at_least(1), unset=1),
    "sendConfirmationToClient": _FLAG,
    "sendConfirmationToStaff": _FLAG,
    "staff": _STAFF,
    "staffId": _READ,
    "staffReminderHours": _WHOLE,
    "startDate": Field(values.day),
    "startTime": _TIME,
    "status": Field(values.one_of(*STATUSES), unset="Open"),
    "sun": _FLAG,
    "tax1Amount": _READ,
    "thu": _FLAG,
    "timeSlotList": _THINGS,
    "tue": _FLAG,
    "type": Field(values.one_of(*EVERY)),
    "waitListId": _READ,
    "waitListOrigRecurringAppointmentId": _READ,
    "wed": _FLAG,
}
WRITABLE = frozenset(name for name, field in FIELDS.items() if field.accept)
OF_THE_PATTERN = frozenset({"startDate", "endDate", "type", *EVERY.values(), *WEEKDAYS})
OF_THE_SERIES = (OF_THE_PATTERN - {"startDate"}) | {"businessId", "classScheduleList", "timeSlotList"}
"""What one appointment cannot have of its own."""


def written(body: Mapping[str, Any], names: Iterable[str] = WRITABLE) -> dict[str, Any]:
    """Return what a body writes of these fields, checked; a null clears a field that is not required."""
    return {name: _accepted(name, body[name]) for name in names if name in body}


def _accepted(name: str, value: Any) -> Any:
    accept = FIELDS[name].accept
    if value is None or accept is None:
        return None
    try:
        return accept(value)
    except ValueError as error:
        raise invalid(f"{name} {error}") from None


def require(body: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse a body that leaves out one of these, or has a null there."""
    absent = [name for name in names if body.get(name) is None]
    if absent:
        raise invalid(f"{', '.join(absent)} must be given")


def check_pattern(body: Mapping[str, Any]) -> None:
    """Refuse fields that are no pattern (seed: `everyXWeeks` and `everyXMonths` are required by `type`)."""
    require(body, ("startDate", "type"))
    require(body, (EVERY[body["type"]],))
    if body.get("endDate") is not None and body["endDate"] < body["startDate"]:
        raise invalid("endDate must not be before startDate")


def check_times(body: Mapping[str, Any]) -> None:
    """Refuse an appointment that does not end after it starts.

    Assumption: none goes past midnight.
    """
    for start, end in (("startTime", "endTime"), ("clientStartTime", "clientEndTime")):
        first, last = body.get(start), body.get(end)
        if first is not None and last is not None and last <= first:
            raise invalid(f"{end} must be after {start}")
