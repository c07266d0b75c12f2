"""What is live and not in the manifests, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.values import plain, quote
from provisioner.plan.unmanaged import Beside, Unmanaged
from provisioner.report.layout import counted

FEW = 20
"""Up to so many of one kind in one account are named one by one; of people's own data, none is."""


def unmanaged_lines(beside: Beside) -> list[str]:
    """The section, with a blank line at its end."""
    unknown = [_unlisted(kind) for kind in beside.unlisted]
    if beside.found:
        return [
            f"Live and not in the manifests ({len(beside.found)}); no plan touches it",
            *_found(beside),
            *unknown,
            "",
        ]
    return [*(unknown or ["Everything that is live is in the manifests."]), ""]


def _unlisted(kind: str) -> str:
    own = BY_NAME[kind].section.replace("_", " ")
    return f"The vendor has no list of {own}: which of them are in no manifest is not known."


def _found(beside: Beside) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Unmanaged]] = {}
    for each in beside.found:
        groups.setdefault((each.account, each.kind), []).append(each)
    for (account, kind), own in groups.items():
        if len(own) <= FEW and not BY_NAME[kind].personal:
            yield from (f"    {_line(each)}" for each in own)
        else:
            yield f"    {counted(len(own), BY_NAME[kind].title)}{f' in {plain(account)}' if account else ''}"


def _line(each: Unmanaged) -> str:
    scope = f"{plain(each.account)}/" if each.account else ""
    if BY_NAME[each.kind].key_kinds:
        return f"{scope}{each.kind}/{plain(each.id)}"
    name = f" {quote(each.name, 60)}" if each.name else ""
    return f"{scope}{each.kind}{name} (id {plain(each.id)})"


def unmanaged_json(beside: Beside) -> dict[str, Any]:
    """The same for `--json`: one object each, and the kinds of which nothing is known."""
    found = [{**each._asdict(), "name": each.name or None} for each in beside.found]
    return {"unmanaged": found, "unlisted": [*beside.unlisted]}
