"""What would reverse a plan, change by change: taken down before the first write, while what is live is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import Spec, Unreadable, specs
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.plan.match import Matches
from provisioner.state.model import Record, State
from provisioner.state.run import Field, Step

MOVE = "move"


def steps_of(plan: Plan, state: State, matches: Matches) -> Iterator[Step]:
    """One step for each change, one for each relation whose record moves with a renamed member, and one for each list
    whose order is managed. `state` is what the plan was made with.
    """
    changed: dict[Address, Change | None] = {change.address: change for change in plan.changes}
    learnt = (a for a, record in plan.refreshed.items() if record and BY_NAME[a.kind].lists)
    for address, change in (changed | {a: None for a in learnt if a not in changed}).items():
        record = state.records.get(matches.moved.get(address, (change and change.moved_from) or address))
        if BY_NAME[address.kind].lists and address in matches.live:
            yield _ordered(address, state, matches)
        elif change:
            instead = plan.undone.again.get(address, "") if plan.undone else ""
            yield replace(_step(change, record), refs=_refs(address, matches), instead=instead)
    for address, old in matches.moved.items():
        if address not in changed and plan.refreshed.get(address) is not None:
            yield Step(address, MOVE, record=_without_secrets(state.records.get(old)), moved_from=old)


def _refs(address: Address, matches: Matches) -> tuple[str, ...]:
    """The ids of what a relation joins, as far as it is live."""
    kinds = BY_NAME[address.kind].key_kinds
    members = (Address(address.account, kind, (key,)) for kind, key in zip(kinds, address.key, strict=False))
    return tuple(live.id if (live := matches.live.get(each)) else _unmanaged(each.key[0]) for each in members)


def _unmanaged(key: str) -> str:
    """The id of what no manifest names."""
    return key.removeprefix("id:") if key.startswith("id:") else ""


def _ordered(address: Address, state: State, matches: Matches) -> Step:
    """An order as it was of all that was known, by the keys that it had: what goes stood in it as well."""
    kind, live = BY_NAME[address.kind], matches.live[address]
    listed = kind.lists[address.key[0]]
    found = ((ref, matches.address.get((address.account, listed, ref))) for ref in live.refs)
    before = {ref: old.key[0] for ref, a in found if a and (old := matches.moved.get(a, a)) in state.records}
    record, field = state.records.get(address), Field(kind.inline, list(before.values()), None)
    return Step(address, Action.UPDATE.value, live.id, (field,), record, refs=tuple(before))


def _step(change: Change, record: Record | None) -> Step:
    if change.action is Action.CREATE:
        return Step(change.address, change.action.value, fields=_created(change))
    fields = {Action.UPDATE: _updated, Action.DELETE: _deleted}.get(change.action, lambda _c, _r: ())(change, record)
    id_ = "" if BY_NAME[change.address.kind].key_kinds else change.id or ""
    return Step(change.address, change.action.value, id_, fields, _without_secrets(record), change.moved_from)


def _without_secrets(record: Record | None) -> Record | None:
    return replace(record, secrets={}) if record and record.secrets else record


def _created(change: Change) -> tuple[Field, ...]:
    """What it is to be: what is live must still be that when it is destroyed again, or somebody had a hand in it.

    An order in a new account has nothing to go back to: it goes with what it orders.
    """
    if BY_NAME[change.address.kind].lists:
        return ()
    applied = change.record.applied if change.record else {}
    return tuple(Field(name, None, value) for name, value in applied.items())


def _updated(change: Change, record: Record | None) -> tuple[Field, ...]:
    known = specs(BY_NAME[change.address.kind])
    plain = [each for each in change.fields if not known[each.name].instruction]
    found = [_field(known[each.name], each, change, record) for each in plain]
    return tuple(_with_tied(found, change))


def _with_tied(fields: list[Field], change: Change) -> Iterator[Field]:
    """With a field of which others depend, those that had a value: what the vendor makes of them is not known."""
    tied, live = BY_NAME[change.address.kind].tied, change.live.fields if change.live else {}
    wrote = {each.name for each in fields}
    if not tied & wrote:
        yield from fields
        return
    known = specs(BY_NAME[change.address.kind])
    yield from (each for each in fields if each.name not in tied or live.get(each.name) is not None)
    for name in sorted(tied - wrote):
        if live.get(name) is not None:
            yield _gone(known[name], live[name])._replace(tied=True)


def _field(spec: Spec, each: FieldChange, change: Change, record: Record | None) -> Field:
    if spec.sensitive:
        return Field(each.name, None, None, "secret")
    after = spec.dump(each.after)
    if spec.from_file:
        return Field(each.name, None, after, "picture" if each.before is not None else "")
    if (
        change.live is not None and each.name not in change.live.fields
    ):  # never shown: what was sent last is all we know
        applied = record.applied if record else {}
        return Field(each.name, applied.get(each.name), after, "" if each.name in applied else "unseen")
    lost = "unreadable" if isinstance(each.before, Unreadable) else ""
    return Field(each.name, spec.dump(each.before), after, lost)


def _deleted(change: Change, record: Record | None) -> tuple[Field, ...]:
    """All that was live of it, and what was sent of what the vendor never shows."""
    known = specs(BY_NAME[change.address.kind])
    live: Mapping[str, Any] = change.live.fields if change.live else {}
    found = [_gone(known[n], v) for n, v in live.items() if n in known and v is not None and not known[n].instruction]
    applied = record.applied if record else {}
    found += [Field(n, v, None) for n, v in applied.items() if n in known and n not in live and v is not None]
    secrets = record.secrets if record else ()
    return (*found, *(Field(name, None, None, "secret") for name in secrets if name in known))


def _gone(spec: Spec, value: Any) -> Field:
    if spec.sensitive:
        return Field(spec.name, None, None, "secret")
    if spec.from_file:
        return Field(spec.name, None, None, "picture")
    return Field(spec.name, spec.dump(value), None, "unreadable" if isinstance(value, Unreadable) else "")
