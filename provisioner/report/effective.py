"""A location's week as people see it: a row for each employee, days side by side, remarks below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from provisioner.kinds.calendar import MIDNIGHT
from provisioner.kinds.values import plain
from provisioner.opening import Cause, LocationWeek, Span
from provisioner.opening.week import Cell, Note, Row
from provisioner.report.layout import columns, folded
from provisioner.report.week import time_text

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CUTS = {Cause.HOLIDAY: "holiday", Cause.AWAY: "away"}
_LONGEST = (11, 7, 5)
"""Columns of a span that stands on one line: all of them, and less where there is no room."""
_NAME, _LEAST_NAME = 16, 6
"""Columns of a name for which spans are broken, and those that it keeps however wide the days are."""
Spell = Callable[[str], str]


class _Line(NamedTuple):
    """A row ready to be laid out: its name, the lines of each day, and those of its total."""

    name: str
    cells: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]


def effective_week(week: LocationWeek, source: str, width: int, spell: Spell = plain) -> list[str]:
    """The lines of a week; `source` says where it was read, and `spell` makes printable what others named."""
    where = f" ({week.address})" if week.name != week.address.key[0] or week.address.account else ""
    days = [week.monday + timedelta(days=ahead) for ahead in range(7)]
    zone = week.zone or "no time zone is named"
    lines = [f"{spell(week.name)}{plain(where)}"]
    lines += folded("  ", f"{_day(days[0])} to {_day(days[6])} {days[6].year}, {plain(zone)}; from {source}", width)
    if week.rows or week.set_times:
        lines += ["", *_table(week, days, width, spell)]
    else:
        lines += ["", "  Nobody works here, and nothing takes place at set times."]
    remarks = [line for note in week.notes for line in _note(note, width, spell)]
    return [*lines, *(["", *remarks] if remarks else [])]


def _table(week: LocationWeek, days: Sequence[date], width: int, spell: Spell) -> Iterator[str]:
    head = _Line("", tuple((f"{name} {day.day}",) for name, day in zip(_DAYS, days, strict=True)), ("week",))
    groups = [("", week.rows), ("", (week.together,) if week.together else ()), ("at set times", week.set_times)]
    for longest in _LONGEST:
        blocks = [(title, [_line(row, longest, spell) for row in rows]) for title, rows in groups if rows]
        every = [head, *(line for _, lines in blocks for line in lines)]
        sizes = [max(columns(text) for line in every for text in line.cells[day]) for day in range(7)]
        total = max(columns(text) for line in every for text in line.total)
        names = max(columns(line.name) for line in every)
        room = width - 4 - sum(sizes) - 7 - total
        if room >= min(names, _NAME):
            break
    names = min(names, max(room, _LEAST_NAME))
    yield from _lines(head, sizes, names)
    for number, (title, lines) in enumerate(blocks):
        if number:
            yield ""
        if title:
            yield f"  {title}"
        for line in lines:
            yield from _lines(line, sizes, names)


def _line(row: Row, longest: int, spell: Spell) -> _Line:
    cells = tuple(tuple(_cell(cell, longest)) for cell in row.cells)
    planned = (f"of {time_text(row.planned)}",) if row.planned != row.minutes else ()
    return _Line(spell(row.name) if row.name else "anybody", cells, (f"{time_text(row.minutes)} h", *planned))


def _lines(line: _Line, sizes: Sequence[int], names: int) -> Iterator[str]:
    """A row in as many lines as its tallest cell."""
    for number in range(max(map(len, (*line.cells, line.total)))):
        texts = [cell[number] if number < len(cell) else "" for cell in (*line.cells, line.total)]
        name = _fit(line.name, names) if number == 0 else ""
        days = "".join(f" {_pad(text, size)}" for text, size in zip(texts, sizes, strict=False))
        yield f"  {_pad(name, names)}{days}  {texts[-1]}".rstrip()


def _cell(cell: Cell, longest: int) -> Iterator[str]:
    """Each span on a line of its own, or in two lines where it is too long for one."""
    if not cell.open:
        yield _CUTS[cell.cut] if cell.cut else "-"
    for start, end in map(_times, cell.open):
        if len(start) + 1 + len(end) <= longest:
            yield f"{start}-{end}"
        else:
            yield from (f"{start}-", f" {end}")


def _times(span: Span) -> tuple[str, str]:
    start = span.start.hour * 60 + span.start.minute
    over = (span.end.date() - span.start.date()).days
    return time_text(start), time_text(over * MIDNIGHT + span.end.hour * 60 + span.end.minute)


def _note(note: Note, width: int, spell: Spell) -> list[str]:
    days = f"{_stretch(note.days)}: " if note.days else ""
    return folded("  # ", f"{days}{spell(note.words)}", width, "  #   ")


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
