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


def test_other_dates_have_a_table_each() -> None:
    before = shifts(y2026_01={"mon": "09:00-17:00"}, y2026_02={"mon": "09:00-17:00"})
    after = shifts(y2026_02={"mon": "09:00-17:00"}, y2026_03={"mon": "09:00-12:00"})
    assert hours_lines(TITLE, before, after, 80) == [
        TITLE,
        "    2026-01       Mo     week",
        "        now       9-17   8 h",
        "        planned   -      0 h",
        "    2026-03       Mo     week",
        "        now       -      0 h",
        "        planned   9-12   3 h",
        "      # on other dates the hours stay as they are",
    ]


def test_what_is_written_in_other_entries_is_told_as_it_is_worked() -> None:
    """Half a year gets other hours: the other half is the same as before, whatever the entries look like."""
    before = shifts(y2026={"mon-fri": "09:00-17:00"})
    after = normal(
        [*shifts(y2026={"mon-fri": "09:00-12:00"}), *parse_shifts([_from("2026-01-01..2026-06-30", "12:00-17:00")])]
    )
    assert hours_lines(TITLE, before, after, 80) == [
        f"{TITLE} (2026-07-01..2026-12-31)  Mo   Tu   We   Th   Fr     week",
        f"        now{' ' * 37} 9-17 9-17 9-17 9-17 9-17   40 h",
        f"        planned{' ' * 33} 9-12 9-12 9-12 9-12 9-12   15 h",
        "      # on other dates the hours stay as they are",
    ]


def test_a_stretch_shorter_than_a_week_shows_its_own_days() -> None:
    before = shifts(y2026={"daily": "09:00-17:00"})
    around = [_from("2026-01-01..2026-03-03", "09:00-17:00"), _from("2026-03-06..2026-12-31", "09:00-17:00")]
    after = parse_shifts([{**each, "week": {"daily": "09:00-17:00"}} for each in around])
    assert hours_lines(TITLE, before, after, 80) == [
        f"{TITLE} (2026-03-04..2026-03-05)  Mo Tu We   Th     week",
        f"        now{' ' * 37} -  -  9-17 9-17   16 h",
        f"        planned{' ' * 33} -  -  -    -      0 h",
        "      # on other dates the hours stay as they are",
    ]


def test_entries_that_change_nothing_are_listed_as_they_are() -> None:
    before = shifts(y2026={"mon": "09:00-17:00"})
    after = parse_shifts(
        [{**_from(dates, ""), "week": {"mon": "09:00-17:00"}} for dates in ("2026-01", "2026-02-01..2026-12-31")]
    )
    assert [line.split(":")[0] for line in hours_lines(TITLE, before, after, 80)[1:]] == [
        "      + 2026-01",
        "      - 2026",
        "      + 2026-02-01..2026-12-31",
    ]


def test_many_stretches_are_a_line_each() -> None:
    after = parse_shifts(
        [{"dates": f"2026-{month:02}", "week": {"mon": f"{month:02}:00-17:00"}} for month in range(1, 13)]
    )
    lines = hours_lines(TITLE, shifts(y2026={"mon": "09:00-17:00"}), after, 80)
    assert lines[1:3] == ["      + 2026-01: mon 01:00-17:00 = 16 h", "      - 2026: mon 09:00-17:00 = 8 h"]
    assert len(lines) == 2 + 12


def test_hours_that_all_go_are_shown() -> None:
    assert hours_lines(TITLE, shifts(y2026={"mon": "09:00-17:00"}), (), 80) == [
        f"{TITLE} (2026)  Mo     week",
        "        now                    9-17   8 h",
        "        planned                -      0 h",
    ]


def _from(dates: str, hours: str) -> dict[str, Any]:
    return {"dates": dates, "week": {"mon-fri": hours}}


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
        nows = [number for number, line in enumerate(lines) if line.lstrip().startswith("now")]
        assert all(lines[at].replace("now    ", "planned") != lines[at + 1] for at in nows)
