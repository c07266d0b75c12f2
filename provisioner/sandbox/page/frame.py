"""What all pages have in common: the document around them, and headers that let it ask nobody for anything."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.responses import Response

from provisioner.sandbox.page.html import Html, join, link, tag
from provisioner.sandbox.page.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence


def page(title: str, *parts: str, trail: Sequence[Html] = (), rules: str = "", status: int = 200) -> Response:
    """Return a page; `rules` is CSS of its own, and `trail` are links to the pages above it."""
    style = STYLE + rules
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("title", f"{title} · Sandbox"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Html(f"<style>{style}</style>"),
    )
    note = tag("p", "Sandbox: nothing here is real", class_="note")
    way = tag("nav", tag("ul", *(tag("li", each) for each in trail)), aria_label="Up") if trail else Html()
    skip = link("#main", "To the content", class_="skip")
    body = tag("body", skip, tag("header", note, way, tag("h1", title)), tag("main", join(parts), id="main"))
    document = f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"
    # A name with half a character in it is shown with a question mark there.
    return Response(document.encode("utf-8", "replace"), status, _headers(style), "text/html; charset=utf-8")


def _headers(style: str) -> dict[str, str]:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    allowed = f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self'"
    return {
        "content-security-policy": f"{allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


def section(number: str, title: str, *parts: str) -> Html:
    """Return a part of a page with a heading, to which `#number` leads."""
    return tag("section", tag("h2", title, id=number), *parts)
