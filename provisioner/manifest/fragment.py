"""A fragment: what one document says about one resource, its fields flattened to dotted names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioner.kinds.desired import Place
from provisioner.kinds.values import plain
from provisioner.manifest.rows.row import RowPlace, at
from provisioner.manifest.scope import Width

if TYPE_CHECKING:
    from provisioner.kinds.base import Resource

Mark = tuple[int, int, int, int]
"""Line and column of a key, line and column of its value."""


def called(kind: type[Resource], key: str, width: Width) -> str:
    """What a message calls a resource, or the defaults of all."""
    return f"defaults.{kind.section}" if width is Width.DEFAULTS else f"{kind.kind}/{plain(key, 60)}"


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
    listed: bool = False
    """Whether it comes from a list of public holidays."""

    @property
    def name(self) -> str:
        """What a message calls the resource."""
        return called(self.kind, self.key, self.width)

    def key_place(self, field: str) -> Place:
        """Where a field's key stands."""
        return at(self.place, self.marks[field][:2])

    def made_place(self, field: str) -> Place:
        """Where a relation that stands under a field comes from: its row, if there is one."""
        mark = self.marks[field][:2]
        return self.place.origin.row_place(mark) if isinstance(self.place, RowPlace) else at(self.place, mark)

    def value_place(self, field: str) -> Place:
        """Where a field's value begins."""
        return at(self.place, self.marks[field][2:])
