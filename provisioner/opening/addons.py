"""Services that are never booked alone: how long they take with the add-on that they need.

Assumption: a service that requires one (`require_addon`) does so where its own rules hold (`active_rules`) and an
active add-on is offered at the same location, for nothing links an add-on to a service.
"""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.kinds.address import Address
from provisioner.kinds.values import Duration
from provisioner.opening.facts import Facts


def shortest_addons(facts: Facts, scope: str) -> Mapping[str, str]:
    """The shortest active add-on of each location, by the location's key."""
    found: dict[str, tuple[int, str]] = {}
    for address in facts.resources:
        if address.kind == "link":
            _, location, service = address.key
            values = facts.resources.get(Address(scope, "service", (service,)), {})
            length = values.get("duration")
            if values.get("addon") is True and values.get("active") is not False and isinstance(length, int):
                found[location] = min(found.get(location, (length, service)), (length, service))
    return {location: service for location, (_, service) in found.items()}


def needs_addon(facts: Facts, scope: str, service: str) -> bool:
    """Whether a service can only be booked with an add-on."""
    values = facts.resources.get(Address(scope, "service", (service,)), {})
    return values.get("require_addon") is True and values.get("active_rules") is not False


def with_addon(facts: Facts, scope: str, service: str, addon: str) -> Facts:
    """The account with a service that takes as long as it does with an add-on; "" is none."""
    if not addon:
        return facts
    address, other = (Address(scope, "service", (key,)) for key in (service, addon))
    lengths = [facts.resources.get(each, {}).get("duration") for each in (address, other)]
    if not all(isinstance(each, int) for each in lengths):
        return facts
    total = Duration(sum(int(each) for each in lengths if each))
    return facts.changed({address: {**facts.resources[address], "duration": total}})
