"""The vendor's spelling of values.

Ids and flags come back as numbers, strings or booleans (seed, throughout), so decoding is lenient about the disguise
and strict about the meaning: what a type cannot hold becomes `Unreadable` and is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from provisioner.kinds import zones
from provisioner.kinds.base import Unreadable, secret_text
from provisioner.kinds.picture import Picture
from provisioner.kinds.values import Duration

Zones = Mapping[str, str]
"""The vendor's zone ids -> IANA names."""


class Wire(NamedTuple):
    """One field on the wire: its vendor name and both directions."""

    name: str
    encode: Callable[[Any, Zones], Any]
    decode: Callable[[Any, Zones], Any]
    readable: bool = True
    more: tuple[str, ...] = ()
    """Further vendor names that it is spread over: `encode` answers all of them, `decode` is given the whole body."""
    written: bool = True
    """False for what no body changes: it is sent back as it was read."""
    secret: bool = False
    """Of what comes back only whether it is set is told."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it has at the vendor."""
        return (self.name, *self.more)


def _simple(encode: Callable[[Any], Any], decode: Callable[[Any], Any]) -> Callable[[str], Wire]:
    return lambda name: Wire(name, lambda v, _: encode(v), lambda v, _: decode(v))


def read_flag(raw: Any) -> bool:
    """A boolean in any of its disguises: true, 1, "1", "true"; nothing at all is false."""
    if raw in (True, 1, "1", "true"):
        return True
    if raw in (False, 0, "0", "false", "", None):
        return False
    raise ValueError(f"{raw!r} is no flag")


def read_text(raw: Any) -> str | None:
    """Text, with the vendor's two ways to say nothing as one."""
    if isinstance(raw, (dict, list, bool)):
        raise TypeError("not text")
    return str(raw) if raw not in (None, "") else None


def read_number(raw: Any) -> int:
    """A whole number, a string of digits included; nothing at all is 0."""
    if isinstance(raw, float) and not raw.is_integer():
        raise ValueError(f"{raw!r} is no whole number")
    return int(raw) if raw not in (None, "") else 0


def _money(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _unit(minutes: int) -> Callable[[str], Wire]:
    return _simple(lambda v: int(v) // minutes, lambda raw: Duration(read_number(raw) * minutes))


def spread(
    names: tuple[str, ...], encode: Callable[[Any], Mapping[str, Any]], decode: Callable[[Mapping[str, Any]], Any]
) -> Wire:
    """One field of ours that is several at the vendor; what is missing of them is read as None."""

    def read(raw: Mapping[str, Any], _: Zones) -> Any:
        return decode({name: raw.get(name) for name in names})

    return Wire(names[0], lambda v, _: encode(v), read, more=names[1:])


text = _simple(lambda v: v if v is not None else "", read_text)
flag = _simple(bool, read_flag)
number_flag = _simple(int, read_flag)
number = _simple(int, read_number)
money = _simple(_money, lambda raw: Decimal(str(raw if raw not in (None, "") else 0)))
degrees = _simple(float, lambda raw: Decimal(str(raw)).quantize(Decimal("0.000001")) if raw not in (None, "") else None)
minutes, hours, days = _unit(1), _unit(60), _unit(1440)


def hidden(name: str) -> Wire:
    """Text that can be written and never comes back (seed: yelp, pinterest, vimeo, youtube, ics_url of an employee)."""
    return text(name)._replace(readable=False)


def picture(name: str) -> Wire:
    """A picture, which has calls of its own; reads show what the vendor calls it, and nothing where there is none."""
    return Wire(name, lambda v, _: v, lambda v, _: Picture(str(v)) if v else None, written=False)


def secret(name: str) -> Wire:
    """A secret on its way out; whatever comes back is dropped at the edge."""
    return Wire(
        name, lambda v, _: secret_text(v) if v is not None else "", lambda _, __: None, readable=False, secret=True
    )


def word(name: str, codes: Mapping[str, Any]) -> Wire:
    """One of a few words on our side, the vendor's code on the wire."""
    names = {str(code): ours for ours, code in codes.items()}
    return Wire(name, lambda v, _: codes[v], lambda v, _: names[str(v)])


def zone(name: str) -> Wire:
    """An IANA zone on our side, the vendor's own number on the wire (seed: List Time Zones)."""
    return Wire(name, zone_id, _read_zone)


def zone_id(value: str | None, table: Zones) -> int:
    """The vendor's number of a zone. Raises ValueError naming what the vendor has nearby."""
    for id_, its_name in table.items():
        if its_name == value:
            return int(id_)
    fits = [int(id_) for id_, its_name in table.items() if _same(its_name, str(value))]
    if fits:
        return min(fits)
    names = set(table.values())
    near = [name for name in zones.nearest(str(value), 20) if any(_same(name, other) for other in names)][:3]
    near = near or sorted(name for name in names if zones.same_offsets(str(value), name))[:3]
    raise ValueError(f"the vendor has no time zone {value}; it has {', '.join(near) or 'none like it'}")


def _read_zone(raw: Any, table: Zones) -> str | None:
    if raw in (None, "", 0, "0"):
        return None
    return table[str(raw)]


def _same(one: str, other: str) -> bool:
    try:
        return zones.same_zone(one, other)
    except KeyError:
        return False


def decode_fields(table: Mapping[str, Wire], raw: Mapping[str, Any], known: Zones) -> dict[str, Any]:
    """The readable fields of a body by our names; a field that is absent stays absent."""
    fields: dict[str, Any] = {}
    for ours, wire in table.items():
        if wire.readable and not raw.keys().isdisjoint(wire.names):
            try:
                fields[ours] = wire.decode(raw if wire.more else raw[wire.name], known)
            except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError):
                shown = {name: raw.get(name) for name in wire.names}
                fields[ours] = Unreadable(shown if wire.more else shown[wire.name])
    return fields


class UnencodableError(ValueError):
    """A value that this vendor cannot be told, with the field it is of."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


def encode_fields(table: Mapping[str, Wire], values: Mapping[str, Any], known: Zones) -> dict[str, Any]:
    """The body of a write, by the vendor's names. Raises UnencodableError."""
    body: dict[str, Any] = {}
    for name, value in values.items():
        if name in table and table[name].written:
            try:
                encoded = table[name].encode(value, known)
            except ValueError as error:
                raise UnencodableError(name, str(error)) from None
            if table[name].more:
                body |= encoded
            elif isinstance(encoded, dict):  # fields of ours that are one at the vendor
                body[table[name].name] = body.get(table[name].name, {}) | encoded
            else:
                body[table[name].name] = encoded
    return body


def write_date(day: date) -> str:
    """The vendor's date of availability, `m/d/Y` without leading zeros (seed: Update availability)."""
    return f"{day.month}/{day.day}/{day.year}"


def read_date(raw: str) -> date:
    """A date of availability, with or without leading zeros."""
    return datetime.strptime(raw, "%m/%d/%Y").date()  # noqa: DTZ007 -- a calendar day has no zone


def pairs(raw: Any) -> Iterable[tuple[str, Any]]:
    """A map of links in any of its shapes: an object, a list of objects, or PHP's `[]` for an empty one."""
    if isinstance(raw, Mapping):
        return list(raw.items())
    if isinstance(raw, list):
        return [item for part in raw if isinstance(part, Mapping) for item in part.items()]
    return []
