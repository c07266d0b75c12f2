"""The times at which an appointment can start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from provisioner.sandbox.setster import boxes, rota, values, zones
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.desk import desk
from provisioner.sandbox.setster.envelope import Reply, invalid
from provisioner.sandbox.slots.clock import DAY, EPOCH, clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioner.sandbox.setster.desk import Desk
    from provisioner.sandbox.setster.shape import Record
    from provisioner.sandbox.slots.engine import Free

AGENDA_DAYS = 5 * 366
"""Assumption: the "whole agenda" that `first_available` scans goes five years ahead."""
_STRIDE = 35
_DATE = values.date("%Y-%m-%d", "YYYY-MM-DD")
_DAYS_OF = {"daily": 1, "weekly": 7}
_MOST_WEEKS = 5


class Start(NamedTuple):
    """A start in wall time of the zone asked for, and who is free then."""

    wall: int
    free: Free


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a desk: so many days from `day` on, which is counted from 1970, in the wall time of a zone."""

    desk: Desk
    zone: str
    day: int
    days: int
    daily: bool

    def starts(self, day: int, days: int) -> Iterator[Start]:
        """Yield the starts of some days, each wall time once: a time that a clock reads twice is its first instant."""
        first, last = day * DAY, (day + days) * DAY
        wall = clock(self.zone, first, last)
        asked = wall.instants([(first, last)])
        if asked:
            offered = self.desk.offered((asked[0][0], asked[-1][1]))
            for instant, reading in wall.readings(offered):
                if first <= reading < last:
                    yield Start(reading, offered[instant])

    def first(self) -> Start | None:
        """Return the first start after the days asked for, as far as the agenda goes."""
        today = int(self.desk.now) // DAY - 1
        day = max(self.day + self.days, today)
        last = min(day + AGENDA_DAYS, self.desk.agenda.last_day() + 2)
        while day <= last:
            found = next(self.starts(day, min(_STRIDE, last + 1 - day)), None)
            if found:
                return found
            day += _STRIDE
        return None


def get(call: Call) -> Reply:
    """Return when an appointment can start (seed: Get Availability).

    Assumptions: a week is seven days from `start_date` on; only in a week the times have their dates before them;
    `no_of_weeks` counts with `weekly` only; what `first_available` finds is the one start of the answer.
    """
    question = _question(call)
    starts = list(question.starts(question.day, question.days))
    day = question.day
    if not starts and call.flag("first_available"):
        starts = [start for start in (question.first(),) if start]
        day = starts[0].wall // DAY if starts else day
    return Reply(_head(question.desk, day) | _times(call, question, day, starts) | _seats(call, question, starts))


def _question(call: Call) -> Question:
    kind, day = _required(call, "t", tuple(_DAYS_OF)), _start_date(call)
    _required(call, "return", ("boxes", "times"))
    service = call.whole("service_id")
    if service is None:
        raise invalid("service_id is required")
    weeks = call.whole("no_of_weeks")
    if weeks is not None and not 1 <= weeks <= _MOST_WEEKS:
        raise invalid(f"no_of_weeks must be 1 to {_MOST_WEEKS}")
    found = desk(call, service, _subservices(call), call.whole("location_id"), call.whole("provider_id"))
    days = _DAYS_OF[kind] * ((weeks or 1) if kind == "weekly" else 1)
    return Question(found, _zone(call) or found.agenda.zone, day, days, daily=kind == "daily")


def _required(call: Call, name: str, choices: tuple[str, ...]) -> str:
    found = call.query.get(name, "")
    if found not in choices:
        raise invalid(f"{name} must be {' or '.join(choices)}" if found else f"{name} is required")
    return found


def _start_date(call: Call) -> int:
    written = call.query.get("start_date")
    if not written:
        raise invalid("start_date is required")
    try:
        day = date.fromisoformat(_DATE(written))
    except ValueError as error:
        raise invalid(f"start_date {error}") from None
    return rota.bounded(day, "start_date")


def _zone(call: Call) -> str | None:
    number = call.whole("timezone_id")
    if number is not None and number not in zones.ZONES:
        raise invalid(f"timezone_id {number} is no time zone of tz/list")
    return None if number is None else zones.ZONES[number]


def _subservices(call: Call) -> list[int]:
    """Read ids under a name that is repeated (seed: the example), the PHP way or separated by commas (assumption)."""
    written = [value for name, value in call.request.pairs if name in {"subservices", "subservices[]"}]
    try:
        return [values.whole(each) for value in written for each in value.split(",") if each.strip()]
    except ValueError as error:
        raise invalid(f"subservices {error}") from None


def _head(found: Desk, day: int) -> Record:
    when, terms = date.fromordinal(day + EPOCH), found.agenda.terms
    return {
        "interval": terms.length // 60,
        "boxInterval": boxes.MINUTES,
        "padding": terms.padding // 60,
        "day": when.day,
        "month": when.month,
        "year": when.year,
    }


def _times(call: Call, question: Question, day: int, starts: list[Start]) -> Record:
    """Write the starts as times, or as boxes with the seats of all employees in them."""
    if call.query["return"] == "times":
        return {"times": [_written(question, start.wall) for start in starts]}
    return {"boxes": boxes.counted(day, ((start.wall, start.free.total) for start in starts))}


def _written(question: Question, wall: int) -> str:
    day, second = divmod(wall, DAY)
    time = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return time if question.daily else f"{date.fromordinal(day + EPOCH)} {time}"


def _seats(call: Call, question: Question, starts: list[Start]) -> Record:
    """Return the seats of each start, under the name of the parameter that asks for them.

    seed: Get Availability, "the number of seats for an employee", "a random employee" without one, and "for all
    employees". Assumptions: the shape, that seats are those still free, and that the first employee is random enough.
    """
    seats: Record = {}
    if call.flag("available_seats"):
        seats["available_seats"] = {_written(question, wall): free.seats for wall, free in starts}
    if call.flag("total_seats"):
        seats["total_seats"] = {_written(question, wall): free.total for wall, free in starts}
    return seats


OPERATIONS = (Operation("GET", "/availability", get, public=True),)
