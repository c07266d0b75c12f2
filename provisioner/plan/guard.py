"""Safety rules: how much one plan may destroy or change, per kind and account, and what is protected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from provisioner.kinds import Address
from provisioner.kinds.values import Limit
from provisioner.plan.change import Action, Change

SMALL = 10
"""Below this many objects of a kind in an account a share says nothing, so limits do not hold."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How far a plan may go by itself."""

    prune: str = "owned"
    """`owned`: what we made is destroyed when it leaves the manifests; `never`; `all`: what is not in them goes."""
    max_destroy: Limit = field(default_factory=lambda: Limit(10, 30))
    max_update: Limit = field(default_factory=lambda: Limit(None, 50))
    allow_destroy: int | None = None
    """A person's override: this many destroys in all are reviewed."""
    allow_update: int | None = None
    not_renamed: frozenset[Address] = frozenset()
    """A person's override: these go, whatever comes that looks like them."""


def guard(changes: Iterable[Change], totals: Mapping[tuple[str, str], int], policy: Policy) -> tuple[Change, ...]:
    """The same changes, with those blocked that a limit or a protection forbids. Names the remedy."""
    checked = [_not_lost(protect(change)) for change in changes]
    for action, limit, allowed, flag in (
        (Action.DELETE, policy.max_destroy, policy.allow_destroy, "--allow-destroy"),
        (Action.UPDATE, policy.max_update, policy.allow_update, "--allow-update"),
    ):
        checked = _limited(checked, action, limit, allowed, flag, totals)
    return tuple(checked)


def protect(change: Change) -> Change:
    """The same change, blocked when it would destroy what is protected."""
    if change.action is not Action.DELETE or not change.record or not change.record.protect:
        return change
    reason = "protected: put it back with `lifecycle: {protect: false}` and apply, then remove it"
    return replace(change, blocked=reason)


def _not_lost(change: Change) -> Change:
    """The same change, blocked when what goes seems to come again under another address."""
    if not change.hint or change.action is Action.CREATE:
        return change
    return replace(change, blocked=f"{change.hint}; if it is none, pass --not-renamed {change.address}")


def _limited(
    changes: list[Change],
    action: Action,
    limit: Limit,
    allowed: int | None,
    flag: str,
    totals: Mapping[tuple[str, str], int],
) -> list[Change]:
    counted = Counter(
        (c.address.account, c.address.kind) for c in changes if c.action is action and not c.reviewed and not c.with_
    )
    everything = sum(counted.values())
    if allowed is not None and everything <= allowed:
        return changes
    all_in_all = f" (all that this plan {'destroys' if action is Action.DELETE else 'updates'})"
    over = {
        place: f"{count} of {totals.get(place, count)} at once is over the limit of {limit}: "
        f"if that is meant, pass {flag}={everything}{all_in_all if everything != count else ''}"
        for place, count in counted.items()
        if totals.get(place, count) >= SMALL and not limit.allows(count, totals.get(place, count))
    }
    return [
        replace(c, blocked=c.blocked or over[c.address.account, c.address.kind])
        if c.action is action and not c.reviewed and (c.address.account, c.address.kind) in over
        else c
        for c in changes
    ]
