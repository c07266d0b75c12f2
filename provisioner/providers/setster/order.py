"""Values that only one object may have: the call that takes one waits for the call that gives it up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from provisioner.errors import ManifestError, Problem
from provisioner.kinds import Address
from provisioner.plan.change import Action, Change
from provisioner.providers.base import Call, Part
from provisioner.providers.setster.registry import TABLES

Value = tuple[str, str]


def release_first(calls: Sequence[Call], changes: Iterable[Change]) -> tuple[Call, ...]:
    """The calls with these waits added. Raises ManifestError when values are swapped, which no order can do."""
    writes = {part.address: call for call in calls for part in call.parts if part == Part(part.address)}
    changed = {c.address: c for c in changes if c.address in writes and c.address.kind in TABLES}
    given = {value: writes[a].id for a, change in changed.items() for value in _given_up(change)}
    waits: dict[str, set[str]] = {}
    for address, change in changed.items():
        for value in _taken(change):
            if given.get(value, writes[address].id) != writes[address].id:
                waits.setdefault(writes[address].id, set()).add(given[value])
    if not waits:
        return tuple(calls)
    ordered = tuple(replace(call, needs=call.needs | waits.get(call.id, set())) for call in calls)
    _check(ordered, changed)
    return ordered


def _given_up(change: Change) -> Iterable[Value]:
    table = TABLES[change.address.kind]
    if change.action is Action.DELETE and change.live:
        return [(name, _key(change.live.fields.get(name))) for name in table.unique]
    return [(f.name, _key(f.before)) for f in change.fields if f.name in table.unique and f.before is not None]


def _taken(change: Change) -> Iterable[Value]:
    table = TABLES[change.address.kind]
    return [(f.name, _key(f.after)) for f in change.fields if f.name in table.unique and f.after is not None]


def _key(value: object) -> str:
    return str(value).casefold()


def _check(calls: Sequence[Call], changed: Mapping[Address, Change]) -> None:
    try:
        TopologicalSorter({call.id: call.needs for call in calls}).prepare()
    except CycleError as error:
        ids = set(error.args[1])
        among = sorted(p.address for c in calls if c.id in ids for p in c.parts if p.address in changed)
        place = changed[among[0]].place
        names = " and ".join(map(str, among))
        message = f"{names} exchange a value that only one may have: give one of them another value, apply, then go on"
        raise ManifestError([Problem(*(place or ("", 0, 0)), message)]) from None
