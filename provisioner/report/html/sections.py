"""The other parts of the page: what is dangerous, what moved outside, appointments, calls, notes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from provisioner.report.html.build import Html, join, tag, verbatim
from provisioner.report.html.values import shown, where
from provisioner.report.layout import counted
from provisioner.report.printed import SYMBOLS, Document, Printed
from provisioner.report.stranded import Stranded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 2_000
"""Calls, and appointments of one change, that are listed; the JSON document has all of them."""
_COLUMNS = ("applied", "live", "then", "where")
"""Of what moved outside; where there is no room for columns, each cell has its name before it."""
_PARTS = 6
"""Parts of a call that are named."""


def alarm(printed: Printed) -> Html:
    """What cannot be taken back, and what holds the plan back."""
    gone = printed.document["counts"]["delete"]
    lines = [printed.ending] if printed.ending else []
    lines += [f"{counted(gone, 'resource')} will be destroyed."] if gone else []
    if printed.starts:
        lines.append(f"{counted(len(printed.starts), 'booked appointment')} at risk.")
    if blocked := printed.document["counts"]["blocked"]:
        lines.append(f"{counted(blocked, 'change')} blocked: nothing will be applied.")
    return tag("div", *(tag("p", line) for line in lines), class_="alarm", role="alert") if lines else Html()


def outcome(printed: Printed) -> Html:
    """What became of it."""
    return tag("pre", verbatim(printed.outcome), tabindex="0") if printed.outcome else Html()


def appointments(printed: Printed) -> Html:
    """Who booked is not said: ids and times are."""
    starts, document = printed.starts, printed.document["appointments"]
    if not starts:
        return Html()
    year = datetime.fromisoformat(document["read_at"]).year
    rows = [
        tag(
            "tr",
            tag("th", each["address"], scope="row"),
            tag("td", "allowed" if each["allowed"] else tag("b", "not allowed")),
            tag("td", join(_times(each, starts, Stranded(year)))),
        )
        for each in document["by_change"]
    ]
    return tag("div", tag("table", *rows, class_="plain"), class_="scroll", tabindex="0")


def _times(each: Document, starts: Mapping[str, str | None], told: Stranded) -> Iterator[Html]:
    for id_ in each["ids"][:MOST]:
        start = starts.get(id_)
        when = told.when(datetime.fromisoformat(start)) if start else "at a time not readable"
        yield tag("div", f"{when} (id {id_})")
    if each["count"] > MOST:
        yield tag("div", f"and {each['count'] - MOST:,} more")


def drift(printed: Printed) -> Html:
    """What moved outside: what was applied, what is live, and what becomes of it."""
    changes = {change["address"]: change for change in printed.changes}
    rows = [row for address in printed.document["drift"] for row in _drifted(changes[address])]
    rows += [row for left in printed.document["not_put_back"] for row in _left(left)]
    if not rows:
        return Html()
    head = tag("tr", *(tag("th", name, scope="col") for name in ("what", *_COLUMNS)), class_="head")
    return tag("div", tag("table", head, *rows, class_="plain"), class_="scroll", tabindex="0")


def _drifted(change: Document) -> Iterator[Html]:
    if change["action"] == "create":
        yield _row(change["address"], "there", "deleted outside", "will be created again", where(change["place"]))
        return
    for field in change["fields"]:
        if field["outside"]:
            fate = "set to what the manifest says by now" if field["both"] else "put back"
            name = f"{change['address']} {field['name']}"
            yield _row(
                name, verbatim(shown(field["applied"])), verbatim(shown(field["before"])), fate, where(field["place"])
            )


def _left(left: Document) -> Iterator[Html]:
    names = "deleted outside" if left["gone"] else ", ".join(left["fields"])
    yield _row(left["address"], "", names, f"not put back: {left['reason']}", "")


def _row(what: str, *cells: str) -> Html:
    named = zip(_COLUMNS, cells, strict=True)
    return tag("tr", tag("th", what, scope="row"), *(tag("td", cell, data_label=name) for name, cell in named))


def calls(printed: Printed) -> Html:
    """The requests that an apply sends, in their order, each with what it waits for."""
    every = printed.document["calls"]
    if not every:
        return Html()
    numbers = {call["id"]: number for number, call in enumerate(every, 1)}
    items = [tag("li", *_call(call, numbers)) for call in every[:MOST]]
    more = [tag("p", f"and {len(every) - MOST:,} more: the JSON document has all of them")] if len(every) > MOST else []
    title = tag("summary", f"{counted(len(every), 'request')}; {printed.effort}")
    return tag("details", title, tag("ol", *items, class_="calls"), *more)


def _call(call: Document, numbers: Mapping[str, int]) -> Iterator[str]:
    yield tag("b", call["effect"])
    names = [f"{part['address']}{' ' + part['name'] if part['name'] else ''}" for part in call["parts"]]
    more = f" and {len(names) - _PARTS} more" if len(names) > _PARTS else ""
    yield f" {', '.join(names[:_PARTS])}{more}"
    waits = sorted(numbers[need] for need in call["needs"] if need in numbers)
    if waits:
        shown_ = ", ".join(map(str, waits[:_PARTS])) + (" ..." if len(waits) > _PARTS else "")
        yield tag("small", f" waits for {shown_}")


def notes(printed: Printed) -> Html:
    """What should be known beside the changes."""
    every = printed.document["notes"]
    return tag("ul", *(tag("li", note) for note in every)) if every else Html()


def undone(printed: Printed) -> Html:
    """Where it takes a run back: what stays as it is, and what does not come back."""
    undo = printed.document.get("undo")
    if not undo:
        return Html()
    lines = [(each, "left alone" if not each.get("goes", True) else "changed since") for each in undo["kept"]]
    lines += [(each, "cannot be undone") for each in undo["cannot"]]
    items = [
        tag("li", tag("b", each["address"]), f" {', '.join(each['fields'])} {words}: {each['reason']}")
        for each, words in lines
    ]
    return join((tag("p", f"Takes run {undo['run']} back."), tag("ul", *items)))


def whole_text(printed: Printed) -> Html:
    """The plan as a terminal shows it."""
    return tag("details", tag("summary", "The plan as text"), tag("pre", verbatim(printed.text), tabindex="0"))


def counts(printed: Printed) -> Html:
    """How many of each action, as marks."""
    every = printed.document["counts"]
    told = (action for action in ("delete", "update", "create", "forget", "adopt") if every[action])
    marks = [tag("span", f"{SYMBOLS[action]} {every[action]:,} {action}", class_=f"count {action}") for action in told]
    return tag("p", *(marks or [tag("span", "No changes")]), class_="counts")
