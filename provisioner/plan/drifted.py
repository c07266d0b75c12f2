"""What moved in the tenant since the last apply, whatever the manifests say by now. Pure; it is no plan to carry out.

The planner compares with what is wanted; here what was last applied is compared, so that an edit that waits for its
apply is no drift, and what left the manifests is still looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import specs
from provisioner.kinds.desired import PLAIN, Declared, Desired, Place
from provisioner.kinds.live import Evidence, Live
from provisioner.kinds.partial import partial
from provisioner.plan.change import DELETED_OUTSIDE, Action, Change, FieldChange, Left, Plan
from provisioner.plan.diff import Digest, compare, spells
from provisioner.plan.match import Matches
from provisioner.state.model import Record, State

_NOWHERE = Place("", 0)


def as_applied(state: State, manifests: Desired) -> Desired:
    """What was last applied, wanted again; what the manifests ignore by now is ignored."""
    found = {}
    for address, record in state.records.items():
        resource = partial(BY_NAME[address.kind], record.applied).resource
        own = manifests.resources.get(address)
        found[address] = Declared(
            address, resource, own.place if own else _NOWHERE, own.fields if own else {},
            replace(own.lifecycle, was=(), id=None) if own else PLAIN,
        )  # fmt: skip
    return Desired(found, accounts=frozenset({"", *(a.account for a in found), *_accounts(state)}))


def _accounts(state: State) -> Iterator[str]:
    return (address.key[0] for address in state.records if address.kind == "account")


@dataclass(frozen=True, slots=True)
class Drifted:
    """What was applied, what is live, and what the manifests say by now."""

    applied: Desired
    manifests: Desired
    state: State
    evidence: Evidence
    matches: Matches
    digest: Digest

    def plan(self, notes: tuple[str, ...] = ()) -> Plan:
        """All that moved, each as the change that would put it back; nothing of it is to be carried out."""
        changes, left = list[Change](), list[Left]()
        for address, declared in self.applied.resources.items():
            record, live = self.state.records[address], self.matches.live.get(address)
            found = self._gone(declared, record) if live is None else self._moved(declared, record, live)
            if isinstance(found, Left):
                left.append(found)
            elif found:
                changes.append(found)
        every = tuple(sorted(changes, key=lambda each: (each.scope, each.address)))
        told = tuple(
            f"{each.address}: {each.reason}" for each in every if each.id and each.reason == _replaced(each.id)
        )
        return Plan(
            every, drift=every, left=tuple(sorted(left, key=lambda each: each.address)), notes=(*notes, *told),
            managed=len(self.state.records),
        )  # fmt: skip

    def _gone(self, declared: Declared, record: Record) -> Change | Left | None:
        """What is not there any more. What went along with another thing that is gone is not told by itself."""
        address = declared.address
        looked = (address.account, address.kind) in self.evidence.objects
        if not looked or not record.confirmed or any(self._lost(each) for each in _held_by(address)):
            return None
        if BY_NAME[address.kind].key_kinds and record.applied and not any(record.applied.values()):
            return None  # that there is nothing of it is what was applied
        place = self._place(declared)
        if declared.resource.drifts:
            return Left(address, record.id, place=place, gone=True)
        return Change(address, Action.CREATE, DELETED_OUTSIDE, place=place, resource=declared.resource)

    def _lost(self, address: Address) -> bool:
        return address in self.state.records and address not in self.matches.live

    def _moved(self, declared: Declared, record: Record, live: Live) -> Change | Left | None:
        address = declared.address
        other = live.id != record.id and not declared.resource.key_kinds
        if not record.confirmed:
            return None
        difference = compare(declared, live, record, self.digest, rotate=False)
        fields = tuple(told for each in difference.fields if each.outside and (told := self._told(declared, each)))
        if not fields and not other:
            return None
        place = self._place(declared)
        if declared.resource.drifts:
            return Left(address, live.id, fields, place)
        reason = _replaced(live.id) if other else "changed outside since the last apply"
        return Change(
            address, Action.UPDATE, reason, id=live.id, fields=fields, unchanged=difference.unchanged, place=place,
            resource=declared.resource, live=live,
        )  # fmt: skip

    def _told(self, declared: Declared, field: FieldChange) -> FieldChange | None:
        """A field that moved, beside what the manifests say of it by now; None where they agree, or leave it out."""
        own = self.manifests.resources.get(declared.address)
        if own is None:
            return replace(field, place=None)
        now = own.resource.wanted()
        spec = specs(type(own.resource))[field.name]
        if field.name not in now or spec.same(now[field.name], field.before):
            return None
        both = not spells(spec, field.applied, now[field.name])
        return replace(field, after=now[field.name], both=both, place=own.fields.get(field.name, own.place))

    def _place(self, declared: Declared) -> Place | None:
        return None if declared.place == _NOWHERE else declared.place


def _replaced(id_: str) -> str:
    return f"it was deleted outside, and another one with its name is there (id {id_})"


def _held_by(address: Address) -> Iterator[Address]:
    """What takes it along when it goes: its account, and what a relation joins."""
    if address.account:
        yield Address("", "account", (address.account,))
    for kind, key in zip(BY_NAME[address.kind].key_kinds, address.key, strict=False):
        yield Address(address.account, kind, (key,))
