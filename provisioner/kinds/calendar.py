"""Dates, times of day and weekly hours as a manifest spells them, and their canonical spelling.

A time is minutes since midnight, 0 to 1440; a day of the week is 0 for Monday to 6 for Sunday.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from provisioner.kinds.values import refused, said

Interval = tuple[int, int]
Week = tuple[tuple[Interval, ...], ...]

MIDNIGHT = 1440
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {
    "weekday": "mon-fri",
    "weekdays": "mon-fri",
    "weekend": "sat-sun",
    "weekends": "sat-sun",
    "everyday": "daily",
}

# --- dates ------------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE_DATE = re.compile(r"(?<![0-9])([12][0-9]{3})[-/. ]?([01]?[0-9])[-/. ]?([0-3]?[0-9])(?![0-9])")
_FORMS_OF_DATES = "2026, 2026-08, 2026-08-03 or 2026-08-03..2026-08-14, for example"


class Dates(NamedTuple):
    """A stretch of days, both ends included."""

    start: date
    end: date

    def __str__(self) -> str:
        return text_dates(self)


def parse_date(x: Any) -> date:
    """A day from `YYYY-MM-DD`, in the years 1970 to 2999."""
    if isinstance(x, date) and not isinstance(x, datetime):
        return x
    text = str(x) if isinstance(x, datetime) else x
    found = _DATE.fullmatch(text) if isinstance(text, str) else None
    if found:
        return _day(text, *(int(part) for part in found.groups()))
    guess = _guessed_dates(text) if isinstance(text, str) else []
    remedy = guess[0] if len(guess) == 1 else "YYYY-MM-DD, for example 2026-08-03"
    raise refused(text, "is not a date", remedy)


def parse_dates(x: Any, open_end: str = "hours need an end date") -> Dates:
    """A stretch of days from a date, `DATE..DATE`, `YYYY-MM` or `YYYY`; `open_end` says why `DATE..` is refused."""
    if isinstance(x, Dates):
        return x
    if isinstance(x, date) and not isinstance(x, datetime):
        return Dates(x, x)
    if not isinstance(x, str):
        raise refused(x, "is no dates", _FORMS_OF_DATES)
    return _stretch(x, open_end) if ".." in x else _unit(x)


def text_dates(value: Dates) -> str:
    """The shortest spelling of a stretch of days: a year, a month, a day, or both ends."""
    start, end = value
    if (start.year, start.month, start.day) == (end.year, 1, 1) and (end.month, end.day) == (12, 31):
        return f"{start.year:04}"
    if start.replace(day=1) == start and end == _last_day(start):
        return f"{start.year:04}-{start.month:02}"
    return str(start) if start == end else f"{start}..{end}"


def _unit(text: str) -> Dates:
    """A year, a month or a day."""
    if found := re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?", text):
        return _month_or_year(text, int(found[1]), found[2])
    return _one_day(text)


def _day(text: str, year: int, month: int, day: int) -> date:
    _check_year(text, year)
    if not 1 <= month <= 12:
        raise refused(text, f"is not a date, there is no month {month:02}", f"{year}-01-{max(day, 1):02}")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        nearest = date(year, month, min(max(day, 1), last))
        raise refused(text, f"is not a date, {month_name[month]} {year} has {last} days", nearest)
    return date(year, month, day)


def _check_year(text: str, year: int) -> None:
    if not 1970 <= year <= 2999:
        raise refused(text, "is outside the years 1970 to 2999", "a year such as 2026")


def _month_or_year(text: str, year: int, month: str | None) -> Dates:
    if month is None:
        _check_year(text, year)
        return Dates(date(year, 1, 1), date(year, 12, 31))
    if not 1 <= int(month) <= 12:
        raise refused(text, "is no month", f"{year:04}-01 to {year:04}-12")
    first = _day(text, year, int(month), 1)
    return Dates(first, _last_day(first))


def _last_day(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _stretch(text: str, open_end: str) -> Dates:
    first, _, last = (part.strip(" ") for part in text.partition(".."))
    if first and not last:
        start = _unit(first).start
        raise refused(text, f"has no end, {open_end}", f"{start}..{start.year}-12-31")
    if last and not first:
        end = _unit(last).end
        raise refused(text, "has no start", f"{end.year}-01-01..{end}")
    if not (_DATE.fullmatch(first) and _DATE.fullmatch(last)):
        raise refused(text, "is no stretch of dates", _stretch_remedy(first, last))
    start, end = parse_date(first), parse_date(last)
    if end < start:
        raise refused(text, "ends before it starts", f"{end}..{start}")
    return Dates(start, end)


def _stretch_remedy(first: str, last: str) -> str:
    """The stretch meant by two ends of which one is a month, a year or loosely spelled."""
    try:
        start, end = (_unit(part) for part in (first, last))
    except ValueError:
        guesses = _guessed_dates(f"{first} .. {last}")
        return f"{guesses[0]}..{guesses[1]}" if len(guesses) == 2 else "one such as 2026-08-03..2026-08-14"
    return f"{min(start.start, end.start)}..{max(start.end, end.end)}"


def _one_day(text: str) -> Dates:
    if not _DATE.fullmatch(text):
        guesses = sorted(_guessed_dates(text))
        remedy = "..".join(str(day) for day in guesses) if 1 <= len(guesses) <= 2 else _FORMS_OF_DATES
        raise refused(text, "is no dates", remedy)
    return Dates(parse_date(text), parse_date(text))


def _guessed_dates(text: str) -> list[date]:
    """The days that a loosely spelled text names, the year first (which of 01/02 is the month is not guessed)."""
    found = []
    for year, month, day in _LOOSE_DATE.findall(text[:100]):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


# --- times of day -----------------------------------------------------------------------------------------------------

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_LOOSE_TIME = re.compile(
    r"\s*([0-9]{1,2})\s*(?:[:.h\uff1a]?\s*([0-9]{2}))?(?::[0-9]{2})?\s*h?\s*(?:([ap])\.?\s*m?\.?)?\s*", re.IGNORECASE
)
_DASHES = re.compile(r"\s*(?:[-\u2010-\u2015\u2212~]|\bto\b|\buntil\b)\s*")


def parse_time(x: Any) -> int:
    """Minutes since midnight from `H:MM` or `HH:MM`, 0:00 to 24:00."""
    if type(x) is int and 0 <= x <= MIDNIGHT:
        return x
    found = _TIME.fullmatch(x) if isinstance(x, str) else None
    if found and int(found[2]) < 60 and int(found[1]) * 60 + int(found[2]) <= MIDNIGHT:
        return int(found[1]) * 60 + int(found[2])
    if found:
        raise refused(x, "is not a time of the day", "one from 00:00 to 24:00, such as 09:00")
    guess = _guessed_time(x) if isinstance(x, str) else None
    raise refused(x, "is not a time", "one such as 09:00" if guess is None else text_time(guess))


def text_time(value: int) -> str:
    """`HH:MM` for minutes since midnight."""
    return f"{value // 60:02}:{value % 60:02}"


def _guessed_time(text: str) -> int | None:
    """The time meant by `9am`, `9`, `9.30`, `0900`; None when that is anyone's guess."""
    word = {"noon": 720, "midnight": 0}.get(text.strip().lower())
    found = _LOOSE_TIME.fullmatch(text[:40])
    if word is not None or not found:
        return word
    hours, minutes, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= MIDNIGHT else None


def parse_interval(x: Any) -> Interval:
    """A part of one day from `TIME-TIME`, its end after its start and not past 24:00."""
    ends = x if isinstance(x, tuple) and len(x) == 2 else None
    if isinstance(x, str):
        first, dash, last = x.partition("-")
        ends = (first.rstrip(" "), last.lstrip(" ")) if dash else None
        if not ends or not all(_TIME.fullmatch(end) for end in ends):
            raise refused(x, _interval_fault(x), _interval_remedy(x))
    if ends is None:
        raise refused(x, "is not an interval", "one such as 09:00-17:00")
    start, end = (parse_time(each) for each in ends)
    if end <= start:
        raise ValueError(_backwards(start, end))
    return start, end


def text_interval(value: Interval) -> str:
    """`HH:MM-HH:MM` for an interval."""
    return f"{text_time(value[0])}-{text_time(value[1])}"


def _backwards(start: int, end: int) -> str:
    """The error for an interval that does not end after it starts: empty, up to midnight, or over it."""
    shown = f"'{text_interval((start, end))}'"
    if end == 0:
        return f"{shown} ends at the day's start: write {text_interval((start if start < MIDNIGHT else 0, MIDNIGHT))}"
    if start == end:
        later = (start, start + 60) if start <= MIDNIGHT - 60 else (start - 60, start)
        return f"{shown} is empty: write a later end, for example {text_interval(later)}"
    today = f"{text_interval((start, MIDNIGHT))} and, on the next day," if start < MIDNIGHT else "on the next day"
    return f"{shown} goes over midnight, split it at 24:00: write {today} {text_interval((0, end))}"


def _interval_fault(text: str) -> str:
    return "has a dash that is no plain -" if re.search(r"[\u2010-\u2015\u2212]", text) else "is not an interval"


def _interval_remedy(text: str) -> str:
    """What was meant by `9-17`, `9am - 5pm`, `Closed`, several intervals in one text; else an example."""
    several = [part.strip() for part in text[:200].split(",")]
    if len(several) > 1 and all(re.fullmatch(f"{_TIME.pattern} *- *{_TIME.pattern}", part) for part in several):
        return f"a list: [{', '.join(several)}]"
    if text.strip().lower() == "closed":
        return "closed, where a whole day is meant"
    ends = [_guessed_time(part) for part in _DASHES.split(text[:80].strip())]
    return _likely_interval(*ends, meridiem=bool(re.search(r"[ap]\.?m", text, re.IGNORECASE))) or (
        "one such as 09:00-17:00"
    )


def _likely_interval(*ends: int | None, meridiem: bool) -> str | None:
    """The interval between two guessed times; without am or pm, `9-5` ends in the afternoon."""
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    start, end = ends[0], ends[1]
    if end == 0:
        end = MIDNIGHT
    elif end <= start < 720 and not meridiem:
        end += 720
    return text_interval((start, end)) if start < end else None


# --- intervals of a day -----------------------------------------------------------------------------------------------


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Intervals sorted, with those that touch or overlap made one."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def parse_intervals(x: Any) -> tuple[Interval, ...]:
    """The open hours of one day from an interval, a list of them or `closed`; touching ones merge."""
    if x == "closed":
        return ()
    if not isinstance(x, (str, list, tuple)):
        raise refused(x, "is no hours", "09:00-17:00, a list of such, or closed")
    each = x if isinstance(x, (list, tuple)) and not _is_interval(x) else [x]
    intervals = sorted(_listed_interval(item) for item in each)
    for one, other in pairwise(intervals):
        if other[0] < one[1]:
            both = text_interval((one[0], max(one[1], other[1])))
            raise ValueError(f"{text_interval(one)} and {text_interval(other)} overlap: write {both}, or part them")
    return merge(intervals)


def _is_interval(x: Sequence[Any]) -> bool:
    return isinstance(x, tuple) and len(x) == 2 and all(isinstance(end, int) for end in x)


def _listed_interval(x: Any) -> Interval:
    if x == "closed":
        raise ValueError("'closed' stands among intervals: write closed alone, or the intervals alone")
    return parse_interval(x)


def text_intervals(intervals: Iterable[Interval]) -> str | list[str]:
    """The manifest's spelling of a day's hours: `closed`, one interval, or a list of them."""
    texts = [text_interval(interval) for interval in merge(intervals)]
    if not texts:
        return "closed"
    return texts[0] if len(texts) == 1 else texts


# --- days of the week -------------------------------------------------------------------------------------------------


def parse_days(x: Any) -> tuple[int, ...]:
    """Days of the week in order, from `mon`, `mon-fri`, `sat-mon` (over the weekend), `mon wed` or `daily`."""
    if isinstance(x, tuple) and all(type(day) is int and 0 <= day < 7 for day in x):
        return x
    parts = re.split(r"[ ,]+", re.sub(r" *- *", "-", x.strip(" "))) if isinstance(x, str) else []
    if not any(parts):
        raise refused(x, "names no days", "mon, mon-fri, mon wed or daily")
    days = [day for part in parts if part for day in _day_range(part)]
    for day in days:
        if days.count(day) > 1:
            raise refused(x, f"names {DAYS[day]} twice", text_days(days))
    return tuple(sorted(days))


def text_days(days: Iterable[int]) -> str:
    """The manifest's spelling of days, neighbours as a range: `mon-fri`, `mon wed`, `daily`."""
    ordered = sorted(set(days))
    if len(ordered) == 7:
        return "daily"
    runs = groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])
    return " ".join(_run_text([day for _, day in run]) for _, run in runs)


def _run_text(run: Sequence[int]) -> str:
    return DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}"


def _day_range(text: str) -> tuple[int, ...]:
    if text == "daily":
        return tuple(range(7))
    first, dash, last = text.partition("-")
    if dash and not (first and last):
        raise refused(text, "is no range of days", "one such as mon-fri")
    start = _day_number(first)
    if not dash:
        return (start,)
    end = _day_number(last)
    if start == end:
        raise refused(text, "starts and ends on one day", f"{first}, or daily for the whole week")
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


def _day_number(name: str) -> int:
    if name in DAYS:
        return DAYS.index(name)
    loose = name.lower()
    near = [day for day in DAYS if loose.startswith(day) or (len(loose) == 2 and day.startswith(loose))]
    near = [_GROUPS[loose]] if loose in _GROUPS else near or get_close_matches(loose, DAYS, n=1, cutoff=0.5)
    raise refused(name, "is not a day", near[0] if near else "one of " + ", ".join(DAYS))


# --- weeks ------------------------------------------------------------------------------------------------------------


def parse_week(x: Any) -> Week:
    """The open hours of seven days from a mapping of days to hours; a day that no key names is closed."""
    if isinstance(x, tuple) and len(x) == 7:
        return tuple(merge(day) for day in x)
    if not isinstance(x, Mapping):
        raise refused(x, "is not a week", "{mon-fri: 09:00-17:00, sat: closed}")
    named: dict[int, str] = {}
    week: list[tuple[Interval, ...]] = [()] * 7
    for key, hours in x.items():
        for day in parse_days(key):
            if day in named:
                both = f"{said(named[day])} and by {said(key)}"
                raise ValueError(f"{DAYS[day]} is named by {both}: write it in one of them")
            named[day] = key
            week[day] = _hours_of(key, hours)
    return tuple(week)


def text_week(week: Week) -> dict[str, str | list[str]]:
    """The manifest's spelling of a week: neighbouring days with the same hours under one key, closed days left out."""
    spelled: dict[str, str | list[str]] = {}
    for hours, run in groupby(range(7), key=lambda day: merge(week[day])):
        if hours:
            spelled[text_days(run)] = text_intervals(hours)
    return spelled


def week_minutes(week: Week) -> int:
    """How many minutes a week is open."""
    return sum(end - start for day in week for start, end in merge(day))


def _hours_of(key: str, hours: Any) -> tuple[Interval, ...]:
    try:
        return parse_intervals(hours)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None
