"""Clients: known by their e-mail address, in a list that comes in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import opened_salon

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

LIV = {"email": "liv@example.com", "name": "Liv"}


def made(sandbox: Sandbox, **fields: Any) -> int:
    return int(sandbox.ok("POST", "/client", LIV | fields)["client_id"])


def found(sandbox: Sandbox, **query: Any) -> list[int]:
    return [each["client_id"] for each in sandbox.ok("GET", "/client", **query)]


def test_one_client_is_read_in_a_list_and_written_as_an_object(sandbox: Sandbox) -> None:
    number = made(sandbox, gender=None)
    (shown,) = sandbox.ok("GET", f"/client/{number}")
    assert (shown["gender"], shown["cient_since"], "id" in shown) == (None, "2026-03-02", False)
    changed = sandbox.ok("PUT", f"/client/{number}", LIV | {"phone": 555, "gender": "f", "birthday": "1990-08-03"})
    assert (changed["phone"], changed["gender"], changed["birthday"]) == ("555", "f", "1990-08-03")
    assert sandbox.ok("PUT", f"/client/{number}", LIV | {"birthday": "", "gender": ""})["birthday"] == ""


def test_the_list_has_a_hundred_unless_asked_for_more(sandbox: Sandbox) -> None:
    numbers = [made(sandbox, email=f"c{n}@example.com") for n in range(130)]
    assert found(sandbox) == numbers[:100]
    assert found(sandbox, start=100, end=200) == numbers[100:]
    assert found(sandbox, start=10, end=12) == numbers[10:12]
    assert found(sandbox, start=5, end="all") == numbers[5:]
    assert found(sandbox, start=500, end=600) == []
    assert sandbox.refused(1, "GET", "/client", start=-1) == "start and end must not be negative"


def test_clients_can_be_filtered_and_searched(sandbox: Sandbox) -> None:
    liv, bo = made(sandbox, phone="+47 22"), made(sandbox, email="bo@x.example", name="Bo", cient_since="2020-01-01")
    assert found(sandbox, email="LIV@example.com") == [liv]
    assert found(sandbox, email="liv@example") == []
    assert found(sandbox, client_id=bo) == [bo]
    assert found(sandbox, client_since="2020-01-01") == [bo]
    assert found(sandbox, q="47 2") == found(sandbox, q="LIV@") == [liv]
    assert found(sandbox, q="x.example", name="Liv") == []


EVERYTHING = dict.fromkeys(("phone", "notes", "preferences", "address", "address2", "city", "state", "zip"), "x 1")
EVERYTHING |= {"country": "NO", "gender": "f", "birthday": "1990-08-03", "accept_emails": "1", "photo": "p.png"}


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_field_is_a_filter(sandbox: Sandbox, name: str) -> None:
    liv, other = made(sandbox, **EVERYTHING), made(sandbox, email="bo@example.com")
    assert found(sandbox, **{name: EVERYTHING[name]}) == [liv]
    assert found(sandbox, **{name: ""}) == [liv, other]


def test_the_last_appointment_is_a_filter(sandbox: Sandbox) -> None:
    salon = opened_salon(sandbox)
    made(sandbox, email="bo@example.com")
    salon.book("2026-03-10 12:00")
    (liv,) = sandbox.ok("GET", "/client", email=LIV["email"])
    assert found(sandbox, last_app_date="2026-03-10T19:00:00Z") == [liv["client_id"]]
    assert found(sandbox, employee_id=salon.employee) == [liv["client_id"]]
    assert sandbox.ok("DELETE", f"/client/{liv['client_id']}") == {}
    again = salon.read(salon.book("2026-03-11 12:00"))["client_id"]
    assert again != liv["client_id"]


def test_a_picture_is_served_under_its_base_name(sandbox: Sandbox) -> None:
    liv = made(sandbox)
    kept = sandbox.upload("POST", "/client/uploadPicture", {"photo": b"\x89PNG"}, client_id=liv)
    (shown,) = sandbox.ok("GET", f"/client/{liv}")
    assert shown["photo"] == kept["file_name"]
    assert sandbox.request("GET", kept["file_location"] + kept["file_name"]).content == b"\x89PNG"
    nobodys = sandbox.upload("POST", "/client/uploadPicture", {"photo": b"GIF89a"})
    assert sandbox.request("GET", nobodys["file_location"] + nobodys["file_name"]).content == b"GIF89a"
    sandbox.ok("DELETE", f"/client/{liv}")
    assert sandbox.request("GET", kept["file_location"] + kept["file_name"]).status_code == 404


def test_an_address_belongs_to_one_client_of_an_account(sandbox: Sandbox) -> None:
    liv, bo = made(sandbox), made(sandbox, email="bo@example.com")
    words = "email LIV@example.com already exists"
    assert sandbox.refused(5, "POST", "/client", LIV | {"email": "LIV@example.com"}) == words
    assert sandbox.refused(5, "PUT", f"/client/{bo}", LIV | {"email": "LIV@example.com"}) == words
    child = sandbox.child()
    assert sandbox.ok("POST", "/client", LIV, company_id=child)["company_id"] == child
    assert sandbox.ok("DELETE", f"/client/{liv}") == {}
    assert sandbox.ok("PUT", f"/client/{bo}", LIV)["email"] == LIV["email"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": None}, "email is required"),
        ({"name": " "}, "name must not be blank"),
        ({"gender": "x"}, "gender must be one of m, f"),
        ({"birthday": "3/8/1990"}, "birthday must be a date YYYY-MM-DD"),
        ({"accept_emails": "maybe"}, "accept_emails must be true (1) or false (0)"),
    ],
)
def test_a_value_that_does_not_fit_is_named(sandbox: Sandbox, change: dict[str, Any], words: str) -> None:
    assert sandbox.refused(1, "POST", "/client", LIV | change) == words
