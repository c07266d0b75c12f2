"""What a run's steps are about, found again by id: under the address that the state has for it by now.

Pure. An address is only what a thing was called then: keys are renamed, moved, and used again for something else. What
an undo brought back has a new id, which the undo's own run tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from provisioner.kinds import BY_NAME, Address
from provisioner.plan.change import Action, Cannot, Kept
from provisioner.state.model import State
from provisioner.state.run import Run, Step

Ids = Mapping[tuple[str, str], str]
"""(kind, id) of what was destroyed -> the id that it has since an undo brought it back."""


class Followed(NamedTuple):
    """The steps of a run by what everything in them is called now."""

    steps: tuple[Step, ...]
    """With the ids of what they made."""
    then: Mapping[Address, Address] = {}
    """What is called so now -> what the run called it."""
    cannot: tuple[Cannot, ...] = ()
    kept: tuple[Kept, ...] = ()


def follow(run: Run, steps: Iterable[Step], made: Mapping[Address, str], state: State, again: Ids) -> Followed:
    """The steps that a run carried out; `made` is the ids that it gave. What has another object's name is left out."""
    every = [_complete(step, made) for step in steps]
    trail = _Trail(run, state, again, every)
    found: dict[Address, Step] = {}
    then: dict[Address, Address] = {}
    cannot: list[Cannot] = []
    kept: list[Kept] = []
    for step in sorted(every, key=lambda each: trail.moved(each.address)):  # its own name first
        try:
            now = trail.step(step)
        except TakenError as taken:
            cannot.append(Cannot(step.address, (), str(taken)))
            continue
        if step.action == Action.FORGET and now.address.key != step.address.key:
            kept.append(Kept(now.address, (), f"it is managed again, and was {step.address}"))
        elif now.address in found:
            kept.append(Kept(now.address, (), f"it was {step.address}, and the run did something else with it as well"))
        else:
            if step.moved_from and not now.moved_from and not _relation(step.address):
                kept.append(Kept(now.address, (), f"it was renamed since (the run named it {step.address})"))
            found[now.address], then[now.address] = now, step.address
    own = {each.address: n for n, each in enumerate(every)}
    ordered = sorted(found.values(), key=lambda each: own[then[each.address]])
    return Followed(tuple(ordered), then, tuple(cannot), tuple(kept))


class TakenError(Exception):
    """What a step is about is gone from the state, and its name is something else's."""


@dataclass(slots=True)
class _Trail:
    run: Run
    state: State
    again: Ids
    steps: list[Step]
    ids: dict[Address, str] = field(default_factory=dict)
    """Of what the run knew, by the address that it had then."""
    recorded: dict[tuple[str, str], list[Address]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        accounts = {Address("", "account", (key,)): id_ for key, id_ in self.run.accounts.items()}
        self.ids = accounts | {s.address: s.id for s in self.steps if s.id and _object(s.address)}
        for address, record in self.state.records.items():
            if record.id and _object(address):
                self.recorded.setdefault((address.kind, record.id), []).append(address)

    def step(self, step: Step) -> Step:
        """The same by what everything is called now. Raises TakenError."""
        kind = BY_NAME[step.address.kind]
        now = self.address(step.address, step.refs)
        if kind.lists:
            return self._order(step, now)
        id_ = self.live_id(step.address) if _object(step.address) else step.id
        former = step.moved_from if now.key == step.address.key else None
        if former and _object(former):
            self._free(former._replace(account=now.account), id_, "its former name")
        refs = tuple(self._latest(part, ref) for part, ref in zip(kind.key_kinds, step.refs, strict=False))
        return replace(step, address=now, id=id_, moved_from=former, refs=refs)

    def address(self, address: Address, refs: tuple[str, ...] = ()) -> Address:
        """What is called so then is called now. Raises TakenError."""
        kind = BY_NAME[address.kind]
        account = self._scope(address.account)
        if kind.lists:
            return address._replace(account=account)
        if not kind.key_kinds:
            return self._named(address, account, self.live_id(address))
        parts = [*address.key]
        for n, part in enumerate(kind.key_kinds[: len(parts)]):
            member = Address(address.account, part, (parts[n],))
            ref = refs[n] if n < len(refs) and refs[n] else self.ids.get(member, "")
            try:
                parts[n] = self._named(member, account, self._latest(part, ref)).key[0]
            except TakenError:
                raise TakenError(self._other(member._replace(account=account), "is")) from None
        return Address(account, address.kind, tuple(parts))

    def moved(self, address: Address) -> bool:
        """Whether it has another name by now."""
        try:
            return self.address(address) != address
        except TakenError:
            return True

    def live_id(self, address: Address) -> str:
        """The id that it has by now; "" where the run did not learn it."""
        return self._latest(address.kind, self.ids.get(address, ""))

    def _latest(self, kind: str, id_: str) -> str:
        seen = set[str]()
        while (kind, id_) not in self.recorded and (kind, id_) in self.again and id_ not in seen:
            seen.add(id_)
            id_ = self.again[kind, id_]
        return id_

    def _scope(self, account: str) -> str:
        return self.address(Address("", "account", (account,))).key[0] if account else ""

    def _named(self, address: Address, account: str, id_: str) -> Address:
        """Where an object is recorded. Raises TakenError."""
        here = address._replace(account=account)
        found = self.recorded.get((address.kind, id_), [])
        own = [each for each in found if each.account == account]
        if here in own or not id_:
            return here
        if own:
            return own[0]
        self._free(here, id_, "its name")
        return here

    def _free(self, address: Address, id_: str, name: str) -> None:
        """Raises TakenError where the state has another object, or one that is under way, under an address."""
        record = self.state.records.get(address)
        if (record and record.id != id_) or (id_ and address in self.state.pending):
            raise TakenError(f"{name} {self._other(address, 'is')}")

    def _other(self, address: Address, verb: str) -> str:
        record = self.state.records.get(address)
        return f"{address} {verb} another object's now{f' (id {record.id})' if record else ''}"

    def _order(self, step: Step, now: Address) -> Step:
        """An order by what its entries are called now; what has another object's name is left out."""
        listed = BY_NAME[step.address.kind].lists[step.address.key[0]]
        known = dict(zip(step.fields[0].before, step.refs, strict=False)) if step.fields else {}

        def called(key: str) -> str | None:
            member = Address(step.address.account, listed, (key,))
            id_ = known.get(key) or self.ids.get(member, "")
            try:
                return self._named(member, now.account, self._latest(listed, id_)).key[0]
            except TakenError:
                return None

        return replace(in_order(step, called), address=now)


def in_order(step: Step, called: Callable[[str], str | None]) -> Step:
    """An order with other names for its entries; None leaves one out."""
    inline = BY_NAME[step.address.kind].inline

    def renamed(keys: Iterable[str]) -> list[str]:
        return [name for key in keys if (name := called(key)) is not None]

    fields = tuple(each._replace(before=renamed(each.before)) for each in step.fields)
    record = step.record
    if record and record.applied.get(inline):
        record = replace(record, applied={**record.applied, inline: renamed(record.applied[inline])})
    return replace(step, fields=fields, record=record)


def again(steps: Iterable[Step], made: Mapping[Address, str]) -> dict[tuple[str, str], str]:
    """What an undo brought back: kind and the id before -> the id that it has since."""
    return {(s.address.kind, s.instead): made[s.address] for s in steps if s.instead and made.get(s.address)}


def _complete(step: Step, made: Mapping[Address, str]) -> Step:
    """With the ids that it was to give."""
    kinds = BY_NAME[step.address.kind].key_kinds
    members = (Address(step.address.account, kind, (key,)) for kind, key in zip(kinds, step.address.key, strict=False))
    refs = tuple(
        (step.refs[n] if n < len(step.refs) else "") or made.get(member, "") for n, member in enumerate(members)
    )
    id_ = step.id or (made.get(step.address, "") if _object(step.address) else "")
    return replace(step, id=id_, refs=refs if kinds else step.refs)


def _relation(address: Address) -> bool:
    return bool(BY_NAME[address.kind].key_kinds)


def _object(address: Address) -> bool:
    """Whether it has an id of its own."""
    return not (BY_NAME[address.kind].key_kinds or BY_NAME[address.kind].lists)
