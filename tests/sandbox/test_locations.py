"""Locations: the place on earth, the main one, filters and order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


def test_the_place_on_earth_comes_from_the_address(sandbox: Sandbox) -> None:
    one, two = sandbox.location(street1="13 Beverly"), sandbox.location(street1="13 Beverly")
    (first,), (second,) = sandbox.ok("GET", f"/location/{one}"), sandbox.ok("GET", f"/location/{two}")
    assert (first["lat"], first["lng"]) == (second["lat"], second["lng"]) != (0, 0)
    assert -90 <= first["lat"] <= 90
    assert -180 <= first["lng"] <= 180


def test_a_given_place_stays_until_it_is_to_be_computed(sandbox: Sandbox) -> None:
    number = sandbox.location(street1="13 Beverly", lat=1.5, lng=2.5)
    (moved,) = sandbox.ok("PUT", f"/location/{number}", {"name": "Spa", "street1": "14 Beverly"})
    assert (moved["lat"], moved["lng"]) == (1.5, 2.5)
    (moved,) = sandbox.ok("PUT", f"/location/{number}", {"name": "Spa", "update_lat_lng": 1})
    assert (moved["lat"], moved["lng"]) != (1.5, 2.5)
    assert sandbox.ok("GET", f"/location/{number}") == [moved]


def test_a_location_takes_the_accounts_time_zone_unless_given(sandbox: Sandbox) -> None:
    sandbox.ok("POST", "/account/saveBussinessInfo", {"company_name": "S", "nick_name": "s", "timezone_id": 548})
    (mine,) = sandbox.ok("GET", f"/location/{sandbox.location()}")
    (other,) = sandbox.ok("GET", f"/location/{sandbox.location(timezone_id='553')}")
    assert (mine["timezone_id"], other["timezone_id"]) == (548, 553)


def test_the_main_location_cannot_be_deleted(sandbox: Sandbox) -> None:
    (main,) = sandbox.ok("GET", "/location", tmp_default=1)
    assert sandbox.refused(8, "DELETE", f"/location/{main['id']}") == "the main location cannot be deleted"


def test_read_only_and_unknown_fields_are_ignored(sandbox: Sandbox) -> None:
    number = sandbox.location(id=1, is_main=True, ord=9, nonsense=1)
    (shown,) = sandbox.ok("GET", f"/location/{number}")
    assert (shown["id"], shown["is_main"], shown["ord"]) == (number, False, 0)
    assert "nonsense" not in shown


def test_filters_mean_equality(sandbox: Sandbox) -> None:
    rome, oslo = sandbox.location(city="Rome", virtual=True), sandbox.location(city="Oslo", zip="0150")

    def found(**query: str | int) -> list[int]:
        return [each["id"] for each in sandbox.ok("GET", "/location", **query)]

    assert found(city="Rome") == [rome]
    assert found(zip="0150", name="") == [oslo]
    assert found(virtual="true") == [rome]
    assert found(id=oslo) == [oslo]
    assert found(city="Rome", virtual=0) == []
    sandbox.refused(1, "GET", "/location", virtual="maybe")


def test_locations_with_links_can_be_asked_for(sandbox: Sandbox) -> None:
    number = sandbox.location(links="all")
    assert [each["id"] for each in sandbox.ok("GET", "/location", has_links=1)] == [number]
    assert number not in [each["id"] for each in sandbox.ok("GET", "/location", has_links=0)]


def test_the_order_of_many_changes_in_one_call(sandbox: Sandbox) -> None:
    (main,) = sandbox.ok("GET", "/location")
    one, two = sandbox.location(), sandbox.location()
    places = [{"id": main["id"], "ord": 3}, {"id": one, "ord": "2"}, {"id": two, "ord": 1}]
    assert sandbox.ok("POST", "/location/updateOrder", places) is None
    assert [each["id"] for each in sandbox.ok("GET", "/location")] == [two, one, main["id"]]
    sandbox.refused(7, "POST", "/location/updateOrder", [{"id": one, "ord": 9}, {"id": 1, "ord": 9}])
    sandbox.refused(1, "POST", "/location/updateOrder", {"id": one, "ord": 9})
    assert [each["ord"] for each in sandbox.ok("GET", "/location")] == [1, 2, 3]


def test_an_id_is_never_used_again(sandbox: Sandbox) -> None:
    one = sandbox.location()
    sandbox.ok("DELETE", f"/location/{one}")
    assert sandbox.location() > one
    sandbox.refused(7, "GET", f"/location/{one}")
    sandbox.refused(7, "DELETE", f"/location/{one}")
    sandbox.refused(7, "GET", "/location/nonsense")
    sandbox.refused(7, "GET", f"/location/{10**30}")
