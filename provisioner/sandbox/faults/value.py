"""What a rule may say under a name, and what stands for it when nothing is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 86_400  # seconds; nobody waits for longer than a day


class Value(NamedTuple):
    """One name's values: their description, which follows "must be", the test, and the default."""

    meaning: str
    fits: Callable[[Any], bool]
    default: Any = None
    required: bool = False


def whole(low: int, high: int, default: int) -> Value:
    """Accept a whole number between two others, both included."""
    return Value(
        f"a whole number from {low} to {high}", lambda value: _is_whole(value) and low <= value <= high, default
    )


def number(low: float, high: float, default: float | None = None) -> Value:
    """Accept a number between two others, both included; without a default it has to be given."""
    return Value(
        f"a number from {low:g} to {high:g}",
        lambda value: (_is_whole(value) or isinstance(value, float)) and low <= value <= high,
        default,
        required=default is None,
    )


def seconds(default: float | None = None) -> Value:
    """Accept a length of time in seconds."""
    return number(0, LONGEST, default)


def flag(*, default: bool) -> Value:
    """Accept true and false."""
    return Value("true or false", lambda value: isinstance(value, bool), default)


def choice(default: str, *others: str) -> Value:
    """Accept one of a few words; the first is the default."""
    words = (default, *others)
    return Value(" or ".join(words), lambda value: value in words, default)


def status(default: int, first: int, last: int) -> Value:
    """Accept 200, or an HTTP status between two others, both included."""
    return Value(
        f"200, or a whole number from {first} to {last}",
        lambda value: _is_whole(value) and (value == 200 or first <= value <= last),
        default,
    )


def retry_after() -> Value:
    """Accept what a Retry-After header may hold: seconds, a date, or nonsense in one line of ASCII."""
    return Value(
        f"a whole number of seconds up to {LONGEST}, or a text such as a date",
        lambda value: value is None or (_is_whole(value) and 0 <= value <= LONGEST) or _is_line(value),
    )


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100 and value.isascii() and value.isprintable()


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
