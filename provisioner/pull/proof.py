"""The proof before anything is written: the files as they would be are read, and must say what was wanted and no more.

Nothing is guessed about who shares an anchor, a default, a cell or a wide document: what else would change is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from provisioner.errors import ManifestError, Problem
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.desired import Declared, Desired
from provisioner.manifest.rows.row import RowPlace
from provisioner.pull.book import Book
from provisioner.pull.edit import Edit, hidden
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
    observe: Callable[[int, int], None] = lambda _done, _of: None
    """Told how many values of how many are settled."""
    taken: list[Unit] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def settle(self, units: list[Unit]) -> None:
        """Take all of the units that can be taken: together, or else without those at fault, or half by half."""
        total = sum(len(unit.takes) for unit in units)
        stack = [units]
        while stack:
            units = stack.pop()
            for unit in units:
                if not unit.ways:
                    self._refuse(unit)
            if waiting := [unit for unit in units if unit.ways]:
                stack += self._settled(waiting)
            done = len(self.refused) + sum(len(unit.takes) for unit in self.taken)
            self.observe(done, total)

    def _settled(self, waiting: list[Unit]) -> list[list[Unit]]:
        """Take some units, or say in which order what is left of them is to be tried: the last first."""
        reason, blamed = self._objection(waiting)
        if not reason:
            self.taken += waiting
            return []
        if blamed:
            at_fault = [each for number in blamed for each in _otherwise(waiting[number], blamed[number])]
            return [at_fault, [unit for number, unit in enumerate(waiting) if number not in blamed]]
        if len(waiting) > 1:
            one, other = _halves(waiting)
            return [other, one]
        return [_otherwise(waiting[0], reason)]

    def edits(self, *, shown: bool = False) -> list[Edit]:
        """Everything that was taken; `shown` to somebody, without people's own data."""
        found: list[Edit] = []
        for unit in self.taken:
            personal = shown and any(take.spec and take.spec.personal for take in unit.takes)
            found += map(hidden, unit.ways[0]) if personal else unit.ways[0]
        return found

    def _refuse(self, unit: Unit) -> None:
        for take in unit.takes:
            self.refused.append(Refused(take.address, take.field, take.place, unit.why))

    def _objection(self, units: list[Unit]) -> tuple[str, Mapping[int, str]]:
        """Why these cannot be taken together with what was taken, "" when they can; and why which of them cannot."""
        every = [*self.taken, *units]
        try:
            written = self.book.written(edit for unit in every for edit in unit.ways[0])
            after = self.load(written)
        except UnfitError as unfit:
            return str(unfit) or "it stands among others in a way that cannot be parted: write it by hand", {}
        except ManifestError as error:
            return _wrong(error.problems[0]), self._blamed(error.problems, units)
        return self._difference(every, units, after), {}

    def _blamed(self, problems: Iterable[Problem], units: Sequence[Unit]) -> dict[int, str]:
        """Which units the problems of a reading are about, by number: the only ones that wrote there."""
        moved = {e.file for unit in (*self.taken, *units) for e in unit.ways[0] if not self.book.keeps_lines(e)}
        written: dict[_Written, set[int]] = {}
        for number, unit in enumerate(units):
            for take in unit.takes:
                if take.place.file not in moved:
                    written.setdefault(_told_at(take), set()).add(number)
        found: dict[int, str] = {}
        for problem in problems:
            for place in _told_of(problem):
                own = written.get(place, ())
                found |= dict.fromkeys(own, _wrong(problem)) if len(own) == 1 else {}
        return found

    def _difference(self, every: Iterable[Unit], units: Iterable[Unit], after: Desired) -> str:
        """What else the files would say than what was wanted."""
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


def _otherwise(unit: Unit, reason: str) -> list[Unit]:
    """The unit with the ways that are left, or its values one by one."""
    return list(unit.rest) or [Unit(unit.takes, unit.ways[1:], why=unit.why or reason)]


def _wrong(problem: Problem) -> str:
    return f"with it the files would be wrong ({problem}): change both by hand"


_Written = tuple[str, int, str, int]
"""The file and line where a value is written, or the template that makes it; its field; and the line of its row."""


def _told_at(take: Take) -> _Written:
    """Where a reading would tell what is wrong with a value."""
    place = take.place
    if isinstance(place, RowPlace):
        return place.written.file, place.written.line, take.field, place.line
    return place.file, place.line, take.field, 0


def _told_of(problem: Problem) -> Iterator[_Written]:
    """What a problem may be about; its field stands in front of what is wrong with it, and a row in front of that."""
    first, _, rest = problem.message.partition(": ")
    if not problem.rows:
        yield problem.file, problem.line, first, 0
    for row in problem.rows:
        yield problem.file, problem.line, rest.partition(": ")[0], row


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
