"""Relations in the accounts: choices multiplied out, and every key that they name looked up."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from provisioner.kinds import Address
from provisioner.kinds.desired import Declared, Place
from provisioner.kinds.values import plain
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.rows.row import RowPlace
from provisioner.manifest.scope import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from provisioner.kinds.base import Resource
    from provisioner.manifest.budget import Budget
    from provisioner.manifest.inner import Inner
    from provisioner.manifest.products import Choice, Product

_MOST = 1_000_000
"""Combinations of one entry beyond which it cannot be meant, and would fill the memory."""
_SUGGESTED = 100
"""How many dangling references get a nearest name, which takes a while to find among thousands."""


@dataclass(frozen=True, slots=True)
class Relations:
    """The relations found so far; `keys` has every declared key by account and kind."""

    keys: Mapping[tuple[str, str], Mapping[str, object]]
    problems: Problems
    budget: Budget
    found: dict[Address, Declared] = field(default_factory=dict)
    whole: dict[Address, Place] = field(default_factory=dict)
    _dangling: dict[tuple[Place, str, str], list[str]] = field(default_factory=dict)
    _plain: dict[type[Resource], Resource] = field(default_factory=dict)

    def add_inner(self, account: str, inner: Inner) -> None:
        """A relation with fields, such as hours."""
        kind = type(inner.resource)
        self.budget.spend(1, inner.place)
        for part, (key, place) in zip(kind.key_kinds, inner.keys, strict=True):
            self.check(account, part, key, place)
        address = Address(account, kind.kind, tuple(key for key, _ in inner.keys))
        self.found[address] = Declared(address, inner.resource, inner.place, inner.fields)

    def add_product(self, account: str, chosen: Product) -> None:
        """Every combination of some choices; the leading keys of each are named as a whole set."""
        kind = chosen.kind
        self.budget.spend(sum(len(choice) for choice in chosen.choices if choice), chosen.place)
        members = [
            self._members(account, part, choice, chosen.place)
            for part, choice in zip(kind.key_kinds, chosen.choices, strict=True)
        ]
        count = prod(map(len, members))
        if count > _MOST:
            self.problems.add(chosen.place, f"this is {count:,} {kind.section} in one account: name fewer")
            return
        self.budget.spend(count, chosen.place)
        for leading in product(*members[: kind.whole]):
            keys = tuple(key for key, _ in leading)
            self.whole.setdefault(Address(account, kind.kind, keys), chosen.place)
            for rest in product(*members[kind.whole :]):
                address = Address(account, kind.kind, (*keys, *(key for key, _ in rest)))
                place = rest[-1][1] if rest and not isinstance(chosen.place, RowPlace) else chosen.place
                self.found.setdefault(address, Declared(address, self._resource(kind), place))

    def _members(self, account: str, kind: str, choice: Choice, place: Place) -> Sequence[tuple[str, Place]]:
        declared = self.keys.get((account, kind), {})
        if choice is None:
            return [(key, place) for key in declared]
        return [(key, at) for key, at in choice if self.check(account, kind, key, at)]

    def check(self, account: str, kind: str, key: str, place: Place) -> bool:
        """Whether a key is declared in an account; one that is not is reported in the end."""
        known = key in self.keys.get((account, kind), ())
        if not known:
            self._dangling.setdefault((place, kind, key), []).append(account)
        return known

    def _resource(self, kind: type[Resource]) -> Resource:
        if kind not in self._plain:
            self._plain[kind] = kind()
        return self._plain[kind]

    def report(self) -> None:
        """Add every reference that leads nowhere, once for all the accounts that lack what it names."""
        for number, ((place, kind, key), accounts) in enumerate(self._dangling.items()):
            known = self.keys.get((accounts[0], kind), ()) if number < _SUGGESTED else ()
            remedy = meant(key, known, "declare it, or remove it here")
            self.problems.add(place, f"no {kind} '{plain(key, 60)}' in {listed(accounts)}: {remedy}")
