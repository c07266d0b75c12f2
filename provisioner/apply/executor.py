"""Carries out calls: each as soon as what it needs is done, as many at once as allowed. The only writer to a vendor.

Before a request leaves, the journal says that it will; before anything that depends on a call starts, the journal says
what became of it. What is remembered in the end is folded from the same entries that a crash would leave.
"""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush, nsmallest

from provisioner.apply.lookup import can_look
from provisioner.apply.outcome import Applied
from provisioner.apply.recovery import Recovered, Recovery
from provisioner.errors import ProvisionerError, StateError, StoppedError
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.live import Live
from provisioner.kinds.natural import natural_keys
from provisioner.plan.change import WRITES, Action, Change, Plan
from provisioner.providers.base import Call, Done, Effect, NotExecuted, Outcome, Part, PartOutcome, Provider, Unknown
from provisioner.providers.clock import Clock
from provisioner.stage import stage
from provisioner.state.entries import Begin, Entry, Intent, Place
from provisioner.state.entries import Outcome as Became
from provisioner.state.fold import fold
from provisioner.state.journal import Log
from provisioner.state.model import Key, Pending, Record, State

Observe = Callable[[Call, Outcome], None]
TRIES = 3
"""How often a create is sent at most, each time after it was seen that the one before was not carried out."""
AHEAD = 15.0
"""Seconds for which a word ahead of a create holds; it counts as sent at the end of them."""
PAUSE = 0.25
"""Seconds between two looks at whether the run is stopped, while it waits."""


@dataclass(slots=True)
class Executor:
    """One apply of one plan."""

    provider: Provider
    plan: Plan
    calls: Sequence[Call]
    state: State
    ids: dict[Address, str]
    live: dict[Address, Live]
    journal: Log
    known: Mapping[Place, frozenset[str]] = field(default_factory=dict)
    """The ids that are live, of each kind that something is created of: what is in doubt is none of them."""
    observe: Observe = lambda _call, _outcome: None
    concurrency: int = 16
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))
    clock: Clock = Clock()  # noqa: RUF009 -- a frozen value
    settle: float | None = None
    """Seconds after which a create that was sent can no longer appear: then it is sent again. None never waits."""
    waiting: Callable[[float, int], None] = lambda _seconds, _count: None
    """Told before such a wait: for how long, and for how many objects."""
    ahead: int = 0
    """Of how many more creates the journal is told before they are sent, where each word to it costs much."""
    began: Callable[[Call], None] = lambda _call: None
    """Told of each call that has what it waited for."""
    stopping: bool = False
    """Set from outside: no new call starts, those in flight are waited for."""
    broken: str = ""
    """Why the journal can no longer be written: nothing starts that it could not tell of."""
    writes: int = 0
    _entries: list[Entry] = field(default_factory=list)
    _ready: list[int] = field(default_factory=list)
    """What could be sent, by its place among the calls."""
    _started: dict[str, Call] = field(default_factory=dict)
    """What waits for its turn at the vendor."""
    _told: dict[str, Intent] = field(default_factory=dict)
    """What the journal was told ahead, and is not sent yet."""
    _open: dict[Address, set[Part]] = field(default_factory=dict)
    _failed: dict[Address, str] = field(default_factory=dict)
    _blocked: dict[Address, Address] = field(default_factory=dict)
    _changes: dict[Address, Change] = field(default_factory=dict)
    _done: dict[Address, Change] = field(default_factory=dict)

    async def run(self) -> Applied:
        """Everything that can be done is done, whatever fails; true numbers come back."""
        started = time.perf_counter()
        self._prepare()
        await self._drain()
        if self._told and not self.broken:  # it was never sent
            self._note(*(Became(call, self.clock.date()) for call in self._told))
        return self._applied(time.perf_counter() - started)

    @property
    def result(self) -> State:
        """What is remembered now."""
        return fold(self.state, self._entries)

    # -- before the first call

    def _prepare(self) -> None:
        self._changes = {c.address: c for c in self.plan.changes if c.action in WRITES}
        for call in self.calls:
            for part in call.parts:
                if part.name != "discovered":
                    self._open.setdefault(part.address, set()).add(part)
        learnt: dict[Address, Record | None] = dict(self.plan.refreshed)
        for change in self.plan.changes:
            if change.action not in WRITES or (change.action is Action.UPDATE and change.address not in self._open):
                learnt |= self._finish(change, change.id or "")
        self._note(Begin(self.run_id, self.known), *([Became("", self.clock.date(), records=learnt)] if learnt else []))

    def _note(self, *entries: Entry) -> bool:
        """Write down what happened; false when that is no longer possible."""
        self._entries += entries
        try:
            self.journal.append(*entries)
        except StateError as error:
            self.broken, self.stopping = str(error), True
        return not self.broken

    # -- the ready queue

    async def _drain(self) -> None:
        waiting: dict[str, set[str]] = {c.id: set(c.needs) for c in self.calls}
        dependents: dict[str, list[Call]] = {}
        for call in self.calls:
            for need in call.needs:
                dependents.setdefault(need, []).append(call)
        rank = {call.id: number for number, call in enumerate(self.calls)}
        ready = self._ready = [rank[call.id] for call in self.calls if not waiting[call.id]]
        running: dict[asyncio.Task[Outcome], Call] = {}
        while running or (ready and not self.stopping):
            while ready and len(running) < self.concurrency and not self.stopping:
                call = self.calls[heappop(ready)]
                self.began(call)
                running[asyncio.create_task(self._send(call))] = self._started[call.id] = call
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            ended = sorted(((running.pop(task), task.result()) for task in finished), key=lambda end: rank[end[0].id])
            for call, good in self._settle(ended):
                if not good:
                    self._skip(call, dependents)
                    continue
                for dependent in dependents.get(call.id, ()):
                    waiting[dependent.id].discard(call.id)
                    if not waiting[dependent.id]:
                        heappush(ready, rank[dependent.id])

    # -- one call

    async def _send(self, call: Call) -> Outcome:
        with stage("change", call=call, actions=(call, self._changes)) as told:
            outcome = await self._until_known(call)
            told.tell(outcome=(call, outcome))
            return outcome

    async def _until_known(self, call: Call) -> Outcome:
        """Send a call. What may have been made is looked for, and sent again only when it surely was not made."""
        making = self._making(call)
        for left in reversed(range(TRIES)):
            outcome = await self._once(call, making)
            doubtful = {
                a: p for a, p in making.items() if isinstance(outcome.get(Part(a)), Unknown) and not p.record.id
            }
            if not doubtful:
                break
            recovered = await self._looked_for(doubtful)
            outcome = {**outcome, **{Part(a): Done(id_) for a, id_ in recovered.found.items()}}
            unsure = any(isinstance(result, Unknown) for result in outcome.values())
            if {*recovered.found, *recovered.absent} != set(doubtful) or not unsure:
                seen = {a for a, pending in doubtful.items() if can_look(self.provider, a, pending)}
                return {part: _in_doubt(part, result, found=part.address in seen) for part, result in outcome.items()}
            self.ids |= recovered.found  # what is sent once more writes over these, and makes the others
            making = self._making(call)
            if not left:
                return {p: r if isinstance(r, Done) else NotExecuted(_never(r)) for p, r in outcome.items()}
        return outcome

    async def _once(self, call: Call, making: Mapping[Address, Pending]) -> Outcome:
        def sending() -> None:
            if self.broken or not self._announced(call, making):
                raise StateError(self.broken)

        intent = f"{self.run_id}/{call.id}"
        try:
            return await self.provider.send(call, self.ids, self.live, intent=intent, sending=sending)
        except StateError as error:
            return dict.fromkeys(call.parts, NotExecuted(str(error)))

    def _announced(self, call: Call, making: Mapping[Address, Pending]) -> bool:
        """Whether the journal knows that a call leaves now; it may have been told a moment ago."""
        now = self.clock.date()
        self._started.pop(call.id, None)
        told = self._told.pop(call.id, None)
        touching = self._touching(call)
        if told is not None and told.making == making and not touching and now < told.at:
            return not self.broken
        later = self._later(now + AHEAD) if making and self.ahead else {}
        self._told |= later
        return self._note(Intent(call.id, now, making, touching), *later.values())

    def _later(self, until: float) -> dict[str, Intent]:
        """What is sent next, unless nobody could find it again: that is told at the last moment."""
        found = {}
        waiting = (self.calls[number] for number in nsmallest(self.ahead, self._ready))
        for call in (*self._started.values(), *waiting):
            making = {} if call.id in self._told or self._touching(call) else self._making(call)
            if making and all(can_look(self.provider, a, p) for a, p in making.items()):
                found[call.id] = Intent(call.id, until, making)
        return found

    def _making(self, call: Call) -> dict[Address, Pending]:
        """What a call may bring into being, and what would be remembered of it."""
        made = {}
        for part in call.parts:
            change = self._changes.get(part.address)
            if change is None or change.action is not Action.CREATE or change.record is None or part.name:
                continue
            id_ = self.ids.get(part.address, part.address.key[0] if BY_NAME[part.address.kind].lists else "")
            account = self.ids.get(Address("", "account", (part.address.account,)), "")
            keys = natural_keys(change.resource) if change.resource and not id_ else ()
            found = tuple(Key(names, values) for names, values in keys)
            whole = self._open.get(part.address, set()) <= {part}  # nothing of it waits for other calls
            record = call.progress.meanwhile if call.progress else change.record
            made[part.address] = Pending(replace(record, id=id_, confirmed=whole), found, account)
        return made

    def _touching(self, call: Call) -> dict[Address, Record | None]:
        """What is remembered of what a call changes, should this run end before its answer."""
        change = self._changes.get(call.parts[0].address)
        id_ = (self.ids.get(change.address) or change.id) if change else None
        if change is None or call.progress is None or not id_:
            return {}  # what it makes is in doubt as a whole
        return self._remembered(change, replace(call.progress.meanwhile, id=id_))

    async def _looked_for(self, doubtful: Mapping[Address, Pending]) -> Recovered:
        """What became of creates whose answers were lost, as far as it can be known before this run is stopped."""
        since = self.clock.date()
        pending = {
            a: replace(p, known=self.known.get((a.account, a.kind), frozenset()), since=since)
            for a, p in doubtful.items()
        }
        state = replace(self.result, pending=pending)
        settle = math.inf if self.settle is None else self.settle
        wait = self.settle is not None
        recovery = Recovery(self.provider, settle, wait, self.waiting, self.clock.date, self._pause)
        try:
            return await recovery.run(state)
        except ProvisionerError:  # not to be read, more than one, or stopped: the next run looks again
            return Recovered(state)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless the run is stopped meanwhile. Raises StoppedError."""
        while seconds > 0:
            if self.stopping:
                raise StoppedError("stopped while waiting")
            await self.clock.sleep(min(seconds, PAUSE))
            seconds -= PAUSE

    # -- what became of it

    def _settle(self, ended: Sequence[tuple[Call, Outcome]]) -> list[tuple[Call, bool]]:
        """Take in what calls did, durably; beside each whether what waits for it can go on."""
        became = [(call, outcome, self._take_in(call, outcome)) for call, outcome in ended]
        writing = [entry for call, _, entry in became if call.effect is not Effect.DISCOVER]
        if writing and not self.broken:
            self._note(*writing)
        for call, outcome, _ in became:
            self.observe(call, outcome)
        return [
            (call, not any(isinstance(result, NotExecuted | Unknown) for result in outcome.values()))
            for call, outcome, _ in became
        ]

    def _take_in(self, call: Call, outcome: Outcome) -> Became:
        self.writes += call.effect is not Effect.DISCOVER
        records: dict[Address, Record | None] = {}
        for part, result in outcome.items():
            if isinstance(result, NotExecuted | Unknown):
                self._failed.setdefault(part.address, result.why)
        for part, result in outcome.items():
            if isinstance(result, Done):
                records |= self._part_done(call, part, result)
        done = [part.address for part, result in outcome.items() if isinstance(result, Done) and not part.name]
        ids = {a: self.ids[a] for a in done if a in self.ids and self._changes[a].action is Action.CREATE}
        unknown = frozenset(part.address for part, result in outcome.items() if isinstance(result, Unknown))
        return Became(call.id, self.clock.date(), ids, records, unknown)

    def _part_done(self, call: Call, part: Part, done: Done) -> dict[Address, Record | None]:
        if part.name in ("", "discovered") and not BY_NAME[part.address.kind].key_kinds:
            self.ids[part.address] = done.id
        if done.stored is not None:
            self.live[part.address] = done.stored
        parts = self._open.get(part.address, set())
        parts.discard(part)
        change = self._changes.get(part.address)
        if change is None or part.name == "discovered":
            return {}
        after = call.progress.after if call.progress else None
        if parts or part.address in self._failed:
            return self._remembered(change, replace(after, id=done.id)) if after else {}
        return self._finish(change, self.ids.get(part.address, change.id or ""), after)

    def _finish(self, change: Change, id_: str, after: Record | None = None) -> dict[Address, Record | None]:
        """A change is done: what is remembered from now on."""
        self._done[change.address] = change
        record = after or change.record
        if change.action in (Action.DELETE, Action.FORGET) or record is None:
            return self._remembered(change, None)
        relation = bool(BY_NAME[change.address.kind].key_kinds)
        return self._remembered(change, record if relation else replace(record, id=id_ or record.id))

    def _remembered(self, change: Change, record: Record | None) -> dict[Address, Record | None]:
        """A record under its address, and nothing any more under the one that it had before."""
        return {**({change.moved_from: None} if change.moved_from else {}), change.address: record}

    def _skip(self, call: Call, dependents: Mapping[str, list[Call]]) -> None:
        """Everything that waits for a failed call, however far away, is named with what failed."""
        cause = call.parts[0].address
        queue = [call]
        seen = {call.id}
        while queue:
            for dependent in dependents.get(queue.pop().id, ()):
                if dependent.id not in seen:
                    seen.add(dependent.id)
                    queue.append(dependent)
                    for part in dependent.parts:
                        self._blocked.setdefault(part.address, cause)

    def _applied(self, seconds: float) -> Applied:
        changes = self.plan.changes
        left = [c for c in changes if c.address not in self._done]
        failed = tuple((c, self._failed[c.address]) for c in left if c.address in self._failed)
        skipped = tuple(
            (c, self._blocked[c.address]) for c in left if c.address not in self._failed and c.address in self._blocked
        )
        cancelled = tuple(c for c in left if c.address not in self._failed and c.address not in self._blocked)
        return Applied(
            tuple(c for c in changes if c.address in self._done), failed, skipped, cancelled, self.writes, seconds
        )


def _in_doubt(part: Part, result: PartOutcome, *, found: bool) -> PartOutcome:
    """The same with what happens next; `found` is whether it would be found, had it been made."""
    if not isinstance(result, Unknown):
        return result
    if found:
        return Unknown(f"{result.why}. It may have been made: the next apply looks for it before it is sent again")
    return Unknown(
        f"{result.why}. It may have been made, and the vendor has no list of such: look in the tenant, then say what "
        f"it is, with provisioner state resolve {part.address} --adopt ID, or --absent"
    )


def _never(result: PartOutcome) -> str:
    why = result.why if isinstance(result, NotExecuted | Unknown) else "no answer"
    return f"{why}; sent {TRIES} times, and never carried out"
