"""Stored hours, set schedules and holidays as rules of the booking engine; what they mean is decided here."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.envelope import invalid
from provisioner.sandbox.setster.holiday import FORM, WEEKDAY
from provisioner.sandbox.setster.hours import DAYS, calendar
from provisioner.sandbox.slots.clock import DAY, EPOCH, FIRST_YEAR, LAST_YEAR
from provisioner.sandbox.slots.rules import FOREVER, Monthly, Once, Weekly, Yearly

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from provisioner.sandbox.setster.shape import Record
    from provisioner.sandbox.slots.rules import Rule
    from provisioner.sandbox.slots.spans import Span

_INTERVAL = 2
_ONCE, _MONTHLY = 0, 2
_WHOLE_DAY: Span = (0, DAY)
_MINUTE = 60
_LAST_ASKED = LAST_YEAR - 90


class Shift(NamedTuple):
    """One entry of an employee's hours: time at work, or time away."""

    away: bool
    rule: Weekly


@lru_cache(maxsize=8192)
def shift(entry: str) -> Shift:
    """Read an entry of the hours, as JSON (seed: Update availability; type 1 is out of office).

    Assumptions: times are local to the location, both dates are included, and an interval of dates (repeat 2) without
    any days is all of them, whole.
    """
    written = json.loads(entry)
    days = written["days"] or {}
    if not days and values.whole(written["repeat"]) == _INTERVAL:
        week: tuple[tuple[Span, ...], ...] = ((_WHOLE_DAY,),) * 7
    else:
        week = tuple(_times(days.get(day)) for day in DAYS)
    first, last = (_day(calendar(written[name])) for name in ("start_date", "end_date"))
    return Shift(bool(values.whole(written["type"])), Weekly(first, last, week))


def _times(written: Mapping[str, Any] | None) -> tuple[Span, ...]:
    return tuple((_clock(start), _clock(end)) for start, end in (written or {}).get("time", ()))


def _clock(written: str) -> int:
    return (int(written[:-3]) * 60 + int(written[-2:])) * _MINUTE


def _day(written: date) -> int:
    return written.toordinal() - EPOCH


def bounded(day: date, name: str) -> int:
    """Return a day of a request, counted from 1970; one of a very different age fails."""
    if not FIRST_YEAR <= day.year <= _LAST_ASKED:
        raise invalid(f"{name} must lie between the years {FIRST_YEAR} and {_LAST_ASKED}")
    return _day(day)


def day_of(written: str) -> int:
    """Return a day written YYYY-MM-DD."""
    return _day(datetime.strptime(written, "%Y-%m-%d").date())  # noqa: DTZ007  a calendar date has no zone


def holiday(record: Record) -> Rule:
    """Read an enabled holiday (seed: Create a Holiday).

    Assumptions: it is local to each location; a weekday of a month (type 1) is a whole day of every year; dates of
    their own (type 2) happen once, in whole minutes: one to 23:59:59 ends at midnight, one to 12:00:00 at noon.
    """
    if record["type"] == WEEKDAY:
        return Yearly(record["month"] + 1, record["day_in_week"], record["day_order"])
    start, end = (_moment(record[name]) for name in ("start_date", "end_date"))
    return Once(start - start % _MINUTE, end + -end % _MINUTE)


@lru_cache(maxsize=1024)
def _moment(written: str) -> int:
    """Return a moment of a holiday as wall time; older files have some without all of their noughts."""
    return wall(datetime.strptime(written, FORM))  # noqa: DTZ007  local


def wall(moment: datetime) -> int:
    """Return a local time as wall time (see `slots.clock`)."""
    return _day(moment.date()) * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def schedule(entries: list[dict[str, Any]]) -> tuple[Rule, ...]:
    """Read a service's set schedule (seed: Create a Service, `schedule`).

    Assumptions: days of the week count from 1 for Sunday (the sample's 2 to 6, nine to five, are then a working week);
    an end before its start is on the next day, and one at 12:00 am is the end of its day; without a date there is no
    bound, without a time the day is whole; what happens once (repeat 0) goes on from its start to its end.
    """
    return tuple(rule for entry in entries for rule in _entry(entry))


def _entry(entry: Mapping[str, Any]) -> Iterator[Rule]:
    repeat = values.whole(entry.get("repeat", _ONCE))
    start, end = (_of_half_day(entry.get(name)) for name in ("start_time", "end_time"))
    first, last = (_scheduled(entry.get(name)) for name in ("start_date", "end_date"))
    if repeat == _ONCE:
        if first is not None:
            yield Once(first * DAY + start, (first if last is None else last) * DAY + (end or DAY))
        return
    span = start, end + DAY if end < start or not end else end
    days = frozenset(values.whole(day) for day, on in (entry.get("days") or {}).items() if values.flag(on))
    first, last = 0 if first is None else first, FOREVER if last is None else last
    if repeat == _MONTHLY:
        yield Monthly(first, last, days, span)
    else:
        yield Weekly(first, last, tuple((span,) if number in days else () for number in (2, 3, 4, 5, 6, 7, 1)))


def _of_half_day(written: Mapping[str, Any] | None) -> int:
    if written is None:
        return 0
    hour, minute = values.whole(written["hour"]), values.whole(written["min"])
    return (hour % 12 + (12 if values.text(written["am"]) == "pm" else 0)) * 3600 + minute * 60


def _scheduled(written: Any) -> int | None:
    if not written:
        return None
    return _day(datetime.strptime(written, "%d/%m/%Y").date())  # noqa: DTZ007  a calendar date has no zone
