"""The plan that takes a run back, with reasons of its own; each address will be remembered as it was. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Desired
from provisioner.plan.change import Action, Cannot, Change, FieldChange, Kept, Plan, Undone
from provisioner.plan.diff import spells
from provisioner.plan.steps import MOVE
from provisioner.plan.undo import Reversal, leaves
from provisioner.state.model import Record, State
from provisioner.state.run import Run, Step

_NEW_ID = "comes back as a new object: appointments, links that others made, and its old id do not come back"


def finished(reversal: Reversal, plan: Plan, state: State, manifests: Desired | None) -> Plan:
    """What the planner made of a reversal, told and remembered as one. `state` is the real one; of what the manifests
    still ask nothing is said where they cannot be read.
    """
    return _Finishing(reversal, state).plan(plan, manifests)


@dataclass(frozen=True, slots=True)
class _Finishing:
    reversal: Reversal
    state: State

    def plan(self, plan: Plan, manifests: Desired | None) -> Plan:
        kept = {left.address: left for left in plan.left}
        names = {a: frozenset(f.name for f in left.fields) for a, left in kept.items()}
        changes = tuple(self._change(c, names.get(c.address, frozenset())) for c in plan.changes)
        refreshed = self._refreshed(plan, names)
        moved = (self._moved_on(left.address, left.fields) for left in kept.values())
        undone = Undone(
            self.reversal.run.number,
            (*self.reversal.kept, *(each for one in moved for each in one)),
            (*self.reversal.cannot, *self._kept_live(changes)),
            _told(self.reversal.run),
            tuple(change.address for change in changes if manifests and _asked(change, manifests)),
            "" if self.reversal.run.dirty else self.reversal.run.commit,
            {c.address: self._step(c.address).id for c in changes if c.action is Action.CREATE},
        )
        return replace(plan, changes=changes, refreshed=refreshed, drift=(), left=(), undone=undone)

    def _change(self, change: Change, kept: AbstractSet[str]) -> Change:
        step = self._step(change.address)
        fields = tuple(replace(f, outside=False, both=False, place=None) for f in change.fields)
        values = {name: value for name, value in change.values.items() if name not in kept}
        record = self._remembered(step, change, kept)
        reason = self._reason(step, change)
        return replace(change, reason=reason, fields=fields, values=values, place=None, record=record)

    def _step(self, address: Address) -> Step:
        """What an address is planned for: by its old name, or the one that the run gave it."""
        steps = self.reversal.steps
        return steps.get(address) or next(each for each in steps.values() if self.reversal.held(each) == address)

    def _reason(self, step: Step, change: Change) -> str:
        run = f"run {self.reversal.run.number}"
        if step.action == Action.CREATE:
            return f"{run} made it" if change.action is Action.DELETE else change.reason
        if step.action == Action.DELETE:
            return f"{run} {BY_NAME[change.address.kind].ending} it"
        if change.action is Action.FORGET:
            return f"{run} took it over; it stays live"
        if change.action is Action.ADOPT:
            return f"named as before {run}" if change.moved_from else f"{run} stopped managing it"
        return f"as it was before {run}"

    def _remembered(self, step: Step, change: Change, kept: AbstractSet[str]) -> Record | None:
        if change.action is Action.CREATE:
            then = step.record
            if change.record is None or then is None:
                return None if BY_NAME[change.address.kind].key_kinds else change.record
            return replace(change.record, protect=then.protect, applied=then.applied)
        if change.action in (Action.DELETE, Action.FORGET):
            return change.record
        return self._restored(change.address, step, kept, change.id or "")

    def _restored(self, address: Address, step: Step, kept: AbstractSet[str], id_: str) -> Record | None:
        """The record of something that is live as it was before, but for fields that stay as somebody left them."""
        now, then = self.state.records.get(self.reversal.held(step)), step.record
        if then is None and step.action == Action.UPDATE:
            return None
        before = now or then
        if before is None:
            return None
        back = {each.name for each in step.fields if not (each.lost or each.name in kept)}
        tied = BY_NAME[address.kind].tied
        back |= tied if back & tied else frozenset()
        then_applied = then.applied if then else {}
        applied = {name: value for name, value in before.applied.items() if name not in back}
        applied |= {name: value for name, value in then_applied.items() if name in back or name not in applied}
        relation = bool(BY_NAME[address.kind].key_kinds)
        return replace(before, id="" if relation else id_ or before.id, applied=applied, confirmed=True)

    def _refreshed(self, plan: Plan, kept: Mapping[Address, AbstractSet[str]]) -> dict[Address, Record | None]:
        """What the state learns of what needs no change."""
        changed = {change.address for change in plan.changes}
        found: dict[Address, Record | None] = {}
        for address, step in self.reversal.steps.items():
            held = self.reversal.held(step)
            if address in changed:
                continue
            if step.action in (Action.UPDATE, MOVE, Action.ADOPT) and not leaves(step):
                after = self._restored(address, step, kept.get(address, frozenset()), "")
                if after != self.state.records.get(address):
                    found |= {held: None, address: after}
            elif plan.refreshed.get(held, held) is None and held in self.state.records:
                found[held] = None
        return found

    def _moved_on(self, address: Address, fields: Iterable[FieldChange]) -> Iterator[Kept]:
        """Fields that are no longer as the run left them, and by whom."""
        record = self.state.records.get(self.reversal.held(self._step(address)))
        known = specs(BY_NAME[address.kind])
        mine = [f for f in fields if record and f.name in record.applied
                and spells(known[f.name], record.applied[f.name], f.before)]  # fmt: skip
        theirs = [f for f in fields if f not in mine]
        if mine:
            yield Kept(address, tuple(f.name for f in mine), "a later apply changed it")
        if theirs:
            yield Kept(address, tuple(f.name for f in theirs), "somebody else changed it since")

    def _kept_live(self, changes: Iterable[Change]) -> Iterator[Cannot]:
        """What the run made and no run can delete, and what comes back as another."""
        for change in changes:
            made = self._step(change.address).action
            if made == Action.CREATE and change.action is Action.FORGET:
                yield Cannot(change.address, (), change.reason)
            elif (
                made == Action.DELETE and change.action is Action.CREATE and not BY_NAME[change.address.kind].key_kinds
            ):
                yield Cannot(change.address, (), _NEW_ID)


def _told(run: Run) -> str:
    """A run in words."""
    commit = f", commit {run.commit[:10]}{' with edits' if run.dirty else ''}" if run.commit else ""
    return f"run {run.number} ({run.command} by {run.who}, {run.at[:16].replace('T', ' ')} UTC{commit})"


def _asked(change: Change, manifests: Desired) -> bool:
    declared = manifests.resources.get(change.address)
    if change.action in (Action.DELETE, Action.FORGET):
        return declared is not None
    if declared is None:
        return True
    wanted, known = declared.resource.wanted(), specs(type(declared.resource))
    return any(f.name in wanted and not known[f.name].same(wanted[f.name], f.after) for f in change.fields)
