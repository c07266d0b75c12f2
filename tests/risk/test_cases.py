"""Changes against one diary: exactly the appointments that a change strands are named, under the change that does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from provisioner.kinds.desired import Declared, Desired, Removal
from tests.risk.diary import (
    AWAY,
    BEN,
    BENS,
    COLOUR,
    DOWNTOWN,
    HAIRCUT,
    HOURS,
    NEW_YEAR,
    SALON,
    UP,
    UPTOWN,
    WEEK,
    YOGA,
    Diary,
)  # fmt: skip
from tests.support import HERE, Tenant, at, change, declare, replaced, tell, without

YEARS = "2026-01-01..2027-12-31"
HIS = {"tue-ben", "sat-ben", "xmas-ben"}
SATURDAYS = {"sat-1", "sat-2", "sat-3", "sat-dst", "sat-after-dst", "spring"}
CLASS = {"class-1", "class-2"}
UPTOWNS = {"sun-up", "sun-dst"}
HERS = {
    "soon",
    "tue",
    "tue-next",
    "tue-late",
    "tue-long",
    "wed-short",
    "sat-off",
    "xmas",
    "on-leave",
    "far",
    *SATURDAYS,
}
Named = Mapping[str, set[str]]


class Case(NamedTuple):
    """What is wanted instead of the salon, and what each change of it strands."""

    name: str
    desired: Desired
    named: Named = MappingProxyType({})


def shifts(week: Mapping[str, Any], dates: str = YEARS) -> list[dict[str, Any]]:
    return [{"dates": dates, "week": week}]


def hers(week: Mapping[str, Any], dates: str = YEARS) -> Desired:
    return replaced(SALON, change(HOURS, hours=shifts(week, dates)))


def with_(*declared: Declared) -> Desired:
    return replaced(SALON, *declared)


def removed(address: str, how: Any, *gone: str) -> Desired:
    left = without(SALON, address, *gone)
    return Desired(left.resources, left.whole, {at(address): Removal(how, HERE)}, left.accounts)


ANAS = ("hours/ana/downtown", "hours/ana/uptown", "away/ana", "link/ana/downtown/haircut", "link/ana/downtown/yoga",
        "link/ana/uptown/haircut")  # fmt: skip
CASES = [
    # nothing that could strand
    Case("nothing changes", SALON),
    Case("a price", with_(change(HAIRCUT, price="40"))),
    Case("a phone number", with_(change(DOWNTOWN, phone="123"))),
    Case("longer hours", hers({"mon-fri": "08:00-18:00", "sat": "09:00-13:00"})),
    Case("the same hours in two shifts", with_(change(HOURS, hours=[
        {"dates": "2026-01-01..2026-10-31", "week": WEEK}, {"dates": "2026-11-01..2027-12-31", "week": WEEK}]))),
    Case("a shorter service", with_(change(HAIRCUT, duration="30 min"))),
    Case("less notice", with_(change(HAIRCUT, prior_notice="1 h"))),
    Case("a farther horizon", with_(change(HAIRCUT, after_notice="400 d"))),
    Case("fewer days off", with_(change(AWAY, away=["2026-12-22"]))),
    Case("a holiday less", without(SALON, "holiday/new-year")),
    Case("another employee more", with_(declare("employee/zoe", email="z@x.example", first_name="Z", last_name="Z"))),
    # hours
    Case("no more Saturdays", hers({"mon-fri": "09:00-17:00"}), {"hours/ana/downtown": SATURDAYS}),
    Case("Saturdays end at noon", hers(WEEK | {"sat": "09:00-12:00"}),
         {"hours/ana/downtown": {"sat-2", "sat-dst", "sat-after-dst", "spring"}}),
    Case("Saturdays begin at ten", hers(WEEK | {"sat": "10:00-13:00"}), {"hours/ana/downtown": {"sat-1"}}),
    Case("a lunch break", hers(WEEK | {"mon-fri": ["09:00-13:30", "14:00-17:00"]}),
         {"hours/ana/downtown": {"tue-long"}}),
    Case("evenings end at half past four", hers(WEEK | {"mon-fri": "09:00-16:30"}),
         {"hours/ana/downtown": {"tue-late"}}),
    Case("hours end exactly where an appointment ends", hers(WEEK | {"mon-fri": "09:00-17:00", "sat": "09:30-13:00"})),
    Case("hours end with the summer time", hers(WEEK, "2026-01-01..2026-10-31"),
         {"hours/ana/downtown": {"sat-after-dst", "xmas", "spring", "far"}}),
    Case("hours end with October's last Saturday left out", hers(WEEK, "2026-01-01..2026-10-30"),
         {"hours/ana/downtown": {"sat-dst", "sat-after-dst", "xmas", "spring", "far"}}),
    Case("hours begin later", hers(WEEK, "2026-10-08..2027-12-31"),
         {"hours/ana/downtown": {"soon", "tue", "tue-next", "tue-late", "tue-long", "wed-short", "sat-1", *CLASS}}),
    Case("Sundays uptown end at one", with_(change(UP, hours=shifts({"sun": "10:00-13:00"}))),
         {"hours/ana/uptown": {"sun-dst"}}),
    Case("no hours at all", with_(change(BENS, hours=[])), {"hours/ben/downtown": HIS}),
    Case("hours leave the manifests", without(SALON, "hours/ben/downtown"), {"hours/ben/downtown": HIS}),
    Case("hours move to Sundays", hers({"sun": "09:00-17:00"}),
         {"hours/ana/downtown": {*HERS, *CLASS} - {"sat-off", "on-leave"}}),
    # time off and holidays
    Case("three days off", with_(change(AWAY, away=["2026-09-29..2026-10-01", "2026-12-21..2026-12-23"])),
         {"away/ana": {"tue", "tue-next", "tue-late", "tue-long", "wed-short"}}),
    Case("a Saturday off", with_(change(AWAY, away=["2026-10-03", "2026-12-21..2026-12-23"])), {"away/ana": {"sat-1"}}),
    Case("the day after the clock goes back off", with_(change(AWAY, away=["2026-11-01", "2026-12-21..2026-12-23"])),
         {"away/ana": {"sun-dst"}}),
    Case("the first time off", with_(declare("away/ben", away=["2026-10-01..2026-10-31"])), {"away/ben": {"sat-ben"}}),
    Case("a longer leave", with_(change(AWAY, away=["2026-12-21..2026-12-24"])), {"away/ana": {"xmas"}}),
    Case("a new holiday", with_(declare("holiday/xmas", name="Christmas Eve", dates="2026-12-24")),
         {"holiday/xmas": {"xmas", "xmas-ben"}}),
    Case("a holiday on a leave", with_(declare("holiday/x", name="X", dates="2026-12-22"))),
    Case("a holiday by rule", with_(declare("holiday/rule", name="R", rule="1st saturday of october")),
         {"holiday/rule": {"sat-1", "sat-ben"}}),
    Case("a holiday that is switched off", with_(declare("holiday/x", name="X", dates="2026-12-24", enabled=False))),
    Case("a holiday that moves", with_(change(NEW_YEAR, dates="2026-12-24")),
         {"holiday/new-year": {"xmas", "xmas-ben"}}),
    Case("a holiday over the change of the clock",
         with_(declare("holiday/x", name="X", dates="2026-10-31..2026-11-01")),
         {"holiday/x": {"sat-dst", "sun-dst"}}),
    # services
    Case("a longer service", with_(change(HAIRCUT, duration="75 min")),
         {"service/haircut": (HERS | UPTOWNS | HIS) - {"wed-short"}}),
    Case("a service a quarter longer than it takes with its add-on", with_(change(COLOUR, duration="45 min")),
         {"service/colour": {"tue-long"}}),
    Case("more notice", with_(change(HAIRCUT, prior_notice="49 h")),
         {"service/haircut": {"tue", "tue-next", "tue-late", "tue-long", "tue-ben"}}),
    Case("more notice by an hour", with_(change(HAIRCUT, prior_notice="50 h")),
         {"service/haircut": {"tue", "tue-next", "tue-late", "tue-long", "tue-ben", "wed-short"}}),
    Case("a nearer horizon", with_(change(HAIRCUT, after_notice="80 d")),
         {"service/haircut": {"xmas", "xmas-ben", "on-leave", "spring"}}),
    Case("a pause", with_(change(HAIRCUT, duration_padding="15 min")), {"service/haircut": {"tue", "tue-next"}}),
    Case("a service until October", with_(change(HAIRCUT, bookable="..2026-10-31")),
         {"service/haircut": {"sat-after-dst", "sun-dst", "xmas", "xmas-ben", "spring", "far"}}),
    Case("a class until the day before", with_(change(YOGA, bookable="..2026-10-06")), {"service/yoga": CLASS}),
    Case("a class at set times that are its own", with_(change(YOGA, schedule=shifts({"wed": "15:00-16:00"})))),
    Case("a class at set times on another day", with_(change(YOGA, schedule=shifts({"thu": "15:00-16:00"}))),
         {"service/yoga": CLASS}),
    Case("an inactive service", with_(change(YOGA, active=False)), {"service/yoga": CLASS}),
    Case("an inactive add-on", with_(change(COLOUR, active=False)), {"service/colour": {"tue-long"}}),
    Case("a service that becomes an add-on", with_(change(YOGA, addon=True)), {"service/yoga": CLASS}),
    Case("a service is deleted", without(SALON, "service/yoga", "link/ana/downtown/yoga"), {"service/yoga": CLASS}),
    Case("an add-on is deleted", without(SALON, "service/colour"), {"service/colour": {"tue-long"}}),
    Case("a service is removed by deactivation", removed("service/yoga", "deactivate", "link/ana/downtown/yoga"),
         {"service/yoga": CLASS}),
    # people
    Case("an employee is deactivated", with_(change(BEN, active=False)), {"employee/ben": HIS}),
    Case("an employee is deleted", without(SALON, "employee/ben", "hours/ben/downtown", "link/ben/downtown/haircut"),
         {"employee/ben": HIS}),
    Case("an employee who works at two locations is deleted", without(SALON, "employee/ana", *ANAS),
         {"employee/ana": HERS | UPTOWNS | CLASS}),
    Case("an employee is forgotten",
         removed("employee/ben", "forget", "hours/ben/downtown", "link/ben/downtown/haircut")),
    # links
    Case("a link less", without(SALON, "link/ana/downtown/yoga"), {"link/ana/downtown/yoga": CLASS}),
    Case("a link less uptown", without(SALON, "link/ana/uptown/haircut"), {"link/ana/uptown/haircut": UPTOWNS}),
    # locations and zones
    Case("a location is deleted", without(SALON, "location/uptown", "hours/ana/uptown", "link/ana/uptown/haircut"),
         {"location/uptown": UPTOWNS, "hours/ana/uptown": UPTOWNS}),
    Case("a zone with another clock", with_(change(UPTOWN, timezone="America/New_York")), {"location/uptown": UPTOWNS}),
    Case("a zone that knows no winter time", with_(change(UPTOWN, timezone="America/Phoenix")),
         {"location/uptown": {"sun-dst"}}),
    Case("another name of the same zone", with_(change(UPTOWN, timezone="US/Pacific"))),
    # several at once
    Case("two changes that each strand the same", with_(
        change(HOURS, hours=shifts({"mon-fri": "09:00-17:00"})),
        change(AWAY, away=["2026-10-03", "2026-12-21..2026-12-23"])),
         {"hours/ana/downtown": SATURDAYS, "away/ana": {"sat-1"}}),
    Case("two changes of which each strands its own", with_(change(BEN, active=False), change(YOGA, active=False)),
         {"employee/ben": HIS, "service/yoga": CLASS}),
    Case("set times stand in for hours that go", with_(
        change(YOGA, schedule=shifts({"wed": "15:00-16:00"})), change(HOURS, hours=shifts({"mon-fri": "09:00-12:00"}))),
         {"hours/ana/downtown": {"tue-late", "tue-long", *SATURDAYS}}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_exactly_these_are_named(case: Case) -> None:
    async def story(tenant: Any) -> None:
        diary = Diary(tenant)
        await diary.open()
        diary.of_others()
        _, plan = await diary.planned(case.desired)
        assert diary.told(plan) == {address: sorted(names) for address, names in case.named.items()}
        named = {name for names in case.named.values() for name in names}
        assert {diary.names[each.id] for each in (plan.booked.stranded if plan.booked else ())} == named

    tell(story)


def test_what_an_earlier_apply_stranded_is_not_counted_again() -> None:
    """Ben is out, and the chain knows: that his hours are cut as well is no news to whoever booked him."""

    async def story(tenant: Tenant) -> None:
        diary = Diary(tenant)
        await diary.open()
        out = with_(change(BEN, active=False))
        _, plan = await diary.planned(out)
        assert diary.told(plan) == {"employee/ben": sorted(HIS)}
        await tenant.settle(out)
        for more in (change(BENS, hours=shifts({"mon": "09:00-10:00"})), declare("holiday/all", name="X", dates=YEARS)):
            _, plan = await diary.planned(replaced(out, more))
            assert not HIS & {name for names in diary.told(plan).values() for name in names}

    tell(story)
