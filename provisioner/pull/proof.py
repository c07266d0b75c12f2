"""The proof before anything is written: the files as they would be are read, and must say what was wanted and no more.

Nothing is guessed about who shares an anchor, a default, a cell or a wide document: what else would change is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.errors import ManifestError
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.desired import Declared, Desired
from provisioner.pull.book import Book
from provisioner.pull.edit import Edit
from provisioner.pull.take import SERVICES, Refused, Take, members
from provisioner.pull.unfit import UnfitError
from provisioner.pull.ways import Way

Load = Callable[[Mapping[str, bytes]], Desired]
"""Reads the workspace with some texts in place of those on disk. Raises ManifestError."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Values that one edit takes back together, with the ways that are left to try."""

    takes: tuple[Take, ...]
    ways: tuple[Way, ...]
    rest: tuple[Unit, ...] = ()
    """What to try one by one when they do not go together."""
    why: str = ""


@dataclass(slots=True)
class Proof:
    """Takes units as long as the files, read again, differ in nothing else."""

    book: Book
    before: Desired
    load: Load
    taken: list[Unit] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def settle(self, units: list[Unit]) -> None:
        """Take all of the units that can be taken: together, or else half by half."""
        while units:
            waiting = [unit for unit in units if unit.ways]
            for unit in units:
                if not unit.ways:
                    self._refuse(unit)
            units = []
            if not waiting:
                return
            reason = self._objection(waiting)
            if not reason:
                self.taken += waiting
            elif len(waiting) > 1:
                one, other = _halves(waiting)
                self.settle(one)
                units = other
            elif waiting[0].rest:
                units = list(waiting[0].rest)
            else:
                unit = waiting[0]
                units = [Unit(unit.takes, unit.ways[1:], why=unit.why or reason)]

    def edits(self) -> list[Edit]:
        """Everything that was taken."""
        return [edit for unit in self.taken for edit in unit.ways[0]]

    def _refuse(self, unit: Unit) -> None:
        for take in unit.takes:
            self.refused.append(Refused(take.address, take.field, take.place, unit.why))

    def _objection(self, units: list[Unit]) -> str:
        """Why these cannot be taken together with what was taken; "" when they can."""
        every = [*self.taken, *units]
        try:
            written = self.book.written(edit for unit in every for edit in unit.ways[0])
            after = self.load(written)
        except UnfitError as unfit:
            return str(unfit) or "it stands among others in a way that cannot be parted: write it by hand"
        except ManifestError as error:
            return f"with it the files would be wrong ({error.problems[0]}): change both by hand"
        takes = [take for unit in every for take in unit.takes]
        found = dict(differences(self.before, after))
        expected = set[tuple[Address, str]]()
        for take in takes:
            if fault := _fault(take, self.before, after):
                return fault
            expected |= _expected(take, found)
        other = next((each for each in found if each not in expected), None)
        if other and all(take.gone for unit in units for take in unit.takes):
            return f"the same lines declare {other[0]}: declare it for those accounts alone that keep it"
        return _also(other, self.before) if other else ""


def units(takes: Iterable[tuple[Take, list[Way], str]]) -> list[Unit]:
    """The takes with their ways; those that the same edit would take back are one unit."""
    shared: dict[Way, list[Unit]] = {}
    alone = []
    for take, ways, why in takes:
        unit = Unit((take,), tuple(ways), why=why)
        if ways:
            shared.setdefault(ways[0], []).append(unit)
        else:
            alone.append(unit)
    for way, group in shared.items():
        if len(group) == 1:
            alone.append(group[0])
        else:
            rest = tuple(Unit(unit.takes, unit.ways[1:], why=unit.why or _SHARED) for unit in group)
            alone.append(Unit(tuple(take for unit in group for take in unit.takes), (way,), rest))
    return sorted(alone, key=lambda unit: (unit.takes[0].gone, unit.takes[0].address))


_SHARED = "others have their value from the same place: write it where only this one is meant"


def _halves(waiting: list[Unit]) -> tuple[list[Unit], list[Unit]]:
    """Two halves; what is of one resource stays together as long as there is more than one."""
    middle = len(waiting) // 2
    addresses = [unit.takes[0].address for unit in waiting]
    cuts = [n for n in range(1, len(waiting)) if addresses[n] != addresses[n - 1]]
    cut = min(cuts, key=lambda n: abs(n - middle)) if cuts else middle
    return waiting[:cut], waiting[cut:]


# -- two readings compared


def differences(before: Desired, after: Desired) -> Iterator[tuple[tuple[Address, str], Any]]:
    """Each field that differs, by address and name; a resource that is in one of them only has the name ""."""
    for address in {**before.resources, **after.resources}:
        one, other = before.resources.get(address), after.resources.get(address)
        if one is None or other is None:
            yield (address, ""), one or other
        elif one.resource is not other.resource:
            yield from (((address, name), other) for name in _fields(one, other))
    for pair in before.whole.keys() ^ after.whole.keys():
        yield (pair, ""), None
    for address in before.removed.keys() ^ after.removed.keys():
        yield (address, "removed"), None
    for scope in before.accounts ^ after.accounts:
        yield (Address("", "account", (scope,)), ""), None


def _fields(one: Declared, other: Declared) -> Iterator[str]:
    mine, theirs = one.resource.wanted(), other.resource.wanted()
    for name in {**mine, **theirs}:
        if (name in mine) != (name in theirs) or mine[name] != theirs[name]:
            yield name
    if one.resource.claims() != other.resource.claims():
        yield "role"
    if one.lifecycle != other.lifecycle:
        yield "lifecycle"


def _fault(take: Take, before: Desired, after: Desired) -> str:
    """Whether the files would still not say what was wanted."""
    if take.field == SERVICES:
        size = len(take.address.key)
        now = {a.key[-1] for a in after.resources if a.key[:size] == take.address.key and _same(a, take.address)}
        if now == set(take.live) and take.address in after.whole:
            return ""
        return "another entry names the same pair: edit them together by hand"
    declared = after.resources.get(take.address)
    if take.gone:
        return "another document declares it too: remove it by hand" if declared else ""
    if declared is None:
        return "it would no longer be declared"
    values = declared.resource.wanted()
    if take.field not in values:
        return "" if take.field in before.resources[take.address].resource.wanted() and take.live is None else _STILL
    return "" if take.spec and take.spec.same(values[take.field], take.live) else _STILL


_STILL = "what is written there does not decide it, or cannot say it: write it by hand"


def _same(address: Address, pair: Address) -> bool:
    return (address.account, address.kind) == (pair.account, pair.kind)


def _expected(take: Take, found: Mapping[tuple[Address, str], Any]) -> set[tuple[Address, str]]:
    """The differences that come with a take."""
    if take.field == SERVICES:
        size = len(take.address.key)
        return {(a, n) for a, n in found if _same(a, take.address) and a.key[:size] == take.address.key and not n}
    if not take.gone:
        return {(take.address, take.field)}
    own = {(take.address, "")}
    lists = {(a, n) for a, n in found if n == BY_NAME[a.kind].inline and a.account == take.address.account}
    return own | lists | {(a, n) for a, n in found if not n and take.address in _members(a)}


def _members(address: Address) -> list[Address]:
    return [*members(address)] if BY_NAME[address.kind].key_kinds else []


def _also(other: tuple[Address, str], before: Desired) -> str:
    address, name = other
    what = f"{address}.{name}" if name else str(address)
    verb = "would change with it" if address in before.resources else "would come with it"
    return f"{what} {verb}: write it where only this one is meant"
