"""The order of locations, services and employees: one call for each list of an account.

Source: seed "Update Location's Sort Order", and the same of services and employees. A call gives every object of the
list a place of its own: those that are named, then the others as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.kinds import Address
from provisioner.plan.change import Action, Change
from provisioner.providers.base import Call, Effect, Part
from provisioner.providers.decided import ChangedError
from provisioner.providers.setster.payload import Ref, SaveOrder
from provisioner.providers.setster.table import Table


def order_call(
    change: Change,
    table: Table,
    needs: frozenset[str],
    makes: Mapping[Address, str],
    ids: Mapping[Address, str],
    changes: Iterable[Change],
) -> Call:
    """The call for one list. It waits for what is created in it, and leaves out what is deleted from it, and what is
    named and may not be there yet (an earlier create that is in doubt).
    """
    scope = change.address.account
    named = [Address(scope, table.kind, (key,)) for key in change.values["keys"]]
    own = [c for c in changes if c.address.kind == table.kind]
    created = [c.address for c in own if c.action is Action.CREATE]
    gone = frozenset(str(c.id) for c in own if c.action is Action.DELETE)
    wanted: tuple[Ref, ...] = tuple(a for a in named if a in makes or a in ids)
    behind: tuple[Ref, ...] = tuple(a for a in created if a not in named)
    waits = {makes[address] for address in (*named, *created) if address in makes}
    seen = change.live.refs if change.live else None
    payload = SaveOrder(table, scope, change.address.key[0], wanted, behind, gone, seen)
    return Call(f"order of {change.address}", Effect.REPLACE, (Part(change.address),), needs | waits, payload=payload)


def places(
    wanted: Sequence[str], behind: Sequence[str], live: Sequence[str], gone: frozenset[str]
) -> list[dict[str, Any]]:
    """The body: a place for each id, counted from 1."""
    ids = dict.fromkeys((*wanted, *(id_ for id_ in live if id_ not in gone), *behind))
    return [{"id": int(id_), "ord": number} for number, id_ in enumerate(ids, start=1)]


def check_order(seen: Sequence[str], wanted: Sequence[str], now: Sequence[str]) -> None:
    """Raises ChangedError for named objects that have neither the order that the plan saw nor the one to be written."""
    both = set(seen) & set(wanted) & set(now)
    before, after, found = ([id_ for id_ in ids if id_ in both] for ids in (seen, wanted, now))
    if found not in (before, after):
        raise ChangedError("the order changed since the plan was made: plan again")
