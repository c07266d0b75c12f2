"""Which live object is which address: by recorded id, pin, role, former key, natural key - in that order.

Pure. Two live objects that fit one address are a problem only when that address must choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from provisioner.errors import Problem
from provisioner.kinds import KINDS, Address, Resource
from provisioner.kinds.desired import Declared, Desired
from provisioner.kinds.live import Evidence, Live
from provisioner.kinds.natural import natural_key
from provisioner.state.model import State


@dataclass(slots=True)
class Matches:
    """The outcome: live objects by address, addresses by live id, and what could not be decided."""

    live: dict[Address, Live] = field(default_factory=dict)
    how: dict[Address, str] = field(default_factory=dict)
    address: dict[tuple[str, str, str], Address] = field(default_factory=dict)
    """(scope, kind, id) -> address, recorded addresses that left the manifests included."""
    moved: dict[Address, Address] = field(default_factory=dict)
    """New address -> the address it had in the state."""
    problems: list[Problem] = field(default_factory=list)

    def take(self, address: Address, live: Live, how: str) -> None:
        """Decide that `live` is `address`."""
        self.live[address] = live
        self.how[address] = how
        self.address[address.account, address.kind, live.id] = address


def match(
    desired: Desired,
    state: State,
    evidence: Evidence,
    kinds: Iterable[type[Resource]] = KINDS,
    selected: Callable[[Address], bool] = lambda _: True,
) -> Matches:
    """Match every desired and recorded address with what was read. Objects first: relations name them.

    Of what is not selected not all may have been read, so that a pin that leads nowhere says nothing.
    """
    matches = Matches()
    wanted = _by_place(desired)
    recorded = _recorded(state)
    places = sorted({*evidence.objects, *wanted})
    for kind in kinds:
        for scope, name in places:
            if name == kind.kind:
                place = scope, name
                pool = evidence.of(scope, name)
                step = _Step(scope, matches, state, wanted.get(place, []), recorded.get(place, []), pool, selected)
                step.relations(kind) if kind.key_kinds else step.objects(kind)
    return matches


def _by_place(desired: Desired) -> dict[tuple[str, str], list[Declared]]:
    places: dict[tuple[str, str], list[Declared]] = {}
    for address, declared in desired.resources.items():
        places.setdefault((address.account, address.kind), []).append(declared)
    return places


def _recorded(state: State) -> dict[tuple[str, str], list[Address]]:
    places: dict[tuple[str, str], list[Address]] = {}
    for address in state.records:
        places.setdefault((address.account, address.kind), []).append(address)
    return places


@dataclass(slots=True)
class _Step:
    """The matching of one kind in one account."""

    scope: str
    matches: Matches
    state: State
    wanted: list[Declared]
    recorded: list[Address]
    pool: tuple[Live, ...]
    selected: Callable[[Address], bool]
    owner: dict[str, Address] = field(default_factory=dict)
    """Recorded id -> the address that it is recorded under."""

    def __post_init__(self) -> None:
        self.owner = {self.state.records[address].id: address for address in self.recorded}

    def relations(self, kind: type[Resource]) -> None:
        for live in self.pool:
            keys = tuple(
                self.matches.address[self.scope, part, ref].key[0]
                if (self.scope, part, ref) in self.matches.address
                else f"id:{ref}"
                for part, ref in zip(kind.key_kinds, live.refs, strict=True)
            )
            address = Address(self.scope, kind.kind, keys)
            self.matches.take(address, live, "state" if address in self.state.records else "name")
            self._follow(kind, address)

    def _follow(self, kind: type[Resource], address: Address) -> None:
        """A relation whose members were renamed in the manifests was recorded under their former keys."""
        members = (Address(self.scope, part, (key,)) for part, key in zip(kind.key_kinds, address.key, strict=True))
        old = address._replace(key=tuple(self.matches.moved.get(member, member).key[0] for member in members))
        if old != address and old in self.state.records and address not in self.state.records:
            self.matches.moved[address] = old

    def objects(self, kind: type[Resource]) -> None:
        if kind.lists:
            self.pool = tuple(self._ordered(kind, live) for live in self.pool)
        free = {live.id: live for live in self.pool}
        waiting = self._claim(self.wanted, free, self._from_state, "state")
        if kind.lists:
            waiting = self._claim(waiting, free, lambda declared, left: left.get(declared.address.key[0]), "name")
        waiting = self._claim(waiting, free, self._pinned, "pin")
        waiting = [declared for declared in waiting if not declared.lifecycle.id]  # it is that one or none
        for finder, how in ((self._by_role, "role"), (self._by_former_key, "was")):
            waiting = self._claim(waiting, free, finder, how)
        self._by_natural_key(kind, waiting, free)
        desired = {declared.address for declared in self.wanted}
        for address in self.recorded:
            live = free.get(self.state.records[address].id)
            if address not in desired and live is not None:
                self.matches.take(address, live, "state")

    def _ordered(self, kind: type[Resource], live: Live) -> Live:
        """A live order by the keys of what its wanted one names; what else is in the list is of no account."""
        wanted = next(
            (d.resource.wanted().get(kind.inline, ()) for d in self.wanted if d.address.key == (live.id,)), ()
        )
        found = (self.matches.address.get((self.scope, kind.lists[live.id], ref)) for ref in live.refs)
        keys = tuple(address.key[0] for address in found if address and address.key[0] in wanted)
        return replace(live, fields={**live.fields, kind.inline: keys})

    def _claim(self, waiting: list[Declared], free: dict[str, Live], find: Any, how: str) -> list[Declared]:
        left = []
        for declared in waiting:
            live = find(declared, free)
            if live is None:
                left.append(declared)
            else:
                del free[live.id]
                self._rekeyed(declared.address, live)
                self.matches.take(declared.address, live, how)
        return left

    def _rekeyed(self, address: Address, live: Live) -> None:
        """Note that the state has this object under another address: its key changed in the manifests."""
        if address not in self.state.records and live.id in self.owner:
            self.matches.moved[address] = self.owner[live.id]

    def _from_state(self, declared: Declared, free: Mapping[str, Live]) -> Live | None:
        record = self.state.records.get(declared.address)
        pinned = declared.lifecycle.id
        if record and pinned and record.id != pinned:
            self._problem(
                declared,
                f"the state has id {record.id} and lifecycle.id is {pinned}: "
                f"remove the pin, or run provisioner state rm {declared.address}",
            )
        if record and (old := self._other_former(declared, record.id)):
            self._problem(
                declared,
                f"{declared.address} was {old}, and the state has another object (id {record.id}) under its name: "
                f"run provisioner state rm {declared.address} first, or rename to a key that is free",
            )
        return free.get(record.id) if record else None

    def _other_former(self, declared: Declared, id_: str) -> Address | None:
        """A former address that the state still has, of another object than the one under the new name."""
        former = (declared.address._replace(key=(key,)) for key in declared.lifecycle.was)
        return next((a for a in former if a in self.state.records and self.state.records[a].id != id_), None)

    def _pinned(self, declared: Declared, free: Mapping[str, Live]) -> Live | None:
        pinned = declared.lifecycle.id
        if pinned and pinned not in free and self.selected(declared.address):
            self._problem(declared, f"lifecycle.id {pinned} is {self._taken(declared, pinned)}: correct or remove it")
        return free.get(pinned) if pinned else None

    def _taken(self, declared: Declared, id_: str) -> str:
        """What an id is that no free live object has: another address, or nothing."""
        other = self.matches.address.get((self.scope, declared.address.kind, id_))
        return f"{other} already" if other else f"no live {declared.resource.title}"

    def _by_role(self, declared: Declared, free: Mapping[str, Live]) -> Live | None:
        roles = declared.resource.claims()
        return next((live for live in free.values() if roles & live.roles), None) if roles else None

    def _by_former_key(self, declared: Declared, free: Mapping[str, Live]) -> Live | None:
        for key in declared.lifecycle.was:
            old = declared.address._replace(key=(key,))
            record = self.state.records.get(old)
            if record and record.id in free:
                self.matches.moved[declared.address] = old
                return free[record.id]
        return None

    def _by_natural_key(self, kind: type[Resource], waiting: list[Declared], free: dict[str, Live]) -> None:
        for names in kind.natural:
            index = _index(kind, names, free.values()) if waiting else {}
            for declared in waiting:
                fits = [
                    live
                    for live in index.get(natural_key(kind, names, declared.resource.wanted()) or (), ())
                    if live.id in free
                ]
                fits = _exact(declared, names, fits) or fits
                if len(fits) > 1:
                    self._ambiguous(declared, names, fits)
                elif fits:
                    live = fits[0]
                    del free[live.id]
                    self._rekeyed(declared.address, live)
                    self.matches.take(declared.address, live, "name")

    def _ambiguous(self, declared: Declared, names: tuple[str, ...], fits: list[Live]) -> None:
        value = declared.resource.wanted()[names[0]]
        ids = sorted(live.id for live in fits)
        section = declared.resource.title
        self._problem(
            declared,
            f"{len(fits)} live {section}s have the {names[0]} {value} ({', '.join(ids)}): add "
            f"`lifecycle: {{id: {ids[0]}}}` to {declared.address}",
        )

    def _problem(self, declared: Declared, message: str) -> None:
        place = declared.place
        self.matches.problems.append(Problem(place.file, place.line, place.column, message))


def _exact(declared: Declared, names: tuple[str, ...], fits: list[Live]) -> list[Live]:
    """Those that are written just so: a key ignores case only as long as that leaves no doubt."""
    wanted = declared.resource.wanted()
    return [live for live in fits if all(live.fields.get(name) == wanted.get(name) for name in names)]


def _index(kind: type[Resource], names: tuple[str, ...], pool: Iterable[Live]) -> dict[tuple[Any, ...], list[Live]]:
    index: dict[tuple[Any, ...], list[Live]] = {}
    for live in pool:
        key = natural_key(kind, names, live.fields)
        if key is not None:
            index.setdefault(key, []).append(live)
    return index
