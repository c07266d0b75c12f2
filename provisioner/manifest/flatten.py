"""From a mapping of YAML to a fragment: fields by dotted name, references looked up, secrets wrapped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from provisioner.kinds.values import plain, said
from provisioner.manifest.fragment import Fragment, Mark, called
from provisioner.manifest.shape import ANY, Shape, files, secrets, shape, special
from provisioner.manifest.source import Source, is_broken
from provisioner.manifest.yaml import EMPTY, Map, Value

if TYPE_CHECKING:
    from provisioner.kinds.base import Resource
    from provisioner.kinds.desired import Place
    from provisioner.manifest.scope import Width


def flatten(kind: type[Resource], key: str, node: Map, place: Place, width: Width, source: Source) -> Fragment:
    """What a mapping says about the resource `key` of a kind."""
    if not source.scan and special(kind).isdisjoint(node) and not is_broken(node):
        return Fragment(kind, key, place, width, node, node.marks)
    walk = _Walk(called(kind, key, width), secrets(kind), files(kind), source)
    walk.mapping(node, shape(kind), "")
    return Fragment(kind, key, place, width, walk.values, walk.marks, frozenset(walk.broken))


@dataclass(slots=True)
class _Walk:
    """The fields found so far."""

    name: str
    secrets: frozenset[str]
    files: frozenset[str]
    source: Source
    values: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def mapping(self, node: Map, tree: Shape, prefix: str) -> None:
        """Take over a mapping's fields, and those of the groups in it."""
        for key in node.marks.keys() - node.keys() if len(node.marks) > len(node) else ():
            self.marks[prefix + key] = node.marks[key]  # a blank cell left it out
        for key, value in node.items():
            path = prefix + key
            self.marks[path] = node.marks[key]
            branch = tree.get(key, tree.get(ANY))
            if "${" in key:
                self.source.check_key(key, self._key_place(path))
                self.broken.add(path)
            elif "." in key:
                message = f"unknown key '{plain(key, 60)}' in {self.name}: keys have no dot"
                self._refuse(self._key_place(path), path, message)
            elif branch is None:
                self._leaf(path, value)
            elif isinstance(value, Map) and (value or ANY not in tree):
                self.mapping(value, branch, f"{path}.")
            elif value is EMPTY:
                self.broken.add(path)
            else:
                self._refuse(self._value_place(path), path, f"{plain(path)}: {_group_fault(value)}")

    def _leaf(self, path: str, value: Value) -> None:
        if path in self.secrets:
            self._secret(path, value)
            return
        if self.source.scan:
            value = self.source.settle(value, self._value_place(path), plain(path, 60))
        if is_broken(value):
            self.broken.add(path)
        elif path in self.files and isinstance(value, str):
            self._picture(path, value)
        else:
            self.values[path] = value

    def _picture(self, path: str, name: str) -> None:
        try:
            self.values[path] = self.source.references.picture(name)
        except ValueError as error:
            self._refuse(self._value_place(path), path, f"{plain(path)}: {error}")

    def _secret(self, path: str, value: Value) -> None:
        if value is None:
            self.values[path] = None
        elif isinstance(value, str):
            try:
                self.values[path] = self.source.references.secret(value, path)
            except ValueError as error:
                self._refuse(self._value_place(path), path, str(error))
        elif value is EMPTY:
            self.broken.add(path)
        else:
            self._refuse(self._value_place(path), path, f"{path} is {said(value)}: write ${{env:NAME}}")

    def _refuse(self, place: Place, path: str, message: str) -> None:
        self.broken.add(path)
        self.source.problems.add(place, message)

    def _key_place(self, path: str) -> Place:
        return self.source.place(self.marks[path][:2])

    def _value_place(self, path: str) -> Place:
        return self.source.place(self.marks[path][2:])


def _group_fault(value: Value) -> str:
    if value is None:
        return "null is not allowed here: remove the line, or set its keys to null one by one"
    if isinstance(value, Map):
        return "it is empty: add services or hours, or remove the line"
    return f"{said(value)} is no mapping: write keys and values below it"
