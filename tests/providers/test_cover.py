"""The fewest writes for changed links, against an exact solver."""

import itertools
import random
from collections.abc import Callable, Collection, Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.providers.setster.cover import KINDS, Node, Triple, carriers

NOTHING: frozenset[Node] = frozenset()
COUNTS: tuple[Any, ...] = (10, pytest.param(40, marks=pytest.mark.slow))


def members(triple: Triple) -> list[Node]:
    return list(zip(KINDS, triple, strict=True))


def all_but(refused: AbstractSet[Node]) -> Callable[[Node], bool]:
    return lambda node: node not in refused


def fewest(changed: Collection[Triple], refused: AbstractSet[Node] = NOTHING) -> int:
    """The exact size of the smallest cover."""
    if not changed:
        return 0
    allowed = all_but(refused)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    nodes = sorted({n for triple in changed for n in members(triple) if allowed(n)})
    number = {node: i for i, node in enumerate(nodes)}
    for _ in nodes:
        solver.addBinary(obj=1)
    for triple in sorted(changed):
        row = [number[n] for n in members(triple) if allowed(n)]
        solver.addRow(1, highspy.kHighsInf, len(row), row, [1.0] * len(row))
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return round(solver.getInfo().objective_function_value)


def free_choice(changed: Collection[Triple], allowed: Callable[[Node], bool] | None = None) -> dict[Triple, Node]:
    return carriers(changed, new=NOTHING, written=NOTHING, deleted=NOTHING, allowed=allowed)


def some(rng: random.Random, employees: int, locations: int, services: int, count: int) -> set[Triple]:
    sizes = (("e", employees), ("l", locations), ("s", services))
    picks = ([f"{letter}{rng.randrange(size)}" for letter, size in sizes] for _ in range(count))
    return {(employee, location, service) for employee, location, service in picks}


def star(rng: random.Random, name: str) -> set[Triple]:
    """All links of one object, which alone is enough."""
    side = rng.randrange(3)
    found = set()
    for i in range(rng.randint(1, 6)):
        keys = [f"{name}-{rng.randint(0, 3)}-{i}" for _ in KINDS]
        keys[side] = name
        found.add((keys[0], keys[1], keys[2]))
    return found


def grid(rng: random.Random, name: str) -> set[Triple]:
    """Everyone does everything everywhere."""
    sides = [[f"{name}{kind[0]}{i}" for i in range(rng.randint(1, 6))] for kind in KINDS]
    return set(itertools.product(sides[0], sides[1], sides[2]))


FAMILIES: dict[str, Callable[[random.Random], set[Triple]]] = {
    "sparse": lambda rng: some(rng, 40, 40, 40, 60),
    "middling": lambda rng: some(rng, 30, 30, 30, 75),
    "dense": lambda rng: some(rng, 12, 12, 12, 200),
    "tiny": lambda rng: some(rng, 6, 6, 6, rng.randint(3, 25)),
    "few employees, many locations": lambda rng: some(rng, 6, 40, 25, 80),
    "few services": lambda rng: some(rng, 30, 20, 5, 50),
    "stars": lambda rng: {triple for i in range(15) for triple in star(rng, f"n{i}")},
    "touching stars": lambda rng: {t for i in range(15) for t in star(rng, f"n{i}")} | some(rng, 9, 9, 9, 20),
    "grids": lambda rng: {triple for i in range(3) for triple in grid(rng, f"g{i}")},
    "grids with holes": lambda rng: {t for i in range(4) for t in sorted(grid(rng, f"g{i}")) if rng.random() < 0.4},
}


def cases(family: str, count: int) -> Iterator[set[Triple]]:
    rng = random.Random(family)
    return (FAMILIES[family](rng) for _ in range(count))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("family", FAMILIES)
def test_the_number_of_writes_is_close_to_the_exact_minimum(family: str, count: int) -> None:
    ours, exact = 0, 0
    for changed in cases(family, count):
        sent, minimum = len(set(free_choice(changed).values())), fewest(changed)
        assert minimum <= sent <= max(minimum + 1, minimum * 1.05)
        ours += sent
        exact += minimum
    assert ours <= exact * 1.01


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("family", FAMILIES)
def test_it_stays_close_when_some_objects_may_not_be_written(family: str, count: int) -> None:
    ours, exact = 0, 0
    for changed in cases(family, count):
        rng = random.Random(len(changed))
        refused = {n for triple in sorted(changed) for n in members(triple) if rng.random() < 0.15}
        possible = {t for t in changed if not refused.issuperset(members(t))}
        chosen = free_choice(possible, all_but(refused))
        assert refused.isdisjoint(chosen.values())
        ours += len(set(chosen.values()))
        exact += fewest(possible, refused)
    assert ours <= exact * 1.01


keys = st.integers(0, 5).map(str)
triples = st.tuples(keys, keys, keys)
some_nodes = st.frozensets(st.tuples(st.sampled_from(KINDS), keys), max_size=5)


@given(st.frozensets(triples, max_size=40), some_nodes, some_nodes, some_nodes, some_nodes, st.randoms())
@settings(deadline=None)
def test_every_link_is_carried_by_the_member_the_rules_name(
    changed: frozenset[Triple],
    new: frozenset[Node],
    written: frozenset[Node],
    deleted: frozenset[Node],
    refused: frozenset[Node],
    rng: random.Random,
) -> None:
    possible = [t for t in sorted(changed) if not refused.issuperset(members(t))]
    carrier = carriers(possible, new=new, written=written, deleted=deleted, allowed=all_but(refused))

    assert set(carrier) == {t for t in possible if deleted.isdisjoint(members(t))}
    for triple, body in carrier.items():
        willing = [n for n in members(triple) if n not in refused]
        created = [n for n in willing if n in new]
        anyway = [n for n in willing if n in written]
        assert body in (created[:1] or anyway or willing)

    rest = {t for t in carrier if not any(n in new | written for n in members(t) if n not in refused)}
    assert len({carrier[t] for t in rest}) <= fewest(rest, refused) + 1

    rng.shuffle(possible)
    again = carriers(possible, new=new, written=written, deleted=deleted, allowed=all_but(refused))
    assert list(again.items()) == list(carrier.items())


@pytest.mark.parametrize("family", FAMILIES)
def test_the_order_of_the_links_does_not_matter(family: str) -> None:
    changed = next(cases(family, 1))
    shuffled = sorted(changed)
    random.Random(1).shuffle(shuffled)
    assert free_choice(shuffled) == free_choice(sorted(changed))


def test_links_of_a_deleted_object_are_free() -> None:
    changed = [("ann", "oslo", "cut"), ("bob", "oslo", "cut")]
    deleted = {("employee", "ann")}
    assert carriers(changed, new=NOTHING, written=NOTHING, deleted=deleted) == {changed[1]: ("employee", "bob")}


@pytest.mark.parametrize(
    ("new", "body"),
    [
        ({("employee", "ann"), ("location", "oslo"), ("service", "cut")}, ("employee", "ann")),
        ({("location", "oslo"), ("service", "cut")}, ("location", "oslo")),
        ({("service", "cut")}, ("service", "cut")),
    ],
)
def test_a_new_object_carries_its_links_even_if_another_is_written_anyway(new: set[Node], body: Node) -> None:
    link = ("ann", "oslo", "cut")
    written = set(members(link)) - new
    assert carriers([link], new=new, written=written, deleted=NOTHING) == {link: body}


def test_an_object_written_anyway_carries_its_links_and_an_employee_first() -> None:
    link = ("ann", "oslo", "cut")
    for written in (set(members(link)), set(members(link)[1:]), set(members(link)[2:])):
        assert carriers([link], new=NOTHING, written=written, deleted=NOTHING) == {link: min(written)}


def test_links_gather_in_a_body_that_carries_some_already() -> None:
    changed = [("ann", "oslo", "cut"), ("bob", "oslo", "cut")]
    written: set[Node] = {("location", "oslo"), ("employee", "bob")}
    found = carriers(changed, new=NOTHING, written=written, deleted=NOTHING)
    assert set(found.values()) == {("location", "oslo")}


def test_objects_written_anyway_cost_nothing_but_do_not_stretch_to_other_links() -> None:
    changed = [("ann", "oslo", "cut"), ("bob", "rome", "cut"), ("cid", "rome", "dye")]
    found = carriers(changed, new=NOTHING, written={("employee", "ann")}, deleted=NOTHING)
    assert found == {
        changed[0]: ("employee", "ann"),
        changed[1]: ("location", "rome"),
        changed[2]: ("location", "rome"),
    }


def test_a_link_whose_members_are_all_refused_is_named() -> None:
    with pytest.raises(ValueError, match=r"\('ann', 'oslo', 'cut'\)"):
        free_choice([("ann", "oslo", "cut")], lambda _: False)


def test_a_refused_link_of_a_deleted_object_is_still_free() -> None:
    deleted = {("employee", "ann")}
    assert carriers([("ann", "x", "y")], new=NOTHING, written=NOTHING, deleted=deleted, allowed=lambda _: False) == {}


def test_no_changed_links_need_no_carriers() -> None:
    assert free_choice([]) == {}


def test_ten_thousand_links_are_covered() -> None:
    rng = random.Random(7)
    for size in (50, 1000, 6000):
        changed = some(rng, size, size, size, 10_000)
        found = free_choice(changed)
        assert set(found) == changed
        assert all(body in members(triple) for triple, body in found.items())
        assert len(set(found.values())) <= size
