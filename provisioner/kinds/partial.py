"""A resource with only some of its fields, from the manifest's own spelling of their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError

from provisioner.kinds.base import Group, Resource, group_of


class Partial(NamedTuple):
    """A resource, whatever it needs besides, and why some of the spellings are no values of their fields."""

    resource: Resource
    faults: Mapping[str, str]


def partial(kind: type[Resource], spelled: Mapping[str, Any]) -> Partial:
    """What `specs(kind)[name].dump` gave, read back; names are flattened (`options.currency`)."""
    values, faults = dict[str, Any](), dict[str, str]()
    for name, spelling in spelled.items():
        try:
            values[name] = _reader(kind, name)(spelling)
        except ValidationError as error:
            faults[name] = error.errors()[0]["msg"].removeprefix("Value error, ")
        except (KeyError, TypeError) as error:
            faults[name] = f"this version has no such field ({error})"
    resource = _built(kind, values)
    assert isinstance(resource, Resource)
    return Partial(resource, faults)


def _built(kind: type[Group], values: Mapping[str, Any]) -> Group:
    """Past the model's own check, which would miss the fields that are not named."""
    own, inner = dict[str, Any](), dict[str, dict[str, Any]]()
    for name, value in values.items():
        head, dot, rest = name.partition(".")
        if dot:
            inner.setdefault(head, {})[rest] = value
        else:
            own[name] = value
    for head, rest_values in inner.items():
        group = group_of(kind.model_fields[head])
        own[head] = _built(group, rest_values) if group else None
    return _blank(kind).model_copy(update=own)


@cache
def _blank(kind: type[Group]) -> Group:
    return kind.model_construct(_fields_set=set())


@cache
def _reader(kind: type[Group], name: str) -> Callable[[Any], Any]:
    """Raises KeyError for what is no field."""
    head, dot, rest = name.partition(".")
    info = kind.model_fields[head]
    if dot:
        group = group_of(info)
        if group is None:
            raise KeyError(name)
        return _reader(group, rest)
    annotated: Any = Annotated[(info.annotation, *info.metadata)]
    return TypeAdapter(annotated, config=ConfigDict(arbitrary_types_allowed=True)).validate_python
