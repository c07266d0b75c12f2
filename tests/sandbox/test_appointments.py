"""Appointments: what is booked is what is offered, and everything that can happen to one afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.sandbox.tables.appointments import busy
from tests.sandbox.conftest import API, open_sandbox
from tests.sandbox.salon import Salon, opened_salon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sandbox.conftest import Sandbox

EASTERN = "US/Eastern"
# seed: List Appointments, the sample
SHOWN = {
    **dict.fromkeys(("id", "client_id", "company_id", "employee_id", "location_id", "service_id", "length"), int),
    **dict.fromkeys(("duration_padding", "status", "price", "timezone_offset_seconds", "timezone_id"), int),
    **dict.fromkeys(("client_email", "client_name", "client_phone", "client_address", "start_date", "end_date"), str),
    **dict.fromkeys(("note", "type", "subservices", "ews_id", "timezone_short"), str),
    **dict.fromkeys(("custom_fields", "custom_data"), dict),
    "paid": bool,
}
WRITTEN = {"last_updated": str, "created_at": str}


def types(body: dict[str, Any]) -> dict[str, type]:
    return {name: type(value) for name, value in body.items()}


@pytest.fixture
def salon(sandbox: Sandbox) -> Salon:
    return opened_salon(sandbox)


def zone(sandbox: Sandbox, name: str) -> int:
    return next(int(number) for number, each in sandbox.ok("GET", "/tz/list").items() if each["dbName"] == name)


def test_an_appointment_has_the_fields_of_the_samples(sandbox: Sandbox, salon: Salon) -> None:
    made = sandbox.ok("POST", "/appointment", salon.body())
    assert types(made) == SHOWN
    (read,) = sandbox.ok("GET", f"/appointment/{made['id']}")
    assert types(read) == SHOWN | WRITTEN | {"provider_email": str}
    assert [types(each) for each in sandbox.ok("GET", "/appointment")] == [SHOWN | WRITTEN]
    changed = sandbox.ok("PUT", f"/appointment/{made['id']}", salon.body(note="Hi"))
    assert types(changed) == SHOWN | WRITTEN | {"old_id": int}
    named = {"appointment_id": made["id"]}
    assert types(sandbox.ok("POST", "/appointment/verify", named)) == SHOWN | WRITTEN
    confirmed = types(sandbox.ok("POST", "/appointment/confirm", named))
    assert confirmed == {name: kind for name, kind in (SHOWN | WRITTEN).items() if name != "custom_data"}
    assert types(sandbox.ok("POST", "/appointment/decline", named | {"reason": "ill"})) == SHOWN | WRITTEN


def test_its_times_are_those_of_the_location_and_its_zone_is_the_one_that_was_said(sandbox: Sandbox) -> None:
    eastern = zone(sandbox, EASTERN)
    salon = opened_salon(sandbox, zone=eastern)
    there = salon.read(salon.book("2026-03-10 12:00"))
    assert (there["start_date"], there["end_date"], there["length"]) == (
        "2026-03-10 12:00",
        "2026-03-10 13:00",
        3600000,
    )
    assert (there["timezone_id"], there["timezone_short"], there["timezone_offset_seconds"]) == (
        *(eastern, "GMT -04:00", -14400),
    )
    before_summer = salon.read(salon.book("2026-03-06 12:00"))
    assert (before_summer["start_date"], before_summer["timezone_short"]) == ("2026-03-06 12:00", "GMT -05:00")
    far = salon.read(salon.book("2026-03-10 09:00", timezone_id=zone(sandbox, "Asia/Kolkata")))
    assert (far["start_date"], far["timezone_short"], far["timezone_offset_seconds"]) == (
        *("2026-03-10 09:00", "GMT -04:00", -14400),
    )
    assert far["timezone_id"] == zone(sandbox, "Asia/Kolkata")


def test_a_start_less_its_offset_is_the_same_instant_in_every_answer(sandbox: Sandbox) -> None:
    kolkata, instant = zone(sandbox, "Asia/Kolkata"), datetime(2026, 3, 10, 16)  # noqa: DTZ001  UTC, as computed below
    sandbox.ok("POST", "/subscribe", {"target_url": "", "events": ["*"]})
    salon = opened_salon(sandbox, zone=zone(sandbox, EASTERN))
    body = salon.body("2026-03-10 12:00", timezone_id=kolkata)
    answers = [sandbox.ok("POST", "/appointment", body)]
    number = answers[0]["id"]
    answers += [sandbox.ok("PUT", f"/appointment/{number}", body | {"timezone_id": zone(sandbox, "UTC")})]
    for name in ("verify", "confirm"):
        answers += [sandbox.ok("POST", f"/appointment/{name}", {"appointment_id": number})]
    answers += [salon.read(number), *sandbox.ok("GET", "/appointment")]
    answers += sandbox.ok("GET", "/appointment", timezone_id=kolkata)
    answers += sandbox.ok("GET", "/appointment/listView")["results"]
    answers += sandbox.ok("GET", "/appointment/upcoming")["records"]
    answers += [each["payload"]["data"] for each in sandbox.control("GET", "/deliveries")]
    offsets = [timedelta(seconds=each["timezone_offset_seconds"]) for each in answers]
    starts = [datetime.fromisoformat(each["start_date"]) for each in answers]
    assert {start - offset for start, offset in zip(starts, offsets, strict=True)} == {instant}
    assert len(answers) > 10


def test_a_refused_appointment_is_a_403_with_its_own_code(sandbox: Sandbox, salon: Salon) -> None:
    salon.book()
    params = {"session_token": sandbox.token, "company_id": 2345}
    for body, code in (
        (salon.body(), 10),
        (salon.body("2026-03-10 12:30"), 9),  # no predefined start
        (salon.body("2026-03-10 20:00"), 9),
        (salon.body("2026-03-14 12:00"), 9),  # a Saturday
        (salon.body("2026-03-01 12:00"), 9),  # over
    ):
        answer = sandbox.request("POST", f"{API}/appointment", params=params, json=body)
        assert (answer.status_code, answer.json()["statusCode"]) == (403, code)
    assert len(salon.found()) == 1
    assert [each["last_app_date"] for each in sandbox.ok("GET", "/client")] == ["2026-03-10T19:00:00Z"]


def test_a_slot_goes_to_one_however_many_ask_at_once(sandbox: Sandbox, salon: Salon, tmp_path: Path) -> None:
    hours = [f"2026-03-10 {hour:02}:00" for hour in range(9, 17)]

    def ask(_: int) -> list[int]:
        other = open_sandbox(tmp_path / "sandbox.db")
        try:
            return [other.call("POST", "/appointment", salon.body(hour))["statusCode"] for hour in hours]
        finally:
            other.close()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(ask, range(3)))
    assert [sorted(codes) for codes in zip(*answers, strict=True)] == [[0, 10, 10]] * len(hours)
    assert [each["start_date"] for each in sandbox.ok("GET", "/appointment")] == hours


def test_a_slot_is_held_with_its_padding_on_both_sides(sandbox: Sandbox) -> None:
    salon = opened_salon(sandbox, duration_padding=15)
    number = salon.book("2026-03-10 09:00")  # 16:00 UTC
    start = int(datetime(2026, 3, 10, 16, tzinfo=UTC).timestamp())

    def held(first: int, last: int) -> list[int]:
        found = busy(sandbox.app.state.store, 2345, {salon.employee, 1}, start + first * 60, start + last * 60)
        return [each.id for each in found]

    assert held(0, 60) == held(74, 75) == held(-60, -14) == [number]
    assert held(75, 90) == held(-60, -15) == []


def test_whoever_is_free_takes_it_where_nobody_is_named(sandbox: Sandbox, salon: Salon) -> None:
    other = salon.hired("bo@example.com")
    first, second = (salon.read(salon.book(employee_id="")) for _ in range(2))
    assert {first["employee_id"], second["employee_id"]} == {salon.employee, other}
    sandbox.refused(10, "POST", "/appointment", salon.body(employee_id=None))


def test_subservices_make_it_longer_and_a_duration_says_how_long(sandbox: Sandbox, salon: Salon) -> None:
    extra = sandbox.service(name="Tea", duration=30, is_subservice=True)
    links = {str(salon.location): {str(salon.service): 1, str(extra): 1}}
    body = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "status": True, "links": links}
    sandbox.ok("PUT", f"/employee/{salon.employee}", body)
    with_tea = salon.read(salon.book("2026-03-10 09:00", subservices=f"{extra}"))
    assert (with_tea["end_date"], with_tea["subservices"]) == ("2026-03-10 10:30", str(extra))
    assert salon.read(salon.book("2026-03-11 09:00", duration=120))["end_date"] == "2026-03-11 11:00"


@pytest.mark.parametrize(("service", "options", "status"), [(1, 0, 2), (0, 1, 1)])
def test_the_service_says_whether_it_is_confirmed_at_once(
    sandbox: Sandbox, service: int, options: int, status: int
) -> None:
    sandbox.ok("POST", "/account/saveOptions", {"auto_confirm": options})
    salon = opened_salon(sandbox, auto_confirm=service)
    assert salon.read(salon.book())["status"] == status


def test_the_account_says_it_where_the_service_has_no_rules_of_its_own(sandbox: Sandbox) -> None:
    sandbox.ok("POST", "/account/saveOptions", {"auto_confirm": 1})
    salon = opened_salon(sandbox, active_rules=0)
    assert salon.read(salon.book())["status"] == 2
    assert salon.read(salon.book("2026-03-10 14:00", status=0))["status"] == 0


def test_a_no_show_in_the_past_can_be_corrected(sandbox: Sandbox, salon: Salon) -> None:
    number = salon.book("2026-03-10 12:00")
    sandbox.clock.advance(86400 * 10)
    sandbox.sign_in()
    for status in (9, 8, 3, 2):
        changed = sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-10 12:00", status=status))
        assert (changed["status"], changed["start_date"]) == (status, "2026-03-10 12:00")


@pytest.mark.parametrize("again", ["confirm", "PUT"])
@pytest.mark.parametrize("what", ["zone", "length", "hours", "employee"])
def test_what_was_declined_comes_back_as_it_was_booked(sandbox: Sandbox, salon: Salon, what: str, again: str) -> None:
    number = salon.book("2026-03-10 12:00")
    before = salon.read(number)
    sandbox.ok("POST", "/appointment/decline", {"appointment_id": number, "reason": "ill"})
    person = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "links": []}
    {
        "zone": lambda: sandbox.ok(
            "PUT", f"/location/{salon.location}", {"name": "L", "timezone_id": zone(sandbox, EASTERN)}
        ),
        "length": lambda: sandbox.ok("PUT", f"/service/{salon.service}", {"name": "S", "duration": 120}),
        "hours": lambda: sandbox.ok("PUT", f"/employee/{salon.employee}/assignAvailability", {"availabilities": []}),
        "employee": lambda: sandbox.ok("PUT", f"/employee/{salon.employee}", person),
    }[what]()
    if again == "confirm":
        sandbox.ok("POST", "/appointment/confirm", {"appointment_id": number})
    else:
        sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-10 12:00", status=2))
    after = salon.read(number)
    assert after == before | {"status": 2, "last_updated": after["last_updated"]}


@pytest.mark.parametrize(("start", "code"), [("10:45", 0), ("11:00", 10), ("12:00", 10), ("13:00", 10), ("13:15", 0)])
def test_what_was_declined_needs_its_slot_and_its_padding(sandbox: Sandbox, start: str, code: int) -> None:
    salon = opened_salon(sandbox, duration_padding=15, start_step=15)
    number = salon.book("2026-03-10 12:00")
    sandbox.ok("POST", "/appointment/decline", {"appointment_id": number, "reason": "ill"})
    salon.book(f"2026-03-10 {start}")
    met = sandbox.attempt("POST", "/appointment/confirm", {"appointment_id": number})
    assert (met.code, met.end) == (code, 403 if code else 200)
    assert salon.read(number)["status"] == (3 if code else 2)


def test_what_was_declined_needs_a_seat_of_its_session(sandbox: Sandbox) -> None:
    salon = opened_salon(sandbox, group_session=2)
    first, second = salon.book(), salon.book()
    sandbox.ok("POST", "/appointment/decline", {"appointment_id": first, "reason": "ill"})
    sandbox.ok("POST", "/appointment/confirm", {"appointment_id": first})
    sandbox.ok("POST", "/appointment/decline", {"appointment_id": first, "reason": "ill"})
    salon.book()
    sandbox.refused(10, "POST", "/appointment/confirm", {"appointment_id": first})
    sandbox.ok("DELETE", f"/appointment/{second}")
    sandbox.ok("POST", "/appointment/confirm", {"appointment_id": first})


def test_its_client_is_made_once_and_updated_afterwards(sandbox: Sandbox, salon: Salon) -> None:
    first = salon.read(salon.book(client_phone="555", client_address="1 Road"))
    (made,) = sandbox.ok("GET", "/client")
    assert (made["client_id"], made["email"], made["name"]) == (first["client_id"], "liv@example.com", "Liv")
    assert (made["phone"], made["address"], made["employee_id"]) == ("555", "1 Road", salon.employee)
    assert (made["last_app_date"], made["cient_since"]) == ("2026-03-10T19:00:00Z", "2026-03-02")
    again = salon.body("2026-03-11 09:00", client_email="LIV@example.com", client_name="Liv Lee")
    assert sandbox.ok("POST", "/appointment", again)["client_id"] == made["client_id"]
    (changed,) = sandbox.ok("GET", "/client")
    assert (changed["name"], changed["phone"], changed["last_app_date"]) == ("Liv Lee", "555", "2026-03-11T16:00:00Z")
    assert salon.read(first["id"])["client_name"] == "Liv"


def test_modifying_moves_it_and_leaves_its_old_place_free(sandbox: Sandbox, salon: Salon) -> None:
    number = salon.book(note="Hello", price=12)
    moved = sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-11 13:00"))
    assert (moved["id"], moved["old_id"], moved["start_date"]) == (number, number, "2026-03-11 13:00")
    assert (moved["note"], moved["price"]) == ("Hello", 12)
    other = salon.book()
    assert sandbox.refused(10, "PUT", f"/appointment/{number}", salon.body())
    assert salon.read(number)["start_date"] == "2026-03-11 13:00"
    assert salon.found() == [other, number]


def test_it_does_not_stand_in_its_own_way(sandbox: Sandbox, salon: Salon) -> None:
    number = salon.book("2026-03-10 09:00")
    longer = sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-10 09:00", duration=90))
    assert longer["end_date"] == "2026-03-10 10:30"


def test_what_is_over_can_be_completed_but_not_moved(sandbox: Sandbox, salon: Salon) -> None:
    number = salon.book("2026-03-03 09:00")
    sandbox.clock.advance(86400 * 3)
    sandbox.sign_in()
    done = sandbox.ok("PUT", f"/appointment/{number}", salon.body("2026-03-03 09:00", status=8, paid=True))
    assert (done["status"], done["paid"], done["last_updated"]) == (8, True, "2026-03-05 09:00:00")
    assert done["created_at"] == "2026-03-02 09:00:00"
    sandbox.refused(9, "PUT", f"/appointment/{number}", salon.body("2026-03-03 10:00"))


@pytest.mark.parametrize("status", [3, 9])
def test_what_is_cancelled_is_free_and_comes_back_only_if_it_still_is(
    sandbox: Sandbox, salon: Salon, status: int
) -> None:
    number = salon.book()
    assert sandbox.ok("PUT", f"/appointment/{number}", salon.body(status=status))["status"] == status
    other = salon.book()
    sandbox.refused(10, "PUT", f"/appointment/{number}", salon.body(status=2))
    sandbox.refused(10, "POST", "/appointment/confirm", {"appointment_id": number})
    assert salon.read(number)["status"] == status
    sandbox.ok("DELETE", f"/appointment/{other}")
    assert sandbox.ok("POST", "/appointment/confirm", {"appointment_id": number})["status"] == 2
    sandbox.refused(10, "POST", "/appointment", salon.body())


@pytest.mark.parametrize(("put", "left"), [("partial", ("Hello", "555", 12, {"1": "x"})), ("full", ("", "", 0, {}))])
def test_a_body_says_everything_or_only_what_changes(
    opened: Callable[..., Sandbox], put: str, left: tuple[Any, ...]
) -> None:
    sandbox = opened({"put": put})
    salon = opened_salon(sandbox)
    number = salon.book(note="Hello", client_phone="555", price=12, custom_data={"1": "x"}, status=2)
    body = salon.body()
    for name in ("employee_id", "location_id"):
        del body[name]
    after = sandbox.ok("PUT", f"/appointment/{number}", body)
    assert (after["note"], after["client_phone"], after["price"], after["custom_data"]) == left
    assert (after["status"], after["employee_id"], after["start_date"]) == (2, salon.employee, "2026-03-10 12:00")


def test_verifying_confirming_and_declining_change_the_status(sandbox: Sandbox, salon: Salon) -> None:
    named = {"appointment_id": salon.book(status=2)}
    assert sandbox.ok("POST", "/appointment/verify", named)["status"] == 0
    assert sandbox.ok("POST", "/appointment/confirm", named)["status"] == 2
    assert sandbox.refused(1, "POST", "/appointment/decline", named) == "reason is required"
    assert sandbox.ok("POST", "/appointment/decline", named | {"reason": "ill"})["status"] == 3
    for action in ("verify", "confirm"):
        assert sandbox.refused(1, "POST", f"/appointment/{action}", {}) == "appointment_id is required"
    sandbox.refused(7, "POST", "/appointment/confirm", {"appointment_id": 1})
    mails = [(each["to"], each["about"]) for each in sandbox.control("GET", "/mails")]
    assert mails == [("liv@example.com", "Verification required")]


@pytest.mark.parametrize(
    ("send_to", "words", "receivers"),
    [
        ("client", "Sent to client", ["liv@example.com"]),
        ("provider", "Sent to provider", ["ann@example.com"]),
        (None, "Sent to provider and client", ["liv@example.com", "ann@example.com"]),
    ],
)
def test_a_reminder_says_whom_it_went_to(
    sandbox: Sandbox, salon: Salon, send_to: str | None, words: str, receivers: list[str]
) -> None:
    body = {"appointment_id": salon.book()} | ({"send_to": send_to} if send_to else {})
    answer = sandbox.call("POST", "/appointment/sendReminder", body)
    assert answer == {"statusCode": 0, "statusDescriptions": words, "data": {}}
    assert [each["to"] for each in sandbox.control("GET", "/mails")] == receivers
    sandbox.refused(1, "POST", "/appointment/sendReminder", body | {"send_to": "all"})


def test_each_thing_a_client_may_do_has_a_hash_of_its_own(sandbox: Sandbox, salon: Salon) -> None:
    number, other = salon.book(), salon.book("2026-03-10 14:00")
    path = f"/appointment/hash/{number}"
    hashes = [sandbox.ok("GET", path, hash_type=each) for each in ("reschedule", "cancel", "confirm")]
    assert len({*hashes, sandbox.ok("GET", f"/appointment/hash/{other}")}) == 4
    assert sandbox.ok("GET", path) == hashes[0]
    assert all(len(each) == 12 and each.isalnum() for each in hashes)
    sandbox.refused(1, "GET", path, hash_type="delete")
    sandbox.refused(7, "GET", "/appointment/hash/1")


def test_a_deleted_appointment_is_gone_and_its_client_stays(sandbox: Sandbox, salon: Salon) -> None:
    number = salon.book()
    assert sandbox.ok("DELETE", f"/appointment/{number}") == {}
    assert sandbox.refused(7, "GET", f"/appointment/{number}") == f"appointment {number} not found"
    assert len(sandbox.ok("GET", "/client")) == 1
    assert salon.book() > number


def test_nobody_else_has_it(sandbox: Sandbox, salon: Salon) -> None:
    number, child = salon.book(), sandbox.child()
    sandbox.refused(7, "GET", f"/appointment/{number}", company_id=child)
    sandbox.refused(7, "DELETE", f"/appointment/{number}", company_id=child)
    sandbox.refused(7, "POST", "/appointment/decline", {"appointment_id": number, "reason": "x"}, company_id=child)
    assert sandbox.ok("GET", "/appointment", company_id=child) == []
    assert salon.found() == [number]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_email": None}, "client_email is required"),
        ({"client_email": "liv"}, "client_email must be an e-mail address"),
        ({"client_name": " "}, "client_name must not be blank"),
        ({"start_date": "10/3/2026"}, "start_date must be a date and time YYYY-MM-DD HH:MM"),
        ({"start_date": "0001-01-01 00:00"}, "start_date must be in the years 1970 to 2499"),
        ({"duration": 20}, "duration must be a multiple of 15, at least 15"),
        ({"status": 5}, "status must be one of 0, 1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13"),
        ({"subservices": "tea"}, "subservices must be ids separated by commas"),
        ({"paid": "maybe"}, "paid must be true (1) or false (0)"),
        ({"timezone_id": 3}, "timezone_id 3 is no time zone of tz/list"),
        ({"custom_data": "x"}, "custom_data must be an object"),
        ({"service_id": None, "client_name": None}, "client_name is required; service_id is required"),
    ],
)
def test_a_value_that_does_not_fit_is_named(sandbox: Sandbox, salon: Salon, change: dict[str, Any], words: str) -> None:
    assert sandbox.refused(1, "POST", "/appointment", salon.body() | change) == words
    assert salon.found() == []


def test_a_form_books_as_well(sandbox: Sandbox, salon: Salon) -> None:
    params = {"session_token": sandbox.token, "company_id": 2345}
    form = {f"{name}": str(value) for name, value in salon.body(paid="1").items()} | {"custom_data[Colour]": "red"}
    made = sandbox.request("POST", f"{API}/appointment", params=params, data=form).json()["data"]
    assert (made["paid"], made["custom_data"]) == (True, {"Colour": "red"})
    wrapped = sandbox.ok("PUT", f"/appointment/{made['id']}", {"data": salon.body(note="Hi")})
    assert wrapped["note"] == "Hi"
