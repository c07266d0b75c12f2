"""The free time of one employee, in boxes of five minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import HOURS
from tests.sandbox.slots.conftest import DAY

if TYPE_CHECKING:
    from tests.sandbox.slots.conftest import Desk


def asked(desk: Desk, first: str = DAY, last: str = DAY, **query: Any) -> dict[str, Any]:
    about: dict[str, Any] = {"employee_id": desk.salon.employee, "location_id": desk.salon.location}
    about |= {"start_date": first, "end_date": last}
    found: dict[str, Any] = desk.sandbox.ok("GET", "/employee/getAvailability", **about | query)
    return found


def spans(boxes: dict[str, int]) -> list[tuple[str, str]]:
    """Return the boxes as times of the first day (hours may go beyond 24), neighbours joined."""
    assert set(boxes.values()) <= {1}
    found: list[list[int]] = []
    for box in map(int, boxes):
        if found and found[-1][1] == box:
            found[-1][1] = box + 1
        else:
            found.append([box, box + 1])
    return [(f"{start // 12}:{start % 12 * 5:02}", f"{end // 12}:{end % 12 * 5:02}") for start, end in found]


def test_a_day(desk: Desk) -> None:
    answer = asked(desk)
    assert spans(answer.pop("boxes")) == [("9:00", "17:00")]
    assert answer == {"start_date": f"{DAY} 00:00:00", "end_date": f"{DAY} 23:59:59"}


def test_several_days_count_from_the_first_midnight(desk: Desk) -> None:
    assert spans(asked(desk, "2026-03-06", "2026-03-10")["boxes"]) == [
        ("9:00", "17:00"),
        ("81:00", "89:00"),
        ("105:00", "113:00"),
    ]


def test_times_limit_it(desk: Desk) -> None:
    answer = asked(desk, f"{DAY} 12:12:12", "2026-03-11 10:00:00")
    assert spans(answer["boxes"]) == [("12:15", "17:00"), ("33:00", "34:00")]
    assert (answer["start_date"], answer["end_date"]) == (f"{DAY} 12:12:12", "2026-03-11 10:00:00")


def test_absences_holidays_and_appointments_are_cut_out(desk: Desk) -> None:
    away = HOURS | {"type": 1, "days": {"tu": {"time": [["09:00", "09:32"]]}}}
    desk.hours(HOURS, away)
    desk.holiday(start_date=f"{DAY} 16:00:00")
    desk.service(duration_padding=15, start_step=5)
    desk.salon.book(f"{DAY} 12:02")
    assert spans(asked(desk)["boxes"]) == [("9:35", "11:45"), ("13:20", "16:00")]
    assert asked(desk, location_id=desk.sandbox.location())["boxes"] != {}


def test_hours_elsewhere_do_not_count(desk: Desk) -> None:
    desk.hours(HOURS | {"location_id": desk.salon.location})
    assert asked(desk, location_id=desk.sandbox.location())["boxes"] == {}
    assert asked(desk)["boxes"] != {}


def test_clocks_that_change(desk: Desk) -> None:
    desk.hours(HOURS | {"repeat": 2, "days": {"su": {"time": [["00:00", "05:00"]]}}})
    assert spans(asked(desk, "2026-03-08", "2026-03-08")["boxes"]) == [("0:00", "2:00"), ("3:00", "5:00")]
    assert spans(asked(desk, "2026-11-01", "2026-11-01")["boxes"]) == [("0:00", "5:00")]
    desk.service(start_step=15)
    desk.salon.book("2026-11-01 00:30")  # to 1:30
    assert spans(asked(desk, "2026-11-01", "2026-11-01")["boxes"]) == [("0:00", "0:30"), ("1:30", "5:00")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"employee_id": ""}, "employee_id is required"),
        ({"location_id": ""}, "location_id is required"),
        ({"start_date": ""}, "start_date is required"),
        ({"end_date": "3/10/2026"}, "end_date must be a date"),
        ({"end_date": "2026-03-10 25:00:00"}, "end_date must be a date"),
        ({"end_date": "2026-03-09"}, "end_date must not be before start_date"),
        ({"end_date": "2028-03-10"}, "more than a year"),
        ({"start_date": "0001-01-01"}, "start_date must lie between the years"),
    ],
)
def test_questions_that_make_no_sense_are_refused(desk: Desk, change: dict[str, Any], words: str) -> None:
    query: dict[str, Any] = {"employee_id": desk.salon.employee, "location_id": desk.salon.location}
    query |= {"start_date": DAY, "end_date": DAY}
    assert words in desk.sandbox.refused(1, "GET", "/employee/getAvailability", **query | change)


@pytest.mark.parametrize("name", ["employee_id", "location_id"])
def test_unknown_ids_are_not_found(desk: Desk, name: str) -> None:
    query: dict[str, Any] = {"employee_id": desk.salon.employee, "location_id": desk.salon.location}
    query |= {"start_date": DAY, "end_date": DAY}
    desk.sandbox.refused(7, "GET", "/employee/getAvailability", **query | {name: 7})
