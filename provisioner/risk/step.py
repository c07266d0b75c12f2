"""A change with all that goes along with it, as what it leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import specs
from provisioner.plan.change import WRITES, Action, Change
from provisioner.risk.here import Ids, Values, here, members


class Step(NamedTuple):
    """What one account is like after a change."""

    address: Address
    """Of the change, as the plan calls it."""
    strands: bool
    """Whether it can strand at all; of all the others only what they mend counts."""
    after: Mapping[Address, Values | None]
    """What it changes, by ids; None is gone."""
    account: Values | None = None
    """The account's own values after it, where it changes those."""


def can_strand(change: Change, ids: Ids) -> bool:
    """Whether a change is of a sort that strands appointments; its kind says so. Nobody has booked what is new."""
    kind = BY_NAME[change.address.kind]
    if change.action is Action.UPDATE:
        known = specs(kind)
        return any(known[each.name].can_strand(each.before, each.after) for each in change.fields)
    if change.action.value not in kind.strands or change.with_ is not None:
        return False
    return change.live is not None or all(each in ids for each in members(change.address))


def steps_of(changes: Iterable[Change], ids: Ids) -> tuple[Step, ...]:
    """The steps of one account's changes; what goes with the deletion of something is in its step."""
    writes = [change for change in changes if change.action in WRITES]
    ids = {**{c.address: c.id for c in writes if c.id and not BY_NAME[c.address.kind].key_kinds}, **ids}
    along: dict[Address, list[Change]] = {}
    for change in writes:
        along.setdefault(change.with_ or change.address, []).append(change)
    return tuple(_step(change, along[change.address], ids) for change in writes if change.with_ is None)


def _step(change: Change, together: list[Change], ids: Ids) -> Step:
    if change.address.kind == "account":
        return Step(change.address, can_strand(change, ids), {}, _values(change))
    after = {here(each.address, ids): _values(each) for each in together}
    return Step(change.address, can_strand(change, ids), after)


def _values(change: Change) -> Values | None:
    if change.action is Action.DELETE:
        return None
    return {**(change.live.fields if change.live else {}), **change.values}
