"""The row of filters above the changes. It is hidden until the script that serves it runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from provisioner.report.html.build import Html, tag
from provisioner.report.printed import Printed

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEYS = (("/", "filter"), ("j k", "next, previous"), ("Enter", "open"), ("Esc", "clear"))


def filters(printed: Printed) -> Html:
    """A text, and one choice each of action, kind and account."""
    changes = printed.changes
    search = tag("input", type="search", id="sought", autocomplete="off", placeholder="name, field, file ...")
    blocked = [tag("label", tag("input", type="checkbox", id="blocked"), " blocked only", class_="check")]
    return tag(
        "form",
        tag("label", "Filter ", search),
        _choice("action", (change["action"] for change in changes)),
        _choice("kind", (change["kind"] for change in changes)),
        _choice("account", (change["account"] for change in changes)),
        *(blocked if printed.document["counts"]["blocked"] else ()),
        tag("button", "open all", type="button", id="open"),
        tag("p", *(part for key, what in _KEYS for part in (tag("kbd", key), f" {what} ")), class_="keys"),
        tag("p", id="found", role="status"),
        id="filters",
        hidden="",
    )


def _choice(name: str, values: Iterable[str]) -> Html:
    """A list of what there is, with how many; nothing where there is no choice."""
    counts = Counter(values)
    if len(counts) < 2:
        return Html()
    options = [
        tag("option", f"{value or 'parent account'} ({count:,})", value=f"={value}")
        for value, count in sorted(counts.items())
    ]
    return tag("label", f"{name} ", tag("select", tag("option", "all", value=""), *options, id=name))
