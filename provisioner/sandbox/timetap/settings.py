"""What the page leaves open and a number decides; a test can set it.

Assumptions: a sign-in's timestamp may be 300 s away from the vendor's clock, and a series without an end has its
appointments laid out for 366 days after its start, or after today when that is later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

_NAME = "timetap"
_MOST = {"timestamp_seconds": 10**9, "horizon_days": 3_660}


class Settings(NamedTuple):
    """Both numbers; without `timestamp_seconds` any timestamp will do."""

    timestamp_seconds: int | None = 300
    horizon_days: int = 366


def read(store: Store) -> Settings:
    """Return the settings of this sandbox."""
    return Settings(**store.setting(_NAME, {}))


def write(store: Store, changes: Any) -> Settings:
    """Change some settings and persist them; an unknown name or an unfit number is a ValueError."""
    for name, value in dict(changes).items():
        if name not in _MOST:
            raise ValueError(f"timetap {name!r} is unknown; there are {', '.join(_MOST)}")
        if value is None and name == "timestamp_seconds":
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST[name]:
            raise ValueError(f"timetap {name} must be a whole number from 1 to {_MOST[name]}, not {value!r}")
    settings = read(store)._replace(**changes)
    store.set_setting(_NAME, settings._asdict())
    return settings
