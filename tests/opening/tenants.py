"""Random accounts in weeks in which clocks are changed, as manifests would declare them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, NamedTuple

from hypothesis import strategies as st

from provisioner.kinds.calendar import DAYS, text_time
from provisioner.kinds.desired import Declared, Desired
from provisioner.kinds.values import text_duration
from tests.support import declare, manifests

PLACES, SERVICES, PEOPLE = ("north", "south"), ("cut", "perm"), ("ana", "ben")
ZONES = ("America/Los_Angeles", "Europe/Paris", "Australia/Sydney", "Asia/Tokyo")
CHANGES = (date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25), date(2026, 11, 1))
"""Days on which a clock of one of the zones is changed."""


class Wish(NamedTuple):
    """What is wanted, and when it is looked at: always shortly before a change of clocks."""

    desired: Desired
    now: datetime


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    """An account in which something may be bookable, or only just not."""
    now = datetime.combine(draw(st.sampled_from(CHANGES)), datetime.min.time(), UTC)
    now += timedelta(minutes=draw(st.integers(-3 * 1440, 600)))
    today = now.date()
    zones = {place: draw(st.sampled_from(ZONES)) for place in PLACES}
    places = [declare(f"location/{key}", name=key.title(), timezone=zone) for key, zone in zones.items()]
    services = [declare(f"service/{key}", name=key.title(), **draw(_terms(today))) for key in SERVICES]
    people = [_person(key, active=draw(_mostly(True))) for key in PEOPLE]
    triples = product(PEOPLE, PLACES, SERVICES)
    links = [declare(f"link/{'/'.join(triple)}") for triple in triples if draw(_mostly(True))]
    hours = [
        declare(f"hours/{who}/{where}", hours=draw(_shifts(today)))
        for who, where in product(PEOPLE, PLACES)
        if draw(_mostly(True))
    ]
    away = [declare(f"away/{key}", away=draw(st.lists(_dates(today), max_size=2))) for key in PEOPLE]
    holidays = [_holiday(number, draw, today) for number in range(draw(st.integers(0, 2)))]
    options = {"prior_notice": draw(_HOURS), "after_notice": draw(_DAYS), "start_step": draw(_STEPS)}
    account = declare("account/here", parent=True, options=options)
    return Wish(manifests(account, *places, *services, *people, *links, *hours, *away, *holidays), now)


def _person(key: str, *, active: bool) -> Declared:
    return declare(f"employee/{key}", email=f"{key}@x.example", active=active, first_name=key.title(), last_name="Diaz")


def _mostly(usual: bool) -> st.SearchStrategy[bool]:
    return st.sampled_from([usual] * 4 + [not usual])


_HOURS = st.sampled_from(["0 min", "0 min", "3 h", "48 h"])
_DAYS = st.sampled_from(["0 d", "0 d", "1 d", "3 d", "30 d"])
_STEPS = st.sampled_from(["0 min", "15 min", "40 min"])


def _dates(today: date) -> st.SearchStrategy[str]:
    """A stretch of days around today."""
    starts = st.integers(-20, 12).map(lambda ahead: today + timedelta(days=ahead))
    return st.builds(lambda start, days: f"{start}..{start + timedelta(days=days)}", starts, st.integers(0, 12))


@st.composite
def _shifts(draw: st.DrawFn, today: date) -> list[dict[str, Any]]:
    """Hours at any time of the day and over midnight; the dates of entries may overlap."""
    return [{"dates": draw(_dates(today)), "week": draw(_weeks())} for _ in range(draw(st.integers(1, 2)))]


@st.composite
def _weeks(draw: st.DrawFn) -> dict[str, Any]:
    week: dict[str, Any] = {}
    for day in draw(st.sets(st.sampled_from(DAYS), min_size=1)):
        ends = sorted(draw(st.sets(st.sampled_from(range(0, 1441, 30)), min_size=2, max_size=4)))
        pairs = zip(ends[::2], ends[1::2], strict=False)
        week[day] = [f"{text_time(start)}-{text_time(end)}" for start, end in pairs]
    if draw(st.booleans()):
        week |= {"sat": "00:00-24:00", "sun": ["00:00-03:30", "04:00-24:00"]}
    return week


@st.composite
def _terms(draw: st.DrawFn, today: date) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "duration": text_duration(15 * draw(st.sampled_from([1, 3, 4, 8, 24, 100]))),
        "start_step": draw(_STEPS),
        "prior_notice": draw(_HOURS),
        "after_notice": draw(_DAYS),
        "active": draw(_mostly(True)),
        "addon": draw(_mostly(False)),
        "active_rules": draw(st.booleans()),
    }
    if draw(_mostly(False)):
        terms["bookable"] = draw(_dates(today) | st.sampled_from([f"{today}..", f"..{today}"]))
    if draw(_mostly(False)):
        terms["schedule"] = draw(_shifts(today))
    return terms


def _holiday(number: int, draw: st.DrawFn, today: date) -> Declared:
    enabled = draw(_mostly(True))
    if draw(st.booleans()):
        rule = f"{draw(st.sampled_from(['1st', '2nd', 'last']))} sunday of {today:%B}".lower()
        return declare(f"holiday/h{number}", name=f"H{number}", rule=rule, enabled=enabled)
    return declare(f"holiday/h{number}", name=f"H{number}", dates=draw(_dates(today)), enabled=enabled)
