"""Working hours of an employee at a location (seed: Update availability)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BeforeValidator, Field

from provisioner.kinds.base import Resource
from provisioner.kinds.calendar import Dates, Week, parse_dates, parse_week, text_dates, text_week
from provisioner.kinds.fields import Form
from provisioner.kinds.values import refused


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
    return normal(_parse_shift(number, entry) for number, entry in enumerate(raw, 1))


def normal(shifts: Any) -> Shifts:
    """The canonical order, so that two ways to write the same hours are one value."""
    return tuple(sorted(s for s in shifts if any(s.week)))


def _parse_shift(number: int, entry: Any) -> Shift:
    if not isinstance(entry, Mapping) or set(entry) != {"dates", "week"}:
        raise ValueError(f"entry {number} of the hours needs exactly `dates` and `week`")
    if not isinstance(entry["week"], Mapping):
        raise refused(entry["week"], f"in entry {number} is no map of days", "{mon-fri: 09:00-17:00}")
    return Shift(parse_dates(entry["dates"], open_end="hours need an end date"), parse_week(entry["week"]))


def dump_shifts(shifts: Shifts) -> list[dict[str, Any]]:
    """The manifest's own spelling."""
    return [{"dates": text_dates(s.dates), "week": text_week(s.week)} for s in shifts]


SHIFTS = Form(
    "hours",
    dump_shifts,
    grammar="a list of `{dates: 2026, week: {mon-fri: 09:00-17:00, sat: [09:00-11:00, 12:00-13:00]}}`",
    schema={"type": "array", "items": {"type": "object", "required": ["dates", "week"]}},
)


class Hours(Resource):
    """All the working hours of one employee at one location."""

    kind: ClassVar[str] = "hours"
    section: ClassVar[str] = ""
    title: ClassVar[str] = "hours"
    key_kinds: ClassVar[tuple[str, ...]] = ("employee", "location")
    goes_with: ClassVar[frozenset[str]] = frozenset({"employee"})

    hours: Annotated[Shifts, BeforeValidator(parse_shifts), SHIFTS] = Field(description="when they work there")
