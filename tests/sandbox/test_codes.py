"""The twelve status codes, each where it belongs, with its HTTP status and the envelope around it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.sandbox import walk
from tests.sandbox.answers import Answers
from tests.sandbox.conftest import API

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.sandbox.conftest import Sandbox

WHO = {"client_email": "liv@example.com", "client_name": "Liv", "company_id": 2345}


class Ask(NamedTuple):
    """A request: operation, body, and query beside the session."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, Any] = MappingProxyType({})


def booking(sandbox: Sandbox, time: str = "12:00") -> dict[str, Any]:
    """Make all that an appointment needs, and return the body of one."""
    made = walk.bookable(Answers(sandbox))
    return WHO | {f"{kind}_id": number for kind, number in made.items()} | {"start_date": f"{walk.DAY} {time}"}


def closed(sandbox: Sandbox) -> Ask:
    return Ask("POST", "/appointment", booking(sandbox, "05:00"))


def taken(sandbox: Sandbox) -> Ask:
    body = booking(sandbox)
    sandbox.ok("POST", "/appointment", body)
    return Ask("POST", "/appointment", body | {"client_email": "bo@example.com"})


def booked(sandbox: Sandbox) -> Ask:
    sandbox.control("PUT", "/dialect", {"booked": "refuse"})
    body = booking(sandbox)
    sandbox.ok("POST", "/appointment", body)
    return Ask("DELETE", f"/service/{body['service_id']}")


def inactive(sandbox: Sandbox) -> Ask:
    sandbox.control("PUT", "/accounts", {"company_id": 2345, "active": False})
    return Ask("POST", "/account/authenticate", query={"email": "owner@example.com", "token": "sandbox-key"})


def crowded(sandbox: Sandbox) -> Ask:
    sandbox.control("PUT", "/limits", {"accounts": 0})
    return Ask("POST", "/account", walk.ACCOUNT)


def expired(sandbox: Sandbox) -> Ask:
    sandbox.control("POST", "/sessions/expire")
    return Ask("GET", "/account")


def faulty(sandbox: Sandbox) -> Ask:
    sandbox.script({"fault": "error", "status": 500})
    return Ask("GET", "/location")


def owner(sandbox: Sandbox) -> Ask:
    (each,) = sandbox.ok("GET", "/employee", is_owner=1)
    return Ask("DELETE", f"/employee/{each['id']}")


CODES: dict[tuple[int, int, str], Callable[[Sandbox], Ask]] = {
    (0, 200, "OK"): lambda _: Ask("GET", "/account"),
    (1, 200, "INVALID_PARAMETERS"): lambda _: Ask("POST", "/location", {}),
    (2, 403, "INVALID_CREDENTIALS, a session that is over"): expired,
    (2, 401, "INVALID_CREDENTIALS, a wrong key"): lambda _: Ask("POST", "/account/authenticate", query={"token": "x"}),
    (3, 401, "ACCOUNT_NOT_ACTIVE"): inactive,
    (4, 500, "INTERNAL_ERROR"): faulty,
    (5, 200, "ERROR_SAVING_ENTITY"): lambda _: Ask("POST", "/account", walk.ACCOUNT | {"nick_name": "sandbox"}),
    (6, 200, "ERROR_DELETING"): booked,
    (7, 200, "NOT_FOUND"): lambda _: Ask("GET", "/service/1"),
    (8, 200, "NOT_ALLOWED, the owner"): owner,
    (8, 403, "NOT_ALLOWED, another company"): lambda _: Ask("GET", "/account", query={"company_id": 9}),
    (9, 403, "SLOT_NOT_AVAILABLE"): closed,
    (10, 403, "SLOT_OCCUPIED"): taken,
    (11, 200, "ACCOUNTS_LIMIT_REACHED"): crowded,
}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code[2])
def test_a_code_is_answered_where_it_belongs(sandbox: Sandbox, code: tuple[int, int, str]) -> None:
    ask = CODES[code](sandbox)
    params = {"session_token": sandbox.token, "company_id": 2345} | dict(ask.query)
    answer = sandbox.request(ask.method, API + ask.path, params=params, json=ask.body)
    envelope = answer.json()
    assert (envelope["statusCode"], answer.status_code) == code[:2], envelope
    assert envelope["statusDescriptions"]
    assert (envelope["data"] is None) == (code[0] != 0)


def test_all_twelve_are_here() -> None:
    assert {code for code, _, _ in CODES} == set(range(12))


@pytest.mark.parametrize("kind", ["location", "employee", "service"])
def test_what_is_booked_is_deleted_and_its_appointments_stay(sandbox: Sandbox, kind: str) -> None:
    body = booking(sandbox)
    booked = sandbox.ok("POST", "/appointment", body)["id"]
    sandbox.ok("DELETE", f"/{kind}/{body[f'{kind}_id']}")
    (shown,) = sandbox.ok("GET", f"/appointment/{booked}")
    assert shown[f"{kind}_id"] == body[f"{kind}_id"]
    assert [each["id"] for each in sandbox.ok("GET", "/appointment")] == [booked]
    sandbox.ok("POST", "/appointment/decline", {"appointment_id": booked, "reason": "gone"})


@pytest.mark.parametrize("kind", ["location", "employee", "service"])
def test_what_is_booked_is_deleted_only_without_its_appointments(sandbox: Sandbox, kind: str) -> None:
    sandbox.control("PUT", "/dialect", {"booked": "refuse"})
    body = booking(sandbox)
    appointment = sandbox.ok("POST", "/appointment", body)["id"]
    path = f"/{kind}/{body[f'{kind}_id']}"
    assert sandbox.refused(6, "DELETE", path).endswith("has 1 future appointments")
    sandbox.ok("GET", path)
    sandbox.ok("POST", "/appointment/decline", {"appointment_id": appointment, "reason": "ill"})
    sandbox.ok("DELETE", path)


def test_what_was_booked_in_the_past_can_be_deleted(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/dialect", {"booked": "refuse"})
    body = booking(sandbox)
    sandbox.ok("POST", "/appointment", body)
    sandbox.clock.advance(30 * 86_400)
    sandbox.sign_in()
    sandbox.ok("DELETE", f"/service/{body['service_id']}")


def test_an_add_on_that_is_booked_stays(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/dialect", {"booked": "refuse"})
    body = booking(sandbox, "10:00")
    links = {str(body["employee_id"]): {str(body["location_id"]): 1}}
    addon = sandbox.service(is_subservice=True, duration=15, links=links)
    sandbox.ok("POST", "/appointment", body | {"subservices": str(addon)})
    sandbox.refused(6, "DELETE", f"/service/{addon}")
