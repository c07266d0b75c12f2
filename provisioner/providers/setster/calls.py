"""Changes become the fewest calls. Pure: the bodies' fields are encoded here, ids are filled in when a call is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from provisioner.errors import ManifestError, Problem
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import specs
from provisioner.plan.change import WRITES, Action, Change
from provisioner.providers.base import Call, Effect, Part, Replay, Surroundings
from provisioner.providers.decided import Decided
from provisioner.providers.setster import account, hours, pictures, sorting
from provisioner.providers.setster.codec import UnencodableError, Wire, encode_fields
from provisioner.providers.setster.links import Links, Node, plan_links
from provisioner.providers.setster.many import delete_calls, save_call
from provisioner.providers.setster.order import release_first
from provisioner.providers.setster.payload import (
    CreateAccount,
    DeleteMany,
    DeleteObject,
    Discover,
    LinkMap,
    Ref,
    SaveAspect,
    SaveHours,
    SaveObject,
    SaveOne,
)
from provisioner.providers.setster.registry import TABLES


def build_calls(changes: Sequence[Change], around: Surroundings) -> tuple[Call, ...]:
    """Every call in an order that reads well; what must wait for what is in `needs`. Raises ManifestError."""
    writes = [c for c in changes if c.action in WRITES]
    work = _Work(around)
    by_scope: dict[str, list[Change]] = {}
    for change in writes:
        if change.address.kind == "account":
            work.account(change)
        else:
            by_scope.setdefault(change.address.account, []).append(change)
    for scope, own in by_scope.items():
        work.scope(scope, own)
    if work.problems:
        raise ManifestError(work.problems)
    return release_first(tuple(work.finished()), writes)


@dataclass
class _Work:
    """The calls as they come; `makes` says which call brings an address into being."""

    around: Surroundings
    calls: list[Call] = field(default_factory=list)
    makes: dict[Address, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def finished(self) -> Iterator[Call]:
        """Needs that are already met (objects that live) are dropped; deletions come last."""
        known = {call.id for call in self.calls}
        for call in sorted(self.calls, key=lambda c: isinstance(c.payload, DeleteObject | DeleteMany)):
            yield replace(call, needs=call.needs & known)

    # -- accounts

    def account(self, change: Change) -> None:
        """An account's own calls."""
        first = len(self.calls)
        for rest in pictures.without([change]):
            self._account(rest)
        self._pictures([change], first)

    def _account(self, change: Change) -> None:
        if change.action is Action.CREATE:
            self._create_account(change)
            return
        touched = {f.name for f in change.fields}
        for aspect, (_, table) in account.ASPECTS.items():
            if touched & set(table):
                self._save_aspect(change, aspect, frozenset())

    def _create_account(self, change: Change) -> None:
        fields = account.BUSINESS | account.PERSONAL | account.AT_CREATION
        body = self._encode(change, fields)
        id_ = f"create {change.address}"
        self.makes[change.address] = id_
        self.calls.append(
            Call(id_, Effect.CREATE, (Part(change.address),), replay=Replay.LOOK_UP, payload=CreateAccount(body))
        )
        if any(name.startswith("options.") for name in change.values):
            self._save_aspect(change, "options", frozenset({id_}))

    def _save_aspect(self, change: Change, aspect: str, needs: frozenset[str]) -> None:
        body = self._encode(change, account.ASPECTS[aspect][1])
        shared = {"options": "timezone", "personal": "phone"}.get(aspect, "")
        if shared in change.values:  # two calls write this field, in any order: both must say what is wanted
            body |= self._encode(change, {shared: account.BUSINESS[shared]})
        payload = SaveAspect(change.address, aspect, body, _decided(change, account.ASPECTS[aspect][1]))
        self.calls.append(
            Call(
                f"save {aspect} of {change.address}",
                Effect.REPLACE,
                (Part(change.address, aspect),),
                needs,
                payload=payload,
            )
        )

    # -- what is in an account

    def scope(self, scope: str, changes: list[Change]) -> None:
        """Objects, links and hours of one account."""
        first = len(self.calls)
        new_account = self.makes.get(Address("", "account", (scope,)))
        needs = frozenset({new_account} if new_account else ())
        for change in changes:
            if change.action is Action.CREATE and change.address.kind in TABLES:
                self.makes[change.address] = f"create {change.address}"
        discovered = self._discover(scope, changes, needs) if new_account else {}
        whole, changes = changes, pictures.without(changes)
        links = plan_links(scope, changes, self.around)
        objects = {c.address: c for c in changes if c.address.kind in TABLES}
        for change in objects.values():
            if change.action is not Action.DELETE and not TABLES[change.address.kind].save_many:
                self._save(
                    change,
                    links,
                    needs | discovered.get(change.address, frozenset()),
                    discovered=change.address in discovered,
                )
        self._together(scope, objects.values(), needs)
        self._carry(scope, links, objects)
        self._pictures(whole, first)
        self._orders(changes, needs)
        removals = self._hours(scope, changes, needs)
        riders: dict[Address, list[Part]] = {}
        for change in changes:
            if change.with_:
                riders.setdefault(change.with_, []).append(Part(change.address))
        for change in objects.values():
            if change.action is Action.DELETE and not TABLES[change.address.kind].delete_many:
                own = riders.get(change.address, [])
                self._delete(change, own, removals.get(change.address, frozenset()))

    def _discover(self, scope: str, changes: Iterable[Change], needs: frozenset[str]) -> dict[Address, frozenset[str]]:
        """Looks for what came with a new account, one per kind with a claimed role."""
        claimed: dict[str, dict[str, Address]] = {}
        for change in changes:
            for role in change.resource.claims() if change.resource else ():
                claimed.setdefault(change.address.kind, {})[role] = change.address
        waits: dict[Address, frozenset[str]] = {}
        for kind, roles in claimed.items():
            id_ = f"discover {kind}s of {scope}"
            parts = tuple(Part(address, "discovered") for address in roles.values())
            self.calls.append(Call(id_, Effect.DISCOVER, parts, needs, payload=Discover(TABLES[kind], scope, roles)))
            waits |= dict.fromkeys(roles.values(), frozenset({id_}))
        return waits

    def _save(self, change: Change, links: Links, needs: frozenset[str], *, discovered: bool) -> None:
        address, table = change.address, TABLES[change.address.kind]
        create = change.action is Action.CREATE
        node = (address.kind, address)
        map_ = links.map_of(node, new=create)
        parts = (Part(address), *_link_parts(links, node))
        payload = SaveObject(
            table,
            address,
            address.account,
            self._encode(change, table.fields),
            _decided(change, table.fields),
            map_,
            discovered,
        )
        verb, effect = ("create", Effect.CREATE) if create else ("update", Effect.REPLACE)
        replay = Replay.LOOK_UP if create else Replay.SAFE
        self.calls.append(Call(f"{verb} {address}", effect, parts, needs | self._waits(map_), replay, payload))

    def _together(self, scope: str, changes: Collection[Change], needs: frozenset[str]) -> None:
        """One call for all objects of a kind that the vendor saves, or deletes, any number of at once."""
        for kind, table in TABLES.items():
            own = [change for change in changes if change.address.kind == kind]
            saves = [
                (c, SaveOne(c.address, self._encode(c, table.fields), _decided(c, table.fields)))
                for c in own
                if table.save_many and c.action is not Action.DELETE
            ]
            if saves:
                self.calls.append(save_call(table, scope, saves, needs))
            if table.delete_many:
                self.calls += delete_calls(table, scope, [c for c in own if c.action is Action.DELETE])

    def _carry(self, scope: str, links: Links, objects: Mapping[Address, Change]) -> None:
        """Objects that are written only because links ride in their bodies."""
        extra = [node for node in links.loads if node[1] not in objects]
        for node in extra:
            map_ = links.map_of(node, new=False)
            payload = SaveObject(TABLES[node[0]], node[1], scope, self._unreadable(node), {}, map_)
            name = node[1] if isinstance(node[1], Address) else f"{scope}/{node[0]}/id:{node[1]}".lstrip("/")
            self.calls.append(
                Call(f"links of {name}", Effect.REPLACE, _link_parts(links, node), self._waits(map_), payload=payload)
            )

    def _orders(self, changes: Sequence[Change], needs: frozenset[str]) -> None:
        """Lists put in order, once what is in them is there."""
        for change in changes:
            if lists := BY_NAME[change.address.kind].lists:
                table = TABLES[lists[change.address.key[0]]]
                self.calls.append(sorting.order_call(change, table, needs, self.makes, self._ids, changes))

    @cached_property
    def _ids(self) -> Mapping[Address, str]:
        """Every matched object's id; there are many, and few plans put anything in order."""
        return {address: id_ for (_, _, id_), address in self.around.addresses.items()}

    def _pictures(self, changes: Iterable[Change], first: int) -> None:
        """Photos and the logo, behind all that writes their objects; `first` is where this account's calls begin."""
        moved = [(change, picture) for change in changes if (picture := pictures.moved(change))]
        writers = pictures.writers(self.calls[first:]) if moved else {}
        self.calls += [pictures.picture_call(change, picture, writers) for change, picture in moved]

    def _unreadable(self, node: Node) -> dict[str, Any]:
        """What the manifests say of fields that never come back: a full PUT without them would clear them."""
        declared = self.around.declared.get(node[1]) if isinstance(node[1], Address) else None
        wanted = declared.resource.wanted() if declared else {}
        known = specs(BY_NAME[node[0]])
        table = {
            name: wire
            for name, wire in TABLES[node[0]].fields.items()
            if declared and not (wire.readable or known[name].sensitive or name in declared.lifecycle.ignore)
        }
        return encode_fields(table, wanted, self.around.evidence.zones)

    def _waits(self, map_: LinkMap | None) -> frozenset[str]:
        return frozenset(
            self.makes[ref]
            for outer, inner, _ in (map_.triples if map_ else ())
            for ref in (outer, inner)
            if isinstance(ref, Address) and ref in self.makes
        )

    def _delete(self, change: Change, riders: Iterable[Part], needs: frozenset[str]) -> None:
        address = change.address
        parts = (Part(address), *riders)
        payload = DeleteObject(TABLES[address.kind], address.account, str(change.id))
        self.calls.append(Call(f"delete {address}", Effect.REPLACE, parts, needs, payload=payload))

    # -- hours

    def _hours(self, scope: str, changes: Iterable[Change], needs: frozenset[str]) -> dict[Address, frozenset[str]]:
        """One write per employee whose hours change. Answers which writes a location's deletion waits for."""
        mine: dict[str, list[Change]] = {}
        for change in changes:
            if change.address.kind in ("hours", "away") and not change.with_:
                mine.setdefault(change.address.key[0], []).append(change)
        waits: dict[Address, frozenset[str]] = {}
        for employee, own in mine.items():
            call = self._save_hours(scope, employee, own, needs)
            self.calls.append(call)
            named = {Address(scope, "location", (c.address.key[1],)) for c in own if c.address.kind == "hours"}
            for location in named | self._named_in(scope, call.payload.kept):
                waits[location] = waits.get(location, frozenset()) | {call.id}
        return waits

    def _named_in(self, scope: str, entries: Iterable[Mapping[str, Any]]) -> set[Address]:
        """The locations that entries stand at: a vendor without them would refuse what is sent back."""
        ids = {str(entry.get("location_id") or "") for entry in entries}
        known = self.around.addresses
        return {known.get((scope, "location", id_), Address(scope, "location", (f"id:{id_}",))) for id_ in ids if id_}

    def _save_hours(self, scope: str, employee: str, changes: list[Change], needs: frozenset[str]) -> Call:
        who = _ref(scope, "employee", employee)
        entries = self._entries(scope, who)
        decided = {_slot(change): _hours_decided(change) for change in changes}
        kept = tuple(e for e in entries or () if hours.slot_of(e) not in decided)
        added: list[Mapping[str, Any]] = []
        waits = {self.makes[who]} if isinstance(who, Address) and who in self.makes else set[str]()
        for change in changes:
            if change.action is Action.DELETE:
                continue
            if change.address.kind == "away":
                added += hours.encode_away(change.values["away"])
            else:
                where = _ref(scope, "location", change.address.key[1])
                added += hours.encode_hours(change.values["hours"], where)
                waits |= {self.makes[where]} if isinstance(where, Address) and where in self.makes else set()
        payload = SaveHours(scope, who, kept, tuple(added), decided if entries is not None else None)
        parts = tuple(Part(change.address) for change in changes)
        name = who if isinstance(who, Address) else employee
        return Call(f"hours of {name}", Effect.REPLACE, parts, needs | waits, payload=payload)

    def _entries(self, scope: str, who: Ref) -> Sequence[Mapping[str, Any]] | None:
        for live in self.around.evidence.of(scope, "availability"):
            if who in (live.id, self.around.addresses.get((scope, "employee", live.id))):
                return list(live.raw)
        return None

    def _encode(self, change: Change, table: Mapping[str, Wire]) -> dict[str, Any]:
        try:
            return encode_fields(table, change.values, self.around.evidence.zones)
        except UnencodableError as error:
            place = next((f.place for f in change.fields if f.name == error.field and f.place), change.place)
            self.problems.append(Problem(*(place or ("", 0, 0)), f"{change.address}: {error}"))
            return {}


def _decided(change: Change, table: Iterable[str]) -> Decided | None:
    """What a change writes over, as far as it can be read."""
    if change.live is None:
        return None
    seen, wanted = change.live.fields, change.values
    return {name: (seen[name], wanted[name]) for name in table if name in seen and name in wanted}


def _slot(change: Change) -> tuple[Ref, ...]:
    if change.address.kind == "away":
        return ("away",)
    if change.live:
        return ("hours", change.live.refs[1])
    return ("hours", _ref(change.address.account, "location", change.address.key[1]))


def _hours_decided(change: Change) -> tuple[Any, Any]:
    kind = change.address.kind
    return (change.live.fields.get(kind) if change.live else None, change.values.get(kind))


def _link_parts(links: Links, node: Node) -> tuple[Part, ...]:
    return tuple(Part(_address(triple)) for triple in links.carried(node))


def _address(triple: tuple[Ref, Ref, Ref]) -> Address:
    scope = next((ref.account for ref in triple if isinstance(ref, Address)), "")
    return Address(scope, "link", tuple(ref.key[0] if isinstance(ref, Address) else f"id:{ref}" for ref in triple))


def _ref(scope: str, kind: str, key: str) -> Ref:
    return key.removeprefix("id:") if key.startswith("id:") else Address(scope, kind, (key,))
