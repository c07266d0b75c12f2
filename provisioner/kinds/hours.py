"""Working hours of an employee at a location (seed: Update availability)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BeforeValidator, Field

from provisioner.kinds import patterns
from provisioner.kinds.base import Resource
from provisioner.kinds.calendar import Dates, Week, parse_dates, parse_week, text_dates, text_week
from provisioner.kinds.fields import Form, Strands
from provisioner.kinds.values import plain, refused


class Shift(NamedTuple):
    """A weekly pattern that holds between two dates, both included."""

    dates: Dates
    week: Week


Shifts = tuple[Shift, ...]


def parse_shifts(raw: Any) -> Shifts:
    """A list of `{dates: ..., week: {...}}`, sorted by date; entries without any open day are dropped."""
    if isinstance(raw, tuple):
        return raw
    if not isinstance(raw, list):
        raise refused(raw, "is no list of hours", "[{dates: 2026, week: {mon-fri: 09:00-17:00}}]")
    return normal([_parse_shift(entry) for entry in raw])


def normal(shifts: Any) -> Shifts:
    """The canonical order, so that two ways to write the same hours are one value."""
    return tuple(sorted(s for s in shifts if any(s.week)))


def _parse_shift(entry: Any) -> Shift:
    if not isinstance(entry, Mapping):
        raise refused(entry, "is no working hours", "{dates: 2026, week: {mon-fri: 09:00-17:00}}")
    wrong = [f"'{plain(name, 60)}' is no key here: {_meant(name)}" for name in entry if name not in _KEYS]
    wrong += [f"{name} is missing: write dates and week" for name in _KEYS if name not in entry and not wrong]
    if wrong:
        raise ValueError("; ".join(wrong))
    parts = [_part(parse, entry[name]) for name, parse in _KEYS.items()]
    if faults := [part for part in parts if isinstance(part, str)]:
        raise ValueError("; ".join(faults))
    return Shift(*parts)


def _part(parse: Callable[[Any], Any], raw: Any) -> Any:
    """A parsed value, or what is wrong with it."""
    try:
        return parse(raw)
    except ValueError as error:
        return str(error)


def _dates(raw: Any) -> Dates:
    return parse_dates(raw, open_end="hours need an end date")


def _week(raw: Any) -> Week:
    if not isinstance(raw, Mapping):
        raise refused(raw, "is no map of days", "{mon-fri: 09:00-17:00}")
    return parse_week(raw)


_KEYS: Mapping[str, Callable[[Any], Any]] = {"dates": _dates, "week": _week}


def _meant(name: str) -> str:
    near = get_close_matches(name, _KEYS, n=1)
    return f"did you mean {near[0]}?" if near else "there are dates and week"


def dump_shifts(shifts: Shifts) -> list[dict[str, Any]]:
    """The manifest's own spelling."""
    return [{"dates": text_dates(s.dates), "week": text_week(s.week)} for s in shifts]


def cut(before: Shifts, after: Shifts) -> bool:
    """Whether hours may leave some time out that others have; false only where each shift is in one of the new."""
    return not all(any(_within(shift, other) for other in after) for shift in before)


def _within(shift: Shift, other: Shift) -> bool:
    dates = other.dates.start <= shift.dates.start and shift.dates.end <= other.dates.end
    days = zip(shift.week, other.week, strict=True)
    return dates and all(
        any(a <= start and end <= b for a, b in theirs) for ours, theirs in days for start, end in ours
    )


SHIFTS = Form(
    "hours",
    dump_shifts,
    grammar="a list of `{dates: 2026, week: {mon-fri: 09:00-17:00, sat: [09:00-11:00, 12:00-13:00]}}`",
    schema={
        "type": "array",
        "items": {
            "type": "object",
            "required": ["dates", "week"],
            "properties": {
                "dates": {
                    "description": "Between which days the week holds, both included. Required.",
                    **patterns.DATES,
                },
                "week": patterns.WEEK,
            },
        },
    },
)


class Hours(Resource):
    """All the working hours of one employee at one location."""

    kind: ClassVar[str] = "hours"
    section: ClassVar[str] = ""
    title: ClassVar[str] = "hours"
    key_kinds: ClassVar[tuple[str, ...]] = ("employee", "location")
    goes_with: ClassVar[frozenset[str]] = frozenset({"employee"})
    strands: ClassVar[frozenset[str]] = frozenset({"delete"})

    hours: Annotated[Shifts, BeforeValidator(parse_shifts), SHIFTS, Strands(cut)] = Field(
        description="when they work there"
    )
