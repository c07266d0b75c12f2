"""Reads exactly what a plan needs: accounts first, then what is in them, then what is listed per object.

The matcher stands between the steps, because only a recognised account or employee can be looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from provisioner.errors import NotReadError, Problem, ProvisionerError, UnreadError
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.desired import Declared, Desired, Place
from provisioner.kinds.live import Evidence
from provisioner.plan.match import Matches, match
from provisioner.providers.base import Ask, Provider
from provisioner.stage import stage
from provisioner.state.model import State


class Findings(NamedTuple):
    """What a survey found."""

    evidence: Evidence
    matches: Matches
    accounts: dict[str, str]
    """scope -> account id, of every scope that exists."""
    state: State
    """The state that everything was matched with: what is in a renamed account stands under its new name."""


@dataclass(slots=True)
class Survey:
    """One reading of a tenant for one set of manifests."""

    provider: Provider
    desired: Desired
    state: State
    company_id: str
    selected: Callable[[Address], bool] = lambda _: True
    fields: frozenset[str] = frozenset()
    """Fields that are looked at although no manifest gives them."""
    _evidence: Evidence = field(default_factory=Evidence)

    async def run(self) -> Findings:
        """What is live, and who is who in it."""
        with stage("survey"):
            return await self._run()

    async def _run(self) -> Findings:
        wanted = self._wanted()
        await self._read([self._accounts(wanted)] if self._needs_accounts(wanted) else [])
        matches = match(self.desired, self.state, self._evidence, selected=self.selected)
        self.state = _moved_in(self.state, matches)
        wanted = self._wanted()
        ids = {"": self.company_id} | {
            a.key[0]: live.id for a, live in matches.live.items() if a.kind == "account" and live.id != self.company_id
        }
        await self._read(self._lists(wanted, ids))
        matches = match(self.desired, self.state, self._evidence, selected=self.selected)
        if asks := list(self._per_parent(wanted, ids, matches)):
            await self._read(asks)
            matches = match(self.desired, self.state, self._evidence, selected=self.selected)
        return Findings(self._evidence, matches, ids, self.state)

    def _wanted(self) -> dict[tuple[str, str], list[Address]]:
        """The selected addresses by (scope, kind), recorded ones that left the manifests included."""
        wanted: dict[tuple[str, str], list[Address]] = {}
        named = {**self.desired.resources, **self.state.records, **self.desired.removed, **self.desired.whole}
        for address in named:
            if self.selected(address) and address.account in self.desired.accounts:
                wanted.setdefault((address.account, address.kind), []).append(address)
        return wanted

    # -- accounts

    def _needs_accounts(self, wanted: Iterable[tuple[str, str]]) -> bool:
        return any(kind == "account" or scope for scope, kind in wanted)

    def _accounts(self, wanted: Mapping[tuple[str, str], list[Address]]) -> Ask:
        scopes = {scope for scope, _ in wanted if scope} | {a.key[0] for a in wanted.get(("", "account"), [])}
        known, seek, fields = set[str](), dict[str, str](), {*self.fields}
        for key in scopes:
            address = Address("", "account", (key,))
            declared = self.desired.resources.get(address)
            record = self.state.records.get(address)
            if declared:
                values = declared.resource.wanted()
                fields |= values.keys()
            if declared and "parent" in declared.resource.claims():
                known.add(self.company_id)
            elif record:
                known.add(record.id)
            elif declared and declared.lifecycle.id:
                known.add(declared.lifecycle.id)
            elif declared and values.get("nick_name"):
                seek[str(values["nick_name"])] = str(values.get("company_name", ""))
        return Ask("account", known=frozenset(known), seek=seek, fields=frozenset(fields), zones=self._zoned())

    # -- lists

    def _lists(self, wanted: Mapping[tuple[str, str], list[Address]], ids: Mapping[str, str]) -> list[Ask]:
        needed = {
            (scope, needs): None
            for (scope, kind), addresses in wanted.items()
            if scope in ids and kind != "account"
            for needs in self._closure(kind) | _ordered(kind, addresses)
        }
        zones = self._zoned()
        asks = [
            self._sought(Ask(kind, scope, ids[scope], zones=zones), wanted)
            for scope, kind in needed
            if self._listed(kind)
        ]
        claimants: dict[tuple[str, str], list[Declared]] = {}
        for address, declared in self.desired.resources.items():
            if address not in self.state.records and declared.resource.claims():
                claimants.setdefault((address.account, address.kind), []).append(declared)
        return asks + [each for ask in asks for each in self._roles(ask, claimants.get((ask.scope, ask.kind), ()))]

    def _sought(self, ask: Ask, wanted: Mapping[tuple[str, str], list[Address]]) -> Ask:
        """What is named of a list that may be long: by recorded or pinned id, and by natural key."""
        if not self.provider.capabilities[ask.kind].sought:
            return ask
        known, seek = set[str](), dict[str, str]()
        for address in wanted.get((ask.scope, ask.kind), []):
            if record := self.state.records.get(address):
                known.add(record.id)
            if declared := self.desired.resources.get(address):
                known |= {declared.lifecycle.id} if declared.lifecycle.id else set()
                values = declared.resource.wanted()
                seek |= {str(values[names[0]]): "" for names in declared.resource.natural if names[0] in values}
        return replace(ask, known=frozenset(known), seek=seek)

    def _listed(self, kind: str) -> bool:
        capability = self.provider.capabilities[kind]
        return (capability.listed or capability.sought) and not capability.per_parent and not capability.shared_by

    def _closure(self, kind: str) -> set[str]:
        """A kind, what it refers to, and what must be read with it."""
        capability = self.provider.capabilities[kind]
        needs = {kind, *BY_NAME[kind].key_kinds, *capability.always_with}
        needs |= {name for name in (capability.shared_by, capability.per_parent) if name}
        return needs

    def _zoned(self) -> bool:
        """Whether any selected resource manages a time zone, be it live already or still to be made."""
        return "timezone" in self.fields or any(
            "timezone" in declared.resource.model_fields_set and self.selected(address)
            for address, declared in self.desired.resources.items()
        )

    def _roles(self, ask: Ask, claimants: Iterable[Declared]) -> Iterable[Ask]:
        """Roles that a list does not show are asked for when someone claims one and no id is recorded."""
        hidden = self.provider.capabilities[ask.kind].hidden_roles
        for declared in claimants:
            for role in hidden & declared.resource.claims():
                yield replace(ask, role=role, zones=False)

    # -- what is listed per object

    def _per_parent(
        self, wanted: Mapping[tuple[str, str], list[Address]], ids: Mapping[str, str], matches: Matches
    ) -> Iterable[Ask]:
        parents: dict[tuple[str, str], set[str]] = {}
        first: dict[str, str] = {}
        renamed = {old: new for new, old in matches.moved.items()}
        for (scope, kind), addresses in wanted.items():
            per = self.provider.capabilities[kind].per_parent
            if per and scope in ids:
                kind = first.setdefault(per, kind)  # noqa: PLW2901 -- kinds of one parent share its one request
                owners = (Address(scope, per, (a.key[0],)) for a in addresses)
                found = (matches.live.get(renamed.get(owner, owner)) for owner in owners)
                parents.setdefault((scope, kind), set()).update(live.id for live in found if live)
        for (scope, kind), own in parents.items():
            if own:
                yield Ask(kind, scope, ids[scope], parents=tuple(sorted(own)))

    async def _read(self, asks: list[Ask]) -> None:
        if not asks:
            return
        try:
            read = await self.provider.read(asks)
        except NotReadError as error:
            raise self._unread(asks, error) from None
        before = self._evidence
        self._evidence = Evidence(
            {**before.objects, **read.objects},
            read.zones or before.zones,
            before.reads + read.reads,
            before.seconds + read.seconds,
        )

    def _unread(self, asks: Iterable[Ask], error: NotReadError) -> ProvisionerError:
        """The same by address, each where it is declared: nothing is planned on what may be there all the same."""
        why: dict[object, str] = {}
        problems = []
        for address in (a for ask in asks for a in self._wanted().get((ask.scope, ask.kind), ())):
            record, declared = self.state.records.get(address), self.desired.resources.get(address)
            pin = declared.lifecycle.id if declared else None
            id_ = next((each for each in (record.id if record else None, pin) if each in error.why), None)
            if id_ is None:
                continue
            why[address] = error.why[id_]
            recorded = f"If the id is wrong: provisioner state rm {address}, then provisioner import {address} ID"
            remedy = recorded if record and record.id == id_ else "Correct lifecycle.id, or remove it"
            place = declared.place if declared else Place("", 0)
            problems.append(Problem(place.file, place.line, place.column, f"{address}: {why[address]} {remedy}"))
        return UnreadError(problems, why) if problems else error


def _ordered(kind: str, addresses: Iterable[Address]) -> set[str]:
    """The kinds of the lists that are put in order."""
    return {BY_NAME[kind].lists[address.key[0]] for address in addresses if BY_NAME[kind].lists}


def _moved_in(state: State, matches: Matches) -> State:
    """The state with what is in a renamed account recorded under the account's new name."""
    names = {old.key[0]: new.key[0] for new, old in matches.moved.items() if new.kind == "account"}
    if not names:
        return state

    def now(address: Address) -> Address:
        return address._replace(account=names.get(address.account, address.account))

    return replace(
        state,
        records={now(a): record for a, record in state.records.items()},
        pending={now(a): pending for a, pending in state.pending.items()},
    )
