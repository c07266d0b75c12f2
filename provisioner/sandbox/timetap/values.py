"""What a field accepts: each function returns the value as it is stored, or raises ValueError with the reason.

Assumption: the types of the page's table are meant strictly, as a typed server does: a number in quotes is no number.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 2**31 - 1
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def text(value: Any) -> str:
    """Accept text."""
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004  one error for every value that does not fit
    return value


def whole(value: Any) -> int:
    """Accept a whole number of 32 bits."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST:
        raise ValueError("must be a whole number")
    return value


def at_least(least: int) -> Callable[[Any], int]:
    """Accept a whole number from a least one on."""

    def accept(value: Any) -> int:
        if whole(value) < least:
            raise ValueError(f"must be {least} or more")
        return whole(value)

    return accept


def flag(value: Any) -> bool:
    """Accept true and false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004  see `text`
    return value


def military(value: Any) -> int:
    """Accept a time of day in military format: 930 is 09:30."""
    hours, minutes = divmod(whole(value), 100)
    if not 0 <= hours <= 23 or minutes > 59:
        raise ValueError("must be a time in military format from 0 to 2359")
    return whole(value)


def day(value: Any) -> str:
    """Accept a calendar date written as YYYY-MM-DD."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("must be a date written as YYYY-MM-DD")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a date of the calendar") from None
    return value


def one_of(*choices: str) -> Callable[[Any], str]:
    """Accept one of a few words."""

    def accept(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return accept


def thing(value: Any) -> dict[str, Any]:
    """Accept an object."""
    if not isinstance(value, dict):
        raise ValueError("must be an object")  # noqa: TRY004  see `text`
    return value


def reference(name: str) -> Callable[[Any], dict[str, Any]]:
    """Accept an object that says at least its id, under this name.

    Assumption: the sandbox knows no staff, locations, reasons or clients, so any id is one, and reads show the object
    as it was written.
    """

    def accept(value: Any) -> dict[str, Any]:
        try:
            at_least(1)(thing(value).get(name))
        except ValueError:
            raise ValueError(f"must be an object with a {name}") from None
        return thing(value)

    return accept


def list_of(accept: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """Accept an array of values."""

    def accept_all(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("must be an array")  # noqa: TRY004  see `text`
        return [accept(each) for each in value]

    return accept_all
