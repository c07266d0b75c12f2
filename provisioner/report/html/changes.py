"""The changes of a plan as data for the script of the page, and as a plain list for who runs none.

Thousands of changes are more than a browser lays out at once: the script builds those that come into view, from text
alone. Nothing in the data is markup, and nothing that does not print is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import CREATE_DEFAULTS_NOTE
from provisioner.kinds.values import escape
from provisioner.report.html.build import Html, data, tag, verbatim
from provisioner.report.html.values import pieces, where
from provisioner.report.html.weeks import tables
from provisioner.report.layout import counted
from provisioner.report.printed import FIRST, SYMBOLS, Document, Printed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORDS = {
    "create": "will be created",
    "update": "will be updated in place",
    "delete": "will be destroyed",
    "adopt": "is live and will be remembered",
    "forget": "will be forgotten, and stays live",
}
_RANK = {action: number for number, action in enumerate((*FIRST, "adopt"))}


def change_list(printed: Printed) -> Html:
    """Every change, by account, what is lost first: the data, where the script puts it, and the list without one."""
    risk = printed.risk
    accounts = {account: number for number, account in enumerate(dict.fromkeys(c["account"] for c in printed.changes))}
    numbered = sorted(
        enumerate(printed.changes), key=lambda each: (accounts[each[1]["account"]], _RANK[each[1]["action"]])
    )
    entries = [_entry(number, change, risk.get(change["address"])) for number, change in numbered]
    plain = tag("noscript", tag("ul", *(_line(entry) for entry in entries), class_="plain-list"))
    return tag("div", data("data", entries), tag("div", id="list"), plain)


def _entry(number: int, change: Document, risk: Document | None) -> Mapping[str, Any]:
    """One change, by keys of one letter; what is empty is left out."""
    fields = [_field(field, change) for field in change["fields"]]
    entry = {
        "i": number,
        "a": change["action"],
        "n": escape(change["address"]),
        "c": escape(change["name"] or ""),
        "s": escape(change["account"]),
        "k": change["kind"],
        "w": escape(where(change["place"])),
        "m": [*(["blocked"] if change["blocked"] else []), *([counted(risk["count"], "appointment")] if risk else [])],
        "b": bool(change["blocked"]),
        "l": [*_lines(change, risk)],
        "f": fields,
        "u": change["unchanged"],
    }
    return {key: value for key, value in entry.items() if value or key == "i"}


def _lines(change: Document, risk: Document | None) -> Iterator[tuple[str, str]]:
    """What is said of it in sentences, each with how it is set off."""
    known = f" (id {change['id']})" if change["id"] and not BY_NAME[change["kind"]].key_kinds else ""
    why = f": {change['reason']}." if change["reason"] else "."
    yield "", escape(f"It {_WORDS[change['action']]}{known}{why}")
    if change["goes_with"]:
        yield "", escape(f"Goes with {change['goes_with']}, without a write of its own.")
    if change["moved_from"]:
        yield "", escape(f"Its address was {change['moved_from']}.")
    if change["blocked"]:
        yield "bad", escape(f"Blocked: {change['blocked']}")
    elif change["hint"]:
        yield "", escape(change["hint"])
    if risk:
        allowed = "allowed" if risk["allowed"] else "not allowed"
        yield "bad", f"{counted(risk['count'], 'future appointment')} would be stranded ({allowed})."


def _field(field: Document, change: Document) -> Mapping[str, Any]:
    before, after = field["before"], field["after"]
    weeks = [*tables(before, after)] if change["kind"] == "hours" else []
    told = {
        "n": field["name"],
        "p": [] if weeks else [*pieces(before, after, change["action"])],
        "t": weeks,
        "r": "; ".join(_remarks(field)),
        "w": escape(where(field["place"])),
    }
    return {key: value for key, value in told.items() if value}


def _remarks(field: Document) -> Iterator[str]:
    if field["outside"]:
        yield "moved outside" + (", and in the manifests" if field["both"] else "")
    if field["default"]:
        yield CREATE_DEFAULTS_NOTE


def _line(entry: Mapping[str, Any]) -> Html:
    """A change on one line; its fields stand in the text at the end of the page."""
    names = ", ".join(field["n"] for field in entry.get("f", ())) if entry["a"] == "update" else ""
    told = " ".join(
        filter(
            None, [SYMBOLS[entry["a"]], entry["n"], entry.get("c", ""), *entry.get("m", ()), names, entry.get("w", "")]
        )
    )
    return Html(f'<li id="c{entry["i"]}">{verbatim(told)}</li>')
