"""Appointments that exist: whether they could still be booked, and why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.kinds.desired import Declared
from provisioner.opening import Cause, Opening
from tests.opening.salon import NOW, WEEK, ben, salon
from tests.support import declare

LENGTH = timedelta(minutes=45)
MONDAY = datetime(2027, 1, 11, 9, 0)  # noqa: DTZ001 -- local to the location


def causes(opening: Opening, start: datetime, length: timedelta = LENGTH, employee: str = "ana") -> list[Cause]:
    return [why.cause for why in opening.covers(start, start + length, employee, "downtown", "cut")]


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2027-01-11 09:00", []),
        ("2027-01-11 09:07", []),  # a grid of starts strands nobody
        ("2027-01-11 16:15", []),
        ("2027-01-11 16:16", [Cause.DAY_OFF]),
        ("2027-01-11 08:59", [Cause.DAY_OFF]),
        ("2027-01-10 09:00", [Cause.DAY_OFF]),
        ("2027-12-31 16:15", []),
        ("2028-01-03 09:00", [Cause.HOURS_ENDED]),
        ("2027-01-01 09:00", [Cause.TOO_SOON]),
        ("2026-12-31 09:00", [Cause.TOO_SOON, Cause.HOURS_LATER]),
    ],
)
def test_where_an_appointment_lies(start: str, found: list[Cause]) -> None:
    assert causes(salon(), datetime.fromisoformat(start)) == found


CHANGES: list[tuple[tuple[Declared, ...], dict[str, Any], list[Cause]]] = [
    ((declare("away/ana", away=["2027-01-11"]),), {}, [Cause.AWAY]),
    ((declare("away/ana", away=["2027-01-10", "2027-01-12"]),), {}, []),
    ((declare("holiday/h", name="H", rule="2nd monday of january"),), {}, [Cause.HOLIDAY]),
    ((declare("holiday/h", name="H", dates="2027-01-11", enabled=False),), {}, []),
    ((declare("hours/ana/downtown", hours=[{"dates": "2027", "week": {"mon": "10:00-17:00"}}]),), {}, [Cause.DAY_OFF]),
    ((declare("hours/ana/downtown", hours=[]),), {}, [Cause.NO_HOURS]),
    ((), {"bookable": "2027-01-12.."}, [Cause.SERVICE_DATES]),
    ((), {"active": False}, [Cause.SERVICE_INACTIVE]),
    ((), {"addon": True}, [Cause.ONLY_ADDON]),
    ((), {"duration": "60 min"}, [Cause.SHORTER_THAN_SERVICE]),
    ((), {"duration": "30 min"}, []),
    ((), {"prior_notice": "174 h"}, [Cause.TOO_SOON]),
    ((), {"after_notice": "7 d"}, [Cause.TOO_FAR]),
    ((), {"after_notice": "8 d"}, []),
    ((), {"schedule": [{"dates": "2027", "week": {"mon": "10:00-12:00"}}]}, [Cause.NOT_SCHEDULED]),
    ((), {"schedule": [{"dates": "2026", "week": WEEK}]}, [Cause.SCHEDULE_ENDED]),
]


@pytest.mark.parametrize(("more", "service", "found"), CHANGES)
def test_what_a_change_does_to_it(more: tuple[Declared, ...], service: dict[str, Any], found: list[Cause]) -> None:
    """A week ahead, at nine in the morning; it is four in the morning now."""
    assert causes(salon(*more, **service), MONDAY) == found


def test_an_employee_who_does_not_offer_it_or_is_gone() -> None:
    assert causes(salon(*ben(), without="link/ben/downtown/cut"), MONDAY, employee="ben") == [Cause.NO_LINK]
    assert causes(salon(*ben(active=False)), MONDAY, employee="ben") == [Cause.EMPLOYEE_INACTIVE]
    assert causes(salon(), MONDAY, employee="cleo") == [Cause.GONE]


def test_over_midnight_and_in_a_night_in_which_the_clock_is_changed() -> None:
    opening = salon(declare("hours/ana/downtown", hours=[{"dates": "2027", "week": {"daily": "00:00-24:00"}}]))
    night = datetime.fromisoformat("2027-03-13 23:30")
    assert causes(opening, night) == []
    assert causes(opening, datetime.fromisoformat("2027-03-14 02:30")) == [Cause.NO_SUCH_TIME]
    # From 1:30 to 3:15 the clock reads, and three quarters of an hour pass.
    assert causes(opening, datetime.fromisoformat("2027-03-14 01:30"), timedelta(minutes=105)) == []
    assert causes(opening, datetime.fromisoformat("2027-03-14 01:30"), timedelta(minutes=90)) == [
        Cause.SHORTER_THAN_SERVICE
    ]


def test_aware_times_are_the_same_appointment() -> None:
    start = MONDAY.replace(tzinfo=ZoneInfo("America/Los_Angeles"))
    assert causes(salon(), start) == causes(salon(), start.astimezone(UTC)) == []
    assert causes(salon(), start.astimezone(UTC) - timedelta(minutes=1)) == [Cause.DAY_OFF]
    # The second 1:30 of the night in which 2:00 becomes 1:00.
    opening = salon(declare("hours/ana/downtown", hours=[{"dates": "2027-11", "week": {"sun": "00:00-02:00"}}]))
    again = datetime(2027, 11, 7, 1, 15, fold=1, tzinfo=ZoneInfo("America/Los_Angeles")).astimezone(UTC)
    assert [causes(opening, again), causes(opening, again + timedelta(minutes=1))] == [[], [Cause.DAY_OFF]]


def test_an_appointment_of_now_is_not_past() -> None:
    now = NOW + timedelta(hours=5)
    assert causes(salon(now=now), datetime.fromisoformat("2027-01-04 09:00")) == []
    assert causes(salon(now=now + timedelta(seconds=1)), datetime.fromisoformat("2027-01-04 09:00")) == [Cause.TOO_SOON]
