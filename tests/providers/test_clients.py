"""Clients are written by bookings as well: what moved outside is shown and left, what the manifests edit is sent."""

from typing import Any

import pytest

from provisioner.kinds.desired import Lifecycle
from provisioner.plan.change import Action
from provisioner.providers.base import Ask
from provisioner.providers.setster.sought import FEW
from tests.support import (
    DIALECTS,
    NO_BOUNDS,
    Dialect,
    Tenant,
    at,
    change,
    declare,
    intercept,
    manifests,
    replaced,
    spoken,
    tell,
    without,
)

LIV = declare("client/liv", email="liv@example.com", name="Liv Ås", phone="+47 22", notes="tea", birthday="1990-08-03")
BO = declare("client/bo", email="Bo@example.com", name="Bo", accept_emails=True)
BASE = manifests(LIV, BO)


@pytest.fixture(params=DIALECTS, ids=spoken)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    return found


async def booked(tenant: Tenant, address: str = "client/liv", **fields: Any) -> None:
    """Someone books, and what they say of themselves is written over what was known."""
    tenant.tamper(address, **({"phone": "555", "last_app_date": "2026-05-01T10:00:00Z"} | fields))


async def strangers(tenant: Tenant, count: int) -> None:
    for number in range(count):
        await tenant.vendor("POST", "/client", {"email": f"s{number}@x.example", "name": f"Stranger {number}"})


def test_clients_are_made_with_one_call_each_and_found_again(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        made = await tenant.settle(BASE)
        assert len(made.planned.calls) == made.applied.writes == 2
        before = await tenant.dump()
        tenant.forget()
        again = await tenant.settle(BASE)
        assert again.planned.of(Action.ADOPT) == ["client/bo", "client/liv"]
        assert again.applied.writes == 0
        assert await tenant.dump() == before

    tell(story, dialect)


def test_what_a_booking_wrote_is_shown_and_left(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await booked(tenant)
        ran = await tenant.settle(BASE)
        assert not ran.planned.calls
        assert ran.planned.plan.drift == ()
        (left,) = ran.planned.plan.left
        assert (left.address, [f.name for f in left.fields], left.gone) == (at("client/liv"), ["phone"], False)
        assert tenant.held("client/liv")["phone"] == "555"

    tell(story, dialect)


def test_an_edit_is_sent_and_only_the_edit(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await booked(tenant, photo="liv.png")
        ran = await tenant.settle(replaced(BASE, change(LIV, notes="coffee")))
        assert ran.planned.summary() == ["update client/liv"]
        assert ran.planned.fields("client/liv") == ["notes"]
        assert len(ran.planned.calls) == 1
        held = tenant.held("client/liv")
        assert (held["notes"], held["phone"], held["photo"]) == ("coffee", "555", "liv.png")
        assert [f.name for left in ran.planned.plan.left for f in left.fields] == ["phone"]

    tell(story, dialect)


def test_an_edit_of_what_moved_as_well_is_sent(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await booked(tenant)
        ran = await tenant.settle(replaced(BASE, change(LIV, phone="+47 33")))
        assert ran.planned.fields("client/liv") == ["phone"]
        assert [str(c.address) for c in ran.planned.plan.drift] == ["client/liv"]
        assert ran.planned.plan.left == ()
        assert tenant.held("client/liv")["phone"] == "+47 33"

    tell(story, dialect)


def test_an_edit_to_what_is_live_ends_the_drift() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await booked(tenant)
        taken = replaced(BASE, change(LIV, phone="555"))
        ran = await tenant.apply(taken)
        assert (ran.planned.summary(), ran.planned.plan.left) == ([], ())
        await booked(tenant, phone="666")
        assert len((await tenant.plan(taken)).plan.left) == 1

    tell(story)


def test_a_field_that_is_new_in_the_manifests_is_an_edit() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        tenant.tamper("client/bo", city="Oslo")
        ran = await tenant.settle(replaced(BASE, change(BO, city="Bergen")))
        assert ran.planned.fields("client/bo") == ["city"]
        assert tenant.held("client/bo")["city"] == "Bergen"

    tell(story)


def test_who_is_found_live_is_adopted_as_they_are() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.vendor("POST", "/client", {"email": "LIV@example.com", "name": "Liv", "phone": "555"})
        ran = await tenant.settle(manifests(LIV))
        assert ran.planned.summary() == ["adopt client/liv"]
        assert ran.planned.reason("client/liv") == "found live by its email; what differs is left as it is"
        assert tenant.held("client/liv")["phone"] == "555"
        edited = await tenant.settle(manifests(change(LIV, phone="+47 33")))
        assert edited.planned.fields("client/liv") == ["phone"]
        assert tenant.held("client/liv")["name"] == "Liv"

    tell(story)


@pytest.mark.parametrize("prune", ["owned", "all", "never"])
def test_a_client_is_never_deleted(prune: str) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await strangers(tenant, 2)
        tenant.policy = type(NO_BOUNDS)(prune=prune, allow_destroy=10**6)
        for gone in (without(BASE, "client/liv"), manifests()):
            ran = await tenant.settle(gone)
            assert {c.action for c in ran.planned.plan.changes} == {Action.FORGET}
            assert ran.planned.plan.changes[0].reason == "a client is never deleted; it stays live, unmanaged"
        assert not tenant.state.records
        assert len((await tenant.dump())["clients"]) == 4

    tell(story)


def test_a_client_that_was_deleted_is_not_made_again_until_the_state_forgets_them() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await tenant.vendor("DELETE", f"/client/{tenant.id('client/liv')}")
        ran = await tenant.settle(BASE)
        assert [(str(left.address), left.gone) for left in ran.planned.plan.left] == [("client/liv", True)]
        del tenant.state.records[at("client/liv")]  # type: ignore[attr-defined]
        assert (await tenant.settle(BASE)).planned.summary() == ["create client/liv"]

    tell(story)


def test_a_client_that_was_deleted_and_booked_again_is_found_by_their_address() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await tenant.vendor("DELETE", f"/client/{tenant.id('client/liv')}")
        new = await tenant.vendor("POST", "/client", {"email": "liv@example.com", "name": "Liv"})
        ran = await tenant.settle(BASE)
        assert ran.planned.summary() == ["adopt client/liv"]
        assert tenant.id("client/liv") == new["client_id"]

    tell(story)


def test_an_address_that_changes_hands_waits_for_who_gives_it_up(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        moved = replaced(BASE, change(LIV, email="ny@example.com"), change(BO, email="liv@example.com"))
        ran = await tenant.settle(moved)
        assert len(ran.planned.calls) == 2
        assert tenant.held("client/bo")["email"] == "liv@example.com"

    tell(story, dialect)


def test_a_renamed_key_is_the_same_person() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await booked(tenant, email="new@example.com")
        renamed = declare("client/liv-as", Lifecycle(was=("liv",)), email="liv@example.com", name="Liv Ås")
        ran = await tenant.settle(manifests(BO, renamed))
        assert ran.planned.summary() == ["adopt client/liv-as"]
        assert [f.name for left in ran.planned.plan.left for f in left.fields] == ["email"]

    tell(story)


def test_only_the_wanted_are_read_while_they_are_few() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        await strangers(tenant, 150)
        await tenant.clear_calls()
        planned = await tenant.plan(BASE)
        ids = {str(tenant.id("client/liv")), str(tenant.id("client/bo"))}
        assert planned.evidence.reads == 2
        assert {live.id for live in planned.evidence.of("", "client")} == ids
        new = await tenant.plan(replaced(BASE, declare("client/new", email="s149@x.example", name="S")))
        assert new.summary() == ["adopt client/new"]
        assert new.evidence.reads == 3

    tell(story)


def test_many_are_read_at_once_however_long_the_list_is() -> None:
    async def story(tenant: Tenant) -> None:
        await strangers(tenant, 150)
        many = manifests(
            *(
                declare(f"client/c{n}", email=f"s{n + 130}@x.example", name=f"Stranger {n + 130}")
                for n in range(FEW + 1)
            )
        )
        planned = await tenant.plan(many)
        assert planned.evidence.reads == 1
        assert len(planned.evidence.of("", "client")) == 20
        assert sorted(planned.of(Action.ADOPT)) == sorted(f"client/c{n}" for n in range(20))
        assert planned.of(Action.CREATE) == ["client/c20"]
        await tenant.settle(many)

    tell(story)


def test_a_vendor_that_finds_too_much_is_read_with_care() -> None:
    others = [{"client_id": 9, "email": "x@example.com", "name": "X"}]
    alike = {"client_id": 8, "email": "liv@example.com.example", "name": "Y"}

    async def story(tenant: Tenant) -> None:
        tenant.wrap = intercept(
            lambda method, path, _: (200, {"statusCode": 0, "statusDescriptions": "OK", "data": [*others, alike]})
            if (method, path) == ("GET", "/client") else None
        )  # fmt: skip
        planned = await tenant.plan(manifests(LIV))
        assert planned.evidence.of("", "client") == ()

    tell(story)


@pytest.mark.parametrize("fields", [{"birthday": "0000-08-03"}, {"birthday": "1990-08-03 00:00:00"}, {"gender": "F"}])
def test_the_vendors_spellings_are_no_difference(fields: dict[str, Any]) -> None:
    async def story(tenant: Tenant) -> None:
        wanted = manifests(change(LIV, gender="f"))
        await tenant.settle(wanted)
        tenant.tamper("client/liv", **fields)
        planned = await tenant.plan(wanted)
        assert (planned.summary(), planned.plan.left) == ([], ())

    tell(story)


def test_a_field_that_is_cleared_reads_back_as_nothing(dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        full = change(LIV, gender="f", city="Oslo", client_since="2020-01-01")
        await tenant.settle(manifests(full))
        bare = change(full, gender=None, city=None, client_since=None, birthday=None, phone=None)
        ran = await tenant.settle(manifests(bare))
        assert len(ran.planned.calls) == 1
        held = tenant.held("client/liv")
        assert (held["gender"], held["city"], held["cient_since"], held["birthday"]) == (None, "", "", "")

    tell(story, dialect)


def test_what_moved_while_someone_decided_is_not_written_over_and_not_shown() -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(BASE)
        provider = tenant.provider()
        planned = await tenant._plan(provider, replaced(BASE, change(LIV, phone="+47 33")), {})
        await booked(tenant)
        provider._newest._found.clear()  # as if it were long ago
        executor = tenant.executor(planned, provider)
        applied = await executor.run()
        await provider.close()
        ((_, why),) = applied.failed
        assert why == "it changed since the plan was made (phone: seen (not shown), now (not shown)): plan again"
        assert tenant.held("client/liv")["phone"] == "555"

    tell(story)


def test_asking_for_no_one_in_particular_reads_the_whole_list() -> None:
    async def story(tenant: Tenant) -> None:
        await strangers(tenant, 130)
        provider = tenant.provider()
        await provider.sign_in()
        evidence = await provider.read([Ask("client", "", "2345")])
        await provider.close()
        assert len(evidence.of("", "client")) == 130

    tell(story)
