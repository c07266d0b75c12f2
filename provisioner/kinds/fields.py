"""The field markers and the field types that kinds are written in.

A field's type decides what a scalar of the manifest is; its markers say how it behaves. Nothing here knows a vendor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, SecretStr

from provisioner.kinds import calendar, patterns, values, zones
from provisioner.kinds.values import Duration

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Form:
    """How a type's values are written: `dump` gives the manifest's own spelling, `same` says when two are one."""

    name: str
    dump: Callable[[Any], Any]
    same: Callable[[Any, Any], bool] = lambda a, b: a == b
    grammar: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)
    """What an editor can check of a value as JSON Schema; references and quoted numbers are allowed for elsewhere."""
    key: Callable[[str], str] = lambda text: text.strip().casefold()
    """What a natural key compares of a text; names of people and addresses of mail ignore case, as vendors do."""


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A secret: never printed, stored as a keyed digest, allowed to come from `${env:NAME}`."""


@dataclass(frozen=True, slots=True)
class FromFile:
    """The content of a file of the workspace: sent when that changed; of what is live only its presence is compared."""


@dataclass(frozen=True, slots=True)
class CreateDefault:
    """Sent at creation when the manifest is silent, shown in the plan, unmanaged afterwards."""

    value: Any


@dataclass(frozen=True, slots=True)
class Role:
    """`true` claims the live object that has this role; a claim is never sent."""

    name: str


@dataclass(frozen=True, slots=True)
class Needed:
    """Required of all but the holder of a role, who exists already."""

    but_for: str


@dataclass(frozen=True, slots=True)
class AtCreation:
    """Only meaningful when the object is created; a later difference is nothing."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """Says how a change is carried out, and is nothing that the object has: sent along with one, never compared."""

    creates: bool = True
    """False for what says nothing about a creation."""
    but_for: tuple[str, ...] = ()
    """Fields whose change is not carried out by it."""


@dataclass(frozen=True, slots=True)
class WriteOnly:
    """The vendor never answers it: what was applied last is all that is known of it, by whomever it was named since."""


@dataclass(frozen=True, slots=True)
class Strands:
    """A change of it can take the ground from under appointments that are booked."""

    by: Callable[[Any, Any], bool] = lambda _before, _after: True
    """Whether this one can, from the live value and the wanted one; any change can where nothing else is said."""


TURNED_OFF = Strands(lambda _, after: after is False)
TURNED_ON = Strands(lambda _, after: after is True)
LONGER = Strands(lambda before, after: (after or 0) > (before or 0))
SHORTER = Strands(lambda before, after: bool(after) and (not before or after < before))
"""Of a bound that is none where it is 0."""


def _nullable(parse: Callable[[Any], T]) -> Callable[[Any], T | None]:
    def read(raw: Any) -> T | None:
        return None if raw is None else parse(raw)

    return read


def _required(parse: Callable[[Any], T]) -> Callable[[Any], T]:
    def read(raw: Any) -> T:
        if raw is None:
            raise ValueError("null is not allowed here: it cannot be cleared")
        return parse(raw)

    return read


def parse_name(raw: Any) -> str:
    """Text that is not empty and has no blank at either end."""
    name = values.parse_text(raw)
    if not name or name != name.strip():
        raise ValueError("it is empty or begins or ends with a blank: write a name")
    return name


def parse_nick_name(raw: Any) -> str:
    """Letters and digits: it becomes part of the public address (seed: Check Nickname Availability)."""
    name = parse_name(raw)
    if not name.isascii() or not name.isalnum():
        plain = "".join(char for char in name if char.isascii() and char.isalnum())
        raise values.refused(name, "has more than letters and digits", plain or "one such as acmewest")
    return name


def parse_true(raw: Any) -> Literal[True]:
    """The one value a claim of a role can have."""
    if values.parse_bool(raw) is not True:
        raise ValueError("a role is claimed with true: remove the line to leave it unclaimed")
    return True


def parse_degrees(raw: Any) -> Decimal:
    """Decimal degrees, kept to six places (0.1 m), which is what the vendor's floats can be trusted with."""
    try:
        degrees = Decimal(str(raw)).quantize(Decimal("0.000001"))
        fits = -180 <= degrees <= 180  # a NaN refuses to be compared
    except ArithmeticError:
        raise ValueError(f"{values.quote(str(raw))} is no decimal number of degrees: write 34.0522") from None
    if not fits:
        raise ValueError(f"{raw} is outside -180..180 degrees")
    return degrees


def one_of(*choices: str) -> tuple[BeforeValidator, Form]:
    """A field that takes one word of a few."""

    def parse(raw: Any) -> str:
        if raw not in choices:
            raise ValueError(f"{values.quote(str(raw))} is not one of {', '.join(choices)}")
        return str(raw)

    form = Form("word", lambda v: v, grammar=" or ".join(f"`{n}`" for n in choices), schema={"enum": list(choices)})
    return BeforeValidator(_required(parse)), form


_HOST = re.compile(r"((?:https?://)?[^/?#]*)/?(.*)", re.IGNORECASE | re.DOTALL)


def url_key(text: str) -> str:
    """What tells two web addresses apart: a scheme and a host ignore case, and an empty path is /."""
    host, rest = _HOST.fullmatch(text.strip()).groups()  # type: ignore[union-attr]  # whatever is written fits
    return f"{host.casefold()}/{rest}"


def _text_or_nothing(raw: Any) -> str | None:
    return (values.parse_text(raw) or None) if raw is not None else None


TEXT = Form("text", lambda v: v, grammar="text", schema=patterns.ANY_TEXT)
NAME = Form("text", lambda v: v, grammar="text", schema=patterns.NAME)
NICK_NAME = Form("text", lambda v: v, grammar="text", schema=patterns.LETTERS_AND_DIGITS)
BOOL = Form("boolean", lambda v: v, grammar="`true` or `false`", schema=patterns.BOOLEAN)
INTEGER = Form("integer", lambda v: v, grammar="a whole number", schema=patterns.WHOLE)
MONEY = Form("money", values.text_money, grammar="a decimal such as `30` or `29.50`", schema=patterns.MONEY)
ZONE = Form(
    "zone",
    lambda v: v,
    zones.same_zone,
    grammar="an IANA zone such as `America/Los_Angeles`",
    schema=patterns.ZONE,
)
EMAIL = Form(
    "e-mail",
    lambda v: v,
    lambda a, b: (a or "").casefold() == (b or "").casefold(),
    grammar="an e-mail address",
    schema=patterns.EMAIL,
)
URL = Form(
    "URL",
    lambda v: v,
    lambda a, b: url_key(a or "") == url_key(b or ""),
    grammar="a web address",
    schema=patterns.URL,
    key=url_key,
)
SECRET = Form("secret", lambda v: v, grammar="a secret: `${env:NAME}`", schema=patterns.ANY_TEXT)
DEGREES = Form(
    "degrees",
    lambda v: format(v.normalize(), "f") if v is not None else None,
    grammar="decimal degrees",
    schema=patterns.DEGREES,
)

Name = Annotated[str, BeforeValidator(_required(parse_name)), NAME]
NickName = Annotated[str | None, BeforeValidator(_required(parse_nick_name)), NICK_NAME]
OptionalName = Annotated[str | None, BeforeValidator(_required(parse_name)), NAME]
Text = Annotated[str | None, BeforeValidator(_text_or_nothing), TEXT]
Bool = Annotated[bool | None, BeforeValidator(_required(values.parse_bool)), BOOL]
Integer = Annotated[int | None, BeforeValidator(_required(values.parse_int)), INTEGER]
Money = Annotated[Decimal | None, BeforeValidator(_required(values.parse_money)), MONEY]
Zone = Annotated[str | None, BeforeValidator(_required(zones.parse_zone)), ZONE]
Email = Annotated[str | None, BeforeValidator(_nullable(values.parse_email)), EMAIL]
OptionalEmail = Annotated[str | None, BeforeValidator(_required(values.parse_email)), EMAIL]
RequiredEmail = Annotated[str, BeforeValidator(_required(values.parse_email)), EMAIL]
Url = Annotated[str | None, BeforeValidator(_nullable(values.parse_url)), URL]
Secret = Annotated[SecretStr | None, BeforeValidator(lambda v: v), SECRET, Sensitive()]
Degrees = Annotated[Decimal | None, BeforeValidator(_required(parse_degrees)), DEGREES]
Claim = Annotated[Literal[True] | None, BeforeValidator(_required(parse_true)), BOOL]


def _duration(multiple: int, *, never: bool) -> tuple[Callable[[Any], Duration], Form]:
    def parse(raw: Any) -> Duration:
        if never and raw == "never":
            return Duration(0)
        duration = values.parse_duration(raw)
        if not isinstance(raw, Duration):
            values.check_multiple(duration, multiple)
        return duration

    def dump(value: Duration) -> str:
        return "never" if never and value == 0 else values.text_duration(value)

    unit = {60: "whole hours", 1440: "whole days"}.get(
        multiple, f"a multiple of {multiple} min" if multiple > 1 else ""
    )
    grammar = f"a duration such as `45 min` or `2 h`{', ' + unit if unit else ''}{', or `never`' if never else ''}"
    return parse, Form("duration", dump, grammar=grammar, schema=patterns.duration(never=never))


def _annotated_duration(multiple: int, *, never: bool = False) -> tuple[BeforeValidator, Form]:
    parse, form = _duration(multiple, never=never)
    return BeforeValidator(_required(parse)), form


_QUARTERS, _FIVES, _HOURS, _DAYS, _HOURS_OR_NEVER = (
    _annotated_duration(15),
    _annotated_duration(5),
    _annotated_duration(60),
    _annotated_duration(1440),
    _annotated_duration(60, never=True),
)
QuarterHours = Annotated[Duration | None, _QUARTERS[0], _QUARTERS[1]]
FiveMinutes = Annotated[Duration | None, _FIVES[0], _FIVES[1]]
WholeHours = Annotated[Duration | None, _HOURS[0], _HOURS[1]]
WholeDays = Annotated[Duration | None, _DAYS[0], _DAYS[1]]
HoursOrNever = Annotated[Duration | None, _HOURS_OR_NEVER[0], _HOURS_OR_NEVER[1]]

AWAY = Form(
    "dates",
    lambda v: [calendar.text_dates(d) for d in v],
    grammar="a list of dates: `2026-08-03`, `2026-08-03..2026-08-14`, `2026-08` or `2026`",
    schema={"type": "array", "items": patterns.DATES},
)
