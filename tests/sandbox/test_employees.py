"""Employees: what a body must bring, what is unique, and who is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

ANN = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "links": []}


@pytest.mark.parametrize("name", list(ANN))
def test_create_and_modify_need_names_email_and_links(sandbox: Sandbox, name: str) -> None:
    body = {key: value for key, value in ANN.items() if key != name}
    assert sandbox.refused(1, "POST", "/employee", body) == f"{name} is required"
    number = sandbox.employee()
    assert sandbox.refused(1, "PUT", f"/employee/{number}", body) == f"{name} is required"


def test_a_new_employee_is_inactive_unless_said(sandbox: Sandbox) -> None:
    quiet, active = sandbox.employee("a@example.com"), sandbox.employee("b@example.com", status=1)
    (owner,) = sandbox.ok("GET", "/employee", is_owner=1)

    def found(**query: Any) -> list[int]:
        return [each["id"] for each in sandbox.ok("GET", "/employee", **query)]

    assert found() == [owner["id"], active]
    assert found(statuses="all") == [owner["id"], quiet, active]
    assert found(status=0) == [quiet]
    assert found(status=1, email="b@example.com") == [active]
    assert found(id=quiet) == []
    assert found(id=quiet, statuses="all") == [quiet]


def test_an_email_is_unique_in_the_whole_sandbox(sandbox: Sandbox) -> None:
    sandbox.employee("ann@example.com")
    sandbox.company = sandbox.child("acme")
    assert sandbox.refused(5, "POST", "/employee", ANN) == "email ann@example.com already exists"
    number = sandbox.employee("ben@example.com")
    sandbox.refused(5, "PUT", f"/employee/{number}", ANN)
    sandbox.ok("PUT", f"/employee/{number}", ANN | {"email": "BEN@example.com"})


def test_a_nickname_is_unique_in_its_company(sandbox: Sandbox) -> None:
    number = sandbox.employee("a@example.com", nickname="ann.l_1")
    sandbox.refused(5, "POST", "/employee", ANN | {"nickname": "Ann.L_1"})
    sandbox.refused(1, "POST", "/employee", ANN | {"nickname": "ann l"})
    assert sandbox.call("GET", "/employee/checknickname/ann.l_1")["statusDescriptions"] != "OK"
    sandbox.company = sandbox.child("acme")
    assert sandbox.call("GET", "/employee/checknickname/ann.l_1")["statusDescriptions"] == "OK"
    sandbox.employee("c@example.com", nickname="ann.l_1")
    sandbox.company = 2345
    sandbox.ok("DELETE", f"/employee/{number}")
    sandbox.employee("a@example.com", nickname="ann.l_1")


def test_the_owner_cannot_be_deleted(sandbox: Sandbox) -> None:
    (owner,) = sandbox.ok("GET", "/employee")
    assert sandbox.refused(8, "DELETE", f"/employee/{owner['id']}") == "the owner of the account cannot be deleted"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ics_service": 4}, "ics_service must be one of 0, 1, 2, 3"),
        ({"permissions": "locations, kitchen"}, "permissions has unknown labels: kitchen"),
        ({"public_email": "maybe"}, "public_email must be true (1) or false (0)"),
        ({"bio": {"a": 1}}, "bio must be text"),
        ({"newsletter": "many"}, "newsletter must be a whole number"),
    ],
)
def test_a_value_that_does_not_fit_is_named(sandbox: Sandbox, change: dict[str, Any], words: str) -> None:
    assert sandbox.refused(1, "POST", "/employee", ANN | change) == words


def test_whoever_has_a_password_can_log_in(sandbox: Sandbox) -> None:
    one, two = sandbox.employee("a@example.com"), sandbox.employee("b@example.com", password="x")
    assert [sandbox.ok("GET", f"/employee/{number}")[0]["can_login"] for number in (one, two)] == [0, 1]


def test_the_owner_info_counts_the_company(sandbox: Sandbox) -> None:
    sandbox.employee("a@example.com")
    sandbox.employee("b@example.com", status=True)
    sandbox.location()
    (info,) = sandbox.ok("GET", "/account/getPersonalInfo")
    assert (info["employees"], info["used_licenses"], info["locations"]) == (3, 2, 2)
