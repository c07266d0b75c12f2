"""What would reverse a plan, change by change: taken down before the first write, while what is live is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.base import Spec, Unreadable, specs
from provisioner.plan.change import Action, Change, FieldChange, Plan
from provisioner.state.model import Record, State
from provisioner.state.run import Field, Step

MOVE = "move"


def steps_of(plan: Plan, state: State, moved: Mapping[Address, Address]) -> Iterator[Step]:
    """One step for each change, and one for each relation whose record moves with a renamed member.

    `state` is what the plan was made with; `moved` says what each new address was in it.
    """
    for change in plan.changes:
        yield _step(change, state.records.get(change.moved_from or change.address))
    changed = {change.address for change in plan.changes}
    for address, old in moved.items():
        if address not in changed and plan.refreshed.get(address) is not None:
            yield Step(address, MOVE, record=_without_secrets(state.records.get(old)), moved_from=old)


def _step(change: Change, record: Record | None) -> Step:
    if change.action is Action.CREATE:
        return Step(change.address, change.action.value, fields=_created(change))
    fields = {Action.UPDATE: _updated, Action.DELETE: _deleted}.get(change.action, lambda _c, _r: ())(change, record)
    id_ = "" if BY_NAME[change.address.kind].key_kinds else change.id or ""
    return Step(change.address, change.action.value, id_, fields, _without_secrets(record), change.moved_from)


def _without_secrets(record: Record | None) -> Record | None:
    return replace(record, secrets={}) if record and record.secrets else record


def _created(change: Change) -> tuple[Field, ...]:
    """What it is to be: what is live must still be that when it is destroyed again, or somebody had a hand in it."""
    applied = change.record.applied if change.record else {}
    return tuple(Field(name, None, value) for name, value in applied.items())


def _updated(change: Change, record: Record | None) -> tuple[Field, ...]:
    known = specs(BY_NAME[change.address.kind])
    plain = (each for each in change.fields if not known[each.name].instruction)
    return tuple(_field(known[each.name], each, change, record) for each in plain)


def _field(spec: Spec, each: FieldChange, change: Change, record: Record | None) -> Field:
    if spec.sensitive:
        return Field(each.name, None, None, "secret")
    after = spec.dump(each.after)
    if spec.from_file:
        return Field(each.name, None, after, "picture" if each.before is not None else "")
    if change.live is not None and each.name not in change.live.fields:  # never shown: what was sent last is all we know
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
