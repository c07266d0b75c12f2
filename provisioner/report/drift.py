"""What moved outside since the last apply, what becomes of it, and how to keep it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Resource, Spec, Unreadable, specs
from provisioner.kinds.values import escape
from provisioner.plan.change import Action, Change, FieldChange, Left
from provisioner.report.fields import NOT_SHOWN, value_text, written
from provisioner.report.layout import columns, placed, where, wrapped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from provisioner.kinds import Address
    from provisioner.kinds.desired import Place


def drift_lines(drift: Iterable[Change], left: Iterable[Left], width: int) -> list[str]:
    """The section, with its heading; nothing when nothing moved."""
    drift = list(drift)
    gone = {change.address for change in drift if change.action is Action.CREATE}
    lines = [line for change in drift for line in _drifted(change, gone, width)]
    for kind, members in groupby(sorted(left, key=lambda each: each.address.kind), lambda each: each.address.kind):
        lines += _left(BY_NAME[kind], list(members), width)
    return ["", "Changed outside since the last apply", *lines] if lines else []


def _drifted(change: Change, gone: Collection[Address], width: int) -> Iterator[str]:
    """One address; a relation that went with what it joins comes and goes with that."""
    name = escape(str(change.address))
    if change.action is Action.CREATE:
        kind = BY_NAME[change.address.kind]
        yield from _noted(f"  + {name}", f"was {kind.ended()} outside: will be created again", width)
        members = (
            change.address._replace(kind=k, key=(key,))
            for k, key in zip(kind.key_kinds, change.address.key, strict=False)
        )
        if not any(member in gone for member in members):
            prune = "" if kind.key_kinds else " --prune"
            yield from _keep(f"keep it {kind.ended()}", f"{name}{prune}", width)
        return
    yield f"  ~ {name}"
    known = specs(BY_NAME[change.address.kind])
    outside = [field for field in change.fields if field.outside]
    for field in outside:
        yield from _field(known[field.name], field, field.place or change.place, width)
    yield from _kept(change, [field for field in outside if not _is_by_hand(known[field.name], field)], width)
    for field in outside:
        if _is_by_hand(known[field.name], field):
            place = field.place or change.place
            yield f"      keep what is live: edit {where(place) if place else 'the manifest'}"


def _is_by_hand(spec: Spec, field: FieldChange) -> bool:
    """Whether a pull cannot write it: it is a picture, or nothing that the field can hold."""
    return spec.from_file or isinstance(field.before, Unreadable)


def _kept(change: Change, taken: list[FieldChange], width: int) -> Iterator[str]:
    """How to keep what is live; where both sides moved, a person says it of each field."""
    name, known = escape(str(change.address)), specs(BY_NAME[change.address.kind])
    for field in taken:
        if field.both:
            yield from _keep(f"keep {_live(known[field.name], field, width)}", f"{name}.{field.name}", width)
    if alone := [field for field in taken if not field.both]:
        what = _live(known[alone[0].name], alone[0], width) if len(alone) == 1 else "what is live"
        yield from _keep(f"keep {what}", name, width)


def _keep(what: str, asked: str, width: int) -> list[str]:
    """The command that takes what is live back into the manifests; it is never broken into lines."""
    line = f"      {what}: provisioner pull {asked}"
    return [line] if columns(line) <= width else [f"      {what}:", f"        provisioner pull {asked}"]


def _live(spec: Spec, field: FieldChange, width: int) -> str:
    """The live value, where it is short and may be shown."""
    live = value_text(spec, field.before, _room(field, width))
    return "what is live" if spec.personal or isinstance(field.after, tuple) or not live or len(live) > 30 else live


def _room(field: FieldChange, width: int) -> int:
    return min(30, (width - columns(field.name) - 13) // 2)


def _left(kind: type[Resource], left: list[Left], width: int) -> Iterator[str]:
    """What is not put back: names only, of many the first five and a count, and the reason once for all."""
    for one in left if len(left) <= 10 else left[:5]:
        what = "deleted" if one.gone else ", ".join(field.name for field in one.fields)
        *lines, last = wrapped(f"  ~ {escape(str(one.address))}   ", what, width)
        place = one.fields[0].place if len(one.fields) == 1 else None
        yield from (*lines, *placed(last, place or one.place, width, "      "))
    if len(left) > 10:
        yield f"  ~ {len(left) - 5} more ({len(left)} in all)"
    yield from wrapped("      ", f"not put back: {kind.drifts}; what you edit is sent", width)
    if gone := next((one for one in left if one.gone), None):
        remedy = f"to make a deleted one again, run provisioner state rm {gone.address} first"
        yield from wrapped("      ", remedy, width)


def _field(spec: Spec, field: FieldChange, place: Place | None, width: int) -> Iterator[str]:
    """What was applied, what it is now and what it will be; lists are shown in the change itself."""
    listed = isinstance(field.after, tuple)
    room = _room(field, width)
    live, after = ("", "") if listed else (value_text(spec, side, room) for side in (field.before, field.after))
    live = NOT_SHOWN if spec.personal else live
    applied = after if not field.both else written(spec, field.applied, room)
    *lines, last = [f"      {field.name}"] if listed else _sides(field.name, applied, live, width)
    yield from lines
    yield from _noted(last, _fate(field, after, f" ({where(place)})" if place else "", width), width)


def _sides(name: str, applied: str, live: str, width: int) -> list[str]:
    line = f"      {name} = {applied} -> {live}"
    return [line] if columns(line) <= width else [f"      {name} = {applied}", f"        -> {live}"]


def _fate(field: FieldChange, after: str, at: str, width: int) -> str:
    to = f"to {after}" if after else "as shown below"
    fate = f"will be put back {to}" if not field.both else f"will be set {to}, as the manifest moved too"
    return f"{fate}{at}" if columns(fate) + columns(at) + 8 <= width else fate


def _noted(line: str, note: str, width: int) -> list[str]:
    return [f"{line}   {note}"] if columns(line) + 3 + columns(note) <= width else [line, f"        {note}"]
