"""A stretch of days that may be open at either end: from when and until when a service can be booked."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator

from provisioner.kinds import patterns
from provisioner.kinds.calendar import Dates, parse_date, parse_dates, text_dates
from provisioner.kinds.fields import Form
from provisioner.kinds.values import refused


class Period(NamedTuple):
    """Both ends included; None is an end that is not there, and one of them at least is."""

    start: date | None
    end: date | None


def parse_period(raw: Any) -> Period | None:
    """A period from `DATE..DATE`, `DATE..`, `..DATE`, or a day, month or year; None is no bound at all."""
    if raw is None or isinstance(raw, Period):
        return raw
    first, dots, last = (part.strip(" ") for part in raw.partition("..")) if isinstance(raw, str) else ("", "", "")
    if dots and not (first or last):
        raise refused(raw, "has neither a start nor an end", "null where there is no bound, or 2026-03-01..")
    if dots and not last:
        return Period(parse_date(first), None)
    if dots and not first:
        return Period(None, parse_date(last))
    return Period(*parse_dates(raw))


def text_period(period: Period) -> str:
    """The manifest's spelling."""
    start, end = period
    if start is not None and end is not None:
        return text_dates(Dates(start, end))
    return f"{'' if start is None else start}..{'' if end is None else end}"


def narrowed(before: Period | None, after: Period | None) -> bool:
    """Whether a period leaves days out that another one has."""
    if after is None:
        return False
    start, end = before or (None, None)
    later = after.start is not None and (start is None or after.start > start)
    return later or (after.end is not None and (end is None or after.end < end))


_DATE = str(patterns.DATE["pattern"]).strip("^$")
PERIOD = Form(
    "period",
    text_period,
    grammar="dates such as `2026-03-01..2026-06-30`, `2026-03-01..`, `..2026-06-30`, `2026-06` or `2026`",
    schema={
        **patterns.DATES,
        "pattern": rf"{patterns.DATES['pattern']}|^ *{_DATE} *\.\. *$|^ *\.\. *{_DATE} *$",
        "examples": ["2027-03-01..2027-06-30", "2027-03-01..", "..2027-06-30"],
    },
)
OptionalPeriod = Annotated[Period | None, BeforeValidator(parse_period), PERIOD]
