"""Days on which an employee is out of office, wherever they work (seed: Update availability, `type` 1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from provisioner.kinds.base import Resource
from provisioner.kinds.calendar import Dates, parse_dates
from provisioner.kinds.fields import AWAY, Strands
from provisioner.kinds.values import refused


def parse_away(raw: Any) -> tuple[Dates, ...]:
    """A list of dates and ranges; what overlaps or follows at once is one range."""
    if isinstance(raw, tuple):
        return raw
    if not isinstance(raw, list):
        raise refused(raw, "is no list of dates", "[2026-08-03..2026-08-14]")
    return normal(parse_dates(item, open_end="time off needs an end date") for item in raw)


def normal(ranges: Any) -> tuple[Dates, ...]:
    """Sorted ranges with gaps between them, so that two ways to write the same days are one value."""
    merged: list[Dates] = []
    for dates in sorted(ranges):
        if merged and dates.start <= merged[-1].end + timedelta(days=1):
            merged[-1] = Dates(merged[-1].start, max(merged[-1].end, dates.end))
        else:
            merged.append(dates)
    return tuple(merged)


def added(before: tuple[Dates, ...], after: tuple[Dates, ...]) -> bool:
    """Whether there are days off that were none before."""
    return not all(any(b.start <= a.start and a.end <= b.end for b in before) for a in after)


class Away(Resource):
    """An employee's whole list of days off."""

    kind: ClassVar[str] = "away"
    section: ClassVar[str] = ""
    title: ClassVar[str] = "time off"
    key_kinds: ClassVar[tuple[str, ...]] = ("employee",)
    goes_with: ClassVar[frozenset[str]] = frozenset({"employee"})
    strands: ClassVar[frozenset[str]] = frozenset({"create"})

    away: Annotated[tuple[Dates, ...], BeforeValidator(parse_away), AWAY, Strands(added)] = Field(
        description="the days off"
    )
