"""Plans made by hand, for what no planner would make of friendly data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from provisioner.kinds import Address, read_address
from provisioner.kinds.desired import Place
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.report.text import Banner, Effort

Make = Callable[..., Change]


@pytest.fixture(scope="session")
def banner() -> Banner:
    return Banner(sandbox=False, host="www.setster.com", company_id="2345", name="Acme")


@pytest.fixture(scope="session")
def effort() -> Effort:
    return Effort(reads=14, writes=4, one_by_one=6, seconds=2.0)


@pytest.fixture(scope="session")
def create() -> Make:
    """A create of an address (or its text) from field values."""

    def make(address: Address | str, /, **fields: Any) -> Change:
        named = read_address(address) if isinstance(address, str) else address
        changes = tuple(FieldChange(name, None, value) for name, value in fields.items())
        return Change(named, Action.CREATE, "not in the tenant yet", fields=changes, place=Place("menu.yaml", 4, 3))

    return make


@pytest.fixture(scope="session")
def update() -> Make:
    """An update of an address from `name=(before, after)`."""

    def make(address: str, /, **fields: tuple[Any, Any]) -> Change:
        named = read_address(address)
        changes = tuple(FieldChange(name, *sides) for name, sides in fields.items())
        live = Live(named.kind, "12", {name: sides[0] for name, sides in fields.items()})
        return Change(named, Action.UPDATE, "the manifests changed", id="12", fields=changes, live=live)

    return make


@pytest.fixture(scope="session")
def plan() -> Callable[..., Plan]:
    def make(*changes: Change, **rest: Any) -> Plan:
        return Plan(changes, digest="7f3a9c41d2", **rest)

    return make
