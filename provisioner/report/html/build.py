"""HTML that cannot be broken out of: text is escaped where it is put in, and only what was built here is not."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from provisioner.kinds.values import escape as visible

if TYPE_CHECKING:
    from collections.abc import Iterable

_EMPTY = frozenset({"meta", "link", "input"})
_SHAPES = frozenset({"rect", "path"})
"""Elements of SVG, where only a slash ends what has no content."""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def told(text: str) -> Html:
    """Text of somebody else's: what does not print, or turns a line around, is spelled, and nothing is markup."""
    return Html(escape(visible(text)))


def verbatim(text: str) -> Html:
    """Text of ours, in which what does not print is spelled already; its lines stay lines."""
    if not text.replace("\n", "").isprintable():
        text = "\n".join(line if line.isprintable() else visible(line) for line in text.split("\n"))
    return Html(escape(text))


def data(name: str, value: object) -> Html:
    """Values for the script of the page: no text in them can end the element that they stand in."""
    text = json.dumps(value, separators=(",", ":"))  # ASCII only
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Html(f'<script type="application/json" id="{name}">{text}</script>')


def tag(name: str, /, *parts: str, **attributes: str | float | None) -> Html:
    """An element; `class_` is written class, `data_x` data-x, and an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{value if isinstance(value, Html) else told(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _SHAPES:
        return Html(f"<{name}{written}/>")
    start = f"<{name}{written}>"
    return Html(start if name in _EMPTY else f"{start}{join(parts)}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Pieces one after the other; what is not HTML yet is escaped."""
    return Html(between.join(part if isinstance(part, Html) else told(part) for part in parts))


def section(name: str, title: str, *parts: str) -> Html:
    """A part of the page under a heading of its own, or nothing where it would be empty."""
    if not any(parts):
        return Html()
    return tag("section", tag("h2", title, id=f"{name}-title"), *parts, id=name, aria_labelledby=f"{name}-title")
