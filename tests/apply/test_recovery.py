"""What an interrupted apply left in doubt is looked for before anything is planned: found, and nobody else's taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.apply.recovery import Recovery
from provisioner.errors import PendingError
from provisioner.kinds.desired import Declared
from provisioner.kinds.live import Evidence, Live
from provisioner.providers.base import Ask, Capability
from provisioner.state.model import Key, Pending, Record, State
from provisioner.state.model import Tenant as Owner
from tests.apply.doubts import (
    ANA,
    CRM,
    CUT,
    DOCK,
    HILL,
    IN_WEST,
    LIV,
    LONG_AGO,
    NOON,
    SETTLE,
    WEST,
    doubt,
    make,
    record,
    recover,
)
from tests.support import Tenant, at, change, declare, manifests, replaced, tell, without

# -- found


@pytest.mark.parametrize("declared", [HILL, CUT, ANA, CRM, LIV, WEST], ids=lambda d: d.address.kind)
def test_what_was_made_is_found_and_ours(declared: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        id_ = await make(tenant, declared)
        doubt(tenant, declared, known={"1", "2"})
        before = tenant.state.pending[declared.address].record
        found = await recover(tenant)
        assert found.found == {declared.address: id_}
        assert found.notes == (f"{declared.address}: an interrupted apply had made it (id {id_}): taken for ours",)
        assert tenant.state.records == {declared.address: replace(before, id=id_)}
        assert not tenant.state.pending
        await tenant.assert_settled(manifests(declared))

    tell(story)


def test_what_was_made_in_an_account_is_looked_for_there() -> None:
    async def story(tenant: Tenant) -> None:
        west = await make(tenant, WEST)
        record(tenant, "account/west", west)
        await make(tenant, CUT)
        doubt(tenant, IN_WEST, account_id=west)
        assert (await recover(tenant)).absent == (IN_WEST.address,)
        id_ = await make(tenant, IN_WEST, west)
        doubt(tenant, IN_WEST, account_id=west)
        assert (await recover(tenant)).found == {IN_WEST.address: id_}

    tell(story)


def test_an_account_is_found_by_its_nick_name_among_all_others() -> None:
    async def story(tenant: Tenant) -> None:
        for name in ("a", "b"):
            await make(
                tenant, declare(f"account/{name}", company_name="West", nick_name=name, email=f"{name}@w.example")
            )
        id_ = await make(tenant, change(WEST, nick_name="wEsT", company_name="Renamed since"))
        doubt(tenant, WEST)
        assert (await recover(tenant)).found == {WEST.address: id_}

    tell(story)


def test_an_employee_is_found_by_e_mail_whatever_the_name() -> None:
    async def story(tenant: Tenant) -> None:
        await make(tenant, change(ANA, email="other@x.example"))
        id_ = await make(tenant, change(ANA, email="ANA@X.example", first_name="Anna"))
        doubt(tenant, ANA)
        assert (await recover(tenant)).found == {ANA.address: id_}

    tell(story)


def test_many_of_a_kind_are_looked_for_in_one_list() -> None:
    async def story(tenant: Tenant) -> None:
        several = [declare(f"location/l{n}", name=f"L{n}") for n in range(5)]
        ids = {each.address: await make(tenant, each) for each in several[:3]}
        for each in (*several, CUT):
            doubt(tenant, each)
        found = await recover(tenant)
        assert found.found == ids
        assert set(found.absent) == {*(each.address for each in several[3:]), CUT.address}
        read = sorted((c["method"], c["path"].rpartition("/")[2]) for c in await tenant.calls())
        assert read == [("GET", "location"), ("GET", "service")]

    tell(story)


def test_what_is_half_made_stays_so() -> None:
    """A create of several calls of which only the first was sent: the next plan does the others."""
    rich = change(WEST, options=declare("account/x", options={"currency": "EUR"}).resource.options)  # type: ignore[attr-defined]

    async def story(tenant: Tenant) -> None:
        id_ = await make(tenant, WEST)
        doubt(tenant, rich)
        half = tenant.state.pending[WEST.address]
        doubt(tenant, rich, record=replace(half.record, confirmed=False))
        await recover(tenant)
        assert (tenant.state.records[WEST.address].id, tenant.state.records[WEST.address].confirmed) == (id_, False)
        planned = await tenant.plan(manifests(rich))
        assert planned.fields("account/west") == ["options.currency"]
        assert planned.reason("account/west") == "an interrupted apply left it unfinished"
        assert not planned.plan.drift

    tell(story)


# -- never somebody else's


def test_what_was_live_before_is_never_taken() -> None:
    async def story(tenant: Tenant) -> None:
        theirs = await make(tenant, HILL)
        doubt(tenant, HILL, known={theirs})
        assert (await recover(tenant)).absent == (HILL.address,)
        doubt(tenant, HILL, known={theirs})
        ours = await make(tenant, HILL)
        assert (await recover(tenant)).found == {HILL.address: ours}

    tell(story)


def test_what_is_recorded_under_another_address_is_never_taken() -> None:
    async def story(tenant: Tenant) -> None:
        record(tenant, "location/other", await make(tenant, HILL))
        record(tenant, "west/location/hill", "999")
        doubt(tenant, HILL)
        assert (await recover(tenant)).absent == (HILL.address,)
        doubt(tenant, HILL)
        ours = await make(tenant, HILL)
        assert (await recover(tenant)).found == {HILL.address: ours}
        assert len(tenant.state.records) == 3

    tell(story)


def test_more_than_one_is_a_persons_choice_and_nothing_is_learnt() -> None:
    async def story(tenant: Tenant) -> None:
        ids = sorted([await make(tenant, HILL), await make(tenant, HILL)])
        await make(tenant, CUT)
        doubt(tenant, HILL)
        doubt(tenant, CUT)
        before = tenant.state
        with pytest.raises(PendingError) as caught:
            await recover(tenant, wait=True)
        said = str(caught.value)
        assert said == (
            "location/hill: an interrupted apply may have made it, and 2 new live objects fit "
            f"({ids[0]}, {ids[1]}): say which with provisioner state resolve location/hill --adopt {ids[0]}"
        )
        assert tenant.state == before

    tell(story)


@dataclass
class Lists:
    """A vendor that lists locations, and nothing else."""

    live: Mapping[str, str]
    capabilities: Mapping[str, Capability] = field(default_factory=lambda: {"location": Capability()})

    async def read(self, asks: Iterable[Ask]) -> Evidence:
        (ask,) = asks
        found = tuple(Live("location", id_, {"name": name}) for id_, name in self.live.items())
        return Evidence({(ask.scope, ask.kind): found})


NAMES = st.sampled_from("abc")
IDS = st.sampled_from("12345")


@given(
    live=st.dictionaries(IDS, NAMES),
    known=st.frozensets(IDS, max_size=3),
    wanted=st.sets(NAMES, min_size=1),
    recorded=st.dictionaries(NAMES, IDS, max_size=2),
    sent=st.sampled_from([LONG_AGO, NOON - 1]),
)
def test_only_what_is_new_and_recorded_nowhere_is_taken(
    live: dict[str, str], known: frozenset[str], wanted: set[str], recorded: dict[str, str], sent: float
) -> None:
    pending = {
        at(f"location/{name}"): Pending(Record(""), (Key(("name",), (name,)),), "", known, sent) for name in wanted
    }
    records = {at(f"location/{name}"): Record(id_) for name, id_ in recorded.items()}
    state = State(Owner("x", "1"), "cafe", 1, records, pending)
    recovery = Recovery(Lists(live), SETTLE, wait=False, now=lambda: NOON)  # type: ignore[arg-type]
    taken = known | {*recorded.values()}
    may_be = {name: [id_ for id_, each in live.items() if each == name and id_ not in taken] for name in wanted}
    if any(len(ids) > 1 for ids in may_be.values()):
        with pytest.raises(PendingError):
            asyncio.run(recovery.run(state))
        return
    found = asyncio.run(recovery.run(state))
    for name, ids in may_be.items():
        address = at(f"location/{name}")
        assert found.found.get(address) == (ids[0] if ids else None)
        assert (address in found.absent) == (not ids and sent == LONG_AGO)
        assert (address in found.state.pending) == (not ids and sent != LONG_AGO)
        assert not ids or found.state.records[address] == Record(ids[0])
    assert {a: r for a, r in found.state.records.items() if a not in found.found} == {
        a: r for a, r in records.items() if a not in found.found
    }


# -- manifests that changed meanwhile


def test_what_has_another_name_by_now_is_found_under_the_one_it_was_sent_with() -> None:
    async def story(tenant: Tenant) -> None:
        id_ = await make(tenant, HILL)
        doubt(tenant, HILL)
        await recover(tenant)
        assert tenant.state.records[HILL.address].owned
        renamed = manifests(change(HILL, name="Mountain"))
        planned = await tenant.plan(renamed)
        assert planned.summary() == ["update location/hill"]
        assert planned.fields("location/hill") == ["name"]
        assert planned.reason("location/hill") == "the manifests changed"
        assert [c.id for c in planned.plan.changes] == [id_]

    tell(story)


def test_what_left_the_manifests_meanwhile_is_found_and_destroyed() -> None:
    async def story(tenant: Tenant) -> None:
        both = manifests(HILL, DOCK)
        await make(tenant, HILL)
        doubt(tenant, HILL)
        await recover(tenant)
        assert (await tenant.plan(without(both, "location/hill"))).summary() == [
            "create location/dock",
            "delete location/hill",
        ]

    tell(story)


def test_what_has_another_e_mail_by_now_is_found_under_the_one_it_was_sent_with() -> None:
    async def story(tenant: Tenant) -> None:
        await make(tenant, ANA)
        doubt(tenant, ANA)
        await recover(tenant)
        moved = replaced(manifests(ANA), change(ANA, email="new@x.example"))
        assert (await tenant.plan(moved)).fields("employee/ana") == ["email"]

    tell(story)
