"""What moved outside since the last apply, what becomes of it, and how to keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Spec, specs
from provisioner.kinds.values import escape
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.report.fields import value_text, written
from provisioner.report.layout import columns, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provisioner.kinds.desired import Place


def drift_lines(drift: Iterable[Change], width: int) -> list[str]:
    """The section, with its heading; nothing when nothing moved."""
    lines = [line for change in drift for line in _drifted(change, width)]
    return ["", "Changed outside since the last apply", *lines] if lines else []


def _drifted(change: Change, width: int) -> Iterator[str]:
    name = escape(str(change.address))
    if change.action is Action.CREATE:
        yield from _noted(f"  + {name}", "was deleted outside: will be created again", width)
        yield f"      to keep it deleted, remove it{_from(change.place)}"
        return
    yield f"  ~ {name}"
    known = specs(BY_NAME[change.address.kind])
    for field in change.fields:
        if field.outside:
            yield from _field(known[field.name], field, field.place or change.place, width)


def _field(spec: Spec, field: FieldChange, place: Place | None, width: int) -> Iterator[str]:
    """What was applied and what it is now, and how to keep it; lists are shown in the change itself."""
    listed = isinstance(field.after, tuple)
    room = min(30, (width - columns(field.name) - 13) // 2)
    live, after = ("", "") if listed else (value_text(spec, side, room) for side in (field.before, field.after))
    applied = after if not field.both else written(spec, field.applied, room)
    *lines, last = [f"      {field.name}"] if listed else _sides(field.name, applied, live, width)
    yield from lines
    yield from _noted(last, _fate(field, after, f" ({where(place)})" if place else "", width), width)
    edit = f"edit {where(place)}" if place else "edit the manifest"
    keep = f"      to keep {live}, {edit}"
    yield keep if live and columns(keep) <= width else f"      to keep what is live, {edit}"


def _sides(name: str, applied: str, live: str, width: int) -> list[str]:
    line = f"      {name} = {applied} -> {live}"
    return [line] if columns(line) <= width else [f"      {name} = {applied}", f"        -> {live}"]


def _fate(field: FieldChange, after: str, at: str, width: int) -> str:
    to = f"to {after}" if after else "as shown below"
    fate = f"will be put back {to}" if not field.both else f"will be set {to}, as the manifest moved too"
    return f"{fate}{at}" if columns(fate) + columns(at) + 8 <= width else fate


def _from(place: Place | None) -> str:
    return f" from {where(place)}" if place else " from the manifests"


def _noted(line: str, note: str, width: int) -> list[str]:
    return [f"{line}   {note}"] if columns(line) + 3 + columns(note) <= width else [line, f"        {note}"]
