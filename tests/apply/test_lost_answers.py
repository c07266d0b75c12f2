"""A create that was sent and whose answer never came is never sent again before it is surely not there."""

from __future__ import annotations

import time
from typing import Any

import pytest

from provisioner.kinds import BY_NAME
from provisioner.kinds.desired import Declared
from provisioner.plan.change import Action
from tests.apply.doubts import ANA, CRM, CUT, DOCK, HILL, LIV, SETTLE, WEST, Clock, make, path, recover
from tests.support import COMPANY, Ran, Tenant, canned, declare, manifests, tell

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
OBJECTS = (HILL, CUT, ANA, CRM, LIV, WEST)
RELATIONS = (
    declare("link/ana/hill/cut"),
    declare("hours/ana/hill", hours=WEEK),
    declare("away/ana", away=["2026-08"]),
)


class Wire:
    """What stands between us and the vendor: answers to some writes are lost, and lists may fail."""

    def __init__(self, path: str, *, executed: bool = True, listed: bool = True) -> None:
        self.path, self.executed, self.listed = path, executed, listed
        self.lost = self.creates = 0

    def __call__(self, app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            path = scope["path"].removeprefix("/api/v2")
            write = scope["method"] != "GET" and not path.endswith("/authenticate")
            if write and path.startswith(self.path):
                self.lost += 1
                self.creates += scope["method"] == "POST"
                if self.executed:
                    await app(scope, receive, nowhere)
                await canned(200, b"<html>")(send)
            elif self.lost and not self.listed and scope["method"] == "GET":
                await canned(200, b"<html>")(send)
            else:
                await app(scope, receive, send)

        return between


async def nowhere(_message: Any) -> None:
    """The answer is lost."""


async def lost(tenant: Tenant, wire: Wire, *declared: Declared) -> Ran:
    """An apply on a wire that loses answers; afterwards it is whole again."""
    tenant.wrap = wire
    try:
        return await tenant.apply(manifests(*declared))
    finally:
        tenant.wrap = lambda app: app
        assert wire.lost
        assert wire.creates <= 1, "a create is sent once"


async def alike(tenant: Tenant, declared: Declared) -> int:
    """How many live objects there are that this one may be."""
    held = await tenant.dump()
    kind = declared.address.kind
    applied = declared.resource.wanted()
    if kind == "account":
        return sum(1 for each in held["accounts"] if each["nick_name"] == applied["nick_name"])
    (name,) = BY_NAME[kind].natural[0]
    return sum(1 for each in held[f"{kind}s"] if each[name] == applied[name])


@pytest.mark.parametrize("declared", OBJECTS, ids=lambda d: d.address.kind)
def test_what_can_be_seen_at_once_is_done_in_the_same_run(declared: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        ran = await lost(tenant, Wire(path(declared)), declared)
        assert ran.done == [f"create {declared.address}"]
        assert not tenant.state.pending
        assert await alike(tenant, declared) == 1
        await tenant.assert_settled(manifests(declared))

    tell(story)


@pytest.mark.parametrize("declared", OBJECTS, ids=lambda d: d.address.kind)
def test_what_cannot_be_seen_now_is_found_by_the_next_run(declared: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        ran = await lost(tenant, Wire(path(declared), listed=False), declared)
        assert set(ran.failed) == {str(declared.address)}
        assert set(tenant.state.pending) == {declared.address}
        assert not (await tenant.plan(manifests(declared))).of(Action.CREATE)
        assert set((await recover(tenant)).found) == {declared.address}
        assert tenant.state.records[declared.address].owned
        assert await alike(tenant, declared) == 1
        await tenant.assert_settled(manifests(declared))

    tell(story)


@pytest.mark.parametrize("declared", OBJECTS, ids=lambda d: d.address.kind)
def test_what_was_never_carried_out_is_made_once_it_is_sure(declared: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        await lost(tenant, Wire(path(declared), executed=False), declared)
        early = await recover(tenant, clock=Clock(time.time()))
        assert (early.found, early.absent) == ({}, ())
        assert not (await tenant.plan(manifests(declared))).summary()
        late = await recover(tenant, clock=Clock(time.time() + SETTLE))
        assert late.absent == (declared.address,)
        await tenant.settle(manifests(declared))
        assert await alike(tenant, declared) == 1

    tell(story)


@pytest.mark.parametrize("declared", OBJECTS, ids=lambda d: d.address.kind)
def test_what_is_carried_out_late_is_waited_for(declared: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        await lost(tenant, Wire(path(declared), executed=False), declared)
        clock = Clock(time.time(), meanwhile=lambda: make(tenant, declared))
        assert set((await recover(tenant, wait=True, clock=clock)).found) == {declared.address}
        assert len(clock.slept) == 1
        assert await alike(tenant, declared) == 1
        await tenant.assert_settled(manifests(declared))

    tell(story)


def test_what_was_there_before_is_not_taken_for_what_was_made() -> None:
    """Someone else's object has the name already, and is ours to look at only."""

    async def story(tenant: Tenant) -> None:
        await tenant.apply(manifests(DOCK))
        await lost(tenant, Wire("/location", executed=False), DOCK, HILL)
        doubtful = tenant.state.pending[HILL.address]
        assert str(tenant.id("location/dock")) in doubtful.known
        assert doubtful.account_id in ("", str(COMPANY))
        assert [key.values for key in doubtful.keys] == [("hill",)]

    tell(story)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda d: d.address.kind)
@pytest.mark.parametrize("executed", [True, False])
def test_a_relation_whose_answer_was_lost_is_made_once(relation: Declared, *, executed: bool) -> None:
    async def story(tenant: Tenant) -> None:
        objects = (HILL, CUT, ANA)
        await tenant.settle(manifests(*objects))
        await lost(tenant, Wire("/employee", executed=executed), *objects, relation)
        assert not tenant.state.pending
        assert not tenant.state.records[relation.address].confirmed
        await tenant.settle(manifests(*objects, relation))
        assert len(await tenant.links()) == (relation.address.kind == "link")
        assert len(tenant.entries("employee/ana")) == (0 if relation.address.kind == "link" else 1)

    tell(story)
