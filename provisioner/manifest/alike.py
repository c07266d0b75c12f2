"""When problems of many rows are one problem: their sentences differ only in what the rows hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from provisioner.manifest.rows.row import RowPlace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from provisioner.kinds.desired import Place

_LISTED = 8
"""Rows that are named beside the first."""
_REMEDY = re.compile(r": (?:format the column as Text and )?(?:write|did you mean|there are) [^;]*")
_QUOTED = re.compile(r"(?<!\w)'.*?'(?!\w)|\"(?:[^\"\\]|\\.)*\"")
_VARIES = re.compile(r"[\w.-]*/[\w./-]*|[0-9]+")
_SHORTEST = 3
"""Characters of a cell that is looked for where it is not quoted; a shorter one is a part of too many words."""


def likeness(place: Place, message: str) -> Hashable:
    """What the problems of a template's text have in common in all rows; None for what is of no single row."""
    columns = place.origin.columns.get(place.mark) if isinstance(place, RowPlace) else None
    if columns is None or not isinstance(place, RowPlace):
        return None
    return place.written, columns, cause(message, (cell for cell in place.origin.row.cells if cell))


def cause(message: str, cells: Iterable[str] = ()) -> str:
    """A sentence without its remedy, and without what it quotes, counts and names."""
    text = _QUOTED.sub("'", _REMEDY.sub("", message))
    for cell in sorted({str(cell) for cell in cells if len(cell) >= _SHORTEST}, key=len, reverse=True):
        text = text.replace(cell, "'")
    return _VARIES.sub("0", text)


def and_more(lines: Sequence[int]) -> str:
    """What is said of the other rows behind the sentence of the first; "" when there is none."""
    if len(lines) < 2:
        return ""
    count = len(lines) - 1
    others = [f"{line}" for line in dict.fromkeys(lines) if line != lines[0]]
    listed = f": {', '.join(others[:_LISTED])}" if others else ""
    return f" (and {count:,} more row{'s' if count > 1 else ''}{listed}{', ...' if len(others) > _LISTED else ''})"
