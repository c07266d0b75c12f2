"""What refers to what among the changes, put into layers: pure geometry, with nothing of HTML in it.

A plan of many changes is drawn by groups: all that is done alike to one kind in one account, and where even these are
many, in all accounts together. Layers are by what is referred to: a node stands to the right of all that it needs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from provisioner.kinds import BY_NAME, KINDS, Address, read_address
from provisioner.report.printed import Document

MOST = 60
"""Nodes of one drawing."""
_SWEEPS = 4
_RANK = {kind.kind: number for number, kind in enumerate(KINDS)}

Key = tuple[str, ...]
Naming = Callable[[Document], Key]


class Node(NamedTuple):
    """One change, or several that are drawn as one."""

    key: Key
    label: str
    action: str
    first: int
    """The number of its first change in the plan."""
    size: int
    layer: int
    row: int


class Graph(NamedTuple):
    """Nodes with their places, and lines from what is needed to what needs it, as numbers of nodes."""

    nodes: Sequence[Node]
    edges: Sequence[tuple[int, int]]
    layers: int
    rows: int


def _each(change: Document) -> Key:
    """One node for each object; the members of a set together."""
    whole = BY_NAME[change["kind"]].whole
    address = _read(change["address"])
    local = "/".join(address.key[:whole]) if whole and address else ""
    name = f"{change['kind']}/{local}" if local else change["address"]
    return change["action"], change["account"], change["kind"], name


def _by_account(change: Document) -> Key:
    return change["action"], change["account"], change["kind"]


def _by_kind(change: Document) -> Key:
    return change["action"], "", change["kind"]


def graph(changes: Sequence[Document]) -> Graph | None:
    """The finest drawing that is still one to look at; None where nothing refers to anything."""
    told = [(number, change) for number, change in enumerate(changes) if change["action"] != "adopt"]
    for naming in (_each, _by_account, _by_kind):
        keys = {number: naming(change) for number, change in told}
        if len({*keys.values()}) <= MOST:
            break
    needs = _needs(told, keys)
    return _placed(told, keys, needs) if any(needs.values()) else None


def _needs(told: Iterable[tuple[int, Document]], keys: Mapping[int, Key]) -> dict[Key, set[Key]]:
    """What each node refers to; what would lead back, or to itself, is no line."""
    by_address = {change["address"]: keys[number] for number, change in told}
    needs: dict[Key, set[Key]] = {key: set() for key in keys.values()}
    for number, change in told:
        own = keys[number]
        for other in _refers_to(change):
            target = by_address.get(other)
            if target is not None and _RANK[target[2]] < _RANK[own[2]]:
                needs[own].add(target)
    return needs


def _refers_to(change: Document) -> list[str]:
    address = _read(change["address"])
    if address is None:
        return []
    kind = BY_NAME[address.kind]
    keys = list(zip(kind.key_kinds, address.key, strict=False))
    if kind.lists:
        listed = kind.lists.get(address.key[0], "")
        sides = (field[side] for field in change["fields"] for side in ("before", "after"))
        keys += [(listed, key) for side in sides if isinstance(side, list) for key in side if isinstance(key, str)]
    account = [str(Address("", "account", (address.account,)))] if address.account else []
    return [*account, *(str(Address(address.account, member, (key,))) for member, key in keys)]


def _read(text: str) -> Address | None:
    """An address from its text; None for one that nobody could write."""
    try:
        return read_address(text)
    except ValueError:
        return None


def _placed(told: Sequence[tuple[int, Document]], keys: Mapping[int, Key], needs: Mapping[Key, set[Key]]) -> Graph:
    layer = _layers(needs)
    columns: list[list[Key]] = [[] for _ in range(1 + max(layer.values()))]
    for key in dict.fromkeys(keys.values()):
        columns[layer[key]].append(key)
    for _ in range(_SWEEPS):
        _untangled(columns, needs)
    rows = {key: row for column in columns for row, key in enumerate(column)}
    counts, first = Counter(keys.values()), dict[Key, int]()
    for number, _ in told:
        first.setdefault(keys[number], number)
    nodes = [Node(k, _label(k, counts[k]), k[0], first[k], counts[k], layer[k], rows[k]) for k in rows]
    places = {node.key: number for number, node in enumerate(nodes)}
    edges = [(places[other], places[key]) for key in rows for other in sorted(needs[key])]
    return Graph(nodes, edges, len(columns), max(map(len, columns)))


def _label(key: Key, count: int) -> str:
    if len(key) > 3:
        return key[3] + (f" ({count})" if count > 1 else "")
    kind = BY_NAME[key[2]]
    things = kind.title if count == 1 else kind.section or f"{kind.kind} entries"
    return f"{count:,} {things}" + (f" in {key[1]}" if key[1] else "")


def _layers(needs: Mapping[Key, set[Key]]) -> dict[Key, int]:
    """One more than the furthest of what is needed. Kinds only refer to kinds before them, so one pass does."""
    layer: dict[Key, int] = {}
    for key in sorted(needs, key=lambda each: _RANK[each[2]]):
        layer[key] = 1 + max((layer[other] for other in needs[key]), default=-1)
    return layer


def _untangled(columns: Sequence[list[Key]], needs: Mapping[Key, set[Key]]) -> None:
    """Put each node beside the middle of what it is joined to, from left to right and back."""
    joined: dict[Key, set[Key]] = defaultdict(set)
    for key, others in needs.items():
        for other in others:
            joined[key].add(other)
            joined[other].add(key)
    for column in (*columns, *reversed(columns)):
        at = {key: row / max(1, len(each)) for each in columns for row, key in enumerate(each)}
        column.sort(key=lambda key: sum(at[o] for o in joined[key]) / len(joined[key]) if joined[key] else at[key])
