"""The order in which clients see an account's locations, services or employees (seed: Update Location's Sort Order)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from provisioner.kinds import patterns
from provisioner.kinds.base import Resource
from provisioner.kinds.fields import Form
from provisioner.kinds.values import parse_key, refused, said

_EXAMPLE = "[haircut, color]"


def parse_keys(raw: Any) -> tuple[str, ...]:
    """Keys in their order, none of them twice."""
    if not isinstance(raw, (list, tuple)):
        raise refused(raw, "is no list of keys", _EXAMPLE)
    if not raw:
        raise ValueError("it is empty: name the keys in their order, or remove the line")
    for number, key in enumerate(raw):
        if not isinstance(key, str):
            raise refused(key, "is no key", _EXAMPLE)
        if key in raw[:number]:
            raise ValueError(f"{said(key)} stands there twice: remove one")
        parse_key(key, ())
    return tuple(raw)


def same_order(wanted: Sequence[str], live: Sequence[str]) -> bool:
    """Whether all that is wanted is live in this order, whatever stands before, between and behind."""
    named = set(wanted)
    return list(wanted) == [key for key in live if key in named]


KEYS = Form(
    "order",
    list,
    same_order,
    grammar=f"keys in their order, such as `{_EXAMPLE}`",
    schema={
        "type": "array",
        "minItems": 1,
        "items": {"type": "string", "pattern": f"^{patterns.KEY}$"},
        "examples": [["haircut", "color"]],
    },
)


class Order(Resource):
    """The order of one list of an account: its `locations`, `services` or `employees`."""

    kind: ClassVar[str] = "order"
    section: ClassVar[str] = "order"
    title: ClassVar[str] = "order of a list"
    removable: ClassVar[bool] = False
    inline: ClassVar[str] = "keys"
    lists: ClassVar[Mapping[str, str]] = {"locations": "location", "services": "service", "employees": "employee"}

    keys: Annotated[tuple[str, ...], BeforeValidator(parse_keys), KEYS] = Field(
        description="what comes in which order; what it does not name stays behind, as it is"
    )
