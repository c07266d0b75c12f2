"""One employee at two locations at once: near misses, and an oracle that looks at every minute of every day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provisioner.kinds.calendar import Dates, Interval, Week, merge
from provisioner.kinds.hours import Hours, Shift, normal
from provisioner.lint.overlap import clashes
from tests.lint.conftest import MENU, TODAY, Linted, at, person

RULE = "overlapping-hours"


def shift(dates: str, week: str) -> str:
    return f"{{dates: {dates}, week: {{{week}}}}}"


def working(downtown: str, harbour: str, more: str = "") -> str:
    places = {"downtown": downtown, "harbour": harbour}
    return f"{MENU}employees:\n  ana: {person('ana', at(places) + more)}\n"


def test_the_later_written_is_told_with_the_earlier_and_the_first_day(lint: Linted) -> None:
    text = f"""\
{MENU}employees:
  ana:
    email: ana@acme.example
    first_name: Ana
    last_name: Diaz
    at:
      harbour:
        hours: [{shift("2027-03", "wed: 16:00-18:00")}]
      downtown:
        hours: [{shift("2027", "mon-fri: 09:00-17:00")}]
"""
    (line,) = lint.lines(RULE, text)
    assert line == (
        "15:9: error: hours/ana/downtown: ana is at harbour at the same time (main.yaml:13), first on wed 2027-03-03 "
        "16:00-17:00: change one of the two [overlapping-hours]"
    )


@pytest.mark.parametrize(
    ("downtown", "harbour"),
    [
        (shift("2027", "mon: 09:00-12:00"), shift("2027", "mon: 12:00-17:00")),
        (shift("2027", "mon: [09:00-10:00, 11:00-12:00]"), shift("2027", "mon: 10:00-11:00")),
        (shift("2027", "mon-wed: 09:00-17:00"), shift("2027", "thu fri: 09:00-17:00")),
        (shift("2027-01", "daily: 09:00-17:00"), shift("2027-02", "daily: 09:00-17:00")),
        (
            shift("2027-03-01..2027-03-03", "mon fri: 09:00-17:00"),
            shift("2027-03-02..2027-03-07", "mon fri: 09:00-17:00"),
        ),
        (shift("2026-01-01..2026-11-20", "daily: 09:00-17:00"), shift("2026", "daily: 09:00-17:00")),
        (shift("2027", "sun: 20:00-24:00"), shift("2027", "mon: 00:00-04:00")),
    ],
    ids=["touching", "in the gap", "other days", "other dates", "no monday and no friday in both", "over", "midnight"],
)
def test_near_misses(lint: Linted, downtown: str, harbour: str) -> None:
    assert lint.told(RULE, working(downtown, harbour)) == []


@pytest.mark.parametrize(
    ("downtown", "harbour", "first"),
    [
        (shift("2027", "mon: 09:00-12:01"), shift("2027", "mon: 12:00-17:00"), "mon 2027-01-04 12:00-12:01"),
        (shift("2027", "mon: 09:00-17:00"), shift("2027", "mon: 10:00-11:00"), "mon 2027-01-04 10:00-11:00"),
        (
            shift("2027-01-01..2027-02-01", "mon: 09:00-17:00"),
            shift("2027-02", "mon: 09:00-17:00"),
            "mon 2027-02-01 09:00-17:00",
        ),
        (
            shift("2020-01-01..2026-11-21", "daily: 09:00-17:00"),
            shift("2026", "daily: 09:00-10:00"),
            f"sat {TODAY} 09:00-10:00",
        ),
        (shift("2027", "sun: 23:59-24:00"), shift("2027", "sun: 00:00-24:00"), "sun 2027-01-03 23:59-24:00"),
    ],
    ids=["one minute", "within", "one day", "today is the last", "the last minute"],
)
def test_near_hits(lint: Linted, downtown: str, harbour: str, first: str) -> None:
    (line,) = lint.lines(RULE, working(downtown, harbour))
    assert f", first on {first}: " in line


def test_two_entries_of_one_location_are_one_place(lint: Linted) -> None:
    twice = f"{shift('2027', 'mon: 09:00-17:00')}, {shift('2027-03', 'mon: 10:00-11:00')}"
    assert lint.told(RULE, working(twice, shift("2027", "tue: 09:00-17:00"))) == []


def test_who_cannot_be_booked_is_left_alone(lint: Linted) -> None:
    week = shift("2027", "mon: 09:00-17:00")
    assert lint.told(RULE, working(week, week, ", active: false")) == []
    assert lint.told(RULE, working(week, week, ", active: true")) == ["hours/ana/harbour"]


def test_online_one_can_be_anywhere(lint: Linted) -> None:
    week = shift("2027", "mon: 09:00-17:00")
    text = working(week, week)
    assert lint.told(RULE, text.replace("name: Harbour", "name: Harbour, virtual: true")) == []
    assert lint.told(RULE, text.replace("name: Harbour", "name: Harbour, virtual: false")) == ["hours/ana/harbour"]


def test_keys_of_two_accounts_are_two_people(lint: Linted) -> None:
    week = shift("2027", "mon: 09:00-17:00")
    accounts = "accounts: {one: {company_name: One}, two: {company_name: Two}}\n"
    parts = [
        f"---\naccount: {name}\n{MENU}employees:\n  ana: {person(name, at({place: week}))}\n"
        for name, place in (("one", "downtown"), ("two", "harbour"))
    ]
    assert lint.told(RULE, accounts + "".join(parts)) == []
    both = accounts + f"---\naccount: one\n{working(week, week)}"
    assert lint.told(RULE, both) == ["one/hours/ana/harbour"]


def test_two_people_may_work_at_once(lint: Linted) -> None:
    week = shift("2027", "mon: 09:00-17:00")
    ana, ben = person("ana", at({"downtown": week})), person("ben", at({"harbour": week}))
    assert lint.told(RULE, f"{MENU}employees:\n  ana: {ana}\n  ben: {ben}\n") == []


# -- every minute of every day

FIRST = date(2027, 3, 1)
DAYS = 16
NEVER: tuple[Interval, ...] = ()


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Seven days, most of them closed, with times that are often the same as another's."""
    time = st.sampled_from([0, 1, 540, 541, 720, 1439, 1440]) | st.integers(0, 1440)
    pair = st.tuples(time, time).filter(lambda both: both[0] != both[1]).map(lambda both: (min(both), max(both)))
    day = st.just(NEVER) | st.lists(pair, max_size=2).map(merge)
    return tuple(draw(day) for _ in range(7))


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    start = FIRST + timedelta(days=draw(st.integers(0, DAYS - 1)))
    end = min(start + timedelta(days=draw(st.integers(0, DAYS))), FIRST + timedelta(days=DAYS - 1))
    return Shift(Dates(start, end), draw(weeks()))


hours = st.lists(shifts(), max_size=3).map(lambda each: Hours(hours=normal(each)))


def minutes(each: Hours, day: date) -> set[int]:
    """Every minute at which these hours are open on a day."""
    return {
        minute
        for (start, end), week in each.hours
        if start <= day <= end
        for interval in week[day.weekday()]
        for minute in range(*interval)
    }


def at_once(written: Sequence[Hours], today: date) -> Mapping[int, tuple[date, dict[int, set[int]]]]:
    """For each that clashes with an earlier one: the first such day, and the minutes of it that it shares with each."""
    found: dict[int, tuple[date, dict[int, set[int]]]] = {}
    days = (FIRST + timedelta(days=day) for day in range(DAYS))
    for when, number in product(days, range(len(written))):
        if when < today or number in found:
            continue
        own = minutes(written[number], when)
        shared = {other: own & minutes(written[other], when) for other in range(number)}
        if any(shared.values()):
            found[number] = when, shared
    return found


def alike(start: int, *days: int) -> Hours:
    """One shift from nine to five on each of some weekdays, from a day on."""
    week = tuple(((540, 1020),) if day in days else NEVER for day in range(7))
    return Hours(hours=(Shift(Dates(FIRST + timedelta(days=start), FIRST + timedelta(days=DAYS - 1)), week),))


@settings(max_examples=150, deadline=None)
@given(st.lists(hours, min_size=2, max_size=5), st.integers(-1, DAYS))
@example([alike(0, 0), alike(0, 0), alike(0, 0)], 0)
@example([alike(8, 0), alike(0, 0), alike(3, 0)], 0)
@example([alike(3, 1), alike(8, 1), alike(0, 1), alike(0, 2)], 4)
def test_it_finds_what_looking_at_every_minute_finds(written: list[Hours], offset: int) -> None:
    today = FIRST + timedelta(days=offset)
    expected, found = at_once(written, today), clashes(written, today)
    assert found.keys() == expected.keys()
    for number, clash in found.items():
        day, shared = expected[number]
        assert clash.day == day
        assert clash.earlier in shared
        assert {*range(*clash.interval)} <= shared[clash.earlier]
        assert clash.interval[0] < clash.interval[1]
