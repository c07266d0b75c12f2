"""Custom fields: what they require, their order on the form, and many saved at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

PATH, BULK = "/customfield", "/customfield/bulksave"
ORDER_ID: dict[str, Any] = {
    "company_id": 2345, "label": "Order ID", "length": 10, "type": 4, "required": False, "ord": 2, "status": True,
    "visibility": 1, "readonly": False, "hint": "",
}  # fmt: skip


@pytest.mark.parametrize("name", ORDER_ID)
def test_what_the_page_requires_is_required(sandbox: Sandbox, name: str) -> None:
    body = {field: value for field, value in ORDER_ID.items() if field != name}
    assert sandbox.refused(1, "POST", PATH, body) == f"{name} is required"
    assert sandbox.refused(1, "POST", BULK, [ORDER_ID, body]) == f"{name} is required"
    assert sandbox.ok("GET", PATH) == []


def test_a_dropdown_needs_options(sandbox: Sandbox) -> None:
    sandbox.refused(1, "POST", PATH, ORDER_ID | {"type": 7})
    made = sandbox.ok("POST", PATH, ORDER_ID | {"type": "7", "options": "A|B"})
    assert (made["type"], made["options"], made["multiselect"]) == (7, "A|B", 0)


def test_they_stand_in_the_order_of_the_form(sandbox: Sandbox) -> None:
    second, first = (sandbox.ok("POST", PATH, ORDER_ID | {"ord": number})["id"] for number in (2, 1))
    assert [each["id"] for each in sandbox.ok("GET", PATH)] == [first, second]
    assert sandbox.ok("PUT", f"{PATH}/{first}", ORDER_ID | {"ord": 3})["ord"] == 3
    assert [each["id"] for each in sandbox.ok("GET", PATH)] == [second, first]
    assert [each["id"] for each in sandbox.ok("GET", PATH, ord=9, label="Order ID", type=4)] == [second, first]
    assert sandbox.ok("GET", PATH, type=7) == []


def test_many_are_made_and_modified_in_one_call(sandbox: Sandbox) -> None:
    old = sandbox.ok("POST", PATH, ORDER_ID)["id"]
    answered = sandbox.ok("POST", BULK, [ORDER_ID | {"label": "New"}, ORDER_ID | {"id": str(old), "label": "Changed"}])
    assert [each["label"] for each in answered] == ["New", "Changed"]
    assert answered[1]["id"] == old
    assert {each["id"]: each["label"] for each in sandbox.ok("GET", PATH)} == {e["id"]: e["label"] for e in answered}


def test_many_are_saved_all_or_none(sandbox: Sandbox) -> None:
    sandbox.refused(7, "POST", BULK, [ORDER_ID, ORDER_ID | {"id": 1}])
    sandbox.refused(1, "POST", BULK, [ORDER_ID, ORDER_ID | {"visibility": 4}])
    sandbox.refused(1, "POST", BULK, ORDER_ID)
    assert sandbox.ok("GET", PATH) == []


def test_a_full_modification_resets_what_it_does_not_mention(opened: Callable[..., Sandbox]) -> None:
    for put in ("partial", "full"):
        sandbox = opened({"put": put}, db=":memory:")
        number = sandbox.ok("POST", PATH, ORDER_ID | {"removable": True})["id"]
        sandbox.ok("PUT", f"{PATH}/{number}", ORDER_ID)
        (shown,) = sandbox.ok("GET", f"{PATH}/{number}")
        assert shown["removable"] is (put == "partial")


def test_only_what_is_removable_can_be_deleted(sandbox: Sandbox) -> None:
    kept, gone = (sandbox.ok("POST", PATH, ORDER_ID | {"removable": flag})["id"] for flag in (False, True))
    assert sandbox.refused(8, "DELETE", f"{PATH}/{kept}") == "the custom field is not removable"
    assert sandbox.ok("DELETE", f"{PATH}/{gone}") == {}
    assert [each["id"] for each in sandbox.ok("GET", PATH)] == [kept]
