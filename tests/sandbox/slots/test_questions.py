"""The ways in which /availability can be asked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.salon import HOURS, opened_salon
from tests.sandbox.slots.conftest import DAY, Desk

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

WEEKLY = {"t": "weekly"}
UNTIL_APRIL = HOURS | {"end_date": "4/1/2026"}


@pytest.fixture(scope="module")
def calm(shared_sandbox: Sandbox) -> Desk:
    """A desk that nobody changes."""
    return Desk(shared_sandbox, opened_salon(shared_sandbox))


def test_a_week_is_seven_days_from_the_day_on(calm: Desk) -> None:
    times = calm.asked(**WEEKLY)["times"]
    days = ("2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-16")
    assert times == [f"{day} {hour:02}:00:00" for day in days for hour in range(9, 17)]


@pytest.mark.parametrize("weeks", range(1, 6))
def test_so_many_weeks(calm: Desk, weeks: int) -> None:
    answer = calm.asked(**WEEKLY, no_of_weeks=weeks)
    assert (answer["day"], len(answer["times"])) == (10, 40 * weeks)
    assert len(calm.asked(no_of_weeks=weeks)["times"]) == 8


def test_boxes_are_the_same_starts_with_their_seats(calm: Desk) -> None:
    boxes = calm.asked(**WEEKLY, **{"return": "boxes"})
    times = calm.asked(**WEEKLY)
    assert "times" not in boxes
    assert list(boxes["boxes"].items())[:2] == [("108", 1), ("120", 1)]  # nine and ten o'clock
    assert list(boxes["boxes"].items())[8] == ("396", 1)  # nine o'clock on the next day
    assert len(boxes["boxes"]) == len(times["times"])
    assert {name: boxes[name] for name in boxes if name != "boxes"} == {
        name: times[name] for name in times if name != "times"
    }


def test_times_are_those_of_the_zone_asked_for(calm: Desk) -> None:
    zones = {each["dbName"]: number for number, each in calm.sandbox.ok("GET", "/tz/list").items()}
    assert calm.times(timezone_id=zones["US/Eastern"]).startswith("12:00 13:00")
    assert calm.times(timezone_id=zones["Asia/Kolkata"]) == "00:30 01:30 02:30 03:30 04:30 21:30 22:30 23:30"
    assert calm.times("2026-03-14", timezone_id=zones["Asia/Kolkata"]) == "00:30 01:30 02:30 03:30 04:30"


def test_without_a_location_it_is_the_main_one(desk: Desk) -> None:
    assert desk.times(location_id="") == ""
    main = desk.sandbox.ok("GET", "/location", tmp_default=1)[0]["id"]
    body: dict[str, Any] = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee"}
    body |= {"links": {str(main): {str(desk.salon.service): 1}}}
    desk.sandbox.ok("PUT", f"/employee/{desk.salon.employee}", body)
    assert desk.times(location_id="") == desk.times(location_id=main) != ""
    desk.salon.book(f"{DAY} 12:00", location_id="")
    assert "12:00" not in desk.times(location_id=main)


def test_seats_are_told_only_when_asked_for(calm: Desk) -> None:
    assert set(calm.asked()) & {"available_seats", "total_seats"} == set()
    assert calm.asked(available_seats="true")["available_seats"]["09:00:00"] == 1
    assert set(calm.asked(total_seats=1)["total_seats"].values()) == {1}


def test_the_first_available_start_is_looked_for_only_when_there_is_none(desk: Desk) -> None:
    desk.holiday(end_date="2026-03-19 23:59:59")
    assert desk.asked()["times"] == []
    found = desk.asked(first_available=1)
    assert (found["year"], found["month"], found["day"], found["times"]) == (2026, 3, 20, ["09:00:00"])
    assert desk.asked("2026-03-20", first_available=1)["times"][:2] == ["09:00:00", "10:00:00"]
    weekly = desk.asked(first_available=1, total_seats=1, **WEEKLY)
    assert (weekly["day"], weekly["times"]) == (20, ["2026-03-20 09:00:00"])
    assert weekly["total_seats"] == {"2026-03-20 09:00:00": 1}
    assert desk.asked(first_available=1, **{"return": "boxes"})["boxes"] == {"108": 1}
    assert len(desk.asked(no_of_weeks=2, **WEEKLY)["times"]) == 16


def test_the_first_available_start_may_be_years_away(desk: Desk) -> None:
    desk.hours(HOURS | {"start_date": "3/10/2029", "end_date": "3/20/2029"})
    found = desk.asked(first_available=1)
    assert (found["year"], found["month"], found["day"], found["times"]) == (2029, 3, 12, ["09:00:00"])


def test_a_schedule_of_one_long_stretch_is_open_to_its_end(desk: Desk) -> None:
    """It begins before the day that is asked for, and nothing else is open later."""
    entry = {"repeat": 0, "start_date": "01/03/2026", "end_date": "12/03/2026", "days": []}
    night = {"hour": 12, "min": 0, "am": "am"}
    desk.service(set_schedule=True, schedule=[entry | {"start_time": night, "end_time": night}])
    desk.holiday(end_date="2026-03-11 23:59:59")
    found = desk.asked(first_available=1)
    assert (found["day"], found["times"]) == (12, ["00:00:00"])


@pytest.mark.parametrize("days", [1, 2, 34, 35, 36, 37, 70, 71, 72, 1829, 1830])
def test_no_day_of_the_agenda_is_left_out(desk: Desk, days: int) -> None:
    day = date.fromisoformat(DAY) + timedelta(days)
    only = {"start_date": f"{day:%m/%d/%Y}", "end_date": f"{day:%m/%d/%Y}", "days": {}}
    desk.hours({"repeat": 2, "type": 0} | only)
    found = desk.asked(first_available=1)
    assert (found["year"], found["month"], found["day"]) == (day.year, day.month, day.day)
    assert found["times"] == ["00:00:00"]


@pytest.mark.parametrize(
    ("service", "found"),
    [
        ({}, (2026, 3, 30)),
        ({"after_notice": 20}, None),
        ({"active_until": "2026-03-29"}, None),
        ({"active_from": "2026-03-31"}, (2026, 3, 31)),
        ({"duration": 495}, None),
        ({"status": False}, None),
    ],
)
def test_the_agenda_ends_with_hours_dates_and_notice(
    desk: Desk, service: dict[str, Any], found: tuple[int, int, int] | None
) -> None:
    desk.hours(UNTIL_APRIL)
    desk.service(**service)
    answer = desk.asked("2026-03-28", first_available=1)
    assert (answer["year"], answer["month"], answer["day"]) == (found or (2026, 3, 28))
    assert answer["times"] == (["09:00:00"] if found else [])
    assert desk.asked("2026-04-02", first_available=1)["times"] == []


def test_what_is_past_is_never_the_first_available(calm: Desk) -> None:
    found = calm.asked("2026-01-05", first_available=1)
    assert (found["month"], found["day"], found["times"]) == (3, 2, ["09:00:00"])  # one in the morning of that day


def test_the_agenda_ends_before_the_calendar_does(desk: Desk) -> None:
    desk.hours(HOURS | {"end_date": "12/31/9999"})
    assert desk.asked("9880-01-01", t="weekly")["times"] != []
    desk.sandbox.clock.now = datetime(9998, 1, 1, tzinfo=UTC)
    desk.sandbox.sign_in()
    assert desk.asked("9880-01-01", first_available=1)["times"] == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"service_id": ""}, "service_id is required"),
        ({"service_id": "x"}, "service_id must be a whole number"),
        ({"start_date": ""}, "start_date is required"),
        ({"start_date": "3/10/2026"}, "start_date must be a date YYYY-MM-DD"),
        ({"start_date": "2026-02-30"}, "start_date must be a date YYYY-MM-DD"),
        ({"start_date": "0001-01-01"}, "start_date must lie between the years"),
        ({"start_date": "9999-12-31"}, "start_date must lie between the years"),
        ({"t": ""}, "t is required"),
        ({"t": "monthly"}, "t must be daily or weekly"),
        ({"return": ""}, "return is required"),
        ({"return": "slots"}, "return must be boxes or times"),
        ({"no_of_weeks": 0}, "no_of_weeks must be 1 to 5"),
        ({"no_of_weeks": 6}, "no_of_weeks must be 1 to 5"),
        ({"timezone_id": 1}, "timezone_id 1 is no time zone"),
        ({"subservices": "oil"}, "subservices must be a whole number"),
        ({"first_available": "maybe"}, "first_available must be true (1) or false (0)"),
    ],
)
def test_questions_that_make_no_sense_are_refused(calm: Desk, change: dict[str, Any], words: str) -> None:
    query = {"service_id": calm.salon.service, "start_date": DAY, "t": "daily", "return": "times"}
    assert words in calm.sandbox.refused(1, "GET", "/availability", **query | change)


@pytest.mark.parametrize("name", ["service_id", "location_id", "provider_id", "subservices"])
def test_unknown_ids_are_not_found(calm: Desk, name: str) -> None:
    query = {"service_id": calm.salon.service, "start_date": DAY, "t": "daily", "return": "times"}
    assert "7 not found" in calm.sandbox.refused(7, "GET", "/availability", **query | {name: 7})


def test_a_service_is_no_sub_service_of_another(calm: Desk) -> None:
    query = {"service_id": calm.salon.service, "start_date": DAY, "t": "daily", "return": "times"}
    calm.sandbox.refused(1, "GET", "/availability", **query, subservices=calm.salon.service)


def test_the_ids_of_another_company_are_not_found(desk: Desk) -> None:
    child = desk.sandbox.child()
    query = {"service_id": desk.salon.service, "start_date": DAY, "t": "daily", "return": "times"}
    desk.sandbox.refused(7, "GET", "/availability", **query, company_id=child)


VALUES = st.text(max_size=8) | st.integers().map(str) | st.sampled_from(("0", "1", "all", "daily", "9999-12-31"))
NAMES = (
    *("t", "return", "start_date", "location_id", "provider_id", "subservices", "timezone_id", "first_available"),
    *("available_seats", "total_seats", "no_of_weeks", "service_id", "employee_id", "end_date"),
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_question_breaks_the_sandbox(calm: Desk, garbage: dict[str, str]) -> None:
    query = {"service_id": calm.salon.service, "location_id": calm.salon.location, "start_date": DAY}
    query |= {"employee_id": calm.salon.employee, "end_date": DAY, "t": "daily", "return": "times"}
    for path in ("/availability", "/employee/getAvailability"):
        assert calm.sandbox.call("GET", path, **query | garbage)["statusCode"] in {0, 1, 7}
