"""What a plan says of a series: the dates it would have, when a change takes effect, the messages that go out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule

from provisioner.errors import ManifestError
from provisioner.kinds import BY_NAME, Address
from provisioner.plan.change import Action, Change, Outlook
from tests.providers.timetap.studio import FIELDS, YOGA, Json, Studio, written

ROUNDS, EACH = 4, 500


def test_a_new_series_shows_how_many_dates_and_the_next_five(studio: Studio) -> None:
    studio.want(yoga={})
    text = studio.text()
    assert "# 14 dates; next 2083-01-04, 2083-01-06, 2083-01-18, 2083-01-20, 2083-02-01, ..." in text
    assert studio.calls() == []
    assert studio.series() == []


def test_a_series_without_an_end_says_so(studio: Studio) -> None:
    studio.done(yoga={})
    studio.want(yoga={"dates": "2083-01-04.."})
    (told,) = [line for line in studio.text() if "no end" in line]
    assert told.startswith("# 54 dates, and more, as it has no end; next 2083-01-04,")
    studio.done()
    assert studio.one()["endDate"] is None


def test_a_change_shows_which_dates_differ_from_now(studio: Studio) -> None:
    studio.done(yoga={})
    studio.want(yoga={"days": "mon fri", "effective_from": "2083-03-01"})
    assert studio.change().outlook.lines == (
        "takes effect from 2083-03-01",
        "13 dates; next 2083-01-04, 2083-01-06, 2083-01-18, 2083-01-20, 2083-02-01, ...",
        "2 new: 2083-03-05, 2083-03-19",
        "3 no longer: 2083-03-03, 2083-03-17, 2083-03-31",
    )
    studio.done()
    assert len(studio.one()["dates"]) == 13


def test_the_dates_shown_are_those_that_it_gets(studio: Studio) -> None:
    changes: list[Json] = [
        {"every": "1 week", "effective_from": "2083-02-10"},
        {"overrides": {"2083-02-15": {"date": "2083-02-16"}, "2083-03-01": {"cancelled": True}}},
        {"overrides": {"2083-03-01": {"date": "2083-03-02"}}, "dates": "2083-01-04..2083-05-01"},
        {"days": "daily", "effective_from": "2083-03-20"},
    ]
    studio.done(yoga={})
    wanted: Json = {}
    for change in changes:
        wanted |= change
        studio.want(yoga=wanted)
        told = studio.change().outlook.lines
        before = set(studio.one()["dates"])
        studio.done()
        after = set(studio.one()["dates"])
        assert any(line.startswith(f"{len(after)} dates;") for line in told), told
        new = next((line for line in told if " new: " in line), "0 new: ")
        gone = next((line for line in told if " no longer: " in line), "0 no longer: ")
        assert new.startswith(f"{len(after - before)} new: ")
        assert gone.startswith(f"{len(before - after)} no longer: ")


def test_a_change_of_something_else_leaves_the_dates(studio: Studio) -> None:
    studio.done(yoga={})
    studio.want(yoga={"note": "new"})
    lines = studio.change().outlook.lines
    assert (lines[0], lines[-1]) == ("takes effect for the whole series, from its start", "the same dates as now")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"dates": "2083-01-05..2083-01-05"}, "it would have no date at all: correct every, days or dates"),
        (
            {"overrides": {"2083-01-05": {"note": "x"}}},
            "overrides: 2083-01-05 is no date of the series: write one of its own, such as 2083-01-04",
        ),
        (
            {"days": "daily", "every": "1 week", "dates": "2070-01-01..2099-01-01"},
            "its dates cannot be told: the vendor",
        ),
    ],
)
def test_a_pattern_that_cannot_be_is_a_mistake_at_its_place(
    studio: Studio, fields: dict[str, object], why: str
) -> None:
    studio.want(yoga=fields)
    with pytest.raises(ManifestError) as caught:
        studio.plan()
    (problem,) = caught.value.problems
    assert f" {YOGA}: {why}" in str(problem)
    at = int(str(problem).split(":")[2])
    assert written(yoga=fields)[at - 1 :].startswith('"2083-01-05": {' if "overrides" in fields else '"yoga"')


# -- against rrule


def _pattern(chance: random.Random) -> dict[str, str]:
    """A pattern of up to three years; the ends of months and of Februaries come often."""
    start = date(chance.randint(1990, 2090), chance.randint(1, 12), 1) - timedelta(chance.choice((0, 1, 2, 3, 4, 15)))
    dates = f"{start}..{start + timedelta(chance.randint(40, 1100))}"
    if chance.random() < 0.5:
        return {"every": f"{chance.randint(1, 14)} months", "dates": dates}
    days = chance.sample(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), chance.randint(1, 7))
    return {"every": f"{chance.randint(1, 5)} weeks", "days": " ".join(days), "dates": dates}


def _by_rrule(change: Change) -> list[date]:
    every, (start, end) = change.values["every"], change.values["dates"]
    first, until = (datetime(day.year, day.month, day.day) for day in (start, end))  # noqa: DTZ001 -- days have no zone
    if every.unit == "month":
        found = rrule(MONTHLY, first, interval=every.number, until=until)
    else:
        found = rrule(WEEKLY, first, interval=every.number, byweekday=change.values["days"], until=until, wkst=MO)
    return [each.date() for each in found]


def _told(days: Sequence[date], today: date) -> str:
    count = f"{len(days)} date{'' if len(days) == 1 else 's'}"
    ahead = [str(day) for day in days if day >= today]
    more = ", ..." if len(ahead) > 5 else ""
    return f"{count}; next {', '.join(ahead[:5])}{more}" if ahead else f"{count}, all of them past"


def test_the_dates_agree_with_rrule(studio: Studio) -> None:
    chance = random.Random(7)
    kind = BY_NAME["recurring_appointment"]
    leap = 0
    for number in range(ROUNDS):
        resources = [
            kind(**{**{k: v for k, v in FIELDS.items() if k != "days"}, **_pattern(chance)}) for _ in range(EACH)
        ]
        changes = [
            Change(Address("", kind.kind, (f"s{number}-{n}",)), Action.CREATE, "", values=each.wanted())
            for n, each in enumerate(resources)
        ]
        changes = [change for change in changes if _by_rrule(change)]
        found = asyncio.run(_foreseen(studio, changes))
        for change in changes:
            days = _by_rrule(change)
            leap += any((day.month, day.day) == (2, 29) for day in days)
            assert found[change.address].lines[0] == _told(days, datetime.now().date()), change.values  # noqa: DTZ005
    assert leap > 20


async def _foreseen(studio: Studio, changes: Sequence[Change]) -> dict[Address, Outlook]:
    provider = studio.provider(studio.app)
    try:
        await provider.sign_in()
        return dict(await provider.foresee(changes))
    finally:
        await provider.close()
