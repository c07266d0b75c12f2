"""What reads show of a series: every property of the page's table, those that follow from others computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.timetap.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from provisioner.sandbox.tables.series import Series

USER = "sandbox"
"""Assumption: the user name of whoever holds the API key."""
_IDS = {"clientId": "client", "locationId": "location", "reasonId": "reason", "staffId": "staff"}


def shown(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return every property of the fields that are written for a series or one of its appointments."""
    filled = {name: _filled(body.get(name), field.unset) for name, field in FIELDS.items()}
    filled |= {number: (body.get(thing) or {}).get(number) for number, thing in _IDS.items()}
    for time in ("StartTime", "EndTime"):  # Assumption: the client's times are the appointment's unless written
        if filled[f"client{time}"] is None:
            filled[f"client{time}"] = filled[time[0].lower() + time[1:]]
    filled["getSendConfirmationToClient"] = filled["sendConfirmationToClient"]
    filled["classScheduleIdList"] = [
        each["classScheduleId"] for each in filled["classScheduleList"] if "classScheduleId" in each
    ]
    return filled | _blocked(filled) | {"customFieldData": _custom(filled["fields"])}


def _filled(value: Any, unset: Any) -> Any:
    if value is not None:
        return value
    return list(unset) if isinstance(unset, tuple) else unset


def _blocked(filled: Mapping[str, Any]) -> dict[str, Any]:
    """Return who is blocked off (seed: the additional staff are so automatically; the list shows both lists' staff).

    Assumption: a written `blockedStaffList` decides where no `blockStaffIdList` is written, and lends its objects. One
    that names nobody of a list of ids is not shown.
    """
    objects = {each["staffId"]: each for each in filled["blockedStaffList"]}
    ids = filled["blockStaffIdList"] or list(objects)
    ids = list(dict.fromkeys([*ids, *filled["additionalStaffIdList"]]))
    staff = filled["staff"]
    return {
        "blockStaffIdList": ids,
        "blockedStaffList": [objects.get(number, {"staffId": number}) for number in ids],
        # Assumption: the page calls it an integer and describes a list of ids; it is a list.
        "repeatStaffIds": [*([staff["staffId"]] if staff else []), *filled["additionalStaffIdList"]],
    }


def _custom(fields: Sequence[Mapping[str, Any]]) -> str:
    """Return label and value of the fields whose mode is APPT (seed), one on a line (assumption)."""
    return "\n".join(f"{each.get('label')}: {each.get('value')}" for each in fields if each.get("mode") == "APPT")


def answer(series: Series, dates: Sequence[str], wait_list: int | None) -> dict[str, Any]:
    """Return the recurringappointments object of a series."""
    return shown(series.body) | {
        "businessId": series.business_id,
        "createdBy": USER,
        "dateCreated": series.created,
        "dateModified": series.modified,
        "dates": list(dates),
        "modifiedBy": USER,
        "recurringAppointmentId": series.id,
        "waitListId": wait_list,
    }
