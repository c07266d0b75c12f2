"""Answers to custom fields: kept under both names, checked when asked, and searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import Salon, opened_salon

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

FIELD: dict[str, Any] = {"company_id": 2345, "length": 0, "required": False, "ord": 1, "status": True, "visibility": 1}
FIELD |= {"readonly": False, "hint": "", "removable": True}


@pytest.fixture
def salon(sandbox: Sandbox) -> Salon:
    return opened_salon(sandbox)


def asked(sandbox: Sandbox, label: str, kind: int = 0, **more: Any) -> str:
    """Make a custom field and return its id as text."""
    return str(sandbox.ok("POST", "/customfield", FIELD | {"label": label, "type": kind} | more)["id"])


def test_what_is_written_under_one_name_is_read_under_both(sandbox: Sandbox, salon: Salon) -> None:
    phone, address, code = asked(sandbox, "Work Phone", 2), asked(sandbox, "Address", 5), asked(sandbox, "Coupon", 4)
    where = ["201 S. Division St.", "500", "Ann Arbor", "MI", "48104"]
    new = salon.read(salon.book(custom_data={"Work phone": "555", f"custom_field_{address}": where, code: "X"}))
    # seed: Get Upcoming Appointments, the sample
    expected = {"1": ["555", "Work Phone"], "2": [where, "Address"], "3": ["X", "Coupon", "h"]}
    assert new["custom_fields"] == expected
    assert new["custom_data"] == {"Work phone": "555", f"custom_field_{address}": where, code: "X"}
    old = salon.read(salon.book("2026-03-11 12:00", custom_fields={"1": ["555", "Phone"], "3": ["X"], "2": [where]}))
    assert old["custom_fields"] == expected
    assert old["custom_data"] == {phone: "555", address: where, code: "X"}


def test_what_names_no_field_is_kept_as_it_is(salon: Salon) -> None:
    placed: dict[str, Any] = {"field index1": ["a", "b", "c"], "9": "x"}
    shown = salon.read(salon.book(custom_data={"key1": 5}, custom_fields=placed))
    assert shown["custom_data"] == {"key1": 5}
    assert shown["custom_fields"] == {"field index1": ["a", "b", "c"], "9": ["x"]}


def test_an_answer_is_shown_as_text_beside_its_label(sandbox: Sandbox, salon: Salon) -> None:
    for label in ("Age", "Owner", "Empty"):
        asked(sandbox, label)
    shown = salon.read(salon.book(custom_data={"Age": 44, "Owner": True, "Empty": None}))
    assert shown["custom_fields"] == {"1": ["44", "Age"], "2": ["true", "Owner"], "3": ["", "Empty"]}
    assert shown["custom_data"] == {"Age": 44, "Owner": True, "Empty": None}


def test_the_list_finds_answers(sandbox: Sandbox, salon: Salon) -> None:
    colour, size = asked(sandbox, "Colour"), asked(sandbox, "Size")
    red = salon.book("2026-03-10 09:00", custom_data={colour: "Red", size: "big"})
    both = salon.book("2026-03-10 10:00", custom_data={colour: "big", size: "BIG"})
    salon.book("2026-03-10 11:00")
    assert salon.found(cf_ids=colour, cf_search="red") == [red]
    assert salon.found(cf_ids=f"custom_field_{colour},{size}", cf_search="big") == [both]
    assert salon.found(cf_ids=f"{colour},{size}", cf_search="big", cf_search_operand="or") == [red, both]
    assert salon.found(cf_ids=size, cf_search="bi") == []
    assert salon.found(cf_ids=size, cf_search="bi", cf_search_precision="fuzzy") == [red, both]
    assert salon.found(custom_field_1="red") == salon.found(custom_field_1="red", custom_field_2="big") == [red]
    assert salon.found(custom_field_3="red") == []
    assert sandbox.ok("GET", "/appointment", num_results=1, cf_ids=size, cf_search="big") == 2


def test_clients_are_found_by_what_they_answered(sandbox: Sandbox, salon: Salon) -> None:
    colour = asked(sandbox, "Colour")
    salon.book("2026-03-10 09:00", custom_data={colour: "red"})
    salon.book("2026-03-10 10:00")
    salon.book("2026-03-10 11:00", client_email="bo@example.com", custom_data={colour: "blue"})

    def found(**query: Any) -> list[str]:
        return [each["email"] for each in sandbox.ok("GET", "/client", **query)]

    assert found(cf_ids=colour, cf_search="red") == ["liv@example.com"]
    assert found(cf_search="blue") == ["bo@example.com"]
    assert found(cf_search="green") == []


PROBLEMS = [
    ({"required": True}, None, "is required"),
    ({"required": True}, " ", "is required"),
    ({"required": True}, "x", None),
    ({"required": True, "status": False}, None, None),
    ({"required": True, "visibility": 2}, None, None),
    ({"length": 3}, "four", "must have at most 3 characters"),
    ({"length": 3}, "thr", None),
    ({"type": 3}, "liv", "must be an e-mail address"),
    ({"type": 3}, "liv@example.com", None),
    ({"type": 2}, "call me", "must be a phone number"),
    ({"type": 2}, "(01512) 793246", None),
    ({"type": 7, "options": "A|B"}, "C", "must be one of A, B"),
    ({"type": 7, "options": "A|B"}, "B", None),
    ({"type": 7, "options": "A|B"}, ["A", "B"], "takes one option"),
    ({"type": 7, "options": "A|B", "multiselect": 1}, ["A", "B"], None),
    ({"type": 7, "options": "A|B", "multiselect": 1}, "A|B", None),
]


@pytest.mark.parametrize(("field", "answer", "problem"), PROBLEMS)
def test_answers_are_checked_when_asked(
    sandbox: Sandbox, salon: Salon, field: dict[str, Any], answer: Any, problem: str | None
) -> None:
    number = asked(sandbox, "What?", **{"kind": field.get("type", 0)} | {k: v for k, v in field.items() if k != "type"})
    body = salon.body(custom_data={} if answer is None else {number: answer})
    if problem is None:
        assert sandbox.ok("POST", "/appointment", body, validate_custom_fields=1)["id"]
    else:
        words = sandbox.refused(1, "POST", "/appointment", body, validate_custom_fields=1)
        assert words == f"custom fields failed validation: What?: {problem}"
        assert sandbox.ok("POST", "/appointment", body, validate_custom_fields=0)["id"]


def test_the_phone_and_the_address_answer_their_fields(sandbox: Sandbox, salon: Salon) -> None:
    phone, _ = (asked(sandbox, label, kind, required=True) for label, kind in (("Phone", 2), ("Address", 5)))
    body = salon.body(client_phone="12345678", client_address="1 Road")
    sandbox.refused(1, "POST", "/appointment", body | {"client_phone": ""}, validate_custom_fields=1)
    sandbox.refused(1, "POST", "/appointment", body | {"custom_data": {phone: ""}}, validate_custom_fields=1)
    number = sandbox.ok("POST", "/appointment", body, validate_custom_fields=1)["id"]
    again = sandbox.ok("PUT", f"/appointment/{number}", salon.body(), validate_custom_fields=1)
    assert (again["client_phone"], again["client_address"]) == ("12345678", "1 Road")


def test_all_problems_are_named_at_once(sandbox: Sandbox, salon: Salon) -> None:
    asked(sandbox, "Mail", 3)
    asked(sandbox, "Age", required=True)
    body = salon.body(custom_data={"Mail": "x", "Shoe": 44})
    words = sandbox.refused(1, "POST", "/appointment", body, validate_custom_fields=1)
    assert words == (
        "custom fields failed validation: Shoe: there is no such custom field; Mail: must be an e-mail address; Age: is"
        " required"
    )


def test_a_modification_is_checked_with_the_answers_that_stay(sandbox: Sandbox, salon: Salon) -> None:
    age = asked(sandbox, "Age", required=True)
    number = salon.book(custom_data={age: "44"})
    kept = sandbox.ok("PUT", f"/appointment/{number}", salon.body(note="Hi"), validate_custom_fields=1)
    assert kept["custom_data"] == {age: "44"}
    body = salon.body(custom_data={})
    sandbox.refused(1, "PUT", f"/appointment/{number}", body, validate_custom_fields=1)
    assert sandbox.ok("PUT", f"/appointment/{number}", body)["custom_fields"] == {}
