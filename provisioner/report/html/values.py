"""The values of a document as a page shows them: on one line, as flow YAML, with what is withheld said in words."""

from __future__ import annotations

from typing import Any

from provisioner.report import nested
from provisioner.report.fields import NOT_SHOWN
from provisioner.report.html.build import Html, join, tag, told, verbatim
from provisioner.report.printed import Document

_LONGEST = 2_000
"""Characters of one value: a page is looked at, and the JSON document has all of it."""
_WITHHELD = (({"sensitive": True}, "(sensitive value)"), ({"personal": True}, NOT_SHOWN))


def shown(value: Any) -> Html:
    """A value in the manifest's spelling."""
    for withheld, words in _WITHHELD:
        if value == withheld:
            return verbatim(words)
    if value == "":
        return verbatim('""')
    return told(_cut(value)) if isinstance(value, str) else verbatim(_cut(nested.text(value)))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"


def where(place: Document | None) -> str:
    """`studio.yaml:15:3`, or nothing."""
    if not place:
        return ""
    return f"{place['file']}:{place['line']}" + (f":{place['column']}" if place["column"] else "")


def sides(before: Any, after: Any, action: str) -> Html:
    """What a field is and what it will be; of lists and mappings, what differs inside."""
    if action != "update":
        return tag("ins", shown(after)) if action == "create" else tag("del", shown(before))
    if isinstance(before, list | dict) and type(before) is type(after) and not _withheld(before):
        parts = nested.parts(before, after)
        if parts:
            return join(_part(symbol, text) for symbol, text in parts)
    return join((tag("del", shown(before)), Html(" &rarr; "), tag("ins", shown(after))))


def _withheld(value: Any) -> bool:
    return any(value == each for each, _ in _WITHHELD)


def _part(symbol: str, text: str) -> Html:
    name = {"-": "del", "+": "ins"}.get(symbol, "span")
    return tag("div", tag("b", symbol), " ", tag(name, verbatim(_cut(text))))
