"""A key that changes in the manifests is the same thing under another name: nothing is written, nothing is lost."""

import asyncio
from typing import Any

import pytest

from provisioner.kinds.desired import Declared, Desired, Lifecycle
from provisioner.plan.change import Action
from tests.support import DIALECTS, Dialect, Tenant, at, change, declare, manifests, spoken, tell, without

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
KEYS = {"employee": "ana", "location": "downtown", "service": "haircut"}


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def desired(was: bool = False, **keys: str) -> Desired:
    """One of each with relations between them; `keys` renames some, `was` says so in the manifests."""
    now = KEYS | keys

    def life(kind: str) -> Lifecycle:
        return Lifecycle(was=(KEYS[kind],)) if was and now[kind] != KEYS[kind] else Lifecycle()

    ana, downtown, haircut = now.values()
    return manifests(
        declare(f"employee/{ana}", life("employee"), email="ana@x.example", first_name="Ana", last_name="Diaz"),
        declare(f"location/{downtown}", life("location"), name="Downtown"),
        declare(f"service/{haircut}", life("service"), name="Haircut", duration="45 min"),
        declare(f"link/{ana}/{downtown}/{haircut}"),
        declare(f"hours/{ana}/{downtown}", hours=WEEK),
        declare(f"away/{ana}", away=["2026-08"]),
    )


RENAMES = {
    "an employee": {"employee": "anna"},
    "a location": {"location": "centre"},
    "a service": {"service": "cut"},
    "all of them": {"employee": "anna", "location": "centre", "service": "cut"},
}


@pytest.mark.parametrize("was", [True, False], ids=["was", "natural key"])
@pytest.mark.parametrize("name", RENAMES)
def test_a_renamed_key_is_the_same_thing_and_keeps_what_belongs_to_it(name: str, was: bool) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(desired())
        before, records = await tenant.dump(), tenant.state.records
        renamed = desired(was, **RENAMES[name])
        ran = await tenant.settle(renamed)
        assert not ran.planned.calls
        assert ran.planned.of(Action.ADOPT) == [
            f"{kind}/{key}"
            for kind, key in sorted(
                RENAMES[name].items(), key=lambda pair: ("location", "service", "employee").index(pair[0])
            )
        ]
        assert await tenant.dump() == before
        assert set(tenant.state.records) == set(renamed.resources)
        assert all(record.owned for record in tenant.state.records.values())
        assert sorted(r.id for r in records.values()) == sorted(r.id for r in tenant.state.records.values())

    tell(story)


def test_a_thing_renamed_twice_over_takes_its_fields_along(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(desired())
        number = tenant.id("location/downtown")
        renamed = desired(was=True, location="centre", employee="anna")
        centre = change(renamed.resources[at("location/centre")], name="Centre")
        both = Desired({**renamed.resources, centre.address: centre}, renamed.whole, {}, renamed.accounts)
        ran = await tenant.settle(both)
        assert ran.planned.summary() == ["update location/centre", "adopt employee/anna"]
        assert ran.planned.reason("location/centre") == "renamed from location/downtown"
        assert (tenant.id("location/centre"), tenant.held("location/centre")["name"]) == (number, "Centre")
        assert len(await tenant.links()) == 1

    tell(story, dialect)


GONE = {"a link": "link/anna/downtown/haircut", "hours": "hours/anna/downtown", "days off": "away/anna"}


@pytest.mark.parametrize("name", GONE)
def test_what_leaves_the_manifests_while_its_employee_is_renamed_is_destroyed(name: str) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(desired())
        left = without(desired(was=True, employee="anna"), GONE[name])
        for whole in (left.whole, {}):
            ran = await tenant.settle(Desired(left.resources, whole, {}, left.accounts))
            if whole == left.whole:
                assert ran.planned.of(Action.DELETE) == [GONE[name]]
        assert (len(await tenant.links()), len(tenant.entries("employee/anna"))) == {
            "a link": (0, 2), "hours": (1, 1), "days off": (1, 1)}[name]  # fmt: skip
        assert set(tenant.state.records) == set(left.resources)

    tell(story)


def test_all_relations_may_leave_with_a_rename() -> None:
    """No pair is named any more, and no hours: nothing but the state still knows of them."""

    async def story(tenant: Tenant) -> None:
        await tenant.settle(desired())
        left = desired(was=True, employee="anna")
        objects = {a: each for a, each in left.resources.items() if a.kind in KEYS}
        ran = await tenant.settle(Desired(objects, {}, {}, left.accounts))
        assert set(ran.planned.of(Action.DELETE)) == set(GONE.values())
        assert await tenant.links() == set()
        assert tenant.entries("employee/anna") == []

    tell(story)


def test_two_things_may_trade_names_but_not_keys() -> None:
    async def story(tenant: Tenant) -> None:
        one, two = declare("location/one", name="One"), declare("location/two", name="Two")
        await tenant.settle(manifests(one, two))
        ids = tenant.id("location/one"), tenant.id("location/two")
        await tenant.settle(manifests(change(one, name="Two"), change(two, name="One")))
        assert (tenant.id("location/one"), tenant.id("location/two")) == ids
        assert tenant.held("location/one")["name"] == "Two"

    tell(story)


def test_a_rename_that_is_refused_leaves_the_state_as_it_was() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.vendor(
            "POST", "/employee", {"email": "taken@x.example", "first_name": "a", "last_name": "b", "links": []}
        )
        await tenant.settle(desired())
        renamed = desired(was=True, employee="anna")
        anna: Declared = change(renamed.resources[at("employee/anna")], email="taken@x.example")
        ran = await tenant.apply(
            Desired({**renamed.resources, anna.address: anna}, renamed.whole, {}, renamed.accounts)
        )
        assert set(ran.failed) == {"employee/anna"}
        assert at("employee/ana") in tenant.state.records
        await tenant.settle(renamed)
        assert at("employee/ana") not in tenant.state.records

    tell(story)


def test_an_account_may_be_renamed_and_keeps_its_company() -> None:
    def account(key: str, *was: str) -> Declared:
        life = Lifecycle(was=was)
        return declare(f"account/{key}", life, company_name="W", nick_name="w", email="w@x.example", password="p")

    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(account("west")))
        number = tenant.id("account/west")
        ran = await tenant.settle(manifests(account("coast", "west")))
        assert not ran.planned.calls
        assert tenant.id("account/coast") == number

    tell(story)


def slow(*methods: str) -> Any:
    """Requests of these methods arrive later than those that left after them."""

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            if scope["method"] in methods:
                await asyncio.sleep(0.05)
            await app(scope, receive, send)

        return between

    return wrap


def test_a_location_is_deleted_only_after_hours_that_still_name_it() -> None:
    """Hours there that nobody manages are sent back as read; the vendor would refuse them without the location."""

    async def story(tenant: Tenant) -> None:
        first = manifests(*desired().resources.values(), declare("location/uptown", name="Uptown"))
        await tenant.settle(first)
        entry = {"repeat": 1, "type": 0, "start_date": "1/1/2026", "end_date": "1/2/2026", "days": {},
                 "location_id": tenant.id("location/uptown")}  # fmt: skip
        tenant.tamper_entries("employee/ana", [*tenant.entries("employee/ana"), entry])
        hours = declare("hours/ana/downtown", hours=[{**WEEK[0], "week": {"sat": "09:00-12:00"}}])
        second = without(first, "location/uptown")
        await tenant.settle(Desired({**second.resources, hours.address: hours}, second.whole, {}, second.accounts))

    tell(story, wrap=slow("PUT"))


def test_what_is_pruned_is_not_named_in_other_writes() -> None:
    from provisioner.plan.guard import Policy

    async def story(tenant: Tenant) -> None:
        await tenant.settle(desired())
        downtown, haircut = tenant.id("location/downtown"), tenant.id("service/haircut")
        body = {
            "email": "t@x.example",
            "first_name": "T",
            "last_name": "H",
            "links": {str(downtown): {str(haircut): 1}},
        }
        await tenant.vendor("POST", "/employee", body)
        wanted = desired()
        more = change(wanted.resources[at("location/downtown")], phone="1")
        changed = Desired({**wanted.resources, more.address: more}, wanted.whole, {}, wanted.accounts)
        tenant.policy = Policy(prune="all", allow_destroy=99, allow_update=99)
        await tenant.settle(changed)
        held = await tenant.dump()
        assert [each["email"] for each in held["employees"]] == ["owner@example.com", "ana@x.example"]
        assert len(held["links"]) == 1

    tell(story, wrap=slow("PUT"))
