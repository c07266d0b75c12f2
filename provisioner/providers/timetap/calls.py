"""Changes of series as calls: make, change, cancel, and one call for each occurrence that is other than the rest.

Sent is what is managed, with what every write has to carry (seed: "all required fields and any fields you want to
update"). What is only read is not sent back: an address or a time that the vendor works out would be fixed by it.

Assumption: a change of a series may wipe what is its occurrences' own, so overrides are sent again after it. What is
past stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from provisioner.kinds import Address
from provisioner.kinds.override import Override, parse_overrides
from provisioner.kinds.recurring_appointment import RECEIVERS
from provisioner.plan.change import WRITES, Action, Change
from provisioner.providers.base import Call, Effect, Part, Replay
from provisioner.providers.decided import Decided
from provisioner.providers.timetap.fields import FIELDS, PATTERN, Body

PATTERN_NAMES = tuple(name for ours in PATTERN for name in FIELDS[ours].names)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a call is made: who is told, whether those who wait are invited, and from which date on it holds."""

    told: tuple[str, ...] = ()
    invites: bool = False
    since: date | None = None

    @property
    def loud(self) -> bool:
        """Whether sending it twice would be noticed."""
        return bool(self.told) or self.invites


@dataclass(frozen=True, slots=True)
class Make:
    """Make a series."""

    values: Mapping[str, Any]
    manner: Manner


@dataclass(frozen=True, slots=True)
class Save:
    """Change a series."""

    id: str
    values: Mapping[str, Any]
    decided: Decided = field(default_factory=dict)
    manner: Manner = Manner()


@dataclass(frozen=True, slots=True)
class Cancel:
    """End a series (seed: "set the status property to Cancelled")."""

    id: str
    manner: Manner = Manner()


@dataclass(frozen=True, slots=True)
class Occur:
    """Change one occurrence, or give it back what it has from its series."""

    address: Address
    day: date
    parts: Mapping[str, Any]
    restored: frozenset[str]
    """Parts that are its series' again."""
    values: Mapping[str, Any]
    """The series' own."""
    manner: Manner = Manner()


def build_calls(changes: Sequence[Change], today: date) -> list[Call]:
    """The calls of every change; those of one series wait for each other, as they write to one object."""
    return [call for change in changes if change.action in WRITES for call in _chained(_calls(change, today))]


def _chained(calls: Iterable[Call]) -> Iterator[Call]:
    before: frozenset[str] = frozenset()
    for call in calls:
        yield Call(call.id, call.effect, call.parts, before, call.replay, call.payload)
        before = frozenset({call.id})


def _calls(change: Change, today: date) -> Iterator[Call]:
    address = change.address
    manner = Manner(receivers(change), invites(change), since(change))
    replay = Replay.NEVER if manner.loud else Replay.SAFE
    if change.action is Action.DELETE:
        cancel = Cancel(change.id or "", manner)
        yield Call(f"cancel {address}", Effect.REPLACE, (Part(address),), replay=replay, payload=cancel)
        return
    if change.action is Action.CREATE:
        make = Make(change.values, manner)
        yield Call(f"create {address}", Effect.CREATE, (Part(address),), replay=Replay.LOOK_UP, payload=make)
    elif rewrites(change):
        decided = {f.name: (f.before, f.after) for f in change.fields if f.name in FIELDS}
        save = Save(change.id or "", change.values, decided, manner)
        yield Call(f"save {address}", Effect.REPLACE, (Part(address),), replay=replay, payload=save)
    for day, parts, restored in _occurrences(change, today):
        one = Occur(address, day, parts, restored, change.values, Manner(manner.told, manner.invites))
        part = Part(address, f"occurrence {day}")
        yield Call(f"save {address} on {day}", Effect.REPLACE, (part,), replay=replay, payload=one)


# -- what a change says


def since(change: Change) -> date | None:
    """From which date a change takes effect; None for the whole series."""
    given = change.values.get("effective_from")
    return given if change.action is Action.UPDATE else None


def receivers(change: Change) -> tuple[str, ...]:
    """Who gets a message with each call of a change: a series without a client has none to tell."""
    told = RECEIVERS if change.notify else change.values.get("confirmations") or ()
    raw: Body = change.live.raw if change.live else {}
    client = change.values["client"] if "client" in change.values else raw.get("client") or raw.get("clientId")
    return tuple(each for each in told if each != "client" or client)


def invites(change: Change) -> bool:
    """Whether those who wait for a date that is cancelled are invited."""
    return change.action is not Action.CREATE and bool(change.notify or change.values.get("waitlist_invites"))


def rewrites(change: Change) -> bool:
    """Whether the series itself changes, and not only some of its occurrences."""
    return any(f.name in FIELDS for f in change.fields)


def requests(change: Change, today: date) -> int:
    """How many calls a change takes."""
    return sum(1 for _ in _calls(change, today))


# -- occurrences


def _occurrences(change: Change, today: date) -> Iterator[tuple[date, Mapping[str, Any], frozenset[str]]]:
    """Each occurrence to write: what is other on it, and what is its series' again."""
    moved = {f.name: f.before for f in change.fields}
    wanted = {each.day: each.values for each in change.values.get("overrides") or ()}
    known = {each.day: each.values for each in _known(moved["overrides"])} if "overrides" in moved else wanted
    begin = since(change)
    for day in sorted({*wanted, *known}):
        parts, before = wanted.get(day, {}), known.get(day, {})
        again = parts and (change.action is Action.CREATE or (rewrites(change) and (begin is None or day >= begin)))
        if day >= today and (parts != before or again):
            yield day, parts, frozenset(before) - frozenset(parts)


def _known(before: Any) -> tuple[Override, ...]:
    """The overrides that were applied last, from the state's spelling; none where that is not known."""
    try:
        return parse_overrides(before or {})
    except ValueError:
        return ()
