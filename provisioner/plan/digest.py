"""The plan's digest: two plans with one digest would do the same to the same tenant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import Spec, specs
from provisioner.kinds.live import Live
from provisioner.plan.change import Change
from provisioner.state.model import Tenant


def plan_digest(changes: Iterable[Change], tenant: Tenant, live: Mapping[Address, Live]) -> str:
    """Ten hex digits over what would be done, to which live objects, and what it was computed from.

    Counts and times are left out. Of secrets it holds only that one is sent, and of what a person's record says in the
    tenant only that it says something: a digest that is printed must not let either be guessed.
    """
    body = [str(tenant), *(_canonical(change, live) for change in changes)]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:10]


def _canonical(change: Change, live: Mapping[Address, Live]) -> list[Any]:
    known = specs(BY_NAME[change.address.kind])
    fields = [[f.name, _before(known[f.name], f.before), _plain(known[f.name], f.after)] for f in change.fields]
    named = [live[address].id if address in live else "" for address in _named(change)]
    loud = ["notify"] if change.notify else []
    return [str(change.address), change.action, change.id, fields, named, *loud]


def _named(change: Change) -> Iterator[Address]:
    """The objects that a change only names: its account, what a relation joins, what an order lists."""
    address, kind = change.address, BY_NAME[change.address.kind]
    if address.account:
        yield Address("", "account", (address.account,))
    for member, key in zip(kind.key_kinds, address.key, strict=False):
        yield Address(address.account, member, (key,))
    if kind.lists:
        for key in change.values.get("keys", ()):
            yield Address(address.account, kind.lists[address.key[0]], (key,))


def _before(spec: Spec, value: Any) -> Any:
    return value is not None if spec.personal else _plain(spec, value)


def _plain(spec: Spec, value: Any) -> Any:
    if spec.sensitive:
        return value is not None
    try:
        return spec.dump(value)
    except (AttributeError, TypeError, ValueError):
        return str(value)  # an earlier manifest spelling, kept for a field that cannot be read
