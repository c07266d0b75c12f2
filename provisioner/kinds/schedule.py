"""The times at which a service takes place by itself, whatever its employees' hours (seed: Create a Service)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BeforeValidator

from provisioner.kinds.calendar import Dates, Week, merge
from provisioner.kinds.fields import Form
from provisioner.kinds.hours import SHIFTS, Shift, Shifts, dump_shifts, parse_shifts


def parse_schedule(raw: Any) -> Shifts | None:
    """A list of `{dates: ..., week: {...}}`; None, as well as an empty list, is no schedule of its own."""
    return None if raw is None else normal(parse_shifts(raw))


def normal(shifts: Iterable[Shift]) -> Shifts | None:
    """Sorted, with one week for the same dates, so that two ways to write the same times are one value."""
    weeks: dict[Dates, Week] = {}
    for dates, week in shifts:
        days = zip(weeks.get(dates, ((),) * 7), week, strict=True)
        weeks[dates] = tuple(merge((*one, *other)) for one, other in days)
    return tuple(sorted(Shift(dates, week) for dates, week in weeks.items() if any(week))) or None


SCHEDULE = Form("schedule", dump_shifts, grammar=SHIFTS.grammar, schema=SHIFTS.schema)
Schedule = Annotated[Shifts | None, BeforeValidator(parse_schedule), SCHEDULE]
