"""Days on which clocks change, written out: the hour that does not exist, and the one that comes twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.sandbox.salon import HOURS, opened_salon
from tests.sandbox.slots.conftest import Desk

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

SPRING, AUTUMN = "2026-03-08", "2026-11-01"  # US/Pacific: 2:00 becomes 3:00, and 2:00 becomes 1:00
NIGHT = HOURS | {"repeat": 2, "days": {"su": {"time": [["00:00", "05:00"]]}}}
EARLY = HOURS | {"repeat": 2, "days": {"su": {"time": [["01:30", "03:00"]]}}}


@pytest.fixture
def zones(sandbox: Sandbox) -> dict[str, int]:
    return {each["dbName"]: int(number) for number, each in sandbox.ok("GET", "/tz/list").items()}


def opened(sandbox: Sandbox, zone: int, *hours: dict[str, object]) -> Desk:
    desk = Desk(sandbox, opened_salon(sandbox, zone))
    desk.hours(*hours)
    return desk


def test_an_hour_that_does_not_exist_is_no_start_and_no_time(sandbox: Sandbox, zones: dict[str, int]) -> None:
    desk = opened(sandbox, zones["US/Pacific"], NIGHT)
    assert desk.times(SPRING) == "00:00 01:00 03:00 04:00"
    assert desk.refused(f"{SPRING} 02:00") == (403, 9)
    assert desk.times("2026-03-15") == "00:00 01:00 02:00 03:00 04:00"
    desk.service(duration=90)
    assert desk.times(SPRING) == "00:00 01:30"  # to 4:00, an hour and a half later


def test_an_hour_that_comes_twice_is_its_first_time(sandbox: Sandbox, zones: dict[str, int]) -> None:
    desk = opened(sandbox, zones["US/Pacific"], NIGHT)
    assert desk.times(AUTUMN) == "00:00 01:00 02:00 03:00 04:00"
    (shown,) = [desk.salon.read(desk.salon.book(f"{AUTUMN} 01:00"))]
    assert (shown["end_date"][:16], shown["timezone_offset_seconds"]) == (f"{AUTUMN} 01:00", -7 * 3600)
    assert desk.times(AUTUMN) == "00:00 02:00 03:00 04:00"
    desk.service(duration=300)
    assert desk.times(AUTUMN, provider_id=desk.salon.hired("bob@example.com")) == ""


def test_six_hours_fit_into_a_night_of_five_on_the_clock(sandbox: Sandbox, zones: dict[str, int]) -> None:
    desk = opened(sandbox, zones["US/Pacific"], NIGHT)
    desk.service(duration=360)
    assert (desk.times(AUTUMN), desk.times("2026-11-08")) == ("00:00", "")


@pytest.mark.parametrize("asked", ["UTC", "US/Eastern", "Asia/Kolkata", "US/Pacific"])
def test_the_second_time_is_offered_in_no_zone_because_no_booking_can_name_it(
    sandbox: Sandbox, zones: dict[str, int], asked: str
) -> None:
    desk = opened(sandbox, zones["US/Pacific"], NIGHT)
    instants = [datetime(2026, 11, 1, hour, tzinfo=UTC) for hour in (7, 8, 10, 11, 12)]  # 9:00 is the second 1:00
    expected = [f"{each.astimezone(ZoneInfo(asked)):%Y-%m-%d %H:%M:00}" for each in instants]
    assert desk.asked("2026-10-31", t="weekly", timezone_id=zones[asked])["times"] == expected
    for each in instants:
        desk.salon.book(f"{each.astimezone(ZoneInfo('US/Pacific')):%Y-%m-%d %H:%M}")
    assert desk.times(AUTUMN, timezone_id=zones["UTC"]) == ""


def test_the_second_time_is_not_the_first_available_one_either(sandbox: Sandbox, zones: dict[str, int]) -> None:
    sandbox.clock.now = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)  # 1:30 for the first time
    sandbox.sign_in()
    desk = opened(sandbox, zones["US/Pacific"], NIGHT)
    found = desk.asked("2026-10-30", first_available=1, timezone_id=zones["UTC"])
    assert (found["day"], found["times"]) == (1, ["10:00:00"])


def test_open_is_when_the_clock_says_so(sandbox: Sandbox, zones: dict[str, int]) -> None:
    desk = opened(sandbox, zones["US/Pacific"], EARLY)
    desk.service(duration=30)
    assert desk.times(SPRING) == "01:30"
    # 1:30 to 2:00 in summer time, and 1:30 to 3:00 in winter time, whose first half-hour has the same name
    assert desk.times(AUTUMN) == "01:30 02:00 02:30"
    assert desk.times(AUTUMN, timezone_id=zones["UTC"]) == "08:30 10:00 10:30"  # 9:30 is the second 1:30


def test_a_clock_that_changes_at_midnight(sandbox: Sandbox, zones: dict[str, int]) -> None:
    sandbox.clock.now = datetime(2026, 9, 1, tzinfo=UTC)
    sandbox.sign_in()
    desk = opened(sandbox, zones["America/Santiago"], HOURS | {"repeat": 2, "days": {}})
    assert desk.times("2026-09-06").startswith("01:00 02:00")  # there is no 0:00
    assert len(desk.times("2026-09-06").split()) == 23
    desk.service(duration=480)
    assert desk.times("2026-09-05") == "00:00 08:00 16:00"
    assert desk.times("2026-09-06") == "01:00 09:00 17:00"


def test_a_half_hour(sandbox: Sandbox, zones: dict[str, int]) -> None:
    sandbox.clock.now = datetime(2026, 9, 30, tzinfo=UTC)
    sandbox.sign_in()
    desk = opened(sandbox, zones["Australia/Lord_Howe"], HOURS | {"repeat": 2, "days": {}})
    desk.service(duration=240)
    assert desk.times("2026-10-04") == "00:00 04:30 08:30 12:30 16:30 20:30"
    desk.hours(HOURS | {"repeat": 2, "end_date": "10/4/2026", "days": {}})
    assert desk.times("2026-10-04") == "00:00 04:30 08:30 12:30 16:30"  # half an hour is missing


def test_a_clock_that_goes_back_over_midnight(sandbox: Sandbox, zones: dict[str, int]) -> None:
    sandbox.clock.now = datetime(2010, 11, 1, tzinfo=UTC)  # on the 7th at 0:01 it was 23:01 of the 6th again
    sandbox.sign_in()
    always = HOURS | {"repeat": 2, "start_date": "1/1/2010", "days": {}}
    pause = always | {"type": 1, "days": {"sa": {"time": [["23:30", "23:45"]]}}}
    desk = opened(sandbox, zones["America/St_Johns"], always, pause)
    desk.service(duration=15)
    whole = " ".join(f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(0, 60, 15))
    assert desk.times("2010-11-06") == whole.replace("23:30 ", "")
    assert desk.times("2010-11-07") == whole
