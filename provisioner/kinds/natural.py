"""Natural keys: the values by which a person knows a thing, and by which it is found when no id is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.kinds.base import Resource, specs

NaturalKey = tuple[Any, ...]


def natural_key(kind: type[Resource], names: tuple[str, ...], fields: Mapping[str, Any]) -> NaturalKey | None:
    """The comparable key in some fields, or None where one of them is not known."""
    key = []
    for name in names:
        value = fields.get(name)
        if value is None:
            return None
        spec = specs(kind)[name]
        text = spec.dump(value)
        key.append(spec.form.key(text) if isinstance(text, str) else text)
    return tuple(key)


def natural_keys(resource: Resource) -> Iterator[tuple[tuple[str, ...], NaturalKey]]:
    """A resource's natural keys with the fields they are made of, in the order in which they are tried."""
    wanted = resource.wanted()
    for names in resource.natural:
        key = natural_key(type(resource), names, wanted)
        if key is not None:
            yield names, key
