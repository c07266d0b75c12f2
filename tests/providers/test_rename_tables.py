"""Rows of a table whose keys changed, with a table of renames beside it: all is updated, nothing made or destroyed."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.kinds.desired import Desired
from provisioner.manifest import load_workspace
from provisioner.plan.change import Action
from provisioner.providers import BY_NAME
from provisioner.report.renames import renames_csv
from tests.providers.test_random_tenants import BOUNDED
from tests.support import Planned, Tenant, tell

FEW = settings(BOUNDED, max_examples=25)
SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
STORES = """\
services: {cut: {name: Haircut, duration: 45 min}}
generate:
  from: data/stores.csv
  as: store
  manifest:
    locations:
      ${store.slug}: {name: "Store ${store.slug}", phone: "${store.phone}", city: Rome, country: Italy}
    employees:
      ${store.slug}-manager:
        email: ${store.slug}@x.example
        first_name: Max
        last_name: Of ${store.number}
        at:
          ${store.slug}: {services: [cut], hours: [{dates: 2027, week: {mon-fri: "09:00-17:00"}}]}
"""


class Store(NamedTuple):
    """A row, then and now: `steps` are the slugs that it had, the latest last."""

    number: int
    steps: tuple[str, ...]


@st.composite
def chains(draw: st.DrawFn) -> list[Store]:
    """Stores that were renamed never, once or several times; no slug is used twice."""
    lengths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=6))
    slugs = iter(draw(st.permutations([f"s{number}" for number in range(sum(lengths))])))
    return [Store(number, tuple(next(slugs) for _ in range(length))) for number, length in enumerate(lengths)]


def wanted(root: Path, stores: list[Store], step: int, renames: str = "") -> Desired:
    """What the workspace says with each store's slug of then (0) or now (-1)."""
    (root / "data").mkdir(exist_ok=True)
    (root / "provisioner.yaml").write_text(SETTINGS, "utf-8")
    (root / "stores.yaml").write_text(STORES + ("renames: data/renames.csv\n" if renames else ""), "utf-8")
    rows = (f"{each.steps[step]},{each.number},555-010{each.number}" for each in stores)
    (root / "data/stores.csv").write_text("\n".join(["slug,number,phone", *rows]), "utf-8")
    (root / "data/renames.csv").write_text(renames, "utf-8")
    return load_workspace(root, BY_NAME, environ={}).desired


def table(stores: list[Store]) -> str:
    """Every rename that ever was, step by step; "" without any."""
    moves = [pair for each in stores for pair in zip(each.steps, each.steps[1:], strict=False)]
    rows = [f"location/{a},location/{b}\nemployee/{a}-manager,employee/{b}-manager" for a, b in moves]
    return "\n".join(["from,to", *rows, ""]) if rows else ""


def ids(tenant: Tenant, stores: list[Store], step: int) -> list[tuple[int, int]]:
    slugs = [each.steps[step] for each in stores]
    return [(tenant.id(f"location/{slug}"), tenant.id(f"employee/{slug}-manager")) for slug in slugs]


def only_updates(planned: Planned) -> bool:
    return {change.action for change in planned.plan.changes} <= {Action.UPDATE, Action.ADOPT}


@FEW
@given(chains())
def test_with_the_table_of_all_renames_everything_keeps_its_id(stores: list[Store]) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(wanted(root, stores, 0))
        before, links = ids(tenant, stores, 0), await tenant.links()
        ran = await tenant.settle(wanted(root, stores, -1, table(stores)))
        assert only_updates(ran.planned)
        assert ids(tenant, stores, -1) == before
        assert await tenant.links() == links

    with TemporaryDirectory() as folder:
        root = Path(folder)
        tell(story)


@FEW
@given(chains())
def test_without_one_the_plan_is_blocked_and_suggests_the_table_that_is_missing(stores: list[Store]) -> None:
    async def story(tenant: Tenant) -> None:
        await tenant.settle(wanted(root, stores, 0))
        before = ids(tenant, stores, 0)
        planned = await tenant.plan(wanted(root, stores, -1))
        moved = [each for each in stores if len(each.steps) > 1]
        told = {str(c.address): [*map(str, c.resembles)] for c in planned.plan.blocked}
        assert told == {
            f"{kind}/{each.steps[0]}{end}": [f"{kind}/{each.steps[-1]}{end}"]
            for kind, end in (("location", ""), ("employee", "-manager"))
            for each in moved
        }
        if moved:
            ran = await tenant.settle(wanted(root, stores, -1, renames_csv(planned.plan)))
            assert only_updates(ran.planned)
            assert ids(tenant, stores, -1) == before

    with TemporaryDirectory() as folder:
        root = Path(folder)
        tell(story)
