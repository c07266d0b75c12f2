"""What is live and not in the manifests, whatever a plan was narrowed to. Pure; nothing of it is ever a change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.desired import Desired
from provisioner.kinds.known import known_by
from provisioner.kinds.live import Evidence, Live
from provisioner.plan.match import Matches, match
from provisioner.state.model import State


class Unmanaged(NamedTuple):
    """One live thing that no manifest speaks of."""

    account: str
    """The scope that it is in."""
    kind: str
    id: str
    name: str = ""
    """What people know it by; "" where it has no name, or is somebody's own data."""


class Beside(NamedTuple):
    """What is live beside the manifests."""

    found: tuple[Unmanaged, ...]
    unlisted: tuple[str, ...]
    """The kinds that the vendor lists nowhere: of these nobody knows."""


def unmanaged(desired: Desired, state: State, evidence: Evidence, accounts: Mapping[str, str]) -> Iterator[Unmanaged]:
    """All of it in the accounts that are managed, in the order of the kinds; what was recorded and left counts, too."""
    matches = match(desired, state, evidence)
    known = {live.id for a, live in matches.live.items() if a.kind == "account" and a in desired.resources}
    for live in evidence.of("", "account"):
        if live.id not in known and live.id not in accounts.values():
            yield _object("", live)
    for kind in BY_NAME.values():
        for scope in accounts:
            if kind.key_kinds:
                yield from _relations(scope, kind.kind, desired, matches)
            elif kind.kind != "account" and not kind.lists:
                yield from _objects(scope, kind.kind, desired, matches, evidence)


def _objects(scope: str, kind: str, desired: Desired, matches: Matches, evidence: Evidence) -> Iterator[Unmanaged]:
    for live in evidence.of(scope, kind):
        address = matches.address.get((scope, kind, live.id))
        if address is None or address not in desired.resources:
            yield _object(scope, live)


def _object(scope: str, live: Live) -> Unmanaged:
    return Unmanaged(scope, live.kind, live.id, known_by(BY_NAME[live.kind], live.fields))


def _relations(scope: str, kind: str, desired: Desired, matches: Matches) -> Iterator[Unmanaged]:
    """Those of managed objects: what hangs on others goes without saying."""
    for address in matches.live:
        if (address.account, address.kind) != (scope, kind) or address in desired.resources:
            continue
        if Address(scope, BY_NAME[kind].key_kinds[0], address.key[:1]) in desired.resources:
            yield Unmanaged(scope, kind, "/".join(address.key))
