"""Changing a series: which appointments follow, which stay, and which are cancelled."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.timetap.conftest import CLASS, DATES, PATH

if TYPE_CHECKING:
    from tests.sandbox.timetap.conftest import TimeTap

FIRST, SECOND, THIRD, FOURTH = DATES
LIVE = ["Open"] * 4


def test_a_change_is_for_all_of_the_series(timetap: TimeTap) -> None:
    made = timetap.make()
    changed = timetap.change(made, {"startTime": 900, "seats": 8, "note": "early"})
    assert (changed["startTime"], changed["seats"], changed["note"]) == (900, 8, "early")
    assert timetap.ok("GET", f"{PATH}/{made['recurringAppointmentId']}") == changed
    assert timetap.told("startTime") == dict.fromkeys(DATES, 900)
    assert timetap.told("seats") == dict.fromkeys(DATES, 8)


def test_what_is_left_out_stays_and_a_null_clears(timetap: TimeTap) -> None:
    made = timetap.make(note="Bring a mat", price="20.00")
    required = {name: CLASS[name] for name in ("endTime", "location", "reason", "staff", "startDate", "startTime")}
    number = {"recurringAppointmentId": made["recurringAppointmentId"]}
    changed = timetap.ok("PUT", f"{PATH}/{made['recurringAppointmentId']}", required | number | {"price": None})
    assert changed == made | {"price": None}


@pytest.mark.parametrize("name", ["endTime", "location", "reason", "staff", "startDate", "startTime"])
def test_a_required_property_is_required_again(timetap: TimeTap, name: str) -> None:
    made = timetap.make()
    body = {key: value for key, value in made.items() if key != name}
    words = timetap.refused(400, "PUT", f"{PATH}/{made['recurringAppointmentId']}", body)
    assert words == f"{name} must be given"


@pytest.mark.parametrize("number", [None, 1, "{id}", True])
def test_the_body_says_the_id_of_the_path(timetap: TimeTap, number: Any) -> None:
    made = timetap.make()
    own = made["recurringAppointmentId"]
    given = str(own) if number == "{id}" else number
    for path, body in ((f"{PATH}/{own}", CLASS), (f"{PATH}/{own}/updateByAppt", {})):
        wrong = body | {"recurringAppointmentId": given}
        sent = {"recurringAppt": wrong, "updatedAppt": {}} if path.endswith("Appt") else wrong
        assert timetap.refused(400, "PUT", path, sent).endswith(f"must be {own}, as in the path")


def test_what_an_earlier_change_wrote_is_known_by_its_time(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.sandbox.clock.advance(60)
    changed = timetap.change(made, {"note": "x"})
    assert (changed["dateCreated"], changed["dateModified"]) == (made["dateCreated"], made["dateModified"] + 60_000)
    timetap.sandbox.clock.advance(60)
    assert (
        timetap.change_one(made, {"startDate": SECOND, "note": "y"})["dateModified"] == made["dateModified"] + 120_000
    )


def test_from_a_date_on_what_is_before_stays(timetap: TimeTap) -> None:
    made = timetap.make()
    changed = timetap.change(made, {"startTime": 900}, dateSelected=THIRD, effectiveFollowingThisDate=1)
    assert (changed["recurringAppointmentId"], changed["startTime"]) == (made["recurringAppointmentId"], 900)
    assert (changed["startDate"], changed["dates"]) == (FIRST, DATES)
    assert timetap.told("startTime") == {FIRST: 930, SECOND: 930, THIRD: 900, FOURTH: 900}


def test_what_has_stayed_twice_is_as_it_was_at_first(timetap: TimeTap) -> None:
    made = timetap.make()
    made = timetap.change(made, {"startTime": 900}, dateSelected=SECOND, effectiveFollowingThisDate=1)
    timetap.change(made, {"startTime": 800}, dateSelected=FOURTH, effectiveFollowingThisDate=1)
    assert timetap.told("startTime") == {FIRST: 930, SECOND: 900, THIRD: 900, FOURTH: 800}
    timetap.change(made, {"startTime": 700})
    assert timetap.told("startTime") == dict.fromkeys(DATES, 700)


@pytest.mark.parametrize("following", ["", "0", None])
def test_a_selected_date_alone_changes_all(timetap: TimeTap, following: str | None) -> None:
    query = {} if following is None else {"effectiveFollowingThisDate": following}
    timetap.change(timetap.make(), {"startTime": 900}, dateSelected=THIRD, **query)
    assert timetap.told("startTime") == dict.fromkeys(DATES, 900)


def test_without_a_date_it_is_effective_from_the_start(timetap: TimeTap) -> None:
    timetap.change(timetap.make(), {"startTime": 900}, effectiveFollowingThisDate=1)
    assert timetap.told("startTime") == dict.fromkeys(DATES, 900)


def test_dates_that_the_pattern_loses_are_cancelled(timetap: TimeTap) -> None:
    made = timetap.make()
    changed = timetap.change(made, {"wed": False, "tue": True})
    assert changed["dates"] == [FIRST, "2027-01-05", THIRD, "2027-01-12"]
    status = {FIRST: "Open", "2027-01-05": "Open", SECOND: "Cancelled"}
    assert timetap.told("status") == status | {THIRD: "Open", "2027-01-12": "Open", FOURTH: "Cancelled"}


def test_dates_that_it_gets_back_are_as_new_and_never_double(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.change_one(made, {"startDate": SECOND, "note": "special"})
    timetap.change(made, {"wed": False})
    changed = timetap.change(made, {"wed": True})
    assert changed["dates"] == DATES
    assert timetap.told("ownChanges") == {key: {} for key in DATES}


def test_a_later_start_and_an_earlier_end_cancel_the_rest(timetap: TimeTap) -> None:
    changed = timetap.change(timetap.make(), {"startDate": SECOND, "endDate": THIRD})
    assert changed["dates"] == [SECOND, THIRD]
    assert list(timetap.told("status").values()) == ["Cancelled", "Open", "Open", "Cancelled"]


def test_from_a_date_on_the_pattern_before_it_stays(timetap: TimeTap) -> None:
    made = timetap.make()
    changed = timetap.change(made, {"mon": False}, dateSelected=THIRD, effectiveFollowingThisDate=1)
    assert changed["dates"] == [FIRST, SECOND, FOURTH]
    changed = timetap.change(changed, {"fri": True}, dateSelected=THIRD, effectiveFollowingThisDate=1)
    assert changed["dates"] == [FIRST, SECOND, FOURTH, "2027-01-15"]


def test_a_selected_date_need_not_be_one_of_the_series(timetap: TimeTap) -> None:
    timetap.change(timetap.make(), {"startTime": 900}, dateSelected="2027-01-08", effectiveFollowingThisDate=1)
    assert timetap.told("startTime") == {FIRST: 930, SECOND: 930, THIRD: 900, FOURTH: 900}


def test_every_second_week_goes_on_counting_unless_the_start_is_reset(timetap: TimeTap) -> None:
    made = timetap.make(everyXWeeks=2, wed=False, endDate="2027-02-15")
    assert made["dates"] == ["2027-01-04", "2027-01-18", "2027-02-01", "2027-02-15"]
    query = {"dateSelected": "2027-01-25", "effectiveFollowingThisDate": 1}
    counted = timetap.change(made, {"note": "x"}, **query)
    assert (counted["dates"], counted["startDate"]) == (made["dates"], "2027-01-04")
    reset = timetap.change(made, {"note": "x"}, resetStartDay="true", **query)
    assert reset["dates"] == ["2027-01-04", "2027-01-18", "2027-01-25", "2027-02-08"]
    assert reset["startDate"] == "2027-01-25"


def test_a_reset_start_day_is_the_day_of_the_month(timetap: TimeTap) -> None:
    made = timetap.make(type="M", everyXMonths=1, startDate="2027-01-31", endDate="2027-06-30")
    assert made["dates"] == ["2027-01-31", "2027-03-31", "2027-05-31"]
    query = {"dateSelected": "2027-04-30", "effectiveFollowingThisDate": 1, "resetStartDay": "true"}
    assert timetap.change(made, {}, **query)["dates"] == [
        "2027-01-31",
        "2027-03-31",
        "2027-04-30",
        "2027-05-30",
        "2027-06-30",
    ]


def test_cancelling_a_series_cancels_every_date(timetap: TimeTap) -> None:
    made = timetap.make()
    changed = timetap.change(made, {"status": "Cancelled", "cancelReason": "too few"})
    assert changed == made | {"status": "Cancelled", "cancelReason": "too few", "dates": []}
    assert timetap.told("status") == dict.fromkeys(DATES, "Cancelled")
    assert timetap.told("cancelReason") == dict.fromkeys(DATES, "too few")
    assert timetap.change(made, {"status": "Cancelled"})["dates"] == []


def test_cancelling_from_a_date_on_leaves_what_is_before(timetap: TimeTap) -> None:
    query = {"dateSelected": THIRD, "effectiveFollowingThisDate": 1}
    changed = timetap.change(timetap.make(), {"status": "Cancelled"}, **query)
    assert (changed["status"], changed["dates"]) == ("Cancelled", [FIRST, SECOND])
    assert list(timetap.told("status").values()) == ["Open", "Open", "Cancelled", "Cancelled"]


@pytest.mark.parametrize("status", ["Open", "Closed"])
def test_a_cancelled_series_can_be_opened_again(timetap: TimeTap, status: str) -> None:
    made = timetap.change(timetap.make(), {"status": "Cancelled"})
    assert timetap.change(made, {"status": status})["dates"] == DATES
    assert timetap.told("status") == dict.fromkeys(DATES, status)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"dateSelected": "04/01/2027"}, "dateSelected must be a date written as YYYY-MM-DD"),
        ({"dateSelected": "2027-02-30"}, "dateSelected must be a date of the calendar"),
        ({"effectiveFollowingThisDate": "true"}, "effectiveFollowingThisDate must be 0 or 1"),
        ({"effectiveFollowingThisDate": "20270104"}, "effectiveFollowingThisDate must be 0 or 1"),
        ({"resetStartDay": "1"}, "resetStartDay must be true or false"),
        ({"sendWaitListInvites": "yes"}, "sendWaitListInvites must be true or false"),
    ],
)
@pytest.mark.parametrize("by_appointment", [False, True])
def test_an_unfit_parameter_changes_nothing(
    timetap: TimeTap, query: dict[str, str], words: str, *, by_appointment: bool
) -> None:
    made = timetap.make()
    path, body = f"{PATH}/{made['recurringAppointmentId']}", made | {"note": "x"}
    if by_appointment:
        if "resetStartDay" in query:
            query = query | {"effectiveFollowingThisDate": "1"}
        path, body = f"{path}/updateByAppt", {"recurringAppt": made, "updatedAppt": {"startDate": SECOND, "note": "x"}}
    assert timetap.refused(400, "PUT", path, body, **query) == words
    assert timetap.ok("GET", f"{PATH}/{made['recurringAppointmentId']}") == made
    assert timetap.told("note") == dict.fromkeys(DATES)


def test_a_refused_change_changes_nothing(timetap: TimeTap) -> None:
    made = timetap.make()
    path = f"{PATH}/{made['recurringAppointmentId']}"
    for wrong in ({"endTime": 900}, {"endDate": "2027-01-01"}, {"status": "Gone"}, {"type": "M"}):
        timetap.refused(400, "PUT", path, made | wrong)
    timetap.refused(403, "PUT", path, made | {"businessId": 1})
    timetap.refused(400, "PUT", path, made | {"endDate": "2037-01-01", "tue": True, "thu": True, "fri": True}
                    | {"sat": True, "sun": True, "startDate": "2020-01-01"})  # fmt: skip
    assert timetap.ok("GET", path) == made


def test_a_series_without_an_end_goes_on_as_time_goes_by(timetap: TimeTap) -> None:
    made = timetap.make(endDate=None, wed=False)
    last = datetime.fromisoformat(made["dates"][-1])
    assert (made["dates"][0], last) == (FIRST, datetime(2028, 1, 3))  # noqa: DTZ001  a calendar date
    timetap.sandbox.clock.now = datetime(2027, 6, 1, tzinfo=UTC)
    timetap.sign_in()
    later = timetap.ok("GET", f"{PATH}/{made['recurringAppointmentId']}")["dates"]
    assert later[: len(made["dates"])] == made["dates"]
    assert later[-1] == "2028-05-29"
    assert all(
        datetime.fromisoformat(b) - datetime.fromisoformat(a) == timedelta(7) for a, b in itertools.pairwise(later)
    )


def test_it_goes_on_with_the_pattern_of_its_last_change(timetap: TimeTap) -> None:
    made = timetap.make(endDate=None, wed=False)
    query = {"dateSelected": "2027-12-01", "effectiveFollowingThisDate": 1}
    timetap.change(made, {"mon": False, "fri": True, "startTime": 900}, **query)
    timetap.sandbox.clock.now = datetime(2027, 6, 1, tzinfo=UTC)
    told = timetap.told("startTime")
    assert (told["2027-11-29"], told["2027-12-03"], told["2028-05-26"]) == (930, 900, 900)
    assert "2027-11-26" not in told
    assert "2028-05-29" not in told


def test_a_cancelled_series_does_not_go_on(timetap: TimeTap) -> None:
    timetap.change(timetap.make(endDate=None), {"status": "Cancelled"})
    before = timetap.occurrences()
    timetap.sandbox.clock.now = datetime(2028, 6, 1, tzinfo=UTC)
    assert timetap.occurrences() == before


def test_a_full_put_clears_what_it_leaves_out(timetap: TimeTap) -> None:
    timetap.sandbox.control("PUT", "/timetap", {"put": "full"})
    made = timetap.make(note="x", seats=4)
    kept = {name: made[name] for name in (*CLASS, "recurringAppointmentId")}
    changed = timetap.ok("PUT", f"{PATH}/{made['recurringAppointmentId']}", kept | {"price": "3"})
    assert (changed["note"], changed["seats"], changed["price"], changed["dates"]) == (None, 1, "3", DATES)


def test_a_full_update_by_an_appointment_clears_what_it_leaves_out(timetap: TimeTap) -> None:
    timetap.sandbox.control("PUT", "/timetap", {"put": "full"})
    made = timetap.make(note="x")
    whole = {name: made[name] for name in ("startTime", "endTime", "staff", "location", "reason", "status", "seats")}
    timetap.change_one(made, whole | {"startDate": DATES[1], "price": "3"})
    assert timetap.occurrences()[DATES[1]]["ownChanges"] == {"price": "3", "note": None}


def test_a_change_of_the_series_may_wipe_what_is_its_appointments_own(timetap: TimeTap) -> None:
    timetap.sandbox.control("PUT", "/timetap", {"own": "wipe"})
    made = timetap.make()
    for date in (DATES[0], DATES[2]):
        timetap.change_one(made, {"startDate": date, "note": "own"})
    timetap.change(made, {"seats": 2}, dateSelected=DATES[2], effectiveFollowingThisDate=1)
    assert timetap.told("note") == dict.fromkeys(DATES) | {DATES[0]: "own"}


def test_what_an_appointment_has_like_its_series_is_not_its_own(timetap: TimeTap) -> None:
    """Also where the series has it only because nothing was written."""
    made = timetap.make()
    timetap.change_one(made, {"startDate": DATES[1], "seats": 3, "status": "Cancelled"})
    timetap.change_one(made, {"startDate": DATES[1], "seats": 1, "status": "Open"})
    assert timetap.occurrences()[DATES[1]]["ownChanges"] == {}


@pytest.mark.parametrize("settings", [{"put": "both"}, {"own": None}, {"puts": "full"}])
def test_words_that_are_none(timetap: TimeTap, settings: dict[str, Any]) -> None:
    assert timetap.sandbox.request("PUT", "/_sandbox/timetap", json=settings).status_code == 400
