"""Where a generated text comes from: its row, and the template that it was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provisioner.kinds.desired import Place
from provisioner.manifest.rows.table import Row

At = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """One row, and a template whose places are of a file."""

    row: Row
    file: str
    columns: Mapping[At, tuple[str, ...]]
    """Which columns the texts at each place of the template need; a place without any is the same for all rows."""

    def place(self, mark: At) -> Place:
        """The place of a text of the template: the row, unless the text is the same for all of them."""
        return self.row_place(mark) if mark in self.columns else Place(self.file, *mark)

    def row_place(self, mark: At) -> Place:
        """The row, for what is written at a place of the template."""
        place = tuple.__new__(RowPlace, (self.row.table.file, self.row.line, 1))
        place.origin, place.mark = self, mark
        return place


class RowPlace(Place):
    """A row as a place, which knows where in the template it was used."""

    origin: Origin
    mark: At

    def __str__(self) -> str:
        return str(self.origin.row)

    @property
    def is_row(self) -> bool:
        """It is one."""
        return True

    @property
    def written(self) -> Place:
        """The place of the template."""
        return Place(self.origin.file, *self.mark)

    def told(self, message: str) -> tuple[Place, str]:
        """Where a problem is told, and its text: at the template, naming the row."""
        columns = self.origin.columns.get(self.mark)
        named = message if columns is None else f"{self.origin.row.named(columns)}: {message}"
        return self.written, named


def at(place: Place, mark: At) -> Place:
    """Another line and column of the text that a place is in."""
    return place.origin.place(mark) if isinstance(place, RowPlace) else Place(place.file, *mark)


def mark_of(place: Place) -> At:
    """The line and column of a place in the text that it is in."""
    return place.mark if isinstance(place, RowPlace) else (place.line, place.column)
