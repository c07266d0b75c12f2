"""What is known of one account, wherever it is known from: typed values by field, for each address.

Manifests and a live read hold the same typed values, in different containers. `wanted` and `found` bring both into
this one; `changed` makes of it what it would be after some changes. Fields that nobody named are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from provisioner.kinds import BY_NAME, Resource
from provisioner.kinds.account import Account
from provisioner.kinds.address import Address
from provisioner.kinds.away import Away
from provisioner.kinds.desired import Desired
from provisioner.kinds.employee import Employee
from provisioner.kinds.holiday import Holiday
from provisioner.kinds.hours import Hours
from provisioner.kinds.link import Link
from provisioner.kinds.live import Evidence, Live
from provisioner.kinds.location import Location
from provisioner.kinds.service import Service

DECIDING: tuple[type[Resource], ...] = (Location, Service, Employee, Link, Hours, Away, Holiday)
"""The kinds that decide what is bookable, the account aside."""
Values = Mapping[str, Any]
"""Typed values by flattened field name, such as `options.prior_notice`; what could not be read is `Unreadable`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One account: its own values, and those of what is in it."""

    account: Values = field(default_factory=dict)
    resources: Mapping[Address, Values] = field(default_factory=dict)

    def changed(self, changes: Mapping[Address, Values | None]) -> Facts:
        """The same account after some changes: whole resources by address, None for one that goes."""
        after = {**self.resources, **changes}
        return replace(self, resources={address: values for address, values in after.items() if values is not None})


def wanted(desired: Desired) -> dict[str, Facts]:
    """What the manifests say of each account, by its scope."""
    accounts: dict[str, Values] = {}
    resources: dict[str, dict[Address, Values]] = {scope: {} for scope in sorted(desired.accounts)}
    for address, declared in desired.resources.items():
        resource = declared.resource
        if isinstance(resource, Account):
            accounts["" if resource.claims() else address.key[0]] = resource.wanted()
        elif isinstance(resource, DECIDING):
            resources.setdefault(address.account, {})[address] = resource.wanted()
    return {scope: Facts(accounts.get(scope, {}), own) for scope, own in resources.items()}


def found(
    evidence: Evidence, scope: str, known: Mapping[tuple[str, str, str], Address], account: Values | None = None
) -> Facts:
    """What was read of one account.

    `known` has the addresses by (scope, kind, id), as a match answers them; what has none is called `#ID`. `account`
    has the account's own values, which are read apart from what is in it.
    """
    lives = (live for kind in DECIDING for live in evidence.of(scope, kind.kind))
    return Facts(account or {}, {_address(live, scope, known): live.fields for live in lives})


def _address(live: Live, scope: str, known: Mapping[tuple[str, str, str], Address]) -> Address:
    """The address of an object, or of a relation from those of the objects that it joins."""
    parts = [*zip(BY_NAME[live.kind].key_kinds, live.refs, strict=True)] or [(live.kind, live.id)]
    named = [known.get((scope, kind, id_)) for kind, id_ in parts]
    keys = (a.key[0] if a else f"#{id_}" for a, (_, id_) in zip(named, parts, strict=True))
    return Address(scope, live.kind, tuple(keys))
