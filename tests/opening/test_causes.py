"""Every cause, produced on purpose: one at a time, two together, and of two employees."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest

from provisioner.kinds.address import Address
from provisioner.kinds.base import Unreadable
from provisioner.kinds.calendar import Dates
from provisioner.opening import Cause, Opening, sentence
from tests.opening.salon import NOW, WEEK, ben, salon
from tests.support import at, declare

YULE = [{"dates": "2026", "week": WEEK}]
JANUARY = Dates(date(2027, 1, 4), date(2027, 1, 31))


def causes(opening: Opening, window: Dates | None = None) -> list[Cause]:
    return [why.cause for why in opening.verdict("downtown", "cut", window).whys]


def text(opening: Opening, window: Dates | None = None) -> list[str]:
    return [sentence(why) for why in opening.verdict("downtown", "cut", window).whys]


def test_nothing_stands_in_the_way() -> None:
    verdict = salon().verdict("downtown", "cut")
    assert verdict.bookable
    assert (verdict.first and str(verdict.first.start), verdict.whys) == ("2027-01-04 09:00:00-08:00", ())


ONE: dict[Cause, tuple[Opening, str]] = {
    Cause.SERVICE_INACTIVE: (salon(active=False), "cut is inactive"),
    Cause.ONLY_ADDON: (salon(addon=True), "cut is only an add-on"),
    Cause.NO_LINK: (salon(without="link/ana/downtown/cut"), "nobody offers cut here"),
    Cause.EMPLOYEE_INACTIVE: (
        salon(declare("employee/ana", email="ana@x.example", first_name="A", last_name="D", active=False)),
        "ana is inactive",
    ),
    Cause.NO_HOURS: (salon(without="hours/ana/downtown"), "ana has no hours at downtown"),
    Cause.HOURS_ENDED: (
        salon(declare("hours/ana/downtown", hours=YULE)),
        "the hours of ana at downtown ended on 2026-12-31",
    ),
    Cause.SERVICE_DATES: (salon(bookable="..2026-12-31"), "cut can be booked on ..2026-12-31 only"),
    Cause.SCHEDULE_ENDED: (salon(schedule=YULE), "the set times of cut are over"),
    Cause.TOO_SHORT: (salon(duration="9 h"), "no open time is as long as cut takes"),
    Cause.NOTICE_BEYOND_HORIZON: (
        salon(prior_notice="48 h", after_notice="1 d"),
        "the notice of cut is longer than it can be booked ahead",
    ),
    Cause.AWAY: (salon(declare("away/ana", away=["2027"])), "ana is out of office on 2027"),
    Cause.HOLIDAY: (
        salon(declare("holiday/works", name="Works", dates="2026-12-01..2033-01-31")),
        "works (holiday, 2026-12-01..2033-01-31)",
    ),
    Cause.TOO_FAR: (
        salon(declare("hours/ana/downtown", hours=[{"dates": "2027-03", "week": WEEK}]), after_notice="30 d"),
        "what is open is farther ahead than cut can be booked",
    ),
}


@pytest.mark.parametrize("cause", ONE)
def test_one_cause(cause: Cause) -> None:
    opening, words = ONE[cause]
    assert (causes(opening), text(opening)) == ([cause], [words])


IN_JANUARY: dict[Cause, Opening] = {
    Cause.HOURS_LATER: salon(declare("hours/ana/downtown", hours=[{"dates": "2027-02", "week": WEEK}])),
    Cause.NOT_SCHEDULED: salon(schedule=[{"dates": "2027-02", "week": WEEK}]),
    Cause.TOO_SOON: salon(prior_notice="672 h"),
    Cause.AWAY: salon(declare("away/ana", away=["2027-01"])),
    Cause.HOLIDAY: salon(declare("holiday/works", name="Works", dates="2027-01")),
    Cause.SERVICE_DATES: salon(bookable="2027-02-01.."),
}


@pytest.mark.parametrize("cause", IN_JANUARY)
def test_one_cause_in_a_window(cause: Cause) -> None:
    assert causes(IN_JANUARY[cause], JANUARY) == [cause]
    assert causes(IN_JANUARY[cause]) == []


def test_a_day_off_is_one_in_a_window_of_such_days_only() -> None:
    weekend = Dates(date(2027, 1, 9), date(2027, 1, 10))
    assert causes(salon(), weekend) == [Cause.DAY_OFF]
    assert causes(salon(), Dates(date(2027, 1, 9), date(2027, 1, 11))) == []


SERVICE: dict[Cause, dict[str, Any]] = {
    Cause.SERVICE_INACTIVE: {"active": False},
    Cause.ONLY_ADDON: {"addon": True},
    Cause.NOTICE_BEYOND_HORIZON: {"prior_notice": "48 h", "after_notice": "1 d"},
    Cause.SERVICE_DATES: {"bookable": "2026"},
    Cause.TOO_SHORT: {"duration": "9 h"},
}
OTHERS: dict[Cause, tuple[Any, ...]] = {
    Cause.AWAY: (declare("away/ana", away=["2026-12-01..2034-12-31"]),),
    Cause.HOLIDAY: (declare("holiday/works", name="Works", dates="2026-12-01..2034-12-31"),),
    Cause.EMPLOYEE_INACTIVE: (
        declare("employee/ana", email="ana@x.example", first_name="A", last_name="D", active=False),
    ),
}
PAIRS = [*combinations({**SERVICE, **OTHERS}, 2)]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_causes_together(one: Cause, other: Cause) -> None:
    terms = {**SERVICE.get(one, {}), **SERVICE.get(other, {})}
    opening = salon(*OTHERS.get(one, ()), *OTHERS.get(other, ()), **terms)
    assert {*causes(opening)} == {one, other}


def test_days_off_and_a_holiday_that_only_together_leave_nothing() -> None:
    week = Dates(date(2027, 1, 4), date(2027, 1, 10))
    off = declare("away/ana", away=["2027-01-04..2027-01-06"])
    closed = declare("holiday/works", name="Works", dates="2027-01-07..2027-01-08")
    assert causes(salon(off), week) == causes(salon(closed), week) == []
    assert causes(salon(off, closed), week) == [Cause.AWAY, Cause.HOLIDAY]


def test_a_holiday_in_the_window_that_changes_nothing_is_not_named() -> None:
    window = Dates(date(2027, 1, 4), date(2027, 1, 10))
    closed = declare("holiday/new-year", name="New Year", dates="2027-01-05")
    assert causes(salon(closed, declare("away/ana", away=["2027-01"])), window) == [Cause.AWAY]
    assert causes(salon(closed, declare("hours/ana/downtown", hours=YULE)), window) == [Cause.HOURS_ENDED]


def test_each_employee_has_causes_of_their_own() -> None:
    opening = salon(*ben(hours=YULE), without="hours/ana/downtown")
    assert text(opening) == ["ana has no hours at downtown", "the hours of ben at downtown ended on 2026-12-31"]
    assert causes(salon(*ben(), without="hours/ana/downtown")) == []
    assert causes(salon(*ben(active=False), without="hours/ana/downtown")) == [Cause.NO_HOURS, Cause.EMPLOYEE_INACTIVE]


def test_hours_that_are_over_for_today_have_ended() -> None:
    last = salon(declare("hours/ana/downtown", hours=[{"dates": "2027-01-04", "week": WEEK}]), now=NOW)
    assert causes(last) == []
    evening = Opening(last.facts, NOW + timedelta(hours=14))
    assert causes(evening) == [Cause.HOURS_ENDED]


def test_what_does_not_exist_is_gone() -> None:
    opening = salon()
    assert [why.about for why in opening.verdict("uptown", "cut").whys] == [at("location/uptown")]
    assert [sentence(why) for why in opening.verdict("downtown", "perm").whys] == ["service perm does not exist"]


@pytest.mark.parametrize("name", ["schedule", "bookable", "duration", "prior_notice"])
def test_what_cannot_be_read_is_neither_open_nor_closed_for_another_reason(name: str) -> None:
    opening = salon()
    cut = at("service/cut")
    facts = opening.facts.changed({cut: {**opening.facts.resources[cut], name: Unreadable("?")}})
    assert causes(Opening(facts, NOW)) == [Cause.UNREADABLE]
    assert Opening(facts, NOW).roster.doubts == (cut,)


def test_hours_and_holidays_that_cannot_be_read_are_named() -> None:
    opening = salon(declare("holiday/h", name="H", dates="2027-01-05"))
    hours, holiday = at("hours/ana/downtown"), at("holiday/h")
    facts = opening.facts.changed({hours: {"hours": Unreadable("?")}, holiday: {"dates": Unreadable("noon")}})
    assert {*Opening(facts, NOW).roster.doubts} == {hours, holiday}
    assert causes(Opening(facts, NOW)) == [Cause.UNREADABLE]


def test_the_account_s_options_hold_for_a_service_without_rules_of_its_own() -> None:
    opening = salon(
        declare("account/here", parent=True, options={"prior_notice": "48 h", "after_notice": "1 d"}),
        active_rules=False,
    )
    assert causes(opening) == [Cause.NOTICE_BEYOND_HORIZON]
    assert causes(salon(prior_notice="48 h", after_notice="1 d", active_rules=False)) == []


def test_set_times_stand_in_for_hours() -> None:
    opening = salon(schedule=[{"dates": "2027", "week": {"sat": "10:00-12:00"}}], without="hours/ana/downtown")
    first = opening.verdict("downtown", "cut").first
    assert first
    assert str(first.start) == "2027-01-09 10:00:00-08:00"


def test_a_change_is_seen_before_it_is_made() -> None:
    opening = salon()
    facts = opening.facts.changed({Address("", "link", ("ana", "downtown", "cut")): None})
    assert causes(Opening(facts, NOW)) == [Cause.NO_LINK]
    assert causes(opening) == []


def test_every_cause_has_words() -> None:
    told = {*ONE, *IN_JANUARY, Cause.DAY_OFF, Cause.GONE, Cause.UNREADABLE}
    assert {*Cause} - told == {Cause.SHORTER_THAN_SERVICE, Cause.NO_SUCH_TIME}  # those of appointments: test_covers.py


def test_a_day_says_what_was_left_of_the_hours() -> None:
    opening = salon(declare("holiday/works", name="Works", rule="1st tuesday of january"))
    assert [len(opening.day("ana", "downtown", date(2027, 1, day)).open) for day in range(4, 11)] == [
        1,
        0,
        1,
        1,
        1,
        0,
        0,
    ]
    tuesday = opening.day("ana", "downtown", date(2027, 1, 5))
    assert [f"{span.start:%H:%M}-{span.end:%H:%M}" for span in tuesday.hours] == ["09:00-17:00"]
    assert [sentence(why) for why in tuesday.whys] == ["works (holiday, 2027-01-05)"]
    sunday = opening.day("ana", "downtown", date(2027, 1, 10))
    assert [why.cause for why in sunday.whys] == [Cause.DAY_OFF]
