"""All eight ways in which the vendor may answer the open questions."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.conftest import Sandbox

DIALECTS = [
    {"put": put, "links": links, "hours": hours}
    for put, links, hours in product(("partial", "full"), ("replace", "merge"), ("replace", "merge"))
]
ENTRY: dict[str, Any] = {"repeat": 1, "type": 0, "start_date": "1/1/2026", "end_date": "6/30/2026", "days": []}
MONDAY = {"mo": {"time": [["09:00", "17:00"]]}}

every_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: "-".join(dialect.values()))


@every_dialect
def test_a_put_is_full_or_partial(opened: Callable[..., Sandbox], dialect: dict[str, str]) -> None:
    sandbox = opened(dialect)
    location, service = sandbox.location(city="Rome", lat=1.5), sandbox.service(price=5, description="Hot")
    employee = sandbox.employee(bio="Likes tea", status=True)
    (place,) = sandbox.ok("PUT", f"/location/{location}", {"name": "New"})
    offer = sandbox.ok("PUT", f"/service/{service}", {"name": "New", "duration": 15})
    person = {"email": "ann@example.com", "first_name": "A", "last_name": "L", "links": []}
    (shown,) = sandbox.ok("PUT", f"/employee/{employee}", person)
    kept = dialect["put"] == "partial"
    assert (place["name"], place["city"], place["lat"]) == ("New", "Rome" if kept else "", 1.5)
    assert (offer["price"], offer["description"]) == ((5, "Hot") if kept else (0, ""))
    assert (shown["bio"], shown["status"]) == (("Likes tea", True) if kept else ("", False))


@every_dialect
def test_the_parts_of_an_account_are_full_or_partial(opened: Callable[..., Sandbox], dialect: dict[str, str]) -> None:
    sandbox = opened(dialect)
    names = {"company_name": "S", "nick_name": "s"}
    sandbox.ok("POST", "/account/saveBussinessInfo", names | {"website": "a.example", "timezone_id": 548})
    sandbox.ok("POST", "/account/saveOptions", {"currency": "EUR", "lang": "fr"})
    sandbox.ok("POST", "/account/savePersonalInfo", {"first_name": "Jo", "phone": "1"})
    before = sandbox.ok("GET", "/account")
    sandbox.ok("POST", "/account/saveBussinessInfo", names)
    sandbox.ok("POST", "/account/savePersonalInfo", {})
    options = sandbox.ok("POST", "/account/saveOptions", {})
    after = sandbox.ok("GET", "/account")
    assert (after["email"], after["nick_name"], after["password"]) == ("owner@example.com", "s", before["password"])
    if dialect["put"] == "partial":
        assert (options["currency"], options["lang"], after["first_name"]) == ("EUR", before["lang"], "Jo")
    else:
        assert (options["currency"], options["lang"], after["website"]) == ("USD", "en", "")
        assert (after["timezone_id"], after["first_name"], after["phone"]) == (553, "", "")


@every_dialect
@pytest.mark.parametrize("kind", ["employee", "location", "service"])
def test_written_links_replace_or_merge(opened: Callable[..., Sandbox], dialect: dict[str, str], kind: str) -> None:
    sandbox = opened(dialect)
    ann, here, wash = sandbox.employee("a@example.com"), sandbox.location(), sandbox.service()
    ben, there, cut = sandbox.employee("b@example.com"), sandbox.location(), sandbox.service()
    bodies: dict[str, tuple[int, dict[int, Any], dict[int, Any]]] = {
        "employee": (ann, {here: {wash: 1}}, {there: {cut: 1}}),
        "location": (here, {ann: {wash: 1}}, {ben: {cut: 1}}),
        "service": (wash, {ann: {here: 1}}, {ben: {there: 1}}),
    }
    number, first, second = bodies[kind]
    named = {"email": "a@example.com", "first_name": "A", "last_name": "B", "name": "N", "duration": 15}
    one = (ann, here, wash)
    two = {"employee": (ann, there, cut), "location": (ben, here, cut), "service": (ben, there, wash)}[kind]
    sandbox.ok("PUT", f"/{kind}/{number}", named | {"links": first})
    sandbox.ok("PUT", f"/{kind}/{number}", named | {"links": second})
    assert sandbox.links() == ({two} if dialect["links"] == "replace" else {one, two})
    off = {outer: dict.fromkeys(inners, 0) for outer, inners in second.items()}
    sandbox.ok("PUT", f"/{kind}/{number}", named | {"links": off})
    assert sandbox.links() == (set() if dialect["links"] == "replace" else {one})


@every_dialect
@pytest.mark.parametrize("kind", ["location", "service"])
def test_a_full_put_without_links_clears_them(
    opened: Callable[..., Sandbox], dialect: dict[str, str], kind: str
) -> None:
    sandbox = opened(dialect)
    here, wash = sandbox.location(), sandbox.service()
    triple = sandbox.employee(links={here: {wash: 1}}), here, wash
    number = {"location": here, "service": wash}[kind]
    sandbox.ok("PUT", f"/{kind}/{number}", {"name": "N", "duration": 15})
    assert sandbox.links() == (set() if dialect["put"] == "full" else {triple})


@every_dialect
def test_written_hours_replace_or_merge(opened: Callable[..., Sandbox], dialect: dict[str, str]) -> None:
    sandbox = opened(dialect)
    path = f"/employee/{sandbox.employee()}"
    other = ENTRY | {"type": 1}
    again = ENTRY | {"start_date": "01/01/2026", "type": False, "location_id": "", "days": MONDAY}
    sandbox.ok("PUT", f"{path}/assignAvailability", {"availabilities": [ENTRY, other]})
    sandbox.ok("PUT", f"{path}/assignAvailability", {"availabilities": [again]})
    (found,) = sandbox.dump()["availability"].values()
    assert found == ([again] if dialect["hours"] == "replace" else [other, again])


def test_the_dialect_can_be_changed_while_running_and_is_remembered(opened: Callable[..., Sandbox]) -> None:
    sandbox = opened({"put": "full"})
    assert sandbox.control("GET", "/dialect") == {
        "put": "full",
        "links": "replace",
        "hours": "replace",
        "booked": "keep",
    }
    assert sandbox.control("PUT", "/dialect", {"links": "merge"})["links"] == "merge"
    assert opened().control("GET", "/dialect") == {
        "put": "full",
        "links": "merge",
        "hours": "replace",
        "booked": "keep",
    }


def test_an_unknown_dialect_is_refused(opened: Callable[..., Sandbox]) -> None:
    with pytest.raises(ValueError, match=r"put: partial\|full"):
        opened({"put": "some"})
    answer = opened().request("PUT", "/_sandbox/dialect", json={"verb": "full"})
    assert answer.status_code == 400
    assert "verb" in answer.json()["error"]
