"""The drawing of what refers to what: all is drawn once, what is needed stands on the left, and it stays small."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from provisioner.kinds import Address
from provisioner.kinds.desired import Place
from provisioner.plan.change import Action, Change, Plan
from provisioner.report.html.graph import MOST, Graph, graph
from tests.report.html.chain import chain
from tests.report.printing import printed
from tests.report.strategies import plans


def drawn(*changes: Change) -> Graph | None:
    return graph(printed(Plan(changes)).changes)


def change(address: Address, action: Action = Action.CREATE) -> Change:
    return Change(address, action, "", place=Place("a.yaml", 1))


def studio(account: str, people: int) -> list[Change]:
    names = [f"e{number}" for number in range(people)]
    return [
        change(Address(account, "location", ("a",))),
        change(Address(account, "service", ("cut",))),
        *(change(Address(account, "employee", (name,))) for name in names),
        *(change(Address(account, "link", (name, "a", "cut"))) for name in names),
        *(change(Address(account, "link", (name, "a", "color"))) for name in names),
    ]


def test_what_is_needed_stands_on_the_left_of_what_needs_it() -> None:
    plan, _ = chain()
    found = graph(printed(plan).changes)
    assert found
    at = {node.label: node.layer for node in found.nodes}
    assert (at["account/harbour"], at["harbour/location/pier"]) == (0, 1)
    lines = {(found.nodes[start].label, found.nodes[end].label) for start, end in found.edges}
    assert ("west/employee/ben", "link/ben/beach") in lines
    assert ("west/location/beach", "link/ben/beach") in lines


def test_the_members_of_a_set_are_one_box() -> None:
    found = drawn(*studio("", 2))
    assert found
    assert sorted(node.label for node in found.nodes if "link" in node.label) == ["link/e0/a (2)", "link/e1/a (2)"]


def test_many_changes_are_drawn_by_account_and_more_by_kind() -> None:
    some = drawn(*(each for n in range(10) for each in studio(f"shop{n}", 5)))
    assert some
    assert {node.label for node in some.nodes} >= {"1 location in shop0", "5 employees in shop3"}
    many = drawn(*(each for n in range(90) for each in studio(f"shop{n}", 2)))
    assert many
    assert sorted(node.label for node in many.nodes) == ["180 employees", "360 links", "90 locations", "90 services"]
    assert len(many.edges) == 3


def test_nothing_is_drawn_where_nothing_refers_to_anything() -> None:
    assert drawn(change(Address("", "service", ("a",))), change(Address("", "service", ("b",)))) is None


def test_what_is_put_in_order_is_needed_by_the_order() -> None:
    order: Any = Change(Address("", "order", ("services",)), Action.CREATE, "")
    fields = {"name": "keys", "before": None, "after": ["a", "b"]}
    documents = printed(Plan((change(Address("", "service", ("a",))), order))).changes
    found = graph([documents[0], {**documents[1], "fields": [fields]}])
    assert found
    assert len(found.edges) == 1


@settings(max_examples=60, deadline=None)
@given(plan=plans())
def test_any_plan(plan: Plan) -> None:
    found = graph(printed(plan).changes)
    if found is None:
        return
    assert len(found.nodes) <= MOST
    assert sum(node.size for node in found.nodes) == sum(c.action is not Action.ADOPT for c in plan.changes)
    assert all(found.nodes[start].layer < found.nodes[end].layer for start, end in found.edges)
    places = [(node.layer, node.row) for node in found.nodes]
    assert len(places) == len({*places})
    assert all(layer < found.layers and row < found.rows for layer, row in places)
