"""Appointments in the nights in which clocks change: what the clock reads during them has to be open, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from provisioner.kinds.desired import Desired
from tests.risk.diary import ANA, PACIFIC, Diary, Entry
from tests.support import Tenant, change, declare, manifests, replaced, tell

NIGHTS = {"sat-sun": "00:00-24:00"}
HOURS = declare("hours/ana/club", hours=[{"dates": "2026-01-01..2027-12-31", "week": NIGHTS}])
CLUB = manifests(
    declare("location/club", name="Club", timezone=PACIFIC),
    declare("service/set", name="Set", duration="30 min", active=True),
    ANA,
    declare("link/ana/club/set"),
    HOURS,
)
# The clock goes back on 1 November 2026 at 02:00, and forward on 14 March 2027 at 02:00.
AUTUMN, SPRING, AGAIN = "2026-11-01", "2027-03-14", 1
ENTRIES: Mapping[str, tuple[str, int, int]] = {
    # name: local start, which reading of it, real minutes
    "into-change": (f"{AUTUMN} 01:30", 0, 60),  # 01:30 to 01:30 again
    "whole-doubled": (f"{AUTUMN} 01:00", 0, 120),  # 01:00 to 02:00
    "second-hour": (f"{AUTUMN} 01:15", AGAIN, 30),
    "out-of-second": (f"{AUTUMN} 01:30", AGAIN, 60),  # 01:30 to 02:30
    "long-night": (f"{AUTUMN} 00:30", 0, 210),  # 00:30 to 03:00
    "half-again": (f"{AUTUMN} 00:30", 0, 120),  # 00:30 to 01:30 again: its length tells it from half of that
    "before-autumn": ("2026-10-31 23:00", 0, 60),
    "after-autumn": (f"{AUTUMN} 03:00", 0, 60),
    "over-gap": (f"{SPRING} 01:30", 0, 60),  # 01:30 to 03:30
    "to-gap": (f"{SPRING} 01:00", 0, 60),  # 01:00 to 03:00
    "after-gap": (f"{SPRING} 03:00", 0, 60),
    "before-spring": ("2027-03-13 23:30", 0, 60),  # to 00:30 on the day itself
}
EVERY = {*ENTRIES}
AUTUMNS = {"into-change", "whole-doubled", "second-hour", "out-of-second", "long-night", "half-again", "after-autumn"}
SPRINGS = {"over-gap", "to-gap", "after-gap", "before-spring"}


def sundays(*intervals: str) -> Desired:
    """All of Saturday, and only so much of Sunday."""
    week = {"sat": "00:00-24:00", "sun": [*intervals]}
    return replaced(CLUB, change(HOURS, hours=[{"dates": "2026-01-01..2027-12-31", "week": week}]))


@pytest.mark.parametrize(
    ("desired", "named"),
    [
        (sundays("00:00-24:00"), set()),
        (sundays("00:00-02:00"), {"out-of-second", "long-night", "after-autumn", "over-gap", "after-gap"}),
        (sundays("00:00-01:30"), EVERY - {"before-autumn", "before-spring"}),
        (sundays("00:00-03:00"), {"after-autumn", "over-gap", "after-gap"}),
        (sundays("00:00-02:30"), {"long-night", "after-autumn", "over-gap", "after-gap"}),
        (sundays("00:00-02:00", "03:00-24:00"), {"out-of-second", "long-night"}),
        (sundays("01:00-24:00"), {"long-night", "half-again", "before-spring"}),
        (sundays("01:30-24:00"), (AUTUMNS - {"out-of-second", "after-autumn"}) | {"to-gap", "before-spring"}),
        (sundays("03:00-24:00"), (AUTUMNS - {"after-autumn"}) | (SPRINGS - {"after-gap"})),
    ],
    ids=["all day", "to two", "to half past one", "to three", "to half past two", "but the hour that is skipped",
         "from one", "from half past one", "from three"],
)  # fmt: skip
def test_hours_in_the_nights_themselves(desired: Desired, named: set[str]) -> None:
    assert told(desired) == ({"hours/ana/club": sorted(named)} if named else {})


@pytest.mark.parametrize(
    ("dates", "named"),
    [
        ("2026-10-31", {"before-autumn"}),
        (AUTUMN, AUTUMNS),
        (SPRING, SPRINGS),
        ("2027-03-13", {"before-spring"}),
    ],
)
def test_a_holiday_on_or_before_the_night(dates: str, named: set[str]) -> None:
    assert told(replaced(CLUB, declare("holiday/x", name="X", dates=dates))) == {"holiday/x": sorted(named)}


@pytest.mark.parametrize(
    ("minutes", "named"), [(60, {"second-hour"}), (75, EVERY - {"whole-doubled", "long-night", "half-again"})]
)
def test_a_longer_service_counts_real_minutes(minutes: int, named: set[str]) -> None:
    service = next(each for each in CLUB.resources.values() if each.address.kind == "service")
    longer = replaced(CLUB, change(service, duration=f"{minutes} min"))
    assert told(longer) == {"service/set": sorted(named)}


def told(desired: Desired) -> dict[str, list[str]]:
    """What each change strands of the nights' appointments."""
    found: dict[str, list[str]] = {}

    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open(CLUB, {})
        for name, (start, reading, minutes) in ENTRIES.items():
            diary.book(name, at_reading(start, reading, minutes))
        _, plan = await diary.planned(desired)
        found.update(diary.told(plan))

    tell(story)
    return found


def at_reading(start: str, reading: int, minutes: int) -> Any:
    """An entry that starts at the first or the second time that the clock reads its start."""
    local = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(PACIFIC), fold=reading)
    return Entry(local.isoformat(), minutes, where="club", what="set")
