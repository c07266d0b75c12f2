"""Signing in, the end of a session, and which companies a session reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox import shapes, walk
from tests.sandbox.conftest import API

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


@pytest.mark.parametrize(
    "wrong", [{"token": "other"}, {"email": "other@example.com"}, {"company_id": 1}, {"token": "sch\u00fcssel"}]
)
def test_bad_credentials_are_401(sandbox: Sandbox, wrong: dict[str, str | int]) -> None:
    query = {"email": "owner@example.com", "token": "sandbox-key", "company_id": 2345} | wrong
    answer = sandbox.request("POST", f"{API}/account/authenticate", params=query)
    assert (answer.status_code, answer.json()["statusCode"]) == (401, 2)


def test_signing_in_without_a_company_finds_it_by_the_email(sandbox: Sandbox) -> None:
    child = sandbox.child("acme")
    assert sandbox.sign_in("acme@example.com", company=None)["user"]["company_id"] == child


# seed: the sections without "Authorizations"; Modify Personal Info lacks it too, which is taken for a slip of the page
PUBLIC = {
    *("POST /account/request_password_reset", "POST /account/reset_password", "GET /account/checkemail/{email}"),
    *("GET /account/checknickname/{nickname}", "GET /availability", "GET /employee/getAvailability"),
    *("GET /tz/list", "GET /tz/data"),
}


def ask(sandbox: Sandbox, operation: str, **query: Any) -> tuple[int, dict[str, Any]]:
    method, path = walk.address(operation, 1)
    answer = sandbox.request(method, API + path, params=query)
    return answer.status_code, answer.json()


def test_without_a_session_every_operation_is_403_but_those_that_need_none(sandbox: Sandbox) -> None:
    for operation in sorted({*shapes.OPERATIONS} - {"POST /account/authenticate"}):
        status, envelope = ask(sandbox, operation, company_id=2345)
        closed = (status, envelope["statusCode"], envelope["statusDescriptions"]) == (403, 2, "Session expired")
        assert closed == (operation not in PUBLIC), (operation, envelope)


@pytest.mark.parametrize("operation", sorted(PUBLIC))
def test_what_needs_no_session_needs_a_company_and_refuses_a_session_that_is_over(
    sandbox: Sandbox, operation: str
) -> None:
    assert ask(sandbox, operation)[1]["statusDescriptions"] == "company_id is required"
    assert ask(sandbox, operation, company_id=9)[1]["statusCode"] == 7
    assert ask(sandbox, operation, company_id="x")[1]["statusCode"] == 1
    assert ask(sandbox, operation, company_id=2345, session_token="old")[0] == 403


def test_a_session_ends_by_itself(sandbox: Sandbox) -> None:
    sandbox.clock.advance(3599)
    sandbox.ok("GET", "/account")
    sandbox.clock.advance(1)
    assert sandbox.refused(2, "GET", "/account") == "Session expired"
    sandbox.sign_in()
    sandbox.ok("GET", "/account")


def test_the_life_of_a_session_can_be_set(sandbox: Sandbox) -> None:
    assert sandbox.control("PUT", "/sessions", {"ttl": 5}) == {"ttl": 5}
    sandbox.sign_in()
    sandbox.clock.advance(5)
    sandbox.refused(2, "GET", "/account")


def test_all_sessions_can_be_ended_at_once(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/sessions/expire")
    sandbox.refused(2, "GET", "/account")


def test_a_session_reaches_its_children_and_nobody_else(sandbox: Sandbox) -> None:
    child = sandbox.child("acme")
    sandbox.company = child
    assert sandbox.ok("GET", "/account")["nick_name"] == "acme"
    grandchild = sandbox.child("tiny")
    for company in (grandchild, 999):
        sandbox.company = company
        assert sandbox.refused(8, "GET", "/account") == f"company {company} is not yours"


def test_a_child_does_not_reach_its_parent(sandbox: Sandbox) -> None:
    child = sandbox.child("acme")
    sandbox.sign_in("acme@example.com", child)
    answer = sandbox.request("GET", f"{API}/location", params={"session_token": sandbox.token, "company_id": 2345})
    assert (answer.status_code, answer.json()["statusCode"]) == (403, 8)


def test_without_a_company_the_session_acts_on_its_own(sandbox: Sandbox) -> None:
    assert sandbox.ok("GET", "/account", company_id="")["company_id"] == 2345


def test_a_body_cannot_name_a_company_out_of_reach(sandbox: Sandbox) -> None:
    sandbox.refused(8, "POST", "/location", {"name": "Spa", "company_id": 999})
    sandbox.refused(1, "POST", "/location", {"name": "Spa", "company_id": {}})
    assert len(sandbox.dump()["locations"]) == 1


def test_objects_of_another_company_are_not_found(sandbox: Sandbox) -> None:
    mine = sandbox.location()
    sandbox.company = sandbox.child("acme")
    sandbox.refused(7, "GET", f"/location/{mine}")
    sandbox.refused(7, "PUT", f"/location/{mine}", {"name": "Stolen"})
    sandbox.refused(7, "DELETE", f"/location/{mine}")
