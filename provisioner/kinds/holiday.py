"""A holiday: days, or one day of every year, on which nobody can be booked (seed: Create a Holiday)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BeforeValidator, Field

from provisioner.kinds import patterns
from provisioner.kinds.base import Resource
from provisioner.kinds.calendar import Dates, parse_dates, text_dates
from provisioner.kinds.fields import TURNED_ON, Bool, Form, Name, Strands
from provisioner.kinds.values import refused

ORDERS = ("1st", "2nd", "3rd", "4th", "last")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_GRAMMAR = "4th thursday of november"
_RULE = re.compile(rf"({'|'.join(ORDERS)}) ({'|'.join(WEEKDAYS)}) of ({'|'.join(MONTHS)})")
_LOOSE_RULE = re.compile(r"\s*(?:the\s+)?(\w+)\s+(\w+)\.?\s+(?:of|in)\s+(\w+)\.?\s*", re.IGNORECASE)
_LOOSE_ORDERS = {
    "first": "1st", "1": "1st", "second": "2nd", "2": "2nd", "2th": "2nd", "third": "3rd", "3": "3rd", "3th": "3rd",
    "fourth": "4th", "4": "4th", "fifth": "last", "5th": "last", "5": "last", "final": "last",
}  # fmt: skip


class Rule(NamedTuple):
    """A weekday of a month in every year: `order` 0 to 3 from the first, 4 the last; Monday and January are 0."""

    order: int
    weekday: int
    month: int

    def __str__(self) -> str:
        return f"{ORDERS[self.order]} {WEEKDAYS[self.weekday]} of {MONTHS[self.month]}"


def parse_rule(raw: Any) -> Rule:
    """A rule from `4th thursday of november`."""
    if isinstance(raw, Rule):
        return raw
    found = _RULE.fullmatch(raw) if isinstance(raw, str) else None
    if found:
        return Rule(ORDERS.index(found[1]), WEEKDAYS.index(found[2]), MONTHS.index(found[3]))
    guess = _guessed(raw) if isinstance(raw, str) else None
    if guess and guess.order == 4 and "5" in raw:
        raise refused(raw, "is no rule, not every month has a 5th", guess)
    raise refused(raw, "is no rule", guess or f"one such as {_GRAMMAR} or last monday of may")


def _guessed(text: str) -> Rule | None:
    """The rule that was meant by `Fourth Thu in Nov`."""
    found = _LOOSE_RULE.fullmatch(text[:60])
    if not found:
        return None
    order, weekday, month = (part.lower() for part in found.groups())
    order = _LOOSE_ORDERS.get(order, order)
    names = (order if order in ORDERS else None, _nearest(weekday, WEEKDAYS), _nearest(month, MONTHS))
    return parse_rule(f"{names[0]} {names[1]} of {names[2]}") if all(names) else None


def _nearest(word: str, names: Sequence[str]) -> str | None:
    begun = [name for name in names if len(word) > 2 and name.startswith(word)]
    near = begun if len(begun) == 1 else get_close_matches(word, names, n=1, cutoff=0.7)
    return near[0] if near else None


def _days(raw: Any) -> Dates:
    if isinstance(raw, list):
        raise refused(raw, "is no day", "a holiday for each, or one stretch such as 2026-12-24..2026-12-26")
    return parse_dates(raw, open_end="a holiday needs an end date")


def _nullable(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda raw: None if raw is None else parse(raw)


DATES = Form(
    "stretch",
    text_dates,
    grammar="a date or a stretch of dates such as `2026-12-24` or `2026-12-24..2026-12-26`",
    schema={**patterns.DATES, "examples": ["2027-12-24", "2027-12-24..2027-12-26"]},
)
RULE = Form(
    "rule",
    str,
    grammar=f"`1st`, `2nd`, `3rd`, `4th` or `last`, a weekday, `of`, a month: `{_GRAMMAR}`",
    schema={"type": "string", "pattern": f"^{_RULE.pattern}$", "examples": [_GRAMMAR, "last monday of may"]},
)


class Holiday(Resource):
    """Days off for a whole account; exactly one of `dates` and `rule` says when."""

    kind: ClassVar[str] = "holiday"
    section: ClassVar[str] = "holidays"
    title: ClassVar[str] = "holiday"
    natural: ClassVar[tuple[tuple[str, ...], ...]] = (("name", "dates"), ("name", "rule"))
    telling: ClassVar[tuple[tuple[str, ...], ...]] = (("dates",), ("rule",))
    strands: ClassVar[frozenset[str]] = frozenset({"create"})
    tied: ClassVar[frozenset[str]] = frozenset({"dates", "rule"})

    name: Name = Field(description="name; with its dates or its rule it is found when it is not in the state")
    dates: Annotated[Dates | None, BeforeValidator(_nullable(_days)), DATES, Strands()] = Field(
        None, description="the day or days, both ends included"
    )
    rule: Annotated[Rule | None, BeforeValidator(_nullable(parse_rule)), RULE, Strands()] = Field(
        None, description="the same weekday of a month in every year"
    )
    enabled: Annotated[Bool, TURNED_ON] = Field(
        None, description="nobody can be booked then; the vendor's default is true"
    )

    def faults(self) -> Iterator[tuple[str, str]]:
        """Exactly one of `dates` and `rule`."""
        if self.dates is not None and self.rule is not None:
            yield "rule", f"it has {self.dates} as dates and a rule: keep one of them"
        elif self.dates is None and self.rule is None:
            yield "", f"it lacks its day: add `dates: 2026-12-24` or `rule: {_GRAMMAR}`"
