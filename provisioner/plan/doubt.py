"""What nothing may be planned on: creates in doubt, whatever they are called now, and all that refers to them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.desired import Declared, Desired
from provisioner.kinds.natural import natural_keys
from provisioner.state.model import State


@dataclass(frozen=True, slots=True)
class Doubt:
    """The creates of a state that are pending, as the manifests see them."""

    same: frozenset[Address] = frozenset()
    """They, and what the manifests declare of them under another key: it would be made twice."""

    def holds(self, address: Address) -> bool:
        """Whether an address is in doubt, or refers to something that is."""
        if not self.same:
            return False
        parts = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
        members = (Address(address.account, kind, (key,)) for kind, key in parts)
        account = Address("", "account", (address.account,))
        return any(each in self.same for each in (address, account, *members))


def in_doubt(desired: Desired, state: State) -> Doubt:
    """What is pending, with every declared resource that is the same by its address, a former key or a natural key."""
    if not state.pending:
        return Doubt()
    known = {(address.account, address.kind, *key) for address, each in state.pending.items() for key in each.keys}
    same = {address for address, declared in desired.resources.items() if _is(declared, known, state)}
    return Doubt(frozenset({*state.pending, *same}))


def _is(declared: Declared, known: AbstractSet[tuple[Any, ...]], state: State) -> bool:
    address = declared.address
    former = (address._replace(key=(key,)) for key in declared.lifecycle.was)
    keys = ((address.account, address.kind, *key) for key in natural_keys(declared.resource))
    return any(each in state.pending for each in (address, *former)) or any(key in known for key in keys)
