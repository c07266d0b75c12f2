"""The changes of a plan as a list that opens: each with its reason, its fields, and where they are written.

All of it stands in the page as it is, so that it is read without a script, found by the browser, and printed.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import CREATE_DEFAULTS_NOTE
from provisioner.report.html.build import Html, join, tag
from provisioner.report.html.values import sides, where
from provisioner.report.html.weeks import hours
from provisioner.report.layout import counted
from provisioner.report.printed import FIRST, SYMBOLS, Document, Printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

BATCH = 100
"""Changes that are laid out together, and only when they come into view."""
OPEN = 12
"""A plan with so many changes is shown with all of them open."""
_WORDS = {
    "create": "will be created",
    "update": "will be updated in place",
    "delete": "will be destroyed",
    "adopt": "is live and will be remembered",
    "forget": "will be forgotten, and stays live",
}


def change_list(printed: Printed) -> Html:
    """Every change, what is lost first, under its account where there are several."""
    changes = printed.changes
    few = len(changes) <= OPEN
    numbers = {change["address"]: number for number, change in enumerate(changes)}
    headed = any(change["account"] for change in changes)
    parts: list[Html] = []
    rank = {action: number for number, action in enumerate((*FIRST, "adopt"))}
    for account, inside in groupby(changes, key=lambda change: change["account"]):
        title = [tag("h3", f"Account {account}" if account else "Parent account")] if headed else []
        parts.append(
            tag(
                "div",
                *title,
                *_batches(sorted(inside, key=lambda each: rank[each["action"]]), printed, numbers, few=few),
                class_="group",
            )
        )
    return tag("div", *parts, id="list")


def _batches(changes: Sequence[Document], printed: Printed, numbers: Mapping[str, int], *, few: bool) -> Iterator[Html]:
    risk = printed.risk
    for start in range(0, len(changes), BATCH):
        batch = changes[start : start + BATCH]
        yield tag(
            "div",
            *(_change(each, numbers[each["address"]], risk.get(each["address"]), few=few) for each in batch),
            class_="batch",
        )


def _change(change: Document, number: int, risk: Document | None, *, few: bool) -> Html:
    action = change["action"]
    opened = Html(" open") if few and action != "adopt" else Html()
    blocked = Html(' data-blocked="1"') if change["blocked"] else Html()
    attributes = join((
        Html(f'class="change {action}" id="c{number}" data-action="{action}" data-kind="'), change["kind"],
        Html('" data-account="'), change["account"], Html('"'), blocked, opened,
    ))  # fmt: skip
    body = join((_summary(change, risk), tag("div", *_body(change, risk), class_="body")))
    return Html(f"<details {attributes}>{body}</details>")


def _summary(change: Document, risk: Document | None) -> Html:
    names = [field["name"] for field in change["fields"]] if change["action"] == "update" else []
    marks = [tag("em", "blocked", class_="mark")] if change["blocked"] else []
    marks += [tag("em", counted(risk["count"], "appointment"), class_="mark")] if risk else []
    return tag(
        "summary",
        tag("b", SYMBOLS[change["action"]], class_="symbol", title=_WORDS[change["action"]]),
        tag("span", change["address"], class_="address"),
        *marks,
        tag("span", ", ".join(names), class_="names"),
        tag("span", where(change["place"]), class_="where"),
    )


def _body(change: Document, risk: Document | None) -> Iterator[Html]:
    known = f" (id {change['id']})" if change["id"] and not BY_NAME[change["kind"]].key_kinds else ""
    yield tag("p", f"It {_WORDS[change['action']]}{known}", f": {change['reason']}." if change["reason"] else ".")
    if change["goes_with"]:
        yield tag("p", f"Goes with {change['goes_with']}, without a write of its own.")
    if change["moved_from"]:
        yield tag("p", f"Its address was {change['moved_from']}.")
    if change["blocked"]:
        yield tag("p", tag("b", "Blocked: "), change["blocked"], class_="bad")
    elif change["hint"]:
        yield tag("p", change["hint"])
    if risk:
        allowed = "allowed" if risk["allowed"] else "not allowed"
        yield tag("p", f"{counted(risk['count'], 'future appointment')} would be stranded ({allowed}).", class_="bad")
    if change["fields"]:
        yield _fields(change["fields"], change)
    if change["unchanged"]:
        yield tag("p", f"{counted(change['unchanged'], 'field')} unchanged.", class_="soft")


def _fields(fields: Iterable[Document], change: Document) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", field["name"], scope="row"),
            tag("td", _sides(field, change), *_remarks(field)),
            tag("td", where(field["place"]), class_="where"),
        )
        for field in fields
    ]
    return tag("table", *rows)


def _sides(field: Document, change: Document) -> Html:
    before, after = field["before"], field["after"]
    return (hours(before, after) if change["kind"] == "hours" else None) or sides(before, after, change["action"])


def _remarks(field: Document) -> Iterator[Html]:
    if field["outside"]:
        yield tag("small", " moved outside" + (", and in the manifests" if field["both"] else ""))
    if field["default"]:
        yield tag("small", f" {CREATE_DEFAULTS_NOTE}")
