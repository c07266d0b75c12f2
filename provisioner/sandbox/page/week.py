"""One week at one location, as the booking engine sees it: when it is open, who is there, and what is booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from provisioner.sandbox.setster import rota
from provisioner.sandbox.setster.zones import ZONES
from provisioner.sandbox.slots.agenda import Worker
from provisioner.sandbox.slots.clock import DAY, EPOCH, clock
from provisioner.sandbox.slots.engine import LONGEST
from provisioner.sandbox.slots.opening import Days, Season, opening
from provisioner.sandbox.slots.rules import spans_of
from provisioner.sandbox.slots.spans import common, merge
from provisioner.sandbox.tables import appointments, hours, objects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from provisioner.sandbox.slots.rules import Rule
    from provisioner.sandbox.slots.spans import Span
    from provisioner.sandbox.store import Store

    Record = dict[str, Any]


class Held(NamedTuple):
    """An appointment, or its part on one day; `lane` of `lanes` beside each other."""

    span: Span
    record: Record
    lane: int = 0
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    """One day; all spans are in seconds after its midnight, as the clock on the wall reads."""

    date: date
    open: list[Span]
    there: dict[int, list[Span]]
    """When each employee can be booked."""
    holidays: list[str]
    held: list[Held]


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week(store: Store, location: Record, employees: Sequence[int], first: date) -> list[Day]:
    """Return the seven days from a date on: the hours of the employees minus their absences and the holidays.

    Appointments that hold no slot (declined, cancelled, no show) are left out.
    """
    company, zone = location["company_id"], ZONES[location["timezone_id"]]
    days = [first + timedelta(days=number) for number in range(7)]
    number = first.toordinal() - EPOCH
    whole = number * DAY, (number + 7) * DAY
    season = Season(None, spans_of((rule for rule, _ in _holidays(store, company)), number - 1, number + 7), [whole])
    there = {
        worker.employee: opening(worker, season, Days(number - 1, number + 7))
        for worker in _workers(store, location["id"], employees)
    }
    held = _held(store, location, zone, whole)
    closed = [(name, spans_of([rule], number - 1, number + 7)) for rule, name in _holidays(store, company)]
    return [
        Day(
            day,
            _on(merge(span for spans in there.values() for span in spans), start),
            {employee: part for employee, spans in there.items() if (part := _on(spans, start))},
            [name for name, spans in closed if _on(spans, start)],
            lanes([Held(part, record) for span, record in held for part in _on([span], start)]),
        )
        for day, start in zip(days, range(*whole, DAY), strict=True)
    ]


def _on(spans: Sequence[Span], midnight: int) -> list[Span]:
    """Return what is on the day that begins at a midnight."""
    parts = common(spans, [(midnight, midnight + DAY)])
    return [(start - midnight, end - midnight) for start, end in parts]


def _holidays(store: Store, company: int) -> list[tuple[Rule, str]]:
    listed = objects.listed(store, "holiday", company)
    return [(rota.holiday(each), str(each["name"])) for each in listed if each["enabled"]]


def _workers(store: Store, location: int, employees: Sequence[int]) -> list[Worker]:
    shifts: dict[int, list[rota.Shift]] = {employee: [] for employee in employees}
    for employee, entry in hours.at(store, employees, location):
        shifts[employee].append(rota.shift(entry))
    return [
        Worker(employee, tuple(each.rule for each in own if not each.away), tuple(e.rule for e in own if e.away))
        for employee, own in shifts.items()
    ]


def _held(store: Store, location: Record, zone: str, whole: Span) -> list[tuple[Span, Record]]:
    """Return the appointments of a week with their wall time."""
    wall, near = clock(zone, *whole), (whole[0] - DAY, whole[1] + DAY)
    found = appointments.found(
        store, location["company_id"], {"location_id": [location["id"]]}, first=near[0] - LONGEST, last=near[1]
    )
    return [
        ((wall.reading(max(each["start"], near[0])), wall.reading(min(each["end"], near[1]))), each)
        for each in found
        if each["status"] not in appointments.FREE and each["end"] > near[0]
    ]


def lanes(held: Iterable[Held]) -> list[Held]:
    """Put what overlaps beside each other: each gets a lane, and the number of lanes of all that it touches."""
    placed: list[Held] = []
    group: list[Held] = []
    ends: list[int] = []
    for each in sorted(held, key=lambda one: (one.span, one.record["id"])):
        if group and each.span[0] >= max(ends):
            placed += [one._replace(lanes=len(ends)) for one in group]
            group, ends = [], []
        lane = next((number for number, end in enumerate(ends) if end <= each.span[0]), len(ends))
        ends[lane : lane + 1] = [each.span[1]]
        group.append(each._replace(lane=lane))
    return [*placed, *(one._replace(lanes=len(ends)) for one in group)]


def today(zone: str, now: datetime) -> date:
    """Return the date that a zone's calendar shows."""
    return now.astimezone(ZoneInfo(zone)).date()
