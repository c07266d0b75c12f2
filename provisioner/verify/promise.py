"""What the manifests promise of one account: what is live, with all that they say put in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.kinds.address import Address
from provisioner.kinds.desired import Desired
from provisioner.opening import Facts


def promised(live: Facts, wanted: Facts, desired: Desired, scope: str) -> Facts:
    """The account as it would be after an apply. What the manifests leave open stays as it is live."""
    changes: dict[Address, Mapping[str, Any] | None] = {
        address: None for address in live.resources if address.kind == "link" and _unwanted(address, desired)
    }
    for address, values in wanted.resources.items():
        there = live.resources.get(address)
        declared = desired.resources[address]
        ignored = declared.lifecycle.ignore if there is not None else frozenset[str]()
        changes[address] = {**(there or {}), **{name: v for name, v in values.items() if name not in ignored}}
    for address, removal in desired.removed.items():
        there = live.resources.get(address)
        if address.account == scope and there is not None and removal.how != "forget":
            changes[address] = None if removal.how == "delete" else {**there, "active": False}
    after = live.changed(changes)
    return Facts({**live.account, **wanted.account}, after.resources)


def _unwanted(link: Address, desired: Desired) -> bool:
    """Whether a link is in a pair that is managed as a whole, and the manifests do not name it."""
    return link not in desired.resources and link._replace(key=link.key[:2]) in desired.whole
