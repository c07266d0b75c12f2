"""Relations without fields, written as choices of keys: `{employees: [ana], locations: all, services: [haircut]}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME
from provisioner.kinds.desired import Place
from provisioner.kinds.values import plain, said
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.rows.row import at
from provisioner.manifest.scope import ALL
from provisioner.manifest.source import Source, is_broken
from provisioner.manifest.yaml import EMPTY, Map, Seq, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.kinds.base import Resource

Choice = tuple[tuple[str, Place], ...] | None
"""Keys with their places; None is every one that is declared in the account."""


@dataclass(frozen=True, slots=True)
class Product:
    """Every combination of the chosen keys, one choice for each of the kind's `key_kinds`."""

    kind: type[Resource]
    choices: tuple[Choice, ...]
    place: Place


def read_choice(value: Value, place: Place, name: str, problems: Problems) -> Choice:
    """The keys that are named; what is no key is a problem, and left out."""
    if value == ALL:
        return None
    if isinstance(value, str):
        return ((value, place),)
    if isinstance(value, Seq):
        return tuple(_keys(value, place, name, problems))
    if value is not EMPTY:
        problems.add(place, f"{name}: {said(value)} is no list of keys: write [KEY, KEY] or all")
    return ()


def _keys(items: Seq, place: Place, name: str, problems: Problems) -> Iterable[tuple[str, Place]]:
    for item, mark in zip(items, items.marks, strict=True):
        where = at(place, mark)
        if item == ALL:
            problems.add(where, f"{name}: all stands alone, not in a list: write {name}: all")
        elif isinstance(item, str):
            yield item, where
        elif item is not EMPTY:
            problems.add(where, f"{name}: {said(item)} is no key: write one such as haircut")


def read_products(kind: type[Resource], node: Value, place: Place, source: Source) -> list[Product]:
    """The entries of a section such as `links:`."""
    if not isinstance(node, Seq):
        if node is not EMPTY:
            source.problems.add(place, f"{kind.section} is {said(node)}: write a list of {{{_example(kind)}}}")
        return []
    entries = zip(node, node.marks, strict=True)
    return [product for entry, mark in entries for product in _entry(kind, entry, source.resource_place(mark), source)]


def _entry(kind: type[Resource], node: Value, place: Place, source: Source) -> list[Product]:
    if not isinstance(node, Map):
        if node is not EMPTY:
            source.problems.add(place, f"{said(node)} is no entry of {kind.section}: write {{{_example(kind)}}}")
        return []
    sections = [BY_NAME[part].section for part in kind.key_kinds]
    for key in node:
        mark = source.place(node.marks[key][:2])
        if key not in sections and source.check_key(key, mark):
            remedy = meant(key, sections, f"there are {', '.join(sections)}")
            source.problems.add(mark, f"unknown key '{plain(key, 60)}' in {kind.section}: {remedy}")
    missing = [name for name in sections if name not in node]
    if missing and len(node) < len(sections):
        added = " and ".join(f"`{name}: [...]` or `{name}: all`" for name in missing)
        source.problems.add(place, f"this entry of {kind.section} lacks {' and '.join(missing)}: add {added}")
    if missing or is_broken(node):
        return []
    places = {name: source.place(node.marks[name][2:]) for name in sections}
    return [Product(kind, tuple(read_choice(node[s], places[s], s, source.problems) for s in sections), place)]


def _example(kind: type[Resource]) -> str:
    return ", ".join(f"{BY_NAME[part].section}: all" for part in kind.key_kinds)
