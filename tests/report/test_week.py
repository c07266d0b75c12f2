"""Hours: a table for one week each, lines for anything else, and nothing hidden."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from provisioner.kinds.calendar import merge
from provisioner.kinds.hours import Shift, Shifts, normal, parse_shifts
from provisioner.report.week import hours_lines

TITLE = "  ~ hours/ana/downtown"


def shifts(**dates: Any) -> Shifts:
    return parse_shifts([{"dates": d.replace("_", "-").strip("y"), "week": week} for d, week in dates.items()])


def test_one_week_becomes_another_in_a_table() -> None:
    before = shifts(y2026={"mon-fri": "09:00-17:00", "sat": "09:30-13:00"})
    after = shifts(y2026={"mon-fri": "09:00-17:00"})
    assert hours_lines(TITLE, before, after, 80) == [
        "  ~ hours/ana/downtown (2026)  Mo   Tu   We   Th   Fr   Sa        week",
        "        now                    9-17 9-17 9-17 9-17 9-17 9:30-13   43:30 h",
        "        planned                9-17 9-17 9-17 9-17 9-17 -         40 h",
    ]


def test_a_day_that_is_closed_in_the_middle_keeps_its_column() -> None:
    lines = hours_lines("  + hours/a/b", None, shifts(y2026={"tue": "09:00-12:00"}), 80)
    assert lines == ["  + hours/a/b (2026)  Mo Tu     week", "        planned       -  9-12   3 h"]


def test_days_that_would_look_alike_are_not_put_into_a_table() -> None:
    every = ["09:00-12:15", "12:45-17:15", "18:15-20:15"]
    before = shifts(y2026={"daily": every})
    after = shifts(y2026={"mon-sat": every, "sun": ["09:00-12:15", "12:45-17:15", "18:15-20:30"]})
    text = "\n".join(hours_lines(TITLE, before, after, 80))
    assert "spans" not in text
    assert "# differs: sun = 09:00-12:15, 12:45-17:15, 18:15-20:15 ->" in text


def test_shifts_of_other_dates_have_a_line_each() -> None:
    before = shifts(y2026_01={"mon": "09:00-17:00"}, y2026_02={"mon": "09:00-17:00"})
    after = shifts(y2026_02={"mon": "09:00-17:00"}, y2026_03={"mon": "09:00-12:00"})
    assert hours_lines(TITLE, before, after, 80) == [
        TITLE,
        "      - 2026-01: mon 09:00-17:00 = 8 h",
        "      + 2026-03: mon 09:00-12:00 = 3 h",
        "      # (1 unchanged shift hidden)",
    ]


def test_hours_that_all_go_are_shown() -> None:
    assert hours_lines(TITLE, shifts(y2026={"mon": "09:00-17:00"}), (), 80)[1:] == [
        "      - 2026: mon 09:00-17:00 = 8 h"
    ]


intervals = st.builds(lambda start, length: (start * 15, (start + length) * 15), st.integers(0, 80), st.integers(1, 16))
days = st.lists(intervals, max_size=3).map(merge)
some_shifts = st.lists(
    st.builds(
        Shift,
        st.sampled_from([shifts(**{d: {"mon": "09:00-10:00"}})[0].dates for d in ("y2026", "y2027_01", "y2028_02_01")]),
        st.tuples(*[days] * 7),
    ),
    max_size=3,
).map(normal)


@given(some_shifts, some_shifts)
def test_what_differs_is_always_visible_within_the_width(before: Shifts, after: Shifts) -> None:
    lines = hours_lines(TITLE, before, after, 80)
    assert all(len(line) <= 80 and line == line.rstrip() for line in lines)
    if before != after:
        assert len(lines) > 1
        if lines[1].lstrip().startswith("now"):
            assert lines[1].replace("now", "") != lines[2].replace("planned", "")
