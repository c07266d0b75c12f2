"""Every kind in every dialect: made, found again, changed with one call, removed, and then nothing is left to say."""

from dataclasses import dataclass
from typing import Any

import pytest

from provisioner.plan.change import Action
from tests.support import DIALECTS, Dialect, Tenant, change, declare, manifests, replaced, spoken, tell, without

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
LATER = [{"dates": "2026", "week": {"mon-thu": "09:00-17:00", "sat": ["09:00-11:00", "12:00-13:00"]}}]
ACCOUNT = declare(
    "account/west", company_name="West", nick_name="west", email="o@w.example", password="pw",
    timezone="America/Los_Angeles", options={"currency": "USD", "prior_notice": "2 h"}, last_name="Own",
)  # fmt: skip
DOWNTOWN = declare("west/location/downtown", name="Downtown", main=True, zip="01234", street1="1 Main")
UPTOWN = declare("west/location/uptown", name="Uptown", timezone="Europe/Amsterdam", lat="52.1", lng="4.9")
HAIRCUT = declare("west/service/haircut", name="Haircut", duration="45 min", price="30", default=True)
COLOUR = declare("west/service/color", name="Colour", duration="90 min", addon=True, price="29.50")
ANA = declare(
    "west/employee/ana", email="ana@w.example", first_name="Ana", last_name="Diaz", yelp="www.yelp.com/ana",
    ics_service="google",
)  # fmt: skip
OWNER = declare("west/employee/bob", email="o@w.example", first_name="Bob", last_name="Own", owner=True)
LINKS = (declare("west/link/ana/uptown/haircut"), declare("west/link/ana/uptown/color"),
         declare("west/link/bob/downtown/color"))  # fmt: skip
HOURS = declare("west/hours/ana/uptown", hours=WEEK)
AWAY = declare("west/away/ana", away=["2026-08-03..2026-08-14"])
THANKS = declare("west/holiday/thanks", name="Thanksgiving", rule="4th thursday of november")
STOCK = declare("west/holiday/stock", name="Stocktaking", dates="2026-01-02..2026-01-03", enabled=False)
REFERRAL = declare(
    "west/custom_field/referral", label="How did you hear?", type="dropdown", options=["Friend", "Web"], visible="both"
)
ORDER = declare("west/custom_field/order", label="Order ID", type="hidden", length=40)
CRM = declare(
    "west/webhook/crm", target_url="https://crm.example/hook", events=["appointment.created", "appointment.canceled"]
)
LIV = declare("west/client/liv", email="liv@example.com", name="Liv Ås", phone="+47 22 33 44 55", birthday="1990-08-03")
EVERYTHING = manifests(
    ACCOUNT,
    DOWNTOWN,
    UPTOWN,
    HAIRCUT,
    COLOUR,
    ANA,
    OWNER,
    *LINKS,
    HOURS,
    AWAY,
    THANKS,
    STOCK,
    REFERRAL,
    ORDER,
    CRM,
    LIV,
)
OWNERS = ("west/employee/bob", "west/link/bob/downtown/color")
CHANGES = {
    "business": change(ACCOUNT, company_name="West Coast"),
    "options": change(ACCOUNT, options={"currency": "EUR", "prior_notice": "2 h"}),
    "personal": change(ACCOUNT, last_name="Owen"),
    "location": change(UPTOWN, street2="Rear"),
    "service": change(COLOUR, duration="105 min"),
    "employee": change(ANA, job="Stylist"),
    "hours": change(HOURS, hours=LATER),
    "holiday": change(STOCK, dates="2026-01-02"),
    "custom_field": change(REFERRAL, options=["Web", "Radio", "Friend"]),
    "webhook": change(CRM, events=["appointment.created"]),
    "client": change(LIV, phone=None),
}


@dataclass(frozen=True)
class Removal:
    """What leaves the manifests, and what the sandbox must no longer hold then."""

    address: str
    with_: tuple[str, ...]
    held: str


REMOVALS = {
    "location": Removal(
        "west/location/uptown",
        ("west/link/ana/uptown/haircut", "west/link/ana/uptown/color", "west/hours/ana/uptown"), "locations",
    ),
    "service": Removal(
        "west/service/color", ("west/link/ana/uptown/color", "west/link/bob/downtown/color"), "services"
    ),
    "employee": Removal(
        "west/employee/ana",
        ("west/link/ana/uptown/haircut", "west/link/ana/uptown/color", "west/hours/ana/uptown", "west/away/ana"),
        "employees",
    ),
    "holiday": Removal("west/holiday/thanks", (), "holidays"),
    "custom_field": Removal("west/custom_field/order", (), "custom_fields"),
    "webhook": Removal("west/webhook/crm", (), "webhooks"),
}  # fmt: skip


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def test_what_was_created_reads_back_as_it_was_written(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        ran = await tenant.settle(EVERYTHING)
        assert len(ran.applied.done) == len(EVERYTHING.resources)
        held = await tenant.dump(tenant.company("west"))
        assert [each["name"] for each in held["locations"]] == ["Downtown", "Uptown"]
        assert [each["name"] for each in held["services"]] == ["Haircut", "Colour"]
        assert [each["email"] for each in held["employees"]] == ["o@w.example", "ana@w.example"]
        assert [each["status"] for each in held["employees"]] == [True, True]
        assert len(held["links"]) == 3
        assert len(tenant.entries("west/employee/ana")) == 2

    tell(story, dialect)


def test_a_lost_state_is_found_again_and_nothing_is_written(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(EVERYTHING)
        before = await tenant.dump()
        tenant.forget()
        ran = await tenant.settle(EVERYTHING)
        assert not ran.planned.calls
        assert ran.planned.plan.count(Action.ADOPT) == len(ran.planned.plan.changes) == len(EVERYTHING.resources)
        assert ran.applied.writes == 0
        assert await tenant.dump() == before

    tell(story, dialect)


@pytest.mark.sweep(5)
@pytest.mark.parametrize("name", CHANGES)
def test_one_changed_field_is_one_update_and_one_call(name: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        whole = without(EVERYTHING, *OWNERS) if name == "personal" else EVERYTHING  # the owner's name stands in both
        await tenant.settle(whole)
        before, changed = await tenant.dump(), CHANGES[name]
        ran = await tenant.settle(replaced(whole, changed))
        assert ran.planned.summary() == [f"update {changed.address}"]
        assert len(ran.planned.fields(str(changed.address))) == 1
        assert len(ran.planned.calls) == ran.applied.writes == 1
        differing = {key for key, value in (await tenant.dump()).items() if value != before[key]}
        assert differing == {
            "hours": {"availability"}, "business": {"accounts"}, "options": {"accounts"},
            "personal": {"accounts", "employees"},
        }.get(name, {f"{name}s"})  # fmt: skip

    tell(story, dialect)


def test_fewer_days_off_are_one_call_and_fail_where_the_vendor_keeps_the_others(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(EVERYTHING)
        fewer = replaced(EVERYTHING, change(AWAY, away=["2026-08-03..2026-08-10"]))
        ran = await tenant.apply(fewer)
        assert ran.planned.summary() == ["update west/away/ana"]
        assert len(ran.planned.calls) == 1
        if dialect["hours"] == "replace":
            await tenant.assert_settled(fewer)
        else:
            assert "merges instead of replacing" in ran.failed["west/away/ana"]

    tell(story, dialect)


@pytest.mark.sweep(5)
@pytest.mark.parametrize("name", REMOVALS)
def test_what_leaves_the_manifests_is_destroyed_with_one_call(name: str, dialect: Dialect) -> None:
    removal = REMOVALS[name]

    async def story(tenant: Tenant) -> None:
        first = without(EVERYTHING, "west/hours/ana/uptown") if name == "location" else EVERYTHING
        await tenant.settle(first)
        id_ = tenant.id(removal.address)
        gone = [each for each in (removal.address, *removal.with_) if each in map(str, first.resources)]
        ran = await tenant.settle(without(first, *gone))
        assert set(ran.planned.of(Action.DELETE)) == set(gone) == set(map(str, (c.address for c in ran.applied.done)))
        assert len(ran.planned.calls) == 1
        held = await tenant.dump()
        assert id_ not in [each["id"] for each in held[removal.held]]
        assert not [triple for triple in held["links"] if id_ in triple]
        assert str(id_) not in held["availability"]

    tell(story, dialect)


def test_a_removed_link_is_one_call_and_the_others_stay(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(EVERYTHING)
        before = await tenant.links()
        gone = tuple(tenant.id(f"west/{key}") for key in ("employee/ana", "location/uptown", "service/color"))
        ran = await tenant.settle(without(EVERYTHING, "west/link/ana/uptown/color"))
        assert ran.planned.summary() == ["delete west/link/ana/uptown/color"]
        assert len(ran.planned.calls) == 1
        assert before - await tenant.links() == {gone}

    tell(story, dialect)


def test_an_account_that_leaves_is_forgotten_with_all_that_is_in_it(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(EVERYTHING)
        before = await tenant.dump()
        ran = await tenant.settle(manifests())
        assert set(ran.planned.of(Action.FORGET)) == set(map(str, EVERYTHING.resources))
        assert not ran.planned.calls
        assert not tenant.state.records
        assert await tenant.dump() == before

    tell(story, dialect)


@pytest.mark.sweep(3)
@pytest.mark.parametrize("gone", ["west/hours/ana/uptown", "west/away/ana"])
def test_removed_hours_and_days_off_are_gone_or_fail_with_the_reason(gone: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(EVERYTHING)
        smaller = without(EVERYTHING, gone)
        ran = await tenant.apply(replaced(smaller, CHANGES["service"]))
        assert ran.planned.of(Action.DELETE) == [gone]
        assert len(ran.planned.calls) == 2
        assert "update west/service/color" in ran.done
        if dialect["hours"] == "replace":
            assert ran.applied.complete
            assert len(tenant.entries("west/employee/ana")) == 1
            await tenant.assert_settled(replaced(smaller, CHANGES["service"]))
        else:
            assert "merges instead of replacing" in ran.failed[gone]
            assert len(tenant.entries("west/employee/ana")) == 2
            again = await tenant.plan(replaced(smaller, CHANGES["service"]))
            assert again.summary() == [f"delete {gone}"]

    tell(story, dialect)


def test_a_range_of_dates_that_the_vendor_keeps_fails_with_the_reason() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(EVERYTHING)
        moved: list[dict[str, Any]] = [{**WEEK[0], "dates": "2027"}]
        ran = await tenant.apply(replaced(EVERYTHING, change(HOURS, hours=moved), CHANGES["employee"]))
        assert set(ran.failed) == {"west/hours/ana/uptown"}
        assert "merges instead of replacing" in ran.failed["west/hours/ana/uptown"]
        assert ran.done == ["update west/employee/ana"]

    tell(story, {"hours": "merge"})


def test_hours_and_services_of_none_are_kept_as_none(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        none = manifests(
            ACCOUNT, ANA, UPTOWN, declare("west/hours/ana/uptown", hours=[]), declare("west/away/ana", away=[]),
            pairs=["west/link/ana/uptown"],
        )  # fmt: skip
        await tenant.settle(none)
        assert tenant.entries("west/employee/ana") == []

    tell(story, dialect)
