"""The messages that would have gone out: none unless asked for, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.timetap.conftest import DATES, PATH

if TYPE_CHECKING:
    from tests.sandbox.timetap.conftest import TimeTap

FIRST, SECOND, THIRD, FOURTH = DATES
CLIENT = {"clientId": 44}


def sent(timetap: TimeTap) -> list[tuple[str, str, int, str | None]]:
    messages = timetap.sandbox.control("GET", "/timetap/messages")
    return [(each["about"], each["to"], each["id"], each["date"]) for each in messages]


def wait(timetap: TimeTap, series: dict[str, Any], date: str, client: int) -> int:
    body = {"recurringAppointmentId": series["recurringAppointmentId"], "date": date, "clientId": client}
    return int(timetap.sandbox.control("POST", "/timetap/waitlist", body)["waitListId"])


def test_nobody_is_told_unless_asked_for(timetap: TimeTap) -> None:
    made = timetap.make(client=CLIENT)
    wait(timetap, made, SECOND, 7)
    timetap.change(made, {"startTime": 900})
    timetap.change_one(made, {"startDate": SECOND, "startTime": 800})
    timetap.change(made, {"status": "Cancelled"})
    timetap.change(made, {"status": "Cancelled"}, sendWaitListInvites="false")
    assert sent(timetap) == []


def test_a_confirmation_is_sent_when_it_is_made_and_when_it_is_changed(timetap: TimeTap) -> None:
    made = timetap.make(client=CLIENT, sendConfirmationToClient=True, sendConfirmationToStaff=True)
    told: list[tuple[str, str, int, str | None]]
    told = [("confirmation", "client", 44, None), ("confirmation", "staff", 33, None)]
    assert sent(timetap) == told
    timetap.change(made, {"sendConfirmationToClient": False}, dateSelected=THIRD, effectiveFollowingThisDate=1)
    told += [("confirmation", "staff", 33, THIRD)]
    assert sent(timetap) == told
    timetap.change_one(made, {"startDate": FOURTH, "staff": {"staffId": 34}})
    told += [("confirmation", "staff", 34, FOURTH)]
    assert sent(timetap) == told
    timetap.change_one(made, {"startDate": SECOND, "note": "x"})  # it has stayed as it was, with its client's mail
    assert sent(timetap)[len(told) :] == [("confirmation", "client", 44, SECOND), ("confirmation", "staff", 33, SECOND)]
    (message, *_) = timetap.sandbox.control("GET", "/timetap/messages")
    assert message["recurringAppointmentId"] == made["recurringAppointmentId"]
    assert message["at"] == "2026-03-02T09:00:00+00:00"


def test_without_a_client_no_client_is_told(timetap: TimeTap) -> None:
    timetap.make(sendConfirmationToClient=True)
    assert sent(timetap) == []


def test_what_is_refused_tells_nobody(timetap: TimeTap) -> None:
    made = timetap.make(sendConfirmationToStaff=True)
    timetap.refused(400, "PUT", f"{PATH}/{made['recurringAppointmentId']}", made | {"endTime": 1})
    timetap.ok("POST", f"{PATH}/get/dates", made)
    assert len(sent(timetap)) == 1


def test_who_waits_for_a_cancelled_date_is_invited(timetap: TimeTap) -> None:
    made = timetap.make()
    for date, client in ((FOURTH, 7), (FIRST, 8), (FOURTH, 9), ("2027-01-05", 10)):
        wait(timetap, made, date, client)
    query = {"dateSelected": THIRD, "effectiveFollowingThisDate": 1, "sendWaitListInvites": "true"}
    timetap.change(made, {"status": "Cancelled"}, **query)
    invited = [("invitation", "client", 7, FOURTH), ("invitation", "client", 9, FOURTH)]
    assert sent(timetap) == invited
    timetap.change(made, {"status": "Cancelled"}, **query)
    assert sent(timetap) == invited  # it was cancelled before


def test_they_are_invited_for_one_date_and_for_one_the_pattern_loses(timetap: TimeTap) -> None:
    made = timetap.make()
    for date, client in ((SECOND, 7), (FOURTH, 8)):
        wait(timetap, made, date, client)
    timetap.change_one(made, {"startDate": SECOND, "status": "Cancelled"}, sendWaitListInvites="TRUE")
    timetap.change(made, {"wed": False}, sendWaitListInvites="true")
    assert sent(timetap) == [("invitation", "client", 7, SECOND), ("invitation", "client", 8, FOURTH)]


def test_a_series_names_its_first_wait_list(timetap: TimeTap) -> None:
    made = timetap.make()
    first = wait(timetap, made, FOURTH, 7)
    assert wait(timetap, made, FIRST, 7) == first + 1
    assert timetap.ok("GET", f"{PATH}/{made['recurringAppointmentId']}") == made | {"waitListId": first}


@pytest.mark.parametrize(
    "wrong", [{"recurringAppointmentId": 1}, {"date": "x"}, {"clientId": 0}, {"clientId": "7"}, {"date": None}]
)
def test_an_unfit_wait_list_entry_is_refused(timetap: TimeTap, wrong: dict[str, Any]) -> None:
    body = {"recurringAppointmentId": timetap.make()["recurringAppointmentId"], "date": FIRST, "clientId": 7} | wrong
    assert timetap.sandbox.request("POST", "/_sandbox/timetap/waitlist", json=body).status_code == 400
