"""When a service can be booked, and when it takes place: what is written, and what is read of what others wrote."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.kinds.base import Unreadable, specs
from provisioner.kinds.period import parse_period
from provisioner.kinds.schedule import parse_schedule
from provisioner.kinds.service import Service
from provisioner.providers.setster import schedule
from provisioner.providers.setster.service import SERVICE
from tests.support import DIALECTS, Dialect, Tenant, change, declare, manifests, spoken, tell

SAMPLE = {
    "repeat": 1,
    "start_date": "01/06/2019",
    "start_time": {"hour": 9, "min": 0, "am": "am"},
    "end_date": "01/12/2019",
    "end_time": {"hour": 5, "min": 0, "am": "pm"},
    "days": {"2": 1, "3": 1, "4": 1, "5": 1, "6": 1},
}
"""seed: List Services"""
WEEK = [{"dates": "2026", "week": {"mon-fri": ["09:00-12:00", "13:00-24:00"], "sun": "00:00-12:30"}}]
PLAIN = declare("service/cut", name="Cut", duration="45 min")
FULL = change(PLAIN, bookable="2026-03-01..2026-06-30", schedule=WEEK)


def read(**raw: Any) -> dict[str, Any]:
    fields = SERVICE.decode({"id": 1, **raw}, {}).fields
    return {name: value for name, value in fields.items() if value is not None}


def times(*entries: dict[str, Any]) -> Any:
    return read(set_schedule=1, schedule=[*entries]).get("schedule")


def dumped(value: Any) -> Any:
    return specs(Service)["schedule"].dump(value)


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def test_they_are_written_cleared_and_left_alone(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(FULL))
        stored = tenant.held("service/cut")
        assert (stored["active_from"], stored["active_until"], stored["set_schedule"]) == (
            "2026-03-01",
            "2026-06-30",
            True,
        )
        await tenant.settle(manifests(change(PLAIN, name="Trim")))
        assert tenant.held("service/cut") == stored | {"name": "Trim"}
        ran = await tenant.settle(manifests(change(PLAIN, bookable=None, schedule=None)))
        assert ran.applied.writes == 1
        now = tenant.held("service/cut")
        assert (now["active_from"], now["active_until"], now["set_schedule"], now["schedule"]) == (
            None,
            None,
            False,
            [],
        )

    tell(story, dialect)


@pytest.mark.parametrize("spelled", ["2026-03-01..", "..2026-03-01", "2026", "2026-02", "2026-03-01"])
def test_any_period_reads_back_as_it_was_written(spelled: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(change(PLAIN, bookable=spelled)))
        assert specs(Service)["bookable"].dump(parse_period(spelled)) == spelled

    tell(story, dialect)


def test_the_vendors_sample_is_a_working_week() -> None:
    assert dumped(times(SAMPLE)) == [{"dates": "2019-06-01..2019-12-01", "week": {"mon-fri": "09:00-17:00"}}]


def test_entries_of_the_same_dates_are_one_week_and_an_event_is_a_day() -> None:
    late = {
        **SAMPLE,
        "start_time": {"hour": 12, "min": 0, "am": "pm"},
        "end_time": {"hour": 12, "min": "0", "am": "am"},
    }
    event = {**SAMPLE, "repeat": "0", "start_date": "03/06/2019", "end_date": "03/06/2019", "days": []}
    assert dumped(times({**SAMPLE, "days": {"1": 1, "7": "0"}}, late)) == [
        {"dates": "2019-06-01..2019-12-01", "week": {"mon-fri": "12:00-24:00", "sun": "09:00-17:00"}}
    ]
    assert dumped(times(event)) == [{"dates": "2019-06-03", "week": {"mon": "09:00-17:00"}}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"repeat": 2},
        {"repeat": 0},
        {"repeat": "weekly"},
        {"days": {"0": 1}},
        {"days": {"8": 1}},
        {"days": ["2"]},
        {"days": {}},
        {"start_date": "2019-06-01"},
        {"start_date": None},
        {"end_date": "01/01/2019"},
        {"start_time": {"hour": 13, "min": 0, "am": "pm"}},
        {"start_time": {"hour": 9, "min": 60, "am": "am"}},
        {"start_time": "09:00"},
        {"end_time": {"hour": 8, "min": 0, "am": "am"}},
    ],
    ids=str,
)
def test_what_the_manifests_cannot_say_is_shown_and_never_dropped(wrong: dict[str, Any]) -> None:
    assert isinstance(times({**SAMPLE, **wrong}), Unreadable)


def test_a_schedule_that_is_off_is_none_and_one_without_times_is_not_readable() -> None:
    assert read(set_schedule=0, schedule=[SAMPLE]) == {}
    assert isinstance(times(), Unreadable)


@pytest.mark.parametrize("status", [False, 0, "0"])
def test_dates_that_do_not_count_are_not_readable_and_so_written_anew(status: Any) -> None:
    raw = {"active_from": "2026-03-01", "active_until": None, "active_interval_status": status}
    assert isinstance(read(**raw)["bookable"], Unreadable)
    assert read(**raw | {"active_interval_status": 1})["bookable"] == parse_period("2026-03-01..")


def test_a_day_is_written_on_a_clock_of_twelve_hours() -> None:
    entries = schedule.write(parse_schedule(WEEK))["schedule"]
    written = [(e["start_time"], e["end_time"], [*e["days"]]) for e in entries]
    assert written == [
        ({"hour": 12, "min": 0, "am": "am"}, {"hour": 12, "min": 30, "am": "pm"}, ["1"]),
        ({"hour": 9, "min": 0, "am": "am"}, {"hour": 12, "min": 0, "am": "pm"}, ["2", "3", "4", "5", "6"]),
        ({"hour": 1, "min": 0, "am": "pm"}, {"hour": 12, "min": 0, "am": "am"}, ["2", "3", "4", "5", "6"]),
    ]


def test_two_ways_to_write_the_same_times_are_one_value() -> None:
    split = [{"dates": "2026", "week": {"mon": "09:00-12:00"}}, {"dates": "2026", "week": {"mon": "12:00-17:00"}}]
    assert parse_schedule(split) == parse_schedule([{"dates": "2026", "week": {"mon": "09:00-17:00"}}])
    assert parse_schedule([]) is parse_schedule(None) is None
