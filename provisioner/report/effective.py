"""A location's week as people see it: a row for each employee, days side by side, remarks below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from provisioner.kinds.calendar import MIDNIGHT
from provisioner.kinds.values import plain
from provisioner.opening import Cause, LocationWeek, Span, sentence
from provisioner.opening.week import Cell, Note, Row
from provisioner.report.layout import columns, folded
from provisioner.report.week import time_text

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CUTS = {Cause.HOLIDAY: "holiday", Cause.AWAY: "away"}
_LEAST_NAME = 8
"""Columns that a name keeps however wide the days are."""
_GAP = 1


class _Line(NamedTuple):
    """A row ready to be laid out: its name, the lines of each cell, and its total."""

    name: str
    cells: tuple[tuple[str, ...], ...]
    total: str


def effective_week(week: LocationWeek, source: str, width: int) -> list[str]:
    """The lines of a week; `source` says where it was read."""
    where = f" ({week.address})" if week.name != week.address.key[0] or week.address.account else ""
    days = [week.monday + timedelta(days=ahead) for ahead in range(7)]
    zone = week.zone or "no time zone is named"
    lines = [
        f"{plain(week.name)}{plain(where)}",
        f"  {_day(days[0])} to {_day(days[6])} {days[6].year}, {plain(zone)}; from {source}",
        "",
    ]
    lines += (
        _table(week, days, width) if week.rows or week.set_times else ["  Nobody works here, and nothing is offered."]
    )
    remarks = [line for note in week.notes for line in _note(note, width)]
    return [*lines, *(["", *remarks] if remarks else [])]


def _table(week: LocationWeek, days: Sequence[date], width: int) -> Iterator[str]:
    head = _Line("", tuple((f"{name} {day.day}",) for name, day in zip(_DAYS, days, strict=True)), "week")
    groups: list[tuple[str, Iterable[Row]]] = [("", week.rows)]
    groups.append(("anybody", (week.together,) if week.together else ()))
    groups.append(("at set times", week.set_times))
    for narrow in (False, True):
        rows = [
            _Line(plain(row.name) or title, tuple(_cell(cell, narrow=narrow) for cell in row.cells), _total(row))
            for title, group in groups
            for row in group
        ]
        sizes = [max(columns(text) for line in (head, *rows) for text in line.cells[day]) for day in range(7)]
        total = max(columns(line.total) for line in (head, *rows))
        room = width - 2 - sum(sizes) - 7 * _GAP - 2 - total
        longest = max(columns(line.name) for line in rows)
        if room >= longest or (narrow and room >= 0):
            break
    names = min(longest, max(room, _LEAST_NAME))
    set_from = len(rows) - len(week.set_times)
    yield from _lines(head, sizes, names)
    for number, line in enumerate(rows):
        if number in {len(week.rows), set_from} and number:
            yield ""
        if number == set_from and week.set_times:
            yield "  at set times"
        yield from _lines(line, sizes, names)


def _lines(line: _Line, sizes: Sequence[int], names: int) -> Iterator[str]:
    """A row in as many lines as its tallest cell."""
    for index in range(max(map(len, line.cells))):
        name = _fit(line.name, names) if index == 0 else ""
        texts = (cell[index] if index < len(cell) else "" for cell in line.cells)
        days = "".join(" " * _GAP + _pad(text, size) for text, size in zip(texts, sizes, strict=True))
        yield f"  {_pad(name, names)}{days}  {line.total if index == 0 else ''}".rstrip()


def _cell(cell: Cell, *, narrow: bool) -> tuple[str, ...]:
    """Each span on a line of its own, in two where the days stand close together."""
    if not cell.open:
        return (_CUTS[cell.cut] if cell.cut else "-",)
    texts = [_times(span) for span in cell.open]
    return tuple(part for start, end in texts for part in ((f"{start}-", f" {end}") if narrow else (f"{start}-{end}",)))


def _times(span: Span) -> tuple[str, str]:
    start = span.start.hour * 60 + span.start.minute
    over = (span.end.date() - span.start.date()).days
    return time_text(start), time_text(over * MIDNIGHT + span.end.hour * 60 + span.end.minute)


def _total(row: Row) -> str:
    planned = f" of {time_text(row.planned)}" if row.planned != row.minutes else ""
    return f"{time_text(row.minutes)}{planned} h"


def _note(note: Note, width: int) -> list[str]:
    days = f"{_stretch(note.days)}: " if note.days else ""
    text = f"{plain(note.name)} {note.words}".strip() if note.why is None else plain(sentence(note.why))
    return folded("  # ", f"{days}{text}", width, "  #   ")


def _stretch(days: Sequence[date]) -> str:
    """`Mo 4 Jan`, `Mo 4 to We 6 Jan`, or the days one by one where there are gaps."""
    if len(days) > 2 and (days[-1] - days[0]).days == len(days) - 1:
        return f"{_day(days[0])} to {_day(days[-1])}"
    return ", ".join(map(_day, days))


def _day(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _pad(text: str, size: int) -> str:
    return text + " " * (size - columns(text))


def _fit(name: str, room: int) -> str:
    """A name cut to so many columns."""
    if columns(name) <= room:
        return name
    while columns(name) > room - 2:
        name = name[:-1]
    return f"{name}.."
