"""Ids of things that a vendor has and gives no way to look up: they are written as its own pages show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator

from provisioner.kinds import patterns
from provisioner.kinds.fields import Form
from provisioner.kinds.values import parse_int, refused

_EXAMPLE = "its id, a number such as 4711"


class Shape(NamedTuple):
    """What the ids of a kind's live objects look like, and how a person is told."""

    pattern: re.Pattern[str]
    example: str

    def fits(self, text: str) -> bool:
        """Whether an object may have this id."""
        return self.pattern.fullmatch(text) is not None


ANY_ID = Shape(re.compile(r"[0-9A-Za-z_-]{1,64}"), "such as 4711")
NUMBER = Shape(re.compile(r"[1-9][0-9]{0,18}"), "a number such as 4711")


def parse_id(raw: Any) -> int:
    """A whole number from 1."""
    if raw is None:
        raise ValueError(f"null is not allowed here, it cannot be cleared: write {_EXAMPLE}")
    number = parse_int(raw)
    if number < 1:
        raise refused(raw, "is no id", _EXAMPLE)
    return number


def parse_ids(raw: Any) -> tuple[int, ...]:
    """A list of ids, each once, in the order of their numbers: the vendor keeps none."""
    if isinstance(raw, tuple):
        return raw
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise refused(raw, "is no list of ids", "[4711, 4712], for example, or [] for none")
    ids = [parse_id(each) for each in raw]
    for number, each in enumerate(ids):
        if each in ids[:number]:
            raise ValueError(f"{each} stands there twice: remove one")
    return tuple(sorted(ids))


def _id_or_nothing(raw: Any) -> int | None:
    return None if raw is None else parse_id(raw)


_ONE = {**patterns.WHOLE, "minimum": 1}
ID = Form("id", lambda v: v, grammar="its id at the vendor, a number", schema={**_ONE, "examples": [4711]})
IDS = Form(
    "ids",
    list,
    lambda a, b: set(a) == set(b),
    grammar="a list of ids at the vendor",
    schema={"type": "array", "items": _ONE, "uniqueItems": True, "examples": [[4711, 4712]]},
)
RequiredId = Annotated[int, BeforeValidator(parse_id), ID]
OptionalId = Annotated[int | None, BeforeValidator(_id_or_nothing), ID]
Ids = Annotated[tuple[int, ...] | None, BeforeValidator(parse_ids), IDS]
