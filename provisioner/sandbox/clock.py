"""The sandbox's clock: the real time, unless it was frozen or shifted; all processes on one file see the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from provisioner.sandbox.store import Store

_NAME = "clock"
_MEANING = 'a clock is {"now": "2026-03-02T09:00:00Z"}, which freezes it, or {"offset": seconds}, which shifts it'
# Far from the ends of the calendar, so that what is computed from now stays inside.
EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
LATEST = datetime(2999, 12, 31, tzinfo=UTC)


class Clock:
    """A function that tells the time in UTC; `real` is what it is set by."""

    def __init__(self, store: Store, real: Callable[[], datetime]) -> None:
        self._store = store
        self._real = real

    def __call__(self) -> datetime:
        """Return what time it is in the sandbox."""
        kept = self._store.setting(_NAME, None)
        if kept is None:
            return self._real()
        if "now" in kept:
            return datetime.fromisoformat(kept["now"])
        return self._real() + timedelta(seconds=kept["offset"])

    def read(self) -> dict[str, Any]:
        """Return the time, whether it stands still, and how many seconds it is off."""
        kept = self._store.setting(_NAME, {})
        return {"now": self().isoformat(), "frozen": "now" in kept, "offset": kept.get("offset", 0)}

    def put(self, wanted: Any) -> dict[str, Any]:
        """Freeze the clock at `{"now": ISO time with a zone}`, or shift it by `{"offset": seconds}`, or ValueError."""
        if not isinstance(wanted, dict) or wanted.keys() not in ({"now"}, {"offset"}):
            raise ValueError(_MEANING)
        kept = {"now": _moment(wanted["now"]).isoformat()} if "now" in wanted else self._shift(wanted["offset"])
        self._store.set_setting(_NAME, kept)
        return self.read()

    def restore(self) -> dict[str, Any]:
        """Let the clock tell the real time again."""
        self._store.drop_setting(_NAME)
        return self.read()

    def _shift(self, offset: Any) -> dict[str, Any]:
        if isinstance(offset, bool) or not isinstance(offset, int | float) or offset != offset:  # noqa: PLR0124  NaN
            raise ValueError(f"offset must be a number of seconds, not {offset!r}")
        try:
            _inside(self._real() + timedelta(seconds=offset))
        except OverflowError:
            raise ValueError(f"the time must be between {EARLIEST.year} and {LATEST.year}") from None
        return {"offset": offset}


def _moment(written: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        raise ValueError(f"now must be a time such as 2026-03-02T09:00:00Z, not {written!r}") from None
    if moment.tzinfo is None:
        raise ValueError("now needs a zone, such as 2026-03-02T09:00:00Z or 2026-03-02T09:00:00-08:00")
    try:
        return _inside(moment.astimezone(UTC))
    except OverflowError:
        raise ValueError(f"the time must be between {EARLIEST.year} and {LATEST.year}") from None


def _inside(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(f"the time must be between {EARLIEST.year} and {LATEST.year}")
    return moment
