"""Any tenant, however messy, is exported so that the next plan has nothing to do; and nothing is written to it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from provisioner.export.files import Layout
from tests.export.odd import twist, with_unknown_fields
from tests.export.taken import export, settled
from tests.providers.test_random_tenants import BOUNDED, World, desired_of, worlds
from tests.support import Tenant, tell

LAYOUTS = st.sampled_from([None, "kind", "location"])


def exported(world: World, layout: Layout | None, data: st.DataObject | None) -> None:
    async def story(tenant: Tenant) -> None:
        ran = await tenant.apply(desired_of(world))
        assert ran.applied.complete, ran.failed
        if data:
            twist(tenant, data)
        before = await tenant.dump()
        await tenant.clear_calls()
        with TemporaryDirectory() as folder:
            found = await export(tenant, Path(folder), layout=layout)
            await settled(tenant, found)
        assert await tenant.dump() == before

    tell(story, wrap=with_unknown_fields())


@settings(BOUNDED, max_examples=8)
@given(world=worlds(), layout=LAYOUTS)
def test_a_tidy_tenant_is_exported_and_then_as_wanted(world: World, layout: Layout | None) -> None:
    exported(world, layout, None)


@settings(BOUNDED, max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(world=worlds(), layout=LAYOUTS, data=st.data())
def test_a_messy_tenant_is_exported_and_then_as_wanted(
    world: World, layout: Layout | None, data: st.DataObject
) -> None:
    exported(world, layout, data)


@pytest.mark.slow
@settings(BOUNDED, max_examples=600, derandomize=False)
@given(world=worlds(), layout=LAYOUTS, data=st.data())
def test_many_more_messy_tenants(world: World, layout: Layout | None, data: st.DataObject) -> None:
    exported(world, layout, data)
