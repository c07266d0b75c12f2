"""Whether a document that we read back fits a schema of ours; of JSON Schema, the words that these are written in."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]
_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
}


def misfit(value: Any, schema: Schema, path: str = "") -> str | None:
    """Where a value does not fit, as `changes.0.kind`; None where all of it does. The whole is called `it`."""
    if "anyOf" in schema:
        places = [misfit(value, each, path) for each in schema["anyOf"]]
        return None if None in places else max(filter(None, places), key=len)
    if not _plain_fit(value, schema):
        return path or "it"
    if isinstance(value, list) and "items" in schema:
        parts = ((str(number), each, schema["items"]) for number, each in enumerate(value))
    elif isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties") or {}
        parts = ((name, each, known.get(name, others)) for name, each in value.items())
    else:
        return None
    found = (misfit(each, inner, f"{path}.{name}" if path else name) for name, each, inner in parts)
    return next(filter(None, found), None)


def _plain_fit(value: Any, schema: Schema) -> bool:
    """What can be said of a value without looking into it."""
    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else types
    return (
        (not types or any(_TYPES[each](value) for each in types))
        and ("enum" not in schema or value in schema["enum"])
        and ("pattern" not in schema or re.search(schema["pattern"], value) is not None)
        and ("minimum" not in schema or value >= schema["minimum"])
        and all(name in value for name in schema.get("required", ()))
    )
