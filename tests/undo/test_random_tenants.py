"""Any tenant, any edit, applied and taken back: what is live is what was, but for what the plan says stays."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from provisioner.kinds import BY_NAME
from provisioner.plan.change import Action
from tests.providers.test_random_tenants import BOUNDED, World, desired_of, foreign, theirs, worlds
from tests.support import DIALECTS, Dialect
from tests.undo.keeping import Keeping, seen


def tell(story: Callable[[Keeping], Awaitable[None]], dialect: Dialect | None = None) -> None:
    tenant = Keeping(dialect or {"put": "full", "links": "replace", "hours": "replace"})
    try:
        asyncio.run(_awaited(story(tenant)))
    finally:
        tenant.close()


async def _awaited(story: Awaitable[None]) -> None:
    await story


def taken_back(first: World, second: World, dialect: Dialect) -> None:
    async def story(tenant: Keeping) -> None:
        ids = await foreign(tenant)
        before, after = desired_of(first), desired_of(second)
        await tenant.settle(before)
        live, untouched, state = seen(await tenant.dump()), theirs(await tenant.dump(), ids), tenant.state.records
        did = await tenant.run(after)
        event(f"changes: {len(did.done) // 10}0")
        planned, _ = await tenant.undo(did, after)
        undone = planned.plan.undone
        assert undone is not None
        assert not undone.kept, undone.kept
        assert theirs(await tenant.dump(), ids) == untouched
        told = {each.address for each in undone.cannot}
        left = await tenant.plan(before)
        again = [c for c in left.plan.changes if c.address not in told and c.address.kind != "order"]
        assert not again, (
            [(str(c.address), c.action, c.reason, c.fields) for c in again],
            [(s.action, str(s.address), str(s.moved_from)) for s in did.steps],
        )
        for address, record in tenant.state.records.items():
            if address not in told and address in state and address in did.done:
                assert record.applied == state[address].applied, (
                    address,
                    record.applied,
                    state[address].applied,
                    [s for s in did.steps if s.address == address],
                )
        if not [c for c in undone.cannot if BY_NAME[c.address.kind].key_kinds == () and c.fields != ("photo",)
                and "new object" not in c.why]:  # fmt: skip
            now = seen(await tenant.dump())
            assert now == live, [
                (k, [x for x in now[k] if x not in live[k]], [x for x in live[k] if x not in now[k]])
                for k in now
                if now[k] != live[k]
            ]

    tell(story, dialect)


REPLACING = [dialect for dialect in DIALECTS if dialect["hours"] == "replace"]


@settings(BOUNDED, max_examples=12)
@given(first=worlds(), second=worlds(), dialect=st.sampled_from(REPLACING))
def test_what_was_before_any_apply_comes_back(first: World, second: World, dialect: Dialect) -> None:
    taken_back(first, second, dialect)


@pytest.mark.slow
@settings(BOUNDED, max_examples=600, derandomize=False)
@given(first=worlds(), second=worlds(), dialect=st.sampled_from(REPLACING))
def test_what_was_before_many_more_comes_back(first: World, second: World, dialect: Dialect) -> None:
    taken_back(first, second, dialect)


@settings(BOUNDED, max_examples=6)
@given(first=worlds(), second=worlds())
def test_an_undo_can_be_taken_back(first: World, second: World) -> None:
    async def story(tenant: Keeping) -> None:
        before, after = desired_of(first), desired_of(second)
        await tenant.settle(before)
        did = await tenant.run(after)
        _, undone = await tenant.undo(did, after)
        planned, _ = await tenant.undo(undone, before)
        left = await tenant.plan(after)
        assert planned.plan.undone is not None
        told = {each.address for each in planned.plan.undone.cannot}
        again = [c for c in left.plan.changes if c.address not in told and c.address.kind not in ("order", "account")
                 and c.action is not Action.ADOPT]  # fmt: skip
        assert not again, [(str(c.address), c.action, c.reason, c.fields) for c in again]

    tell(story)
