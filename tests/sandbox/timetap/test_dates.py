"""The dates of a pattern against python-dateutil's rrule, which knows nothing of this."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.timetap.conftest import DATES, PATH, TimeTap

if TYPE_CHECKING:
    from collections.abc import Callable

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TODAY = date(2026, 3, 2)


def by_rrule(body: dict[str, Any]) -> list[str]:
    """What dateutil makes of a series' fields."""
    start = datetime.fromisoformat(body["startDate"])
    end = datetime.fromisoformat(body["endDate"]) if body["endDate"] else None
    until = end or max(start, datetime.combine(TODAY, datetime.min.time())) + timedelta(366)
    if body["type"] == "M":
        rule = rrule(MONTHLY, start, interval=body["everyXMonths"], until=until)
    else:
        flagged = [number for number, name in enumerate(WEEKDAYS) if body[name]] or None
        rule = rrule(WEEKLY, start, interval=body["everyXWeeks"], byweekday=flagged, until=until, wkst=MO)
    return [each.date().isoformat() for each in rule]


def _last_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


MONTHS = st.dates(date(1896, 1, 1), date(2110, 12, 31))
# The days around the ends of months and of Februaries come more often than chance would have them.
STARTS = st.one_of(
    MONTHS,
    st.builds(lambda month, back: _last_of(month) - timedelta(back), MONTHS, st.integers(0, 3)),
    st.builds(lambda year, day: date(year, 2, 27) + timedelta(day), st.integers(1896, 2110), st.integers(0, 3)),
)


@st.composite
def patterns(draw: st.DrawFn) -> dict[str, Any]:
    """A pattern of at most ten years, so that it is below the most dates a series may have."""
    kind = draw(st.sampled_from("WM"))
    start = draw(STARTS)
    open_ended = start >= date(2016, 1, 1) and draw(st.integers(0, 5)) == 0
    end = start + timedelta(draw(st.one_of(st.integers(0, 60), st.integers(0, 3_660))))
    return {
        "type": kind,
        "everyXWeeks": draw(st.one_of(st.integers(1, 5), st.integers(1, 60))),
        "everyXMonths": draw(st.one_of(st.integers(1, 13), st.integers(1, 60))),
        "startDate": start.isoformat(),
        "endDate": None if open_ended else end.isoformat(),
        **dict(zip(WEEKDAYS, draw(st.tuples(*[st.booleans()] * 7)), strict=True)),
    }


def check(shared_timetap: TimeTap, pattern: dict[str, Any]) -> None:
    assert shared_timetap.ok("POST", f"{PATH}/get/dates", pattern) == by_rrule(pattern)


def random_patterns(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test on so many patterns, all in the same sandbox."""
    reused = [HealthCheck.function_scoped_fixture]

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        limited = settings(max_examples=examples, deadline=None, suppress_health_check=reused)
        return limited(given(pattern=patterns())(test))

    return decorate


@random_patterns(150)
def test_random_patterns_are_those_of_rrule(shared_timetap: TimeTap, pattern: dict[str, Any]) -> None:
    check(shared_timetap, pattern)


@pytest.mark.slow
@random_patterns(10_000)
def test_thousands_of_random_patterns_are_those_of_rrule(shared_timetap: TimeTap, pattern: dict[str, Any]) -> None:
    check(shared_timetap, pattern)


MONTH_ENDS = {
    "a 31st skips the shorter months": (
        {"startDate": "2027-01-31", "endDate": "2027-08-31", "everyXMonths": 1},
        ["2027-01-31", "2027-03-31", "2027-05-31", "2027-07-31", "2027-08-31"],
    ),
    "a 30th skips February alone": (
        {"startDate": "2027-12-30", "endDate": "2028-04-30", "everyXMonths": 1},
        ["2027-12-30", "2028-01-30", "2028-03-30", "2028-04-30"],
    ),
    "a 29th is in the February of a leap year": (
        {"startDate": "2027-12-29", "endDate": "2028-03-29", "everyXMonths": 1},
        ["2027-12-29", "2028-01-29", "2028-02-29", "2028-03-29"],
    ),
    "every twelve months a leap day is every four years, but not in 2100": (
        {"startDate": "2088-02-29", "endDate": "2108-03-01", "everyXMonths": 12},
        ["2088-02-29", "2092-02-29", "2096-02-29", "2104-02-29", "2108-02-29"],
    ),
    "2000 was a leap year": (
        {"startDate": "1996-02-29", "endDate": "2001-01-01", "everyXMonths": 12},
        ["1996-02-29", "2000-02-29"],
    ),
    "a 31st every second month from November on": (
        {"startDate": "2027-10-31", "endDate": "2028-12-31", "everyXMonths": 2},
        ["2027-10-31", "2027-12-31", "2028-08-31", "2028-10-31", "2028-12-31"],
    ),
    "the weekdays mean nothing": (
        {"startDate": "2027-01-05", "endDate": "2027-03-31", "everyXMonths": 1, "mon": True},
        ["2027-01-05", "2027-02-05", "2027-03-05"],
    ),
    "the end itself counts": (
        {"startDate": "2027-01-05", "endDate": "2027-02-05", "everyXMonths": 1},
        ["2027-01-05", "2027-02-05"],
    ),
}


@pytest.mark.parametrize("name", MONTH_ENDS)
def test_the_ends_of_months(shared_timetap: TimeTap, name: str) -> None:
    fields, expected = MONTH_ENDS[name]
    assert shared_timetap.dates(type="M", **fields) == expected


def test_every_second_week_counts_from_the_monday_of_the_start(shared_timetap: TimeTap) -> None:
    fields = {"everyXWeeks": 2, "wed": False, "startDate": "2027-01-06", "endDate": "2027-02-08"}
    assert shared_timetap.dates(**fields) == ["2027-01-18", "2027-02-01"]


def test_without_a_weekday_it_is_that_of_the_start(shared_timetap: TimeTap) -> None:
    assert shared_timetap.dates(mon=False, wed=None, startDate="2027-01-08") == ["2027-01-08", "2027-01-15"]


def test_a_pattern_may_have_no_dates(shared_timetap: TimeTap) -> None:
    assert shared_timetap.dates(startDate="2027-01-05", endDate="2027-01-05") == []


def test_an_open_end_is_a_year_away(timetap: TimeTap) -> None:
    near = timetap.dates(startDate="2026-01-05", endDate=None)
    assert (near[0], near[-1]) == ("2026-01-05", "2027-03-03")  # the clock says 2 March 2026
    far = timetap.dates(startDate="2027-01-04", endDate=None)
    assert (far[0], far[-1]) == ("2027-01-04", "2028-01-05")
    timetap.sandbox.clock.now = datetime(2026, 4, 2, tzinfo=UTC)
    timetap.sign_in()
    assert timetap.dates(startDate="2026-01-05", endDate=None)[-1] == "2027-03-31"


def test_how_far_away_can_be_set(timetap: TimeTap) -> None:
    timetap.sandbox.control("PUT", "/timetap", {"horizon_days": 9})
    assert timetap.dates(startDate="2027-01-04", endDate=None) == DATES


def test_the_calendar_ends(shared_timetap: TimeTap) -> None:
    late = {"startDate": "9999-12-01", "endDate": None, "everyXMonths": 3, "everyXWeeks": 2**31 - 1}
    assert shared_timetap.dates(type="M", **late) == ["9999-12-01"]
    assert shared_timetap.dates(**late) == ["9999-12-01"]
    assert shared_timetap.dates(**late | {"everyXWeeks": 1})[-1] == "9999-12-29"


def test_too_many_dates_are_refused(shared_timetap: TimeTap) -> None:
    fields = dict.fromkeys(WEEKDAYS, True) | {"type": "W", "everyXWeeks": 1, "startDate": "2027-01-04"}
    ten = shared_timetap.ok("POST", f"{PATH}/get/dates", fields | {"endDate": "2037-12-16"})
    assert len(ten) == 4_000
    for end in ("2037-12-17", "9999-12-31"):
        words = shared_timetap.refused(400, "POST", f"{PATH}/get/dates", fields | {"endDate": end})
        assert words.startswith("the series would have more than 4000 dates")


def test_looking_at_dates_makes_nothing(timetap: TimeTap) -> None:
    assert timetap.dates() == DATES
    assert timetap.sandbox.control("GET", "/timetap/series") == []
