"""Fragments of one resource made one: the narrower scope wins, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from provisioner.kinds.base import needed, specs
from provisioner.kinds.values import plain
from provisioner.manifest.rows.row import RowPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from provisioner.kinds.base import Resource
    from provisioner.kinds.desired import Place
    from provisioner.manifest.fragment import Fragment
    from provisioner.manifest.problems import Problems

_width = attrgetter("width")


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields of a resource and the fragments they come from, the narrowest first."""

    fragments: tuple[Fragment, ...]
    values: Mapping[str, Any]
    overridden: tuple[Fragment, ...] = ()
    """Fragments with a field that a narrower one gives too."""

    @property
    def kind(self) -> type[Resource]:
        """The kind of all the fragments."""
        return self.fragments[0].kind

    @property
    def key(self) -> str:
        """The resource's key."""
        return self.fragments[0].key

    @property
    def place(self) -> Place:
        """Where the narrowest document declares it."""
        return self.fragments[0].place

    def owner(self, field: str) -> Fragment:
        """The fragment whose field it is."""
        return next(fragment for fragment in self.fragments if field in fragment.values)

    def lacking(self) -> list[str]:
        """The fields that are not given, of those that only the holder of a role may do without."""
        names = [name for name in needed(self.kind) if name not in self.values]
        known = specs(self.kind)
        claimed = {known[name].role for name in self.values if name in known} if names else set()
        return [name for name in names if known[name].but_for not in claimed]

    def broken(self, field: str) -> bool:
        """Whether a field was given somewhere, and refused."""
        return any(field in fragment.broken for fragment in self.fragments)


def merge(fragments: Iterable[Fragment], problems: Problems) -> Merged:
    """All that is said of one resource; a field given twice in one width is a problem that names both places."""
    ordered = tuple(sorted(fragments, key=_width))
    if len(ordered) == 1:
        return Merged(ordered, ordered[0].values)
    values: dict[str, Any] = {}
    last: dict[str, Fragment] = {}
    overridden = []
    for fragment in ordered:
        if not last.keys().isdisjoint(fragment.values):
            overridden.append(fragment)
        for name, value in fragment.values.items():
            other = last.get(name)
            if other is None:
                values[name] = value
            elif other.width == fragment.width:
                _twice(name, other, fragment, problems)
            last[name] = fragment
    return Merged(ordered, values, tuple(overridden))


def _twice(name: str, one: Fragment, other: Fragment, problems: Problems) -> None:
    if isinstance(one.place, RowPlace) and isinstance(other.place, RowPlace):
        _made_twice(one.place, other, other.place, problems)
        return
    message = f"{plain(name, 60)} of {other.name} is given at {one.key_place(name)} too: keep one of them"
    problems.add(other.key_place(name), message)


def _made_twice(first: RowPlace, other: Fragment, second: RowPlace, problems: Problems) -> None:
    """Two rows make one resource: told once for them, and once for a key that no row changes."""
    if second.mark in second.origin.columns:
        message = f"{other.name} is made by {first} too: give each row a key of its own"
        problems.add_once((str(first), str(second)), second, message)
    else:
        message = f"{other.name} is made by {first} and by {second}: put a column into its key, or into `account:`"
        problems.add_once((str(first), str(second)), second, message, second.mark)
