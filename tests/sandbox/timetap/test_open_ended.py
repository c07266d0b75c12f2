"""Series without an end: laid out anew when they begin to have none, and without a gap however far time goes on."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.timetap.conftest import PATH

if TYPE_CHECKING:
    from tests.sandbox.timetap.conftest import TimeTap

WEEKLY = {"wed": False, "mon": False, "tue": True}
DAILY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), True)


def at(timetap: TimeTap, day: str) -> None:
    """Let it be a day, with a session that counts then."""
    timetap.sandbox.clock.now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    timetap.sign_in()


def dates(timetap: TimeTap, series: dict[str, Any]) -> list[str]:
    found: list[str] = timetap.ok("GET", f"{PATH}/{series['recurringAppointmentId']}")["dates"]
    return found


def every(days: int, first: str, last: str) -> list[str]:
    start, count = date.fromisoformat(first), (date.fromisoformat(last) - date.fromisoformat(first)).days
    return [(start + timedelta(each)).isoformat() for each in range(0, count + 1, days)]


def test_an_end_that_was_taken_away_does_not_come_back(timetap: TimeTap) -> None:
    made = timetap.make(startDate="2026-03-03", endDate="2028-03-03", **WEEKLY)
    endless = timetap.change(made, {"endDate": None})
    assert endless["dates"] == every(7, "2026-03-03", "2027-03-03")
    at(timetap, "2026-03-20")
    assert dates(timetap, made) == every(7, "2026-03-03", "2027-03-21")


def test_a_start_may_move_earlier(timetap: TimeTap) -> None:
    made = timetap.make(startDate="2026-12-01", endDate=None, **WEEKLY)
    timetap.change(made, {"startDate": "2026-03-10"})
    at(timetap, "2026-03-20")
    assert dates(timetap, made) == every(7, "2026-03-10", "2027-03-21")


def test_the_clock_may_go_back_and_forth(timetap: TimeTap) -> None:
    made = timetap.make(startDate="2026-03-03", endDate=None, **WEEKLY)
    at(timetap, "2026-06-01")
    assert dates(timetap, made) == every(7, "2026-03-03", "2027-06-02")
    at(timetap, "2026-03-02")
    timetap.change(made, {"note": "x"})
    at(timetap, "2026-06-01")
    assert dates(timetap, made) == every(7, "2026-03-03", "2027-06-02")


def test_the_horizon_may_come_closer_and_go_away_again(timetap: TimeTap) -> None:
    made = timetap.make(startDate="2026-03-03", endDate=None, **WEEKLY)
    timetap.change_one(made, {"note": "mine"}, dateSelected="2026-12-01")
    timetap.sandbox.control("PUT", "/timetap", {"horizon_days": 30})
    assert timetap.change(made, {"seats": 2})["dates"] == every(7, "2026-03-03", "2026-04-02")
    timetap.sandbox.control("PUT", "/timetap", {"horizon_days": 366})
    assert dates(timetap, made) == every(7, "2026-03-03", "2027-03-04")
    assert timetap.told("note")["2026-12-01"] is None  # it is as new


@pytest.mark.parametrize(("year", "last"), [(2041, "2043-03-03"), (2046, "2048-03-02")])
def test_a_clock_far_ahead_leaves_no_gap(timetap: TimeTap, year: int, last: str) -> None:
    made = timetap.make(startDate="2027-01-04", endDate=None, **DAILY)
    at(timetap, f"{year}-03-02")
    grown = dates(timetap, made)
    assert len(grown) == len(made["dates"]) + 4_000
    assert len(dates(timetap, made)) > len(grown)
    at(timetap, f"{year + 1}-03-02")
    later = dates(timetap, made)
    assert all(date.fromisoformat(b) - date.fromisoformat(a) == timedelta(1) for a, b in itertools.pairwise(later))
    assert later[-1] == last


def test_a_clock_at_its_end_is_no_trouble(timetap: TimeTap) -> None:
    made = timetap.make(startDate="2027-01-04", endDate=None, **DAILY)
    at(timetap, "2900-06-01")
    assert len(dates(timetap, made)) == len(made["dates"]) + 4_000


def test_a_series_of_many_years_can_still_be_changed_and_cancelled(timetap: TimeTap) -> None:
    made = timetap.make(startDate="2027-01-04", endDate=None, **DAILY)
    at(timetap, "2046-03-02")
    grown = dates(timetap, made)
    assert timetap.change(made, {"note": "x"})["dates"][: len(grown)] == grown
    at(timetap, "2090-03-02")
    assert timetap.refused(400, "PUT", f"{PATH}/{made['recurringAppointmentId']}", made).startswith("the series would")
    assert timetap.change(made, {"status": "Cancelled"})["dates"] == []
    assert {each["status"] for each in timetap.occurrences().values()} == {"Cancelled"}
