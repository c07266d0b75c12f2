"""How many of something: a whole number that is never negative."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from provisioner.kinds import patterns
from provisioner.kinds.fields import Form
from provisioner.kinds.values import parse_int, refused


def parse_count(raw: Any) -> int:
    """A whole number from 0."""
    if raw is None:
        raise ValueError("null is not allowed here: it cannot be cleared")
    count = parse_int(raw)
    if count < 0:
        raise refused(str(raw), "is below 0", "0 or more")
    return count


COUNT = Form("count", lambda v: v, grammar="a whole number from 0", schema={**patterns.WHOLE, "minimum": 0})
Count = Annotated[int | None, BeforeValidator(parse_count), COUNT]
