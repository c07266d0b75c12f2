"""What a plan decided on, held against what is live right before it is written over.

A person may take minutes to say yes to a plan, and an apply may take an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioner.errors import VendorError
from provisioner.kinds import BY_NAME
from provisioner.kinds.base import Spec, specs

MAX_AGE = 30.0
"""Seconds; what was read longer ago is read again before it is written over."""
LONGEST = 80
"""Characters of a value that people are shown."""
Decided = Mapping[str, tuple[Any, Any]]
"""What a plan decided on: field -> the live value that it saw, and the one to be written. Typed, by our names."""


class ChangedError(VendorError):
    """Someone else changed it since the plan was made."""


def check(kind: str, decided: Decided, now: Mapping[str, Any]) -> None:
    """Raises ChangedError for values that are neither what the plan saw nor what it is about to write.

    The second is no harm, and is what an account's other calls may have done already.
    """
    known = specs(BY_NAME[kind])
    moved = [
        f"{name}: seen {_shown(known[name], seen)}, now {_shown(known[name], now[name])}"
        for name, (seen, wanted) in decided.items()
        if name in now and not any(_same(known[name], now[name], value) for value in (seen, wanted))
    ]
    if moved:
        raise ChangedError(f"it changed since the plan was made ({'; '.join(moved)}): plan again")


def _same(spec: Spec, one: Any, other: Any) -> bool:
    """Some values are not even equal to themselves (a price that is NaN): then it is how they read that counts."""
    return spec.same(one, other) or spec.text(one) == spec.text(other)


def _shown(spec: Spec, value: Any) -> str:
    if spec.personal:
        return "(not shown)"
    text = spec.text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
