"""One live value as a manifest spells it, or why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Group, Unreadable, group_of, specs
from provisioner.kinds.values import plain, quote
from provisioner.kinds.zones import present_name


class Spelled(NamedTuple):
    """What stands in the manifest: text, a list, a mapping, true, a number, null."""

    value: Any


class Odd(NamedTuple):
    """A value that no manifest can say."""

    shown: str
    """The value; "" where the reason says it, or it is none."""
    why: str


def spelled(kind: str, name: str, value: Any) -> Spelled | Odd:
    """How a field's live value is written. It is read back by the field itself, and must mean the same then."""
    spec = specs(BY_NAME[kind])[name]
    if isinstance(value, Unreadable):
        return Odd(quote(str(value.raw), 60), "it cannot be read")
    try:
        written = present_name(value) if spec.form.name == "zone" and value else spec.dump(value)
    except (ValueError, TypeError, AttributeError, ArithmeticError, KeyError):
        return Odd(quote(str(value), 60), "it cannot be written")
    try:
        again = _adapter(kind, name).validate_python(_as_read(written))
    except ValidationError as error:
        return Odd("", _reason(error))
    if not spec.same(again, value) and not (again is None and value in (None, "", ())):
        return Odd(quote(str(written), 60), f"it would be read as {plain(str(again), 60)}")
    return Spelled(written)


def accepted(kind: str, name: str, written: Any) -> bool:
    """Whether a field takes a spelling."""
    try:
        _adapter(kind, name).validate_python(_as_read(written))
    except ValidationError:
        return False
    return True


def _as_read(written: Any) -> Any:
    """What the loader makes of a spelling: every scalar is text until its field decides."""
    match written:
        case bool():
            return "true" if written else "false"
        case int():
            return str(written)
        case list() | tuple():
            return [_as_read(each) for each in written]
        case Mapping():
            return {key: _as_read(each) for key, each in written.items()}
        case _:
            return written


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    said = str(first.get("ctx", {}).get("error") or first["msg"])
    return plain(said.removeprefix("Value error, "), 160)


@cache
def _adapter(kind: str, name: str) -> TypeAdapter[Any]:
    info = _infos(BY_NAME[kind], "")[name]
    form: Any = Annotated[info.annotation, *info.metadata]
    return TypeAdapter(form, config={"arbitrary_types_allowed": True})


@cache
def _infos(kind: type[Group], prefix: str) -> Mapping[str, FieldInfo]:
    found: dict[str, FieldInfo] = {}
    for name, info in kind.model_fields.items():
        group = group_of(info)
        found |= _infos(group, f"{prefix}{name}.") if group else {prefix + name: info}
    return found
