"""The `lifecycle:` of a resource: how it may be treated, whatever its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Resource, specs
from provisioner.kinds.desired import PLAIN, Lifecycle
from provisioner.kinds.values import parse_bool, parse_key, plain, refused, said
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.shape import LIFECYCLE, groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.manifest.merge import Merged

_KNOWN = ("protect", "ignore", "was", "id")
_PREFIX = f"{LIFECYCLE}."


def read_lifecycle(merged: Merged, problems: Problems) -> Lifecycle:
    """How a resource may be treated; wrong values are problems at their places."""
    found: dict[str, Any] = {}
    for path, value in merged.values.items():
        if not path.startswith(_PREFIX):
            continue
        name = path.removeprefix(_PREFIX)
        owner = merged.owner(path)
        if name not in _KNOWN:
            message = (
                f"unknown key '{plain(name, 60)}' in lifecycle: {meant(name, _KNOWN, f'there are {_listed(_KNOWN)}')}"
            )
            problems.add(owner.key_place(path), message)
            continue
        try:
            found[name] = _parsed(name, value, merged.kind)
        except ValueError as error:
            problems.add(owner.value_place(path), f"{path}: {error}")
    return Lifecycle(**found) if found else PLAIN


def _parsed(name: str, value: Any, kind: type[Resource]) -> Any:
    match name:
        case "protect":
            return parse_bool(value)
        case "ignore":
            return frozenset(field for item in _items(value) for field in _ignored(item, kind))
        case "was":
            return tuple(parse_key(item, BY_NAME) for item in _items(value))
        case _:
            return _id(value, kind)


def _items(value: Any) -> Iterable[Any]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise refused(value, "is no list", "one such as [name]")
    return value


def _ignored(item: Any, kind: type[Resource]) -> Iterable[str]:
    """A field by its dotted name, or all the fields of a group."""
    known = specs(kind)
    if item in known:
        return [item]
    if item in groups(kind):
        return [name for name in known if name.startswith(f"{item}.")]
    raise ValueError(
        f"{kind.with_article()} has no field {said(item)}: {meant(str(item), known, 'correct or remove it')}"
    )


def _id(value: Any, kind: type[Resource]) -> str:
    if not isinstance(value, str) or not kind.ids.fits(value):
        raise refused(value, "is no id", f"the vendor's id, {kind.ids.example}")
    return value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
