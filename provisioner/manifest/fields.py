"""Reading a mapping of known keys, one key at a time, with every problem at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from provisioner.kinds.desired import Place
from provisioner.kinds.values import plain, said
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.rows.row import at
from provisioner.manifest.yaml import EMPTY, Map, Value

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_TAKEN_AS_WRITTEN = "references are not looked up here: write the value itself"


class Fields:
    """A mapping being read: `take` each key that may be there, then `close`, which refuses the others."""

    def __init__(self, node: Value, place: Place, what: str, problems: Problems) -> None:
        self.place, self.what, self.problems = place, what, problems
        self._node = node if isinstance(node, Map) else Map()
        self._known: list[str] = []
        self._readable = isinstance(node, Map)
        if not self._readable and node is not EMPTY:
            problems.add(place, f"{what} is {said(node)}: write a mapping of keys to values")

    def take(self, name: str, parse: Callable[[Any], T], default: T) -> T:
        """The parsed value of a key, or the default when it is absent or wrong."""
        self._known.append(name)
        value = self._node.get(name, EMPTY)
        if value is EMPTY:
            return default
        try:
            return parse(value)
        except ValueError as error:
            why = _TAKEN_AS_WRITTEN if isinstance(value, str) and "${" in value else error
            self.problems.add(self.value_place(name), f"{name}: {why}")
            return default

    def need(self, name: str, parse: Callable[[Any], T], default: T, example: str) -> T:
        """The same for a key that must be there; the default stands in until the problems are raised."""
        if name not in self._node and self._readable:
            self.problems.add(self.place, f"{self.what} lacks {name}: add `{name}: {example}`")
        return self.take(name, parse, default)

    def sub(self, name: str) -> Fields:
        """The mapping under a key, or an empty one."""
        self._known.append(name)
        if name not in self._node:
            return Fields(Map(), self.place, name, self.problems)
        return Fields(self._node[name], self.value_place(name), name, self.problems)

    def key_place(self, name: str) -> Place:
        """Where a key stands."""
        return at(self.place, self._node.marks[name][:2])

    def value_place(self, name: str) -> Place:
        """Where a key's value begins."""
        return at(self.place, self._node.marks[name][2:])

    def close(self) -> None:
        """Refuse every key that was not asked for."""
        for name in self._node:
            if name not in self._known:
                remedy = meant(name, self._known, f"there are {', '.join(self._known)}")
                self.problems.add(self.key_place(name), f"unknown key '{plain(name, 60)}' in {self.what}: {remedy}")
