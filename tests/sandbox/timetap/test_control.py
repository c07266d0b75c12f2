"""The control API looks into TimeTap's half as into Setster's, and forgets both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.timetap.conftest import DATES, PATH, TimeTap

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

FIRST, SECOND, THIRD, FOURTH = DATES


def test_series_are_listed_with_their_occurrences(timetap: TimeTap) -> None:
    made = timetap.make(seats=8)
    timetap.change_one(made, {"startDate": "2027-01-07", "startTime": 900}, dateSelected=SECOND)
    (listed,) = timetap.sandbox.control("GET", "/timetap/series")
    single = listed.pop("occurrences")
    assert listed == timetap.ok("GET", f"{PATH}/{made['recurringAppointmentId']}")
    assert [each["originalDate"] for each in single] == DATES
    assert single[1] == {
        "calendarId": single[0]["calendarId"] + 1,
        "recurringAppointmentId": made["recurringAppointmentId"],
        "originalDate": SECOND,
        "status": "Open",
        "startDate": "2027-01-07",
        "startTime": 900,
        "endTime": 1015,
        "clientStartTime": 900,
        "clientEndTime": 1015,
        "staffId": 33,
        "additionalStaffIdList": [],
        "blockStaffIdList": [],
        "locationId": 11,
        "reasonId": 22,
        "clientId": None,
        "seats": 8,
        "price": None,
        "note": None,
        "changeReason": None,
        "cancelReason": None,
        "ownChanges": {"startDate": "2027-01-07", "startTime": 900},
    }


def test_the_dump_holds_what_is_stored(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.change(made, {"note": "x"}, dateSelected=THIRD, effectiveFollowingThisDate=1)
    body = {"recurringAppointmentId": made["recurringAppointmentId"], "date": FIRST, "clientId": 7}
    timetap.sandbox.control("POST", "/timetap/waitlist", body)
    (stored,) = timetap.sandbox.control("GET", "/dump")["timetap"]
    assert (stored["id"], stored["until"], stored["body"]["note"]) == (
        made["recurringAppointmentId"],
        "2027-01-17",
        "x",
    )
    assert [each["base"] is None for each in stored["occurrences"]] == [False, False, True, True]
    assert [(each["date"], each["client_id"]) for each in stored["waiting"]] == [(FIRST, 7)]
    assert "timetap" not in timetap.sandbox.dump()  # one company of Setster's


def test_a_reset_empties_both_and_ends_all_sessions(timetap: TimeTap) -> None:
    made = timetap.make(sendConfirmationToStaff=True)
    timetap.sandbox.control("PUT", "/timetap", {"horizon_days": 5})
    timetap.sandbox.control("POST", "/reset")
    timetap.refused(401, "GET", f"{PATH}/{made['recurringAppointmentId']}")
    timetap.sign_in()
    timetap.refused(404, "GET", f"{PATH}/{made['recurringAppointmentId']}")
    for path in ("/timetap/series", "/timetap/messages"):
        assert timetap.sandbox.control("GET", path) == []
    assert timetap.sandbox.control("GET", "/timetap") == {
        "timestamp_seconds": 300,
        "horizon_days": 366,
        "put": "partial",
        "own": "keep",
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"horizon": 5},
        {"horizon_days": 0},
        {"horizon_days": None},
        {"horizon_days": 3_661},
        {"timestamp_seconds": "5"},
        {"timestamp_seconds": True},
        [1],
        5,
    ],
    ids=str,
)
def test_an_unfit_setting_is_explained_and_changes_nothing(timetap: TimeTap, wrong: Any) -> None:
    before = timetap.sandbox.control("GET", "/timetap")
    answer = timetap.sandbox.request("PUT", "/_sandbox/timetap", json=wrong)
    assert (answer.status_code, bool(answer.json()["error"])) == (400, True)
    assert timetap.sandbox.control("GET", "/timetap") == before


def test_a_file_from_before_timetap_can_be_used(timetap: TimeTap, opened: Callable[..., Sandbox]) -> None:
    for table in ("bearers", "series", "occurrences", "notices", "waiting"):
        timetap.sandbox.app.state.store.run(f"DROP TABLE {table}")
    later = TimeTap(opened())
    later.sign_in()
    assert later.make()["dates"] == DATES
