"""Changes of series as calls: make, change, cancel, and one call for each occurrence that is other than the rest.

They are spelled from the course that the plan told of. Each says what is remembered once it left, and once it is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from provisioner.kinds import Address
from provisioner.plan.change import WRITES, Action, Change
from provisioner.providers.base import Call, Effect, Part, Progress, Replay
from provisioner.providers.decided import Decided
from provisioner.providers.timetap.course import Course, Step, course, invites, receivers, rewrites, since
from provisioner.providers.timetap.fields import FIELDS, Body
from provisioner.providers.timetap.memory import Memory, kept
from provisioner.state.model import Record


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

    @property
    def replay(self) -> Replay:
        """What may be done when its answer is lost."""
        return Replay.NEVER if self.loud else Replay.SAFE


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
    step: Step
    terms: Body | None
    """What its series has then, where that is not what is read of it."""
    manner: Manner = Manner()


def build_calls(changes: Sequence[Change], today: date) -> list[Call]:
    """The calls of every change."""
    return [call for change in changes if change.action in WRITES for call in _calls(change, today)]


def _calls(change: Change, today: date) -> Iterator[Call]:
    if change.action is Action.DELETE:
        manner = Manner(receivers(change), invites(change))
        payload = Cancel(change.id or "", manner)
        yield _call(change, f"cancel {change.address}", payload, manner)
        return
    told = change.outlook.payload
    yield from _Writing(change, told if isinstance(told, Course) else course(change, today)).calls()


def _call(change: Change, name: str, payload: Any, manner: Manner, part: str = "") -> Call:
    return Call(name, Effect.REPLACE, (Part(change.address, part),), replay=manner.replay, payload=payload)


@dataclass(frozen=True, slots=True)
class _Writing:
    """The calls of one change; each waits for the one before, as they write to one object."""

    change: Change
    course: Course

    def calls(self) -> Iterator[Call]:
        before: frozenset[str] = frozenset()
        memory, left = self.course.memory, len(self.course.steps)
        for call in self._series():
            memory = replace(self._lost(memory), earlier=self.course.earlier)
            after = self._after(memory, left)
            yield replace(call, progress=Progress(self._leaving(memory), after))
            before = frozenset({call.id})
        for step in self.course.steps:
            left -= 1
            sent = memory.unsure({step.day: step.parts})
            memory = memory.done(step.day, step.parts)
            progress = Progress(self._meanwhile(sent), self._after(memory, left))
            call = self._occurrence(step)
            yield replace(call, needs=before, progress=progress)
            before = frozenset({call.id})

    def _series(self) -> Iterator[Call]:
        change, address = self.change, self.change.address
        manner = Manner(receivers(change), invites(change), since(change))
        if change.action is Action.CREATE:
            make = Make(change.values, manner)
            yield Call(f"create {address}", Effect.CREATE, (Part(address),), replay=Replay.LOOK_UP, payload=make)
        elif rewrites(change):
            decided = {f.name: (f.before, f.after) for f in change.fields if f.name in FIELDS}
            save = Save(change.id or "", change.values, decided, manner)
            yield _call(change, f"save {address}", save, manner)

    def _occurrence(self, step: Step) -> Call:
        change = self.change
        manner = Manner(receivers(change) if step.loud else (), invites(change) and step.loud)
        payload = Occur(change.address, step, self.course.terms(step.day), manner)
        return _call(change, f"save {change.address} on {step.day}", payload, manner, f"occurrence {step.day}")

    # -- what is remembered

    def _lost(self, memory: Memory) -> Memory:
        """A change of the series may wipe what is its occurrences' own; what is in doubt stays so."""
        begin = since(self.change)
        own = {day: parts for day, parts in memory.own.items() if begin is None or day >= begin}
        return replace(memory, doubt={**own, **memory.doubt})

    def _leaving(self, memory: Memory) -> Record:
        """While a change of the series is on its way: whether it holds already, a look at the series tells."""
        record = self._meanwhile(replace(memory, earlier=self.course.memory.earlier))
        return record if self.change.action is Action.CREATE else replace(record, becoming=kept(memory.earlier))

    def _meanwhile(self, memory: Memory) -> Record:
        """On the way: what can be read tells by itself how far it came."""
        return memory.on(self._record(), confirmed=False)

    def _after(self, memory: Memory, left: int) -> Record:
        if left:
            return self._meanwhile(memory)
        return self.course.last.on(self._record(), confirmed=True)

    def _record(self) -> Record:
        return self.change.record or Record(self.change.id or "")
