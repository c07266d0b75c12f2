"""One resource compared: wanted against live, with what was last applied to tell which side moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from provisioner.kinds.base import NotKnown, Resource, Spec, secret_text, specs
from provisioner.kinds.desired import Declared
from provisioner.kinds.live import Live
from provisioner.plan.change import FieldChange
from provisioner.state.model import Record

Digest = Callable[[str], str]


class Difference(NamedTuple):
    """What differs, how many managed fields do not, and what a person should know beside."""

    fields: tuple[FieldChange, ...]
    unchanged: int
    notes: tuple[str, ...]


def compare(declared: Declared, live: Live, record: Record | None, digest: Digest, *, rotate: bool) -> Difference:
    """The fields to write. Ignored fields, claims and what is only set at creation are left out."""
    fields: list[FieldChange] = []
    notes: list[str] = []
    unchanged = 0
    known = specs(type(declared.resource))
    for name, wanted in declared.resource.wanted().items():
        spec = known[name]
        if name in declared.lifecycle.ignore or spec.instruction:
            continue
        if spec.sensitive:
            change = FieldChange(name, None, wanted) if rotate and wanted is not None else None
            if change is None and _rotated(spec, wanted, record, digest):
                notes.append(
                    f"{declared.address}: {name} is not the one last sent; send it with --rotate {declared.address}"
                )
        elif spec.from_file:
            change = _content(declared, spec, wanted, live.fields.get(name, wanted), record, rotate=rotate)
            if change is None and wanted is not None and not (record and name in record.applied):
                notes.append(_taken_for(declared, name, live.fields.get(name), wanted))
        elif spec.write_only:
            change = _write_only(declared, spec, wanted, record)
        elif name not in live.fields:
            change = _unreadable(declared, spec, wanted, record)
        elif spec.same(wanted, live.fields[name]):
            change = None
        elif spec.at_creation:
            notes.append(_settable_once(declared, spec, live.fields[name], wanted))
            continue
        else:
            change = _moved(declared, spec, live.fields[name], wanted, record)
        if change is None:
            unchanged += 1
        else:
            fields.append(change)
    return Difference(tuple(fields), unchanged, tuple(notes))


def instructions(declared: Declared, changed: Iterable[str], *, creates: bool = False) -> tuple[FieldChange, ...]:
    """How a change of these fields is to be carried out, where the manifests say so."""
    known = specs(type(declared.resource))
    names = frozenset(changed)
    return tuple(
        FieldChange(name, None, value, place=declared.fields.get(name))
        for name, value in declared.resource.wanted().items()
        if (how := known[name].instruction)
        and value is not None
        and (how.creates or not creates)
        and not names <= frozenset(how.but_for)
    )


def _moved(declared: Declared, spec: Spec, live: Any, wanted: Any, record: Record | None) -> FieldChange:
    applied = record.applied if record else {}
    outside = spec.name in applied and not spells(spec, applied[spec.name], live)
    both = outside and not spells(spec, applied[spec.name], wanted)
    place = declared.fields.get(spec.name, declared.place)
    last = applied[spec.name] if outside else None
    return FieldChange(spec.name, live, wanted, outside=outside, both=both, applied=last, place=place)


def spells(spec: Spec, dumped: Any, value: Any) -> bool:
    """Whether a recorded spelling means this value: US/Pacific is America/Los_Angeles, and e-mails ignore case."""
    now = spec.dump(value)
    alike = isinstance(dumped, str | list) and type(dumped) is type(now)
    return bool(dumped == now or (alike and spec.form.same(dumped, now)))


def _unreadable(declared: Declared, spec: Spec, wanted: Any, record: Record | None) -> FieldChange | None:
    """A field that the vendor never answers: it differs when the manifest moved since the last apply."""
    if spec.at_creation or record is None:  # found live for the first time: assumed to be as wanted
        return None
    applied = record.applied.get(spec.name)
    if spec.name in record.applied and applied == spec.dump(wanted):
        return None
    return FieldChange(spec.name, applied, wanted, place=declared.fields.get(spec.name, declared.place))


def _write_only(declared: Declared, spec: Spec, wanted: Any, record: Record | None) -> FieldChange | None:
    """A field of which only that is known which was applied: it differs where the manifest moved, or it is in doubt."""
    known = record is not None and spec.name in record.applied
    if record is None or not record.doubt.get(spec.name):
        if known and record is not None and record.applied[spec.name] == spec.dump(wanted):
            return None
        if not known and not wanted:
            return None
    sure = record is not None and known and not record.doubt.get(spec.name)
    before = record.applied[spec.name] if record is not None and sure else NotKnown(None)
    return FieldChange(spec.name, before, wanted, place=declared.fields.get(spec.name, declared.place))


def _content(
    declared: Declared, spec: Spec, wanted: Any, live: Any, record: Record | None, *, rotate: bool
) -> FieldChange | None:
    """A file: sent where nothing is live, or another was sent last. What else is live is taken for the wanted one."""
    place, applied = declared.fields.get(spec.name, declared.place), record.applied.get(spec.name) if record else None
    if wanted is None:
        return FieldChange(spec.name, live, None, place=place) if live is not None else None
    moved = applied is not None and not spec.form.same(applied, wanted)
    if live is None:
        outside = applied is not None
        return FieldChange(spec.name, None, wanted, outside, outside and moved, applied, place=place)
    return FieldChange(spec.name, applied if moved else live, wanted, place=place) if moved or rotate else None


def _taken_for(declared: Declared, name: str, live: Any, wanted: Any) -> str:
    shown = f" ({live})" if live is not None else ""
    return (
        f"{declared.address}: it has a {name} already{shown}, which is taken for {wanted.file}; "
        f"to send that one, pass --rotate {declared.address}"
    )


def _rotated(spec: Spec, wanted: Any, record: Record | None, digest: Digest) -> bool:
    sent = record.secrets.get(spec.name) if record else None
    return bool(sent and wanted is not None and digest(secret_text(wanted)) != sent)


def _settable_once(declared: Declared, spec: Spec, live: Any, wanted: Any) -> str:
    return (
        f"{declared.address}: {spec.name} can only be set at creation; "
        f"it is {spec.text(live)} and stays so (wanted {spec.text(wanted)}, {declared.place})"
    )


def looked_at(record: Record | None, kind: type[Resource]) -> Record | None:
    """What is sure of a record. An unfinished one says nothing of what can be looked at; the rest it has exactly."""
    if record is None or record.confirmed:
        return record
    return Record(record.id, applied=_unseen(record, kind), doubt=record.doubt)


def _unseen(record: Record | None, kind: type[Resource]) -> dict[str, Any]:
    known = specs(kind)
    return {n: v for n, v in record.applied.items() if n in known and known[n].write_only} if record else {}


def remembered(
    declared: Declared, record: Record | None, digest: Digest
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """What the state keeps once a resource is as wanted: its fields as written, and digests of its secrets.

    What cannot be read back stays known when the manifests no longer name it.
    """
    known = specs(type(declared.resource))
    applied: dict[str, Any] = _unseen(record, type(declared.resource))
    secrets: dict[str, str] = dict(record.secrets) if record else {}
    for name, value in declared.resource.wanted().items():
        spec = known[name]
        if spec.sensitive:
            if value is not None and name not in secrets:
                secrets[name] = digest(secret_text(value))
        elif name not in declared.lifecycle.ignore and not spec.instruction:
            applied[name] = spec.dump(value)
    return applied, secrets
