"""One week at one location: who is there when, and what cut it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.calendar import MIDNIGHT
from provisioner.opening.cause import Cause, Why
from provisioner.opening.clock import wall_of
from provisioner.opening.intervals import union
from provisioner.opening.opening import Opening
from provisioner.opening.words import sentence
from provisioner.opening.working import Day, Span, spans

_OF_ALL = {Cause.HOLIDAY}
_OF_ONE = {Cause.AWAY, Cause.NO_HOURS, Cause.HOURS_ENDED, Cause.HOURS_LATER, Cause.UNREADABLE}


class Cell(NamedTuple):
    """One day of a row: the open time, and the cause that took all of it where it did."""

    open: tuple[Span, ...]
    cut: Cause | None = None


class Row(NamedTuple):
    """A week of an employee, of a service at set times, or of all together; minutes are real ones."""

    name: str
    cells: tuple[Cell, ...]
    minutes: int
    planned: int
    """What it would be without days off and holidays."""


class Note(NamedTuple):
    """A remark, and the days of the week that it is about; none where it holds for all of them."""

    days: tuple[date, ...]
    words: str


class LocationWeek(NamedTuple):
    """All of it, from a Monday on."""

    name: str
    address: Address
    zone: str | None
    monday: date
    rows: tuple[Row, ...]
    together: Row | None
    """When anybody is there; only of two rows or more."""
    set_times: tuple[Row, ...]
    notes: tuple[Note, ...]


def location_week(opening: Opening, location: str, day: date, only: Collection[str] = ()) -> LocationWeek:
    """The week that a day is in; `only` are the keys of the employees who are shown, all by default."""
    place = opening.roster.places[location]
    monday = day - timedelta(days=day.weekday())
    days = tuple(monday + timedelta(days=ahead) for ahead in range(7))
    names = {key: opening.roster.people[key].name for key in _employees(opening, location) if not only or key in only}
    active = {key: name for key, name in names.items() if opening.roster.people[key].active}
    rows = {key: _row(opening, location, key, name, days) for key, name in active.items()}
    timed = tuple(_set_times(opening, location, days, active))
    notes = (*_notes(opening, location, names, days), *_clock_notes(opening, location, days))
    together = _together(opening, location, [*rows.values()]) if len(rows) > 1 else None
    return LocationWeek(place.name, place.address, place.zone, monday, tuple(rows.values()), together, timed, notes)


def _employees(opening: Opening, location: str) -> list[str]:
    """Whoever has hours or offers something there, in the order in which they stand."""
    roster = opening.roster
    here = {employee for employee, where in roster.hours if where == location}
    here |= {employee for (where, _), linked in roster.links.items() if where == location for employee in linked}
    return [key for key in roster.people if key in here]


def _row(opening: Opening, location: str, employee: str, name: str, days: tuple[date, ...]) -> Row:
    found = [opening.day(employee, location, day) for day in days]
    cells = tuple(Cell(each.open, _cut(each.whys) if each.hours and not each.open else None) for each in found)
    open_ = [span for each in found for span in each.open]
    return Row(name, cells, opening.minutes(location, open_), opening.minutes(location, _all(found)))


def _all(found: list[Day]) -> list[Span]:
    return [span for each in found for span in each.hours]


def _cut(whys: tuple[Why, ...]) -> Cause:
    """Of several causes the holiday, which is everybody's."""
    causes = {why.cause for why in whys}
    return Cause.HOLIDAY if Cause.HOLIDAY in causes else Cause.AWAY


def _together(opening: Opening, location: str, rows: list[Row]) -> Row:
    cells = tuple(Cell(_united(day)) for day in zip(*(row.cells for row in rows), strict=True))
    minutes = opening.minutes(location, [span for cell in cells for span in cell.open])
    return Row("", cells, minutes, minutes)


def _united(cells: tuple[Cell, ...]) -> tuple[Span, ...]:
    walls = ((wall_of(span.start), wall_of(span.end)) for cell in cells for span in cell.open)
    return spans(union(walls))


def _set_times(opening: Opening, location: str, days: tuple[date, ...], active: Collection[str]) -> Iterator[Row]:
    """When services with a schedule of their own take place with anybody who is shown."""
    for service, offering in opening.roster.offerings.items():
        offered = [each for each in opening.linked(location, service) if each in active]
        if offering.schedule is not None and offered:
            own = [[Cell(opening.spans(each, location, day, service)) for each in offered] for day in days]
            cells = tuple(Cell(_united(tuple(each))) for each in own)
            minutes = opening.minutes(location, [span for cell in cells for span in cell.open])
            yield Row(offering.name, cells, minutes, minutes)


def _notes(opening: Opening, location: str, names: dict[str, str], days: tuple[date, ...]) -> Iterator[Note]:
    """What cut the week: holidays once, then what is of each employee."""
    told: dict[Why, dict[date, None]] = {}
    for key in names:
        for day in days:
            for why in opening.day(key, location, day).whys:
                if why.cause in _OF_ALL | _OF_ONE:
                    told.setdefault(why, {})[day] = None
    for why, cut in sorted(told.items(), key=lambda each: (each[0].cause not in _OF_ALL, *each[1])):
        yield Note(tuple(cut) if len(cut) < len(days) else (), sentence(why, opening.roster.name))
    linked = {key for (where, _), own in opening.roster.links.items() if where == location for key in own}
    for key, name in names.items():
        if not opening.roster.people[key].active:
            yield Note((), f"{name} is inactive, and left out")
        elif key not in linked:
            yield Note((), f"{name} offers nothing here, and cannot be booked")
        shifts = opening.roster.hours.get((key, location)) or ()
        for day in sorted({shift.dates.start for shift in shifts} & {*days[1:]}):
            if any(shift.dates.start < day for shift in shifts):
                yield Note((day,), f"{name} has other hours from then on")


def _clock_notes(opening: Opening, location: str, days: tuple[date, ...]) -> Iterator[Note]:
    for day in days:
        whole = datetime.combine(day, time())
        minutes = opening.minutes(location, [Span(whole, whole + timedelta(days=1))])
        if minutes != MIDNIGHT:
            hours = f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else f"{minutes // 60}"
            yield Note((day,), f"the clock is changed, and the day has {hours} h")
