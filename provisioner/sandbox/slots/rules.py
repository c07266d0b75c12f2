"""What repeats: rules that say on which days something is, and from when to when, in wall time (see `clock`).

Days are counted from 1970-01-01, which is 0.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from provisioner.sandbox.slots.clock import DAY, EPOCH, LAST_YEAR
from provisioner.sandbox.slots.spans import merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from provisioner.sandbox.slots.spans import Span

_THURSDAY = 3  # 1970-01-01, when Monday is 0
LAST_IN_MONTH = 4
FOREVER = date(LAST_YEAR, 12, 31).toordinal() - EPOCH
"""The last day of what has no end."""


class Rule(Protocol):
    """What all rules can say."""

    def spans(self, first: int, last: int) -> Iterable[Span]:
        """Return the spans that begin on the days from `first` to `last`, or reach into them."""

    def end(self) -> int:
        """Return the last day on which something can begin."""


class Weekly(NamedTuple):
    """The same week from one day to another, both included; `week` has seconds of the day, Monday first."""

    first: int
    last: int
    week: tuple[tuple[Span, ...], ...]

    def spans(self, first: int, last: int) -> Iterator[Span]:
        """Yield the spans of the days in common."""
        for day in range(max(first, self.first), min(last, self.last) + 1):
            for start, end in self.week[(day + _THURSDAY) % 7]:
                yield day * DAY + start, day * DAY + end

    def end(self) -> int:
        """Return the last day."""
        return self.last


class Monthly(NamedTuple):
    """The same days of every month, from one day to another, both included; `span` has seconds of the day."""

    first: int
    last: int
    days: frozenset[int]
    span: Span

    def spans(self, first: int, last: int) -> Iterator[Span]:
        """Yield the spans of the days in common."""
        for day in range(max(first, self.first), min(last, self.last) + 1):
            if date.fromordinal(EPOCH + day).day in self.days:
                yield day * DAY + self.span[0], day * DAY + self.span[1]

    def end(self) -> int:
        """Return the last day."""
        return self.last


class Once(NamedTuple):
    """One span of wall time."""

    start: int
    stop: int

    def spans(self, first: int, last: int) -> Iterator[Span]:
        """Yield the span if it has to do with the days."""
        if self.start < (last + 1) * DAY and first * DAY < self.stop:
            yield self.start, self.stop

    def end(self) -> int:
        """Return the last day that it reaches into."""
        return (self.stop - 1) // DAY


class Yearly(NamedTuple):
    """One weekday of a month, every year, the whole day: `order` 0 is the first one, 4 the last one (Monday is 0)."""

    month: int
    weekday: int
    order: int

    def spans(self, first: int, last: int) -> Iterator[Span]:
        """Yield the whole days."""
        for year in range(_year(first), _year(last) + 1):
            day = self.day(year)
            if first <= day <= last:
                yield day * DAY, (day + 1) * DAY

    def day(self, year: int) -> int:
        """Return its day in a year."""
        if self.order == LAST_IN_MONTH:
            following = date(year + self.month // 12, self.month % 12 + 1, 1).toordinal() - EPOCH
            return following - 1 - (following - 1 + _THURSDAY - self.weekday) % 7
        first = date(year, self.month, 1).toordinal() - EPOCH
        return first + (self.weekday - first - _THURSDAY) % 7 + 7 * self.order

    def end(self) -> int:
        """Return the last day there is: it is every year."""
        return FOREVER


def _year(day: int) -> int:
    return date.fromordinal(EPOCH + day).year


def spans_of(rules: Iterable[Rule], first: int, last: int) -> list[Span]:
    """Return the union of what several rules say of these days."""
    return merge(span for rule in rules for span in rule.spans(first, last))
