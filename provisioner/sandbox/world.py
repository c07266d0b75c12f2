"""What every vendor of one sandbox shares: the store, the key and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provisioner.sandbox.clock import Clock
    from provisioner.sandbox.store import Store


def utc_now() -> datetime:
    """Return the real time."""
    return datetime.now(UTC)


@dataclass(slots=True)
class World:
    """The collaborators of a running sandbox, passed in once."""

    store: Store
    api_key: str
    clock: Clock

    def now(self) -> datetime:
        """Return what time it is in the sandbox, in UTC: the one source of time for everything in it."""
        return self.clock()
