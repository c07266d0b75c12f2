"""Working hours whose dates are over."""

from __future__ import annotations

from datetime import date

import pytest

from tests.lint.conftest import MENU, TODAY, Linted, at, person

RULE = "hours-past-their-end"
WEEK = "week: {mon: 09:00-17:00}"


def working(*dates: str, more: str = "") -> str:
    entries = ", ".join(f"{{dates: {each}, {WEEK}}}" for each in dates)
    return f"{MENU}employees:\n  ana: {person('ana', at({'downtown': entries}) + more)}\n"


def test_hours_that_are_all_over(lint: Linted) -> None:
    (line,) = lint.lines(RULE, working("2024", "2025-03"))
    assert ": warning: hours/ana/downtown: these hours ended on 2025-03-31, and ana cannot be booked here any" in line
    assert line.endswith(" more: add an entry with later dates [hours-past-their-end]")
    assert line.startswith("7:")


def test_some_entries_that_are_over(lint: Linted) -> None:
    (line,) = lint.lines(RULE, working("2025", "2027"))
    assert ": hours/ana/downtown: the entry 2025 is over: remove it [" in line
    (line,) = lint.lines(RULE, working("2021", "2022", "2023", "2024", "2025", "2027"))
    assert ": the entries 2021, 2022, 2023 and 2 more are over: remove them [" in line


@pytest.mark.parametrize("dates", ["2026", "2027", "2026-11", f"2020-01-01..{TODAY}", f"{TODAY}"])
def test_hours_that_are_partly_in_the_past_or_not_at_all(lint: Linted, dates: str) -> None:
    assert lint.told(RULE, working(dates)) == []


def test_the_last_day_is_not_over(lint: Linted) -> None:
    assert lint.told(RULE, working("2026"), date(2026, 12, 31)) == []
    assert lint.told(RULE, working("2026"), date(2027, 1, 1)) == ["hours/ana/downtown"]


def test_an_inactive_employee_and_no_hours_at_all_are_left_alone(lint: Linted) -> None:
    assert lint.told(RULE, working("2025", more=", active: false")) == []
    assert lint.told(RULE, working()) == []
