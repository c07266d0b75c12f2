"""What goes wrong on purpose goes wrong for both vendors, each in its own words, and late work is done for its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.sandbox.conftest import API as SETSTER
from tests.sandbox.conftest import Met
from tests.sandbox.timetap.conftest import CLASS, DATES, PATH, SIGNATURE, TimeTap

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox


def attempt(timetap: TimeTap, method: str, path: str, body: Any = None) -> int | str:
    """Send a call that may go wrong in any way: its HTTP status, or how it ended."""
    try:
        return timetap.send(method, path, body).status_code
    except ConnectionResetError:
        return "reset"
    except TimeoutError:
        return "timeout"
    except httpx.RemoteProtocolError:
        return "cut"


def held(timetap: TimeTap) -> int:
    """How many series there are."""
    return len(timetap.sandbox.control("GET", "/timetap/series"))


@pytest.mark.parametrize(
    ("rule", "end", "made"),
    [
        ({"fault": "refuse"}, 400, 0),
        ({"fault": "refuse", "status": 403}, 403, 0),
        ({"fault": "throttle", "retry_after": 2}, 429, 0),
        ({"fault": "error"}, 503, 0),
        ({"fault": "error", "executed": True}, 503, 1),
        ({"fault": "error", "status": 200}, 500, 0),
        ({"fault": "html"}, 200, 0),
        ({"fault": "reset"}, "reset", 1),
        ({"fault": "reset", "executed": False}, "reset", 0),
        ({"fault": "timeout"}, "timeout", 1),
        ({"fault": "late", "seconds": 0}, "reset", 1),
        ({"fault": "truncate", "content_length": "sent"}, 200, 1),
        ({"fault": "slow", "seconds": 0}, 200, 1),
        ({"fault": "expire"}, 401, 0),
    ],
    ids=str,
)
def test_every_fault_strikes(timetap: TimeTap, rule: dict[str, Any], end: int | str, made: int) -> None:
    timetap.sandbox.script(rule)
    assert attempt(timetap, "POST", PATH, CLASS) == end
    assert held(timetap) == made
    assert next(call["fault"] for call in timetap.sandbox.control("GET", "/calls") if call["fault"]) == rule["fault"]


def test_a_refusal_is_no_envelope_of_the_other_vendor(timetap: TimeTap) -> None:
    timetap.sandbox.script({"fault": "refuse", "times": 2})
    assert timetap.send("GET", f"{PATH}/1").json() == {
        "status": 400,
        "message": "the fault script refuses this request",
    }
    assert set(timetap.sandbox.call("GET", "/account")) == {"statusCode", "statusDescriptions", "data"}


@pytest.mark.parametrize(
    ("path", "struck"),
    [
        (None, (True, True, True)),
        ("*", (True, True, True)),
        ("/timetap/*", (True, True, False)),
        ("/timetap/recurringappointments", (True, False, False)),
        ("/timetap/recurringappointments/*", (False, True, False)),
        ("*/recurringappointments*", (True, True, False)),
        ("/account*", (False, False, True)),
        ("/recurringappointments", (False, False, False)),
    ],
)
def test_a_rule_names_the_paths_of_both(timetap: TimeTap, path: str | None, struck: tuple[bool, ...]) -> None:
    timetap.sandbox.script({"fault": "error", "path": path, "times": None})
    ends = [attempt(timetap, "POST", PATH, CLASS), attempt(timetap, "GET", f"{PATH}/1")]
    ends.append(timetap.sandbox.attempt("GET", "/account").end)
    assert tuple(end == 503 for end in ends) == struck


@pytest.mark.parametrize(("path", "status"), [(None, 200), ("*", 503), ("/timetap/sessionToken", 503)])
def test_a_sign_in_is_struck_only_by_a_path(timetap: TimeTap, path: str | None, status: int) -> None:
    timetap.sandbox.script({"fault": "error", "path": path})
    assert timetap.ask_token().status_code == status


def test_a_pattern_of_a_route_is_refused(timetap: TimeTap) -> None:
    body = {"rules": [{"fault": "reset", "path": "/timetap/recurringappointments/{id}"}]}
    answer = timetap.sandbox.request("PUT", "/_sandbox/faults", json=body)
    assert "or one of TimeTap's with its /timetap" in answer.json()["error"]


@pytest.mark.parametrize("ends_all", [False, True])
def test_an_expired_session_is_the_own_vendors(timetap: TimeTap, *, ends_all: bool) -> None:
    other = TimeTap(timetap.sandbox)
    other.sign_in()
    timetap.sandbox.script({"fault": "expire", "all": ends_all, "path": "/timetap/*"})
    assert attempt(timetap, "GET", f"{PATH}/1") == 401
    assert attempt(other, "GET", f"{PATH}/1") == (401 if ends_all else 404)
    assert timetap.sandbox.attempt("GET", "/account")[:2] == (200, 0)
    timetap.sign_in()
    timetap.sandbox.script({"fault": "expire", "all": ends_all, "path": "/account"})
    assert timetap.sandbox.attempt("GET", "/account").end == 403
    assert attempt(timetap, "GET", f"{PATH}/1") == 404


def send_late(timetap: TimeTap, seconds: float, **fields: Any) -> None:
    timetap.sandbox.script({"fault": "late", "seconds": seconds})
    assert attempt(timetap, "POST", PATH, CLASS | fields) == "reset"


def test_late_work_is_done_when_it_is_due_whoever_comes_first(timetap: TimeTap) -> None:
    send_late(timetap, 30, note="late")
    timetap.sandbox.script({"fault": "late", "seconds": 20})
    assert timetap.sandbox.attempt("POST", "/location", {"name": "Spa"}) == Met("reset")
    timetap.sandbox.clock.advance(29)
    assert held(timetap) == 0
    timetap.sandbox.clock.advance(1)
    assert timetap.sandbox.attempt("GET", "/account").code == 0  # a call to the other vendor finds both done
    calls = timetap.sandbox.control("GET", "/calls")[-3:]
    assert [(call["path"], call["fault"], call["status_code"]) for call in calls] == [
        (f"{SETSTER}/location", "late", 0),
        ("/timetap/recurringappointments", "late", 0),
        (f"{SETSTER}/account", None, 0),
    ]
    (series,) = timetap.sandbox.control("GET", "/timetap/series")
    assert (series["note"], series["dates"]) == ("late", DATES)


def test_late_work_has_the_session_that_it_was_sent_with(timetap: TimeTap) -> None:
    send_late(timetap, 30)
    timetap.sandbox.control("POST", "/sessions/expire")
    timetap.sandbox.clock.advance(30)
    assert held(timetap) == 1


def test_a_session_that_was_over_does_not_come_back(timetap: TimeTap) -> None:
    timetap.sandbox.control("POST", "/sessions/expire")
    send_late(timetap, 30)
    timetap.sandbox.clock.advance(30)
    assert held(timetap) == 0
    assert [call["status"] for call in timetap.sandbox.control("GET", "/calls")][-2:] == [None, 401]


def test_late_work_survives_the_end_of_the_process(timetap: TimeTap, opened: Callable[..., Sandbox]) -> None:
    send_late(timetap, 30)
    later = opened()
    later.clock.advance(30)
    assert [each["dates"] for each in later.control("GET", "/timetap/series")] == [DATES]


def test_a_late_change_meets_what_has_become_of_the_series(timetap: TimeTap) -> None:
    made = timetap.make()
    path = f"{PATH}/{made['recurringAppointmentId']}"
    timetap.sandbox.script({"fault": "late", "seconds": 30})
    assert attempt(timetap, "PUT", path, made | {"status": "Cancelled"}) == "reset"
    timetap.change(made, {"note": "still on"})
    timetap.sandbox.clock.advance(30)
    series = timetap.ok("GET", path)
    assert (series["status"], series["dates"], series["note"]) == ("Cancelled", [], None)


def test_calls_are_listed_without_secrets(timetap: TimeTap) -> None:
    made = timetap.make()
    timetap.refused(
        400, "PUT", f"{PATH}/{made['recurringAppointmentId']}", {}, dateSelected="2027-01-04", session_token="x"
    )
    timetap.ask_token(privateKey="sandbox-private")
    text = timetap.sandbox.request("GET", "/_sandbox/calls").text
    for secret in (timetap.token, SIGNATURE, "sandbox-private", "apiKey", "signature", "session_token"):
        assert secret not in text
    first, made_call, refused, _ = timetap.sandbox.control("GET", "/calls")[1:]
    assert (first["method"], first["path"], first["query"]) == (
        "GET",
        "/timetap/sessionToken",
        {"timestamp": "1772442000"},
    )
    assert (made_call["method"], made_call["path"], made_call["status"], made_call["status_code"]) == (
        "POST",
        "/timetap/recurringappointments",
        200,
        0,
    )
    assert (refused["status"], refused["status_code"], refused["query"]) == (400, 400, {"dateSelected": "2027-01-04"})
    assert made_call["company_id"] == 71300


def test_a_bug_is_a_500_in_the_own_vendors_words(timetap: TimeTap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioner.sandbox.tables.series.insert", None)
    assert timetap.refused(500, "POST", PATH, CLASS) == "internal error"
    monkeypatch.undo()
    assert timetap.make()["dates"] == DATES
