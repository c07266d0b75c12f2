"""A fragment: what one document says about one resource, its fields flattened to dotted names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioner.kinds.desired import Place

if TYPE_CHECKING:
    from provisioner.kinds.base import Resource
    from provisioner.manifest.scope import Width

Mark = tuple[int, int, int, int]
"""Line and column of a key, line and column of its value."""


@dataclass(frozen=True, slots=True, eq=False)
class Fragment:
    """Some fields of one resource; `broken` ones were refused already and count as given."""

    kind: type[Resource]
    key: str
    place: Place
    width: Width
    values: Mapping[str, Any]
    marks: Mapping[str, Mark]
    broken: frozenset[str] = frozenset()

    def key_place(self, field: str) -> Place:
        """Where a field's key stands."""
        return Place(self.place.file, *self.marks[field][:2])

    def value_place(self, field: str) -> Place:
        """Where a field's value begins."""
        return Place(self.place.file, *self.marks[field][2:])
