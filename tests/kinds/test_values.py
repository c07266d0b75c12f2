"""Round trips of every scalar type, durations and limits as values, weeks, zones, and safe printing."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from provisioner.kinds import calendar, values, zones
from provisioner.kinds.values import Duration, Limit

DATES = st.dates(date(1970, 1, 1), date(2999, 12, 31))
TIMES = st.integers(0, 1440)
INTERVALS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda ends: (min(ends), max(ends[0] + 1, ends[1]))
)
HOURS = st.lists(INTERVALS, max_size=4).map(calendar.merge)
WEEKS = st.lists(HOURS, min_size=7, max_size=7).map(tuple)
MONEY = st.decimals(0, Decimal(999_999_999_999), places=4, allow_nan=False)
PERCENTS = st.decimals(0, 100, places=2) | st.integers(0, 100)
REPEATED = st.builds(lambda text: text * 3000, st.text("0123456789 :.-,%$aphmind/_@<>[]", min_size=1, max_size=4))
ANYTHING = (
    REPEATED
    | st.text()
    | st.text(alphabet="0123456789 :.-,%$aphmind/_@<>[]")
    | st.none()
    | st.integers()
    | st.just([""])
)
PARSERS = [
    values.parse_bool, values.parse_int, values.parse_money, values.parse_duration, values.parse_email,
    values.parse_url, values.parse_key, values.parse_limit, values.parse_text, calendar.parse_date,
    calendar.parse_dates, calendar.parse_time, calendar.parse_interval, calendar.parse_intervals,
    calendar.parse_days, calendar.parse_week, zones.parse_zone,
]  # fmt: skip


# --- round trips ---


@given(st.booleans())
def test_a_boolean_survives(value: bool) -> None:
    assert values.parse_bool(values.text_bool(value)) is value


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_whole_number_survives(value: int) -> None:
    assert values.parse_int(values.text_int(value)) == value


@given(MONEY)
@example(Decimal("1E+5"))
@example(Decimal("-0"))
def test_an_amount_survives_without_an_exponent(value: Decimal) -> None:
    text = values.text_money(value)
    assert values.parse_money(text) == value
    assert values.parse_money(value) == value
    assert "E" not in text


@given(st.integers(0, 10**6))
def test_a_duration_survives(minutes: int) -> None:
    assert values.parse_duration(values.text_duration(minutes)) == minutes


@given(st.integers(0, 10**9) | st.none(), PERCENTS | st.none())
def test_a_limit_survives(count: int | None, percent: Decimal | int | None) -> None:
    if count is not None or percent is not None:
        limit = Limit(count, percent)
        assert values.parse_limit(values.text_limit(limit)) == limit


@given(st.text())
def test_text_survives_or_is_refused(text: str) -> None:
    has_control = any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text)
    if not has_control:
        assert values.parse_text(text) == text
    else:
        with pytest.raises(ValueError, match="control character"):
            values.parse_text(text)


def test_every_character_is_text_or_a_control_character() -> None:
    """All of Unicode, as it may be written in a text of any length."""
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    odd = [char for char in every if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"]
    plain = "".join(sorted(set(every) - set(odd)))
    assert values.parse_text(plain) is plain
    for char in odd:
        with pytest.raises(
            ValueError, match=rf"has the control character U\+{ord(char):04X} as character 3: remove it$"
        ):
            values.parse_text(f"a\n{char}b{char}")


@given(DATES)
def test_a_date_survives(day: date) -> None:
    assert calendar.parse_date(str(day)) == day


@given(DATES, st.integers(0, 800))
def test_dates_survive(start: date, days: int) -> None:
    dates = calendar.Dates(start, min(start + timedelta(days), date(2999, 12, 31)))
    assert calendar.parse_dates(calendar.text_dates(dates)) == dates
    assert calendar.parse_dates(dates) is dates


@given(st.integers(1970, 2999), st.integers(1, 12))
def test_a_month_and_a_year_are_printed_as_such(year: int, month: int) -> None:
    for text in (f"{year}", f"{year}-{month:02}"):
        assert str(calendar.parse_dates(text)) == text


@given(TIMES)
def test_a_time_survives(minutes: int) -> None:
    assert calendar.parse_time(calendar.text_time(minutes)) == minutes


@given(HOURS)
def test_the_hours_of_a_day_survive(hours: tuple[calendar.Interval, ...]) -> None:
    assert calendar.parse_intervals(calendar.text_intervals(hours)) == hours


@given(st.sets(st.integers(0, 6), min_size=1))
def test_days_survive(days: set[int]) -> None:
    assert calendar.parse_days(calendar.text_days(days)) == tuple(sorted(days))


@given(WEEKS)
def test_a_week_survives(week: calendar.Week) -> None:
    assert calendar.parse_week(calendar.text_week(week)) == week
    assert calendar.parse_week(week) == week
    assert calendar.week_minutes(week) == sum(end - start for day in week for start, end in day)


@given(st.text())
def test_a_slug_is_empty_or_a_key(text: str) -> None:
    slug = values.slug(text)
    assert slug in ("", "all") or values.parse_key(slug) == slug
    assert values.slug(slug) == slug


def refusal(parse: Any, raw: Any) -> str:
    """The message of a parser that refuses, nothing when it accepts; any other error is the test's failure."""
    try:
        parse(raw)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(raw=ANYTHING)
@example(raw="9" * 5000)
@example(raw="1e999999999")
@example(raw="\x1b[2J\u202e")
@example(raw="a." * 2000)
@example(raw="2026-01-01.." * 2000)
@example(raw="٣٠")
def test_whatever_is_refused_is_refused_with_one_printable_line(parse: Any, raw: Any) -> None:
    error = refusal(parse, raw)
    assert error == "" or error.isprintable()
    assert len(error) < 400


# --- durations and limits as values ---


def test_a_duration_is_a_number_that_prints_as_the_manifest_spells_it() -> None:
    duration = Duration(90)
    assert (str(duration), repr(duration), f"{duration}") == ("1 h 30 min",) * 3
    assert json.dumps(duration) == "90"
    assert duration == 90
    assert copy.deepcopy(duration) == pickle.loads(pickle.dumps(duration)) == duration
    assert type(pickle.loads(pickle.dumps(duration))) is Duration


@pytest.mark.parametrize(
    ("minutes", "multiple", "message"),
    [
        (50, 15, "50 min is not a multiple of 15 min: write 45 min or 1 h"),
        (10, 15, "10 min is not a multiple of 15 min: write 15 min"),
        (90, 60, "1 h 30 min is not whole hours: write 1 h or 2 h"),
        (1500, 1440, "1 d 1 h is not whole days: write 1 d or 2 d"),
    ],
)
def test_a_duration_that_the_vendor_cannot_hold_is_refused_with_its_neighbours(
    minutes: int, multiple: int, message: str
) -> None:
    with pytest.raises(ValueError, match="is not") as caught:
        values.check_multiple(Duration(minutes), multiple)
    assert str(caught.value) == message


def test_a_duration_that_fits_passes() -> None:
    assert values.check_multiple(Duration(45), 15) == 45
    assert values.check_multiple(Duration(0), 15) == 0


def test_a_negative_duration_from_outside_can_be_printed_but_not_parsed() -> None:
    assert str(Duration(-90)) == "-1 h 30 min"
    with pytest.raises(ValueError, match="is negative"):
        values.parse_duration(Duration(-90))


@pytest.mark.parametrize(
    ("limit", "n", "total", "allowed"),
    [
        (Limit(10), 10, 11, True),
        (Limit(10), 11, 1000, False),
        (Limit(percent=30), 30, 100, True),
        (Limit(percent=30), 31, 100, False),
        (Limit(percent=Decimal("12.5")), 1, 8, True),
        (Limit(10, 30), 10, 30, False),
        (Limit(10, 30), 9, 30, True),
        (Limit(10, 30), 11, 100, False),
        (Limit(0), 0, 0, True),
        (Limit(percent=0), 1, 100, False),
    ],
)
def test_the_stricter_part_of_a_limit_wins(limit: Limit, n: int, total: int, allowed: bool) -> None:
    assert limit.allows(n, total) is allowed


def test_a_limit_says_something() -> None:
    assert (str(Limit(10, 30)), str(Limit(percent=30))) == ("[10, 30%]", "30%")
    with pytest.raises(ValueError, match="needs a number or a percentage"):
        Limit()


def test_an_amount_of_another_making_is_held_to_the_same_rules() -> None:
    assert values.parse_money(30) == Decimal(30)
    for bad in (Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal("1E+500000"), Decimal("0.00001"), 1.5, True):
        with pytest.raises(ValueError, match="write"):
            values.parse_money(bad)


def test_a_password_in_a_url_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="carries a user name") as caught:
        values.parse_url("https://ana:s3cret@example.com/")
    assert "s3cret" not in str(caught.value)


# --- weeks and dates ---


def test_hours_from_outside_that_overlap_are_merged_and_not_an_error() -> None:
    messy = (((600, 720), (540, 660)), (), (), (), (), (), ())
    assert calendar.parse_week(messy)[0] == ((540, 720),)
    assert calendar.text_week(messy) == {"mon": "09:00-12:00"}
    assert calendar.week_minutes(messy) == 180


def test_neighbouring_days_with_the_same_hours_share_a_key() -> None:
    week = calendar.parse_week({"mon tue": "9:00-17:00", "wed": "9:00-12:00", "thu-sun": "9:00-17:00"})
    assert calendar.text_week(week) == {"mon-tue": "09:00-17:00", "wed": "09:00-12:00", "thu-sun": "09:00-17:00"}


def test_an_open_end_is_refused_for_the_reason_that_the_caller_gives() -> None:
    with pytest.raises(ValueError, match="has no end, time off needs an end date: write"):
        calendar.parse_dates("2026-08-03..", open_end="time off needs an end date")


# --- zones ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("US/Pacific", "America/Los_Angeles"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("UTC", "Etc/UTC"),
        ("Nowhere/Else", "Nowhere/Else"),
    ],
)
def test_two_names_of_one_zone_are_the_same(one: str, other: str) -> None:
    assert zones.same_zone(one, other)
    assert zones.same_zone(other, one)


def test_different_and_unknown_zones_are_not_the_same() -> None:
    assert not zones.same_zone("America/New_York", "America/Los_Angeles")
    assert not zones.same_zone("Nowhere/Else", "America/Los_Angeles")
    assert not zones.same_zone("America/Los_Angeles", "Nowhere/Else")


def test_the_canonical_name_is_at_the_end_of_the_links_and_an_unknown_one_is_a_key_error() -> None:
    assert zones.canonical("US/Pacific") == "America/Los_Angeles"
    assert zones.canonical("Asia/Calcutta") == "Asia/Kolkata"
    with pytest.raises(KeyError):
        zones.canonical("Nowhere/Else")


@given(st.text())
def test_the_nearest_zones_exist_and_are_no_more_than_three(text: str) -> None:
    found = zones.nearest(text)
    assert len(found) <= 3
    assert all(zones.parse_zone(name) == name for name in found)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Los Angeles, CA", "America/Los_Angeles"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("central european time", "Europe/Berlin"),
        ("CST", "America/Chicago"),
        ("Amsterdm", "Europe/Amsterdam"),
        ("indianapolis", "America/Indiana/Indianapolis"),
        ("posix/Europe/Oslo", "Europe/Oslo"),
        ("India", "Asia/Kolkata"),
    ],
)
def test_the_likeliest_zone_comes_first(said: str, meant: str) -> None:
    assert zones.nearest(said)[0] == meant


def test_every_colloquial_zone_exists() -> None:
    assert all(zones.parse_zone(name) == name for name in zones._COLLOQUIAL)


def test_the_zone_data_is_read_on_first_use_and_not_on_import() -> None:
    code = "from provisioner.kinds import zones; raise SystemExit(zones._links.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- printing ---

HOSTILE = "\x00\x07\x08\x1b\x7f\x85\x9b\xa0\xad\U000e0041\u061c"
HOSTILE += "\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202d\u202e\u2066\u2069\ufeff"


def is_safe(shown: str) -> bool:
    return all(char == " " or unicodedata.category(char)[0] not in "CZ" for char in shown)


@given(st.text() | st.text(alphabet=HOSTILE + "a\"\\'\n\t\r"))
@example(HOSTILE)
@example("\x1b]0;title\x07\x1b[31mred\x1b[0m")
@example("invoice\u202egnp.exe")
@example("\ud800")
def test_nothing_that_a_terminal_acts_on_survives_printing(text: str) -> None:
    assert is_safe(values.quote(text))
    assert is_safe(values.plain(text))
    assert is_safe(values.said(text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200) | st.text(alphabet=HOSTILE + '"\\\n\t\r'))
def test_a_quoted_text_is_json_for_the_text(text: str) -> None:
    assert json.loads(values.quote(text)) == text


def test_ordinary_text_is_printed_as_it_is() -> None:
    for text in ("Liv Ås", "山田 太郎", "Ana's café", "😀"):
        assert values.plain(text) == text
        assert values.quote(text) == f'"{text}"'


def test_escapes_are_readable() -> None:
    assert values.quote('a"b\\c\n\x1b') == '"a\\"b\\\\c\\n\\u001b"'
    assert values.plain('a"b\n\u202e') == 'a"b\\n\\u202e'


def test_long_text_is_cut_and_its_length_told() -> None:
    assert values.quote("x" * 512) == '"' + "x" * 200 + '"... (512 characters)'
    assert values.plain("x" * 512, limit=3) == "xxx... (512 characters)"
    assert values.quote("x" * 200) == '"' + "x" * 200 + '"'


def test_what_is_no_text_is_named_by_its_shape() -> None:
    named = [values.said(each) for each in (None, True, 5, [1], (1,), {"a": 1}, "x")]
    assert named == ["null", "true", "5", "a list", "a list", "a mapping", "'x'"]
