"""Services: durations, dates that read as null, schedules and filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

TIME = {"hour": 9, "min": 0, "am": "am"}


def test_one_service_is_read_in_a_list_and_written_as_an_object(sandbox: Sandbox) -> None:
    number = sandbox.service()
    assert isinstance(sandbox.ok("GET", f"/service/{number}"), list)
    assert sandbox.ok("PUT", f"/service/{number}", {"name": "Facial", "duration": 30})["name"] == "Facial"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"duration": 50}, "duration must be a multiple of 15, at least 15"),
        ({"duration": 0}, "duration must be a multiple of 15, at least 15"),
        ({"duration": None}, "duration is required"),
        ({"duration_padding": 3}, "duration_padding must be a multiple of 5, at least 0"),
        ({"start_step": 3}, "start_step must be a multiple of 5, at least 0"),
        ({"require_addon": 2}, "require_addon must be one of 0, 1"),
        ({"active_from": "24/08/2019"}, "active_from must be a date YYYY-MM-DD"),
        ({"price": "free"}, "price must be a number"),
        ({"schedule": {}}, "schedule must be a list"),
        ({"schedule": [{"repeat": 1}]}, "schedule entry 1: days is required where repeat is 1"),
        ({"schedule": [{"days": []}, {"repeat": "2"}]}, "schedule entry 2: days is required where repeat is 2"),
        ({"schedule": [{"repeat": 1, "days": None}]}, "schedule entry 1: days must be an object of day numbers"),
        ({"schedule": [{"repeat": 3}]}, "schedule entry 1: repeat must be one of 0, 1, 2"),
        ({"schedule": [{"start_date": "2019-01-06"}]}, "schedule entry 1: start_date must be a date d/m/Y"),
        ({"schedule": [{"start_time": TIME | {"hour": 13}}]}, None),
        ({"schedule": [{"days": {"monday": 1}}]}, "schedule entry 1: days must be a whole number"),
    ],
)
def test_a_value_that_does_not_fit_is_named(sandbox: Sandbox, change: dict[str, Any], words: str | None) -> None:
    found = sandbox.refused(1, "POST", "/service", {"name": "Massage", "duration": 60} | change)
    assert words is None or found == words


def test_an_active_date_is_cleared_by_the_empty_string_and_reads_as_null(sandbox: Sandbox) -> None:
    number = sandbox.service(active_from="2026-01-01", active_until="2026-12-31")
    body = {"name": "Massage", "duration": 60, "active_from": ""}
    changed = sandbox.ok("PUT", f"/service/{number}", body)
    assert (changed["active_from"], changed["active_until"]) == (None, "2026-12-31")


def test_a_date_without_its_noughts_is_the_same_date(sandbox: Sandbox) -> None:
    number = sandbox.service(active_from="2026-3-2", active_until="2026-3-2")  # today
    (shown,) = sandbox.ok("GET", f"/service/{number}")
    assert (shown["active_from"], shown["active_until"]) == ("2026-03-02", "2026-03-02")
    found = [each["id"] for each in sandbox.ok("GET", "/service", active_services=1)]
    assert number in found
    assert [each["id"] for each in sandbox.ok("GET", "/service", active_from="2026-03-2")] == [number]
    old = sandbox.service(active_from="0900-01-01")
    assert [each["id"] for each in sandbox.ok("GET", "/service", active_from="0900-1-1")] == [old]


def test_a_schedule_is_kept_as_written(sandbox: Sandbox) -> None:
    schedule = [{"repeat": 1, "start_date": "01/06/2019", "start_time": TIME, "days": {"2": 1}}, {"days": []}]
    schedule += [{}, {"repeat": 0}, {"repeat": 2, "days": []}]
    number = sandbox.service(set_schedule=True, schedule=schedule)
    assert sandbox.ok("GET", f"/service/{number}")[0]["schedule"] == schedule


def test_services_can_be_filtered(sandbox: Sandbox) -> None:
    (default,) = sandbox.ok("GET", "/service", tmp_default=1)
    addon = sandbox.service(is_subservice=True, name="Tea")
    past = sandbox.service(active_until="2026-03-01")
    off = sandbox.service(status=0)
    place, elsewhere = sandbox.location(), sandbox.location()
    sandbox.employee(links={place: {addon: 1}})

    def found(**query: Any) -> list[int]:
        return [each["id"] for each in sandbox.ok("GET", "/service", **query)]

    assert found() == [default["id"], addon, past, off]
    assert found(is_subservice=1) == [addon]
    assert found(active_services=1) == [default["id"], addon]
    assert found(location_id=place) == [addon]
    assert found(location_id=elsewhere) == []
    assert found(name="Tea") == found()  # the page has no such filter
    assert found(duration=45) == []
