"""Random tenants become what the manifests say, then what other manifests say, and nobody else's things are touched."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from provisioner.kinds.desired import Declared, Desired, Lifecycle
from provisioner.plan.change import Action
from provisioner.providers.base import Effect
from tests.support import DIALECTS, NO_BOUNDS, Dialect, Json, Ran, Tenant, declare, manifests, picture, tell

BOUNDED = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
KINDS = ("location", "service", "employee")
ROLES = {"location": "main", "service": "default", "employee": "owner"}
NUMBERS = range(3)
YEARS = ("2026", "2027")
EVENTS = ("appointment.created", "appointment.updated", "appointment.canceled")
RULE: dict[str, Any] = {"rule": "last monday of may"}
CHOICE: dict[str, Any] = {"type": "dropdown", "options": ["x", "y"]}
TEXT: dict[str, Any] = {"type": "text"}
FACES = {words: picture(f"photos/face-{words}.png", words.encode()) for words in ("", "x", "Ü")}
LISTS = {"location": "locations", "service": "services", "employee": "employees"}
WEEKS: tuple[dict[str, Any], ...] = ({"mon-fri": "09:00-17:00"}, {"sat": "10:00-14:00"}, {"daily": "08:00-20:00"})


@dataclass(frozen=True)
class Thing:
    """One object of a random wish: the same number is the same thing, whatever its key and fields."""

    number: int
    renamed: bool
    active: bool
    words: str

    def key(self, kind: str) -> str:
        return f"{'new-' if self.renamed else ''}{kind}{self.number}"


@dataclass(frozen=True)
class Wish:
    """A random account's contents; keys come from the things."""

    things: Mapping[str, tuple[Thing, ...]]
    links: frozenset[tuple[int, int, int]]
    hours: Mapping[tuple[int, int], tuple[str, int]]
    away: frozenset[int]
    options: bool
    hooks: Mapping[int, tuple[str, ...]]
    clients: Mapping[int, str]
    days: Mapping[int, tuple[bool, bool]]
    form: Mapping[int, tuple[bool, bool]]

    def key(self, kind: str, number: int) -> str | None:
        return next((thing.key(kind) for thing in self.things[kind] if thing.number == number), None)


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    thing = st.builds(Thing, st.sampled_from(NUMBERS), st.booleans(), st.booleans(), st.sampled_from(["", "x", "Ü"]))
    things = {kind: tuple(draw(st.lists(thing, max_size=3, unique_by=lambda each: each.number))) for kind in KINDS}
    number = st.sampled_from(NUMBERS)
    return Wish(
        things,
        draw(st.frozensets(st.tuples(number, number, number), max_size=20)),
        draw(
            st.dictionaries(st.tuples(number, number), st.tuples(st.sampled_from(YEARS), st.integers(0, 2)), max_size=6)
        ),
        draw(st.frozensets(number, max_size=2)),
        draw(st.booleans()),
        draw(
            st.dictionaries(
                number, st.lists(st.sampled_from(EVENTS), unique=True, min_size=1, max_size=3).map(tuple), max_size=2
            )
        ),
        draw(st.dictionaries(number, st.sampled_from(["", "x", "Ü"]), max_size=3)),
        draw(st.dictionaries(number, st.tuples(st.booleans(), st.booleans()), max_size=3)),
        draw(st.dictionaries(number, st.tuples(st.booleans(), st.booleans()), max_size=3)),
    )


@dataclass(frozen=True)
class World:
    """A random wish for the parent and for up to two sub-accounts, of which some claim what they came with."""

    parent: Wish
    accounts: Mapping[str, Wish]


def worlds() -> st.SearchStrategy[World]:
    return st.builds(World, wishes(), st.dictionaries(st.sampled_from(["east", "west"]), wishes(), max_size=2))


def objects_of(scope: str, wish: Wish) -> list[Declared]:
    prefix, claims = (f"{scope}/", scope == "west") if scope else ("", False)
    found = []
    for kind in KINDS:
        for thing in wish.things[kind]:
            other = Thing(thing.number, not thing.renamed, thing.active, "").key(kind)
            was = (other,) if thing.number else ()  # without it the thing is known by its name
            role = {ROLES[kind]: True} if claims and thing.number == 0 else {}
            found.append(
                declare(f"{prefix}{kind}/{thing.key(kind)}", Lifecycle(was=was), **role, **fields(kind, scope, thing))
            )
    return found


def fields(kind: str, scope: str, thing: Thing) -> dict[str, Any]:
    number, words = thing.number, thing.words or None
    if kind == "location":
        photo = FACES[thing.words] if thing.active else None
        place = {"virtual": thing.active, "street1": words, "timezone": "Europe/Paris"}
        return {"name": f"Place {number}", **place, "photo": photo}
    if kind == "service":
        return {"name": f"Work {number}", "duration": f"{15 * (1 + thing.active)} min", "description": words}
    owner = scope == "west" and number == 0
    return {
        "email": "o@west.example" if owner else f"p{number}@{scope or 'parent'}.example",
        "first_name": f"P{number}",
        "last_name": "Q",
        "active": thing.active,
        "bio": words,
    }


def relations_of(scope: str, wish: Wish) -> list[Declared]:
    prefix = f"{scope}/" if scope else ""
    found = []
    for employee, location, service in sorted(wish.links):
        keys = [
            wish.key(k, n)
            for k, n in zip(("employee", "location", "service"), (employee, location, service), strict=True)
        ]
        if all(keys):
            found.append(declare(f"{prefix}link/{'/'.join(map(str, keys))}"))
    for (employee, location), (year, week) in wish.hours.items():
        who, where = wish.key("employee", employee), wish.key("location", location)
        if who and where:
            found.append(declare(f"{prefix}hours/{who}/{where}", hours=[{"dates": year, "week": WEEKS[week]}]))
    for employee in wish.away:
        who = wish.key("employee", employee)
        if who:
            found.append(declare(f"{prefix}away/{who}", away=["2026-08-03..2026-08-14"]))
    return found


def others_of(scope: str, wish: Wish) -> list[Declared]:
    """What stands by itself: webhooks, the order of lists, and clients, who stay when they leave the manifests."""
    prefix, host = (f"{scope}/", scope) if scope else ("", "parent")
    hooks = [
        declare(f"{prefix}webhook/h{n}", target_url=f"https://{host}.example/{n}", events=list(events))
        for n, events in wish.hooks.items()
    ]
    clients = [
        declare(f"{prefix}client/c{n}", email=f"c{n}@{host}.example", name=f"C{n}", notes=words or None)
        for n, words in wish.clients.items()
    ]
    days = [
        declare(f"{prefix}holiday/d{n}", name=f"Day {n}", enabled=on, **(RULE if rule else {"dates": f"2026-0{n + 1}"}))
        for n, (rule, on) in wish.days.items()
    ]
    form = [
        declare(f"{prefix}custom_field/f{n}", label=f"Field {n}", hint="?", **(CHOICE if choice else TEXT), required=on)
        for n, (choice, on) in wish.form.items()
    ]
    orders = [
        declare(f"{prefix}order/{LISTS[kind]}", keys=[thing.key(kind) for thing in things])
        for kind, things in wish.things.items()
        if wish.options and things
    ]
    return [*hooks, *clients, *days, *form, *orders]


def desired_of(world: World) -> Desired:
    declared = []
    for scope, wish in world.accounts.items():
        options: dict[str, Any] = {"options": {"currency": "EUR", "prior_notice": "3 h"}} if wish.options else {}
        declared.append(
            declare(
                f"account/{scope}",
                company_name=scope.title(),
                nick_name=scope,
                email=f"o@{scope}.example",
                password="pw",
                **options,
            )
        )
    for scope, wish in (("", world.parent), *world.accounts.items()):
        declared += objects_of(scope, wish) + relations_of(scope, wish) + others_of(scope, wish)
    return manifests(*declared)


def bound(world: World, scope: str) -> int:
    """The writes that a new account takes at most: itself, its options, each object, each picture, hours once per
    employee, one call for each list that is put in order, and one for all custom fields.
    """
    wish = world.accounts[scope]
    mine = {d.address.key[0] for d in relations_of(scope, wish) if d.address.kind in ("hours", "away")}
    others = {d.address.kind if d.address.kind == "custom_field" else str(d.address) for d in others_of(scope, wish)}
    pictures = sum(thing.active for thing in wish.things["location"])
    return 1 + wish.options + sum(len(wish.things[kind]) for kind in KINDS) + pictures + len(mine) + len(others)


async def foreign(tenant: Tenant, company: int = 2345) -> dict[str, list[int]]:
    """Things in an account that no manifest knows, linked with each other, with hours of their own."""
    location = (await tenant.vendor("POST", "/location", {"name": "Theirs", "tags": "t"}, company))[0]["id"]
    service = (await tenant.vendor("POST", "/service", {"name": "Their work", "duration": 45}, company))["id"]
    links = {str(location): {str(service): 1}}
    body = {"email": f"they{company}@x.example", "first_name": "T", "last_name": "H", "links": links, "yelp": "y"}
    employee = (await tenant.vendor("POST", "/employee", body, company))[0]["id"]
    entry = {
        "repeat": 1,
        "type": 0,
        "start_date": "01/02/2026",
        "end_date": "1/3/2026",
        "location_id": location,
        "days": {"mo": {"time": [["9:00", "10:00"]]}},
    }
    await tenant.vendor("PUT", f"/employee/{employee}/assignAvailability", {"availabilities": [entry]}, company)
    return {"location": [location], "service": [service], "employee": [employee]}


def theirs(held: Json, ids: Mapping[str, list[int]]) -> Json:
    """What a dump says of some things, but for their places in lists that are put in order."""
    found = {kind: [each for each in held[f"{kind}s"] if each["id"] in ids[kind]] for kind in KINDS}
    mine = {kind: [{n: v for n, v in each.items() if n != "ord"} for each in own] for kind, own in found.items()}
    links = [triple for triple in held["links"] if triple[0] in ids["employee"] and triple[1] in ids["location"]]
    hours = {str(each): held["availability"].get(str(each)) for each in ids["employee"]}
    return copy.deepcopy({**mine, "links": links, "hours": hours})


async def apply_and_count(tenant: Tenant, desired: Desired) -> Ran:
    """Apply; what the sandbox's log says is what the plan said."""
    await tenant.clear_calls()
    planned = await tenant.plan(desired)
    alike = frozenset(change.address for change in planned.plan.changes if change.hint)
    tenant.policy = replace(tenant.policy, not_renamed=alike)
    log = await tenant.calls()
    assert {call["method"] for call in log} <= {"GET"}
    assert len(log) == planned.evidence.reads
    await tenant.clear_calls()
    ran = await tenant.apply(desired)
    tenant.policy = NO_BOUNDS
    assert [call.id for call in ran.planned.calls] == [call.id for call in planned.calls]
    assert ran.planned.plan.digest == planned.plan.digest
    sent = [call for call in await tenant.calls() if call["method"] != "GET"]
    assert len(sent) == len(planned.writes) - (0 if ran.applied.complete else unsent(ran)) == ran.applied.writes
    return ran


def unsent(ran: Ran) -> int:
    """The calls that waited for one that failed."""
    reached = {c.address for c in ran.applied.done} | {c.address for c, _ in ran.applied.failed}
    return sum(1 for call in ran.planned.writes if not reached & {part.address for part in call.parts})


def only_merged(ran: Ran) -> bool:
    """Whether nothing failed but hours that the vendor keeps, and what waits for them."""
    return all("merges instead of replacing" in why for why in ran.failed.values())


def tenants(first: World, second: World, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        ids = await foreign(tenant)
        before = theirs(await tenant.dump(), ids)
        made = await apply_and_count(tenant, desired_of(first))
        assert made.applied.complete, (made.failed, made.skipped)
        for scope in first.accounts:
            own = [call for call in made.planned.writes if {p.address for p in call.parts} and scope in of(call)]
            assert len(own) <= bound(first, scope)
        await tenant.assert_settled(desired_of(first))
        for scope in set(first.accounts) & set(second.accounts):
            for kind, each in (await foreign(tenant, tenant.company(scope))).items():
                ids[kind] += each
        before = theirs(await tenant.dump(), ids)
        ran = await apply_and_count(tenant, desired_of(second))
        event(f"changes: {len(ran.planned.plan.changes) // 10}0")
        if dialect["hours"] == "replace":
            assert ran.applied.complete, (ran.failed, ran.skipped)
        assert only_merged(ran), ran.failed
        if ran.applied.complete:
            await tenant.assert_settled(desired_of(second))
        else:
            left = await tenant.plan(desired_of(second))
            done = {c.address for c in ran.applied.done}
            again = [c for c in left.plan.changes if c.address in done]
            assert not again, again
        assert theirs(await tenant.dump(), ids) == before

    tell(story, dialect)


def of(call: Any) -> set[str]:
    """The accounts that a call is about."""
    return {p.address.key[0] if p.address.kind == "account" else p.address.account for p in call.parts}


@settings(BOUNDED, max_examples=12)
@given(first=worlds(), second=worlds(), dialect=st.sampled_from(DIALECTS))
def test_any_manifests_are_carried_out_and_then_any_others(first: World, second: World, dialect: Dialect) -> None:
    tenants(first, second, dialect)


@pytest.mark.slow
@settings(BOUNDED, max_examples=600, derandomize=False)
@given(first=worlds(), second=worlds(), dialect=st.sampled_from(DIALECTS))
def test_many_more_manifests_are_carried_out(first: World, second: World, dialect: Dialect) -> None:
    tenants(first, second, dialect)


@settings(BOUNDED, max_examples=10)
@given(world=worlds(), dialect=st.sampled_from(DIALECTS))
def test_a_lost_state_of_any_tenant_is_found_again(world: World, dialect: Dialect) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(desired_of(world))
        before = await tenant.dump()
        tenant.forget()
        ran = await tenant.settle(desired_of(world))
        assert {c.action for c in ran.planned.plan.changes} <= {Action.ADOPT}
        assert not [call for call in ran.planned.calls if call.effect is not Effect.DISCOVER]
        assert await tenant.dump() == before

    tell(story, dialect)
