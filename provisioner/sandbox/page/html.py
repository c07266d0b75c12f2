"""HTML that cannot be broken out of: text is escaped where it is put in, and only what was built here is not."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EMPTY = frozenset({"img", "link", "meta"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *parts: str, **attributes: str | None) -> Html:
    """Build an element; `class_` is written class, `data_x` data-x, and an attribute that is None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    start = f"<{name}{written}>"
    return Html(start if name in _EMPTY else f"{start}{join(parts)}</{name}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Put pieces one after the other; what is not HTML yet is escaped."""
    return Html(between.join(part if isinstance(part, Html) else escape(part) for part in parts))


def link(target: str, text: str, **attributes: str | None) -> Html:
    """Build a link; its target is one of ours."""
    return tag("a", text, href=target, **attributes)


def table(caption: str, headings: Sequence[str], rows: Sequence[Sequence[str]], class_: str | None = None) -> Html:
    """Build a table whose first column names the row; narrow screens show each row as a card."""
    head = tag("tr", *(tag("th", heading, scope="col") for heading in headings))
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(tag("td", cell, data_of=heading) for heading, cell in zip(headings[1:], row[1:], strict=True)),
        )
        for row in rows
    ]
    return tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body), class_=class_)
