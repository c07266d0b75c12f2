"""How long to wait before a request is tried again, and how many such tries a host is worth."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from provisioner.providers.clock import Clock

BASE, CAP = 0.5, 20.0
LONGEST = 120.0
"""Seconds that a vendor can make us wait, whatever it asks for."""
CAPACITY, REFILL = 100.0, 0.1


def backoff(failures: int, clock: Clock) -> float:
    """Seconds before the next try, after so many failures: anything up to a bound that doubles ("full jitter").

    Requests that failed together do not come back together.
    """
    return clock.random() * min(CAP, BASE * 2.0 ** (failures - 1))


def retry_after(header: str | None, sent: str | None, clock: Clock) -> float | None:
    """Seconds that a Retry-After header asks for: a whole number, or an HTTP date (RFC 9110, 10.2.3); None for neither.

    A date is counted from the answer's own `Date`, so that a clock that is wrong, theirs or ours, does not matter.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST)
    until = _date(text)
    if until is None:
        return None
    since = _date(sent or "")
    return min(max(until - (clock.date() if since is None else since), 0.0), LONGEST)


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


class Budget:
    """Tries beyond the first that one host is worth: 100, and one more for every ten requests that go well.

    A vendor that is down is not made to feel it: once they are used up a request that fails has failed.
    """

    def __init__(self, capacity: float = CAPACITY) -> None:
        self._capacity = self._left = capacity

    def take(self) -> bool:
        """Pay for one more try, if that is still possible."""
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def went_well(self) -> None:
        """A request went well."""
        self._left = min(self._capacity, self._left + REFILL)
