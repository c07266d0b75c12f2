"""The parts of the engine by themselves, mostly against what the standard library counts out."""

from __future__ import annotations

from calendar import Calendar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from provisioner.sandbox.slots.agenda import Taken, Terms
from provisioner.sandbox.slots.clock import DAY, EPOCH, clock
from provisioner.sandbox.slots.rules import Yearly
from provisioner.sandbox.slots.spans import Span, common, cut, merge
from provisioner.sandbox.slots.starts import free
from tests.sandbox.slots.tenants import CHANGES, ZONES

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def seconds(spans: list[Span]) -> set[int]:
    return {second for start, end in spans for second in range(start, end)}


@given(SPANS, SPANS)
def test_spans_are_sets(some: list[Span], others: list[Span]) -> None:
    left, right = merge(some), merge(others)
    assert seconds(left) == seconds(some)
    assert seconds(cut(left, right)) == seconds(some) - seconds(others)
    assert seconds(common(left, right)) == seconds(some) & seconds(others)
    for spans in (left, cut(left, right), common(left, right)):
        flat = [edge for span in spans for edge in span]
        assert flat == sorted(flat)
        assert all(start < end for start, end in spans)
    assert len({edge for span in left for edge in span}) == 2 * len(left)  # nothing touches


@given(st.integers(1990, 2200), st.integers(1, 12), st.integers(0, 6), st.integers(0, 4))
def test_a_weekday_of_a_month(year: int, month: int, weekday: int, order: int) -> None:
    weeks = Calendar().monthdatescalendar(year, month)
    days = [week[weekday] for week in weeks if week[weekday].month == month]
    expected = days[-1] if order == 4 else days[order]
    assert Yearly(month, weekday, order).day(year) == expected.toordinal() - EPOCH


@given(ZONES, st.data())
def test_a_clock_reads_what_the_zone_says(name: str, data: st.DataObject) -> None:
    change = date.fromisoformat(data.draw(st.sampled_from(CHANGES[name]))).toordinal() - EPOCH
    instants = sorted(data.draw(st.lists(st.integers((change - 2) * DAY, (change + 3) * DAY), min_size=1)))
    wall = clock(name, instants[0], instants[-1] + 1)
    local = [datetime.fromtimestamp(each, UTC).astimezone(ZoneInfo(name)) for each in instants]
    read = [int(each.replace(tzinfo=UTC).timestamp()) for each in local]
    assert [wall.reading(each) for each in instants] == read
    named = [pair for pair, each in zip(zip(instants, read, strict=True), local, strict=True) if not each.fold]
    assert list(wall.readings(instants)) == named
    assert all(wall.instant(reading) == instant for instant, reading in named)
    assert all(
        wall.instants([(reading, reading + 1)])[0][0] <= instant
        for instant, reading in zip(instants, read, strict=True)
    )


def test_what_starts_together_shares_nothing_unless_it_is_of_one_session() -> None:
    terms = Terms(60, 0, 60, 0, None, seats=2, first_day=0, last_day=1, schedule=None)
    starts, other = [range(0, 240, 60)], Taken(60, 90, 0, session=False)
    assert free(starts, [Taken(60, 120, 0, session=True)], terms) == {0: 2, 60: 1, 120: 2, 180: 2}
    assert free(starts, [Taken(60, 120, 0, session=True), other], terms) == {0: 2, 120: 2, 180: 2}
