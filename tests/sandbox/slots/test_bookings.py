"""Appointments that are in the way, seats that fill up, and what a booking is told: 9 or 10."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import HOURS
from tests.sandbox.slots.conftest import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.slots.conftest import Desk

USUAL = "09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00"


def booked(desk: Desk, **fields: Any) -> int:
    return desk.salon.book(f"{DAY} 12:00", **fields)


@pytest.mark.parametrize(
    ("service", "times"),
    [
        ({}, "09:00 10:00 11:00 13:00 14:00 15:00 16:00"),
        ({"duration_padding": 15}, "09:00 10:00 14:00 15:00 16:00"),
        ({"duration_padding": 15, "duration": 45, "start_step": 45}, "09:00 09:45 10:30 13:30 14:15 15:00 15:45"),
        ({"start_step": 30}, "09:00 09:30 10:00 10:30 11:00 13:00 13:30 14:00 14:30 15:00 15:30 16:00"),
        ({"group_session": 2}, USUAL),
    ],
)
def test_an_appointment_is_in_the_way(desk: Desk, service: dict[str, Any], times: str) -> None:
    desk.service(**service)
    number = booked(desk)
    assert desk.times() == times
    desk.sandbox.ok("DELETE", f"/appointment/{number}")
    assert desk.times() != times or service == {"group_session": 2}


@pytest.mark.parametrize(
    ("status", "times"),
    [(3, USUAL), (9, USUAL), (2, USUAL.replace("12:00 ", "")), (8, USUAL.replace("12:00 ", ""))],
)
def test_an_appointment_that_was_called_off_is_not(desk: Desk, status: int, times: str) -> None:
    booked(desk, status=status)
    assert desk.times() == times


def test_an_appointment_is_in_the_way_of_every_service_and_location(desk: Desk) -> None:
    elsewhere, other = desk.sandbox.location(), desk.sandbox.service(duration=30, start_step=30)
    links = {str(each): {str(service): 1 for service in (desk.salon.service, other)} for each in (elsewhere,)}
    links |= {str(desk.salon.location): {str(desk.salon.service): 1, str(other): 1}}
    body = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "links": links}
    desk.sandbox.ok("PUT", f"/employee/{desk.salon.employee}", body)
    desk.salon.book(f"{DAY} 12:30", service_id=other, location_id=elsewhere)
    assert desk.times() == "09:00 10:00 11:00 13:00 14:00 15:00 16:00"
    assert "11:30 12:00 13:00" in desk.times(service_id=other)


@pytest.mark.parametrize(
    ("own", "other", "before", "after"),
    [(0, 15, "10:45", "13:15"), (15, 0, "10:45", "13:15"), (30, 15, "10:30", "13:30"), (5, 60, "10:00", "14:00")],
)
def test_neighbours_are_as_far_apart_as_the_larger_of_their_paddings(
    desk: Desk, own: int, other: int, before: str, after: str
) -> None:
    desk.service(start_step=15, duration_padding=own)
    links = {str(desk.salon.employee): {str(desk.salon.location): 1}}
    neighbour = desk.sandbox.service(start_step=15, duration_padding=other, links=links)
    number = booked(desk, service_id=neighbour)
    times = desk.times().split()
    assert (max(each for each in times if each < "12:00"), min(each for each in times if each > "12:00")) == (
        before,
        after,
    )
    met = [desk.refused(f"{DAY} {start}") for start in ("11:00", "12:00", "13:00")]
    assert met == [(403, 10)] * 3
    for start in (before, after):
        desk.salon.book(f"{DAY} {start}")
    desk.sandbox.ok("DELETE", f"/appointment/{number}")
    assert [each for each in desk.times(service_id=neighbour).split() if before < each < after] == ["12:00"]


def test_the_padding_of_what_is_over_still_counts(desk: Desk) -> None:
    desk.service(duration=15, start_step=5)
    desk.salon.book(f"{DAY} 12:00")
    desk.sandbox.clock.now = datetime(2026, 3, 10, 19, 20, tzinfo=UTC)  # 12:20, five minutes after the end
    desk.sandbox.sign_in()
    assert desk.times().startswith("12:20 12:25")
    desk.service(duration=15, start_step=5, duration_padding=20)
    assert desk.times().startswith("12:35 12:40")
    assert desk.refused(f"{DAY} 12:30") == (403, 10)


def test_a_session_keeps_away_from_what_comes_before_it(desk: Desk) -> None:
    desk.service(group_session=2, duration_padding=15)
    booked(desk)
    assert "12:00" in desk.times()
    other = desk.sandbox.service(duration=30, start_step=15)
    links = {str(desk.salon.employee): {str(desk.salon.location): 1}}
    desk.sandbox.ok("PUT", f"/service/{other}", {"name": "Other", "duration": 30, "links": links})
    assert desk.refused(f"{DAY} 11:30", service_id=other) == (403, 10)
    desk.salon.book(f"{DAY} 11:15", service_id=other)
    assert "12:00" in desk.times()


def test_seats_of_a_group_go_one_by_one(desk: Desk) -> None:
    desk.service(group_session=3)
    desk.salon.hired("bob@example.com")
    seen = []
    for _ in range(7):
        answer = desk.asked(available_seats=1, total_seats=1)
        seen.append((answer["available_seats"].get("12:00:00"), answer["total_seats"].get("12:00:00")))
        assert desk.asked(**{"return": "boxes"})["boxes"].get("144") == seen[-1][1]
        if seen[-1][1]:
            booked(desk, employee_id="")
    assert seen == [(3, 6), (2, 5), (1, 4), (3, 3), (2, 2), (1, 1), (None, None)]
    assert desk.refused(f"{DAY} 12:00", employee_id="") == (403, 10)
    assert desk.times() == USUAL.replace("12:00 ", "")


def test_many_who_are_alike_are_taken_in_list_order(desk: Desk) -> None:
    """Those with the same hours and nothing to do are looked at together."""
    desk.service(group_session=2)
    staff = [desk.salon.employee, *(desk.salon.hired(f"e{number}@example.com") for number in range(4))]
    early = HOURS | {"days": {"tu": {"time": [["12:00", "13:00"]]}}}
    desk.sandbox.ok("PUT", f"/employee/{staff[1]}/assignAvailability", {"availabilities": [early]})
    desk.salon.book(f"{DAY} 12:00", employee_id=staff[3])
    taken, totals = [], []
    while total := desk.asked(total_seats=1)["total_seats"].get("12:00:00"):
        totals.append(total)
        taken.append(desk.salon.read(desk.salon.book(f"{DAY} 12:00", employee_id=""))["employee_id"])
    assert totals == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert taken == [number for number in staff for _ in range(1 if number == staff[3] else 2)]
    assert set(desk.asked(total_seats=1)["total_seats"].values()) == {8}


def test_a_group_shares_only_its_own_start(desk: Desk) -> None:
    desk.service(group_session=3, start_step=30)
    booked(desk)
    assert "11:00 12:00 13:00" in desk.times()
    other = desk.sandbox.service(duration=30, group_session=3)
    links = {str(desk.salon.employee): {str(desk.salon.location): 1}}
    desk.sandbox.ok("PUT", f"/service/{other}", {"name": "Other", "duration": 30, "links": links})
    assert "11:30 13:00" in desk.times(service_id=other)


def test_a_session_elsewhere_is_another_one(desk: Desk) -> None:
    elsewhere = desk.sandbox.location()
    links = {str(desk.salon.employee): {str(desk.salon.location): 1, str(elsewhere): 1}}
    desk.service(group_session=2, links=links)
    booked(desk, location_id=elsewhere)
    assert desk.times() == USUAL.replace("12:00 ", "")
    assert desk.times(location_id=elsewhere) == USUAL


def test_the_neighbours_of_a_session_count_as_for_anybody(desk: Desk) -> None:
    desk.service(group_session=2)
    booked(desk)
    other = desk.sandbox.service(duration=30)
    links = {str(desk.salon.employee): {str(desk.salon.location): 1}}
    desk.sandbox.ok("PUT", f"/service/{other}", {"name": "Other", "duration": 30, "links": links})
    desk.salon.book(f"{DAY} 13:00", service_id=other)
    assert desk.times() == USUAL.replace("13:00 ", "")
    desk.service(duration_padding=15)
    assert desk.times() == "09:00 10:00 14:00 15:00 16:00"


def test_the_grid_begins_anew_at_midnight_and_appointments_run_over_it(desk: Desk) -> None:
    late, early = {"tu": {"time": [["22:00", "24:00"]]}}, {"we": {"time": [["00:00", "02:00"]]}}
    desk.hours(HOURS | {"days": late | early})
    desk.service(duration=45)
    assert desk.times(DAY) == "22:00 22:45 23:30"
    assert desk.times("2026-03-11") == "00:00 00:45"
    desk.salon.book(f"{DAY} 23:30")
    assert desk.times("2026-03-11") == "00:45"


CHANGES: list[tuple[str, Callable[[Desk], Any]]] = [
    ("hours", lambda desk: desk.hours()),
    ("holiday", lambda desk: desk.holiday()),
    ("service", lambda desk: desk.service(status=False)),
    ("dates", lambda desk: desk.service(active_until="2026-03-09")),
    ("notice", lambda desk: desk.service(after_notice=1)),
]


@pytest.mark.parametrize("change", [change for _, change in CHANGES], ids=[name for name, _ in CHANGES])
def test_what_is_not_offered_cannot_be_booked_and_is_not_occupied(desk: Desk, change: Callable[[Desk], Any]) -> None:
    booked(desk)
    assert desk.refused(f"{DAY} 12:00") == (403, 10)
    change(desk)
    assert desk.refused(f"{DAY} 12:00") == (403, 9)
    assert desk.refused(f"{DAY} 13:00") == (403, 9)


def test_off_the_grid_is_not_available_even_where_it_is_free(desk: Desk) -> None:
    assert desk.refused(f"{DAY} 12:30") == (403, 9)
    assert desk.refused(f"{DAY} 17:00") == (403, 9)
    assert desk.refused("2026-03-02 00:00") == (403, 9)  # in the past
    booked(desk)
    desk.service(start_step=30)
    assert desk.refused(f"{DAY} 12:30") == (403, 10)
    assert desk.refused(f"{DAY} 12:15") == (403, 9)


def test_an_appointment_that_begins_later_is_in_the_way_of_one_that_reaches_into_it(desk: Desk) -> None:
    desk.service(start_step=15, duration_padding=15)
    booked(desk)
    met = [desk.refused(f"{DAY} {start}") for start in ("11:00", "11:30", "11:45", "12:15", "13:00")]
    assert met == [(403, 10)] * 5
    desk.salon.book(f"{DAY} 10:45")
    desk.salon.book(f"{DAY} 13:15")


def test_all_that_is_offered_can_be_booked_until_nothing_is_left(desk: Desk) -> None:
    desk.service(start_step=45, duration_padding=10, group_session=2)
    desk.salon.hired("bob@example.com")
    count = 0
    while times := desk.times().split():
        desk.salon.book(f"{DAY} {times[count * 7 % len(times)]}", employee_id="")
        count += 1
    assert count >= 16


def test_the_first_in_the_list_who_is_free_is_chosen(desk: Desk) -> None:
    second = desk.salon.hired("bob@example.com")
    order = [{"id": second, "ord": 1}, {"id": desk.salon.employee, "ord": 2}]
    desk.sandbox.ok("POST", "/employee/updateOrder", order)
    numbers = [desk.salon.book(f"{DAY} 12:00", employee_id="") for _ in range(2)]
    assert [desk.salon.read(number)["employee_id"] for number in numbers] == [second, desk.salon.employee]


def test_an_appointment_does_not_stand_in_its_own_way(desk: Desk) -> None:
    desk.service(start_step=30)
    number = booked(desk)
    desk.sandbox.ok("PUT", f"/appointment/{number}", desk.salon.body(f"{DAY} 12:30"))
    assert "11:30 13:30" in desk.times()


def test_an_add_on_is_required_only_where_there_is_one(desk: Desk) -> None:
    desk.service(require_addon=1)
    addon = desk.sandbox.service(name="Oil", duration=30, is_subservice=True)
    desk.salon.book(f"{DAY} 09:00")
    links = {str(desk.salon.employee): {str(desk.salon.location): 1}}
    desk.sandbox.ok("PUT", f"/service/{addon}", {"name": "Oil", "duration": 30, "links": links})
    assert desk.refused(f"{DAY} 12:00")[1] == 1
    desk.salon.book(f"{DAY} 12:00", subservices=str(addon))
    assert desk.times() == "10:00 11:00 14:00 15:00 16:00"
