"""One manifest document: its scope, and what it says section by section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME, BY_SECTION
from provisioner.kinds.account import Account
from provisioner.kinds.base import specs
from provisioner.kinds.values import parse_key, plain, said
from provisioner.manifest.flatten import flatten
from provisioner.manifest.fragment import Fragment
from provisioner.manifest.problems import meant
from provisioner.manifest.products import Product, read_products
from provisioner.manifest.public_holidays import SECTION as PUBLIC_HOLIDAYS
from provisioner.manifest.public_holidays import read_public_holidays
from provisioner.manifest.removals import Removed, read_removals
from provisioner.manifest.renames import Rename, read_renames
from provisioner.manifest.scope import PARENT, Scope, Width, read_scope
from provisioner.manifest.yaml import EMPTY, Map, Seq, Value

if TYPE_CHECKING:
    from provisioner.kinds.base import Resource
    from provisioner.kinds.desired import Place
    from provisioner.manifest.source import Source

SCOPE, REMOVED, RENAMES, GENERATE = "account", "removed", "renames", "generate"
KNOWN = (SCOPE, *BY_SECTION, PUBLIC_HOLIDAYS, REMOVED, RENAMES, GENERATE)


@dataclass(slots=True)
class Manifest:
    """A document that was read; `scope` is None when it cannot be known."""

    scope: Scope | None
    fragments: list[Fragment] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    renames: list[Rename] = field(default_factory=list)


def read_manifest(root: Map, source: Source, scope: Scope | None = PARENT) -> Manifest:
    """What a document says; every mistake in it is a problem at its place. `scope` is what it has if it names none."""
    manifest = Manifest(_scope(root, source) if SCOPE in root else scope)
    for name, node in root.items():
        key_place, place = source.place(root.marks[name][:2]), source.place(root.marks[name][2:])
        kind = BY_SECTION.get(name)
        if kind and kind.key_kinds:
            manifest.products += read_products(kind, source.settle(node, place, name), place, source)
        elif kind:
            _check_unscoped(kind, scope if SCOPE not in root else None, key_place, source)
            manifest.fragments += _section(kind, node, place, manifest.scope, source)
        elif name == PUBLIC_HOLIDAYS:
            found = read_public_holidays(source.settle(node, place, name), key_place, _width(manifest.scope), source)
            manifest.fragments += found
        elif name == REMOVED:
            manifest.removed += read_removals(source.settle(node, place, name), place, source)
        elif name == GENERATE and source.origin:
            source.problems.add(key_place, f"a template cannot hold another {GENERATE}: give it an entry of its own")
        elif name == RENAMES and source.origin:
            source.problems.add(key_place, f"a template cannot hold {RENAMES}: one table names them, beside {GENERATE}")
        elif name == RENAMES:
            manifest.renames += read_renames(source.settle(node, place, name), place, source)
        elif name not in (SCOPE, GENERATE) and source.check_key(name, key_place):
            remedy = meant(name, KNOWN, f"there are {', '.join(KNOWN)}")
            source.problems.add(key_place, f"unknown key '{plain(name, 60)}' at the top of a manifest: {remedy}")
    return manifest


def _scope(root: Map, source: Source) -> Scope | None:
    place = source.place(root.marks[SCOPE][2:])
    return read_scope(source.settle(root[SCOPE], place, SCOPE), place, source.problems)


def _check_unscoped(kind: type[Resource], scope: Scope | None, place: Place, source: Source) -> None:
    if kind is Account and scope is not PARENT:
        message = "accounts are declared in a document without `account:`: move them to one, or begin one with ---"
        source.problems.add(place, message)


def _section(kind: type[Resource], node: Value, place: Place, scope: Scope | None, source: Source) -> list[Fragment]:
    if not isinstance(node, Map):
        if node is not EMPTY:
            remedy = "write keys, each with its fields"
            source.problems.add(place, f"{kind.section} is {said(node)}: {remedy}")
        return []
    width = _width(scope)
    return [
        _resource(kind, key, value, source.resource_place(node.marks[key][:2]), width, source)
        for key, value in node.items()
    ]


def _width(scope: Scope | None) -> Width:
    return scope.width if scope else Width.NAME


def _inline(name: str, value: Seq) -> Map:
    """A mapping with the one field that stands in its place."""
    whole = Map(value.line, value.column)
    whole[name], whole.marks = value, {name: (value.line, value.column) * 2}
    return whole


def _resource(kind: type[Resource], key: str, value: Value, place: Place, width: Width, source: Source) -> Fragment:
    """A resource's fragment, even if all in it is wrong: what refers to it must not be reported too."""
    if source.check_key(key, place) and not kind.lists:
        try:
            parse_key(key, BY_NAME)
        except ValueError as error:
            source.problems.add(place, f"in {kind.section}, {error}")
    if kind.inline and isinstance(value, Seq):
        value = _inline(kind.inline, value)
    if isinstance(value, Map):
        return flatten(kind, key, value, place, width, source)
    if value is not EMPTY:
        form = "a list" if kind.inline else "a mapping of fields"
        message = f"{kind.kind}/{plain(key, 60)} is {said(value)}: write {form}, or remove the line"
        source.problems.add(place, message)
    return Fragment(kind, key, place, width, {}, {}, broken=frozenset(specs(kind)))
