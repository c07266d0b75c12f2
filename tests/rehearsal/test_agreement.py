"""A rehearsal and the apply after it ask for the same and end the same, whatever is live and whatever is wanted."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from provisioner.errors import ManifestError
from tests.export.odd import twist, with_unknown_fields
from tests.providers.test_random_tenants import BOUNDED, World, desired_of, foreign, worlds
from tests.rehearsal.stage import agree, at_once, carry_out, rehearse
from tests.support import DIALECTS, Dialect, Tenant

CLAIMED = {"employee": ("email", "nickname", "photo_url"), "client": ("email",), "location": ("photo",)}
"""What the sandbox holds beside a body and no read shows; a body that was spoiled has it back."""


def spoil(tenant: Tenant, data: st.DataObject) -> None:
    """Let some years pass, but for what is true of no vendor: bodies that say another thing than its own books."""
    store = tenant.store
    rows = store.rows("SELECT kind, id, body FROM objects")
    before = {(kind, number): json.loads(body) for kind, number, body in rows}
    twist(tenant, data)
    with store.transaction():
        for kind, number, text in store.rows("SELECT kind, id, body FROM objects"):
            kept = {name: before[kind, number][name] for name in CLAIMED.get(kind, ()) if name in before[kind, number]}
            body = json.dumps(json.loads(text) | kept)
            store.run("UPDATE objects SET body = ? WHERE kind = ? AND id = ?", body, kind, number)


def written(calls: list[dict[str, Any]]) -> set[str]:
    """The methods that were used."""
    return {call["method"] for call in calls}


def performance(first: World, second: World, dialect: Dialect, data: st.DataObject | None) -> None:
    tenant = Tenant(dialect, with_unknown_fields() if data else lambda app: app)
    try:
        asyncio.run(_prepared(tenant, first))
        if data:
            spoil(tenant, data)
        before = asyncio.run(tenant.dump())
        at_once(tenant.clear_calls())
        with TemporaryDirectory() as folder:
            try:
                show = rehearse(tenant, Path(folder), desired_of(second))
            except ManifestError:
                event("no plan")
                with pytest.raises(ManifestError):
                    carry_out(tenant, desired_of(second))
                return
        assert written(at_once(tenant.calls())) <= {"GET"}
        assert asyncio.run(tenant.dump()) == before
        done = carry_out(tenant, desired_of(second))
        event(f"failed: {bool(done.applied.failed)}")
        agree(show, done)
    finally:
        tenant.close()


async def _prepared(tenant: Tenant, world: World) -> None:
    await foreign(tenant)
    ran = await tenant.apply(desired_of(world))
    assert ran.applied.complete, ran.failed


@settings(BOUNDED, max_examples=4)
@given(first=worlds(), second=worlds(), dialect=st.sampled_from(DIALECTS))
def test_a_tidy_tenant(first: World, second: World, dialect: Dialect) -> None:
    performance(first, second, dialect, None)


@settings(BOUNDED, max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(first=worlds(), second=worlds(), dialect=st.sampled_from(DIALECTS), data=st.data())
def test_a_messy_tenant(first: World, second: World, dialect: Dialect, data: st.DataObject) -> None:
    performance(first, second, dialect, data)


@pytest.mark.slow
@settings(BOUNDED, max_examples=600, derandomize=False)
@given(first=worlds(), second=worlds(), dialect=st.sampled_from(DIALECTS), data=st.data())
def test_many_more_messy_tenants(first: World, second: World, dialect: Dialect, data: st.DataObject) -> None:
    performance(first, second, dialect, data)
