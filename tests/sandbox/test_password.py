"""A forgotten password, signing in with one, signing out, and accounts that are not active."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.conftest import API

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

OWNER = "owner@example.com"


def sign_in(sandbox: Sandbox, **query: Any) -> tuple[int, int]:
    params = {"email": OWNER, "company_id": 2345} | query
    answer = sandbox.request("POST", f"{API}/account/authenticate", params=params)
    return answer.status_code, answer.json()["statusCode"]


def ask(sandbox: Sandbox, name: str, **query: Any) -> tuple[int, str]:
    """Call without a session, as somebody does who cannot sign in."""
    params = {"email": OWNER, "company_id": 2345} | query
    envelope = sandbox.request("POST", f"{API}/account/{name}", params=params).json()
    return envelope["statusCode"], envelope["statusDescriptions"]


def mailed(sandbox: Sandbox) -> str:
    """Return the hash in the link that was mailed last."""
    link = urlsplit(str(sandbox.control("GET", "/mails")[-1]["text"]))
    assert (link.scheme, link.netloc, link.path) == ("https", "shop.example", "/confirm")
    query = parse_qs(link.query)
    assert query["email"] == [OWNER]
    return query["hash_code"][0]


def test_a_password_is_reset_by_the_hash_in_the_mail_once(sandbox: Sandbox) -> None:
    asked = ask(sandbox, "request_password_reset", confirmation_url="https://shop.example/confirm")
    assert asked == (0, "Confirmation email sent")
    secret = mailed(sandbox)
    assert ask(sandbox, "reset_password", hash_code="other", new_password="new")[0] == 1
    assert ask(sandbox, "reset_password", hash_code=secret, new_password="new") == (0, "Password changed")
    assert ask(sandbox, "reset_password", hash_code=secret, new_password="newer")[0] == 1
    assert sandbox.ok("GET", "/account")["password"] == "new"
    assert sign_in(sandbox, password="new") == (200, 0)


def test_another_request_ends_the_hash_before(sandbox: Sandbox) -> None:
    url = "https://shop.example/confirm"
    ask(sandbox, "request_password_reset", confirmation_url=url)
    first = mailed(sandbox)
    ask(sandbox, "request_password_reset", confirmation_url=url)
    assert ask(sandbox, "reset_password", hash_code=first, new_password="new")[0] == 1
    assert ask(sandbox, "reset_password", hash_code=mailed(sandbox), new_password="new")[0] == 0


@pytest.mark.parametrize(
    ("name", "query", "found"),
    [
        ("request_password_reset", {"email": "other@example.com", "confirmation_url": "x"}, (7, "not found")),
        ("request_password_reset", {}, (1, "confirmation_url must not be blank")),
        ("request_password_reset", {"email": "", "confirmation_url": "x"}, (1, "email must not be blank")),
        ("reset_password", {"new_password": "x"}, (1, "hash_code must not be blank")),
        ("reset_password", {"hash_code": "x", "new_password": " "}, (1, "new_password must not be blank")),
        ("reset_password", {"hash_code": "x", "new_password": "x", "company_id": 9}, (7, "company 9 not found")),
    ],
)
def test_a_reset_that_makes_no_sense_is_refused(
    sandbox: Sandbox, name: str, query: dict[str, Any], found: tuple[int, str]
) -> None:
    code, words = ask(sandbox, name, **query)
    assert code == found[0]
    assert found[1] in words
    assert sandbox.control("GET", "/mails") == []


def test_what_is_secret_is_not_in_the_list_of_calls(sandbox: Sandbox) -> None:
    ask(sandbox, "reset_password", hash_code="SECRET", new_password="SECRET")
    sign_in(sandbox, password="SECRET", token="SECRET")
    assert "SECRET" not in str(sandbox.control("GET", "/calls"))


def test_the_owner_signs_in_with_the_password_where_no_key_is_given(sandbox: Sandbox) -> None:
    assert sign_in(sandbox, password="sandbox") == (200, 0)
    assert sign_in(sandbox, password="other") == (401, 2)
    assert sign_in(sandbox, password="sandbox", token="other") == (401, 2)
    assert sign_in(sandbox) == (401, 2)


def test_signing_out_ends_one_session_and_sends_the_browser_home(sandbox: Sandbox) -> None:
    ended = sandbox.token
    sandbox.sign_in()
    params = {"session_token": ended, "company_id": 2345}
    answer = sandbox.request("GET", f"{API}/account/logout", params=params)
    assert (answer.status_code, answer.headers["location"], answer.json()["statusCode"]) == (301, "/", 0)
    assert sandbox.request("GET", f"{API}/account/logout", params=params).status_code == 403
    sandbox.ok("GET", "/account")


def test_an_account_that_is_not_active_signs_nobody_in(sandbox: Sandbox) -> None:
    sandbox.control("PUT", "/accounts", {"company_id": 2345, "active": False})
    assert sign_in(sandbox, token="sandbox-key") == (401, 3)
    assert sign_in(sandbox, token="wrong") == (401, 2)
    sandbox.control("PUT", "/accounts", {"company_id": 2345, "active": True})
    assert sign_in(sandbox, token="sandbox-key") == (200, 0)
    assert sandbox.request("PUT", "/_sandbox/accounts", json={"company_id": 9, "active": True}).status_code == 400
