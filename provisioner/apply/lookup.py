"""A create whose answer was lost is looked for, by natural key, among what was not live before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.live import Live
from provisioner.kinds.natural import natural_key
from provisioner.providers.base import Ask, Provider
from provisioner.state.model import Pending, State


def can_look(provider: Provider, address: Address, pending: Pending) -> bool:
    """Whether the vendor lists such objects, and there is something to know this one by."""
    if not pending.keys:
        return False
    capability = provider.capabilities.get(address.kind)
    return capability is not None and capability.listed


async def look_up(provider: Provider, state: State, wanted: Mapping[Address, Pending]) -> dict[Address, list[str]]:
    """The ids of live objects that may be each of these: none, one, or more than one.

    Each kind of each account is listed once. What the state has already is none of them. Raises what reading raises.
    """
    found: dict[Address, list[str]] = {}
    for place, together in _together(wanted, state.tenant.company_id).items():
        evidence = await provider.read([_ask(provider, place, together)])
        scope, kind, _ = place
        recorded = {r.id for a, r in state.records.items() if (a.account, a.kind) == (scope, kind)}
        for address, pending in together.items():
            free = [live for live in evidence.of(scope, kind) if live.id not in pending.known | recorded]
            found[address] = _fitting(kind, pending, free)
    return found


Place = tuple[str, str, str]
"""(scope, kind, account id)"""


def _together(wanted: Mapping[Address, Pending], company_id: str) -> dict[Place, dict[Address, Pending]]:
    places: dict[Place, dict[Address, Pending]] = {}
    for address, pending in wanted.items():
        place = (address.account, address.kind, pending.account_id or company_id)
        places.setdefault(place, {})[address] = pending
    return places


def _ask(provider: Provider, place: Place, together: Mapping[Address, Pending]) -> Ask:
    scope, kind, account_id = place
    if kind != "account":
        sought = provider.capabilities[kind].sought
        return Ask(kind, scope, account_id, seek=dict.fromkeys(map(_written, together.values()), "") if sought else {})
    names = {p.keys[0].values[0]: str(p.record.applied.get("company_name", "")) for p in together.values()}
    return Ask(kind, seek=names)


def _written(pending: Pending) -> str:
    """The first natural key as the manifests write it."""
    first = pending.keys[0]
    return str(pending.record.applied.get(first.fields[0], first.values[0]))


def _fitting(kind: str, pending: Pending, free: Iterable[Live]) -> list[str]:
    pool = list(free)
    for key in pending.keys:
        ids = [live.id for live in pool if natural_key(BY_NAME[kind], key.fields, live.fields) == key.values]
        if ids:
            return sorted(ids)
    return []
