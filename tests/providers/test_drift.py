"""Three values are compared: what was last applied, what is live, what is wanted. So it is known which side moved."""

import asyncio
from typing import Any

import pytest

from provisioner.kinds.desired import Lifecycle
from provisioner.plan.change import Action, FieldChange
from tests.support import DIALECTS, Dialect, Planned, Tenant, at, change, declare, manifests, replaced, spoken, tell

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
ANA = declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz", phone="1", job="Stylist",
              ics_service="google", youtube="https://youtube.example/a")  # fmt: skip
DOWNTOWN = declare("location/downtown", name="Downtown", timezone="America/Los_Angeles", email="D@x.example", lat="1.5")
HAIRCUT = declare("service/haircut", name="Haircut", duration="45 min", price="30", active=True)
LINK = declare("link/ana/downtown/haircut")
HOURS = declare("hours/ana/downtown", hours=WEEK)
AWAY = declare("away/ana", away=["2026-08"])
BASE = manifests(ANA, DOWNTOWN, HAIRCUT, LINK, HOURS, AWAY)


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def only_field(planned: Planned) -> FieldChange:
    (one,) = planned.plan.changes
    (field,) = one.fields
    return field


def test_what_moved_outside_is_put_back_and_said_to_be_drift(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper("employee/ana", phone="666", bio="unmanaged")
        planned = await tenant.plan(BASE)
        field = only_field(planned)
        assert (field.name, field.before, field.after, field.outside, field.both) == ("phone", "666", "1", True, False)
        assert planned.reason("employee/ana") == "changed outside since the last apply"
        assert [str(c.address) for c in planned.plan.drift] == ["employee/ana"]
        await tenant.settle(BASE)
        assert tenant.held("employee/ana")["phone"] == "1"
        assert tenant.held("employee/ana")["bio"] == "unmanaged"

    tell(story, dialect)


def test_what_the_manifests_moved_is_no_drift() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        planned = await tenant.plan(replaced(BASE, change(ANA, phone="2")))
        assert not only_field(planned).outside
        assert planned.plan.drift == ()

    tell(story)


def test_what_both_sides_moved_says_so_and_the_manifests_win() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper("employee/ana", phone="666")
        ran = await tenant.settle(replaced(BASE, change(ANA, phone="2")))
        field = only_field(ran.planned)
        assert (field.outside, field.both) == (True, True)
        assert tenant.held("employee/ana")["phone"] == "2"

    tell(story)


def test_both_sides_moved_to_one_value_is_nothing_to_do() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper("employee/ana", phone="2")
        ran = await tenant.apply(replaced(BASE, change(ANA, phone="2")))
        assert not ran.planned.plan.changes
        await tenant.assert_settled(replaced(BASE, change(ANA, phone="2")))
        assert tenant.state.records[at("employee/ana")].applied["phone"] == "2"

    tell(story)


def test_an_ignored_field_is_sent_once_and_left_alone_afterwards(dialect: Dialect) -> None:
    ignoring = declare(
        "employee/ana",
        Lifecycle(ignore=frozenset({"phone", "yelp"})),
        email="ana@x.example",
        first_name="Ana",
        last_name="Diaz",
        phone="1",
        job="Stylist",
        yelp="https://y.example",
    )

    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(ignoring))
        assert tenant.held("employee/ana")["phone"] == "1"
        tenant.tamper("employee/ana", phone="666")
        await tenant.assert_settled(manifests(ignoring))
        await tenant.settle(manifests(change(ignoring, job="Owner")))
        assert tenant.held("employee/ana")["phone"] == "666"

    tell(story, dialect)


@pytest.mark.parametrize(
    ("address", "live", "wanted"),
    [
        ("location/downtown", {"timezone_id": 553}, change(DOWNTOWN, timezone="America/New_York")),
        ("location/downtown", {"email": "d@X.example"}, change(DOWNTOWN, email="e@x.example")),
        ("location/downtown", {"lat": "1.50000"}, change(DOWNTOWN, lat="2")),
        ("service/haircut", {"price": "30.00"}, change(HAIRCUT, price="31")),
        ("service/haircut", {"status": "1"}, change(HAIRCUT, active=False)),
        ("service/haircut", {"duration": "45"}, change(HAIRCUT, duration="60 min")),
    ],
    ids=["zone", "e-mail", "degrees", "money", "flag", "duration"],
)
def test_another_spelling_of_the_same_value_is_no_drift(address: str, live: dict[str, Any], wanted: Any) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper(address, **live)
        await tenant.assert_settled(BASE)
        planned = await tenant.plan(replaced(BASE, wanted))
        assert not only_field(planned).outside, planned.reason(address)

    tell(story)


def test_hours_and_links_that_moved_outside_are_put_back(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        ana, downtown = tenant.id("employee/ana"), tenant.id("location/downtown")
        extra = (await tenant.vendor("POST", "/service", {"name": "Extra", "duration": 15}))["id"]
        await tenant.vendor("POST", "/employee/assignServices", {str(downtown): [extra]}, employee_id=ana)
        tenant.tamper_entries(
            "employee/ana",
            [
                {**entry, "days": {"su": {"time": [["09:00", "10:00"]]}}} if entry["type"] == 0 else entry
                for entry in tenant.entries("employee/ana")
            ],
        )
        planned = await tenant.plan(BASE)
        assert planned.summary() == ["update hours/ana/downtown", f"delete link/ana/downtown/id:{extra}"]
        assert planned.reason("hours/ana/downtown") == "changed outside since the last apply"
        await tenant.settle(BASE)
        assert await tenant.links() == {(ana, downtown, tenant.id("service/haircut"))}

    tell(story, dialect)


DELETED = {
    "employee/ana": ["employee/ana", "link/ana/downtown/haircut", "hours/ana/downtown", "away/ana"],
    "location/downtown": ["location/downtown", "link/ana/downtown/haircut", "hours/ana/downtown"],
    "service/haircut": ["service/haircut", "link/ana/downtown/haircut"],
}


@pytest.mark.sweep(3)
@pytest.mark.parametrize("address", DELETED)
def test_what_was_deleted_outside_is_made_again_with_its_links_and_hours(address: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        old = tenant.id(address)
        await tenant.vendor("DELETE", f"/{address.partition('/')[0]}/{old}")
        ran = await tenant.settle(BASE)
        assert ran.planned.of(Action.CREATE) == DELETED[address] == [str(c.address) for c in ran.planned.plan.drift]
        assert {ran.planned.reason(each) for each in DELETED[address]} == {
            "it was deleted outside since the last apply"
        }
        assert tenant.id(address) != old
        assert len(await tenant.links()) == 1
        assert len(tenant.entries("employee/ana")) == 2

    tell(story, dialect)


UNREADABLE: dict[str, tuple[str, dict[str, Any], str]] = {
    "a duration in no step": ("service/haircut", {"duration": 50}, "duration"),
    "a duration of words": ("service/haircut", {"duration": "an hour"}, "duration"),
    "a flag of words": ("service/haircut", {"status": "weird"}, "active"),
    "a price of words": ("service/haircut", {"price": "cheap"}, "price"),
    "a price of nothing a number can be": ("service/haircut", {"price": "NaN"}, "price"),
    "a price that is a list": ("service/haircut", {"price": [30]}, "price"),
    "a text that is a map": ("service/haircut", {"name": {"en": "Haircut"}}, "name"),
    "an unknown zone": ("location/downtown", {"timezone_id": 99999}, "timezone"),
    "a zone of words": ("location/downtown", {"timezone_id": "Mars/Olympus"}, "timezone"),
    "a place of words": ("location/downtown", {"lat": "north"}, "lat"),
    "a place beyond": ("location/downtown", {"lat": 1e300}, "lat"),
    "an unknown code": ("employee/ana", {"ics_service": 77}, "ics_service"),
    "a code of nothing": ("employee/ana", {"ics_service": None}, "ics_service"),
    "an e-mail that is none": ("employee/ana", {"email": "not one"}, "email"),
    "a phone that is a flag": ("employee/ana", {"phone": True}, "phone"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_live_value_that_cannot_be_read_is_shown_and_planned_over(name: str) -> None:
    address, raw, field = UNREADABLE[name]

    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper(address, **raw)
        for lost in (False, True):
            if lost and field not in ("name", "email"):  # by these it is found
                kept, records = tenant.state, dict(tenant.state.records)
                tenant.forget()
            planned = await tenant.plan(BASE)
            assert planned.of(Action.UPDATE) == [address]
            assert planned.fields(address) == [field]
        if field not in ("name", "email"):
            tenant.state = kept.with_records(records)
        await tenant.settle(BASE)

    tell(story)


def test_live_values_that_cannot_be_read_do_not_stop_a_plan_of_something_else() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper("service/haircut", description=["x"], waiting_list="maybe", after_notice="never", schedule=None)
        tenant.tamper("location/downtown", virtual="perhaps", tags={}, is_main="maybe")
        tenant.tamper("employee/ana", newsletter={}, is_owner=None, photo_url=3)
        await tenant.assert_settled(BASE)

    tell(story)


@pytest.mark.parametrize("days", [{"xx": {"time": []}}, "all", {"mo": {"time": [["9", "25:00"]]}}, {"mo": 3}, None])
def test_hours_that_cannot_be_read_are_planned_over(days: Any) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper_entries(
            "employee/ana",
            [{**entry, "days": days} if entry["type"] == 0 else entry for entry in tenant.entries("employee/ana")],
        )
        planned = await tenant.plan(BASE)
        assert planned.of(Action.UPDATE) == ["hours/ana/downtown"]
        await tenant.settle(BASE)

    tell(story)


def test_two_live_objects_of_one_name_are_a_problem_only_for_whoever_must_choose() -> None:
    async def story(tenant: Tenant) -> None:
        from provisioner.errors import ManifestError

        for _ in range(2):
            await tenant.vendor("POST", "/service", {"name": "Colour", "duration": 15})
        await tenant.settle(BASE)
        with pytest.raises(ManifestError, match="2 live services have the name Colour"):
            await tenant.plan(replaced(BASE, declare("service/color", name="Colour", duration="15 min")))

    tell(story)


def test_two_plans_of_one_tenant_are_the_same() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        wanted = replaced(BASE, change(ANA, phone="2"), change(HAIRCUT, price="3"), declare("location/new", name="New"))
        one, other = await asyncio.gather(tenant.plan(wanted), tenant.plan(wanted))
        assert one.plan == other.plan
        assert one.calls == other.calls

    tell(story)
