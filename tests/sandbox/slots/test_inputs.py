"""Each thing that decides what is offered, changed by itself: a day from nine to five, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import HOURS
from tests.sandbox.slots.conftest import DAY

if TYPE_CHECKING:
    from tests.sandbox.slots.conftest import Desk

USUAL = "09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00"
ROUND_THE_CLOCK = " ".join(f"{hour:02}:00" for hour in range(24))
MIDNIGHT = {"hour": 12, "min": 0, "am": "am"}
NIGHT = [{"hour": 6, "min": 0, "am": "pm"}, {"hour": 8, "min": 0, "am": "pm"}]


def on_tuesdays(*spans: list[str], **fields: Any) -> dict[str, Any]:
    return HOURS | {"days": {"tu": {"time": list(spans)}}} | fields


def away(*spans: list[str], **fields: Any) -> dict[str, Any]:
    return on_tuesdays(*spans, type=1, **fields)


def interval(first: str, last: str, **fields: Any) -> dict[str, Any]:
    return {"repeat": 2, "type": 0, "start_date": first, "end_date": last, "days": {}} | fields


def scheduled(**fields: Any) -> dict[str, Any]:
    entry = {"repeat": 1, "start_date": "01/03/2026", "end_date": "31/03/2026", "days": {"3": 1}}
    return {"set_schedule": True, "schedule": [entry | {"start_time": NIGHT[0], "end_time": NIGHT[1]} | fields]}


def test_the_day_as_it_is(desk: Desk) -> None:
    expected = {"interval": 60, "boxInterval": 5, "padding": 0, "day": 10, "month": 3, "year": 2026}
    answer = desk.asked()
    assert answer.pop("times") == [f"{hour:02}:00:00" for hour in range(9, 17)]
    assert answer == expected


@pytest.mark.parametrize(
    ("entries", "times"),
    [
        ([], ""),
        ([on_tuesdays()], ""),
        ([on_tuesdays(["10:00", "12:00"], ["14:00", "15:30"])], "10:00 11:00 14:00"),
        ([on_tuesdays(["10:00", "12:00"]), on_tuesdays(["11:00", "13:30"])], "10:00 11:00 12:00"),
        ([on_tuesdays(["09:30", "11:00"]), on_tuesdays(["11:00", "12:30"])], "09:30 10:30 11:30"),
        ([on_tuesdays(["22:00", "24:00"])], "22:00 23:00"),
        ([HOURS | {"days": {"mo": {"time": [["09:00", "17:00"]]}}}], ""),
        ([HOURS | {"end_date": "3/10/2026"}], USUAL),
        ([HOURS | {"end_date": "3/9/2026"}], ""),
        ([HOURS | {"start_date": "3/11/2026"}], ""),
        ([interval("3/10/2026", "3/10/2026")], ROUND_THE_CLOCK),
        ([interval("3/11/2026", "3/12/2026")], ""),
        ([interval("3/1/2026", "3/31/2026", days={"tu": {"time": [["09:00", "11:00"]]}})], "09:00 10:00"),
        ([HOURS, away(["12:00", "14:00"])], "09:00 10:00 11:00 14:00 15:00 16:00"),
        ([HOURS, away(["12:00", "12:10"])], "09:00 10:00 11:00 12:10 13:10 14:10 15:10"),
        ([HOURS, interval("3/9/2026", "3/10/2026", type=1)], ""),
        ([HOURS, interval("3/9/2026", "3/9/2026", type=1)], USUAL),
        ([HOURS, on_tuesdays(type=1)], USUAL),
    ],
)
def test_hours(desk: Desk, entries: list[dict[str, Any]], times: str) -> None:
    desk.hours(*entries)
    assert desk.times() == times


def test_hours_hold_at_their_location_or_everywhere(desk: Desk) -> None:
    elsewhere = desk.sandbox.location()
    desk.hours(HOURS | {"location_id": elsewhere})
    assert desk.times() == ""
    desk.hours(HOURS | {"location_id": desk.salon.location})
    assert desk.times() == USUAL
    desk.hours(HOURS, away(["09:00", "12:00"], location_id=elsewhere))
    assert desk.times() == USUAL
    desk.hours(HOURS, away(["09:00", "12:00"], location_id=desk.salon.location))
    assert desk.times() == "12:00 13:00 14:00 15:00 16:00"


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({"duration": 90}, "09:00 10:30 12:00 13:30 15:00"),
        ({"duration": 480}, "09:00"),
        ({"duration": 495}, ""),
        ({"duration": 15 * 2**55}, ""),
        ({"start_step": 150}, "09:00 11:30 14:00"),
        ({"duration": 240, "start_step": 30}, "09:00 09:30 10:00 10:30 11:00 11:30 12:00 12:30 13:00"),
        ({"duration_padding": 30}, USUAL),
        ({"duration_padding": 5 * 2**60}, USUAL),
        ({"status": False}, ""),
        ({"is_subservice": True}, ""),
        ({"prior_notice": 202}, "12:00 13:00 14:00 15:00 16:00"),
        ({"prior_notice": -5}, USUAL),
        ({"after_notice": 8}, ""),
        ({"after_notice": 9}, USUAL),
        ({"active_from": "2026-03-11"}, ""),
        ({"active_from": DAY, "active_until": DAY}, USUAL),
        ({"active_until": "2026-03-09"}, ""),
        ({"active_until": "2026-03-09", "active_interval_status": False}, USUAL),
        ({"group_session": 3, "max_clients": 1}, USUAL),
        (scheduled(), "18:00 19:00"),
        (scheduled() | {"set_schedule": False}, USUAL),
        (scheduled(days={"3": 0, "2": 1}), ""),
        (scheduled(days=[]), ""),
        (scheduled(repeat=2, days={"10": 1, "11": 0}), "18:00 19:00"),
        (scheduled(repeat=2, days={"11": 1}), ""),
        (scheduled(end_date="09/03/2026"), ""),
        (scheduled(repeat=0, start_date="10/03/2026", end_date="10/03/2026"), "18:00 19:00"),
        (scheduled(repeat=0, start_date="09/03/2026", end_date="10/03/2026", end_time=NIGHT[0]), ROUND_THE_CLOCK[:107]),
        (scheduled(start_time=NIGHT[1], end_time=MIDNIGHT), "20:00 21:00 22:00 23:00"),
        (scheduled(repeat=0, start_date="10/03/2026", end_date="10/03/2026", start_time=NIGHT[1], end_time=MIDNIGHT),
         "20:00 21:00 22:00 23:00"),
        (scheduled(days={"2": 1}, start_time=NIGHT[1], end_time={"hour": 2, "min": 0, "am": "am"}), "00:00 01:00"),
        ({"set_schedule": True, "schedule": []}, ""),
        ({"set_schedule": True, "schedule": [{}]}, ""),
        ({"set_schedule": True, "schedule": [{"repeat": 1, "start_date": "", "days": {"3": 1, "9": 1, "-4": 1}}]},
         ROUND_THE_CLOCK),
    ],
)  # fmt: skip
def test_the_service(desk: Desk, fields: dict[str, Any], times: str) -> None:
    desk.service(**fields)
    assert desk.times() == times


@pytest.mark.parametrize(
    ("microseconds", "today", "tomorrow"),
    [
        (-1, "11:00 12:00 13:00 14:00 15:00 16:00", "09:00 10:00"),
        (0, "11:00 12:00 13:00 14:00 15:00 16:00", "09:00 10:00 11:00"),
        (1, "12:00 13:00 14:00 15:00 16:00", "09:00 10:00 11:00"),
    ],
)
def test_notices_count_from_the_very_moment(desk: Desk, microseconds: int, today: str, tomorrow: str) -> None:
    eleven = datetime(2026, 3, 10, 18, tzinfo=UTC)
    desk.sandbox.clock.now = eleven + timedelta(microseconds=microseconds)
    desk.sandbox.sign_in()
    assert desk.times() == today
    desk.service(prior_notice=2)
    assert desk.times() == " ".join(today.split()[2:])
    desk.service(prior_notice=0, after_notice=1)
    assert desk.times("2026-03-11") == tomorrow
    assert desk.times("2026-03-09") == ""


def test_an_absence_and_a_holiday_close_set_times(desk: Desk) -> None:
    desk.service(**scheduled())
    desk.hours(away(["19:00", "24:00"]))
    assert desk.times() == "18:00"
    desk.holiday()
    assert desk.times() == ""


@pytest.mark.parametrize(
    ("fields", "times"),
    [
        ({}, ""),
        ({"enabled": 0}, USUAL),
        ({"start_date": f"{DAY} 12:00:00", "end_date": f"{DAY} 13:30:00"}, "09:00 10:00 11:00 13:30 14:30 15:30"),
        ({"start_date": "2026-03-09 00:00:00", "end_date": f"{DAY} 11:59:59"}, "12:00 13:00 14:00 15:00 16:00"),
        ({"start_date": "2025-03-10 00:00:00", "end_date": "2025-03-10 23:59:59"}, USUAL),
        ({"type": 1, "month": 2, "day_in_week": 1, "day_order": 1}, ""),
        ({"type": 1, "month": 2, "day_in_week": 1, "day_order": 4}, USUAL),
        ({"type": 1, "month": 2, "day_in_week": 0, "day_order": 1}, USUAL),
        ({"type": 1, "month": 1, "day_in_week": 1, "day_order": 1}, USUAL),
    ],
)
def test_a_holiday(desk: Desk, fields: dict[str, Any], times: str) -> None:
    desk.holiday(**fields)
    assert desk.times() == times


def test_a_weekday_of_a_month_is_a_holiday_every_year(desk: Desk) -> None:
    desk.holiday(type=1, month=4, day_in_week=0, day_order=4)  # the last Monday of May
    assert [desk.times(day) for day in ("2026-05-25", "2027-05-31")] == ["", ""]
    assert [desk.times(day) for day in ("2026-05-18", "2027-05-24")] == [USUAL, USUAL]


def test_a_link(desk: Desk) -> None:
    body = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "links": []}
    desk.sandbox.ok("PUT", f"/employee/{desk.salon.employee}", body)
    assert desk.times() == ""


def test_the_employees_status(desk: Desk) -> None:
    links = {str(desk.salon.location): {str(desk.salon.service): 1}}
    body = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "links": links, "status": False}
    desk.sandbox.ok("PUT", f"/employee/{desk.salon.employee}", body)
    assert desk.times() == ""
    assert desk.times(provider_id=desk.salon.employee) == ""


def test_a_second_employee(desk: Desk) -> None:
    second = desk.salon.hired("bob@example.com")
    desk.hours(on_tuesdays(["09:00", "12:00"]))
    assert desk.times() == USUAL
    assert desk.times(provider_id=second) == USUAL
    assert desk.times(provider_id=desk.salon.employee) == "09:00 10:00 11:00"


def test_rules_of_the_account_hold_without_rules_of_the_service(desk: Desk) -> None:
    rules = {"start_step": 180, "prior_notice": 201, "after_notice": 9, "duration_padding": 30}
    desk.sandbox.ok("POST", "/account/saveOptions", rules)
    assert desk.times() == USUAL
    desk.service(active_rules=0)
    assert desk.times() == "12:00 15:00"
    assert desk.asked()["padding"] == 30
    assert desk.times("2026-03-12") == ""


def test_sub_services_add_their_duration(desk: Desk) -> None:
    addons = [desk.sandbox.service(name=f"Oil {minutes}", duration=minutes, is_subservice=True) for minutes in (30, 15)]
    assert desk.asked(subservices=addons)["interval"] == 105
    for spelling in ({"subservices": addons}, {"subservices[]": addons}, {"subservices": ",".join(map(str, addons))}):
        assert desk.times(**spelling) == "09:00 10:45 12:30 14:15"
    assert desk.times(subservices=[addons[0], addons[0]]) == "09:00 10:30 12:00 13:30 15:00"
    desk.sandbox.ok("PUT", f"/service/{addons[0]}", {"name": "Oil", "duration": 30, "status": False})
    assert desk.times(subservices=addons[:1]) == ""
