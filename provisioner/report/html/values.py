"""The values of a document as a page shows them: on one line, as flow YAML, with what is withheld said in words.

What is shown of a field are *pieces*: a text, each with what it is, `-` for what goes, `+` for what comes. All of it is
text; nothing in a piece is markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provisioner.kinds.values import escape
from provisioner.report import nested
from provisioner.report.fields import NOT_SHOWN
from provisioner.report.printed import Document

Piece = tuple[str, str]
_LONGEST = 2_000
"""Characters of one value: a page is looked at, and the JSON document has all of it."""
_WITHHELD = (({"sensitive": True}, "(sensitive value)"), ({"personal": True}, NOT_SHOWN))


def shown(value: Any) -> str:
    """A value in the manifest's spelling, with nothing in it that does not print."""
    for withheld, words in _WITHHELD:
        if value == withheld:
            return words
    if value == "":
        return '""'
    return _cut(escape(value) if isinstance(value, str) else nested.text(value))


def where(place: Document | None) -> str:
    """`studio.yaml:15:3`, or nothing."""
    if not place:
        return ""
    return f"{place['file']}:{place['line']}" + (f":{place['column']}" if place["column"] else "")


def pieces(before: Any, after: Any, action: str) -> Iterator[Piece]:
    """What a field is and what it will be; of lists and mappings, what differs inside."""
    if action == "create":
        yield "+", shown(after)
    elif action != "update":
        yield "-", shown(before)
    elif inner := _inside(before, after):
        for symbol, text in inner:
            yield symbol, _cut(text)
    else:
        yield from (("-", shown(before)), ("", " \N{RIGHTWARDS ARROW} "), ("+", shown(after)))


def _inside(before: Any, after: Any) -> list[Piece]:
    if not isinstance(before, list | dict) or type(before) is not type(after):
        return []
    return [] if any(before == each for each, _ in _WITHHELD) else nested.parts(before, after)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"
