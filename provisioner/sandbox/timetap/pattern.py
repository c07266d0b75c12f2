"""When a series takes place: its pattern, laid out as dates."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from itertools import count, takewhile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The flags' names in the order of `date.weekday`."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """On certain weekdays (Monday is 0) of every so many weeks, from a date on.

    Assumption: weeks begin on Monday, and the first one is that of the start. Without any weekday it is the start's.
    """

    start: date
    every: int
    weekdays: frozenset[int]

    def dates(self, last: date) -> Iterator[date]:
        """Yield the dates up to the last one, in order."""
        monday = self.start.toordinal() - self.start.weekday()
        weekdays = sorted(self.weekdays or {self.start.weekday()})
        days = (week + weekday for week in count(monday, 7 * self.every) for weekday in weekdays)
        for day in takewhile(lambda day: day <= last.toordinal(), days):
            if day >= self.start.toordinal():
                yield date.fromordinal(day)


@dataclass(frozen=True, slots=True)
class Monthly:
    """On the start's day of every so many months.

    Assumption: a month without that day, such as a 31st, is left out. The weekdays mean nothing here.
    """

    start: date
    every: int

    def dates(self, last: date) -> Iterator[date]:
        """Yield the dates up to the last one, in order."""
        first = self.start.year * 12 + self.start.month - 1
        for month in range(first, last.year * 12 + last.month, self.every):
            year, index = divmod(month, 12)
            if self.start.day <= monthrange(year, index + 1)[1]:
                found = self.start.replace(year=year, month=index + 1)
                if found <= last:
                    yield found


Pattern = Weekly | Monthly


def pattern(body: Mapping[str, Any]) -> Pattern:
    """Read the pattern of a series' fields, which have been checked."""
    start = date.fromisoformat(body["startDate"])
    if body["type"] == "M":
        return Monthly(start, body["everyXMonths"])
    return Weekly(start, body["everyXWeeks"], frozenset(n for n, name in enumerate(WEEKDAYS) if body.get(name)))
