"""Between a plan and its last write others work, too: nothing of theirs is written over unseen."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from provisioner.kinds.desired import Desired
from provisioner.providers.decided import MAX_AGE
from tests.providers.leaping import Timeless, tell
from tests.support import Ran, Wrap, change, declare, manifests, replaced, without

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
SHORT = [{"dates": "2026", "week": {"mon": "09:00-12:00"}}]
OTHER = [{"dates": "2026", "week": {"sun": "09:00-12:00"}}]
HERE, THERE = declare("location/here", name="Here", phone="1"), declare("location/there", name="There", phone="2")
CUT = declare("service/cut", name="Cut", duration="1 h", price="30")
ANA = declare("employee/ana", email="ana@x.example", first_name="Ana", last_name="Diaz", phone="3")
AT_HERE = declare("hours/ana/here", hours=WEEK)
AWAY = declare("away/ana", away=["2026-08"])
LINK = declare("link/ana/here/cut")
ACCOUNT = declare("account/west", company_name="West", nick_name="west", email="o@w.example", password="pw",
                  phone="4", timezone="America/New_York", options={"currency": "EUR"})  # fmt: skip
NAMES = {"company_name": "West", "nick_name": "west"}
BASE = manifests(ACCOUNT, HERE, THERE, CUT, ANA, AT_HERE, AWAY, LINK)
Meanwhile = Callable[[Timeless], Awaitable[None]]
OLD = MAX_AGE + 1


async def nothing(_tenant: Timeless) -> None:
    """Nobody else is at work."""


async def apply_later(tenant: Timeless, desired: Desired, meanwhile: Meanwhile = nothing, seconds: float = OLD) -> Ran:
    """Plan, let time pass and others work, and then apply what was planned; the log holds the apply alone."""
    provider = tenant.provider()
    planned = await tenant._plan(provider, desired, {})
    await meanwhile(tenant)
    await tenant.clock.sleep(seconds)
    await tenant.clear_calls()
    executor = tenant.executor(planned, provider)
    ran = Ran(planned, await executor.run())
    tenant.state = executor.result
    await provider.close()
    return ran


async def put(tenant: Timeless, address: str, **raw: Any) -> None:
    """Someone else changes an object."""
    kind = address.split("/", maxsplit=1)[0]
    extra: dict[str, Any] = {"links": []} if kind == "employee" else {}
    held = tenant.held(address)
    body = {name: held[name] for name in ("name", "email", "first_name", "last_name", "duration") if name in held}
    await tenant.vendor("PUT", f"/{kind}/{tenant.id(address)}", body | extra | raw)


def settled(story: Callable[[Timeless], Awaitable[None]], **more: Any) -> None:
    """Run a story where everything is applied."""

    async def told(tenant: Timeless) -> None:
        await tenant.settle(BASE)
        await story(tenant)

    tell(told, dialect={"put": "partial"}, **more)


PHONES = replaced(BASE, change(HERE, phone="11"), change(THERE, phone="22"))


# -- objects


def test_what_was_read_just_now_is_not_read_again() -> None:
    async def story(tenant: Timeless) -> None:
        async def meanwhile(tenant: Timeless) -> None:
            await put(tenant, "location/here", phone="nobody saw this")

        ran = await apply_later(tenant, PHONES, meanwhile, MAX_AGE - 1)
        assert ran.applied.complete
        assert await tenant.log("GET") == []
        assert tenant.held("location/here")["phone"] == "11"

    settled(story)


def slowly(method: str, seconds: float, path: str = "") -> Wrap:
    """Some requests take their time."""

    def wrap(app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            await asyncio.sleep(seconds if scope["method"] == method and path in scope["path"] else 0)
            await app(scope, receive, send)

        return between

    return wrap


def test_old_evidence_is_read_again_once_for_all_of_a_list() -> None:
    async def story(tenant: Timeless) -> None:
        tenant.wrap = slowly("GET", 1)
        ran = await apply_later(tenant, replaced(PHONES, change(CUT, price="31")))
        assert ran.applied.complete
        assert await tenant.log("GET", "/location") == [200]
        assert await tenant.log("GET", "/service") == [200]
        assert len(await tenant.log("PUT")) == 3
        await tenant.assert_settled(replaced(PHONES, change(CUT, price="31")))

    settled(story)


@pytest.mark.parametrize("seconds", [0.0, 7.0])
def test_in_a_long_apply_a_list_is_read_again_every_half_minute(seconds: float) -> None:
    many = [declare(f"location/l{n}", name=f"L{n}", phone="1") for n in range(20)]

    async def story(tenant: Timeless) -> None:
        await tenant.settle(manifests(*many))
        tenant.wrap = slowly("PUT", seconds)
        wanted = manifests(*(change(each, phone="2") for each in many))
        ran = await apply_later(tenant, wanted, seconds=0)
        assert ran.applied.complete, ran.failed
        assert len(await tenant.log("GET")) == (20 * seconds) // (MAX_AGE + seconds)
        assert {each["phone"] for each in (await tenant.dump())["locations"]} == {"", "2"}

    tell(story, concurrency=1)


def test_a_field_that_nobody_manages_stays_as_others_left_it() -> None:
    """Also where a PUT writes the whole object."""

    async def story(tenant: Timeless) -> None:
        await tenant.settle(BASE)

        async def meanwhile(tenant: Timeless) -> None:
            tenant.tamper("location/here", description="by someone else", tags="new", photo="p.jpg")
            tenant.tamper("employee/ana", job="Boss")

        wanted = replaced(PHONES, change(ANA, phone="33"))
        assert (await apply_later(tenant, wanted, meanwhile)).applied.complete
        held = tenant.held("location/here")
        assert (held["phone"], held["description"], held["tags"], held["photo"]) == (
            "11", "by someone else", "new", "p.jpg",
        )  # fmt: skip
        assert (tenant.held("employee/ana")["phone"], tenant.held("employee/ana")["job"]) == ("33", "Boss")
        await tenant.assert_settled(wanted)

    tell(story, dialect={"put": "full"})


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"phone": "77"}, 'phone: seen "1", now "77"'),
        ({"name": "Elsewhere"}, 'name: seen "Here", now "Elsewhere"'),
        ({"phone": "77", "name": "X"}, 'name: seen "Here", now "X"; phone: seen "1", now "77"'),
        ({"phone": "7" * 100}, f'phone: seen "1", now "{"7" * 76}...'),
    ],
    ids=str,
)
def test_what_the_plan_decided_on_must_be_as_it_was(raw: dict[str, str], said: str) -> None:
    async def story(tenant: Timeless) -> None:
        async def meanwhile(tenant: Timeless) -> None:
            await put(tenant, "location/here", **raw)

        ran = await apply_later(tenant, PHONES, meanwhile)
        assert ran.failed == {"location/here": f"it changed since the plan was made ({said}): plan again"}
        assert ran.done == ["update location/there"]
        assert len(await tenant.log("PUT")) == 1
        held = tenant.held("location/here")
        assert {name: held[name] for name in raw} == raw
        await tenant.settle(PHONES)

    settled(story)


def test_what_others_made_as_it_is_wanted_is_no_conflict() -> None:
    async def story(tenant: Timeless) -> None:
        async def meanwhile(tenant: Timeless) -> None:
            await put(tenant, "location/here", phone="11")

        assert (await apply_later(tenant, PHONES, meanwhile)).applied.complete
        await tenant.assert_settled(PHONES)

    settled(story)


def test_an_object_that_is_gone_is_not_written() -> None:
    async def story(tenant: Timeless) -> None:
        async def meanwhile(tenant: Timeless) -> None:
            await tenant.vendor("DELETE", f"/location/{tenant.id('location/there')}")

        ran = await apply_later(tenant, PHONES, meanwhile)
        assert ran.failed == {"location/there": "it is gone since the plan was made: plan again"}
        assert ran.done == ["update location/here"]

    settled(story)


def test_what_cannot_be_read_again_is_not_written() -> None:
    async def story(tenant: Timeless) -> None:
        async def meanwhile(tenant: Timeless) -> None:
            await tenant.faults({"fault": "refuse", "method": "GET", "path": "/location", "times": None})

        ran = await apply_later(tenant, PHONES, meanwhile)
        assert set(ran.failed) == {"location/here", "location/there"}
        assert all(why.startswith("reading /location of account 2345") for why in ran.failed.values())
        assert await tenant.log("PUT") == []

    settled(story)


def test_what_is_made_or_deleted_needs_no_second_look() -> None:
    async def story(tenant: Timeless) -> None:
        new = (declare("location/new", name="New"), declare("employee/new", email="n@x.example", first_name="N",
               last_name="N"), declare("hours/new/new", hours=WEEK))  # fmt: skip
        ran = await apply_later(tenant, replaced(without(BASE, "location/there"), *new))
        assert ran.applied.complete
        assert len(ran.done) == 4
        assert await tenant.log("GET") == []

    settled(story)


def test_what_looks_for_a_lost_create_makes_no_old_evidence_young() -> None:
    async def story(tenant: Timeless) -> None:
        async def meanwhile(tenant: Timeless) -> None:
            await put(tenant, "location/here", phone="77")
            await tenant.faults({"fault": "reset", "method": "POST", "path": "/location"})

        new = declare("location/a", name="A")
        ran = await apply_later(tenant, replaced(PHONES, new), meanwhile)
        assert set(ran.failed) == {"location/here"}
        assert sorted(ran.done) == ["create location/a", "update location/there"]

    settled(story, concurrency=1)


def test_an_object_that_only_carries_links_is_sent_back_as_it_is_now() -> None:
    async def story(tenant: Timeless) -> None:
        await tenant.settle(BASE)

        async def meanwhile(tenant: Timeless) -> None:
            tenant.tamper("employee/ana", job="Boss", phone="changed, and nobody decided on it here")

        wanted = replaced(BASE, declare("link/ana/there/cut"))
        ran = await apply_later(tenant, wanted, meanwhile)
        assert ran.applied.complete, ran.failed
        assert len(await tenant.links()) == 2
        held = tenant.held("employee/ana")
        assert (held["job"], held["phone"]) == ("Boss", "changed, and nobody decided on it here")

    tell(story, dialect={"put": "full"})


def test_a_secret_is_in_no_reason() -> None:
    async def story(tenant: Timeless) -> None:
        secret = change(ANA, password="hunter2-new", phone="33")

        async def meanwhile(tenant: Timeless) -> None:
            await put(tenant, "employee/ana", phone="77", password="hunter2-of-someone")

        ran = await apply_later(tenant, replaced(BASE, secret), meanwhile)
        assert ran.failed["employee/ana"].endswith('(phone: seen "3", now "77"): plan again')

    settled(story)


# -- hours


def at_here(tenant: Timeless, hours: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An entry of availability as the vendor keeps it."""
    dates = {"start_date": "1/1/2026", "end_date": "12/31/2026"}
    return {"repeat": 1, "type": 0, **dates, "location_id": tenant.id("location/here"), "days": hours, **more}


def test_entries_that_nobody_manages_stay_as_others_left_them() -> None:
    async def story(tenant: Timeless) -> None:
        theirs: list[dict[str, Any]] = []

        async def meanwhile(tenant: Timeless) -> None:
            there = {"location_id": tenant.id("location/there")}
            theirs.append(at_here(tenant, {"sa": {"time": [["9:00", "10:00"]]}}, **there))
            tenant.tamper_entries("employee/ana", [*tenant.entries("employee/ana"), *theirs])

        wanted = replaced(BASE, declare("hours/ana/here", hours=SHORT))
        ran = await apply_later(tenant, wanted, meanwhile)
        assert ran.applied.complete, ran.failed
        kept = [each for each in tenant.entries("employee/ana") if each.get("location_id") == theirs[0]["location_id"]]
        assert [each["days"] for each in kept] == [theirs[0]["days"]]
        assert len(await tenant.log("GET", "/employee/getAvailabilityTime")) == 2  # once before, once to read it back
        await tenant.assert_settled(wanted)

    settled(story)


@pytest.mark.parametrize("address", ["hours/ana/here", "away/ana", "hours/ana/there"])
def test_hours_that_the_plan_decided_on_must_be_as_they_were(address: str) -> None:
    async def story(tenant: Timeless) -> None:
        ours = {"away": ["2026-09"]} if address == "away/ana" else {"hours": SHORT}
        theirs = {"away": ["2026-10"]} if address == "away/ana" else {"hours": OTHER}
        wanted = replaced(BASE, declare(address, **ours))

        async def meanwhile(tenant: Timeless) -> None:
            state = tenant.state
            await tenant.settle(replaced(BASE, declare(address, **theirs)))
            tenant.state = state

        ran = await apply_later(tenant, wanted, meanwhile)
        assert set(ran.failed) == {address}
        field = address.split("/", maxsplit=1)[0]
        assert ran.failed[address].startswith(f"it changed since the plan was made ({field}: seen ")
        assert ("seen null, now " in ran.failed[address]) == (address == "hours/ana/there")
        assert await tenant.log("PUT") == []
        await tenant.settle(wanted)

    settled(story)


# -- accounts


def test_an_accounts_own_calls_are_no_conflict() -> None:
    """Its time zone is written by two of them, its phone by two others."""

    async def story(tenant: Timeless) -> None:
        wanted = replaced(BASE, change(ACCOUNT, timezone="Europe/Paris", phone="44", first_name="Olga",
                                       options={"currency": "USD"}))  # fmt: skip

        tenant.wrap = slowly("POST", OLD, "/account/save")
        ran = await apply_later(tenant, wanted, seconds=0)
        assert ran.applied.complete, ran.failed
        assert len(await tenant.log("POST", "/account/save")) == 3
        assert len(await tenant.log("GET", "/account")) >= 2
        await tenant.assert_settled(wanted)

    settled(story, concurrency=1)


@pytest.mark.parametrize(
    ("ours", "path", "theirs", "said"),
    [
        ({"phone": "44"}, "saveBussinessInfo", NAMES | {"phone": "77"}, 'phone: seen "4", now "77"'),
        (
            {"options": {"currency": "USD"}},
            "saveOptions",
            {"currency": "GBP"},
            'options.currency: seen "EUR", now "GBP"',
        ),
    ],
    ids=["business", "options"],
)
def test_an_account_must_be_as_the_plan_saw_it(ours: Any, path: str, theirs: Any, said: str) -> None:
    async def story(tenant: Timeless) -> None:
        async def meanwhile(tenant: Timeless) -> None:
            company = tenant.company("west")
            await tenant.vendor("POST", f"/account/{path}", theirs | {"company_id": company}, company=company)

        ran = await apply_later(tenant, replaced(BASE, change(ACCOUNT, **ours)), meanwhile)
        assert said in ran.failed["account/west"]
        assert "POST" not in {call["method"] for call in await tenant.calls() if path in call["path"]}

    settled(story)


def test_an_accounts_unmanaged_fields_stay_as_others_left_them() -> None:
    async def story(tenant: Timeless) -> None:
        await tenant.settle(BASE)

        async def meanwhile(tenant: Timeless) -> None:
            company = tenant.company("west")
            info = NAMES | {"company_id": company, "website": "https://w.example"}
            await tenant.vendor("POST", "/account/saveBussinessInfo", info, company=company)
            options = {"company_id": company, "lang": "fr"}
            await tenant.vendor("POST", "/account/saveOptions", options, company=company)

        ran = await apply_later(
            tenant, replaced(BASE, change(ACCOUNT, phone="44", options={"currency": "USD"})), meanwhile
        )
        assert ran.applied.complete, ran.failed
        company = tenant.company("west")
        business = await tenant.vendor("GET", "/account/getAccountInfo", company=company)
        options = await tenant.vendor("GET", "/account/getOptions", company=company)
        assert (business["phone"], business["website"]) == ("44", "https://w.example")
        assert (options["currency"], options["lang"]) == ("USD", "fr")

    tell(story, dialect={"put": "partial"})
