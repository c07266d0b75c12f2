"""Holidays on the wire (seed: Create a Holiday, Modify a Holiday, List Holidays, Delete Holidays).

Type 1 is a weekday of a month, whose dates, timestamp and caption the vendor computes; type 2 has dates of its own,
each with a year. Assumption: such a holiday happens once, and is a whole day when it ends in the last minute of one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from provisioner.kinds.calendar import Dates
from provisioner.kinds.holiday import Rule
from provisioner.providers.setster.codec import number_flag, read_number, spread, text
from provisioner.providers.setster.table import Body, Table

WEEKDAY, FIXED = 1, 2
_WEEKDAY_FIELDS = ("day_order", "day_in_week", "month")
_FIXED_FIELDS = ("start_date", "end_date")


def _write_rule(rule: Rule | None) -> Body:
    return dict(zip(_WEEKDAY_FIELDS, rule, strict=True)) | {"type": WEEKDAY} if rule else {}


def _read_rule(raw: Mapping[str, Any]) -> Rule | None:
    if read_number(raw.get("type")) != WEEKDAY:
        return None
    order, weekday, month = (int(raw[name]) for name in _WEEKDAY_FIELDS)
    if not (0 <= order < 5 and 0 <= weekday < 7 and 0 <= month < 12):
        raise ValueError("no weekday of a month")
    return Rule(order, weekday, month)


def _write_dates(dates: Dates | None) -> Body:
    if dates is None:
        return {}
    return {"type": FIXED, "start_date": f"{dates.start} 00:00:00", "end_date": f"{dates.end} 23:59:59"}


def _read_dates(raw: Mapping[str, Any]) -> Dates | None:
    if read_number(raw.get("type")) == WEEKDAY:
        return None
    start, end = (datetime.fromisoformat(raw[name]) for name in _FIXED_FIELDS)
    if (start.hour, start.minute) != (0, 0) or (end.hour, end.minute) != (23, 59) or end < start:
        raise ValueError("not whole days")
    return Dates(start.date(), end.date())


def _finish(body: Body, changed: Mapping[str, Any], raw: Mapping[str, Any]) -> Body:
    """Without what only the other type has: it would be a computed value sent back."""
    del changed, raw
    other = _FIXED_FIELDS if read_number(body.get("type")) == WEEKDAY else _WEEKDAY_FIELDS
    return {name: value for name, value in body.items() if name not in other}


HOLIDAY = Table(
    kind="holiday",
    path="/availability/getHoliday",
    saved="/availability/saveHoliday",
    modify="POST",
    delete_many="/availability/deleteHoliday",
    fields={
        "name": text("name"),
        "dates": spread((*_FIXED_FIELDS, "type"), _write_dates, _read_dates),
        "rule": spread((*_WEEKDAY_FIELDS, "type"), _write_rule, _read_rule),
        "enabled": number_flag("enabled"),
    },
    passed=frozenset(),
    finish=_finish,
)
