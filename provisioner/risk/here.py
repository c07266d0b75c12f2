"""Names by which a booking and a change mean the same thing: a live object is `#ID`, one that is still to be made has
the key of its address. Zones are left out: a booking is told in its location's wall time, and so are hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.live import Evidence
from provisioner.opening import Facts, found

Ids = Mapping[Address, str]
"""The live objects by address."""
Values = Mapping[str, Any]


def facts_of(evidence: Evidence, scope: str, account_id: str) -> Facts:
    """What was read of one account, every object by its id."""
    accounts = (live for live in evidence.of("", "account") if live.id == account_id)
    own = next((live.fields for live in accounts), {})
    return found(evidence, scope, {}, own)


def parts(address: Address) -> Iterator[tuple[str, str]]:
    """The kind and the key of each object that an address names."""
    return zip(BY_NAME[address.kind].key_kinds or (address.kind,), address.key, strict=False)


def members(address: Address) -> tuple[Address, ...]:
    """The objects that a relation joins; nothing for an object."""
    return tuple(Address(address.account, kind, (key,)) for kind, key in parts(address) if kind != address.kind)


def here(address: Address, ids: Ids) -> Address:
    """An address by ids."""
    objects = (Address(address.account, kind, (key,)) for kind, key in parts(address))
    return address._replace(key=tuple(f"#{ids[each]}" if each in ids else each.key[0] for each in objects))


def used(booking: Booking, scope: str) -> tuple[Address, ...]:
    """All that a booking stands on, but for what holds for everyone (holidays, the account)."""
    who, where = f"#{booking.employee}", f"#{booking.location}"
    services = [f"#{each}" for each in (booking.service, *booking.addons)]
    return (
        Address(scope, "location", (where,)),
        Address(scope, "employee", (who,)),
        Address(scope, "hours", (who, where)),
        Address(scope, "away", (who,)),
        *(Address(scope, "service", (each,)) for each in services),
        *(Address(scope, "link", (who, where, each)) for each in services),
    )


def may_use(booking: Booking, address: Address) -> bool:
    """Whether a booking may stand on something, as far as its ids could be read."""
    known = {"employee": booking.employee, "location": booking.location}
    services = (booking.service, *booking.addons)
    for kind, key in parts(address):
        if known.get(kind) and key != f"#{known[kind]}":
            return False
        if kind == "service" and booking.service and key not in {f"#{each}" for each in services}:
            return False
    return True
