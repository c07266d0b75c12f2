"""What is live, as values: decoded leniently, so that a messy tenant is shown and never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Live:
    """One live object or relation."""

    kind: str
    id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Typed values by flattened name; what a type cannot hold is `Unreadable`."""
    refs: tuple[str, ...] = ()
    """A relation's object ids, in the order of its kind's `key_kinds`."""
    roles: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    """Sensitive fields that are known to be set; what they hold stays at the edge."""
    raw: Any = None
    """The vendor's own body, kept so that a write can send back what we do not manage."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was read of a tenant for one plan. Keyed by (scope, kind); scope is "" for the parent."""

    objects: Mapping[tuple[str, str], tuple[Live, ...]] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    """The vendor's zone ids -> IANA names; empty when no zone is managed."""
    reads: int = 0
    """Requests it took."""
    seconds: float = 0.0
    """How long they took together, for the estimate of the writes."""

    def of(self, scope: str, kind: str) -> tuple[Live, ...]:
        """The live objects of one kind in one account; empty when it was not asked for."""
        return self.objects.get((scope, kind), ())
