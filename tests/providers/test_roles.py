"""What a new account comes with is claimed by role: found and modified, or created where the vendor brought none."""

from collections.abc import Callable
from typing import Any

import pytest

from provisioner.errors import ManifestError
from provisioner.plan.change import Action
from provisioner.sandbox.tables import objects
from tests.support import (
    DIALECTS,
    Dialect,
    Tenant,
    change,
    declare,
    intercept,
    manifests,
    ok,
    refusal,
    replaced,
    spoken,
    tell,
    without,
)

ACCOUNT = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw")
MAIN = declare("west/location/downtown", name="Downtown", main=True, street1="1 Main")
DEFAULT = declare("west/service/haircut", name="Haircut", duration="45 min", default=True)
OWNER = declare("west/employee/bob", email="o@w.example", first_name="Bob", last_name="Own", owner=True, job="Boss")
LINK = declare("west/link/bob/downtown/haircut")
BASE = manifests(ACCOUNT, MAIN, DEFAULT, OWNER, LINK)
SECOND = declare("location/second", name="Second")


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


def test_claimed_roles_are_found_and_modified_never_made_twice(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        ran = await tenant.settle(BASE)
        held = await tenant.dump(tenant.company("west"))
        assert [(each["name"], each["is_main"]) for each in held["locations"]] == [("Downtown", True)]
        assert [(each["name"], each["tmp_default"]) for each in held["services"]] == [("Haircut", True)]
        assert [(each["job"], each["is_owner"]) for each in held["employees"]] == [("Boss", True)]
        assert len(held["links"]) == 1
        assert ran.applied.writes == 4

    tell(story, dialect)


def empty(path: str, **answers: Callable[[], Any]) -> Callable[[str, str, str], Any]:
    """Nothing is found at one path while an apply looks for what came with an account."""
    del answers

    def matching(method: str, asked: str, query: str) -> Any:
        return ok([]) if method == "GET" and asked == path and "61401" in query else None

    return matching


@pytest.mark.parametrize(("path", "made"), [("/location", "Downtown"), ("/service", "Haircut")])
def test_a_role_that_nobody_holds_is_created_instead(path: str, made: str, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        ran = await tenant.apply(BASE)
        assert ran.applied.complete, ran.failed
        held = (await tenant.dump(tenant.company("west")))[f"{path[1:]}s"]
        assert [each["name"] for each in held][1:] == [made]
        assert len((await tenant.dump(tenant.company("west")))["links"]) == 1

    tell(story, dialect, wrap=intercept(empty(path)))


def test_a_default_service_that_is_gone_already_is_created() -> None:
    """Not by pretence: it is deleted as soon as its account is there."""

    def deleting(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            await app(scope, receive, send)
            if scope["method"] == "POST" and scope["path"] == "/api/v2/account":
                store = app.state.store
                for number in objects.ids(store, "service", 61401):
                    objects.delete(store, "service", number)

        return between

    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        held = (await tenant.dump(tenant.company("west")))["services"]
        assert [(each["name"], each["tmp_default"]) for each in held] == [("Haircut", False)]
        tenant.forget()
        assert not (await tenant.plan(BASE)).calls

    tell(story, wrap=deleting)


def test_a_look_that_fails_is_a_failure_of_whoever_waits_for_it() -> None:
    def refusing(method: str, path: str, query: str) -> Any:
        return refusal("not today") if method == "GET" and path == "/location" and "61401" in query else None

    async def story(tenant: Tenant) -> None:
        ran = await tenant.apply(BASE)
        assert set(ran.failed) == {"west/location/downtown"}
        assert "not today" in ran.failed["west/location/downtown"]
        assert "create west/service/haircut" in ran.done

    tell(story, wrap=intercept(refusing))


@pytest.mark.parametrize("answer", [{"a": 1}, "later", 7, [3], [{"no": "id"}], [[]]])
def test_a_look_that_makes_no_sense_is_a_failure_too(answer: Any) -> None:
    def odd(method: str, path: str, query: str) -> Any:
        return ok(answer) if method == "GET" and path == "/location" and "61401" in query else None

    async def story(tenant: Tenant) -> None:
        ran = await tenant.apply(BASE)
        assert set(ran.failed) == {"west/location/downtown"}

    tell(story, wrap=intercept(odd))


def test_owner_and_main_location_are_forgotten_and_the_default_service_is_destroyed(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        ran = await tenant.settle(manifests(ACCOUNT))
        assert ran.planned.of(Action.FORGET) == ["west/location/downtown", "west/employee/bob"]
        assert ran.planned.of(Action.DELETE) == ["west/link/bob/downtown/haircut", "west/service/haircut"]
        assert {ran.planned.reason(a) for a in ran.planned.of(Action.FORGET)} == {
            "the main location can never be deleted; it stays live, unmanaged",
            "the owner employee can never be deleted; it stays live, unmanaged",
        }
        assert len(ran.planned.calls) == 1
        everything = await tenant.dump(61401)
        assert [len(everything[kind]) for kind in ("locations", "employees", "services", "links")] == [1, 1, 0, 0]

    tell(story, dialect)


def test_destroying_everything_leaves_what_cannot_be_destroyed(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(replaced(BASE, SECOND))
        nothing = manifests(accounts=["west"])
        ran = await tenant.apply(nothing, destroy=True)
        assert ran.applied.complete
        assert ran.planned.of(Action.FORGET) == ["account/west", "west/location/downtown", "west/employee/bob"]
        assert not tenant.state.records
        assert not (await tenant.plan(nothing, destroy=True)).plan.changes

    tell(story, dialect)


def test_a_role_is_taken_over_in_an_account_that_lives_already(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(ACCOUNT))
        ran = await tenant.settle(BASE)
        assert ran.planned.of(Action.CREATE) == ["west/link/bob/downtown/haircut"]
        assert ran.planned.of(Action.UPDATE) == ["west/location/downtown", "west/service/haircut", "west/employee/bob"]
        assert len(ran.planned.calls) == 3

    tell(story, dialect)


@pytest.mark.parametrize("state", ["kept", "lost"])
def test_a_claim_of_a_role_that_another_holds_is_a_problem(state: str) -> None:
    async def story(tenant: Tenant) -> None:
        other = declare("west/location/other", name="Other")
        await tenant.settle(replaced(BASE, other))
        if state == "lost":
            return
        moved = without(
            replaced(BASE, change(other, main=True)), "west/location/downtown", "west/link/bob/downtown/haircut"
        )
        with pytest.raises(ManifestError, match="west/location/other claims to be the main location") as caught:
            await tenant.plan(moved)
        assert "move `main: true` to the one it is" in str(caught.value)

    tell(story)


def test_the_parent_manages_its_own_account_and_its_own_owner(dialect: Dialect) -> None:
    parent = declare("account/hq", parent=True, company_name="Headquarters", website="www.hq.example",
                     options={"auto_confirm": True})  # fmt: skip
    owner = declare("employee/me", email="owner@example.com", first_name="I", last_name="Me", owner=True)

    async def story(tenant: Tenant) -> None:
        await tenant.settle(manifests(parent, owner, declare("location/main", name="Main", main=True)))
        held = await tenant.dump(2345)
        assert held["accounts"][0]["company_name"] == "Headquarters"
        assert held["accounts"][0]["options"]["auto_confirm"] == 1
        assert [each["name"] for each in held["locations"]] == ["Main"]
        assert [each["first_name"] for each in held["employees"]] == ["I"]

    tell(story, dialect)
