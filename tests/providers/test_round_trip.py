"""Whatever a field can hold: written, read back, and equal. For each kind, all of its fields, in any dialect."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Declared, Desired
from tests.providers.strategies import fields_of, nested, some_fields
from tests.support import DIALECTS, Dialect, Tenant, declare, manifests, replaced, tell

dialects = st.sampled_from(DIALECTS)
BOUNDED = settings(deadline=None, max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
EMPLOYEE: dict[str, Any] = {"email": "ana@example.com", "first_name": "Ana", "last_name": "Diaz"}
AROUND = (declare("employee/ana", **EMPLOYEE), declare("location/downtown", name="Downtown"))
WHERE = {"location": "location/it", "service": "service/it", "employee": "employee/it",
         "hours": "hours/ana/downtown", "away": "away/ana", "holiday": "holiday/it", "custom_field": "custom_field/it",
         "webhook": "webhook/it", "client": "client/it"}  # fmt: skip


def sound(kind: str, flat: dict[str, Any]) -> dict[str, Any]:
    """The fields with those mended that do not go together."""
    if kind == "holiday" and flat.get("dates") and flat.get("rule"):
        return flat | {"rule": None}
    if kind == "holiday" and not flat.get("dates") and not flat.get("rule"):
        return flat | {"rule": "last monday of may"}
    if kind == "custom_field" and flat["type"] == "dropdown":
        return flat | {"options": flat.get("options") or ["x"]}
    return {n: v for n, v in flat.items() if (kind, n) not in OF_DROPDOWNS}


OF_DROPDOWNS = {("custom_field", "options"), ("custom_field", "multiselect")}


def desired(kind: str, flat: dict[str, Any]) -> Desired:
    fields = nested(sound(kind, flat))
    if kind == "account":
        return manifests(declare("account/west", **fields, password="pw"))
    it: Declared = declare(WHERE[kind], **fields)
    return manifests(*(AROUND if it.resource.key_kinds else ()), it)


def round_trip(kind: str, first: dict[str, Any], second: dict[str, Any], dialect: Dialect) -> None:
    """Create, change and add fields; after each the plan is empty."""

    async def story(tenant: Tenant) -> None:
        made = await tenant.settle(desired(kind, first))
        assert all(summary.startswith("create ") for summary in made.planned.summary())
        then = first | {n: v for n, v in second.items() if not specs(BY_NAME[kind])[n].at_creation}
        changed = desired(kind, then)
        ran = await tenant.settle(replaced(desired(kind, first), *changed.resources.values()))
        assert len(ran.planned.plan.changes) <= 1
        assert len(ran.planned.calls) == ran.applied.writes
        pictures = sum(spec.from_file for spec in specs(BY_NAME[kind]).values())
        assert len(ran.planned.calls) <= (3 if kind == "account" else 1) + pictures

    tell(story, dialect)


@pytest.mark.parametrize("examples", [10, pytest.param(25, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "kind",
    ["location", "service", "employee", "hours", "away", "account", "holiday", "custom_field", "webhook", "client"],
)
def test_every_field_reads_back_as_it_was_written(kind: str, examples: int) -> None:
    cls = BY_NAME[kind]
    always = frozenset(cls.to_create) - {"password"}

    @settings(BOUNDED, max_examples=examples)
    @given(first=some_fields(cls, always), second=some_fields(cls), dialect=dialects)
    def holds(first: dict[str, Any], second: dict[str, Any], dialect: Dialect) -> None:
        if kind in ("hours", "away"):
            dialect = {**dialect, "hours": "replace"}  # what merging keeps is told apart in test_every_kind
        if kind == "account":
            second["email"], second["nick_name"] = second.get("email") or "o@w.example", "west"
            first["email"] = first["email"] or "o@w.example"
            second["company_name"] = second.get("company_name") or "West"
        round_trip(kind, first, second, dialect)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    ["location", "service", "employee", "hours", "away", "account", "holiday", "custom_field", "webhook", "client"],
)
def test_every_field_alone_reads_back_as_it_was_written(kind: str) -> None:
    """One field at a time, so that no other write can repair what this one broke."""
    cls = BY_NAME[kind]
    needed = frozenset(cls.to_create) - {"password"}
    base = dict.fromkeys(needed, "x") | {"email": "o@w.example", "nick_name": "west"} if kind == "account" else {}
    for name, spec in specs(cls).items():
        if not (spec.sensitive or spec.role or spec.at_creation or name == "nick_name"):
            alone(kind, name, base)


def alone(kind: str, name: str, base: dict[str, Any]) -> None:
    cls = BY_NAME[kind]
    known = fields_of(cls)

    @settings(BOUNDED, max_examples=8)
    @given(
        one=known[name],
        other=known[name],
        first=some_fields(cls, frozenset(cls.to_create) - {"password"}),
        dialect=dialects,
    )
    def holds(one: Any, other: Any, first: dict[str, Any], dialect: Dialect) -> None:
        required = base or {n: v for n, v in first.items() if specs(cls)[n].required or n in cls.to_create}
        if (kind, name) == ("account", "email"):
            one, other = one or "o@w.example", other or "p@w.example"
        assume(one or name not in cls.to_create)
        round_trip(kind, {**required, name: one}, {name: other}, {**dialect, "hours": "replace"})

    holds()
