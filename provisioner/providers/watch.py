"""What can be told of a vendor from its answers alone: how fast it is, its clock, its limits, what is no JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from provisioner.finding import Finding, look, passed, skipped

_LEADS = ("ratelimit-", "x-ratelimit-", "x-rate-limit-")
LIMITS = (
    "ratelimit",
    "ratelimit-policy",
    *(f"{lead}{name}" for lead in _LEADS for name in ("limit", "remaining", "reset")),
)
"""Headers in which vendors say how many requests they take."""
CLOSE = 5.0
"""Seconds that two clocks may differ: answers are dated in whole seconds, and take a while."""
_HARMLESS = re.compile(r"[\w/;=,.\" -]{1,60}", re.ASCII)
_LONG_WORD = re.compile(r"\w{13}")
SLOW = 2.0


class Sighting(NamedTuple):
    """One answer from outside: nothing of its body and nothing of its address is kept."""

    status: int
    seconds: float
    """How long it took."""
    media_type: str
    is_json: bool
    at: float
    """When it came, in seconds since 1970 by our clock."""
    date: float | None
    """The same by the vendor's."""
    limits: Mapping[str, str]


def sighting(status: int, headers: Mapping[str, str], *, is_json: bool, seconds: float, at: float) -> Sighting:
    """What is kept of an answer."""
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    limits = {name: headers[name] for name in LIMITS if name in headers}
    return Sighting(status, seconds, media, is_json, at, _date(headers.get("date")), limits)


def _date(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text or "").timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


@dataclass(slots=True)
class Watch:
    """Every answer of one run."""

    seen: list[Sighting] = field(default_factory=list)

    def __call__(self, one: Sighting) -> None:
        """Take one in."""
        self.seen.append(one)

    def findings(self) -> Iterator[Finding]:
        """What all of them together say."""
        if not self.seen:
            why = "no answer came"
            yield from (skipped(check, why) for check in ("Answers", "Speed", "Rate limits", "Clock"))
            return
        yield self._answers()
        yield self._speed()
        yield self._limits()
        yield self._clock()

    def count(self, *statuses: int) -> int:
        """How many answers had one of these statuses."""
        return sum(one.status in statuses for one in self.seen)

    def _answers(self) -> Finding:
        odd = Counter(one.media_type or "no type" for one in self.seen if not one.is_json)
        broken = sum(one.status >= 500 for one in self.seen)
        parts = [f"{sum(odd.values())} of {len(self.seen)} are no JSON ({_named(odd)})"] if odd else []
        parts += [f"{broken} of {len(self.seen)} are errors of the vendor's own (5xx)"] if broken else []
        if not parts:
            return passed("Answers", f"all {len(self.seen)} are JSON")
        remedy = "is the endpoint right, and is there a proxy or a page for people in between? Requests are tried again"
        return look("Answers", "; ".join(parts), remedy)

    def _speed(self) -> Finding:
        times = sorted(one.seconds for one in self.seen)
        middle, most = times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.95))]
        text = f"half of {len(times)} answers within {_ms(middle)}, 95 % within {_ms(most)}"
        if most <= SLOW:
            return passed("Speed", text)
        return look("Speed", text, "large plans will take long: run them from nearer by, or at another time")

    def _limits(self) -> Finding:
        refused = self.count(429)
        said = {name: value for one in self.seen for name, value in one.limits.items()}
        shown = ", ".join(f"{name}: {_safe(value)}" for name, value in said.items())
        if refused:
            more = f"; it says {shown}" if shown else ""
            remedy = "lower limits.calls_per_second, then limits.concurrency, in provisioner.yaml"
            return look(
                "Rate limits", f"{refused} of {len(self.seen)} answers were 429: too many requests{more}", remedy
            )
        if shown:
            return passed("Rate limits", f"none was hit; the vendor says {shown}")
        return passed("Rate limits", "none was hit, and no answer names one")

    def _clock(self) -> Finding:
        apart = [one.date - one.at for one in self.seen if one.date is not None]
        if not apart:
            return skipped("Clock", "the answers have no date")
        off = sorted(apart)[len(apart) // 2]
        if abs(off) <= CLOSE:
            return passed("Clock", "this computer's and the vendor's agree")
        way = "behind" if off > 0 else "ahead of"
        return look(
            "Clock", f"this computer's is {abs(off):.0f} s {way} the vendor's", "set it: dates and stamps go by it"
        )


def _named(counts: Counter[str]) -> str:
    return ", ".join(f"{_safe(name)} {count}" for name, count in counts.most_common(3))


def _safe(value: str) -> str:
    """A header that can be a limit; anything else may be somebody's token."""
    return value if _HARMLESS.fullmatch(value) and not _LONG_WORD.search(value) else "(not shown)"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
