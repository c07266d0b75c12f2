"""One occurrence of a series that is other than the rest: at another time, on another day, with others, or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator

from provisioner.kinds import patterns
from provisioner.kinds.calendar import MIDNIGHT, Interval, parse_date, parse_interval, parse_time, text_interval
from provisioner.kinds.fields import Form, WriteOnly
from provisioner.kinds.values import parse_bool, parse_int, parse_money, parse_text, refused, said, text_money
from provisioner.kinds.vendor_id import parse_id


class _Part(NamedTuple):
    """What one key of an override takes, and how its value is written."""

    parse: Callable[[Any], Any]
    dump: Callable[[Any], Any]
    schema: Mapping[str, Any]
    doc: str


def _same(value: Any) -> Any:
    return value


def parse_sitting(raw: Any) -> Interval:
    """From when to when on one day, from `TIME-TIME`: an appointment begins and ends before the same midnight."""
    first, _, last = raw.partition("-") if isinstance(raw, str) else ("", "", "")
    try:
        start, end = parse_time(first.rstrip(" ")), parse_time(last.lstrip(" "))
    except ValueError:
        start, end = parse_interval(raw)  # which knows what is wrong
    if end == MIDNIGHT:
        raise refused(raw, "ends at 24:00, and an appointment ends before midnight", text_interval((start, end - 1)))
    if end <= start:
        raise refused(raw, "does not end after it begins, on the same day", "a later end, such as 09:30-10:15")
    return start, end


def _seats(raw: Any) -> int:
    seats = parse_int(raw)
    if seats < 1:
        raise refused(raw, "is no number of seats", "1 or more")
    return seats


def _cancelled(raw: Any) -> bool:
    if parse_bool(raw) is not True:
        raise ValueError("one that takes place is not named: remove the line, or write true")
    return True


_ID = {**patterns.WHOLE, "minimum": 1}
PARTS: Mapping[str, _Part] = {
    "date": _Part(parse_date, date.isoformat, patterns.DATE, "The day that it is moved to."),
    "time": _Part(parse_sitting, text_interval, patterns.INTERVAL, "From when to when."),
    "client_time": _Part(parse_sitting, text_interval, patterns.INTERVAL, "What the client is told instead."),
    "staff": _Part(parse_id, _same, _ID, "Who it is with, by id."),
    "location": _Part(parse_id, _same, _ID, "Where it takes place, by id."),
    "reason": _Part(parse_id, _same, _ID, "What it is for, by id."),
    "seats": _Part(_seats, _same, _ID, "How many can take part."),
    "price": _Part(parse_money, lambda value: text_money(Decimal(value)), patterns.MONEY, "Its price."),
    "note": _Part(parse_text, _same, patterns.ANY_TEXT, "Its note."),
    "cancelled": _Part(_cancelled, _same, {"enum": [True]}, "It does not take place."),
}
_EXAMPLE = "{2027-03-01: {time: 10:00-10:45}}"


class Override(NamedTuple):
    """What is other on one date of the pattern; `parts` are values by the names in `PARTS`, in that order."""

    day: date
    parts: tuple[tuple[str, Any], ...]

    @property
    def values(self) -> dict[str, Any]:
        """The parts by name."""
        return dict(self.parts)


def parse_overrides(raw: Any) -> tuple[Override, ...]:
    """Overrides in the order of their dates, from a mapping of dates to what is other then."""
    if isinstance(raw, tuple):
        return raw
    if not isinstance(raw, Mapping):
        raise refused(raw, "is no mapping of dates", f"{_EXAMPLE}, or {{}} for none")
    return tuple(sorted(_override(key, value) for key, value in raw.items()))


def _override(key: Any, value: Any) -> Override:
    day = parse_date(key)
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"{day}: {said(value)} says nothing of it: write what is other then, such as {_EXAMPLE}")
    for name in value:
        if name not in PARTS:
            near = get_close_matches(str(name), PARTS, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(PARTS)}"
            raise ValueError(f"{day}: unknown key {said(name)}: {remedy}")
    if "cancelled" in value and len(value) > 1:
        raise ValueError(f"{day}: what is cancelled has nothing else: keep cancelled, or the rest")
    return Override(day, tuple((name, _part(day, name, value[name])) for name in PARTS if name in value))


def _part(day: date, name: str, raw: Any) -> Any:
    if raw is None:
        raise ValueError(f"{day}: {name}: null is not allowed here: remove the line")
    try:
        return PARTS[name].parse(raw)
    except ValueError as error:
        raise ValueError(f"{day}: {name}: {error}") from None


def text_overrides(overrides: tuple[Override, ...]) -> dict[str, dict[str, Any]]:
    """The manifest's spelling."""
    return {each.day.isoformat(): {name: PARTS[name].dump(value) for name, value in each.parts} for each in overrides}


OVERRIDES = Form(
    "overrides",
    text_overrides,
    grammar=f"a mapping of dates to what is other then ({', '.join(f'`{name}`' for name in PARTS)}): `{_EXAMPLE}`",
    schema={
        "type": "object",
        "propertyNames": {"pattern": patterns.DATE["pattern"], "examples": patterns.DATE["examples"]},
        "additionalProperties": {
            "type": "object",
            "properties": {name: {**part.schema, "description": part.doc} for name, part in PARTS.items()},
            "additionalProperties": False,
            "minProperties": 1,
        },
        "examples": [{"2027-03-01": {"time": "10:00-10:45"}}],
    },
)
Overrides = Annotated[tuple[Override, ...] | None, BeforeValidator(parse_overrides), OVERRIDES, WriteOnly()]
