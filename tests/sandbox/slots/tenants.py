"""Random tenants around a day on which clocks change, and random questions about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from tests.sandbox.slots.tenant import Body, Person, Tenant

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGES = {
    "US/Eastern": ("2026-03-08", "2026-11-01"),
    "US/Pacific": ("2027-03-14", "2027-11-07"),
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "Europe/Dublin": ("2027-03-28", "2027-10-31"),  # its summer time is the standard one
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),  # by half an hour
    "Pacific/Chatham": ("2026-04-05", "2026-09-27"),  # a quarter to three
    "America/Santiago": ("2026-04-04", "2026-09-06"),  # at midnight, both ways
    "Asia/Beirut": ("2026-03-29", "2026-10-24"),  # at midnight, both ways
    "America/Havana": ("2026-03-08", "2026-11-01"),  # skips the first hour of a day, or has it twice
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),  # for Ramadan
    "Asia/Kathmandu": ("2026-05-31",),  # never
    "UTC": ("2026-12-31",),
}
ZONES = st.sampled_from(sorted(CHANGES))
NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
QUARTERS = st.integers(0, 96).map(lambda quarter: quarter * 15)
MINUTES = QUARTERS | st.integers(0, 24 * 60)


class Span(NamedTuple):
    """From one minute of a day to a later one."""

    start: int
    end: int


COMMON = (
    Span(540, 1020),
    Span(540, 720),
    Span(780, 1080),
    Span(0, 1440),
    Span(0, 240),
    Span(60, 185),
    Span(1320, 1440),
)
SPANS = st.sampled_from(COMMON) | st.tuples(MINUTES, MINUTES).map(sorted).filter(lambda s: s[0] < s[1]).map(
    lambda s: Span(*s)
)


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value in four cases of five: a tenant where much is odd has nothing to offer."""
    return st.sampled_from((usual,) * 4 * len(others) + others)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def half_day(minutes: int) -> Body:
    hour, minute = divmod(minutes % 1440, 60)
    return {"hour": hour % 12 or 12, "min": minute, "am": "am" if hour < 12 else "pm"}


def dates(around: date, spread: int = 9) -> st.SearchStrategy[tuple[date, date]]:
    """Two dates in order; mostly the first is before `around` and the last after it."""
    days = st.tuples(st.integers(-spread, 1), st.integers(-1, spread)).map(sorted)
    return days.map(lambda both: (around + timedelta(both[0]), around + timedelta(both[1])))


def short(around: date) -> st.SearchStrategy[tuple[date, date]]:
    """Up to three days, near a date."""
    starts = st.integers(-3, 3).map(lambda days: around + timedelta(days))
    return st.tuples(starts, st.integers(0, 2)).map(lambda both: (both[0], both[0] + timedelta(both[1])))


@st.composite
def weeks(draw: Callable[..., Any]) -> Body:
    days = draw(mostly(NAMES, NAMES[:5], NAMES[5:], NAMES[::2], ()))
    same = draw(st.lists(SPANS, min_size=1, max_size=2))
    return {day: {"time": [[clock(each.start), clock(each.end)] for each in same]} for day in days}


@st.composite
def hours(draw: Callable[..., Any], around: date, *, away: bool) -> Body:
    repeat = draw(st.sampled_from((2, 2, 1) if away else (1, 1, 1, 2)))
    first, last = draw(short(around) if away else dates(around, 12))
    days = {} if repeat == 2 and draw(mostly(away, not away)) else draw(weeks())
    entry = {"repeat": repeat, "type": int(away), "days": days}
    entry |= {"start_date": f"{first:%m/%d/%Y}", "end_date": f"{last:%m/%d/%Y}"}
    where = draw(mostly(0, None, 1))
    return entry if where is None else entry | {"location_id": where}


@st.composite
def schedules(draw: Callable[..., Any], around: date) -> Body:
    repeat = draw(st.sampled_from((0, 1, 1, 2)))
    span, (first, last) = draw(SPANS), draw(dates(around, 2 if repeat == 0 else 12))
    start, end = (span.end, span.start) if draw(mostly(False, True)) else span
    entry = {"repeat": repeat, "start_date": f"{first:%d/%m/%Y}", "end_date": f"{last:%d/%m/%Y}"}
    entry |= {"start_time": half_day(start), "end_time": half_day(end)}
    numbers = st.integers(1, 7) if repeat == 1 else st.integers(around.day - 3, around.day + 3)
    days = draw(st.dictionaries(numbers.map(str), st.sampled_from((1, 1, 0)), min_size=1)) if repeat else {}
    return entry | {"days": days}


@st.composite
def holidays(draw: Callable[..., Any], around: date) -> Body:
    day = around + timedelta(draw(st.integers(-4, 4)))
    about: Body = {"name": "H", "enabled": draw(st.sampled_from((1, 1, 1, 0)))}
    if draw(st.booleans()):
        order = draw(st.sampled_from((min((day.day - 1) // 7, 4), 4, 0)))
        return about | {"type": 1, "month": day.month - 1, "day_in_week": day.weekday(), "day_order": order}
    start, end = datetime.combine(day, time()), datetime.combine(day, time(23, 59, 59))
    if draw(st.booleans()):
        start, end = start + timedelta(minutes=draw(MINUTES)), end + timedelta(seconds=1, minutes=draw(MINUTES))
    return about | {"type": 2, "start_date": f"{start:%Y-%m-%d %H:%M:%S}", "end_date": f"{end:%Y-%m-%d %H:%M:%S}"}


RULES = {
    "duration_padding": st.sampled_from((0, 0, 5, 15, 30)),
    "start_step": st.sampled_from((0, 0, 15, 20, 30, 45, 60, 95)),
    "prior_notice": mostly(0, 1, 24, 72),
    "after_notice": mostly(0, 1, 2, 7, 30),
}


@st.composite
def services(draw: Callable[..., Any], around: date) -> Body:
    about: Body = draw(st.fixed_dictionaries(RULES))
    about |= {"duration": draw(mostly(60, 15, 30, 45, 90, 120, 240, 1500))}
    about |= {"group_session": draw(st.sampled_from((0, 0, 1, 2, 3)))}
    about |= {"status": draw(mostly(True, True, False))}
    about |= {"active_rules": draw(mostly(1, 0))}
    if draw(mostly(False, True)):
        entries = draw(st.lists(schedules(around), max_size=2))
        about |= {"set_schedule": draw(st.sampled_from((True, True, False))), "schedule": entries}
    if draw(mostly(False, True)):
        first, last = draw(dates(around, 4))
        about |= {"active_from": first.isoformat()} if draw(st.booleans()) else {}
        about |= {"active_until": last.isoformat()} if draw(st.booleans()) else {}
        about |= {"active_interval_status": draw(st.sampled_from((True, True, False)))}
    return about


@st.composite
def people(draw: Callable[..., Any], around: date, services: int) -> Person:
    work = draw(st.lists(hours(around, away=False), min_size=1, max_size=3))
    away = [draw(hours(around, away=True))] if draw(mostly(False, True)) else []
    links = {(at, each) for at in (0, 1) for each in range(services) if draw(mostly(True, False))}
    return Person(draw(mostly(True, True, False)), (*work, *away), frozenset(links))


class Case(NamedTuple):
    """A tenant and the day around which everything happens."""

    tenant: Tenant
    around: date


@st.composite
def cases(draw: Callable[..., Any]) -> Case:
    """Two base services and an add-on, one to three people, two locations."""
    zone = draw(ZONES)
    around = date.fromisoformat(draw(st.sampled_from(CHANGES[zone])))
    before = timedelta(days=draw(mostly(3, 0, 1, 2, 5)), seconds=draw(st.integers(0, 86_400)))
    now = datetime.combine(around, time(12), UTC) - before
    addon = {"duration": draw(st.sampled_from((15, 30))), "is_subservice": True}
    offers = (draw(services(around)), draw(services(around)), addon)
    staff = draw(st.lists(people(around, len(offers)), min_size=1, max_size=3))
    closed = draw(st.lists(holidays(around), max_size=2)) if draw(mostly(False, True)) else []
    zones = zone, draw(mostly(zone, draw(ZONES)))
    tenant = Tenant(now, zones, offers, tuple(staff), tuple(closed), draw(st.fixed_dictionaries(RULES)))
    return Case(tenant, around)
