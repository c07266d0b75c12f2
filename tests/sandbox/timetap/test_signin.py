"""Signing in to TimeTap, the end of a session, and that no vendor's token opens the other one."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import API as SETSTER
from tests.sandbox.conftest import served
from tests.sandbox.timetap.conftest import API, CLASS, DATES, PATH, SIGNATURE, TimeTap

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

NOWHERE = f"{PATH}/1"


def test_a_signed_request_gets_a_token_that_opens_the_api(timetap: TimeTap) -> None:
    assert timetap.dates() == DATES


def test_upper_case_and_fractions_of_a_second_are_taken(timetap: TimeTap) -> None:
    assert timetap.ask_token(signature=SIGNATURE.upper()).status_code == 200
    assert timetap.ask_token(timestamp=f"{timetap.sandbox.clock().timestamp()}5").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"apiKey": "sandbox-key"},
        {"apiKey": "Sandbox"},
        {"apiKey": "schlüssel"},
        {"signature": "0" * 32},
        {"signature": "ü"},
        {"signature": hashlib.md5(b"sandbox", usedforsecurity=False).hexdigest()},
        {"signature": "sandbox-private"},
    ],
)
def test_a_bad_key_or_signature_is_401(timetap: TimeTap, wrong: dict[str, str]) -> None:
    answer = timetap.ask_token(**wrong)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json() == {"status": 401, "message": "the apiKey or its signature is wrong"}


@pytest.mark.parametrize("name", ["apiKey", "timestamp", "signature"])
@pytest.mark.parametrize("value", [None, ""])
def test_every_parameter_is_needed(timetap: TimeTap, name: str, value: str | None) -> None:
    answer = timetap.ask_token(**{name: value})
    assert (answer.status_code, answer.json()["message"]) == (400, f"{name} must be given")


@pytest.mark.parametrize("wrong", ["now", "-1", "1e9", "nan", "2026-03-02", "٣", "1" * 16])
def test_a_timestamp_is_a_number_of_seconds(timetap: TimeTap, wrong: str) -> None:
    answer = timetap.ask_token(timestamp=wrong)
    assert (answer.status_code, answer.json()["message"]) == (400, "timestamp must be in seconds since 1970")


@pytest.mark.parametrize(("away", "status"), [(300, 200), (-300, 200), (301, 401), (-301, 401)])
def test_a_timestamp_has_to_be_near(timetap: TimeTap, away: int, status: int) -> None:
    answer = timetap.ask_token(timestamp=int(timetap.sandbox.clock().timestamp()) + away)
    assert answer.status_code == status, answer.text


def test_milliseconds_are_too_far_away(timetap: TimeTap) -> None:
    answer = timetap.ask_token(timestamp=int(timetap.sandbox.clock().timestamp() * 1000))
    assert answer.status_code == 401
    assert "s away from the clock here: more than 300 s" in answer.json()["message"]


def test_how_near_it_has_to_be_can_be_set(timetap: TimeTap) -> None:
    assert timetap.sandbox.control("PUT", "/timetap", {"timestamp_seconds": 5})["timestamp_seconds"] == 5
    now = int(timetap.sandbox.clock().timestamp())
    assert timetap.ask_token(timestamp=now + 6).status_code == 401
    timetap.sandbox.control("PUT", "/timetap", {"timestamp_seconds": None})
    assert timetap.ask_token(timestamp=0).status_code == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer x", "Basic x", "{token}", "Token {token}"])
def test_without_a_session_every_operation_is_401(timetap: TimeTap, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.format(token=timetap.token)}
    calls = [("GET", NOWHERE), ("PUT", NOWHERE), ("PUT", f"{NOWHERE}/updateByAppt")]
    for method, path in [*calls, ("POST", PATH), ("POST", f"{PATH}/get/dates")]:
        answer = timetap.sandbox.request(method, API + path, headers=headers, params={"session_token": timetap.token})
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_the_scheme_is_written_in_any_case(timetap: TimeTap) -> None:
    headers = {"Authorization": f"bearer {timetap.token}"}
    assert timetap.sandbox.request("GET", API + NOWHERE, headers=headers).status_code == 404


def test_a_session_ends_by_itself(timetap: TimeTap) -> None:
    timetap.sandbox.clock.advance(3599)
    timetap.refused(404, "GET", NOWHERE)
    timetap.sandbox.clock.advance(1)
    assert timetap.refused(401, "GET", NOWHERE) == "the session token is missing, unknown or expired"
    timetap.sign_in()
    timetap.refused(404, "GET", NOWHERE)


def test_the_life_of_a_session_can_be_set(timetap: TimeTap) -> None:
    timetap.sandbox.control("PUT", "/sessions", {"ttl": 5})
    timetap.sign_in()
    timetap.sandbox.clock.advance(5)
    timetap.refused(401, "GET", NOWHERE)


def test_all_sessions_of_both_vendors_can_be_ended_at_once(timetap: TimeTap) -> None:
    timetap.sandbox.control("POST", "/sessions/expire")
    timetap.refused(401, "GET", NOWHERE)
    timetap.sandbox.refused(2, "GET", "/account")


def test_a_session_survives_the_process(timetap: TimeTap, opened: Callable[..., Sandbox]) -> None:
    assert TimeTap(opened(), timetap.token).dates() == DATES


def test_no_vendor_takes_the_token_of_the_other(timetap: TimeTap) -> None:
    setster = timetap.sandbox
    with_timetap: dict[str, Any] = {
        "params": {"session_token": timetap.token, "company_id": 2345},
        "headers": {"Authorization": f"Bearer {timetap.token}"},
    }
    assert setster.request("GET", f"{SETSTER}/account", **with_timetap).status_code == 403
    timetap.token = setster.token
    timetap.refused(401, "GET", NOWHERE, session_token=setster.token)


def test_no_vendor_takes_the_credentials_of_the_other(timetap: TimeTap) -> None:
    query: dict[str, str | int]
    for token in ("sandbox", "sandbox-private", SIGNATURE):
        query = {"email": "owner@example.com", "token": token, "company_id": 2345}
        answer = timetap.sandbox.request("POST", f"{SETSTER}/account/authenticate", params=query)
        assert answer.status_code == 401
    signature = hashlib.md5(b"sandbox-keysandbox-private", usedforsecurity=False).hexdigest()
    assert timetap.ask_token(apiKey="sandbox-key", signature=signature).status_code == 401


def test_it_is_served_too() -> None:
    with served(":memory:") as setster:
        query = {"apiKey": "sandbox", "timestamp": str(int(time.time())), "signature": SIGNATURE}
        token = setster.request("GET", f"{API}/sessionToken", params=query).json()["sessionToken"]
        headers = {"Authorization": f"Bearer {token}"}
        made = setster.request("POST", API + PATH, json=CLASS, headers=headers).json()
        read = setster.request("GET", f"{API}{PATH}/{made['recurringAppointmentId']}", headers=headers)
        assert (read.status_code, read.json()) == (200, made)
        assert setster.request("GET", API + NOWHERE).status_code == 401
