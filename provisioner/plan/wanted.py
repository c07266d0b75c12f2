"""What the manifests want, one resource at a time: create it, update it, adopt it, or leave it as it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from provisioner.kinds import Address, Resource
from provisioner.kinds.base import needed, secret_text, specs
from provisioner.kinds.desired import Declared
from provisioner.kinds.live import Live
from provisioner.plan.change import NOT_YET, Action, Change, FieldChange, Left, ended_outside
from provisioner.plan.diff import compare, instructions, looked_at, remembered
from provisioner.plan.draft import Draft, Request
from provisioner.plan.outside import parted
from provisioner.state.model import Record

_NOTHING = (None, (), "")
"""What a field that creating needs cannot be."""
_FOUND_BY = {"role": "it has the role", "pin": "pinned by lifecycle.id"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Plans what is declared."""

    request: Request
    draft: Draft

    def plan(self, declared: Declared) -> None:
        """The change that one declared resource needs, if any."""
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
            self.draft.refreshed[declared.address] = after

    def _create(self, declared: Declared) -> None:
        request, resource = self.request, declared.resource
        record = request.state.records.get(declared.address)
        values = resource.wanted()
        if resource.drifts and record and record.confirmed:
            self.draft.left.append(Left(declared.address, record.id, place=declared.place, gone=True))
            return
        if Action.CREATE in request.cannot.get(resource.kind, ()):
            message = f"{declared.address} is not live, and the vendor cannot create {resource.with_article()}"
            self.draft.problem(declared.place, f"{message}: make it by hand, then plan again")
            return
        if self._role_is_taken(declared):
            return
        comes_along = self._comes_along(declared)
        names = resource.to_create if comes_along else (*resource.to_create, *needed(type(resource)))
        missing = [name for name in names if values.get(name) in _NOTHING]
        if missing:
            self.draft.problem(declared.place, f"{declared.address} must be created and lacks {', '.join(missing)}")
            return
        known = specs(type(resource))
        told = instructions(declared, values, creates=True)
        plain = ((n, v) for n, v in values.items() if not known[n].instruction)
        fields = [*(FieldChange(n, None, v, place=declared.fields.get(n)) for n, v in plain), *told]
        for name, spec in known.items():
            if spec.create_default and name not in values and not (comes_along and spec.at_creation):
                values[name] = spec.create_default.value
                fields.append(FieldChange(name, None, spec.create_default.value, default=True))
        reason = ended_outside(type(resource)) if record and record.confirmed else NOT_YET
        if comes_along:
            reason = "it comes with the new account: set to this, not made twice"
        applied, secrets = remembered(declared, None, request.digest)
        self.draft.changes.append(
            Change(
                declared.address,
                Action.CREATE,
                reason,
                fields=tuple(fields),
                place=declared.place,
                resource=resource,
                values=values,
                record=Record("", owned=True, protect=declared.lifecycle.protect, applied=applied, secrets=secrets),
                places=declared.fields,
            )
        )

    def _comes_along(self, declared: Declared) -> bool:
        """Whether it claims something that its account, still to be created, brings along."""
        scope = declared.address.account
        new = Address("", "account", (scope,)) not in self.request.matches.live
        return bool(scope and new and declared.resource.claims())

    def _compare(self, declared: Declared, live: Live) -> None:
        request, address = self.request, declared.address
        moved = request.matches.moved.get(address)
        record = request.state.records.get(moved or address)
        if record and record.id != live.id and not declared.resource.key_kinds:
            record = None
        self._check_role(declared, live)
        sure = looked_at(record, type(declared.resource))
        found = compare(declared, live, sure, request.digest, rotate=address in request.rotate)
        fields, left = parted(declared.resource, record, found.fields, leaves=request.leaves(address))
        if left:
            self.draft.left.append(Left(address, live.id, left, declared.place))
        self.draft.notes += found.notes
        after = self._record(declared, live, record, {f.name for f in fields})
        if fields and Action.UPDATE in request.cannot.get(address.kind, ()):
            names = ", ".join(f.name for f in fields)
            self.draft.notes.append(
                f"{address}: {names} would change, and the vendor cannot change {declared.resource.with_article()}"
            )
        elif fields:
            change = self._update(declared, live, record, moved, fields, found.unchanged, after)
            how = instructions(declared, (f.name for f in fields))
            self.draft.changes.append(replace(change, fields=(*fields, *how)))
        elif moved and declared.resource.key_kinds:
            self.draft.refreshed |= {moved: None, address: after}
        elif record is None or moved:
            found_by = self._found_by(declared)
            as_it_is = "what differs is left as it is" if left else "as wanted"
            reason = f"renamed from {moved} in the manifests" if moved else f"{found_by}; {as_it_is}"
            self.draft.changes.append(
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
            self.draft.refreshed[address] = after

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
            found_by = self._found_by(declared)
            reason = f"{found_by}; will be managed from now on"
        elif not record.confirmed:
            reason = "an interrupted apply left it unfinished"
        else:
            reason = "the manifests changed"
        values = {
            name: value
            for name, value in declared.resource.wanted().items()
            if name not in declared.lifecycle.ignore and self._sendable(declared, name)
        }
        if declared.resource.drifts:  # the others are sent back as they are live, wherever they moved
            values = {f.name: f.after for f in fields}
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
            known=record,
            places=declared.fields,
            moved_from=moved,
        )

    def _found_by(self, declared: Declared) -> str:
        natural = declared.resource.natural
        usual = f"found live by its {natural[0][0].replace('_', ' ')}" if natural else "found live"
        return _FOUND_BY.get(self.request.matches.how[declared.address], usual)

    def _sendable(self, declared: Declared, name: str) -> bool:
        spec = specs(type(declared.resource))[name]
        return not spec.at_creation and (not spec.sensitive or declared.address in self.request.rotate)

    def _record(self, declared: Declared, live: Live, record: Record | None, changed: set[str]) -> Record:
        applied, secrets = remembered(declared, record, self.request.digest)
        for name, value in declared.resource.wanted().items():
            if name in changed and specs(type(declared.resource))[name].sensitive and value is not None:
                secrets = {**secrets, name: self.request.digest(secret_text(value))}
        owned = record.owned if record else self._came_with_ours(declared)
        id_ = "" if declared.resource.key_kinds else live.id
        after = Record(id_, owned, declared.lifecycle.protect, applied, secrets)
        if record is None:
            return after
        seen = not any(not specs(type(declared.resource))[name].write_only for name in changed)
        kept = record.becoming if record.becoming is not None and seen else record.kept
        return replace(after, doubt=record.doubt, kept=kept)

    def _came_with_ours(self, declared: Declared) -> bool:
        """Whether it came with an account that we made: ours as well, though an interrupted apply never got to it."""
        account = self.request.state.records.get(Address("", "account", (declared.address.account,)))
        return bool(account and account.owned and self.request.matches.how[declared.address] == "role")

    def _role_is_taken(self, declared: Declared) -> bool:
        """Report a claim of a role that another live object has; only the few that claim one are looked up."""
        address, resource = declared.address, declared.resource
        claimed = resource.claims() & resource.kept_roles
        pool = self.request.evidence.of(address.account, address.kind) if claimed else ()
        for live in pool:
            if taken := claimed & live.roles:
                role = next(iter(taken))
                holder = self.request.matches.address.get((address.account, live.kind, live.id))
                self.draft.problem(
                    declared.place,
                    f"{address} claims to be the {role} {resource.title}, which is {holder} (id {live.id}), "
                    f"and the vendor cannot move the role: write `{role}: true` there",
                )
                return True
        return False

    def _check_role(self, declared: Declared, live: Live) -> None:
        resource = declared.resource
        lost = (resource.claims() & resource.kept_roles) - live.roles
        if lost:
            role = next(iter(lost))
            self.draft.problem(
                declared.place,
                f"{declared.address} claims to be the {role} {resource.title}, but the live one "
                f"(id {live.id}) is not, and the vendor cannot move the role: move `{role}: true` to the one it is",
            )


def _is_none(resource: Resource) -> bool:
    """Whether a relation's fields all say that there is nothing of it."""
    values = resource.wanted().values() if resource.key_kinds else ()
    return bool(values) and not any(values)
