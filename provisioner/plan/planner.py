"""The one planner: wanted, remembered and live become changes. Pure; destroy is the same path with nothing wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from provisioner.errors import Problem
from provisioner.kinds import BY_NAME, KINDS, Address
from provisioner.kinds.found import found_again
from provisioner.plan.change import WRITES, Action, Change, Plan
from provisioner.plan.digest import plan_digest
from provisioner.plan.doubt import Doubt, in_doubt
from provisioner.plan.draft import Draft, Request
from provisioner.plan.guard import guard, protect
from provisioner.plan.leaving import Leaving
from provisioner.plan.resembles import in_a_table, resembling
from provisioner.plan.wanted import Wanted
from provisioner.state.model import State

_ORDER = {kind.kind: number for number, kind in enumerate(KINDS)}


def make_plan(request: Request) -> tuple[Plan, list[Problem]]:
    """The plan, and the problems that forbid any plan (an ambiguous match, a create that lacks a field)."""
    draft = Draft(notes=list(request.notes))
    doubt = in_doubt(request.desired, request.state)
    _plan_wanted(request, Wanted(request, draft), doubt)
    draft.notes += map(_pending, request.state.pending)
    _plan_leaving(request, Leaving(request, draft))
    draft.notes += _unremembered(request.state, draft.changes)
    return _finished(request, draft, doubt), [*request.matches.problems, *draft.problems]


def _plan_wanted(request: Request, wanted: Wanted, doubt: Doubt) -> None:
    for declared in request.desired.resources.values():
        if request.selected(declared.address) and not doubt.holds(declared.address):
            wanted.plan(declared)


def _pending(address: Address) -> str:
    kind = BY_NAME[address.kind]
    until = "an apply finds it, or you say" if kind.natural else "you look in the tenant, for there is no list, and say"
    return (
        f"{address} is pending: its create was sent, and its fate is not known. Nothing is planned for it or for what "
        f"needs it until {until} what it is: provisioner state resolve {address} --adopt ID, or --absent"
    )


def _unremembered(state: State, changes: Iterable[Change]) -> Iterator[str]:
    """Said where there is no state at all, be it new or lost: some of what would be made may be live already."""
    made = (BY_NAME[change.address.kind] for change in changes if change.action is Action.CREATE)
    lost = [kind for kind in made if not kind.is_found()]
    if lost and not (state.serial or state.records or state.pending):
        yield f"nothing is remembered of this tenant, and {found_again(lost)}"


def _plan_leaving(request: Request, leaving: Leaving) -> None:
    desired, matches = request.desired, request.matches
    renamed = set(matches.moved.values())
    for address, record in request.state.records.items():
        if address not in desired.resources and address not in renamed and request.selected(address):
            leaving.recorded(address, record)
    for address, old in matches.moved.items():
        if address not in desired.resources and request.selected(address):
            leaving.renamed(address, old)
    for address, live in matches.live.items():
        if request.selected(address):
            leaving.live(address, live)
    for (scope, kind), pool in request.evidence.objects.items():
        if request.policy.prune == "all" and kind in BY_NAME and not BY_NAME[kind].key_kinds:
            leaving.unmanaged(scope, pool)
    for address, removal in desired.removed.items():
        if request.selected(address) and address not in request.state.records:
            leaving.unrecorded(address, removal)


def _finished(request: Request, draft: Draft, doubt: Doubt) -> Plan:
    changes = _ordered(_cascaded(draft.changes))
    if request.notify:
        changes = tuple(replace(c, notify=c.action in WRITES) for c in changes)
    if request.destroy:  # a person names the account instead of counting
        guarded = tuple(map(protect, changes))
    else:
        totals = {place: len(pool) for place, pool in request.evidence.objects.items()}
        if request.written:
            changes = resembling(changes, request.evidence, request.state, request.policy.not_renamed)
        guarded = guard(changes, totals, request.policy)
    return Plan(
        changes=guarded,
        refreshed=draft.refreshed,
        drift=tuple(c for c in guarded if any(f.outside for f in c.fields) or c.ended_outside),
        left=tuple(sorted(draft.left, key=lambda left: left.address)),
        notes=(*draft.notes, *in_a_table(guarded)),
        pending=tuple(request.state.pending),
        managed=sum(1 for a in request.desired.resources if request.selected(a) and not doubt.holds(a)),
        adopted=sum(1 for c in guarded if c.action is Action.ADOPT),
        digest=plan_digest(guarded, request.state.tenant, request.matches.live),
    )


def _cascaded(changes: list[Change]) -> Iterator[Change]:
    """A relation goes with the deletion of any object it joins, without a write of its own, whoever made it."""
    gone = {c.address for c in changes if c.action is Action.DELETE}
    for change in changes:
        kind = BY_NAME[change.address.kind]
        with_ = next(
            (o for o in _members(change.address, kind.key_kinds) if o in gone and o.kind in kind.goes_with), None
        )
        leaves = change.action in (Action.DELETE, Action.FORGET)
        yield replace(change, action=Action.DELETE, with_=with_) if with_ and leaves else change


def _members(address: Address, kinds: tuple[str, ...]) -> Iterator[Address]:
    return (Address(address.account, kind, (key,)) for kind, key in zip(kinds, address.key, strict=False))


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """By account, creates and updates from what is referred to upwards, deletions last and downwards."""

    def place(change: Change) -> tuple[Any, ...]:
        kind = _ORDER[change.address.kind]
        last = change.action is Action.DELETE
        return change.scope, last, -kind if last else kind, change.address.key

    return tuple(sorted(changes, key=place))
