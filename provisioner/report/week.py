"""Weekly hours side by side: a table where one week becomes another, else a line for each shift that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from provisioner.kinds.calendar import (
    DAYS,
    Dates,
    Interval,
    Week,
    merge,
    text_dates,
    text_interval,
    text_week,
    week_minutes,
)
from provisioner.kinds.hours import Shift, Shifts
from provisioner.report import nested
from provisioner.report.layout import counted, wrapped

Cell = Callable[[tuple[Interval, ...]], str]

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = timedelta(days=1)
_MOST = 6
"""Stretches of dates that are told with a table each; of more, the shifts are listed."""
_LABEL = 18
"""Columns before a table that begins on its own line; the labels stand in them."""


def are_shifts(value: Any) -> bool:
    """Whether a value is hours that a table or shift lines can show; what could not be read is not."""
    return isinstance(value, tuple) and all(isinstance(s, Shift) for s in value)


def hours_lines(title: str, before: Shifts | None, after: Shifts | None, width: int) -> list[str]:
    """The lines of hours that are new (`before` None), go (`after` None) or change, the title's first.

    What changes is told as it is then worked: a table for each stretch of dates in which another week holds than now.
    """
    if before is None or after is None:
        own = before or after or ()
        labelled = [("now" if after is None else "planned", own[0].week)] if len(own) == 1 else []
        table = _table(title, own[0].dates, labelled, width) if labelled else None
        return table or [title, *_shift_lines(before or (), after or (), width)]
    every = [*stretches(before, after)]
    changed = [each for each in every if each.now != each.planned]
    if not 0 < len(changed) <= _MOST:
        return [title, *_shift_lines(before, after, width)]
    if len(changed) == 1 and (table := _table(title, changed[0].dates, changed[0].weeks, width)):
        lines = table
    else:
        lines = [title, *(line for each in changed for line in _stretch_lines(each, width))]
    same = any(each.now == each.planned and any(each.now) for each in every)
    return [*lines, *(["      # on other dates the hours stay as they are"] if same else [])]


class Stretch(NamedTuple):
    """Dates between which one week holds now, and another one is planned."""

    dates: Dates
    now: Week
    planned: Week

    @property
    def weeks(self) -> list[tuple[str, Week]]:
        """Both of them with their labels."""
        return [("now", self.now), ("planned", self.planned)]


def stretches(before: Shifts, after: Shifts) -> Iterator[Stretch]:
    """The dates parted where anything begins or ends, neighbours with the same weeks as one."""
    days = (day for dates, _ in (*before, *after) for day in (dates.start, dates.end + _DAY))
    held: Stretch | None = None
    for start, stop in pairwise(sorted({*days})):
        dates = Dates(start, stop - _DAY)
        each = Stretch(dates, _held(before, dates), _held(after, dates))
        if held and held[1:] == each[1:]:
            held = held._replace(dates=Dates(held.dates.start, dates.end))
            continue
        if held:
            yield held
        held = each
    if held:
        yield held


def _held(shifts: Shifts, dates: Dates) -> Week:
    """The week that holds in a stretch in which no shift begins or ends; days that it does not have are closed."""
    here = [week for own, week in shifts if own.start <= dates.start and dates.end <= own.end]
    there = {(dates.start + ahead * _DAY).weekday() for ahead in range(min(7, (dates.end - dates.start).days + 1))}
    return tuple(merge(each for week in here for each in week[day]) if day in there else () for day in range(7))


def _stretch_lines(each: Stretch, width: int) -> list[str]:
    """The table of a stretch, or a line for each of its weeks where it has no room."""
    table = _table("    ", each.dates, each.weeks, width)
    if table:
        return table
    first = f"{text_dates(each.dates)}: "
    weeks = [(symbol, week) for symbol, week in (("-", each.now), ("+", each.planned)) if any(week)]
    lines = [line for symbol, week in weeks for line in _shift(f"      {symbol} {first}", week, width)]
    return [*lines, *(_days_that_differ(each.now, each.planned, width) if len(weeks) > 1 else [])]


def total(week: Week) -> str:
    """How long a week is, as `40 h` or `37:30 h`."""
    return f"{time_text(week_minutes(week))} h"


def _table(title: str, dates: Dates, labelled: list[tuple[str, Week]], width: int) -> list[str] | None:
    """The table of a stretch of dates; None when it would be too wide or hide something."""
    title = f"{title} ({text_dates(dates)})" if title.strip() else f"{title}{text_dates(dates)}"
    labels, weeks = [label for label, _ in labelled], [week for _, week in labelled]
    for cell in (_exact, _short):
        header, *rows = _rows(weeks, cell)
        wide = max(map(len, (header, *rows)))
        lead = max(_LABEL, len(title) + 2)
        if lead + wide > width:
            lead = _LABEL
        if lead + wide <= width and not _hides(weeks, cell):
            lines = [f"{' ' * 8}{label}".ljust(lead) + row for label, row in zip(labels, rows, strict=True)]
            head = [title.ljust(lead) + header] if len(title) < lead else [title, " " * lead + header]
            return [*head, *lines]
    return None


def _hides(weeks: list[Week], cell: Cell) -> bool:
    """Whether a cell would only count what is new, or is another than before."""
    news = (days for days in zip(*weeks, strict=True) if len(days) == 1 or len({*days}) > 1)
    return any(cell(day) != _exact(day) for days in news for day in days)


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
                yield from _shift(f"      {symbol} {text_dates(dates)}: ", shift.week, width)
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


def _shift(first: str, week: Week, width: int) -> Iterator[str]:
    """A week on one line, or on more: broken between days, and between spans where a day is too long for a line."""
    line = first
    for number, part in enumerate(_parts(week, width - len(first) - 2)):
        mark = "" if number == 0 else " "
        if len(line) + len(mark) + len(part) > width and line.strip():
            yield (line + mark).rstrip()
            line, mark = " " * len(first), ""
        line += mark + part
    yield line


def _parts(week: Week, room: int) -> Iterator[str]:
    """What a line is not broken in, each with the mark that stands between it and the next one."""
    days = [(name, [hours] if isinstance(hours, str) else hours) for name, hours in text_week(week).items()]
    for number, (name, spans) in enumerate(days):
        mark = ";" if number + 1 < len(days) else ""
        part = f"{name} {', '.join(spans)}{mark}"
        if len(part) <= room:
            yield part
        else:
            yield from (f"{name if at == 0 else ''} {each},".strip() for at, each in enumerate(spans[:-1]))
            yield spans[-1] + mark
    yield f"= {total(week)}"
