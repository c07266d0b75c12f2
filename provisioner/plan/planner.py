"""The one planner: wanted, remembered and live become changes. Pure; destroy is the same path with nothing wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from provisioner.errors import Problem
from provisioner.kinds import BY_NAME, KINDS, Address, Resource
from provisioner.kinds.base import secret_text, specs
from provisioner.kinds.desired import Declared, Desired, Removal
from provisioner.kinds.live import Evidence, Live
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.plan.diff import Digest, compare, remembered
from provisioner.plan.digest import plan_digest
from provisioner.plan.guard import Policy, guard
from provisioner.plan.match import Matches
from provisioner.state.model import Record, State

_ORDER = {kind.kind: number for number, kind in enumerate(KINDS)}
_DELETED_OUTSIDE = "it was deleted outside since the last apply"
_BY_NAME = "found live by name"
_FOUND_BY = {"role": "it has the role", "pin": "pinned by lifecycle.id"}


@dataclass(frozen=True, slots=True)
class Request:
    """Everything one plan is computed from."""

    desired: Desired
    state: State
    evidence: Evidence
    matches: Matches
    digest: Digest
    policy: Policy = field(default_factory=Policy)
    selected: Callable[[Address], bool] = lambda _: True
    """Which addresses `--target` leaves in."""
    rotate: frozenset[Address] = frozenset()
    destroy: bool = False


def make_plan(request: Request) -> tuple[Plan, list[Problem]]:
    """The plan, and the problems that forbid any plan (an ambiguous match, a create that lacks a field)."""
    work = _Work(request)
    work.run()
    return work.result(), [*request.matches.problems, *work.problems]


@dataclass(slots=True)
class _Work:
    """The changes as they are found."""

    request: Request
    changes: list[Change] = field(default_factory=list)
    refreshed: dict[Address, Record | None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    renamed: set[Address] = field(default_factory=set)

    def run(self) -> None:
        request = self.request
        self.renamed = set(request.matches.moved.values())
        for declared in request.desired.resources.values():
            if request.selected(declared.address):
                self._wanted(declared)
        for address, record in request.state.records.items():
            if address not in request.desired.resources and address not in self.renamed and request.selected(address):
                self._orphan(address, record)
        for address, old in request.matches.moved.items():
            if address not in request.desired.resources and request.selected(address):
                self._renamed_orphan(address, old)
        for address, live in request.matches.live.items():
            if self._unwanted(address) and request.selected(address):
                self._surplus(address, live)
        for (scope, kind), pool in request.evidence.objects.items():
            if request.policy.prune == "all" and not BY_NAME[kind].key_kinds:
                self._unmanaged(scope, pool)
        for address, removal in request.desired.removed.items():
            if request.selected(address) and address not in request.state.records:
                self._removed_unrecorded(address, removal)

    # -- what the manifests want

    def _wanted(self, declared: Declared) -> None:
        live = self.request.matches.live.get(declared.address)
        if live is not None:
            self._compare(declared, live)
        elif _is_none(declared.resource):
            self._none(declared)
        else:
            self._create(declared)

    def _none(self, declared: Declared) -> None:
        """Nothing is wanted and nothing is there (`hours: []`): remember it, so that what appears later is drift."""
        record = self.request.state.records.get(declared.address)
        applied, _ = remembered(declared, None, self.request.digest)
        after = Record("", bool(record and record.owned), declared.lifecycle.protect, applied)
        if record != after:
            self.refreshed[declared.address] = after

    def _create(self, declared: Declared) -> None:
        request, resource = self.request, declared.resource
        record = request.state.records.get(declared.address)
        values = resource.wanted()
        missing = [name for name in resource.to_create if values.get(name) is None]
        if missing:
            self._problem(declared, f"{declared.address} must be created and lacks {', '.join(missing)}")
            return
        fields = [FieldChange(n, None, v, place=declared.fields.get(n)) for n, v in values.items()]
        for name, spec in specs(type(resource)).items():
            if spec.create_default and name not in values:
                values[name] = spec.create_default.value
                fields.append(FieldChange(name, None, spec.create_default.value, default=True))
        reason = _DELETED_OUTSIDE if record else "not in the tenant yet"
        applied, secrets = remembered(declared, None, request.digest)
        self.changes.append(
            Change(
                declared.address,
                Action.CREATE,
                reason,
                fields=tuple(fields),
                place=declared.place,
                resource=resource,
                values=values,
                record=Record("", owned=True, protect=declared.lifecycle.protect, applied=applied, secrets=secrets),
            )
        )

    def _compare(self, declared: Declared, live: Live) -> None:
        request, address = self.request, declared.address
        moved = request.matches.moved.get(address)
        record = request.state.records.get(moved or address)
        if record and record.id != live.id and not declared.resource.key_kinds:
            record = None
        self._check_role(declared, live)
        found = compare(declared, live, record, request.digest, rotate=address in request.rotate)
        self.notes += found.notes
        after = self._record(declared, live, record, {f.name for f in found.fields})
        if found.fields:
            self.changes.append(self._update(declared, live, record, moved, found.fields, found.unchanged, after))
        elif moved and declared.resource.key_kinds:
            self.refreshed |= {moved: None, address: after}
        elif record is None or moved:
            found_by = _FOUND_BY.get(request.matches.how[address], _BY_NAME)
            reason = f"renamed from {moved} in the manifests" if moved else f"{found_by}; as wanted"
            self.changes.append(
                Change(
                    address,
                    Action.ADOPT,
                    reason,
                    id=live.id,
                    unchanged=found.unchanged,
                    place=declared.place,
                    resource=declared.resource,
                    live=live,
                    record=after,
                    moved_from=moved,
                )
            )
        elif record != after:
            self.refreshed[address] = after

    def _update(
        self,
        declared: Declared,
        live: Live,
        record: Record | None,
        moved: Address | None,
        fields: tuple[FieldChange, ...],
        unchanged: int,
        after: Record,
    ) -> Change:
        outside = [f.name for f in fields if f.outside]
        both = any(f.both for f in fields)
        if moved:
            reason = f"renamed from {moved}"
        elif outside and len(outside) == len(fields):
            reason = "changed outside since the last apply" + (", and in the manifests" if both else "")
        elif record is None:
            found_by = _FOUND_BY.get(self.request.matches.how[declared.address], _BY_NAME)
            reason = f"{found_by}; will be managed from now on"
        else:
            reason = "the manifests changed"
        values = {
            name: value
            for name, value in declared.resource.wanted().items()
            if name not in declared.lifecycle.ignore and self._sendable(declared, name)
        }
        return Change(
            declared.address,
            Action.UPDATE,
            reason,
            id=live.id,
            fields=fields,
            unchanged=unchanged,
            place=declared.place,
            resource=declared.resource,
            values=values,
            live=live,
            record=after,
            moved_from=moved,
        )

    def _sendable(self, declared: Declared, name: str) -> bool:
        spec = specs(type(declared.resource))[name]
        return not spec.at_creation and (not spec.sensitive or declared.address in self.request.rotate)

    def _record(self, declared: Declared, live: Live, record: Record | None, changed: set[str]) -> Record:
        applied, secrets = remembered(declared, record, self.request.digest)
        for name, value in declared.resource.wanted().items():
            if name in changed and specs(type(declared.resource))[name].sensitive and value is not None:
                secrets = {**secrets, name: self.request.digest(secret_text(value))}
        owned = record.owned if record else False
        return Record(
            "" if declared.resource.key_kinds else live.id, owned, declared.lifecycle.protect, applied, secrets
        )

    def _check_role(self, declared: Declared, live: Live) -> None:
        resource = declared.resource
        lost = (resource.claims() & resource.kept_roles) - live.roles
        if lost:
            role = next(iter(lost))
            self._problem(
                declared,
                f"{declared.address} claims to be the {role} {resource.title}, but the live one "
                f"(id {live.id}) is not, and the vendor cannot move the role: move `{role}: true` to the one it is",
            )

    # -- what left the manifests

    def _orphan(self, address: Address, record: Record) -> None:
        request = self.request
        removal = request.desired.removed.get(address)
        live = request.matches.live.get(address)
        if not self._was_read(address):
            self._forget(
                address, record, live, f"its account {address.account} left the manifests; nothing in it is touched"
            )
        elif live is None:
            self.refreshed[address] = None
        elif removal is not None:
            self._reviewed(address, record, live, removal)
        else:
            self._leaves(address, record, live)

    def _renamed_orphan(self, address: Address, old: Address) -> None:
        """A relation that left the manifests while a member of it was renamed: its record moves, then it goes."""
        record = self.request.state.records[old]
        self.refreshed |= {old: None, address: record}
        self._orphan(address, record)

    def _was_read(self, address: Address) -> bool:
        return address.account in self.request.desired.accounts

    def _leaves(self, address: Address, record: Record, live: Live) -> None:
        kind, prune = BY_NAME[address.kind], self.request.policy.prune
        kept = kind.kept_roles & live.roles
        if not kind.removable:
            self._forget(address, record, live, f"the vendor cannot delete an {kind.title}; it stays live, unmanaged")
        elif kept:
            role = next(iter(kept))
            self._forget(
                address, record, live, f"the {role} {kind.title} can never be deleted; it stays live, unmanaged"
            )
        elif self._in_whole_set(address):
            self._surplus(address, live, record)
        elif prune == "never":
            self._forget(address, record, live, "no longer in the manifests (prune: never)")
        elif record.owned or prune == "all":
            self._delete(address, record, live, "no longer in the manifests")
        else:
            self._forget(
                address,
                record,
                live,
                "no longer in the manifests, and not made by us: it stays live. "
                f"To delete it, run provisioner state own {address} first",
            )

    def _reviewed(self, address: Address, record: Record, live: Live, removal: Removal) -> None:
        if removal.how == "delete":
            self._delete(address, record, live, "listed under removed:", place=removal, reviewed=True)
        elif removal.how == "forget":
            self._forget(address, record, live, "listed under removed: forget", place=removal)
        else:
            self._deactivate(address, record, live, removal)

    def _removed_unrecorded(self, address: Address, removal: Removal) -> None:
        """Something listed for removal that the state does not know: it may be live under its name all the same."""
        if removal.how != "forget":
            self.notes.append(
                f"{address}: listed under removed: and not in the state; nothing to {removal.how} "
                f"(import it first if it is live, or drop the line, {removal.place})"
            )

    def _deactivate(self, address: Address, record: Record, live: Live, removal: Removal) -> None:
        kind = BY_NAME[address.kind]
        if "active" not in kind.model_fields:
            self.problems.append(
                Problem(
                    removal.place.file,
                    removal.place.line,
                    removal.place.column,
                    f"an {kind.title} cannot be deactivated: write how: delete or how: forget",
                )
            )
        elif live.fields.get("active") is False:
            self._forget(address, record, live, "listed under removed: deactivate, and inactive", place=removal)
        else:
            change = FieldChange("active", live.fields.get("active"), False, place=removal.place)
            self.changes.append(
                Change(
                    address,
                    Action.UPDATE,
                    "listed under removed: deactivate",
                    id=live.id,
                    fields=(change,),
                    place=removal.place,
                    values={"active": False},
                    live=live,
                    record=None,
                )
            )

    def _forget(
        self, address: Address, record: Record, live: Live | None, reason: str, *, place: Removal | None = None
    ) -> None:
        self.changes.append(
            Change(address, Action.FORGET, reason, id=record.id, live=live, place=place.place if place else None)
        )

    def _delete(
        self,
        address: Address,
        record: Record,
        live: Live,
        reason: str,
        *,
        place: Removal | None = None,
        reviewed: bool = False,
    ) -> None:
        self.changes.append(
            Change(
                address,
                Action.DELETE,
                reason,
                id=live.id,
                live=live,
                record=record,
                place=place.place if place else None,
                reviewed=reviewed,
            )
        )

    # -- what is live and not wanted

    def _unwanted(self, address: Address) -> bool:
        """A live relation inside a named whole set that nobody wants and nobody recorded."""
        return (
            address not in self.request.desired.resources
            and address not in self.request.state.records
            and address not in self.request.matches.moved
            and self._in_whole_set(address)
        )

    def _in_whole_set(self, address: Address) -> bool:
        whole = BY_NAME[address.kind].whole
        return whole > 0 and address._replace(key=address.key[:whole]) in self.request.desired.whole

    def _surplus(self, address: Address, live: Live, record: Record | None = None) -> None:
        place = self.request.desired.whole[address._replace(key=address.key[: BY_NAME[address.kind].whole])]
        reason = f"not among those named for {'/'.join(address.key[:2])} ({place})"
        self.changes.append(
            Change(address, Action.DELETE, reason, id=live.id, live=live, place=place, record=record or Record(live.id))
        )

    def _unmanaged(self, scope: str, pool: Iterable[Live]) -> None:
        for live in pool:
            kind = BY_NAME[live.kind]
            known = (scope, live.kind, live.id) in self.request.matches.address
            if known or not kind.removable or kind.kept_roles & live.roles:
                continue
            address = Address(scope, live.kind, (f"id:{live.id}",))
            if self.request.selected(address):
                self._delete(address, Record(live.id), live, "live and not in the manifests (prune: all)")

    def _problem(self, declared: Declared, message: str) -> None:
        self.problems.append(Problem(declared.place.file, declared.place.line, declared.place.column, message))

    # -- the value

    def result(self) -> Plan:
        changes = _ordered(_cascaded(self.changes))
        guarded = changes if self.request.destroy else guard(changes, self._totals(), self.request.policy)
        if self.request.destroy:
            guarded = guard(changes, {}, replace(self.request.policy, allow_destroy=len(changes)))
        drift = tuple(c for c in guarded if any(f.outside for f in c.fields) or c.reason == _DELETED_OUTSIDE)
        return Plan(
            changes=guarded,
            refreshed=self.refreshed,
            drift=drift,
            notes=tuple(self.notes),
            managed=sum(1 for a in self.request.desired.resources if self.request.selected(a)),
            adopted=sum(1 for c in guarded if c.action is Action.ADOPT),
            digest=plan_digest(guarded, self.request.state.tenant),
        )

    def _totals(self) -> Mapping[tuple[str, str], int]:
        return {place: len(pool) for place, pool in self.request.evidence.objects.items()}


def _is_none(resource: Resource) -> bool:
    """Whether a relation's fields all say that there is nothing of it."""
    values = resource.wanted().values() if resource.key_kinds else ()
    return bool(values) and not any(values)


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
        address, kind = change.address, _ORDER[change.address.kind]
        scope = address.key[0] if address.kind == "account" else address.account
        last = change.action is Action.DELETE
        return scope, last, -kind if last else kind, address.key

    return tuple(sorted(changes, key=place))
