"""The shapes of the vendor's answers, from its own samples, and where an answer differs from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FACTS: dict[str, Any] = json.loads(Path(__file__).with_name("vendor_samples.json").read_text("utf-8"))
OPERATIONS: dict[str, Any] = FACTS["operations"]
"""What each operation answers, by its method and path."""
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def problems(wanted: Any, found: Any, place: str = "data") -> list[str]:
    """Say where an answer lacks a field of the sample, or has it with another type."""
    if isinstance(wanted, str):
        return _of_type(wanted, found, place)
    if not isinstance(found, type(wanted)):
        return [f"{place} is {found!r}, not like {wanted}"]
    if isinstance(wanted, list):
        return [each for index, item in enumerate(found) for each in problems(wanted[0], item, f"{place}[{index}]")]
    extended = problems("$" + wanted["$"], found, place) if "$" in wanted else []
    named = {name: kind for name, kind in wanted.items() if name != "$"}
    missing = [f"{place}.{name} is missing" for name in named if name not in found]
    return [
        *extended,
        *missing,
        *(each for name in named if name in found for each in problems(named[name], found[name], f"{place}.{name}")),
    ]


def _of_type(wanted: str, found: Any, place: str) -> list[str]:
    if wanted.startswith("$"):
        return problems(FACTS["shapes"][wanted[1:]], found, place)
    types = tuple(kind for name in wanted.split("|") for kind in TYPES[name])
    wrong = not isinstance(found, types) or (isinstance(found, bool) and bool not in types)
    return [f"{place} is {found!r}, not {wanted}"] if wrong else []
