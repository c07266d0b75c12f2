"""What every vendor of one sandbox shares: the store, the clock, the key, and what can go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from provisioner.sandbox.faults import Faults, NoFaults

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioner.sandbox.store import Store


def utc_now() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class World:
    """The collaborators of a running sandbox, passed in once."""

    store: Store
    api_key: str
    now: Callable[[], datetime] = utc_now
    faults: Faults = field(default_factory=NoFaults)
