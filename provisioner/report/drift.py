"""What moved outside since the last apply, what becomes of it, and how to keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Spec, specs
from provisioner.kinds.values import escape
from provisioner.plan.change import Action, Change, FieldChange
from provisioner.report.fields import value_text
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
    at = f" ({where(place)})" if place else ""
    keep = f"edit {where(place)}" if place else "edit the manifest"
    if isinstance(field.after, tuple):
        yield f"      {field.name}   will be put back as shown below{at}"
        yield f"      to keep what is live, {keep}"
        return
    before, after = value_text(spec, field.before, 30), value_text(spec, field.after, 30)
    fate = f"will be put back to {after}" if not field.both else f"will become {after}, as the manifest moved too"
    yield from _noted(f"      {field.name} = {before} -> {after}", f"{fate}{at}", width)
    yield f"      to keep {before}, {keep}"


def _from(place: Place | None) -> str:
    return f" from {where(place)}" if place else " from the manifests"


def _noted(line: str, note: str, width: int) -> list[str]:
    return [f"{line}   {note}"] if columns(line) + 3 + columns(note) <= width else [line, f"        {note}"]
