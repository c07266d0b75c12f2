"""Lines of a given width: measuring, cutting, wrapping, and a place at the right edge. Nothing here knows a plan."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING
from unicodedata import combining, east_asian_width

from provisioner.kinds.values import escape, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.kinds.desired import Place

LEAST = 24
"""Columns that a value keeps even where the line is too narrow for it."""


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def quoted(text: str, room: int) -> str:
    """Text in quotation marks on one line, cut to so many columns; the cut says how long the text is."""
    room = max(room, LEAST)
    whole = quote(text, room)
    if columns(whole) <= room:
        return whole
    low, high = 0, min(len(text) - 1, room)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if columns(quote(text, middle)) <= room else (low, middle - 1)
    return quote(text, low)


def cut(text: str, room: int) -> str:
    """Text that is safe to print already, cut to so many columns."""
    room = max(room, LEAST)
    if columns(text) <= room:
        return text
    while columns(text) > room - 3:
        text = text[: min(len(text) - 1, room - 3)]
    return f"{text}..."


def wrapped(first: str, text: str, width: int, rest: str = "") -> list[str]:
    """Escaped text after `first`, broken at blanks; later lines begin with `rest`, by default as many blanks."""
    return folded(first, escape(text), width, rest)


def folded(first: str, safe: str, width: int, rest: str = "") -> list[str]:
    """The same for text that is escaped already."""
    if columns(first) + columns(safe) <= width:
        return [first + safe]
    if not safe.isascii():
        return _folded_wide(first, safe, width, rest or " " * len(first))
    # every line break is escaped by now, so what is wrapped is one paragraph
    return textwrap.wrap(
        safe,
        width,
        initial_indent=first,
        subsequent_indent=rest or " " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _folded_wide(first: str, safe: str, width: int, rest: str) -> list[str]:
    """The same by columns, of which some characters take two."""
    lines = [first]
    for word in safe.split():
        start = lines[-1] in (first, rest)
        joined = f"{lines[-1]}{word}" if start else f"{lines[-1]} {word}"
        if start or columns(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(rest + word)
    return lines


def flowed(first: str, names: Iterable[str], width: int) -> list[str]:
    """Names after `first`, with commas between; later lines stand below the first name."""
    lines = [first]
    for name in names:
        start = lines[-1] in (first, " " * len(first))
        joined = f"{lines[-1]}{name}" if start else f"{lines[-1]}, {name}"
        if columns(joined) < width or start:
            lines[-1] = joined
        else:
            lines[-1] += ","
            lines.append(" " * len(first) + name)
    return lines


def where(place: Place) -> str:
    """A place as it is printed: file and line."""
    return escape(str(place))


def placed(line: str, place: Place | None, width: int, indent: str = "  ") -> list[str]:
    """A line with its place at the right edge, or on a line of its own below when there is no room."""
    if place is None:
        return [line]
    text = where(place)
    gap = width - columns(line) - columns(text)
    return [f"{line}{' ' * gap}{text}"] if gap >= 2 else [line, f"{indent}# at {text}"]


def counted(count: int, one: str, many: str = "") -> str:
    """`1 write`, `2 writes`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
