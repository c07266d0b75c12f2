"""Which object's body carries which link, and what the body then says.

A written object carries its complete final map with explicit zeros for removals, so that it is right whether the vendor
replaces or merges. Assumption, either way: nothing documents which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from provisioner.kinds import Address
from provisioner.plan.change import Action, Change
from provisioner.providers.base import Surroundings
from provisioner.providers.setster.cover import carriers
from provisioner.providers.setster.payload import LinkMap, Ref

SIDES = ("employee", "location", "service")
Node = tuple[str, Ref]
Triple = tuple[Ref, Ref, Ref]


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one account: what they will be, and who carries each change."""

    final: AbstractSet[Triple]
    loads: Mapping[Node, tuple[Triple, ...]]
    """The changed triples that ride in each object's body."""
    by_node: Mapping[Node, tuple[Triple, ...]]

    def carried(self, node: Node) -> tuple[Triple, ...]:
        """The changed triples that ride in this object's body."""
        return self.loads.get(node, ())

    def map_of(self, node: Node, *, new: bool) -> LinkMap | None:
        """An object's body of links: all of its own, or, for one that is created, those that ride in it.

        None where the body says nothing of links. An employee's always does (seed: Create an Employee).
        """
        if node[0] not in SIDES:
            return None
        side = SIDES.index(node[0])
        triples = self.carried(node) if new else self.by_node.get(node, ())
        if new and not triples and node[0] != "employee":
            return None
        return LinkMap(tuple((*_others(triple, side), triple in self.final) for triple in triples))


def _others(triple: Triple, side: int) -> tuple[Ref, Ref]:
    """The other two, in the order the object's body nests them: an employee's by location, the rest by employee."""
    employee, location, service = triple
    return ((location, service), (employee, service), (employee, location))[side]


def plan_links(scope: str, changes: Iterable[Change], around: Surroundings) -> Links:
    """The links after the changes, and the fewest bodies that say so."""
    changes = list(changes)
    objects = {(c.address.kind, c.address): c.action for c in changes if c.address.kind in SIDES}
    gone = {(kind, a) for (kind, a), action in objects.items() if action is Action.DELETE}
    deleted: set[Node] = {*gone, *((kind, a.key[0][3:]) for kind, a in gone if a.key[0].startswith("id:"))}
    current = {_triple(scope, live.refs, around) for live in around.evidence.of(scope, "link")}
    current = {t for t in current if not deleted.intersection(zip(SIDES, t, strict=True))}
    mine = [c for c in changes if c.address.kind == "link" and not c.with_]
    added = {_named(scope, c.address) for c in mine if c.action is Action.CREATE}
    removed = {_named(scope, c.address) for c in mine if c.action is Action.DELETE}
    final = (current | added) - removed
    carrier = _carriers(added | removed, objects, deleted, around, scope)
    loads: dict[Node, list[Triple]] = {}
    for triple, node in carrier.items():
        loads.setdefault(node, []).append(triple)
    return Links(final, {node: tuple(own) for node, own in loads.items()}, _by_node(final | removed))


def _triple(scope: str, refs: tuple[str, ...], around: Surroundings) -> Triple:
    employee, location, service = (
        around.addresses.get((scope, side, ref), ref) for side, ref in zip(SIDES, refs, strict=True)
    )
    return employee, location, service


def _named(scope: str, link: Address) -> Triple:
    """A link's members; `id:977` names an object that nobody manages."""
    employee, location, service = (
        key.removeprefix("id:") if key.startswith("id:") else Address(scope, side, (key,))
        for side, key in zip(SIDES, link.key, strict=True)
    )
    return employee, location, service


def _by_node(triples: Iterable[Triple]) -> dict[Node, tuple[Triple, ...]]:
    nodes: dict[Node, list[Triple]] = {}
    for triple in sorted(triples, key=str):
        for node in zip(SIDES, triple, strict=True):
            nodes.setdefault(node, []).append(triple)
    return {node: tuple(own) for node, own in nodes.items()}


def _carriers(
    changed: AbstractSet[Triple],
    objects: Mapping[tuple[str, Address], Action],
    deleted: AbstractSet[Node],
    around: Surroundings,
    scope: str,
) -> dict[Triple, Node]:
    """The cover works on names: translate there and back."""
    names = {str(ref): ref for triple in changed for ref in triple}
    named = {(str(e), str(where), str(what)): (e, where, what) for e, where, what in changed}

    def of(*actions: Action) -> set[tuple[str, str]]:
        return {(kind, str(a)) for (kind, a), action in objects.items() if action in actions}

    readable = {
        (side, str(around.addresses.get((scope, side, live.id), live.id)))
        for side in SIDES
        for live in around.evidence.of(scope, side)
    }
    created = of(Action.CREATE)
    members = {(side, ref) for triple in changed for side, ref in zip(SIDES, triple, strict=True)}
    managed = {(side, str(ref)) for side, ref in members if ref in around.declared} | created

    def allowed(node: tuple[str, str]) -> bool:
        return node in managed and (node in readable or node in created)

    for triple in named:
        if not any(map(allowed, zip(SIDES, triple, strict=True))):
            managed |= readable
    chosen = carriers(
        set(named),
        new=created,
        written=of(Action.UPDATE),
        deleted={(kind, str(ref)) for kind, ref in deleted},
        allowed=allowed,
    )
    return {named[triple]: (side, names[name]) for triple, (side, name) in chosen.items()}
