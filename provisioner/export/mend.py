"""What the loader or the planner does not take of what was written, found by its line or its address."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from provisioner.errors import Problem
from provisioner.export.entry import Drawn, Mended, Place
from provisioner.export.files import Written
from provisioner.kinds import BY_NAME, Address
from provisioner.plan.change import Action, Change

Faults = dict[Place, dict[str, str]]


def by_problems(problems: Iterable[Problem], files: Iterable[Written]) -> Faults:
    """The fields that problems with the manifests are about."""
    lines = {file.name: _tagged(file) for file in files}
    faults: Faults = {}
    for problem in problems:
        numbers, tags = lines.get(problem.file, ([], []))
        at = bisect_right(numbers, problem.line) - 1
        if at >= 0:
            place, field = tags[at]
            faults.setdefault(place, {})[field] = problem.message
    return faults


def _tagged(file: Written) -> tuple[list[int], list[tuple[Place, str]]]:
    found = [
        (number, line.tag)
        for number, line in enumerate(file.lines, 1)
        if isinstance(line.tag, tuple) and len(line.tag) == 2 and isinstance(line.tag[0], tuple)
    ]
    return [number for number, _ in found], [tag for _, tag in found]


def by_changes(changes: Iterable[Change], drawn: Drawn) -> Faults:
    """The fields that a plan would change, although they were just read."""
    places = {entry.address: entry.place for entry in drawn.entries}
    faults: Faults = {}
    for change in changes:
        if change.action is Action.ADOPT:
            continue
        place, path = _holder(change.address, places)
        if place is None:
            continue
        fields = [field.name for field in change.fields] if not path and change.action is Action.UPDATE else [path]
        for field in fields:
            faults.setdefault(place, {})[field] = "it would be changed at once"
    return faults


def _holder(address: Address, places: Mapping[Address, Place]) -> tuple[Place | None, str]:
    """The entry that says something of an address, and where in it."""
    kind = BY_NAME[address.kind]
    if not kind.key_kinds:
        return places.get(address), ""
    holder = Address(address.account, kind.key_kinds[0], address.key[:1])
    paths = BY_NAME[holder.kind].nested
    steps = [_step(step, kind.key_kinds, address.key) for step in paths.get(kind.kind, ())]
    return places.get(holder), ".".join(steps)


def _step(step: str, kinds: tuple[str, ...], key: tuple[str, ...]) -> str:
    return key[kinds.index(step)] if step in kinds else step


def joined(mended: Mended, faults: Faults) -> Mended:
    """Both; what was mended before, and is at fault again, is left out altogether."""
    found = {place: dict(fields) for place, fields in mended.items()}
    for place, fields in faults.items():
        known = found.setdefault(place, {})
        for field, why in fields.items():
            known["" if field in known else field] = why
    return found
