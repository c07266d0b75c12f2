"""Working hours of employees: checked, then kept exactly as written; only a form's numbers become numbers."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import DONE, Reply, invalid
from provisioner.sandbox.setster.values import UnfitError
from provisioner.sandbox.tables import hours, objects

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioner.sandbox.setster.shape import Record

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
KNOWN = ("repeat", "type", "start_date", "end_date", "location_id", "days")
REQUIRED = ("repeat", "type", "start_date", "end_date", "days")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_repeat = values.one_of((1, 2))  # weekly, or an interval of dates
_type = values.one_of((0, 1))  # available, or out of office


def assign(call: Call) -> Reply:
    """Write the hours of an employee (seed: Update availability); the dialect says what becomes of the old ones."""
    employee = call.stored("employee")["id"]
    written = [entry(call, number, each) for number, each in enumerate(_entries(call), start=1)]
    if call.dialect.hours == "merge":
        written_keys = {_key(each) for each in written}
        kept = [each for each in hours.listed(call.store, employee) if _key(each) not in written_keys]
        written = kept + written
    hours.replace(call.store, employee, [(location(each.get("location_id")), each) for each in written])
    return DONE


def get(call: Call) -> Reply:
    """Return the hours of an employee (seed: Get availability time)."""
    return Reply({"availabilities": hours.listed(call.store, call.stored("employee")["id"])})


def _entries(call: Call) -> list[Any]:
    entries = call.mapping.get("availabilities")
    if entries == {}:
        return []
    if not isinstance(entries, list):
        raise invalid("availabilities must be a list")
    return entries


def entry(call: Call, number: int, written: Any) -> Record:
    """Return an entry without unknown fields, or fail with the number of the entry."""
    if not isinstance(written, dict):
        raise invalid(f"availability {number} must be an object")
    try:
        _check(written)
    except ValueError as error:
        raise invalid(f"availability {number}: {error}") from None
    where = location(written.get("location_id"))
    if where is not None and objects.unknown(call.store, "location", call.company, [where]):
        raise invalid(f"availability {number}: there is no location {where} in company {call.company}")
    kept = written | _typed(written) if call.is_form else written
    return {name: kept[name] for name in KNOWN if name in kept}


def _typed(written: Record) -> Record:
    """Return the values of an entry that are not the texts a form has for them."""
    typed: Record = {name: accept(written[name]) for name, accept in NUMBERS.items() if written.get(name)}
    return typed | ({"days": []} if written["days"] == "" else {})


def _check(written: Record) -> None:
    for name in REQUIRED:
        if written.get(name) is None:
            raise UnfitError(f"{name} is required")
    for name, accept in CHECKS.items():
        try:
            accept(written.get(name))
        except ValueError as error:
            raise UnfitError(f"{name} {error}") from None
    if calendar(written["end_date"]) < calendar(written["start_date"]):
        raise UnfitError("end_date is before start_date")


def calendar(written: Any) -> date:
    """Return a date written m/d/Y."""
    found = _DATE.fullmatch(written) if isinstance(written, str) else None
    month, day, year = map(int, found.groups()) if found else (0, 0, 0)
    try:
        return date(year, month, day)
    except ValueError:
        raise UnfitError("must be a date m/d/Y") from None


def location(where: Any) -> int | None:
    """Return the location of an entry, or None for all of them."""
    return None if where in (None, "") else values.whole(where)


def days(written: Any) -> None:
    """Accept `{mo: {time: [[HH:MM, HH:MM], ...]}, ...}`, or `[]` for no day at all."""
    if written in ([], ""):  # what PHP and a form have for an empty object
        return
    if not isinstance(written, dict) or not written.keys() <= set(DAYS):
        raise UnfitError(f"must be an object of {', '.join(DAYS)}")
    for day, each in written.items():
        times = each.get("time") if isinstance(each, dict) else None
        if not isinstance(times, list) or not all(map(_is_interval, times)):
            raise UnfitError(f"of {day} must be {{time: [[HH:MM, HH:MM], ...]}}, each ending after it starts")


def _is_interval(written: Any) -> bool:
    if not isinstance(written, list) or len(written) != 2:
        return False
    if not all(isinstance(each, str) and _TIME.fullmatch(each) for each in written):
        return False
    start, end = (int(each[:-3]) * 60 + int(each[-2:]) for each in written)
    return start < end


def _key(written: Record) -> tuple[Any, ...]:
    """Return what makes two entries the same one under hours=merge."""
    dates = calendar(written["start_date"]), calendar(written["end_date"])
    return location(written.get("location_id")), _type(written["type"]), _repeat(written["repeat"]), *dates


NUMBERS: dict[str, Callable[[Any], int | None]] = {"repeat": _repeat, "type": _type, "location_id": location}
CHECKS: dict[str, Callable[[Any], Any]] = {
    "repeat": _repeat,
    "type": _type,
    "start_date": calendar,
    "end_date": calendar,
    "location_id": location,
    "days": days,
}
OPERATIONS = (
    Operation("PUT", "/employee/{id}/assignAvailability", assign),
    Operation("GET", "/employee/getAvailabilityTime/{id}", get),
)
