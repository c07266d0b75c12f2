"""Every fault, as a client meets it in process and over a socket, and what the sandbox holds afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import API, Met, Served

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

SPA = {"name": "Spa"}
DONE, NOT_DONE = 1, 0

# The rule, what the client meets (in process, over a socket), and how many locations a create leaves behind.
CASES: list[tuple[dict[str, Any], Met, Met, int]] = [
    (rule, met, over_socket or met, made)
    for rule, met, over_socket, made in (
        ({"fault": "refuse"}, Met(200, 8), None, NOT_DONE),
        ({"fault": "refuse", "code": 10}, Met(200, 10), None, NOT_DONE),
        ({"fault": "refuse", "status": 422, "code": 1}, Met(422, 1), None, NOT_DONE),
        ({"fault": "throttle"}, Met(429, 8), None, NOT_DONE),
        ({"fault": "error"}, Met(503, 4), None, NOT_DONE),
        ({"fault": "error", "status": 200, "code": 5}, Met(200, 5), None, NOT_DONE),
        ({"fault": "error", "status": 500, "executed": True}, Met(500, 4), None, DONE),
        ({"fault": "html"}, Met(200), None, NOT_DONE),
        ({"fault": "html", "status": 502, "executed": True}, Met(502), None, DONE),
        ({"fault": "reset"}, Met("reset"), None, DONE),
        ({"fault": "reset", "executed": False}, Met("reset"), None, NOT_DONE),
        ({"fault": "timeout", "seconds": 0}, Met("timeout"), Met("reset"), DONE),
        ({"fault": "timeout", "seconds": 0.01, "executed": False}, Met("timeout"), Met("reset"), NOT_DONE),
        ({"fault": "truncate"}, Met(200), Met("cut"), DONE),
        ({"fault": "truncate", "content_length": "sent"}, Met(200), None, DONE),
        ({"fault": "slow", "seconds": 0.01}, Met(200, 0), None, DONE),
        ({"fault": "expire"}, Met(403, 2), None, NOT_DONE),
        ({"fault": "late", "seconds": 86_400}, Met("reset"), None, NOT_DONE),
    )
]


@pytest.fixture
def fresh(caller: Caller) -> Caller:
    caller.control("POST", "/reset")
    caller.control("DELETE", "/calls")
    caller.sign_in()
    return caller


def held(caller: Caller) -> int:
    """How many locations there are beside the main one."""
    return len(caller.dump()["locations"]) - 1


@pytest.mark.parametrize(("rule", "met", "over_socket", "made"), CASES, ids=str)
def test_a_client_meets_the_fault_once(
    fresh: Caller, rule: dict[str, Any], met: Met, over_socket: Met, made: int
) -> None:
    fresh.script(rule)
    expected = over_socket if isinstance(fresh, Served) else met
    assert fresh.attempt("POST", "/location", SPA)[:2] == expected[:2]
    assert held(fresh) == made
    fresh.sign_in()
    assert fresh.attempt("POST", "/location", SPA)[:2] == (200, 0)
    assert held(fresh) == made + 1


@pytest.mark.parametrize(("rule", "met", "over_socket", "made"), CASES, ids=str)
def test_the_calls_say_what_struck(fresh: Caller, rule: dict[str, Any], met: Met, over_socket: Met, made: int) -> None:
    fresh.script(rule)
    fresh.attempt("POST", "/location", SPA)
    call = fresh.control("GET", "/calls")[-1]
    lost = rule["fault"] in ("reset", "timeout", "late")
    assert (call["method"], call["path"], call["fault"]) == ("POST", f"{API}/location", rule["fault"])
    assert (call["status"] is None) == lost
    if made and lost:
        assert call["status_code"] == 0
    if not lost:
        assert call["status"] == met.end


def test_nothing_goes_wrong_without_a_script(fresh: Caller) -> None:
    fresh.location()
    assert [call["fault"] for call in fresh.control("GET", "/calls")] == [None, None]


@pytest.mark.parametrize("fault", ["throttle", "error"])
@pytest.mark.parametrize("after", [None, 0, 7, "Wed, 04 Mar 2026 09:00:00 GMT", "soon"])
def test_a_client_is_told_when_to_come_back_or_not(fresh: Caller, fault: str, after: int | str | None) -> None:
    fresh.script({"fault": fault, "retry_after": after})
    answer = fresh.attempt("GET", "/location").answer
    assert answer is not None
    assert answer.headers.get("retry-after") == (None if after is None else str(after))


def test_html_is_a_page_and_no_envelope(fresh: Caller) -> None:
    fresh.script({"fault": "html"})
    answer = fresh.attempt("GET", "/location").answer
    assert answer is not None
    assert answer.headers["content-type"] == "text/html"
    assert answer.text.startswith("<!doctype html>")


def test_a_body_may_be_short_although_its_length_is_right(fresh: Caller) -> None:
    fresh.script({"fault": "truncate", "content_length": "sent"})
    answer = fresh.attempt("GET", "/account").answer
    assert answer is not None
    assert answer.headers["content-length"] == str(len(answer.content))
    assert fresh.request("GET", f"{API}/account").headers["content-type"] == answer.headers["content-type"]
    whole = fresh.request("GET", f"{API}/account", params={"session_token": fresh.token}).content
    assert whole[: len(answer.content)] == answer.content
    assert len(answer.content) == len(whole) // 2


def test_one_session_expires_or_all(fresh: Caller) -> None:
    first = fresh.token
    fresh.sign_in()
    for rule, others in (({"fault": "expire"}, 200), ({"fault": "expire", "all": True}, 403)):
        fresh.script(rule)
        assert fresh.attempt("GET", "/location")[:2] == (403, 2)
        assert fresh.attempt("GET", "/location").end == 403
        assert fresh.request("GET", f"{API}/location", params={"session_token": first}).status_code == others
        fresh.sign_in()
        assert fresh.attempt("GET", "/location").end == 200


def test_a_refusal_of_the_sandbox_stays_one_when_its_answer_is_lost(fresh: Caller) -> None:
    fresh.script({"fault": "reset"})
    assert fresh.attempt("POST", "/location", {"name": ""}) == Met("reset")
    assert held(fresh) == 0
    call = fresh.control("GET", "/calls")[-1]
    assert (call["status"], call["status_code"], call["fault"]) == (None, 1, "reset")


def test_a_connection_that_was_reset_harms_no_other(fresh: Caller) -> None:
    fresh.script({"fault": "reset", "times": None})
    for _ in range(5):
        assert fresh.attempt("GET", "/location") == Met("reset")
    fresh.control("DELETE", "/faults")
    fresh.ok("GET", "/location")
