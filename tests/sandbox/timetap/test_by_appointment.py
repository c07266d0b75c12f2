"""Changing a series by one of its appointments: what differs is changed, for it alone or from it on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.timetap.conftest import DATES, PATH

if TYPE_CHECKING:
    from tests.sandbox.timetap.conftest import TimeTap

FIRST, SECOND, THIRD, FOURTH = DATES


def test_one_appointment_is_changed_alone(timetap: TimeTap) -> None:
    made = timetap.make()
    changed = timetap.change_one(made, {"startDate": SECOND, "startTime": 1000, "endTime": 1045, "seats": 3})
    assert changed == made
    assert timetap.told("startTime") == dict.fromkeys(DATES, 930) | {SECOND: 1000}
    assert timetap.told("endTime") == dict.fromkeys(DATES, 1015) | {SECOND: 1045}
    assert timetap.told("seats") == dict.fromkeys(DATES, 1) | {SECOND: 3}
    assert timetap.told("clientStartTime") == timetap.told("startTime")


def test_only_what_differs_becomes_its_own(timetap: TimeTap) -> None:
    made = timetap.make(note="Bring a mat")
    whole = made | {"startDate": SECOND, "startTime": 1000, "endTime": 1045}  # as a client sends what it has read
    timetap.change_one(made, whole)
    assert timetap.occurrences()[SECOND]["ownChanges"] == {"startTime": 1000, "endTime": 1045}
    timetap.change(made, {"note": "Bring two"})
    assert timetap.told("note") == dict.fromkeys(DATES, "Bring two")


def test_own_changes_outlive_a_change_of_the_series(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.change_one(made, {"startDate": SECOND, "startTime": 1000})
    timetap.change(made, {"startTime": 800, "note": "x"})
    assert timetap.told("startTime") == dict.fromkeys(DATES, 800) | {SECOND: 1000}
    assert timetap.told("note") == dict.fromkeys(DATES, "x")


def test_a_second_change_adds_to_the_first_and_may_take_it_back(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.change_one(made, {"startDate": SECOND, "startTime": 1000})
    timetap.change_one(made, {"startDate": SECOND, "seats": 3})
    assert timetap.occurrences()[SECOND]["ownChanges"] == {"startTime": 1000, "seats": 3}
    timetap.change_one(made, {"startDate": SECOND, "startTime": 930})
    assert timetap.occurrences()[SECOND]["ownChanges"] == {"seats": 3}


def test_an_appointment_is_moved_to_another_date(timetap: TimeTap) -> None:
    made = timetap.make()
    moved = {"startDate": "2027-01-07"}
    changed = timetap.change_one(made, moved, dateSelected=SECOND)
    assert changed["dates"] == [FIRST, "2027-01-07", THIRD, FOURTH]
    assert timetap.change_one(made, moved, dateSelected=SECOND) == changed
    assert timetap.change_one(made, moved | {"startTime": 900})["dates"] == changed["dates"]
    assert timetap.told("startTime") == dict.fromkeys(DATES, 930) | {SECOND: 900}
    assert timetap.change_one(made, {"startDate": SECOND}, dateSelected=SECOND)["dates"] == DATES


def test_an_appointment_may_be_moved_onto_another(timetap: TimeTap) -> None:
    made = timetap.make()
    assert timetap.change_one(made, {"startDate": THIRD}, dateSelected=SECOND)["dates"] == [FIRST, THIRD, THIRD, FOURTH]


@pytest.mark.parametrize(
    ("fields", "selected", "found"),
    [
        ({"startDate": SECOND}, None, SECOND),
        ({"startDate": SECOND}, FIRST, SECOND),  # the start of the series, as the page describes the parameter
        ({}, SECOND, SECOND),
        ({}, FIRST, FIRST),
        ({"startDate": "2027-01-07"}, FIRST, FIRST),
        ({"startDate": THIRD}, SECOND, SECOND),
        ({"startDate": THIRD, "calendarId": 1}, SECOND, FOURTH),
    ],
)
def test_which_appointment_is_meant(timetap: TimeTap, fields: dict[str, Any], selected: str | None, found: str) -> None:
    made = timetap.make()
    if "calendarId" in fields:
        fields = fields | {"calendarId": timetap.occurrences()[FOURTH]["calendarId"]}
    timetap.change_one(made, fields | {"note": "this one"}, **({"dateSelected": selected} if selected else {}))
    assert [date for date, note in timetap.told("note").items() if note] == [found]


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({}, {}),
        ({"startDate": "2027-01-07"}, {}),
        ({}, {"dateSelected": "2027-01-07"}),
        ({"calendarId": 1, "startDate": FIRST}, {}),
        ({"calendarId": "x"}, {"dateSelected": FIRST}),
    ],
)
def test_an_appointment_that_is_not_there_is_404(
    timetap: TimeTap, fields: dict[str, Any], query: dict[str, str]
) -> None:
    made = timetap.make()
    path = f"{PATH}/{made['recurringAppointmentId']}/updateByAppt"
    words = timetap.refused(404, "PUT", path, {"recurringAppt": made, "updatedAppt": fields}, **query)
    assert words == f"recurring appointment {made['recurringAppointmentId']} has no such appointment"


def test_a_date_that_the_pattern_has_lost_is_404(timetap: TimeTap) -> None:
    made = timetap.change(timetap.make(), {"wed": False})
    body = {"recurringAppt": made, "updatedAppt": {"startDate": SECOND, "note": "x"}}
    timetap.refused(404, "PUT", f"{PATH}/{made['recurringAppointmentId']}/updateByAppt", body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "recurringAppt must be an object"),
        ({"recurringAppt": []}, "recurringAppt must be an object"),
        ({"recurringAppt": {}}, "recurringAppointmentId of recurringAppt must be {id}, as in the path"),
        ({"recurringAppt": {"recurringAppointmentId": "{id}"}}, "updatedAppt must be an object"),
        ({"updatedAppt": {"startTime": "10:00"}}, "startTime must be a whole number"),
        ({"updatedAppt": {"startTime": 1100}}, "endTime must be after startTime"),
        ({"updatedAppt": {"staff": None}}, "staff must be given"),
        ({"updatedAppt": {"startDate": "7 January"}}, "startDate must be a date written as YYYY-MM-DD"),
    ],
)
def test_an_unfit_body_is_explained(timetap: TimeTap, body: dict[str, Any], words: str) -> None:
    made = timetap.make()
    number = made["recurringAppointmentId"]
    if "updatedAppt" in body:
        body = {"recurringAppt": made, "updatedAppt": {"startDate": SECOND} | body["updatedAppt"]}
    elif body.get("recurringAppt"):
        body = {"recurringAppt": {"recurringAppointmentId": number}}
    assert timetap.refused(400, "PUT", f"{PATH}/{number}/updateByAppt", body) == words.format(id=number)
    assert timetap.told("ownChanges") == {key: {} for key in DATES}


def test_only_the_id_of_the_series_object_counts(timetap: TimeTap) -> None:
    made = timetap.make()
    assert timetap.change_one(made | {"note": "x", "startTime": 1}, {"startDate": SECOND}) == made


def test_what_belongs_to_the_series_is_ignored(timetap: TimeTap) -> None:
    made = timetap.make()
    fields = {"startDate": SECOND, "type": "D", "mon": "no", "endDate": SECOND, "businessId": 5, "everyXWeeks": 0}
    assert timetap.change_one(made, fields) == made
    assert timetap.told("ownChanges") == {key: {} for key in DATES}


def test_one_appointment_is_cancelled_and_opened_again(timetap: TimeTap) -> None:
    made = timetap.make()
    changed = timetap.change_one(made, {"startDate": SECOND, "status": "Cancelled", "cancelReason": "storm"})
    assert (changed["status"], changed["dates"]) == ("Open", [FIRST, THIRD, FOURTH])
    timetap.change(made, {"note": "x"})
    assert timetap.told("status")[SECOND] == "Cancelled"
    assert timetap.change_one(made, {"startDate": SECOND, "status": "Open"})["dates"] == DATES


def test_a_closed_appointment_of_a_cancelled_series_is_cancelled(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.change_one(made, {"startDate": SECOND, "status": "Closed"})
    assert timetap.told("status") == dict.fromkeys(DATES, "Open") | {SECOND: "Closed"}
    timetap.change(made, {"status": "Cancelled"})
    assert timetap.told("status") == dict.fromkeys(DATES, "Cancelled")


def test_what_differs_is_changed_from_it_on(timetap: TimeTap) -> None:
    made = timetap.make()
    fields = made | {"startDate": THIRD, "startTime": 1000, "endTime": 1045}
    changed = timetap.change_one(made, fields, effectiveFollowingThisDate=1)
    assert changed == made | {"startTime": 1000, "endTime": 1045, "clientStartTime": 1000, "clientEndTime": 1045}
    assert timetap.told("startTime") == {FIRST: 930, SECOND: 930, THIRD: 1000, FOURTH: 1000}
    assert timetap.told("ownChanges") == {key: {} for key in DATES}


def test_what_follows_keeps_its_own_changes_and_the_date_stays_its_own(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.change_one(made, {"startDate": FOURTH, "startTime": 800})
    query = {"dateSelected": THIRD, "effectiveFollowingThisDate": 1}
    changed = timetap.change_one(made, {"startDate": "2027-01-12", "startTime": 1000}, **query)
    assert (changed["dates"], changed["startDate"]) == ([FIRST, SECOND, "2027-01-12", FOURTH], FIRST)
    assert timetap.told("startTime") == {FIRST: 930, SECOND: 930, THIRD: 1000, FOURTH: 800}


def test_a_reset_start_day_starts_the_series_there(timetap: TimeTap) -> None:
    made = timetap.make()
    query = {"effectiveFollowingThisDate": 1, "resetStartDay": "true"}
    changed = timetap.change_one(made, {"startDate": THIRD, "note": "x"}, **query)
    assert (changed["startDate"], changed["dates"]) == (THIRD, DATES)


def test_what_was_left_with_other_fields_keeps_those_that_nobody_touches(timetap: TimeTap) -> None:
    later = timetap.change(timetap.make(), {"startTime": 1000}, dateSelected=THIRD, effectiveFollowingThisDate=1)
    timetap.change_one(later, {"note": "x"}, dateSelected=SECOND, effectiveFollowingThisDate=1)
    assert timetap.told("startTime") == {FIRST: 930, SECOND: 930, THIRD: 1000, FOURTH: 1000}
    assert timetap.told("note") == {FIRST: None, SECOND: "x", THIRD: "x", FOURTH: "x"}


def test_what_was_left_with_another_pattern_keeps_its_dates(timetap: TimeTap) -> None:
    moved = {"mon": False, "wed": False, "tue": True}
    later = timetap.change(timetap.make(), moved, dateSelected=THIRD, effectiveFollowingThisDate=1)
    assert later["dates"] == [FIRST, SECOND, "2027-01-12"]
    changed = timetap.change_one(later, {"note": "x"}, dateSelected=SECOND, effectiveFollowingThisDate=1)
    assert changed["dates"] == later["dates"]


def test_a_reset_start_day_keeps_what_nobody_touches(timetap: TimeTap) -> None:
    later = timetap.change(timetap.make(), {"startTime": 1000}, dateSelected=FOURTH, effectiveFollowingThisDate=1)
    query = {"dateSelected": THIRD, "effectiveFollowingThisDate": 1, "resetStartDay": "true"}
    changed = timetap.change_one(later, {"note": "x"}, **query)
    assert (changed["startDate"], changed["dates"]) == (THIRD, DATES)
    assert timetap.told("startTime") == {FIRST: 930, SECOND: 930, THIRD: 930, FOURTH: 1000}


def test_fields_that_do_not_fit_what_was_left_are_refused(timetap: TimeTap) -> None:
    made = timetap.make(startTime=800, endTime=830)
    later = timetap.change(made, {"startTime": 1000, "endTime": 1030}, dateSelected=THIRD, effectiveFollowingThisDate=1)
    fields = {"recurringAppt": later, "updatedAppt": {"endTime": 900}}
    path = f"{PATH}/{made['recurringAppointmentId']}/updateByAppt"
    query = {"dateSelected": SECOND, "effectiveFollowingThisDate": 1}
    assert timetap.refused(400, "PUT", path, fields, **query) == "endTime must be after startTime"
    assert timetap.told("endTime") == {FIRST: 830, SECOND: 830, THIRD: 1030, FOURTH: 1030}


def test_a_cancelled_rest_is_cancelled(timetap: TimeTap) -> None:
    made = timetap.make()
    fields = {"startDate": THIRD, "status": "Cancelled"}
    assert timetap.change_one(made, fields, effectiveFollowingThisDate=1)["dates"] == [FIRST, SECOND]


MONDAYS = [(date(2027, 1, 4) + timedelta(weeks=week)).isoformat() for week in range(12)]
STEPS = st.lists(
    st.tuples(st.sampled_from(["all", "from", "one", "one and on"]), st.sampled_from(MONDAYS), st.integers(0, 22)),
    max_size=8,
)


def check_against_a_simple_model(timetap: TimeTap, steps: list[tuple[str, str, int]]) -> None:
    """The hour of each date: what it has from the series, and what of its own, in two plain dictionaries."""
    series = timetap.make(wed=False, endDate=MONDAYS[-1], startTime=2300, endTime=2359)
    common, own = dict.fromkeys(MONDAYS, 2300), dict[str, int]()
    for sort, day, hour in steps:
        time = {"startTime": hour * 100}
        query = {"dateSelected": day, "effectiveFollowingThisDate": int(sort in ("from", "one and on"))}
        selected = [each for each in MONDAYS if sort == "all" or each >= day]
        if sort in ("all", "from"):
            series = timetap.change(series, time | {"clientStartTime": None}, **query)
            common |= dict.fromkeys(selected, hour * 100)
        elif sort == "one":
            timetap.change_one(series, {"startDate": day} | time, **query)
            own[day] = hour * 100
            if common[day] == hour * 100:
                del own[day]
        else:
            # What differs from the appointment is what changes, and nothing else does.
            differs = own.get(day, common[day]) != hour * 100
            series = timetap.change_one(series, {"startDate": day} | time, **query)
            if differs:
                common |= dict.fromkeys(selected, hour * 100)
                own.pop(day, None)
    number = series["recurringAppointmentId"]
    (found,) = [
        each for each in timetap.sandbox.control("GET", "/timetap/series") if each["recurringAppointmentId"] == number
    ]
    assert {each["originalDate"]: each["startTime"] for each in found["occurrences"]} == common | own
    assert found["dates"] == MONDAYS


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_random_changes_are_those_of_a_simple_model(timetap: TimeTap, steps: list[tuple[str, str, int]]) -> None:
    timetap.sandbox.control("POST", "/reset")
    timetap.sign_in()
    check_against_a_simple_model(timetap, steps)


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_many_random_changes_are_those_of_a_simple_model(timetap: TimeTap, steps: list[tuple[str, str, int]]) -> None:
    timetap.sandbox.control("POST", "/reset")
    timetap.sign_in()
    check_against_a_simple_model(timetap, steps)
