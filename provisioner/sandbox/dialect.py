"""The open questions about the vendor, answered one way or the other.

Assumption: nothing documents whether a PUT is full or partial, whether written links and hours replace or merge, or
whether something that is booked can be deleted. A client has to be right under each answer, so the sandbox can give any
of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.sandbox.store import Store

CHOICES: dict[str, tuple[str, str]] = {
    "put": ("partial", "full"),
    "links": ("replace", "merge"),
    "hours": ("replace", "merge"),
    "booked": ("keep", "refuse"),
}


class Dialect(NamedTuple):
    """One answer to each question; the defaults are what most vendors do."""

    put: str = "partial"
    links: str = "replace"
    hours: str = "replace"
    booked: str = "keep"


def read(store: Store) -> Dialect:
    """Return the dialect this sandbox speaks now."""
    return Dialect(**store.setting("dialect", {}))


def write(store: Store, changes: Mapping[str, str]) -> Dialect:
    """Change some answers and persist them; an unknown question or answer is a ValueError."""
    for name, value in changes.items():
        if value not in CHOICES.get(name, ()):
            known = ", ".join(f"{key}: {'|'.join(values)}" for key, values in CHOICES.items())
            raise ValueError(f"dialect {name}: {value!r} is unknown; there are {known}")
    dialect = read(store)._replace(**changes)
    store.set_setting("dialect", dialect._asdict())
    return dialect
