"""A plan, and what became of it, as Markdown for a pull request: what is lost first, then names, then the whole text.

It always fits a comment: every part has a bound, and the whole text, which comes last, gets what is left.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from provisioner.kinds.values import escape
from provisioner.report.layout import counted
from provisioner.report.printed import SYMBOLS, Document, Printed, called
from provisioner.report.stranded import Stranded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONGEST = 60_000
"""Characters of the whole: GitHub takes 65,536 for a comment, and who posts it may add some."""
ROWS = 100
"""Changes that are named, in all; adopted ones stand in the text only."""
OPEN = 20
"""Changes of one action that are named without a click."""
_SHOWN = 10
"""Appointments that are named of each change."""
_SPECIAL = re.compile(
    r"[\\`*_\[\]<>#|~@&$!]|(?<=www)\.|:(?=//|[\w+-]*[a-z+-][\w+-]*:|100:|1234:)|^[-+=]|^\d(?=\d*[.)])", re.IGNORECASE
)
_REFERENCE = re.compile(r"[@#!$&~%](?=[\w\"])|\b(?:GH|gh)-(?=\d)")
"""What GitHub and GitLab look for in the text of the finished page, where an entity is a character already
(github/cmark-gfm#181). A space of no width after it keeps it from what it would refer to, as Renovate does.
"""
_APART = "\N{ZERO WIDTH SPACE}"
_DIGEST = re.compile("[0-9a-f]+")
_TICKS = 40
"""Backticks in a row that are shown; a fence must be longer than any."""
_NO_YES = ("no", "yes")
_GROUPS = (("delete", "Destroy"), ("update", "Change"), ("create", "Add"), ("forget", "Forget: stays live"))


def plan_markdown(printed: Printed) -> str:
    """The whole document, with a line break at its end."""
    lines = [f"### {printed.title}: {safe(str(printed.banner))}", "", _verdict(printed), ""]
    if not printed.is_drift:
        lines += [*_alarm(printed), *_outcome(printed), *_names(printed), *_at_risk(printed)]
    lines += _drift(printed)
    notes = printed.document["notes"]
    if notes:
        lines += ["#### Notes", "", *bounded((f"- {safe(note)}" for note in notes), LONGEST // 12), ""]
    head = "\n".join(lines)
    return (
        "\n".join([head, *_folded("In full" if printed.is_drift else "Full plan", printed.text, LONGEST - len(head))])
        + "\n"
    )


def _verdict(printed: Printed) -> str:
    outcome, ending = printed.document.get("outcome"), safe(printed.ending, 2_000)
    if outcome and outcome["complete"]:
        return f"**Everything was done.** {ending}".rstrip()
    if outcome:
        return f"**Incomplete.** {ending or 'The next apply does what is left.'}"
    return f"**{ending}**\n\n{_planned(printed)}" if ending else _planned(printed)


def _planned(printed: Printed) -> str:
    if printed.is_drift:
        return f"**{counted(len(printed.document['drift']), 'resource')} changed outside since the last apply.**"
    if not printed.changes:
        return "**No changes.**"
    counts = printed.document["counts"]
    blocked = f" **{counts['blocked']} blocked: nothing will be applied.**" if counts["blocked"] else ""
    digest = printed.document["digest"]
    told = f" Digest {f'`{digest}`' if _DIGEST.fullmatch(digest) else code(digest)}" if digest else ""
    planned = "Planned: " if printed.ending else ""
    return f"**{planned}{printed.totals()}.**{blocked} {safe(str(printed.effort))}.{told}"


def _alarm(printed: Printed) -> list[str]:
    """A red box for what cannot be taken back: what is destroyed, and who booked."""
    gone = [change for change in printed.changes if change["action"] == "delete"]
    starts = printed.starts
    if not gone and not starts:
        return []
    lines = ["> [!CAUTION]"]
    if gone:
        names = bounded((code(called(change)) for change in gone), LONGEST // 12, _SHOWN)
        more = f" and {len(gone) - len(names)} more" if len(gone) > len(names) else ""
        lines.append(f"> **{counted(len(gone), 'resource')} will be destroyed:** {', '.join(names)}{more}")
    if starts:
        first = min((start for start in starts.values() if start), default="")
        when = f", the first on {safe(_when(first, printed))}" if first else ""
        lines += [*([">"] if gone else []), f"> **{counted(len(starts), 'booked appointment')} at risk{when}.**"]
    return [*lines, ""]


def _outcome(printed: Printed) -> list[str]:
    return [*fenced(printed.outcome, LONGEST // 6), ""] if printed.outcome else []


def _names(printed: Printed) -> Iterator[str]:
    """A table for each action; what is beyond the first rows of one is folded, and beyond the bound counted."""
    room, rows = LONGEST // 4, ROWS
    for action, title in _GROUPS:
        changes = [change for change in printed.told if change["action"] == action]
        if not changes:
            continue
        shown = bounded(map(_row, changes), max(0, room), max(0, rows))
        room, rows = room - sum(map(len, shown)), rows - len(shown)
        yield from (f"#### {title} ({len(changes)})", "", *_table(shown[:OPEN]))
        if shown[OPEN:]:
            summary = f"<details><summary>{len(shown) - OPEN} more</summary>"
            yield from (summary, "", *_table(shown[OPEN:]), "</details>", "")
        if len(changes) > len(shown):
            yield from (f"... and {len(changes) - len(shown)} that are not named here", "")


def _table(rows: Sequence[str]) -> list[str]:
    return ["| | what | why | where |", "| --- | --- | --- | --- |", *rows, ""] if rows else []


def _row(change: Document) -> str:
    place = change["place"]
    where = safe(f"{place['file']}:{place['line']}") if place else ""
    return f"| `{SYMBOLS[change['action']]}` | {safe(called(change))} | {_why(change)} | {where} |"


def _why(change: Document) -> str:
    names = ", ".join(field["name"] for field in change["fields"]) if change["action"] == "update" else ""
    hint = "" if change["blocked"] else change["hint"]
    words = "; ".join(filter(None, [names, change["reason"], hint]))
    return f"**BLOCKED**: {safe(change['blocked'])}" if change["blocked"] else safe(words)


def bounded(lines: Iterable[str], room: int = LONGEST // 3, rows: int = ROWS) -> list[str]:
    """The first of these lines, within so many characters and rows."""
    kept: list[str] = []
    for line in islice(lines, rows):
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _at_risk(printed: Printed) -> list[str]:
    """The appointments that would be stranded, by ids and times."""
    rows = (
        f"| {safe(each['address'])} | {each['count']} | {_listed(each, printed)} | {_NO_YES[each['allowed']]} |"
        for each in printed.risk.values()
    )
    shown = bounded(rows, LONGEST // 8)
    if not shown:
        return []
    title = f"#### Appointments at risk ({len(printed.starts)})"
    return [title, "", "| by | how many | which | allowed |", "| --- | --- | --- | --- |", *shown, ""]


def _listed(each: Document, printed: Printed) -> str:
    """The first few: id and time."""
    starts = printed.starts
    some = (f"{safe(_when(starts.get(id_), printed))} (id {safe(id_)})" for id_ in each["ids"][:_SHOWN])
    return ", ".join(some) + (", ..." if each["count"] > _SHOWN else "")


def _when(start: str | None, printed: Printed) -> str:
    if not start:
        return "at a time not readable"
    read_at = datetime.fromisoformat(printed.document["appointments"]["read_at"])
    return Stranded(read_at.year).when(datetime.fromisoformat(start))


def _drift(printed: Printed) -> list[str]:
    """What moved outside, by name: the text says more."""
    document = printed.document
    left = [f"- {safe(each['address'])} (left as it is)" for each in document["not_put_back"]]
    fields = {each["address"]: each["fields"] for each in printed.changes}
    lines = [*(f"- {safe(address)}{_moved(fields[address])}" for address in document["drift"]), *left]
    shown = bounded(lines, LONGEST // 12, OPEN)
    more = [f"- and {len(lines) - len(shown)} more"] if len(lines) > len(shown) else []
    return [f"#### Changed outside since the last apply ({len(lines)})", "", *shown, *more, ""] if lines else []


def _moved(fields: Sequence[Document]) -> str:
    """The names of what moved; nothing of one that was deleted."""
    names = ", ".join(field["name"] for field in fields if field["outside"])
    return f": {safe(names)}" if names else ""


def safe(text: str, longest: int = 200) -> str:
    """One line in which nothing is a link, a mention, a tag or a table's edge."""
    apart = _REFERENCE.sub(lambda found: found[0] + _APART, _line(text, longest))
    return _inert(apart).replace(_APART, f"&#{ord(_APART)};")


def code(text: str) -> str:
    """The same, set as code: entities stay entities only outside of backticks, so HTML says it. Nobody looks for
    references in it.
    """
    return f"<code>{_inert(_line(text))}</code>"


def _line(text: str, longest: int = 200) -> str:
    shown = escape(text).strip()
    return shown if len(shown) <= longest else f"{shown[: longest - 3]}..."


def _inert(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def _folded(title: str, text: str, room: int) -> list[str]:
    around = ["", f"<details><summary>{title}</summary>", "", "", "</details>"]
    return [*around[:3], *fenced(text, room - sum(len(line) + 1 for line in around)), *around[3:]]


def fenced(text: str, room: int) -> list[str]:
    """A block of code that its own content cannot end, cut at a line; with its fences it has so many characters."""
    text = re.sub(f"`{{{_TICKS},}}", lambda run: f"{'`' * _TICKS}({len(run[0])} of them)", text)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    room -= 2 * len(fence) + 7
    if len(text) > room:
        end = "\n... cut here: see the log"
        text = text[: max(0, room - len(end))].rpartition("\n")[0] + end
    return [f"{fence}text", text, fence]
