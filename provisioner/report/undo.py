"""What a plan that takes a run back says beside its changes: what stays, what cannot come back, what is still asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.kinds.values import escape
from provisioner.report.layout import flowed, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.kinds import Address
    from provisioner.plan.change import Cannot, Kept, Undone

SHOWN = 10
"""Addresses that are named for one reason; the rest is counted."""


def undo_lines(undone: Undone | None, width: int) -> list[str]:
    """The sections below the changes, each with its heading; nothing for any other plan."""
    if undone is None:
        return []
    alone = [each for each in undone.kept if not each.goes]
    going = [each for each in undone.kept if each.goes]
    return [
        *_section("Left alone", alone, width),
        *_remedy(alone, width),
        *_section("Changed since", going, width),
        *_section("Cannot be undone", undone.cannot, width),
        *asked_lines(undone, width),
    ]


def title_lines(undone: Undone | None, width: int) -> list[str]:
    """Which run is taken back, for the head of the plan."""
    return ["", *wrapped("Undo of ", undone.told, width)] if undone else []


def asked_lines(undone: Undone, width: int) -> list[str]:
    """What the manifests still want as the run made it, and what to do about that."""
    if not undone.asked:
        return []
    remedy = f"revert commit {undone.commit[:10]}" if undone.commit else "take the edit back in the files"
    words = f"the manifests still ask for what the run did: {remedy}, or the next apply does it again. That is about "
    return ["", *wrapped("Note: ", words + _names(undone.asked), width)]


def undo_json(undone: Undone) -> dict[str, Any]:
    """The same as plain JSON values."""
    return {
        "run": undone.run,
        "commit": undone.commit or None,
        "kept": [_json(each) | {"goes": each.goes} for each in undone.kept],
        "cannot": [_json(each) for each in undone.cannot],
        "manifests_still_ask": [str(address) for address in undone.asked],
    }


def _json(each: Kept | Cannot) -> dict[str, Any]:
    return {"address": str(each.address), "fields": list(each.fields), "reason": each.why}


def _section(heading: str, entries: Iterable[Kept | Cannot], width: int) -> list[str]:
    """The entries of one reason share it."""
    reasons: dict[str, list[str]] = {}
    for each in entries:
        fields = f" ({', '.join(each.fields)})" if each.fields else ""
        reasons.setdefault(each.why, []).append(escape(f"{each.address}{fields}"))
    lines = [line for why, names in reasons.items() for line in _reason(why, names, width)]
    return ["", heading, *lines] if lines else []


def _reason(why: str, names: list[str], width: int) -> list[str]:
    more = [f"{len(names) - SHOWN} more ({len(names)} in all)"] if len(names) > SHOWN else []
    return [*flowed("  ! ", [*names[:SHOWN], *more], width), *wrapped("      ", why, width)]


def _remedy(alone: list[Kept], width: int) -> list[str]:
    """How to have it all the same, once for all."""
    first = next((each for each in alone if each.fields), None)
    return wrapped("      ", f"to take it back all the same: --overwrite {first.address}", width) if first else []


def _names(addresses: tuple[Address, ...]) -> str:
    more = f" and {len(addresses) - SHOWN} more" if len(addresses) > SHOWN else ""
    return ", ".join(map(str, addresses[:SHOWN])) + more


def nothing_to_undo(undone: Undone) -> str:
    """The one sentence of such a plan without changes."""
    return f"No changes. Nothing of run {undone.run} is left to undo."
