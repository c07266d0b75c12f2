"""Nothing is planned on what is in doubt, under whatever name; and what was left unfinished says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from provisioner.kinds.desired import Declared, Desired, Lifecycle, Removal
from provisioner.plan.change import NOT_YET, Action
from provisioner.plan.diff import remembered
from provisioner.state.model import Record
from tests.apply.doubts import ANA, CUT, DOCK, HILL, IN_WEST, WEST, doubt, make, record
from tests.support import HERE, Planned, Tenant, at, change, declare, manifests, replaced, tell

WEEK = [{"dates": "2026", "week": {"mon-fri": "09:00-17:00"}}]
LINK = declare("link/ana/hill/cut")
HOURS = declare("hours/ana/hill", hours=WEEK)
AWAY = declare("away/ana", away=["2026-08"])
ALL = manifests(HILL, DOCK, CUT, ANA, LINK, HOURS, AWAY)
RENAMED = Lifecycle(was=("hill",))


def note(address: str) -> str:
    """What is said of something in doubt."""
    return (
        f"{address} is pending: its create was sent, and its fate is not known. Nothing is planned for it or for what "
        f"needs it until an apply finds it, or you say what it is: provisioner state resolve {address} --adopt ID, or "
        "--absent"
    )


async def planned(tenant: Tenant, desired: Desired, *doubtful: Declared, **options: Any) -> Planned:
    for each in doubtful:
        doubt(tenant, each)
    return await tenant.plan(desired, **options)


# -- held back


@pytest.mark.parametrize(
    ("doubtful", "left"),
    [
        (CUT, ["away/ana", "employee/ana", "hours/ana/hill", "location/dock", "location/hill"]),
        (ANA, ["location/dock", "location/hill", "service/cut"]),
        (HILL, ["away/ana", "employee/ana", "location/dock", "service/cut"]),
        (DOCK, [a for a in sorted(map(str, ALL.resources)) if a != "location/dock"]),
    ],
    ids=lambda each: str(each.address) if isinstance(each, Declared) else "",
)  # fmt: skip
def test_what_is_in_doubt_holds_back_what_needs_it_and_nothing_else(doubtful: Declared, left: list[str]) -> None:
    async def story(tenant: Tenant) -> None:
        made = await planned(tenant, ALL, doubtful)
        assert sorted(made.summary()) == [f"create {each}" for each in left]
        assert made.plan.notes == (note(str(doubtful.address)),)
        assert made.plan.pending == (doubtful.address,)
        assert made.plan.managed == len(left)

    tell(story)


def test_an_account_in_doubt_holds_back_everything_in_it() -> None:
    async def story(tenant: Tenant) -> None:
        made = await planned(tenant, manifests(WEST, IN_WEST, CUT), WEST)
        assert made.summary() == ["create service/cut"]
        assert made.plan.managed == 1

    tell(story)


def test_several_in_doubt_are_each_named() -> None:
    async def story(tenant: Tenant) -> None:
        made = await planned(tenant, ALL, HILL, CUT)
        assert made.plan.notes == (note("location/hill"), note("service/cut"))
        assert sorted(made.summary()) == ["create away/ana", "create employee/ana", "create location/dock"]

    tell(story)


def test_what_is_in_doubt_and_out_of_the_manifests_is_still_named() -> None:
    async def story(tenant: Tenant) -> None:
        made = await planned(tenant, manifests(DOCK), HILL)
        assert made.summary() == ["create location/dock"]
        assert made.plan.notes == (note("location/hill"),)
        destroyed = await planned(tenant, manifests(), destroy=True)
        assert (destroyed.summary(), destroyed.plan.pending) == ([], (HILL.address,))

    tell(story)


def test_what_is_recorded_is_still_compared() -> None:
    async def story(tenant: Tenant) -> None:
        record(tenant, "location/dock", await make(tenant, DOCK))
        made = await planned(tenant, replaced(ALL, change(DOCK, name="Docks")), ANA)
        assert "update location/dock" in made.summary()

    tell(story)


def test_what_is_pending_is_not_deleted_under_removed() -> None:
    async def story(tenant: Tenant) -> None:
        made = await planned(tenant, manifests(removed={"location/hill": Removal("delete", HERE)}), HILL)
        assert made.summary() == []
        assert note("location/hill") in made.plan.notes

    tell(story)


# -- under another name


@pytest.mark.parametrize(
    "renamed",
    [
        declare("location/mountain", lifecycle=RENAMED, name="Hill"),
        declare("location/mountain", lifecycle=RENAMED, name="Mountain"),
        declare("location/mountain", name="hILL"),
    ],
    ids=["key", "key and name", "key, and nothing says so"],
)
def test_what_is_in_doubt_is_not_made_again_under_another_key(renamed: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        moved = manifests(renamed, declare("hours/ana/mountain", hours=WEEK), ANA)
        made = await planned(tenant, moved, HILL)
        assert made.summary() == ["create employee/ana"]
        assert made.plan.notes == (note("location/hill"),)
        tenant.state = replace(tenant.state, pending={})
        record(tenant, "location/hill", await make(tenant, HILL))  # an apply found it
        assert "create location/mountain" not in (await planned(tenant, moved)).summary()

    tell(story)


def test_what_is_in_doubt_in_a_renamed_account_is_not_made_again() -> None:
    async def story(tenant: Tenant) -> None:
        west = await make(tenant, WEST)
        record(tenant, "account/west", west)
        doubt(tenant, IN_WEST, account_id=west)
        pacific = declare("account/pacific", lifecycle=Lifecycle(was=("west",)), company_name="West", nick_name="west")
        made = await planned(tenant, manifests(pacific, declare("pacific/service/cut", name="Cut", duration="30 min")))
        assert made.summary() == ["adopt account/pacific"]
        assert made.plan.pending == (at("pacific/service/cut"),)
        assert made.state.pending[at("pacific/service/cut")].account_id == west

    tell(story)


def test_the_same_name_elsewhere_is_another_object() -> None:
    async def story(tenant: Tenant) -> None:
        west = await make(tenant, WEST)
        record(tenant, "account/west", west)
        wanted = manifests(WEST, IN_WEST, declare("location/cut", name="Cut"))
        made = await planned(tenant, wanted, CUT)
        assert made.of(Action.CREATE) == ["location/cut", "west/service/cut"]

    tell(story)


# -- left unfinished


def unfinished(tenant: Tenant, declared: Declared, id_: str, applied: Mapping[str, Any] | None = None) -> None:
    """What is remembered of something of which not everything was answered."""
    told, _ = remembered(declared, None, tenant.digest)
    half = Record(id_, owned=True, applied=told if applied is None else applied, confirmed=False)
    tenant.state = tenant.state.with_records({**tenant.state.records, declared.address: half})


def test_what_is_unfinished_is_finished_and_says_why() -> None:
    async def story(tenant: Tenant) -> None:
        wanted = change(HILL, city="Bergen")
        unfinished(tenant, wanted, await make(tenant, HILL))
        made = await planned(tenant, manifests(wanted))
        assert made.summary() == ["update location/hill"]
        assert made.reason("location/hill") == "an interrupted apply left it unfinished"
        assert not made.plan.drift, "nobody else changed it"
        assert made.plan.changes[0].record == replace(tenant.state.records[HILL.address], confirmed=True)

    tell(story)


def test_what_turns_out_to_be_whole_is_remembered_as_that() -> None:
    async def story(tenant: Tenant) -> None:
        unfinished(tenant, HILL, await make(tenant, HILL), {})
        made = await planned(tenant, manifests(HILL))
        assert made.summary() == []
        assert made.plan.refreshed[HILL.address] == remembered_whole(tenant)

    tell(story)


def remembered_whole(tenant: Tenant) -> Record:
    applied, _ = remembered(HILL, None, tenant.digest)
    return replace(tenant.state.records[HILL.address], applied=applied, confirmed=True)


@pytest.mark.parametrize("declared", [HOURS, LINK], ids=lambda d: d.address.kind)
def test_a_relation_that_was_not_made_after_all_is_made_now(declared: Declared) -> None:
    async def story(tenant: Tenant) -> None:
        for each in (HILL, CUT, ANA):
            record(tenant, str(each.address), await make(tenant, each))
        unfinished(tenant, declared, "")
        made = await planned(tenant, manifests(HILL, CUT, ANA, declared))
        assert made.summary() == [f"create {declared.address}"]
        assert made.reason(str(declared.address)) == NOT_YET
        assert not made.plan.drift, "nobody deleted it"

    tell(story)


def test_what_is_unfinished_and_left_the_manifests_is_ours_to_delete() -> None:
    async def story(tenant: Tenant) -> None:
        unfinished(tenant, HILL, await make(tenant, HILL), {})
        made = await planned(tenant, manifests())
        assert made.summary() == ["delete location/hill"]

    tell(story)
