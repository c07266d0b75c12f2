"""One file that is being read, with what its texts may refer to and where its problems go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provisioner.kinds.desired import Place
from provisioner.kinds.values import plain
from provisioner.manifest.yaml import EMPTY, Map, Seq, Value

if TYPE_CHECKING:
    from provisioner.manifest.problems import Problems
    from provisioner.manifest.references import References
    from provisioner.manifest.rows.row import Origin

_KEY = "a reference is not allowed in a key, which must stay the same from run to run: write it out"


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the workspace."""

    file: str
    problems: Problems
    references: References
    scan: bool = True
    """False when its text cannot hold a reference, so that most files are not searched."""
    origin: Origin | None = None
    """The row that it was generated from."""

    def place(self, mark: Any) -> Place:
        """A place in this file from a line and a column."""
        line, column = mark
        return self.origin.place((line, column)) if self.origin else Place(self.file, line, column)

    def resource_place(self, mark: Any) -> Place:
        """The same for a resource, which comes from its row even if all in it is the same for every row."""
        return self.origin.row_place(tuple(mark)) if self.origin else self.place(mark)

    def settle(self, value: Value, place: Place, name: str) -> Value:
        """A value with its references looked up; `EMPTY`, once reported, where one cannot be."""
        if not self.scan:
            return value
        if isinstance(value, str):
            return self._text(value, place, name)
        if isinstance(value, Map):
            return self._mapping(value)
        if isinstance(value, Seq):
            return self._list(value, name)
        return value

    def _text(self, text: str, place: Place, name: str) -> Value:
        if "${" not in text:
            return text
        try:
            return self.references.text(text)
        except ValueError as error:
            self.problems.add(place, f"{name}: {error}")
            return EMPTY

    def _mapping(self, node: Map) -> Map:
        settled = Map(node.line, node.column)
        settled.marks = node.marks
        for key, value in node.items():
            self.check_key(key, self.place(node.marks[key][:2]))
            settled[key] = self.settle(value, self.place(node.marks[key][2:]), plain(key, 60))
        return settled

    def _list(self, node: Seq, name: str) -> Seq:
        settled = Seq(node.line, node.column)
        settled.marks = node.marks
        settled.extend(self.settle(item, self.place(mark), name) for item, mark in zip(node, node.marks, strict=True))
        return settled

    def check_key(self, key: str, place: Place) -> bool:
        """Whether a key is free of references; one that is not is reported."""
        if "${" not in key:
            return True
        self.problems.add(place, _KEY)
        return False


def is_broken(value: Value) -> bool:
    """Whether a value is, or holds, something that was reported already."""
    if type(value) is str:
        return False
    if isinstance(value, Map):
        return any(map(is_broken, value.values())) or any("${" in key for key in value)
    return any(map(is_broken, value)) if isinstance(value, Seq) else value is EMPTY
