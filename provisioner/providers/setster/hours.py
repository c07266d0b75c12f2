"""Working hours and time off on the wire (seed: Update availability, Get availability time).

One employee's whole list is read and written at once. What we do not manage, or cannot read, goes back as it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from provisioner.kinds import away as away_kind
from provisioner.kinds import hours as hours_kind
from provisioner.kinds.base import Unreadable
from provisioner.kinds.calendar import Dates, Week, merge, parse_time, text_time
from provisioner.kinds.hours import Shift
from provisioner.kinds.live import Live
from provisioner.providers.setster.codec import read_date, read_number, write_date

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
WEEKLY, INTERVAL = 1, 2
AVAILABLE, OUT_OF_OFFICE = 0, 1

Entry = Mapping[str, Any]
Slot = tuple[str, ...]
"""What an entry belongs to: ("hours", location id) or ("away",); () for what we do not manage."""


def slot_of(entry: Entry) -> Slot:
    """Which resource an entry belongs to."""
    try:
        type_ = read_number(entry.get("type"))
        location = str(entry.get("location_id") or "")
    except (ValueError, TypeError):
        return ()
    if type_ == AVAILABLE and location:
        return ("hours", location)
    if type_ == OUT_OF_OFFICE and not location and _is_whole_days(entry):
        return ("away",)
    return ()


def _is_whole_days(entry: Entry) -> bool:
    return str(entry.get("repeat")) == str(INTERVAL) and not entry.get("days")


def is_managed(entry: Entry) -> bool:
    """Whether an entry is one of those that are managed, and can be read."""
    slot = slot_of(entry)
    if not slot:
        return False
    return not isinstance(
        _or_raw([entry], lambda own: list(map(_shift if slot != ("away",) else _dates, own))), Unreadable
    )


def decode(employee: str, entries: Sequence[Entry]) -> Iterator[Live]:
    """Hours per location and time off, each with the raw entries it was read from."""
    slots: dict[Slot, list[Entry]] = {}
    for entry in entries:
        slots.setdefault(slot_of(entry), []).append(entry)
    for slot, own in slots.items():
        if slot[:1] == ("hours",):
            fields = {"hours": _or_raw(own, lambda e: hours_kind.normal(map(_shift, e)))}
            yield Live("hours", f"{employee}:{slot[1]}", fields, refs=(employee, slot[1]), raw=own)
        elif slot == ("away",):
            fields = {"away": _or_raw(own, lambda e: away_kind.normal(map(_dates, e)))}
            yield Live("away", employee, fields, refs=(employee,), raw=own)


def _or_raw(entries: list[Entry], read: Callable[[list[Entry]], Any]) -> Any:
    try:
        return read(entries)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Unreadable(entries)


def _shift(entry: Entry) -> Shift:
    if read_number(entry["repeat"]) != WEEKLY:
        raise ValueError("not weekly")
    return Shift(_dates(entry), _week(entry["days"] or {}))


def _dates(entry: Entry) -> Dates:
    return Dates(read_date(entry["start_date"]), read_date(entry["end_date"]))


def _week(days: Mapping[str, Any]) -> Week:
    if set(days) - set(DAYS):
        raise ValueError("an unknown day")
    return tuple(merge((_time(a), _time(b)) for a, b in (days.get(day) or {}).get("time", ())) for day in DAYS)


def _time(raw: str) -> int:
    return parse_time(raw[:5] if raw.count(":") == 2 else raw)


def encode_hours(shifts: Iterable[Shift], location: Any) -> list[dict[str, Any]]:
    """The entries of one location; `location` is its id, or what becomes it when the body is rendered."""
    return [
        {"repeat": WEEKLY, "type": AVAILABLE, **_span(shift.dates), "location_id": location, "days": _days(shift.week)}
        for shift in shifts
    ]


def encode_away(ranges: Iterable[Dates]) -> list[dict[str, Any]]:
    """Days off. Assumption: a date interval without days and without a location closes them whole, everywhere."""
    return [{"repeat": INTERVAL, "type": OUT_OF_OFFICE, **_span(dates), "days": {}} for dates in ranges]


def _span(dates: Dates) -> dict[str, str]:
    return {"start_date": write_date(dates.start), "end_date": write_date(dates.end)}


def _days(week: Week) -> dict[str, Any]:
    return {
        name: {"time": [[text_time(start), text_time(end)] for start, end in intervals]}
        for name, intervals in zip(DAYS, week, strict=True)
        if intervals
    }
