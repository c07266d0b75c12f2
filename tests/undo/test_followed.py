"""An undo finds what its run was about by id, whatever it is called by now; what only has its name is never touched."""

from dataclasses import replace
from typing import Any

from provisioner.kinds.desired import Lifecycle
from provisioner.state.model import State
from tests.support import at, change, declare, manifests, replaced, without
from tests.undo.keeping import Keeping
from tests.undo.test_undo import CUT, SALON, Tell, said, tell

__all__ = ["tell"]

A = declare("service/a", name="Alpha", duration="45 min", price="10")
B = declare("service/b", name="Beta", duration="30 min", price="20")
TWO = manifests(A, B)
DEARER = manifests(change(A, price="11"), B)
RENAMED = manifests(
    declare("service/c", Lifecycle(was=("a",)), name="Alpha2", duration="45 min", price="11"),
    B,
)
C = declare("service/c", name="Alpha2", duration="45 min", price="11")
NEWCOMER = declare("service/a", name="Newcomer", duration="90 min", price="11")


def once(state: State) -> bool:
    """Whether each object is recorded under one address."""
    ids = [(a.kind, r.id) for a, r in state.records.items() if r.id]
    return len(ids) == len(set(ids))


def test_another_object_under_the_name_is_never_touched(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        made = await tenant.run(TWO)
        dearer = await tenant.run(DEARER)
        await tenant.settle(RENAMED)
        both = manifests(C, NEWCOMER, B)
        await tenant.settle(both)
        old, new = tenant.id("service/c"), tenant.id("service/a")
        assert old != new
        planned, _ = await tenant.undo(dearer, both)
        assert planned.summary() == ["update service/c"]
        assert float(tenant.held("service/c")["price"]) == 10
        assert float(tenant.held("service/a")["price"]) == 11
        planned, _ = await tenant.undo(made, both)
        assert sorted(planned.summary()) == ["delete service/b", "delete service/c"]
        assert tenant.id("service/a") == new
        assert {int(each["id"]) for each in (await tenant.dump())["services"]} >= {int(new)}

    tell(story)


def test_what_is_gone_while_its_name_is_used_again_cannot_be_undone(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        made = await tenant.run(TWO)
        dearer = await tenant.run(DEARER)
        await tenant.settle(manifests(B))
        await tenant.settle(manifests(NEWCOMER, B))
        new = tenant.id("service/a")
        planned = await tenant.undoing(dearer, manifests(NEWCOMER, B))
        assert planned.summary() == []
        assert said(planned) == {"service/a": f"its name service/a is another object's now (id {new})"}
        planned, _ = await tenant.undo(made, manifests(NEWCOMER, B))
        assert planned.summary() == ["delete service/b"]
        assert tenant.id("service/a") == new

    tell(story)


def test_a_link_to_an_object_of_the_same_name_is_not_the_links_that_the_run_made(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(without(SALON, "link/ana/a/cut"))
        linked = await tenant.run(SALON)
        await tenant.settle(without(SALON, "link/ana/a/cut", "service/cut"))
        other = replaced(SALON, change(CUT, name="Another cut"))
        await tenant.settle(other)
        planned = await tenant.undoing(linked, other)
        assert planned.summary() == []
        assert said(planned)["link/ana/a/cut"].startswith("service/cut is another object's now (id ")

    tell(story)


def test_a_run_older_than_a_rename_is_taken_back_under_the_new_name(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        made = await tenant.run(TWO)
        dearer = await tenant.run(DEARER)
        await tenant.settle(RENAMED)
        await tenant.undo(dearer, RENAMED)
        assert float(tenant.held("service/c")["price"]) == 10
        assert at("service/a") not in tenant.state.records
        assert once(tenant.state)
        planned, _ = await tenant.undo(made, RENAMED)
        assert sorted(planned.summary()) == ["delete service/b", "delete service/c"]
        assert not tenant.state.records

    tell(story)


def test_links_and_orders_are_followed_with_what_they_join(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(SALON)
        unlinked = await tenant.run(without(SALON, "link/ana/a/cut"))
        snip = declare("service/snip", Lifecycle(was=("cut",)), name="Cut", duration="45 min", price="30")
        renamed = replaced(without(SALON, "link/ana/a/cut", "service/cut"), snip)
        await tenant.settle(renamed)
        planned, _ = await tenant.undo(unlinked, renamed)
        assert planned.summary() == ["create link/ana/a/snip"]

    tell(story)


def test_an_order_goes_back_by_the_present_names(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        first = replaced(TWO, declare("order/services", keys=["a", "b"]))
        await tenant.settle(first)
        turned = await tenant.run(replaced(TWO, declare("order/services", keys=["b", "a"])))
        renamed = replaced(RENAMED, declare("order/services", keys=["b", "c"]))
        await tenant.settle(renamed)
        planned, _ = await tenant.undo(turned, renamed)
        assert planned.summary() == ["update order/services"]
        assert tenant.state.records[at("order/services")].applied["keys"] == ["c", "b"]

    tell(story)


def test_what_is_in_a_renamed_account_is_found_in_it(tell: Tell) -> None:
    def west(key: str, **cut: Any) -> Any:
        lifecycle = Lifecycle() if key == "west" else Lifecycle(was=("west",))
        account = declare(
            f"account/{key}", lifecycle, company_name="West", nick_name="west", email="o@w.example", password="pw"
        )
        wanted = replaced(SALON, account, declare(f"{key}/service/cut", name="Cut", duration="45 min", **cut))
        return replace(wanted, accounts=frozenset({"", key}))

    async def story(tenant: Keeping) -> None:
        await tenant.settle(west("west"))
        dearer = await tenant.run(west("west", price="12"))
        await tenant.settle(west("sunset", price="12"))
        planned, _ = await tenant.undo(dearer, west("sunset", price="12"))
        assert planned.summary() == ["update sunset/service/cut"]
        assert once(tenant.state)

    tell(story)


def test_what_an_undo_brought_back_is_the_same_to_older_runs(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        made = await tenant.run(TWO)
        dearer = await tenant.run(DEARER)
        gone = await tenant.run(manifests(B))
        _, _ = await tenant.undo(gone, DEARER)
        planned, _ = await tenant.undo(dearer, DEARER)
        assert planned.summary() == ["update service/a"]
        planned, _ = await tenant.undo(made, DEARER)
        assert sorted(planned.summary()) == ["delete service/a", "delete service/b"]

    tell(story)


def test_a_rename_whose_former_key_is_taken_stays_and_the_rest_goes_back(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(TWO)
        both = manifests(
            declare("service/c", Lifecycle(was=("a",)), name="Alpha", duration="45 min", price="10"),
            change(B, price="21"),
        )
        renamed = await tenant.run(both)
        after = manifests(change(C, name="Alpha", price="10"), NEWCOMER, change(B, price="21"))
        await tenant.settle(after)
        planned, _ = await tenant.undo(renamed, after)
        assert planned.summary() == ["update service/b"]
        why = f"its former name service/a is another object's now (id {tenant.id('service/a')})"
        assert said(planned)["service/c"] == why

    tell(story)


def test_what_was_renamed_since_keeps_its_name(tell: Tell) -> None:
    async def story(tenant: Keeping) -> None:
        await tenant.settle(TWO)
        renamed = await tenant.run(RENAMED)
        later = manifests(declare("service/d", Lifecycle(was=("c",)), name="Alpha2", duration="45 min", price="11"), B)
        await tenant.settle(later)
        planned, _ = await tenant.undo(renamed, later)
        assert planned.summary() == ["update service/d"]
        assert said(planned) == {"service/d": "it was renamed since (the run named it service/c)"}
        assert at("service/d") in tenant.state.records
        assert once(tenant.state)

    tell(story)
