"""What is not found is waited for as long as it may still come, and no longer; what cannot be looked for is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from provisioner.apply.recovery import Recovered
from provisioner.errors import VendorError
from provisioner.providers.base import Capability
from tests.apply.doubts import CUT, DOCK, HILL, NOON, SETTLE, Clock, doubt, make, record, recover
from tests.support import Tenant, intercept, manifests, tell

# -- when it is not there (yet)


def test_what_is_not_there_when_no_more_can_come_was_not_made() -> None:
    async def story(tenant: Tenant) -> None:
        doubt(tenant, HILL, since=NOON - SETTLE)
        found = await recover(tenant)
        assert (found.found, found.absent) == ({}, (HILL.address,))
        assert found.notes == ("location/hill: an interrupted apply had not made it: looked for, not found",)
        assert not tenant.state.pending
        ran = await tenant.plan(manifests(HILL))
        assert ran.summary() == ["create location/hill"]

    tell(story)


def test_without_waiting_what_may_still_come_is_left_in_doubt() -> None:
    async def story(tenant: Tenant) -> None:
        clock = Clock()
        doubt(tenant, HILL, since=NOON - SETTLE + 0.5)
        before = tenant.state
        found = await recover(tenant, clock=clock)
        assert found == Recovered(before)
        assert not clock.slept
        planned = await tenant.plan(manifests(HILL))
        assert not planned.summary()
        assert planned.plan.pending == (HILL.address,)

    tell(story)


def test_what_comes_late_is_waited_for_and_found() -> None:
    async def story(tenant: Tenant) -> None:
        clock = Clock(meanwhile=lambda: make(tenant, HILL))
        doubt(tenant, HILL, since=NOON - 20)
        doubt(tenant, DOCK, since=NOON - 45)
        doubt(tenant, CUT)
        found = await recover(tenant, wait=True, clock=clock)
        assert clock.slept == [40.0]
        assert clock.told == [(40.0, 2)]
        assert set(found.found) == {HILL.address}
        assert set(found.absent) == {DOCK.address, CUT.address}
        assert not tenant.state.pending

    tell(story)


def test_what_is_there_already_is_not_waited_for() -> None:
    async def story(tenant: Tenant) -> None:
        clock = Clock()
        id_ = await make(tenant, HILL)
        doubt(tenant, HILL, since=NOON)
        assert (await recover(tenant, wait=True, clock=clock)).found == {HILL.address: id_}
        assert not clock.slept

    tell(story)


def test_a_clock_that_was_set_back_waits_in_full_and_once() -> None:
    async def story(tenant: Tenant) -> None:
        clock = Clock()
        doubt(tenant, HILL, since=NOON + 10**6)
        assert (await recover(tenant, wait=True, clock=clock)).absent == (HILL.address,)
        assert clock.slept == [SETTLE]
        doubt(tenant, HILL, since=NOON + 10**6)
        assert await recover(tenant, clock=clock) == Recovered(tenant.state)

    tell(story)


def test_a_clock_that_goes_back_while_it_is_waited_changes_nothing() -> None:
    async def story(tenant: Tenant) -> None:
        clock = Clock()

        async def set_back() -> None:
            clock.now -= 10**6

        clock.meanwhile = set_back
        doubt(tenant, HILL, since=NOON)
        assert (await recover(tenant, wait=True, clock=clock)).absent == (HILL.address,)
        assert clock.slept == [SETTLE]

    tell(story)


def test_what_settles_while_it_is_looked_for_is_looked_for_again() -> None:
    """The first list may have been made before it came."""
    looks: list[str] = []
    clock = Clock()

    def listing(method: str, path: str, _query: str) -> None:
        if (method, path) == ("GET", "/location"):
            looks.append(path)
            clock.now += 2

    async def story(tenant: Tenant) -> None:
        doubt(tenant, HILL, since=NOON - SETTLE + 1)
        found = await recover(tenant, wait=True, clock=clock)
        assert found.absent == (HILL.address,)
        assert (len(looks), clock.slept, clock.told) == (2, [], [])

    tell(story, wrap=intercept(listing))


def test_with_nothing_in_doubt_nothing_is_read() -> None:
    async def story(tenant: Tenant) -> None:
        record(tenant, "location/hill", "7")
        assert await recover(tenant, wait=True) == Recovered(tenant.state)
        assert not await tenant.calls()

    tell(story)


def test_a_tenant_that_cannot_be_read_settles_nothing() -> None:
    async def story(tenant: Tenant) -> None:
        doubt(tenant, HILL)
        before = tenant.state
        with pytest.raises(VendorError):
            await recover(tenant, wait=True)
        assert tenant.state == before

    tell(story, wrap=intercept(lambda method, path, _: (200, b"<html>") if path == "/location" else None))


# -- what cannot be looked for


@pytest.mark.parametrize("capability", [{"location": Capability(listed=False)}, {"location": None}])
def test_what_is_not_listed_stays_in_doubt(capability: Mapping[str, Any]) -> None:
    async def story(tenant: Tenant) -> None:
        await make(tenant, HILL)
        clock = Clock()
        doubt(tenant, HILL)
        found = await recover(tenant, wait=True, clock=clock, capabilities=capability)
        assert found == Recovered(tenant.state)
        assert set(tenant.state.pending) == {HILL.address}
        assert not clock.slept
        assert not await tenant.calls()

    tell(story)


def test_what_has_no_natural_key_stays_in_doubt() -> None:
    async def story(tenant: Tenant) -> None:
        await make(tenant, HILL)
        doubt(tenant, HILL, keys=())
        assert await recover(tenant, wait=True) == Recovered(tenant.state)
        assert not await tenant.calls()

    tell(story)
