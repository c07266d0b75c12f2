"""What an interrupted run left in doubt is settled before anything is planned: it is found, or surely not there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from provisioner.apply.lookup import can_look, look_up
from provisioner.errors import PendingError
from provisioner.kinds import Address
from provisioner.providers.base import Provider
from provisioner.state.model import Pending, State


@dataclass(frozen=True, slots=True)
class Recovered:
    """The state with everything in it that could be settled."""

    state: State
    found: Mapping[Address, str] = field(default_factory=dict)
    """Address -> id of what an interrupted run had made."""
    absent: tuple[Address, ...] = ()
    """What it surely had not made."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of it, one sentence each."""
        made = (f"{a}: an interrupted apply had made it (id {id_}): taken for ours" for a, id_ in self.found.items())
        not_made = (f"{a}: an interrupted apply had not made it: looked for, not found" for a in self.absent)
        return (*made, *not_made)


@dataclass(frozen=True, slots=True)
class Recovery:
    """How doubts are settled: `settle` is how many seconds a vendor may take to show what it was sent."""

    provider: Provider
    settle: float
    wait: bool
    """Wait for the settle time to pass, instead of leaving what was not found in doubt."""
    waiting: Callable[[float, int], None] = lambda _seconds, _count: None
    """Told before a wait: for how long, and for how many objects."""
    now: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self, state: State) -> Recovered:
        """Look for everything in doubt. Raises PendingError when more than one live object fits."""
        recovered = await self._look(Recovered(state), self._unsettled(state))
        left = self._visible(recovered.state)
        if left and self.wait:
            seconds = max(self._unsettled(recovered.state).values(), default=0.0)
            if seconds:
                self.waiting(seconds, len(left))
                await self.sleep(seconds)
            recovered = await self._look(recovered, {})  # whatever a clock says now, it was waited for
        return recovered

    def _unsettled(self, state: State) -> dict[Address, float]:
        """What may still appear, with the seconds until it no longer may. A clock that was set back waits in full."""
        left = {a: self.settle - max(0.0, self.now() - p.since) for a, p in self._visible(state).items()}
        return {a: seconds for a, seconds in left.items() if seconds > 0}

    def _visible(self, state: State) -> dict[Address, Pending]:
        return {a: p for a, p in state.pending.items() if can_look(self.provider, a, p)}

    async def _look(self, before: Recovered, unsettled: Mapping[Address, float]) -> Recovered:
        """`unsettled` is judged before the look: what appears during it is not missed."""
        state = before.state
        wanted = self._visible(state)
        if not wanted:
            return before
        ids = await look_up(self.provider, state, wanted)
        found = {a: each[0] for a, each in ids.items() if len(each) == 1}
        absent = tuple(a for a, each in ids.items() if not each and a not in unsettled)
        _refuse_choice({a: each for a, each in ids.items() if len(each) > 1})
        records = {**state.records, **{a: replace(wanted[a].record, id=id_) for a, id_ in found.items()}}
        pending = {a: p for a, p in state.pending.items() if a not in found and a not in absent}
        return Recovered(
            replace(state, records=records, pending=pending), {**before.found, **found}, (*before.absent, *absent)
        )


def _refuse_choice(many: Mapping[Address, list[str]]) -> None:
    if many:
        lines = (
            f"{address}: an interrupted apply may have made it, and {len(ids)} new live objects fit "
            f"({', '.join(ids)}): say which with provisioner state resolve {address} --adopt {ids[0]}"
            for address, ids in many.items()
        )
        raise PendingError("; ".join(lines))
