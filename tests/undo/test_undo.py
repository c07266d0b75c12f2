"""What an undo does, and what it leaves alone, when the tenant went on after the run."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from provisioner.kinds.desired import Desired, Lifecycle
from provisioner.plan.change import Undone
from tests.support import Planned, at, change, declare, manifests, picture, replaced, without
from tests.undo.keeping import Keeping

HOURS: list[dict[str, Any]] = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
ANA: dict[str, Any] = {"email": "ana@x.example", "first_name": "Ana", "last_name": "D"}
CUT = declare("service/cut", name="Cut", duration="45 min", price="30", description="plain")
SALON = manifests(
    CUT,
    declare("location/a", name="A", street1="1 Old Street"),
    declare("employee/ana", **ANA, bio="hello", yelp="https://yelp.example/ana"),
    declare("link/ana/a/cut"),
    declare("hours/ana/a", hours=HOURS),
)
DEARER = replaced(SALON, change(CUT, price="35", description="new"))


@pytest.fixture
def tell() -> Callable[[Callable[[Keeping], Awaitable[None]]], None]:
    def told(story: Callable[[Keeping], Awaitable[None]]) -> None:
        async def whole() -> None:
            await story(tenant)

        tenant = Keeping({"put": "full", "links": "replace", "hours": "replace"})
        try:
            asyncio.run(whole())
        finally:
            tenant.close()

    return told


Tell = Callable[[Callable[[Keeping], Awaitable[None]]], None]


def undone(planned: Planned) -> Undone:
    found = planned.plan.undone
    assert found is not None
    return found


def said(planned: Planned) -> dict[str, str]:
    """Address and fields -> why they stay, or do not come back."""
    found = undone(planned)
    each = [(one.address, one.fields, one.why) for one in found.kept]
    each += [(one.address, one.fields, one.why) for one in found.cannot]
    return {f"{address} {' '.join(fields)}".strip(): why for address, fields, why in each}


def test_exactly_the_fields_that_a_run_changed_go_back(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        did = await tenant.run(DEARER)
        await tenant.vendor(
            "PUT", f"/service/{tenant.id('service/cut')}", tenant.held("service/cut") | {"name": "Snip"}
        )
        planned, _ = await tenant.undo(did, DEARER)
        assert planned.summary() == ["update service/cut"]
        assert planned.fields("service/cut") == ["description", "price"]
        held = tenant.held("service/cut")
        assert (float(held["price"]), held["description"], held["name"]) == (30, "plain", "Snip")

    tell(story)


def test_what_somebody_changed_since_is_left_alone_unless_asked(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        did = await tenant.run(DEARER)
        tenant.tamper("service/cut", price=99)
        planned = await tenant.undoing(did, DEARER)
        assert planned.fields("service/cut") == ["description"]
        assert said(planned) == {"service/cut price": "somebody else changed it since"}
        assert planned.plan.drift == ()
        await tenant.undo(did, DEARER)
        assert float(tenant.held("service/cut")["price"]) == 99
        asked, _ = await tenant.undo(did, DEARER, overwrite=True)
        assert asked.fields("service/cut") == ["price"]
        assert float(tenant.held("service/cut")["price"]) == 30

    tell(story)


def test_what_a_later_apply_changed_is_called_that(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        did = await tenant.run(DEARER)
        later = replaced(DEARER, change(CUT, price="40", description="new"))
        await tenant.settle(later)
        planned = await tenant.undoing(did, later)
        assert said(planned) == {"service/cut price": "a later apply changed it"}

    tell(story)


def test_the_state_is_what_it_was_and_the_manifests_are_what_they_are(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        before = tenant.state.records
        did = await tenant.run(DEARER)
        planned, _ = await tenant.undo(did, DEARER)
        assert [str(a) for a in undone(planned).asked] == ["service/cut"]
        assert tenant.state.records == before
        again = await tenant.plan(DEARER)
        assert again.reason("service/cut") == "the manifests changed"
        assert not again.plan.drift
        await tenant.assert_settled(SALON)

    tell(story)


def test_nothing_is_asked_of_manifests_that_were_reverted(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        did = await tenant.run(DEARER)
        assert undone(await tenant.undoing(did, SALON)).asked == ()

    tell(story)


def test_what_was_destroyed_comes_back_with_its_hours_and_links(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        old = tenant.id("employee/ana")
        gone = without(SALON, "employee/ana", "link/ana/a/cut", "hours/ana/a")
        did = await tenant.run(gone)
        assert await tenant.links() == set()
        planned, _ = await tenant.undo(did, gone)
        assert planned.of(planned.plan.changes[0].action) == ["employee/ana", "link/ana/a/cut", "hours/ana/a"]
        new = tenant.id("employee/ana")
        assert new != old
        assert await tenant.links() == {(new, tenant.id("location/a"), tenant.id("service/cut"))}
        assert tenant.held("employee/ana")["bio"] == "hello"
        assert tenant.held("employee/ana")["yelp"] == "https://yelp.example/ana"
        assert "comes back as a new object" in said(planned)["employee/ana"]
        await tenant.assert_settled(SALON)

    tell(story)


def test_an_undo_of_one_field_keeps_what_the_vendor_never_shows(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        ana = SALON.resources[at("employee/ana")]
        after = replaced(SALON, change(ana, bio="new"))
        did = await tenant.run(after)
        await tenant.undo(did, after)
        assert tenant.held("employee/ana")["bio"] == "hello"
        assert tenant.held("employee/ana")["yelp"] == "https://yelp.example/ana"

    tell(story)


def test_what_a_run_made_is_destroyed_and_what_changed_in_it_is_told(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        after = replaced(SALON, declare("service/dye", name="Dye", duration="30 min", price="50"))
        did = await tenant.run(after)
        tenant.tamper("service/dye", price=60)
        planned, _ = await tenant.undo(did, after)
        assert planned.summary() == ["delete service/dye"]
        assert planned.reason("service/dye") == "run 1 made it"
        assert said(planned) == {"service/dye price": "it changed since, and goes all the same"}
        await tenant.assert_settled(SALON)

    tell(story)


def test_a_lost_state_hinders_no_undo(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        after = replaced(DEARER, declare("service/dye", name="Dye", duration="30 min"))
        did = await tenant.run(without(after, "hours/ana/a"))
        tenant.forget()
        planned, _ = await tenant.undo(did, after)
        assert sorted(planned.summary()) == ["create hours/ana/a", "delete service/dye", "update service/cut"]
        left = await tenant.plan(SALON)
        assert {summary.split()[0] for summary in left.summary()} <= {"adopt"}

    tell(story)


def test_a_rename_goes_back_with_all_that_hangs_on_it(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        before = tenant.state.records
        renamed = manifests(
            declare("service/snip", Lifecycle(was=("cut",)), name="Snip", duration="45 min", price="30"),
            *(d for a, d in SALON.resources.items() if a.kind in ("location", "employee", "hours")),
            declare("link/ana/a/snip"),
        )
        did = await tenant.run(renamed)
        planned, _ = await tenant.undo(did, renamed)
        assert planned.summary() == ["update service/cut"]
        assert {a: r.id for a, r in tenant.state.records.items()} == {a: r.id for a, r in before.items()}
        await tenant.assert_settled(SALON)

    tell(story)


def test_what_was_adopted_is_let_go_and_what_was_forgotten_is_taken_up(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.vendor("POST", "/service", {"name": "Theirs", "duration": 30})
        theirs = declare("service/theirs", name="Theirs", duration="30 min")
        await tenant.settle(SALON)
        adopted = await tenant.run(replaced(SALON, theirs))
        planned, forgotten = await tenant.undo(adopted, SALON)
        assert planned.summary() == ["forget service/theirs"]
        assert at("service/theirs") not in tenant.state.records
        again, _ = await tenant.undo(forgotten, SALON)
        assert again.summary() == ["adopt service/theirs"]
        assert tenant.state.records[at("service/theirs")].owned is False

    tell(story)


def test_what_was_adopted_and_changed_goes_back_and_is_let_go(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.vendor("POST", "/service", {"name": "Theirs", "duration": 30})
        did = await tenant.run(manifests(declare("service/theirs", name="Theirs", duration="60 min")))
        planned, _ = await tenant.undo(did, SALON)
        assert planned.summary() == ["update service/theirs"]
        assert at("service/theirs") not in tenant.state.records
        assert "Theirs" in {each["name"] for each in (await tenant.dump())["services"] if each["duration"] == 30}

    tell(story)


def test_what_is_gone_or_live_again_is_said_and_left(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        did = await tenant.run(without(DEARER, "location/a", "link/ana/a/cut", "hours/ana/a"))
        await tenant.vendor("DELETE", f"/service/{tenant.id('service/cut')}")
        await tenant.vendor("POST", "/location", {"name": "A"})
        planned = await tenant.undoing(did, DEARER)
        told = said(planned)
        assert told["service/cut"] == "it is not live any more: it was deleted since"
        assert told["location/a"].startswith("it is live again (id ")
        assert told["link/ana/a/cut"] == "service/cut is not live any more"
        assert planned.summary() == ["create hours/ana/a"]

    tell(story)


def test_secrets_and_pictures_do_not_come_back(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        person = declare("employee/bo", email="bo@x.example", first_name="B", last_name="O", password="hush-hush",
                         photo=picture("photos/bo.png", b"bo"))  # fmt: skip
        await tenant.settle(replaced(SALON, person))
        did = await tenant.run(SALON)
        assert "hush-hush" not in str(did.steps)
        planned, _ = await tenant.undo(did, SALON)
        told = said(planned)
        assert told["employee/bo password"] == "what was before is a secret, which is never kept"
        assert told["employee/bo photo"] == "what was before is a picture, whose content is not kept"
        assert tenant.held("employee/bo")["first_name"] == "B"

    tell(story)


def test_a_sub_account_stays_and_what_is_in_it_goes(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        west = replaced(
            SALON,
            declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw"),
            declare("west/service/cut", name="Cut", duration="45 min"),
        )
        west = replace(west, accounts=frozenset({"", "west"}))
        did = await tenant.run(west)
        planned, _ = await tenant.undo(did, west)
        assert said(planned)["account/west"] == "an account is never deleted; it stays live, unmanaged"
        assert "delete west/service/cut" in planned.summary()
        assert not [a for a in tenant.state.records if "west" in str(a)]

    tell(story)


def test_an_undo_and_its_undo_are_where_they_began(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        gone = without(DEARER, "employee/ana", "link/ana/a/cut", "hours/ana/a")
        did = await tenant.run(gone)
        _, back = await tenant.undo(did, gone)
        _, forth = await tenant.undo(back, SALON)
        await tenant.assert_settled(gone)
        await tenant.undo(forth, gone)
        await tenant.assert_settled(SALON)
        nothing = await tenant.undoing(did, SALON)
        assert nothing.summary() == []

    tell(story)


def test_a_second_undo_has_nothing_to_do(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        did = await tenant.run(DEARER)
        await tenant.undo(did, DEARER)
        planned = await tenant.undoing(did, DEARER)
        assert planned.summary() == []
        assert not planned.calls
        assert planned.plan.refreshed == {}

    tell(story)


def test_a_link_with_something_that_nobody_manages_comes_back(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        apart = without(SALON, "link/ana/a/cut")
        apart = Desired(apart.resources, {}, {}, apart.accounts)
        await tenant.settle(apart)
        theirs = (await tenant.vendor("POST", "/service", {"name": "Theirs", "duration": 30}))["id"]
        links = {str(tenant.id("location/a")): {str(theirs): 1}}
        await tenant.vendor(
            "PUT", f"/employee/{tenant.id('employee/ana')}", tenant.held("employee/ana") | {"links": links}
        )
        before = await tenant.links()
        did = await tenant.run(SALON)
        assert await tenant.links() != before
        planned, _ = await tenant.undo(did, apart)
        assert planned.summary() == [f"create link/ana/a/id:{theirs}", "delete link/ana/a/cut"]
        assert await tenant.links() == before
        assert not [a for a in tenant.state.records if "id:" in str(a)]

    tell(story)
