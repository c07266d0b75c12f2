"""Scalars as a manifest spells them: each type's parser, its canonical spelling, and safe printing of any text.

A parser takes the text of a scalar, or a value that is typed already, and raises ValueError with one line: what is
wrong and what to write instead. For every value, parsing its canonical spelling gives the value back.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

# --- printing ---------------------------------------------------------------------------------------------------------

_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\"}


def quote(x: str, limit: int = 200) -> str:
    """Text in double quotes as JSON writes it, with nothing a terminal could act on; cut after `limit` characters."""
    shown = escape(x[:limit]).replace('"', '\\"')
    return f'"{shown}"' + _rest(x, limit)


def plain(x: str, limit: int = 200) -> str:
    """Text escaped as `quote` does it but without quotation marks, for names printed bare."""
    return escape(x[:limit]) + _rest(x, limit)


def escape(x: str) -> str:
    """Text with backslashes and every character that does not print (controls, bidi marks, odd spaces) escaped."""
    if x.isprintable() and "\\" not in x:
        return x
    return "".join(_escaped(char) for char in x)


def _escaped(char: str) -> str:
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if char.isprintable():
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _rest(x: str, limit: int) -> str:
    return f"... ({len(x)} characters)" if len(x) > limit else ""


def said(x: Any) -> str:
    """What a person wrote, as an error message names it: text in single quotes, null, a list, a mapping."""
    match x:
        case str():
            return f"'{plain(x, 60)}'"
        case None:
            return "null"
        case bool():
            return text_bool(x)
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return plain(str(x), 60)


def refused(x: Any, fault: str, remedy: object) -> ValueError:
    """The error for something that a person wrote: what it was, what is wrong with it, what to write instead."""
    return ValueError(f"{said(x)} {fault}: write {remedy}")


# --- text -------------------------------------------------------------------------------------------------------------

# Unicode's Cc but for line break and tab, and Cs (halves of surrogate pairs): neither can grow (Unicode's policy of
# stability). One expression, as a text may be a million characters long.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def parse_text(x: Any) -> str:
    """Any text without control characters; line breaks and tabs may stay."""
    if not isinstance(x, str):
        raise refused(x, "is not text", "one such as Haircut")
    if found := _CONTROL.search(x):
        control = f"U+{ord(found[0]):04X}"
        raise ValueError(f"{said(x)} has the control character {control} as character {found.end()}: remove it")
    return x


def _written(x: Any, what: str, example: str) -> str:
    """The text of a scalar, or an error that names what was expected in place of a null, a list or a mapping."""
    if not isinstance(x, str):
        raise refused(x, f"is not {what}", example)
    return x


# --- booleans and whole numbers ---------------------------------------------------------------------------------------

_TRUTHS = {"true": True, "false": False}
_YES, _NO = {"yes", "y", "on", "1", "t", "true"}, {"no", "n", "off", "0", "f", "false"}


def parse_bool(x: Any) -> bool:
    """True or false, which a manifest spells `true` and `false` and in no other way."""
    if isinstance(x, bool):
        return x
    text = _written(x, "true or false", "true or false")
    if text in _TRUTHS:
        return _TRUTHS[text]
    loose = text.strip().lower()
    remedy = "true" if loose in _YES else "false" if loose in _NO else "true or false"
    raise refused(x, "is not true or false", remedy)


def text_bool(value: bool) -> str:
    """The manifest's spelling of a boolean."""
    return "true" if value else "false"


def parse_int(x: Any) -> int:
    """A whole number in plain decimal digits, at most 18 of them, with a minus if it is negative."""
    if isinstance(x, int) and not isinstance(x, bool):
        return x
    text = _written(x, "a whole number", "digits, for example 5")
    if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text):
        return int(text)
    guess = _guess_int(text)
    remedy = "digits, for example 5" if guess is None else str(guess)
    raise refused(x, "is not a whole number in plain digits", remedy)


def text_int(value: int) -> str:
    """The manifest's spelling of a whole number."""
    return str(int(value))


def _guess_int(text: str) -> int | None:
    bare = re.sub(r"[\s_,']", "", unicodedata.normalize("NFKC", text))
    if re.fullmatch(r"0[xXoObB][0-9a-fA-F]{1,15}", bare):
        return _int_or_none(bare)
    number = _finite(bare)
    return int(number) if number is not None and number == int(number) else None


def _int_or_none(text: str) -> int | None:
    try:
        return int(text, 0)
    except ValueError:
        return None


def _finite(text: str) -> Decimal | None:
    """A decimal number of sane size (an exponent may not make a remedy of a million digits)."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and -9 < number.adjusted() < 18 else None


# --- money ------------------------------------------------------------------------------------------------------------

_MONEY = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,4})?")


def parse_money(x: Any) -> Decimal:
    """An exact amount, not negative, of at most 12 digits and 4 decimals; the currency is the account's."""
    if isinstance(x, Decimal) or type(x) is int:
        return _checked_amount(Decimal(x))
    text = _written(x, "an amount", "one such as 30 or 30.50")
    if _MONEY.fullmatch(text):
        return Decimal(text)
    guess = _guess_money(text)
    fault = _money_fault(text, understood=bool(guess))
    raise refused(x, fault, guess or "one such as 30 or 30.50")


def text_money(value: Decimal) -> str:
    """The shortest exact spelling of an amount: whole, or with two decimals and more only where they count."""
    whole, _, decimals = f"{value or abs(value):f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals:0<2}" if decimals else whole


def _checked_amount(value: Decimal) -> Decimal:
    if not value.is_finite() or value.adjusted() > 18 or not _MONEY.fullmatch(text_money(abs(value))):
        raise refused(value, "is no amount of at most 12 digits and 4 decimals", "one such as 30 or 30.50")
    if value < 0:
        raise refused(value, "is negative", f"0 or more, for example {text_money(-value)}")
    return value


def _money_fault(text: str, *, understood: bool) -> str:
    if re.match(r"\s*-\s*[0-9.]", text):
        return "is negative"
    if re.fullmatch(r"[0-9.]+", text) and not understood:
        return "is no amount of at most 12 digits and 4 decimals"
    if re.fullmatch(r"[0-9.,_' ]*[0-9][0-9.,_' ]*(?:[eE][+-]?[0-9]+)?", text):
        return "is no plain amount (digits, a point before the decimals, nothing between thousands)"
    return "is more than a number (the currency is the account's)" if understood else "is not an amount"


def _guess_money(text: str) -> str | None:
    """The amount meant by `$30`, `1,000.50`, `30,5` or `.5`."""
    bare = re.sub(r"^[^0-9.]+|[^0-9.]+$", "", text)
    bare = re.sub(r"[\s_']|,(?=[0-9]{3}(?![0-9]))", "", bare)
    number = _finite(re.sub(r",(?=[0-9]{1,2}$)", ".", bare))
    spelled = "" if number is None else text_money(number)
    return spelled if _MONEY.fullmatch(spelled) else None


# --- durations --------------------------------------------------------------------------------------------------------

_UNITS = {"d": 1440, "h": 60, "min": 1}
_DURATION = re.compile(r"(?:({0}) *d)?(?: *({0}) *h)?(?: *({0}) *min)?".format("0|[1-9][0-9]{0,5}"))
_LOOSE_PART = re.compile(r"(?<![0-9.,])([0-9]{1,6}(?:\.[0-9]{1,4})?)(?![0-9.,])\s*([a-z]*)")
_LOOSE_UNITS = {
    1: "m min mins minute minutes",
    60: "h hr hrs hour hours",
    1440: "d day days",
    10080: "w wk wks week weeks",
}


class Duration(int):
    """A length of time in minutes, which prints as a manifest spells it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return text_duration(self)

    __str__ = __repr__


def parse_duration(x: Any) -> Duration:
    """A duration from `45 min`, `2 h`, `1 d` or a sum of them in that descending order, each unit once."""
    if isinstance(x, Duration) and x >= 0:
        return x
    text = _written(str(int(x)) if type(x) in (int, Duration) else x, "a duration", "one such as 45 min")
    found = _DURATION.fullmatch(text)
    if found and any(found.groups()):
        days, hours, minutes = (int(part or 0) for part in found.groups())
        return Duration(days * 1440 + hours * 60 + minutes)
    guess = _guess_duration(text)
    raise refused(text, _duration_fault(text), "one such as 45 min" if guess is None else guess)


def text_duration(value: int) -> str:
    """The manifest's spelling of a number of minutes: days, hours and minutes, those that are not zero."""
    left, parts = abs(int(value)), []
    for unit, minutes in _UNITS.items():
        count, left = divmod(left, minutes)
        if count:
            parts.append(f"{count} {unit}")
    return ("-" if value < 0 else "") + (" ".join(parts) or "0 min")


def check_multiple(value: Duration, minutes: int) -> Duration:
    """The duration itself if it is a multiple of so many minutes; the error names its nearest neighbours."""
    if value % minutes == 0:
        return value
    below = value - value % minutes
    choices = [text_duration(each) for each in (below, below + minutes) if each > 0]
    wanted = {60: "whole hours", 1440: "whole days"}.get(minutes, f"a multiple of {text_duration(minutes)}")
    raise ValueError(f"{text_duration(value)} is not {wanted}: write {' or '.join(choices)}")


def _duration_fault(text: str) -> str:
    if re.fullmatch(r"\s*[0-9]+(\.[0-9]+)?\s*", text):
        return "has no unit"
    if re.match(r"\s*-\s*[0-9]", text):
        return "is negative"
    units = re.findall(r"\d\s*(d|h|min)\b", text)
    if len(set(units)) < len(units):
        return "names a unit twice"
    if units != sorted(units, key=list(_UNITS).index):
        return "has its units out of order"
    return "is not a duration"


def _guess_duration(text: str) -> Duration | None:
    """The duration that was probably meant: `90m`, `1.5 hours`, `1h30`, `1:30`, a bare number of minutes."""
    loose = re.sub(r"([0-9]+):([0-9]{2})(?![0-9:])", r"\1h\2", text[:80].lower())
    parts = _LOOSE_PART.findall(loose)
    if not parts or len(parts) < len(re.findall(r"[0-9.,]+", loose)):
        return None
    each = [Decimal(number) * _minutes_in(unit) for number, unit in parts]
    total = sum(each)
    return Duration(total) if all(_minutes_in(unit) for _, unit in parts) and total == int(total) else None


def _minutes_in(unit: str) -> int:
    """How many minutes a loosely spelled unit has; one for none, 0 for an unknown one."""
    return next((minutes for minutes, names in _LOOSE_UNITS.items() if unit in names.split()), 0) if unit else 1


# --- addresses of people and pages ------------------------------------------------------------------------------------

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(rf"[^@\s,;:<>()\[\]\"\\]{{1,64}}@(?:{_LABEL}\.)+{_LABEL}")
_HOST = rf"(?:(?:{_LABEL}\.)+[^\W\d_][\w-]*[^\W_]|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})"
_URL_TAIL = r"(?::[0-9]{1,5})?(?:[/?#][^\s\\<>\"]*)?"
_URL = re.compile(rf"(?:https?://(?:{_HOST}|localhost|\[[0-9a-f:.]+\])|{_HOST}){_URL_TAIL}", re.IGNORECASE)


def parse_email(x: Any) -> str:
    """An e-mail address: one @, a dot in the domain, no spaces; whether it exists is not asked."""
    text = _written(x, "an e-mail address", "one such as ana@example.com")
    if len(text) <= 254 and text.isprintable() and _EMAIL.fullmatch(text):
        return text
    inner = re.fullmatch(r"(?:[^<>]*<|\s*mailto:|\s*)([^\s<>@]+@[^\s<>@]+)[>\s]*", text)
    guess = inner[1] if inner and _EMAIL.fullmatch(inner[1]) and inner[1].isprintable() else None
    raise refused(text, "is not an e-mail address", guess or "one such as ana@example.com")


def parse_url(x: Any) -> str:
    """A web address: http or https, or a bare host such as www.example.com/x, without spaces or credentials."""
    text = _written(x, "a web address", "one such as https://www.example.com/book")
    if len(text) <= 2048 and text.isprintable() and _URL.fullmatch(text):
        return text
    if re.search(r"//[^/?#]*@", text):  # not repeated: what stands before the @ may be a password
        raise ValueError("the web address carries a user name: write it without, such as https://www.example.com/book")
    raise refused(text, _url_fault(text), _guess_url(text) or "one such as https://www.example.com/book")


def _url_fault(text: str) -> str:
    scheme = re.match(r"\s*([a-zA-Z][a-zA-Z0-9+-]*):", text)
    if len(text) > 2048:
        return "is longer than a web address may be (2048 characters)"
    if scheme and scheme[1].lower() not in ("http", "https", "localhost"):
        return f"has the scheme {scheme[1].lower()}:, and only http and https are allowed"
    return "is not a web address"


def _guess_url(text: str) -> str | None:
    """The address without blanks around it, or with the scheme that `//host` and `localhost:8080` lack."""
    bare = text.strip() if len(text) < 200 else ""
    guesses = (bare, f"https:{bare}", f"http://{bare}")
    return next((guess for guess in guesses if guess.isprintable() and _URL.fullmatch(guess)), None)


# --- keys -------------------------------------------------------------------------------------------------------------

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "þ": "th"})


def parse_key(x: Any, reserved: Collection[str] = ()) -> str:
    """A person's own name for a resource: up to 63 of a-z, 0-9, _ and -, and neither `all` nor a reserved word."""
    text = _written(x, "a key", "one such as downtown")
    if text == "all" or text in reserved:
        raise refused(text, "is reserved and no key", f"another, such as {text[:61]}-1")
    if _KEY.fullmatch(text):
        return text
    guess = slug(text)
    if guess == "all" or guess in reserved:
        guess = f"{guess[:61]}-1"
    raise refused(text, "is no key", guess or "a-z, 0-9, _ and -, for example downtown")


def slug(x: str) -> str:
    """Text made into a key (`Acme West` to `acme-west`); empty when it has no letter or digit to keep."""
    folded = unicodedata.normalize("NFKD", x.lower().translate(_LETTERS))
    ascii_only = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9_]+", "-", ascii_only).lstrip("-_")[:63].rstrip("-_")


# --- limits -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """How many objects a run may touch: a count, a percentage of those there are, or the stricter of both."""

    count: int | None = None
    percent: Decimal | int | None = None

    def __post_init__(self) -> None:
        if self.count is None and self.percent is None:
            raise ValueError("a limit needs a number or a percentage: write 10, 30% or [10, 30%]")

    def __str__(self) -> str:
        text = text_limit(self)
        return text if isinstance(text, str) else f"[{', '.join(text)}]"

    def allows(self, n: int, total: int) -> bool:
        """Whether touching n of `total` objects stays within the limit."""
        within_count = self.count is None or n <= self.count
        return within_count and (self.percent is None or n * 100 <= self.percent * total)


def parse_limit(x: Any) -> Limit:
    """A limit from `10`, `30%`, or a list with one of each."""
    if isinstance(x, Limit):
        return x
    parts = [_limit_part(each) for each in (x if isinstance(x, (list, tuple)) else [x])]
    counts = [part for part in parts if isinstance(part, int)]
    percents = [part for part in parts if isinstance(part, Decimal)]
    if not parts or len(counts) > 1 or len(percents) > 1:
        raise ValueError("a limit is one number, one percentage or one of each: write 10, 30% or [10, 30%]")
    return Limit(counts[0] if counts else None, percents[0] if percents else None)


def text_limit(value: Limit) -> str | list[str]:
    """The manifest's spelling of a limit: one text, or a list when it is a count and a percentage."""
    texts = [] if value.count is None else [str(value.count)]
    if value.percent is not None:
        whole, _, decimals = f"{Decimal(value.percent):f}".partition(".")
        texts.append(f"{whole}.{decimals.rstrip('0')}".rstrip(".") + "%")
    return texts[0] if len(texts) == 1 else texts


def _limit_part(x: Any) -> int | Decimal:
    """One part of a limit: a count as int, a percentage as Decimal."""
    text = _written(str(x) if type(x) is int else x, "a limit", "10, 30% or [10, 30%]")
    if re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        return int(text)
    if re.fullmatch(r"(?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,4})?%", text):
        return _percentage(text)
    raise refused(text, "is not a limit", _limit_remedy(text))


def _percentage(text: str) -> Decimal:
    value = Decimal(text[:-1])
    if value > 100:
        raise refused(text, "is more than everything", "100% or less")
    return value


def _limit_remedy(text: str) -> str:
    parts = re.findall(r"([0-9]+(?:\.[0-9]+)?)\s*(%|percent\b)?", text[:80])
    spelled = [str(Limit(percent=Decimal(number))) if sign else number for number, sign in parts]
    if len(spelled) == 1 and re.fullmatch(r"0?\.[0-9]{1,4}", text):
        return str(Limit(percent=(Decimal(text) * 100).normalize()))
    if len(spelled) == 1 and re.fullmatch(r"0|[1-9][0-9]*|.*%", spelled[0]) and not text.startswith("-"):
        return spelled[0]
    if len(spelled) == 2 and parts[1][1] and "." not in spelled[0]:
        return f"[{', '.join(spelled)}]"
    return "10, 30% or [10, 30%]"
