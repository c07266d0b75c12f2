"""What is published, what is asked, and what is said of the answers."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from provisioner.kinds.desired import Desired
from provisioner.verify.pairs import Pair
from provisioner.verify.result import Standing
from tests.support import Tenant, declare, manifests, replaced, tell, without
from tests.verify.salon import ANA, HOURS, NOW, WEEK, Salon, book, look, only, set_clock, told

CUT = Pair("", "downtown", "cut")


async def asked(tenant: Tenant) -> Counter[str]:
    """How often the vendor was asked for what; ids are left out of the path."""
    paths = (call["path"].removeprefix("/api/v2") for call in await tenant.calls())
    return Counter("/".join(part for part in path.split("/") if not part.isdigit()) for path in paths)


# -- what is published


def test_what_clients_are_not_shown_is_left_out_and_counted() -> None:
    async def story(tenant: Tenant) -> None:
        desired = replaced(
            Salon().desired(),
            declare("service/mask", name="Mask", duration="15 min", active=True, addon=True),
            declare("service/perm", name="Perm", duration="1 h", active=False),
            declare("link/ana/downtown/mask"),
            declare("link/ana/downtown/perm"),
        )
        await tenant.settle(desired)
        await set_clock(tenant)
        verified = await look(tenant, desired)
        assert [row.pair for row in verified.rows] == [CUT]
        assert verified.hidden == {"inactive": 1, "add-on": 1}
        assert (verified.published, verified.exit_code) == (1, 0)

    tell(story)


def test_a_location_with_nothing_and_a_service_of_nobody() -> None:
    async def story(tenant: Tenant) -> None:
        desired = replaced(
            Salon().desired(),
            declare("location/beach", name="Beach"),
            declare("service/perm", name="Perm", duration="1 h", active=True),
        )
        await tenant.settle(desired)
        await set_clock(tenant)
        verified = await look(tenant, desired)
        found = {row.pair: (row.standing, [reason.words for reason in row.reasons]) for row in verified.rows}
        assert found == {
            CUT: (Standing.BOOKABLE, []),
            Pair("", location="beach"): (Standing.NOT_BOOKABLE, ["nobody offers anything here"]),
            Pair("", service="perm"): (Standing.NOT_BOOKABLE, ["nobody offers it anywhere"]),
        }

    tell(story)


def test_what_somebody_offers_without_the_manifests_is_published_too() -> None:
    async def story(tenant: Tenant) -> None:
        salon = Salon()
        await tenant.settle(salon.desired())
        await set_clock(tenant)
        tenant.forget()
        row = only(await look(tenant, manifests(declare("location/downtown", name="Downtown"))))
        assert (row.location, row.service, row.standing) == ("Downtown", "Haircut", Standing.BOOKABLE)
        assert row.pair.service.startswith("#")

    tell(story)


def test_what_is_not_there_yet_is_named_and_not_asked_about() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(Salon().desired())
        await set_clock(tenant)
        more = (declare("location/beach", name="Beach"), declare("link/ana/beach/cut"))
        desired = replaced(Salon().desired(), *more, declare("account/west", company_name="W", nick_name="west1",
            email="o@west.example", password="x" * 8), declare("west/location/a", name="A"))  # fmt: skip
        await tenant.clear_calls()
        verified = await look(tenant, desired)
        causes = {row.pair: [(each.cause.value, each.remedy) for each in row.reasons] for row in verified.rows}
        gone = [("not there", "apply creates it")]
        assert causes == {CUT: [], Pair("", "beach", "cut"): gone, Pair("west"): gone}
        assert (await asked(tenant))["/availability"] == 1

    tell(story)


# -- what is asked


def chain() -> Desired:
    """Three locations, three services, four employees."""
    return manifests(
        declare("location/main", name="Main", main=True, timezone="Europe/Paris"),
        *(declare(f"location/{key}", name=key.title(), timezone="Europe/Paris") for key in ("a", "b")),
        *(declare(f"service/{key}", name=key.title(), duration="1 h", active=True) for key in ("x", "y", "z")),
        *(declare(f"employee/{key}", email=f"{key}@x.example", first_name=key, last_name="D") for key in "efgh"),
        *(declare(f"link/{who}/{where}/{what}") for who in "efgh" for where in ("main", "a", "b") for what in "xyz"),
        *(declare(f"hours/{who}/{where}", hours=HOURS) for who in "efgh" for where in ("main", "a", "b")),
    )


def test_each_pair_is_one_request_and_nothing_more_is_read_where_all_is_as_promised() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(chain())
        await set_clock(tenant)
        await tenant.clear_calls()
        verified = await look(tenant, chain(), weeks=5)
        assert (verified.count(Standing.BOOKABLE), verified.differences) == (9, ())
        counts = await asked(tenant)
        assert counts["/availability"] == 9
        assert counts["/employee/getAvailabilityTime"] == counts["/appointment"] == 0
        assert sum(counts.values()) == 9 + 4 + 3  # lists; the account, its options and the zones

    tell(story)


def test_only_what_is_named_is_asked_about() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(chain())
        await set_clock(tenant)
        for glob, number in (("location/a", 3), ("service/x", 3), ("hours/e/a", 3), ("link/e/a/x", 1),
                             ("employee/e", 9), ("*", 9), ("away/*", 0)):  # fmt: skip
            verified = await look(tenant, chain(), named=lambda address, glob=glob: address.matches(glob))
            assert len(verified.rows) == number, glob

    tell(story)


# -- what is said


def test_every_account_and_location_in_its_own_time() -> None:
    async def story(tenant: Tenant) -> None:
        places = {"la": "America/Los_Angeles", "paris": "Europe/Paris", "tokyo": "Asia/Tokyo"}
        own = [
            each
            for key, zone in places.items()
            for each in (
                declare(f"west/location/{key}", name=key, timezone=zone),
                declare(f"west/link/ana/{key}/cut"),
                declare(f"west/hours/ana/{key}", hours=HOURS),
            )
        ]
        desired = manifests(
            declare("account/west", company_name="W", nick_name="west1", email="o@west.example", password="x" * 8),
            declare("west/service/cut", name="Cut", duration="1 h", active=True),
            declare("west/employee/ana", **ANA),
            *own,
        )
        await tenant.settle(desired)
        await set_clock(tenant)  # noon in London: it is night, afternoon and evening
        rows = (await look(tenant, desired)).rows
        assert {row.pair.location: str(row.next) for row in rows} == {
            "la": "2027-01-04 09:00:00-08:00",
            "paris": "2027-01-04 13:00:00+01:00",
            "tokyo": "2027-01-05 09:00:00+09:00",
        }
        assert {row.zone for row in rows} == {*places.values()}

    tell(story)


@pytest.mark.parametrize(
    ("zone", "now", "first"),
    [
        ("America/Los_Angeles", datetime(2027, 3, 14, 9, 10, tzinfo=UTC), "2027-03-14 01:30:00-08:00"),
        ("America/Los_Angeles", datetime(2027, 3, 14, 9, 40, tzinfo=UTC), "2027-03-14 03:00:00-07:00"),
        ("America/Los_Angeles", datetime(2027, 11, 7, 8, 40, tzinfo=UTC), "2027-11-07 02:00:00-08:00"),
        ("Europe/Paris", datetime(2027, 3, 28, 0, 40, tzinfo=UTC), "2027-03-28 03:00:00+02:00"),
        ("Australia/Sydney", datetime(2027, 10, 2, 15, 40, tzinfo=UTC), "2027-10-03 03:00:00+11:00"),
    ],
)
def test_nights_in_which_the_clock_is_changed(zone: str, now: datetime, first: str) -> None:
    async def story(tenant: Tenant) -> None:
        salon = Salon(service={"duration": "30 min"}, hours=[{"dates": "2027", "week": {"daily": "00:00-06:00"}}])
        place = declare("location/downtown", name="Downtown", timezone=zone, main=True)
        desired = replaced(salon.desired(), place)
        await tenant.settle(desired)
        await set_clock(tenant, now)
        verified = await look(tenant, desired, now)
        row = only(verified)
        assert (str(row.next), verified.differences) == (first, ())
        assert row.next
        await book(tenant, row.next)

    tell(story)


def test_what_requires_an_addon_is_asked_about_with_the_shortest_one() -> None:
    async def story(tenant: Tenant) -> None:
        salon = Salon(service={"require_addon": True}, hours=[{"dates": "2027", "week": {"mon": "09:00-10:00"}}])
        desired = replaced(
            salon.desired(),
            *(
                declare(f"service/{key}", name=key, duration=length, addon=True, active=True)
                for key, length in (("mask", "15 min"), ("dye", "2 h"))
            ),
            *(declare(f"link/ana/downtown/{key}") for key in ("mask", "dye")),
        )
        await tenant.settle(desired)
        await set_clock(tenant)
        row = only(await look(tenant, desired))
        assert row.next
        await book(tenant, row.next, subservices=[tenant.id("service/mask")])
        # With the other one alone there is no time for it.
        desired = without(desired, "link/ana/downtown/mask")
        await tenant.settle(desired)
        row = only(await look(tenant, desired))
        assert told(row) == ["open time too short"]
        assert row.reasons[0].words == "no open time is as long as cut takes with dye, the shortest add-on there"

    tell(story)


def test_a_later_day() -> None:
    async def story(tenant: Tenant) -> None:
        salon = Salon(service={"after_notice": "30 d"})
        await tenant.settle(salon.desired())
        await set_clock(tenant)
        for since, standing, first in (
            (date(2027, 1, 11), Standing.BOOKABLE, "2027-01-11 09:00:00-08:00"),
            (date(2027, 6, 1), Standing.NOT_YET, "2027-06-01 09:00:00-07:00"),
            (date(2026, 6, 1), Standing.BOOKABLE, "2027-01-04 09:00:00-08:00"),
        ):
            verified = await look(tenant, salon.desired(), since=since)
            row = only(verified)
            assert (row.standing, str(row.next), verified.exit_code) == (standing, first, 0)
        verified = await look(tenant, salon.desired(), since=date(2028, 1, 1))
        assert (told(only(verified)), verified.exit_code) == (["hours ended"], 3)

    tell(story)


@pytest.mark.parametrize(
    ("salon", "causes"),
    [
        (Salon(service={"after_notice": "10 d"}, hours=[{"dates": "2027-03-01..2027-12-31", "week": WEEK}]),
         ["hours begin later"]),
        (Salon(service={"after_notice": "10 d", "bookable": "2027-03-01.."}),
         ["outside the service's dates", "too far ahead"]),
        (Salon(service={"after_notice": "10 d", "schedule": [{"dates": "2027-03-01..2027-12-31", "week": WEEK}]}),
         ["too far ahead"]),
    ],
)  # fmt: skip
def test_what_begins_later_by_itself(salon: Salon, causes: list[str]) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(salon.desired())
        await set_clock(tenant)
        verified = await look(tenant, salon.desired())
        row = only(verified)
        assert (row.standing, str(row.next), row.since) == (
            Standing.NOT_YET,
            "2027-03-01 09:00:00-08:00",
            date(2027, 2, 19),
        )
        assert (sorted(told(row)), verified.exit_code) == (causes, 0)
        assert all(reason.place and "apply" not in reason.remedy for reason in row.reasons)
        # On that day it is bookable, and not before it.
        for now, standing in (
            (datetime(2027, 2, 19, 16, 59, tzinfo=UTC), Standing.NOT_YET),
            (datetime(2027, 2, 19, 17, 0, tzinfo=UTC), Standing.BOOKABLE),
        ):
            await set_clock(tenant, now)
            assert only(await look(tenant, salon.desired(), now)).standing is standing

    tell(story)


def test_a_holiday_that_covers_the_window_is_no_later_beginning() -> None:
    async def story(tenant: Tenant) -> None:
        works = declare("holiday/works", name="Works", dates="2027-01-01..2027-02-28")
        salon = Salon(service={"after_notice": "10 d"}, more=(works,))
        await tenant.settle(salon.desired())
        await set_clock(tenant)
        verified = await look(tenant, salon.desired())
        assert (sorted(told(only(verified))), verified.exit_code) == (["holiday", "too far ahead"], 3)

    tell(story)


# -- what is promised


async def spoiled(tenant: Tenant, live: Salon, wish: Salon) -> list[tuple[list[str], list[str], bool]]:
    """The differences after somebody changed the salon."""
    await tenant.settle(live.desired())
    await set_clock(tenant)
    verified = await look(tenant, wish.desired())
    return [
        ([f"{each:%a %H:%M}" for each in one.more], [f"{each:%a %H:%M}" for each in one.less], one.applied)
        for one in verified.differences
    ]


def mondays(time: str) -> Salon:
    return Salon(service={"duration": "1 h"}, hours=[{"dates": "2027", "week": {"mon": time}}])


def test_more_and_less_than_the_manifests_promise() -> None:
    async def story(tenant: Tenant) -> None:
        assert await spoiled(tenant, mondays("09:00-12:00"), mondays("10:00-13:00")) == [
            (["Mon 09:00"], ["Mon 12:00"], False)
        ]

    tell(story)


def test_what_is_booked_is_no_difference() -> None:
    async def story(tenant: Tenant) -> None:
        salon = mondays("09:00-12:00")
        await tenant.settle(salon.desired())
        await set_clock(tenant)
        await book(tenant, datetime(2027, 1, 4, 10))  # noqa: DTZ001 -- local
        assert (await look(tenant, salon.desired())).differences == ()

    tell(story)


def test_what_no_manifest_names_is_no_difference() -> None:
    async def story(tenant: Tenant) -> None:
        salon = mondays("09:00-12:00")
        away = declare("away/ana", away=["2027-01-04"])
        assert await spoiled(tenant, salon.but(more=(away,)), salon) == []
        row = only(await look(tenant, salon.desired()))
        assert str(row.next) == "2027-01-11 09:00:00-08:00"

    tell(story)


def test_a_vendor_that_counts_otherwise_is_told_apart_from_one_that_was_changed() -> None:
    async def story(tenant: Tenant) -> None:
        salon = mondays("09:00-12:00")
        await tenant.settle(salon.desired())
        await tenant.control("PUT", "/clock", {"now": "2027-01-04T18:30:00+00:00"})  # an hour and more ahead of us
        found = (await look(tenant, salon.desired(), NOW)).differences
        assert [(one.more, [f"{each:%H:%M}" for each in one.less], one.applied) for one in found] == [
            ((), ["09:00", "10:00"], True)
        ]

    tell(story)


def test_minutes_between_two_clocks_are_no_difference() -> None:
    async def story(tenant: Tenant) -> None:
        salon = Salon(hours=[{"dates": "2027", "week": WEEK}])
        await tenant.settle(salon.desired())
        for second in (57, 0, 3):
            now = datetime(2027, 1, 4, 17, 0, second, tzinfo=UTC)
            await tenant.control("PUT", "/clock", {"now": "2027-01-04T17:00:00+00:00"})
            assert (await look(tenant, salon.desired(), now)).differences == ()

    tell(story)
