"""Dates where something else was typed, or in a form that only a spreadsheet reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from provisioner.kinds.values import said
from provisioner.manifest.rows.table import Dated

Use = Literal["scope", "key", "text", "zip", "secret", "word", "number", "boolean", "date", "hours"]
"""What a cell is used as. A date is welcome as a `date` only, and `hours` may be short: 9-17."""

TEXT: Final = "format the column as Text and write"
OR_TRUST: Final = ", or name the column in `as_written`"
_ENGLISH: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS: Final[Mapping[str, int]] = {
    **{name: number for number, name in enumerate(_ENGLISH.split(), 1)},
    "sept": 9, "mär": 3, "mrz": 3, "mai": 5, "okt": 10, "dez": 12,
}  # fmt: skip
_NAMED_DAY = re.compile(r"([0-9]{1,2})[-. /]+([a-zä]{3,4})\.?(?:[-. /]+([0-9]{4}|[0-9]{2}))?", re.IGNORECASE)
_NAMED_MONTH = re.compile(r"([a-zä]{3,4})\.?[-. /]+([0-9]{1,2}|[0-9]{4})", re.IGNORECASE)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]+Z?)?")
_NUMBERED_DAY = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: [0-9:]+)?")
_SPAN: Final = r"[0-9]{1,2}(?::[0-9]{2})?\s*[-\u2013]\s*[0-9]{1,2}(?::[0-9]{2})?"
_SPANS = re.compile(rf"{_SPAN}(?:\s*(?:[,;/+&]|and)\s*{_SPAN})+")
_LONGEST: Final = 60


class _Day(NamedTuple):
    """The numbers of a date in the order that they were probably typed in; a year of 0 was not shown."""

    first: int
    second: int
    year: int = 0
    months: tuple[int, ...] = (0,)
    """Which of the two may be the month."""

    @property
    def days(self) -> list[tuple[int, int]]:
        """Each month and day that it may be."""
        typed = (self.first, self.second)
        return [(typed[month], typed[1 - month]) for month in self.months]


def day_fault(cell: str, use: Use) -> str:
    """What is wrong with a date where none is wanted, or with its form; "" when nothing is."""
    day = _day(cell) if len(cell) <= _LONGEST else None
    if day is None:
        return ""
    if use == "date":
        return "" if _ISO_DAY.fullmatch(cell) else _form_fault(cell, day)
    if use == "hours":
        fits = day.first < day.second <= 24
        guess = f"{day.first:02}:00-{day.second:02}:00" if fits else "09:00-17:00, for example"
        return f"{said(cell)} is a date, which a spreadsheet makes of hours such as 9-17: {TEXT} {guess}"
    if use == "number":
        month, number = day.days[0]
        return f"{said(cell)} is a date, was it {number}.{month}? {TEXT} it again"
    other = f" or {day.second}-{day.first}" if day.second <= 12 and day.first != day.second else ""
    guess = f"was it {day.first}-{day.second}{other}?"
    return f"{said(cell)} is a date that a spreadsheet may have made of a text, {guess} {TEXT} it again{OR_TRUST}"


def several_fault(cell: str, use: Use) -> str:
    """What is wrong with several spans of hours in one cell."""
    if use != "hours" or len(cell) > _LONGEST or not _SPANS.fullmatch(cell):
        return ""
    return f"{said(cell)} is more than one span of hours: give each its own column, and write a list of them"


def _form_fault(cell: str, day: _Day) -> str:
    """A date in no form of ours; which number is the month is not guessed where it can be both."""
    year = day.year + 2000 if 0 < day.year < 100 else day.year
    if year:
        dates = dict.fromkeys(found for month, number in day.days if (found := _date(year, month, number)))
        remedy = f"{TEXT} {' or '.join(dates)}" if dates else "write YYYY-MM-DD"
        return f"{said(cell)} is a date as a spreadsheet shows it: {remedy}"
    return f"{said(cell)} is a date without its year: {TEXT} YYYY-{day.first:02}-{day.second:02}"


def _date(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _day(cell: str) -> _Day | None:
    if found := _ISO_DAY.fullmatch(cell):
        return _Day(int(found[2]), int(found[3]), int(found[1]))
    if isinstance(cell, Dated):
        return _Day(9, 17)
    if found := _NUMBERED_DAY.fullmatch(cell):
        months = (0, 1) if found[2] == "/" else (1,)  # with dots the day comes first, wherever they are written
        return _Day(int(found[1]), int(found[3]), int(found[4]), months)
    if (found := _NAMED_DAY.fullmatch(cell)) and (month := _MONTHS.get(found[2].lower())):
        return _Day(month, int(found[1]), int(found[3] or 0))
    if (found := _NAMED_MONTH.fullmatch(cell)) and (month := _MONTHS.get(found[1].lower())):
        return _Day(month, int(found[2]) % 100)
    return None
