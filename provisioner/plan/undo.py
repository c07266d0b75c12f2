"""A run taken back: the same path as apply, with what was before wanted of exactly what the run changed.

Pure. `Reversal` says what is wanted of whom; the one planner compares it with what is live; `Reversal.finished` gives
the plan its reasons, and each address the record that it had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import Resource, Unreadable, needed, specs
from provisioner.kinds.desired import PLAIN, Declared, Desired, Lifecycle, Place
from provisioner.kinds.live import Live
from provisioner.kinds.partial import partial
from provisioner.plan.change import Action, Cannot, Kept
from provisioner.plan.diff import spells
from provisioner.plan.draft import Request
from provisioner.plan.followed import Followed, in_order
from provisioner.plan.match import Matches
from provisioner.plan.steps import MOVE
from provisioner.state.model import Record, State
from provisioner.state.run import LOST, Run, Step

_NOWHERE = Place("", 0)
_UNSEEN = Unreadable(None)
_BACK = frozenset({Action.UPDATE.value, MOVE, Action.FORGET.value, Action.ADOPT.value})
"""What is undone by writing over, or taking up, what must be live."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """What is wanted when a run is taken back."""

    run: Run
    steps: Mapping[Address, Step]
    """What the run did, or may have done, by the address that each thing has once it is undone."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Accounts that the run renamed: the name it gave -> the name before."""
    overwrite: Callable[[Address], bool] = lambda _: False
    """Of whom fields go back although somebody changed them since."""
    added: frozenset[Address] = frozenset()
    """What the state does not know and the run does."""
    cannot: tuple[Cannot, ...] = ()
    kept: tuple[Kept, ...] = ()
    hidden: Mapping[Address, Mapping[str, Any]] = field(default_factory=dict)
    """What the vendor never shows of what is updated, as it was last sent: a write repeats it."""

    # -- for the survey

    def selection(self) -> Callable[[Address], bool]:
        """Whether something is planned for an address: under its old name, or the one the run gave it."""
        named = frozenset(each for target, step in self.steps.items() for each in (target, self.held(step)))
        return named.__contains__

    @property
    def desired(self) -> Desired:
        """What was before, of what is to be written; what is to go is not in it."""
        declared = {a: self._declared(a, step) for a, step in self.steps.items() if not leaves(step)}
        scopes = {"", *(a.account for a in self.steps), *(a.key[0] for a in self.steps if a.kind == "account")}
        return Desired(declared, accounts=frozenset(scopes))

    def _declared(self, address: Address, step: Step) -> Declared:
        before = {each.name: each.before for each in step.fields if not each.lost}
        resource = partial(BY_NAME[address.kind], {**self.hidden.get(address, {}), **before}).resource
        renamed = address.key != step.address.key and not resource.key_kinds
        return Declared(address, resource, _NOWHERE, {}, Lifecycle(was=step.address.key) if renamed else PLAIN)

    def state(self, state: State) -> tuple[Reversal, State]:
        """The state to look at the tenant with, all that the run knows of added."""
        added: dict[Address, Record] = {}
        for step in self.steps.values():
            record = _known(step)
            if record is not None and step.address not in state.records and step.address not in state.pending:
                added[step.address] = record
        for step in self.steps.values():
            for member, id_ in _joined(step):
                if id_ and member not in state.records and member not in state.pending:
                    added.setdefault(member, Record(id_))
        return replace(self, added=frozenset(added)), state.with_records({**state.records, **added})

    # -- once the tenant was looked at

    def held(self, step: Step) -> Address:
        """Where the state has what a step is about, accounts under the names that they get back."""
        account = step.address.account
        return step.address._replace(account=self.accounts.get(account, account))

    def without_added(self, state: State) -> State:
        """The state without what only the run knew."""
        added = {a._replace(account=self.accounts.get(a.account, a.account)) for a in self.added}
        return state.with_records({a: r for a, r in state.records.items() if a not in added}) if added else state

    def as_run_left_it(self, state: State) -> State:
        """The state for the planner: last applied is what the run wrote, so that the live value says who moved."""
        records = dict(state.records)
        for step in self.steps.values():
            held = self.held(step)
            record = records.get(held)
            if record is None:
                continue
            if step.action in (Action.DELETE, Action.FORGET) and step.address in self.added:
                del records[held]
            elif step.action == Action.CREATE:
                records[held] = replace(record, owned=record.owned or step.address in self.added)
            elif leaves(step):
                records[held] = replace(record, owned=False)
            elif step.action == Action.UPDATE:
                records[held] = replace(record, applied=_wrote(step, record), confirmed=True)
        return state.with_records(records)

    def asking(self, request: Request) -> tuple[Reversal, Request]:
        """The same without what cannot be undone as the tenant is now, and what is then asked of the planner."""
        sure = self.seen(request.matches, self.without_added(request.state), request.cannot)
        left = self.as_run_left_it(request.state)
        return sure, replace(
            request, desired=sure.desired, state=left, selected=sure.selection(), leaves=sure.leaves, written=False
        )

    def seen(self, matches: Matches, state: State, cannot: Mapping[str, AbstractSet[Action]]) -> Reversal:
        """The same without what cannot be undone as the tenant is now, and what is to be said of that."""
        steps: dict[Address, Step] = {}
        impossible, kept, hidden = list(self.cannot), list(self.kept), dict(self.hidden)
        for address, did in self.steps.items():
            step, live = self._orderable(address, did, matches), matches.live.get(address)
            why = self._impossible(address, step, matches, cannot)
            stays = _stays(step, live)
            if why:
                impossible.append(Cannot(address, (), why))
            elif stays is not None:
                kept += [Kept(address, (), stays)] if stays else []
            else:
                steps[address] = step
                impossible += _lost(address, step)
                kept += _changed(address, step, live)
            record = state.records.get(self.held(step))
            if step.action == Action.UPDATE and live and record:
                hidden[address] = _hidden(BY_NAME[address.kind], record, live)
        return replace(self, steps=steps, cannot=tuple(impossible), kept=tuple(kept), hidden=hidden)

    def _impossible(
        self, address: Address, step: Step, matches: Matches, cannot: Mapping[str, AbstractSet[Action]]
    ) -> str:
        """Why a step cannot be undone; "" when it can."""
        kind, live = BY_NAME[address.kind], matches.live.get(address)
        if step.action in _BACK and not leaves(step) and live is None:
            return "it is not live any more: it was deleted since"
        if step.action in _BACK and live is not None and _another(step, live):
            return f"it is not live any more, and another has its name (id {live.id})"
        if step.action != Action.DELETE or live is not None:
            return ""
        if Action.CREATE in cannot.get(address.kind, ()):
            return f"the vendor cannot create {kind.with_article()}"
        if gone := [str(each) for each in members_of(address) if not self._comes(each, matches)]:
            return f"{gone[0]} is not live any more"
        there = {each.name for each in step.fields if not each.lost and each.before is not None}
        required = (name for name, spec in specs(kind).items() if spec.required)
        missing = [n for n in dict.fromkeys((*required, *kind.to_create, *needed(kind))) if n not in there]
        return f"its {missing[0]} cannot be brought back, and it cannot be made without" if missing else ""

    def _orderable(self, address: Address, step: Step, matches: Matches) -> Step:
        """An order of what is live, or comes back."""
        kind = BY_NAME[address.kind]
        if not kind.lists or leaves(step):
            return step
        listed = kind.lists[address.key[0]]
        there = [
            each._replace(
                before=[k for k in each.before if self._comes(address._replace(kind=listed, key=(k,)), matches)]
            )
            for each in step.fields
        ]
        return replace(step, fields=tuple(each for each in there if each.before))

    def _comes(self, address: Address, matches: Matches) -> bool:
        coming = self.steps.get(address)
        return address in matches.live or (coming is not None and coming.action == Action.DELETE)

    def leaves(self, address: Address) -> bool:
        """Whether what somebody changed since the run stays."""
        return not (self.overwrite(address) or BY_NAME[address.kind].lists)  # an order is of what is there by now

    def managed(self, state: State, desired: Desired) -> dict[Address, Declared]:
        """What a write may carry links for, with what the vendor never shows of it as it was last sent."""
        found = dict(desired.resources)
        for address in self.steps:
            for member in members_of(address):
                record = state.records.get(member)
                if member not in found and record is not None:
                    kind = BY_NAME[member.kind]
                    found[member] = Declared(member, partial(kind, record.applied).resource, _NOWHERE)
        return found


def reversal(
    run: Run,
    followed: Followed,
    selected: Callable[[Address], bool],
    overwrite: Callable[[Address], bool],
) -> Reversal:
    """What taking back a run means, before anything is known of what is live."""
    names = {(s.address.account, s.address.kind, s.address.key[0]): s.moved_from.key[0] for s in followed.steps
             if s.moved_from and not BY_NAME[s.address.kind].key_kinds}  # fmt: skip
    accounts = {key: before for (_, kind, key), before in names.items() if kind == "account"}

    def back(address: Address) -> Address:
        kinds = BY_NAME[address.kind].key_kinds or (address.kind,)
        pairs = zip(kinds, address.key, strict=True)
        key = tuple(names.get((address.account, kind, part), part) for kind, part in pairs)
        return Address(accounts.get(address.account, address.account), address.kind, key)

    def ordered(step: Step) -> Step:
        """An order by the names that its entries get back."""
        listed = BY_NAME[step.address.kind].lists.get(step.address.key[0], "")
        place = step.address.account, listed
        return in_order(step, lambda key: names.get((*place, key), key)) if listed else step

    def meant(step: Step) -> bool:
        if step.action == MOVE and back(step.address) == step.address:
            return False  # no name goes back
        return selected(step.address) or selected(back(step.address))

    mine = {back(step.address): ordered(step) for step in followed.steps if meant(step)}
    cannot = tuple(each for each in followed.cannot if selected(each.address))
    kept = tuple(each for each in followed.kept if selected(each.address))
    return Reversal(run, mine, accounts, overwrite, cannot=cannot, kept=kept)


# -- single steps


def leaves(step: Step) -> bool:
    """Whether undoing it is that it goes, or is no longer managed."""
    if step.action == Action.UPDATE:
        return step.record is None and all(each.lost for each in step.fields)
    return step.action == Action.CREATE or (step.action == Action.ADOPT and step.moved_from is None)


def _wrote(step: Step, record: Record) -> dict[str, Any]:
    """What was last applied, as the run left it; what the vendor made of something is not known, so nobody moved it."""
    tied = {each.name for each in step.fields if each.tied}
    kept = {name: value for name, value in record.applied.items() if name not in tied}
    return {**kept, **{each.name: each.after for each in step.fields if not each.tied}}


def _known(step: Step) -> Record | None:
    """What the run knows of something that the state may have lost."""
    relation = bool(BY_NAME[step.address.kind].key_kinds)
    if step.action == Action.CREATE:
        applied = {each.name: each.after for each in step.fields}
        return Record(step.id, owned=True, applied=applied) if step.id or relation else None
    if step.action == Action.UPDATE:
        return replace(step.record or Record(""), id=step.id) if step.id or relation else None
    if step.action in (Action.DELETE, Action.FORGET):
        return Record(step.id) if step.id or relation else None
    return None


def members_of(address: Address) -> list[Address]:
    """The objects that must be there for this one: its account, and what a relation joins."""
    pairs = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
    members = [Address(address.account, kind, (key,)) for kind, key in pairs]
    return [*([Address("", "account", (address.account,))] if address.account else []), *members]


def _joined(step: Step) -> Iterator[tuple[Address, str]]:
    """The objects that a relation joins, each with the id that the run knew."""
    kinds = BY_NAME[step.address.kind].key_kinds if step.refs else ()
    for kind, key, ref in zip(kinds, step.address.key, step.refs, strict=False):
        yield Address(step.address.account, kind, (key,)), ref


def _another(step: Step, live: Live) -> bool:
    """Whether what is live is not what the run knew."""
    kind = BY_NAME[live.kind]
    return bool(step.id) and not (kind.key_kinds or kind.lists) and live.id != step.id


def _stays(step: Step, live: Live | None) -> str | None:
    """Why what is live in the place of something deleted stays as it is; "" when it was never deleted; else None."""
    if step.action != Action.DELETE or live is None:
        return None
    known = specs(BY_NAME[live.kind])
    same = all(spells(known[f.name], f.before, live.fields.get(f.name)) for f in step.fields if not f.lost)
    if BY_NAME[live.kind].key_kinds:
        return None if same else "it is there again, and is left as it is"
    return "" if live.id == step.id else f"it is live again (id {live.id}), and is left as it is"


def _lost(address: Address, step: Step) -> Iterator[Cannot]:
    """The fields that do not go back."""
    if leaves(step):
        return
    faults = partial(BY_NAME[address.kind], {f.name: f.before for f in step.fields if not f.lost}).faults
    for why, words in LOST.items():
        if names := tuple(each.name for each in step.fields if each.lost == why):
            yield Cannot(address, names, f"what was before is {words}")
    for name, fault in faults.items():
        said = "it does not validate" if BY_NAME[address.kind].personal else fault
        yield Cannot(address, (name,), f"what was before cannot be written: {said}")


def _changed(address: Address, step: Step, live: Live | None) -> Iterator[Kept]:
    """Somebody had a hand in what the run made: it goes all the same, and that is said."""
    if step.action != Action.CREATE or live is None or BY_NAME[address.kind].lists:
        return
    known = specs(BY_NAME[address.kind])
    names = tuple(
        f.name for f in step.fields
        if not (known[f.name].from_file or isinstance(now := live.fields.get(f.name, _UNSEEN), Unreadable))
        and not spells(known[f.name], f.after, now)
    )  # fmt: skip
    if names:
        yield Kept(address, names, "it changed since, and goes all the same", goes=True)


def _hidden(kind: type[Resource], record: Record, live: Live) -> dict[str, Any]:
    known = specs(kind)
    return {
        name: value for name, value in record.applied.items()
        if name in known and name not in live.fields and not (known[name].at_creation or known[name].from_file)
    }  # fmt: skip
