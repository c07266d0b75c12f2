"""Accounts: what a new one comes with, what is unique, and the three parts that are written separately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

NEW = {"company_name": "Acme Spa", "nick_name": "acme", "email": "boss@example.com", "password": "x"}


def test_a_new_account_brings_its_owner_main_location_and_default_service(sandbox: Sandbox) -> None:
    body = NEW | {"first_name": "Bo", "last_name": "Ss", "address_city": "Rome", "timezone_id": 548}
    sandbox.company = sandbox.ok("POST", "/account", body)["company_id"]
    (owner,) = sandbox.ok("GET", "/employee")
    (place,) = sandbox.ok("GET", "/location")
    (service,) = sandbox.ok("GET", "/service")
    assert (owner["email"], owner["first_name"], owner["is_owner"], owner["status"]) == (
        "boss@example.com",
        "Bo",
        True,
        True,
    )
    assert (place["name"], place["is_main"], place["city"], place["timezone_id"]) == ("Acme Spa", True, "Rome", 548)
    assert service["name"] == "Default service"
    assert sandbox.links() == set()


def test_sub_accounts_are_listed_with_their_id_as_text(sandbox: Sandbox) -> None:
    child = sandbox.child("acme")
    assert sandbox.ok("GET", "/account/companies") == [{"company_id": str(child), "company_name": "Acme"}]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nick_name": "a-b"}, "nick_name may contain only letters and digits"),
        ({"email": "nobody"}, "email must be an e-mail address"),
        ({"company_name": " "}, "company_name must not be blank"),
        ({"password": None}, "password is required"),
        ({"account_type": 3}, "account_type must be one of 0, 1, 2, 4, 5, 6"),
        ({"timezone_id": 1}, "timezone_id 1 is no time zone of tz/list"),
        ({"lang": "de"}, "lang must be one of en, fr, es"),
    ],
)
def test_a_wrong_account_is_refused_and_leaves_nothing(sandbox: Sandbox, change: dict[str, Any], words: str) -> None:
    assert sandbox.refused(1, "POST", "/account", NEW | change) == words
    assert sandbox.ok("GET", "/account/companies") == []
    assert len(sandbox.control("GET", "/accounts")) == 1


@pytest.mark.parametrize(("name", "taken"), [("nick_name", "SANDBOX"), ("email", "Owner@Example.com")])
def test_a_name_that_is_taken_cannot_be_saved(sandbox: Sandbox, name: str, taken: str) -> None:
    assert sandbox.refused(5, "POST", "/account", NEW | {name: taken}) == f"{name} {taken} already exists"
    assert sandbox.ok("GET", "/account/companies") == []


def test_all_problems_are_told_at_once(sandbox: Sandbox) -> None:
    words = sandbox.refused(1, "POST", "/account", {"nick_name": "a b"})
    assert words.split("; ") == [
        "company_name is required",
        "email is required",
        "password is required",
        "nick_name may contain only letters and digits",
    ]


def test_the_number_of_sub_accounts_can_be_limited(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/limits", {"accounts": 1})
    sandbox.child("acme")
    assert sandbox.refused(11, "POST", "/account", NEW | {"nick_name": "other"}) == (
        "the limit of 1 sub-accounts is reached"
    )


def test_what_can_only_be_said_at_creation_is_read_back(sandbox: Sandbox) -> None:
    said = {"address_street1": "1 Road", "policies": "Be kind", "max_providers": 7, "enable_locations": False}
    sandbox.company = sandbox.child("acme", **said, account_type=4)
    assert said.items() <= sandbox.ok("GET", "/account").items()
    assert sandbox.ok("GET", "/account")["account_type"] == "4"
    assert "return_url" not in sandbox.ok("GET", "/account")


def test_business_info_needs_both_names_and_keeps_nick_names_unique(sandbox: Sandbox) -> None:
    sandbox.child("acme")
    assert sandbox.refused(1, "POST", "/account/saveBussinessInfo", {}) == (
        "company_name is required; nick_name is required"
    )
    sandbox.refused(5, "POST", "/account/saveBussinessInfo", {"company_name": "S", "nick_name": "acme"})
    body = {"company_name": "S", "nick_name": "fresh", "business_hours": "9 to 5"}
    assert sandbox.ok("POST", "/account/saveBussinessInfo", body)["nick_name"] == "fresh"
    assert sandbox.ok("GET", "/account/getAccountInfo")["business_hours"] == "9 to 5"
    assert "business_hours" not in sandbox.ok("GET", "/account")
    sandbox.child("sandbox")  # given up, so free again


def test_personal_info_changes_the_owner_everywhere(sandbox: Sandbox) -> None:
    sandbox.ok("POST", "/account/savePersonalInfo", {"email": "new@example.com", "first_name": "Jo", "phone": "1"})
    (owner,) = sandbox.ok("GET", "/employee")
    (info,) = sandbox.ok("GET", "/account/getPersonalInfo")
    for shown in (owner, info, sandbox.ok("GET", "/account")):
        assert (shown["email"], shown["first_name"], shown["phone"]) == ("new@example.com", "Jo", "1")
    assert sandbox.sign_in("new@example.com")["user"]["id"] == owner["id"]


def test_the_owner_as_an_employee_is_the_account_too(sandbox: Sandbox) -> None:
    (owner,) = sandbox.ok("GET", "/employee")
    body = {"email": "me@example.com", "first_name": "Me", "last_name": "Too", "links": []}
    sandbox.ok("PUT", f"/employee/{owner['id']}", body)
    assert sandbox.ok("GET", "/account")["email"] == "me@example.com"


def test_an_owner_cannot_take_an_employees_email(sandbox: Sandbox) -> None:
    sandbox.employee("ann@example.com")
    sandbox.refused(5, "POST", "/account/savePersonalInfo", {"email": "ANN@example.com"})
    assert sandbox.ok("GET", "/account")["email"] == "owner@example.com"


def test_options_share_some_fields_with_the_account(sandbox: Sandbox) -> None:
    sandbox.ok("POST", "/account/saveOptions", {"lang": "fr", "notify_app_unpaid": 0, "timezone_id": "548"})
    account = sandbox.ok("GET", "/account")
    assert (account["lang"], account["notify_app_unpaid"], account["timezone_id"]) == ("fr", False, 548)
    assert sandbox.ok("GET", "/account/getOptions")["notify_app_unpaid"] == 0


def test_email_settings_are_options_too_and_lose_against_those_outside(sandbox: Sandbox) -> None:
    settings = {"widget_send_client_emails": 0, "widget_send_provider_emails": 0, "send_reminder": 12}
    saved = sandbox.ok("POST", "/account/saveOptions", {"email_settings": settings, "send_reminder": 48})
    assert (saved["widget_send_client_emails"], saved["send_reminder"]) == (0, 48)
    sandbox.refused(1, "POST", "/account/saveOptions", {"email_settings": {"send_reminder": 1}})


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/account/checknickname/free", "OK"),
        ("/account/checknickname/Sandbox", "nick_name already exists"),
        ("/account/checkemail/free@example.com", "OK"),
        ("/account/checkemail/owner@example.com", "nick_name already exists"),
    ],
)
def test_a_taken_name_is_a_success_with_other_words(sandbox: Sandbox, path: str, words: str) -> None:
    envelope = sandbox.call("GET", path)
    assert (envelope["statusCode"], envelope["statusDescriptions"], envelope["data"]) == (0, words, {})
