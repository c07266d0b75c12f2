"""Carries out calls: each as soon as what it needs is done, as many at once as allowed. The only writer to a vendor."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from provisioner.apply.outcome import Applied
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.live import Live
from provisioner.plan.change import WRITES, Action, Change, Plan
from provisioner.providers.base import Absent, Call, Done, Effect, NotExecuted, Outcome, Part, Provider, Unknown
from provisioner.state.model import Record, State

Observe = Callable[[Call, Outcome], None]
Remember = Callable[[Mapping[Address, Record]], None]


@dataclass(slots=True)
class Executor:
    """One apply of one plan. `remember` is given the records after every call that changed them."""

    provider: Provider
    plan: Plan
    calls: Sequence[Call]
    state: State
    ids: dict[Address, str]
    live: dict[Address, Live]
    observe: Observe = lambda _call, _outcome: None
    remember: Remember = lambda _records: None
    concurrency: int = 16
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))
    stopping: bool = False
    """Set from outside: no new call starts, those in flight are waited for."""
    records: dict[Address, Record] = field(default_factory=dict)
    writes: int = 0
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
        return self._applied(time.perf_counter() - started)

    # -- before the first call

    def _prepare(self) -> None:
        self.records = dict(self.state.records)
        self._changes = {c.address: c for c in self.plan.changes if c.action in WRITES}
        for call in self.calls:
            for part in call.parts:
                if part.name != "discovered":
                    self._open.setdefault(part.address, set()).add(part)
        for address, record in self.plan.refreshed.items():
            self._set(address, record)
        for change in self.plan.changes:
            if change.action not in WRITES or (change.action is Action.UPDATE and change.address not in self._open):
                self._finish(change, change.id or "")
        self.remember(self.records)

    # -- the ready queue

    async def _drain(self) -> None:
        waiting: dict[str, set[str]] = {c.id: set(c.needs) for c in self.calls}
        dependents: dict[str, list[Call]] = {}
        for call in self.calls:
            for need in call.needs:
                dependents.setdefault(need, []).append(call)
        rank = {call.id: number for number, call in enumerate(self.calls)}
        ready = [rank[call.id] for call in self.calls if not waiting[call.id]]
        running: dict[asyncio.Task[Outcome], Call] = {}
        while running or (ready and not self.stopping):
            while ready and len(running) < self.concurrency and not self.stopping:
                call = self.calls[heappop(ready)]
                running[
                    asyncio.create_task(
                        self.provider.send(call, self.ids, self.live, intent=f"{self.run_id}/{call.id}")
                    )
                ] = call
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in sorted(finished, key=lambda task: rank[running[task].id]):
                call = running.pop(task)
                if self._settle(call, task.result()):
                    for dependent in dependents.get(call.id, ()):
                        waiting[dependent.id].discard(call.id)
                        if not waiting[dependent.id]:
                            heappush(ready, rank[dependent.id])
                else:
                    self._skip(call, dependents)

    def _settle(self, call: Call, outcome: Outcome) -> bool:
        """Take in what one call did; false when what waits for it cannot go on."""
        if call.effect is not Effect.DISCOVER:
            self.writes += 1
        good = True
        changed = False
        for part, result in outcome.items():
            match result:
                case Done(id=id_, stored=stored):
                    changed |= self._part_done(part, id_, stored)
                case NotExecuted(why=why) | Unknown(why=why):
                    self._failed.setdefault(part.address, why)
                    good = False
                case Absent():
                    pass
        if changed:
            self.remember(self.records)
        self.observe(call, outcome)
        return good

    def _part_done(self, part: Part, id_: str, stored: Live | None) -> bool:
        if part.name in ("", "discovered") and not BY_NAME[part.address.kind].key_kinds:
            self.ids[part.address] = id_
        if stored is not None:
            self.live[part.address] = stored
        parts = self._open.get(part.address, set())
        parts.discard(part)
        change = self._changes.get(part.address)
        if parts or change is None or part.name == "discovered" or part.address in self._failed:
            return False
        self._finish(change, self.ids.get(part.address, change.id or ""))
        return True

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

    # -- what is remembered

    def _finish(self, change: Change, id_: str) -> None:
        self._done[change.address] = change
        if change.moved_from:
            self.records.pop(change.moved_from, None)
        if change.action in (Action.DELETE, Action.FORGET) or change.record is None:
            self._set(change.address, None)
        else:
            relation = bool(BY_NAME[change.address.kind].key_kinds)
            self._set(change.address, change.record if relation else replace(change.record, id=id_ or change.record.id))

    def _set(self, address: Address, record: Record | None) -> None:
        if record is None:
            self.records.pop(address, None)
        else:
            self.records[address] = record

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
