"""Every cause of NOT BOOKABLE, made on purpose at the vendor: one at a time, two together, and of two employees."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from provisioner.verify.result import Standing
from tests.support import Tenant, declare, tell
from tests.verify.salon import BEN, HOURS, OVER, Salon, book, look, only, set_clock, told

Spoil = Callable[[Salon], Salon]


def spoil(**other: Any) -> Spoil:
    return lambda salon: salon.but(**other)


LATER = [{"dates": "2027-01-05", "week": {"tue": "09:00-10:30"}}]
CAUSES: dict[str, Spoil] = {
    "no link": spoil(linked=False),
    "employee inactive": spoil(ana={"active": False}),
    "no hours": spoil(hours=None),
    "hours ended": spoil(hours=OVER),
    "service inactive": spoil(service={"active": False}),
    "only an add-on": spoil(service={"addon": True}),
    "outside the service's dates": spoil(service={"bookable": "..2026-12-31"}),
    "holiday": spoil(more=(declare("holiday/works", name="Works", dates="2026-12-01..2033-01-31"),)),
    "out of office": spoil(more=(declare("away/ana", away=["2026-12-01..2033-01-31"]),)),
    "notice longer than the horizon": spoil(service={"prior_notice": "48 h", "after_notice": "1 d"}),
    "open time too short": spoil(service={"duration": "9 h"}),
    "schedule ended": spoil(service={"schedule": OVER}),
}
APART = {
    frozenset({"no link", "employee inactive"}),  # of an employee who offers nothing there nobody speaks
    frozenset({"no link", "no hours"}),
    frozenset({"no link", "hours ended"}),
    frozenset({"no link", "out of office"}),
    frozenset({"no hours", "hours ended"}),  # there are hours, or there are none
    frozenset({"no hours", "schedule ended"}),  # set times stand in for hours
    frozenset({"hours ended", "schedule ended"}),
    frozenset({"open time too short", "no hours"}),  # there is no open time to be short
    frozenset({"open time too short", "hours ended"}),
    frozenset({"open time too short", "schedule ended"}),
    frozenset({"open time too short", "no link"}),
}
PAIRS = [pair for pair in combinations(CAUSES, 2) if frozenset(pair) not in APART]


def spoiled(*spoils: Spoil) -> Salon:
    salon = Salon()
    for each in spoils:
        salon = each(salon)
    return salon


async def named(tenant: Tenant, broken: Salon, wish: Salon) -> list[str]:
    """What is said of the salon after somebody broke it."""
    await tenant.settle(broken.desired())
    await set_clock(tenant)
    verified = await look(tenant, wish.desired())
    row = only(verified)
    assert (row.standing, row.next, verified.exit_code) == (Standing.NOT_BOOKABLE, None, 3)
    return sorted(told(row))


@pytest.mark.parametrize("cause", CAUSES)
def test_one_cause_that_somebody_made_outside(cause: str) -> None:
    async def story(tenant: Tenant) -> None:
        assert await named(tenant, spoiled(CAUSES[cause]), Salon()) == [cause]
        row = only(await look(tenant, Salon().desired()))
        # A holiday and time off that no manifest names are nothing that an apply would take away.
        alone = cause in ("holiday", "out of office", "notice longer than the horizon", "outside the service's dates",
                          "only an add-on", "schedule ended")  # fmt: skip
        assert all(("apply mends it" in reason.remedy) is not alone for reason in row.reasons), row.reasons

    tell(story)


@pytest.mark.parametrize("pair", PAIRS, ids=" + ".join)
def test_two_causes_together(pair: tuple[str, str]) -> None:
    async def story(tenant: Tenant) -> None:
        broken = spoiled(*(CAUSES[cause] for cause in pair))
        assert await named(tenant, broken, Salon()) == sorted(pair)

    tell(story)


FAR = spoil(service={"duration": "9 h", "prior_notice": "1000 d", "after_notice": "1200 d"})
HOLIDAY = spoil(more=(declare("holiday/works", name="Works", dates="2026-12-01..2027-12-31"),))
AWAY = spoil(more=(declare("away/ana", away=["2026-12-01..2027-12-31"]),))


@pytest.mark.parametrize(("other", "name"), [(HOLIDAY, "holiday"), (AWAY, "out of office"), (FAR, "notice too short")])
def test_too_short_a_day_hides_nothing_that_leaves_only_days_without_hours(other: Spoil, name: str) -> None:
    async def story(tenant: Tenant) -> None:
        broken = spoiled(other, CAUSES["open time too short"])
        assert await named(tenant, broken, broken) == sorted([name, "open time too short"])

    tell(story)


@pytest.mark.parametrize("cause", sorted({*CAUSES} - {"service inactive", "only an add-on", "no link"}))
def test_one_cause_that_the_manifests_make(cause: str) -> None:
    async def story(tenant: Tenant) -> None:
        broken = spoiled(CAUSES[cause])
        assert await named(tenant, broken, broken) == [cause]
        (reason,) = only(await look(tenant, broken.desired())).reasons
        assert reason.place is not None
        assert reason.remedy
        assert "apply" not in reason.remedy

    tell(story)


OF_BEN: dict[str, tuple[Any, ...]] = {
    "employee inactive": ({"active": False}, HOURS),
    "no hours": ({}, None),
    "hours ended": ({}, OVER),
}


def ben(values: Any, hours: Any) -> Spoil:
    own = () if hours is None else (declare("hours/ben/downtown", hours=hours),)
    return spoil(more=(declare("employee/ben", **{**BEN, **values}), declare("link/ben/downtown/cut"), *own))


async def full(tenant: Tenant, salon: Salon) -> None:
    """Book all there is."""
    await tenant.settle(salon.desired())
    await set_clock(tenant)
    while (row := next(iter((await look(tenant, salon.desired())).rows))).next:
        await book(tenant, row.next)


def test_all_booked() -> None:
    async def story(tenant: Tenant) -> None:
        salon = Salon().but(hours=LATER)
        await full(tenant, salon)
        verified = await look(tenant, salon.desired())
        (reason,) = only(verified).reasons
        assert (reason.cause, verified.exit_code, verified.differences) == ("all booked", 3, ())
        assert reason.place
        # Somebody cancels.
        number = (await tenant.vendor("GET", "/appointment", start_date="2027-01-01"))[0]["id"]
        await tenant.vendor("POST", "/appointment/decline", {"appointment_id": number, "reason": "ill"})
        assert only(await look(tenant, salon.desired())).standing is Standing.BOOKABLE

    tell(story)


@pytest.mark.parametrize("cause", OF_BEN)
def test_one_is_booked_up_and_the_other_is_out_for_another_cause(cause: str) -> None:
    async def story(tenant: Tenant) -> None:
        salon = ben(*OF_BEN[cause])(Salon().but(hours=LATER))
        await full(tenant, salon)
        row = only(await look(tenant, salon.desired()))
        assert told(row) == ["all booked", cause]
        assert ["ben" in each.words for each in row.reasons] == [False, True]
        assert "apply" not in row.reasons[1].remedy, "the manifests say the same"

    tell(story)


@pytest.mark.parametrize("cause", OF_BEN)
def test_two_employees_with_a_cause_each(cause: str) -> None:
    async def story(tenant: Tenant) -> None:
        salon = ben(*OF_BEN[cause])(Salon().but(hours=OVER))
        assert await named(tenant, salon, salon) == sorted(["hours ended", cause])

    tell(story)
