"""A service's own times on the wire (seed: Create a Service, `set_schedule` and `schedule`).

An entry has one interval, the days of the week that it is on, and the dates between which it repeats. Assumption: days
count from 1 for Sunday, because the sample's 2 to 6, from nine to five, is then a working week.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from provisioner.kinds.calendar import MIDNIGHT, Dates, Interval, Week
from provisioner.kinds.hours import Shift, Shifts
from provisioner.kinds.schedule import normal
from provisioner.providers.setster.codec import read_flag, read_number

ONCE, WEEKLY = 0, 1
_SUNDAY = 6
"""In our count, from 0 for Monday."""


def write(shifts: Shifts | None) -> dict[str, Any]:
    """Both of the vendor's fields; without any time the service follows its employees' hours."""
    return {"set_schedule": bool(shifts), "schedule": [entry for shift in shifts or () for entry in _entries(shift)]}


def read(raw: Mapping[str, Any]) -> Shifts | None:
    """The times. Raises ValueError for what the manifests cannot say: monthly ones, and events over several days."""
    if not read_flag(raw["set_schedule"]):
        return None
    shifts = normal(_shift(entry) for entry in raw["schedule"] or ())
    if shifts is None:
        raise ValueError("a set schedule without any time")
    return shifts


# -- to the vendor


def _entries(shift: Shift) -> Iterator[dict[str, Any]]:
    """One entry for each interval, on all days that have it."""
    days: dict[Interval, list[int]] = {}
    for day, intervals in enumerate(shift.week):
        for interval in intervals:
            days.setdefault(interval, []).append(day)
    for (start, end), own in sorted(days.items()):
        yield {
            "repeat": WEEKLY,
            "start_date": f"{shift.dates.start:%d/%m/%Y}",
            "start_time": _time(start),
            "end_date": f"{shift.dates.end:%d/%m/%Y}",
            "end_time": _time(end),
            "days": {str(_number(day)): 1 for day in own},
        }


def _time(minutes: int) -> dict[str, Any]:
    """The time on a clock of twelve hours; the day's end is its start, 12:00 am."""
    hour, minute = divmod(minutes % MIDNIGHT, 60)
    return {"hour": hour % 12 or 12, "min": minute, "am": "am" if hour < 12 else "pm"}


def _number(day: int) -> int:
    return 1 if day == _SUNDAY else day + 2


# -- from the vendor


def _shift(entry: Mapping[str, Any]) -> Shift:
    repeat = read_number(entry["repeat"])
    dates = Dates(_date(entry["start_date"]), _date(entry["end_date"]))
    interval = _minutes(entry["start_time"]), _minutes(entry["end_time"]) or MIDNIGHT
    if dates.end < dates.start or interval[1] <= interval[0]:
        raise ValueError("it ends before it starts")
    if repeat == WEEKLY:
        return Shift(dates, _week(_days(entry["days"] or {}), interval))
    if repeat == ONCE and dates.start == dates.end:
        return Shift(dates, _week({dates.start.weekday()}, interval))
    raise ValueError("neither weekly nor on one day")


def _week(days: set[int], interval: Interval) -> Week:
    return tuple((interval,) if day in days else () for day in range(7))


def _days(raw: Mapping[str, Any]) -> set[int]:
    numbers = {read_number(number) for number, on in raw.items() if read_flag(on)}
    if not numbers <= set(range(1, 8)):
        raise ValueError("an unknown day")
    return {_SUNDAY if number == 1 else number - 2 for number in numbers}


def _date(raw: str) -> date:
    return datetime.strptime(raw, "%d/%m/%Y").date()  # noqa: DTZ007 -- a calendar day has no zone


def _minutes(raw: Mapping[str, Any]) -> int:
    hour, minute = read_number(raw["hour"]), read_number(raw["min"])
    if not (0 <= hour <= 12 and 0 <= minute < 60):
        raise ValueError("no time")
    return (hour % 12 + (12 if raw["am"] == "pm" else 0)) * 60 + minute
