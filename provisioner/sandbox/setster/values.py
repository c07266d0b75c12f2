"""What a field accepts: each function turns a written value into the stored one, or raises `UnfitError`."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


class UnfitError(ValueError):
    """A value that a field does not accept; the message is the reason, to follow the field's name."""


LARGEST = 2**63 - 1  # what SQLite can hold
_FLAGS = {"1": True, "true": True, "0": False, "false": False, "": False}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def text(value: Any) -> str:
    """Accept text, and numbers as their text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnfitError("must be text")
    written = str(value)
    if not written.isascii():
        written.encode()  # a lone surrogate cannot be stored; UnicodeEncodeError is a ValueError
    return written


def filled(value: Any) -> str:
    """Accept text that is not blank."""
    written = text(value)
    if not written.strip():
        raise UnfitError("must not be blank")
    return written


def email(value: Any) -> str:
    """Accept an e-mail address, loosely."""
    written = text(value).strip()
    if not _EMAIL.fullmatch(written):
        raise UnfitError("must be an e-mail address")
    return written


def flag(value: Any) -> bool:
    """Accept true and false, also as 1 and 0 and as text."""
    if isinstance(value, bool):
        return value
    known = _FLAGS.get(str(value).lower()) if isinstance(value, str | int) else None
    if known is None:
        raise UnfitError("must be true (1) or false (0)")
    return known


def whole(value: Any) -> int:
    """Accept a whole number, also as text, and a flag as 1 or 0."""
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return int(value.lower() == "true")
    try:
        number = int(value) if isinstance(value, str | int) else int(_integral(value))
    except (ValueError, OverflowError):
        raise UnfitError("must be a whole number") from None
    if abs(number) > LARGEST:
        raise UnfitError("is too large")
    return number


def _integral(value: Any) -> float:
    if not isinstance(value, float) or not value.is_integer():
        raise UnfitError
    return value


def number(value: Any) -> float:
    """Accept a number, also as text; whole ones stay whole, as in the vendor's samples."""
    try:
        return whole(value)
    except ValueError:
        return decimal(value)


def decimal(value: Any) -> float:
    """Accept a number, also as text, and keep it as a fraction."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UnfitError("must be a number")
    try:
        result = float(value)
    except (ValueError, OverflowError):
        raise UnfitError("must be a number") from None
    if not math.isfinite(result):
        raise UnfitError("must be a finite number")
    return result


def date(form: str, name: str) -> Callable[[Any], str]:
    """Accept a calendar date, or a moment, in one form, and return it with all of its noughts.

    `name` is the form in the vendor's words.
    """

    def accept(value: Any) -> str:
        written = text(value)
        try:
            found = datetime.strptime(written, form)  # noqa: DTZ007  a calendar date has no zone
        except ValueError:
            raise UnfitError(f"must be a date {name}") from None
        return found.strftime(form.replace("%Y", f"{found.year:04}"))

    return accept


def multiple_of(step: int, least: int = 0) -> Callable[[Any], int]:
    """Accept whole numbers in steps, from `least` on."""

    def accept(value: Any) -> int:
        result = whole(value)
        if result % step or result < least:
            raise UnfitError(f"must be a multiple of {step}, at least {least}")
        return result

    return accept


def one_of(choices: Collection[Any], accept: Callable[[Any], Any] = whole) -> Callable[[Any], Any]:
    """Accept only the choices."""

    def choose(value: Any) -> Any:
        result = accept(value)
        if result not in choices:
            raise UnfitError(f"must be one of {', '.join(map(str, choices))}")
        return result

    return choose


def matching(pattern: str, words: str) -> Callable[[Any], str]:
    """Accept text of certain characters, described by `words`."""
    compiled = re.compile(pattern)

    def accept(value: Any) -> str:
        written = text(value)
        if not compiled.fullmatch(written):
            raise UnfitError(words)
        return written

    return accept


def texts(value: Any) -> list[str]:
    """Accept a list of texts."""
    if not isinstance(value, list):
        raise UnfitError("must be a list")
    return [text(item) for item in value]
