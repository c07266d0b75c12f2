"""Working hours: kept as written, refused when they make no sense, gone with their employee or location."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

MONDAY = {"mo": {"time": [["10:00", "18:00"], ["22:00", "24:00"]]}}
ENTRY: dict[str, Any] = {
    "repeat": 1,
    "type": 0,
    "start_date": "12/1/2015",
    "end_date": "12/31/2015",
    "days": MONDAY,
}


def write(sandbox: Sandbox, employee: int, *entries: dict[str, Any]) -> None:
    sandbox.ok("PUT", f"/employee/{employee}/assignAvailability", {"availabilities": entries})


def read(sandbox: Sandbox, employee: int) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = sandbox.ok("GET", f"/employee/getAvailabilityTime/{employee}")["availabilities"]
    return entries


def test_hours_are_answered_as_written_and_in_order(sandbox: Sandbox) -> None:
    employee, location = sandbox.employee(), sandbox.location()
    entries = [
        ENTRY | {"location_id": str(location), "repeat": "1"},
        ENTRY | {"type": True, "days": [], "repeat": 2, "start_date": "01/02/2026", "end_date": "1/2/2026"},
    ]
    write(sandbox, employee, *entries)
    assert read(sandbox, employee) == entries
    write(sandbox, employee)
    assert read(sandbox, employee) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"repeat": 3}, "repeat must be one of 1, 2"),
        ({"repeat": None}, "repeat is required"),
        ({"type": 2}, "type must be one of 0, 1"),
        ({"start_date": "2015-12-01"}, "start_date must be a date m/d/Y"),
        ({"start_date": "13/1/2015"}, "start_date must be a date m/d/Y"),
        ({"end_date": "11/30/2015"}, "end_date is before start_date"),
        ({"end_date": None}, "end_date is required"),
        ({"location_id": 1}, "there is no location 1 in company 2345"),
        ({"location_id": []}, "location_id must be a whole number"),
        ({"days": None}, "days is required"),
        ({"days": {"monday": {"time": []}}}, "days must be an object of"),
        ({"days": {"mo": [["10:00", "18:00"]]}}, "days of mo must be"),
        ({"days": {"mo": {"time": [["10:00"]]}}}, "days of mo must be"),
        ({"days": {"mo": {"time": [["18:00", "10:00"]]}}}, "days of mo must be"),
        ({"days": {"mo": {"time": [["10:00", "25:00"]]}}}, "days of mo must be"),
    ],
)
def test_hours_that_make_no_sense_are_refused(sandbox: Sandbox, change: dict[str, Any], words: str) -> None:
    employee = sandbox.employee()
    write(sandbox, employee, ENTRY)
    body = {"availabilities": [ENTRY, ENTRY | change]}
    found = sandbox.refused(1, "PUT", f"/employee/{employee}/assignAvailability", body)
    assert found.startswith("availability 2")
    assert words in found
    assert read(sandbox, employee) == [ENTRY]


@pytest.mark.parametrize("body", [{}, {"availabilities": "x"}, {"availabilities": [1]}, []])
def test_a_body_without_a_list_is_refused(sandbox: Sandbox, body: Any) -> None:
    sandbox.refused(1, "PUT", f"/employee/{sandbox.employee()}/assignAvailability", body)


def test_hours_at_a_location_go_with_it(sandbox: Sandbox) -> None:
    employee, location = sandbox.employee(), sandbox.location()
    write(sandbox, employee, ENTRY | {"location_id": location}, ENTRY)
    sandbox.ok("DELETE", f"/location/{location}")
    assert read(sandbox, employee) == [ENTRY]


def test_hours_go_with_their_employee(sandbox: Sandbox) -> None:
    employee = sandbox.employee()
    write(sandbox, employee, ENTRY)
    assert sandbox.dump()["availability"] == {str(employee): [ENTRY]}
    sandbox.ok("DELETE", f"/employee/{employee}")
    assert sandbox.dump()["availability"] == {}
    sandbox.refused(7, "GET", f"/employee/getAvailabilityTime/{employee}")
