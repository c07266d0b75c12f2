"""What is live and not in the manifests, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.values import plain, quote
from provisioner.plan.unmanaged import Unmanaged
from provisioner.report.layout import counted

FEW = 20
"""Up to so many of one kind in one account are named one by one; of people's own data, none is."""


def unmanaged_lines(found: Sequence[Unmanaged]) -> list[str]:
    """The section, with a blank line at its end."""
    if not found:
        return ["Everything that is live is in the manifests.", ""]
    groups: dict[tuple[str, str], list[Unmanaged]] = {}
    for each in found:
        groups.setdefault((each.account, each.kind), []).append(each)
    lines = [f"Live and not in the manifests ({len(found)}); no plan touches it"]
    for (account, kind), own in groups.items():
        if len(own) <= FEW and not BY_NAME[kind].personal:
            lines += [f"    {_line(each)}" for each in own]
        else:
            lines.append(f"    {counted(len(own), BY_NAME[kind].title)}{f' in {plain(account)}' if account else ''}")
    return [*lines, ""]


def _line(each: Unmanaged) -> str:
    scope = f"{plain(each.account)}/" if each.account else ""
    if BY_NAME[each.kind].key_kinds:
        return f"{scope}{each.kind}/{plain(each.id)}"
    name = f" {quote(each.name, 60)}" if each.name else ""
    return f"{scope}{each.kind}{name} (id {plain(each.id)})"


def unmanaged_json(found: Sequence[Unmanaged]) -> list[dict[str, Any]]:
    """The same for `--json`, one object each."""
    return [{**each._asdict(), "name": each.name or None} for each in found]
