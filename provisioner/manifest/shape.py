"""The shape of a kind in YAML: which of its keys hold further keys, and which fields are secrets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Resource, group_of, specs

Shape = Mapping[str, Any]
LIFECYCLE = "lifecycle"
ANY = "*"
"""Stands in a shape for every key."""


@cache
def shape(kind: type[Resource]) -> Shape:
    """The keys that hold further keys, as a tree: `{lifecycle: {}, options: {}}`, `{lifecycle: {}, at: {*: {}}}`."""
    tree: dict[str, Any] = {LIFECYCLE: {}}
    tree |= {name: {} for name in groups(kind)}
    for name, path in kind.nested.items():
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(ANY if step in BY_NAME[name].key_kinds else step, {})
    return tree


@cache
def groups(kind: type[Resource]) -> frozenset[str]:
    """The fields that are groups of fields, such as an account's `options`."""
    return frozenset(name for name, info in kind.model_fields.items() if group_of(info))


@cache
def secrets(kind: type[Resource]) -> frozenset[str]:
    """The sensitive fields."""
    return frozenset(name for name, spec in specs(kind).items() if spec.sensitive)


@cache
def files(kind: type[Resource]) -> frozenset[str]:
    """The fields that are the content of a file."""
    return frozenset(name for name, spec in specs(kind).items() if spec.from_file)


@cache
def special(kind: type[Resource]) -> frozenset[str]:
    """The keys under a resource that are more than a field with a value; a mapping without them is taken as it is."""
    return secrets(kind) | files(kind) | outside(kind) | shape(kind).keys()


@cache
def outside(kind: type[Resource]) -> frozenset[str]:
    """The keys under a resource that are no fields of its own: its lifecycle, and relations written inside it."""
    return frozenset({LIFECYCLE, *(path[0] for path in kind.nested.values())})
