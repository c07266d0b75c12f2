"""Seed data: written as a client would write it, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

WEEK = {"start_date": "3/2/2026", "end_date": "3/31/2026", "repeat": 1, "type": 0}
APPOINTMENTS = [
    {
        "key": "first",
        "service_id": "@massage",
        "location_id": "@spa",
        "employee_id": "@ann",
        "start_date": "2026-03-09 10:00",
        "client_email": "maya@example.com",
        "client_name": "Maya",
    }
]
SPA = {
    "locations": [{"key": "spa", "name": "Spa", "city": "Rome"}],
    "services": [{"key": "massage", "name": "Massage", "duration": 60}],
    "employees": [
        {
            "key": "ann",
            "email": "ann@example.com",
            "first_name": "Ann",
            "last_name": "Lee",
            "status": True,
            "twitter": "@@ann",
            "links": {"@spa": {"@massage": 1}},
            "availabilities": [WEEK | {"location_id": "@spa", "days": {"mo": {"time": [["9:00", "12:00"]]}}}],
        }
    ],
    "clients": [{"key": "maya", "email": "maya@example.com", "name": "Maya"}],
    "appointments": APPOINTMENTS,
    "holidays": [{"name": "Rest", "type": 1, "month": 4, "day_in_week": 0, "day_order": 0}],
    "webhooks": [{"target_url": "http://127.0.0.1:9/x", "events": ["*"]}],
    "custom_fields": [
        {"label": "Allergies", "length": 9, "type": 0, "required": 0, "ord": 1, "status": 1, "visibility": 1}
        | {"readonly": 0, "hint": ""}
    ],
    "requests": [{"method": "POST", "path": "/appointment/confirm", "body": {"appointment_id": "@first"}}],
}


def refused(sandbox: Sandbox, document: Any) -> str:
    answer = sandbox.request("POST", "/_sandbox/seed", json=document)
    assert answer.status_code == 400, answer.text
    return str(answer.json()["error"])


def test_everything_of_an_account_can_be_sown(sandbox: Sandbox) -> None:
    sown = sandbox.control("POST", "/seed", SPA)
    ids = sown["ids"]
    assert (sown["company_id"], sown["accounts"]) == (2345, [])
    assert set(ids) == {"spa", "massage", "ann", "maya", "first"}
    assert sandbox.ok("GET", f"/location/{ids['spa']}")[0]["city"] == "Rome"
    assert sandbox.ok("GET", f"/employee/{ids['ann']}")[0]["twitter"] == "@ann"
    assert sandbox.links() == {(ids["ann"], ids["spa"], ids["massage"])}
    (booked,) = sandbox.ok("GET", f"/appointment/{ids['first']}")
    assert (booked["client_id"], booked["start_date"], booked["status"]) == (ids["maya"], "2026-03-09 10:00", 2)
    (entry,) = sandbox.ok("GET", f"/employee/getAvailabilityTime/{ids['ann']}")["availabilities"]
    assert str(entry["location_id"]) == str(ids["spa"])
    for path, name in (("/customfield", "label"), ("/availability/getHoliday", "name"), ("/subscribe", "target_url")):
        assert [each[name] for each in sandbox.ok("GET", path)]


def test_no_call_is_recorded_but_events_are(sandbox: Sandbox) -> None:
    sandbox.control("DELETE", "/calls")
    sandbox.control("POST", "/seed", SPA)
    assert sandbox.control("GET", "/calls") == []
    assert [each["event"] for each in sandbox.control("GET", "/deliveries")][:1] == ["appointment.created"]


def test_what_an_account_comes_with_has_keys_and_is_modified(sandbox: Sandbox) -> None:
    owner = {"key": "owner", "email": "owner@example.com", "first_name": "Olga", "last_name": "B"}
    document = {
        "business": {"company_name": "Harbour", "nick_name": "harbour"},
        "locations": [{"key": "main", "name": "Pier"}],
        "employees": [owner | {"links": {"@main": {"@default": 1}}}],
        "services": [{"key": "default", "name": "Walk-in", "duration": 15}],
    }
    assert sandbox.control("POST", "/seed", document)["ids"] == {}
    assert [each["name"] for each in sandbox.ok("GET", "/location")] == ["Pier"]
    assert [each["name"] for each in sandbox.ok("GET", "/service")] == ["Walk-in"]
    assert [each["first_name"] for each in sandbox.ok("GET", "/employee")] == ["Olga"]
    assert sandbox.ok("GET", "/account")["nick_name"] == "harbour"
    assert len(sandbox.links()) == 1


def test_sub_accounts_are_documents_of_their_own(sandbox: Sandbox) -> None:
    account = {"company_name": "Kids", "nick_name": "kids", "email": "kids@example.com", "password": "x"}
    inner = {"account": {**account, "nick_name": "tots", "email": "tots@example.com"}, "locations": [{"name": "Tiny"}]}
    sown = sandbox.control(
        "POST",
        "/seed",
        {"accounts": [{"account": account, "locations": [{"key": "a", "name": "A"}], "accounts": [inner]}]},
    )
    (kids,) = sown["accounts"]
    (tots,) = kids["accounts"]
    assert (kids["ids"].keys(), tots["ids"]) == ({"a"}, {})
    dumped = sandbox.control("GET", "/dump")
    assert [each["created_by"] for each in dumped["accounts"]] == [0, 2345, kids["company_id"]]
    names = {each["name"]: each["company_id"] for each in dumped["locations"]}
    assert (names["A"], names["Tiny"]) == (kids["company_id"], tots["company_id"])


def test_another_account_can_be_sown_into(sandbox: Sandbox) -> None:
    child = sandbox.child()
    assert sandbox.control("POST", "/seed", {"company_id": child} | SPA)["company_id"] == child
    assert len(sandbox.ok("GET", "/location", company_id=child)) == 2
    assert len(sandbox.ok("GET", "/location")) == 1


def test_it_can_be_done_at_another_time(sandbox: Sandbox) -> None:
    past = {"now": "2026-03-01T00:00:00Z"} | SPA
    sandbox.control("PUT", "/clock", {"now": "2026-04-01T00:00:00Z"})
    assert "not available" in refused(sandbox, SPA)
    sandbox.control("POST", "/seed", past)
    assert sandbox.control("GET", "/clock") == {"now": "2026-04-01T00:00:00+00:00", "frozen": True, "offset": 0}


@pytest.mark.parametrize("clock", [{"offset": 77}, None])
def test_the_clock_is_as_it_was(sandbox: Sandbox, clock: dict[str, int] | None) -> None:
    if clock:
        sandbox.control("PUT", "/clock", clock)
    before = sandbox.control("GET", "/clock")
    sandbox.control("POST", "/seed", {"now": "2026-03-01T00:00:00Z", "locations": [{"name": "Spa"}]})
    assert "name is required" in refused(sandbox, {"now": "2026-03-01T00:00:00Z", "locations": [{}]})
    assert sandbox.control("GET", "/clock") == before


KIDS = {"company_name": "Kids", "nick_name": "kids", "email": "kids@example.com", "password": "x"}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "a seed is an object"),
        ({"set": "demos"}, 'a named set is {"set": one of demo}'),
        ({"set": ["demo"]}, "a named set is"),
        ({"set": "demo", "locations": []}, "a named set is"),
        ({"company_id": 1}, "there is no company 1"),
        ({"company_id": "2345"}, "there is no company '2345'"),
        ({"company_id": [1]}, "there is no company [1]"),
        ({"company_id": 10**30}, "there is no company 1000000"),
        ({"now": "soon"}, "now must be a time"),
        ({"places": []}, "places: is unknown; there are business, "),
        ({"demo": True}, "demo: is unknown; "),
        ({"demo": True}, 'a named set is {"set": "demo"}'),
        ({"locations": {}}, "locations: must be a list of objects"),
        ({"locations": [[]]}, "locations: must be a list of objects"),
        ({"locations": [{"name": "A"}, {}]}, "locations[1]: name is required"),
        ({"business": {}}, "business: company_name is required; nick_name is required"),
        ({"business": []}, "business: company_name is required"),
        ({"business": 7}, "business: the body must be an object"),
        ({"locations": [{"name": "A", "city": "@rome"}]}, "locations[0]: @rome is no key yet; there are main, owner"),
        ({"locations": [{"name": "A", "key": "a b"}]}, "locations[0]: a key is a word, not 'a b'"),
        ({"locations": [{"name": "A", "key": 7}]}, "locations[0]: a key is a word, not 7"),
        ({"locations": [{"name": "A", "key": []}]}, "locations[0]: a key is a word, not []"),
        ({"employees": [{"email": "a@b.c"}]}, "employees[0]: first_name is required"),
        (
            {"employees": [{"email": "a@b.c", "first_name": "A", "last_name": "B", "availabilities": [{}]}]},
            "employees[0].availabilities: availability 1: repeat is required",
        ),
        ({"accounts": [{}]}, "accounts[0]: company_name is required"),
        ({"accounts": [{"account": 7}]}, "accounts[0]: the body must be an object"),
        ({"accounts": [{"account": KIDS, "company_id": 7}]}, "accounts[0].company_id: is unknown"),
        ({"accounts": [{"account": KIDS, "locations": [{}]}]}, "accounts[0].locations[0]: name is required"),
        ({"accounts": [{"account": KIDS | {"nick_name": "sandbox"}}]}, "accounts[0]: nick_name sandbox already exists"),
        ({"requests": [{"path": "/location"}]}, "requests[0]: must be {method, path, query, body}"),
        ({"requests": [{"method": "GET", "path": "/nowhere"}]}, "requests[0]: there is no GET /api/v2/nowhere"),
        ({"requests": [{"method": "GET", "path": "/location/@x"}]}, "requests[0]: @x is no key yet"),
        ({"requests": [{"method": "GET", "path": "/location", "query": 7}]}, "requests[0]: must be {method"),
        ({"appointments": [{"key": "x"}]}, "appointments[0]: client_email is required"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_kept(sandbox: Sandbox, document: Any, words: str) -> None:
    before = sandbox.control("GET", "/dump")
    assert words in refused(sandbox, document)
    assert sandbox.control("GET", "/dump") == before


def test_a_refused_document_can_be_mended_and_sown(sandbox: Sandbox) -> None:
    broken = {**SPA, "appointments": [*APPOINTMENTS, {}]}
    assert refused(sandbox, broken).startswith("appointments[1]: ")
    assert sandbox.control("POST", "/seed", SPA)["ids"]["spa"] == 118202


def test_the_demo_set_is_lively(sandbox: Sandbox) -> None:
    sown = sandbox.control("POST", "/seed", {"set": "demo"})
    assert len(sown["accounts"]) == 1
    held = sandbox.control("GET", "/dump")
    counts = {kind: len(held[kind]) for kind in ("locations", "employees", "services", "clients", "holidays")}
    assert counts == {"locations": 4, "employees": 7, "services": 10, "clients": 8, "holidays": 3}
    booked = sandbox.ok("GET", "/appointment")
    assert len(booked) == 26
    assert {each["status"] for each in booked} == {1, 2, 3}
    assert sandbox.control("GET", "/deliveries")
    assert "already exists" in refused(sandbox, {"set": "demo"})


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 3 * 366))
def test_the_demo_set_can_be_had_on_any_day(shared_sandbox: Sandbox, day: int) -> None:
    check_demo(shared_sandbox, day)


@pytest.mark.slow
@pytest.mark.parametrize("day", range(0, 2 * 366, 3))
def test_the_demo_set_can_be_had_on_every_day(shared_sandbox: Sandbox, day: int) -> None:
    check_demo(shared_sandbox, day)


def check_demo(sandbox: Sandbox, day: int) -> None:
    sandbox.control("POST", "/reset")
    moment = datetime(2026, 1, 1, day % 24, tzinfo=UTC) + timedelta(days=day)
    sandbox.control("PUT", "/clock", {"now": moment.isoformat()})
    sandbox.control("POST", "/seed", {"set": "demo"})
    sandbox.sign_in("owner@example.com")
    starts = [each["start_date"] for each in sandbox.ok("GET", "/appointment")]
    assert min(starts)[:10] <= (moment + timedelta(days=1)).date().isoformat()
    assert max(starts)[:10] >= moment.date().isoformat()
