"""Time zones by the vendor's own numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from provisioner.sandbox.setster import zones
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Code, Failure, Reply, invalid

if TYPE_CHECKING:
    from datetime import timedelta

SAMPLE_TIME = 1536583485


def list_all(call: Call) -> Reply:
    """Return every zone by its number, with its offset now in minutes (seed: List Time Zones)."""
    now, reverse = call.world.now(), bool(call.flag("reverse_caption"))
    hour = now.replace(minute=0, second=0, microsecond=0)
    return Reply(_described(hour, reverse, tuple(zones.of(call.store).items())))


@lru_cache(maxsize=4)
def _described(hour: datetime, reverse: bool, numbered: tuple[tuple[int, str], ...]) -> dict[str, dict[str, str | int]]:
    return {str(number): describe(name, hour, reverse=reverse) for number, name in numbered}


def describe(name: str, now: datetime, *, reverse: bool) -> dict[str, str | int]:
    """Return one zone. Assumption: a reversed caption has the offset last."""
    try:
        local = now.astimezone(ZoneInfo(name))
    except (ValueError, OSError):  # of a copy: a zone that this computer does not know
        local = now
    minutes = _seconds(local.utcoffset()) // 60
    clock = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    words = f"{name.replace('_', ' ')} ({local.tzname()})"
    return {
        "gmt": minutes,
        "caption": f"{words} GMT {clock}" if reverse else f"GMT {clock} {words}",
        "dbName": name,
        "short": f"GMT {clock}",
        "friendly": f"GMT{clock}",
    }


def offset(call: Call) -> Reply:
    """Return the offset of one zone at a moment, in seconds (seed: Get Time Zone Offset)."""
    number, moment = call.whole("id"), call.whole("time")
    name = zones.of(call.store).get(zones.DEFAULT if number is None else number)
    if name is None:
        raise Failure(Code.NOT_FOUND, f"timezone {number} not found")
    try:
        then = datetime.fromtimestamp(SAMPLE_TIME if moment is None else moment, UTC)
        return Reply({"name": {"offset": _seconds(then.astimezone(ZoneInfo(name)).utcoffset())}})
    except (ValueError, OverflowError, OSError):
        raise invalid("time is out of range") from None


def _seconds(difference: timedelta | None) -> int:
    return int(difference.total_seconds()) if difference is not None else 0


OPERATIONS = (
    Operation("GET", "/tz/list", list_all, public=True),
    Operation("GET", "/tz/data", offset, public=True),
)
