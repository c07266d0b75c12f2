"""What the page leaves open and a number or a word decides; a test can set it.

Assumptions: a sign-in's timestamp may be 300 s away from the vendor's clock, and a series without an end has its
appointments laid out for 366 days after its start, or after today when that is later. A PUT that leaves fields out
leaves them as they are, and a change of a series leaves its appointments what is their own; both may be otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store

_NAME = "timetap"
_MOST = {"timestamp_seconds": 10**9, "horizon_days": 3_660}
_WORDS = {"put": ("partial", "full"), "own": ("keep", "wipe")}


class Settings(NamedTuple):
    """Without `timestamp_seconds` any timestamp will do.

    `put`: what a PUT leaves out stays (partial) or is cleared (full). `own`: what appointments have of their own stays
    when their series is changed (keep), or they are its again (wipe).
    """

    timestamp_seconds: int | None = 300
    horizon_days: int = 366
    put: str = "partial"
    own: str = "keep"


def read(store: Store) -> Settings:
    """Return the settings of this sandbox."""
    return Settings(**store.setting(_NAME, {}))


def write(store: Store, changes: Any) -> Settings:
    """Change some settings and persist them; an unknown name or an unfit value is a ValueError."""
    for name, value in dict(changes).items():
        if name in _WORDS:
            if value not in _WORDS[name]:
                raise ValueError(f"timetap {name} must be {' or '.join(_WORDS[name])}, not {value!r}")
            continue
        if name not in _MOST:
            raise ValueError(f"timetap {name!r} is unknown; there are {', '.join([*_MOST, *_WORDS])}")
        if value is None and name == "timestamp_seconds":
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _MOST[name]:
            raise ValueError(f"timetap {name} must be a whole number from 1 to {_MOST[name]}, not {value!r}")
    settings = read(store)._replace(**changes)
    store.set_setting(_NAME, settings._asdict())
    return settings
