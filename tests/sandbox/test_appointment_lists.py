"""Lists of appointments: every filter, the 48 hours around the dates, pages, orders, the view and what is to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import Salon, opened_salon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.conftest import Sandbox

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2026-03-{day:02}" for day in range(9, 14))


@pytest.fixture
def salon(sandbox: Sandbox) -> Salon:
    return opened_salon(sandbox)


@pytest.fixture
def week(salon: Salon) -> Iterator[list[int]]:
    """One appointment a day at noon, made one minute after the other, the last day first."""
    made = []
    for day in (FRIDAY, THURSDAY, WEDNESDAY, TUESDAY, MONDAY):
        made.append(salon.book(f"{day} 12:00", client_email=f"{day}@example.com", note=f"Day {day}"))
        salon.caller.clock.advance(60)  # type: ignore[attr-defined]
    yield made[::-1]
    assert salon.found(end="all") == made[::-1]


def test_the_ids_and_the_status_are_filters(sandbox: Sandbox, salon: Salon, week: list[int]) -> None:
    other = salon.hired("bo@example.com")
    theirs = salon.book(f"{MONDAY} 09:00", employee_id=other, status=2)
    client = salon.read(theirs)["client_id"]
    assert salon.found(employee_id=other) == salon.found(client_id=client) == salon.found(id=theirs) == [theirs]
    assert salon.found(status="2") == [theirs]
    assert salon.found(status="1,2") == [theirs, *week]
    assert salon.found(status="3,9") == salon.found(employee_id=1) == []
    assert salon.found(service_id=salon.service, location_id=salon.location) == [theirs, *week]
    sandbox.ok("DELETE", f"/appointment/{theirs}")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"start_date": THURSDAY}, [1, 2, 3, 4]),  # 48 hours earlier is Tuesday
        ({"start_date": THURSDAY, "only_exact_dates": "true"}, [3, 4]),
        ({"end_date": TUESDAY, "only_exact_dates": "true"}, [0, 1]),
        ({"end_date": f"{TUESDAY} 11:59", "only_exact_dates": "true"}, [0]),
        ({"start_date": f"{TUESDAY} 12:00", "end_date": f"{TUESDAY} 12:00", "only_exact_dates": 1}, [1]),
        ({"start_date": WEDNESDAY, "end_date": WEDNESDAY}, [0, 1, 2, 3, 4]),
        ({"start_date": "2026-03-15", "end_date": "2026-03-15"}, [4]),
        ({"start_date": "2026-03-16"}, []),
        ({"start_date": f"{THURSDAY} 12:00", "end_date": f"{MONDAY} 12:00"}, [1, 2]),
        ({"start_date": f"{THURSDAY} 12:01", "end_date": f"{MONDAY} 11:59"}, []),
    ],
)
def test_dates_are_looked_for_with_two_days_to_spare_unless_exact(
    salon: Salon, week: list[int], query: dict[str, Any], found: list[int]
) -> None:
    assert salon.found(**query) == [week[index] for index in found]


def test_a_zone_converts_the_dates_that_are_shown_and_those_that_are_asked_for(
    sandbox: Sandbox, salon: Salon, week: list[int]
) -> None:
    zones = {each["dbName"]: number for number, each in sandbox.ok("GET", "/tz/list").items()}
    kolkata = zones["Asia/Kolkata"]
    (shown,) = sandbox.ok("GET", "/appointment", id=week[0], timezone_id=kolkata)
    assert (shown["start_date"], shown["end_date"]) == (f"{TUESDAY} 00:30", f"{TUESDAY} 01:30")
    assert (shown["timezone_id"], shown["timezone_short"]) == (int(kolkata), "GMT +05:30")
    assert salon.found(timezone_id=kolkata, end_date=TUESDAY, only_exact_dates="true") == [week[0]]
    sandbox.refused(1, "GET", "/appointment", timezone_id=1)


def test_people_and_words_are_found(salon: Salon, week: list[int]) -> None:
    assert salon.found(client_email=f"{TUESDAY}@EXAMPLE.com") == [week[1]]
    assert salon.found(client_email="example.com") == []
    assert salon.found(client_name="liv") == week
    assert salon.found(search_text=f"day {TUESDAY}") == [week[1]]
    assert salon.found(search_text="day 2026-03-1", client_name="Liv") == week[1:]
    assert salon.found(ews_id="x") == []


def test_what_is_paid_and_when_it_was_written_are_filters(sandbox: Sandbox, salon: Salon, week: list[int]) -> None:
    sandbox.ok("PUT", f"/appointment/{week[3]}", salon.body(f"{THURSDAY} 12:00", paid=1))
    assert salon.found(paid=1) == [week[3]]
    assert salon.found(paid=0) == [*week[:3], week[4]]
    assert salon.found(created_after="2026-03-02 09:03:00") == week[:2]
    assert salon.found(created_before="2026-03-02T09:01:00Z") == week[3:]
    assert salon.found(updated_after="2026-03-02 09:05:00") == [week[3]]
    assert salon.found(updated_before="2026-03-02T10:00:00+01:00") == [week[4]]
    assert salon.found(created_after="2026-03-02 09:01", created_before="2026-03-02 09:02") == week[2:4]


def test_the_list_comes_in_pages_and_orders_or_as_a_number(sandbox: Sandbox, salon: Salon, week: list[int]) -> None:
    assert salon.found(start=1, end=3) == week[1:3]
    assert salon.found(start=3, end="all") == week[3:]
    assert salon.found(sort_order="desc") == salon.found(sort_by="created") == week[::-1]
    assert salon.found(sort_by="created", sort_order="desc", end=2) == week[:2]
    assert sandbox.ok("GET", "/appointment", num_results=1, end=2) == 5
    assert sandbox.ok("GET", "/appointment", num_results=1, client_name="Bo") == 0


def test_the_list_has_a_hundred_unless_asked_for_more(sandbox: Sandbox) -> None:
    salon = opened_salon(sandbox, duration=15)
    for day in (MONDAY, TUESDAY, WEDNESDAY, THURSDAY):
        for quarter in range(30):
            salon.book(f"{day} {9 + quarter // 4:02}:{quarter % 4 * 15:02}")
    everything = salon.found(end="all")
    assert (len(everything), salon.found()) == (120, everything[:100])
    assert salon.found(start=100, end=200) == everything[100:]


@pytest.mark.parametrize(
    "query",
    [
        {"sort_by": "name"},
        {"sort_order": "up"},
        {"start": -1},
        {"id": "x"},
        {"status": "new"},
        {"paid": "maybe"},
        {"start_date": "10/3/2026"},
        {"end_date": "9999-12-31"},
        {"start_date": "2026-03-10T12:00:00Z"},
        {"created_after": "yesterday"},
        {"cf_search_precision": "rough"},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(sandbox: Sandbox, query: dict[str, Any]) -> None:
    (name,) = query
    assert name in sandbox.refused(1, "GET", "/appointment", **query)


def test_the_view_skips_and_counts(sandbox: Sandbox, salon: Salon, week: list[int]) -> None:
    def seen(**query: Any) -> list[int]:
        return [each["id"] for each in sandbox.ok("GET", "/appointment/listView", **query)["results"]]

    assert sandbox.ok("GET", "/appointment/listView", count=1)["last_rows"] == 5
    assert seen(skip=1, count=2) == week[1:3]
    assert seen(q=f"DAY {TUESDAY}") == [week[1]]
    assert seen(start_date=THURSDAY) == week[3:]
    assert seen(employee_id=salon.employee, location_id=0, start_date="", q="") == week
    assert seen(location_id=1) == seen(skip=5) == seen(count=0) == []
    later = [salon.book(f"2026-03-16 {hour:02}:00") for hour in range(9, 16)]
    assert seen() == [*week, *later[:5]]
    for number in later:
        sandbox.ok("DELETE", f"/appointment/{number}")
    sandbox.refused(1, "GET", "/appointment/listView", skip=-1)


def test_upcoming_is_what_is_alive_and_after_now(sandbox: Sandbox, salon: Salon, week: list[int]) -> None:
    for number, day, status in ((week[1], TUESDAY, 3), (week[2], WEDNESDAY, 11), (week[3], THURSDAY, 0)):
        sandbox.ok("PUT", f"/appointment/{number}", salon.body(f"{day} 12:00", status=status))
    sandbox.clock.advance(86400 * 7 + 10 * 3600 - 5 * 60)  # Monday, 19:00 UTC: the first one starts now
    sandbox.sign_in()

    def coming(**query: Any) -> tuple[list[int], bool]:
        found = sandbox.ok("GET", "/appointment/upcoming", **query)
        return [each["id"] for each in found["records"]], found["last_rows"]

    assert coming() == ([week[3], week[4]], True)
    assert coming(count=1) == ([week[3]], False)
    assert coming(skip=1, count=1) == ([week[4]], True)
    assert coming(skip=2) == ([], True)
