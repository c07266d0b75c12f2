"""Weekly hours side by side: a table where one week becomes another, else a line for each shift that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from provisioner.kinds.calendar import DAYS, Interval, Week, text_dates, text_interval, text_week, week_minutes
from provisioner.kinds.hours import Shift, Shifts
from provisioner.report import nested
from provisioner.report.layout import counted, wrapped

Cell = Callable[[tuple[Interval, ...]], str]

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_LABEL = 18
"""Columns before a table that begins on its own line; the labels stand in them."""


def are_shifts(value: Any) -> bool:
    """Whether a value is hours that a table or shift lines can show; what could not be read is not."""
    return isinstance(value, tuple) and all(isinstance(s, Shift) for s in value)


def hours_lines(title: str, before: Shifts | None, after: Shifts | None, width: int) -> list[str]:
    """The lines of hours that are new (`before` None), go (`after` None) or change, the title's first."""
    return _table(title, before, after, width) or [title, *_shift_lines(before or (), after or (), width)]


def total(week: Week) -> str:
    """How long a week is, as `40 h` or `37:30 h`."""
    return f"{time_text(week_minutes(week))} h"


def _table(title: str, before: Shifts | None, after: Shifts | None, width: int) -> list[str] | None:
    """The table; None when the hours are not one week on each side, or when it would be too wide or hide something."""
    sides = [(label, side) for label, side in (("now", before), ("planned", after)) if side is not None]
    dates = {shift.dates for _, side in sides for shift in side}
    if len(dates) != 1 or any(len(side) != 1 for _, side in sides):
        return None
    title = f"{title} ({text_dates(dates.pop())})"
    labels, weeks = [label for label, _ in sides], [side[0].week for _, side in sides]
    for cell in (_exact, _short):
        header, *rows = _rows(weeks, cell)
        wide = max(map(len, (header, *rows)))
        lead = max(_LABEL, len(title) + 2)
        if lead + wide > width:
            lead = _LABEL
        if lead + wide <= width and not _hides(weeks, cell):
            labelled = [f"{' ' * 8}{label}".ljust(lead) + row for label, row in zip(labels, rows, strict=True)]
            return (
                [title.ljust(lead) + header, *labelled]
                if len(title) < lead
                else [title, " " * lead + header, *labelled]
            )
    return None


def _hides(weeks: list[Week], cell: Cell) -> bool:
    """Whether two days that differ would look the same."""
    return any(len(set(days)) > len({cell(day) for day in days}) for days in zip(*weeks, strict=True))


def _rows(weeks: list[Week], cell: Cell) -> list[str]:
    """The day names and one row for each week, without their labels; trailing days that are closed left out."""
    last = max((day for week in weeks for day in range(7) if week[day]), default=0)
    grid = [list(_DAYS[: last + 1]), *([cell(week[day]) for day in range(last + 1)] for week in weeks)]
    widths = [max(len(row[day]) for row in grid) for day in range(last + 1)]
    ends = ["week", *(total(week) for week in weeks)]
    return [
        " ".join(text.ljust(size) for text, size in zip(row, widths, strict=True)) + f"   {end}"
        for row, end in zip(grid, ends, strict=True)
    ]


def _exact(day: tuple[Interval, ...]) -> str:
    return ",".join(f"{time_text(start)}-{time_text(end)}" for start, end in day) or "-"


def _short(day: tuple[Interval, ...]) -> str:
    return _exact(day) if len(day) < 2 else f"{len(day)} spans"


def time_text(minutes: int) -> str:
    """A time of the day or a length, as short as it goes: `9`, `9:30`."""
    hour, rest = divmod(minutes, 60)
    return f"{hour}:{rest:02}" if rest else str(hour)


def _shift_lines(before: Shifts, after: Shifts, width: int) -> Iterator[str]:
    """A line for each shift that goes or comes; of two with the same dates also the days that differ."""
    gone = [s for s in before if s not in after]
    come = [s for s in after if s not in before]
    for dates in sorted({s.dates for s in (*gone, *come)}):
        old, new = ([s for s in side if s.dates == dates] for side in (gone, come))
        for symbol, shifts in (("-", old), ("+", new)):
            for shift in shifts:
                yield from _shift(f"      {symbol} {text_dates(dates)}: ", shift, width)
        if len(old) == len(new) == 1:
            yield from _days_that_differ(old[0].week, new[0].week, width)
    same = len(before) - len(gone)
    if same:
        yield f"      # ({counted(same, 'unchanged shift')} hidden)"


def _days_that_differ(before: Week, after: Week, width: int) -> list[str]:
    """Which days they are, where the weeks are too varied for that to be seen at once."""
    if max(len(text_week(before)), len(text_week(after))) < 2:
        return []
    found = nested.parts(_by_day(before), _by_day(after))
    return wrapped("      # differs: ", "; ".join(text for _, text in found), width, "      #   ")


def _by_day(week: Week) -> dict[str, str]:
    return {name: ", ".join(map(text_interval, day)) or "closed" for name, day in zip(DAYS, week, strict=True)}


def _shift(first: str, shift: Shift, width: int) -> Iterator[str]:
    parts = [
        f"{days} {hours if isinstance(hours, str) else ', '.join(hours)}"
        for days, hours in text_week(shift.week).items()
    ]
    parts.append(f"= {total(shift.week)}")
    line = first
    for number, part in enumerate(parts):
        mark = "" if number == 0 else " " if part.startswith("=") else "; "
        if len(line) + len(mark) + len(part) >= width and line.strip():
            yield (line + mark).rstrip()
            line, mark = " " * len(first), ""
        line += mark + part
    yield line
