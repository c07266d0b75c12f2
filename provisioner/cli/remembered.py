"""What a command goes on from: the recorded state, with what an interrupted apply left in doubt settled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from provisioner.apply.recovery import Recovered, Recovery
from provisioner.cli.say import say
from provisioner.cli.tenant import Place
from provisioner.errors import PendingError
from provisioner.manifest import Settings
from provisioner.providers.base import Provider
from provisioner.providers.clock import Clock
from provisioner.state.lock import at_work
from provisioner.state.model import State
from provisioner.state.store import Store


async def remember(
    file: Store, provider: Provider, settings: Settings, place: Place, *, heeding: bool = False
) -> Recovered:
    """For a plan: everything happens in memory, for another run may be at work, and nothing is waited for.

    What looks back and not ahead makes nothing of a run that is not over: `heeding` raises LockedError.
    """
    holder, stored = file.holder(), file.load()
    if holder and heeding:
        raise at_work(holder)
    if holder:
        say(f"{holder} is at work on this tenant: the plan may be out of date soon.", err=True)
    if _left(stored.state, place.settle(settings), time.time()):
        say("A part of the state was lost just now: what was under way may not be in this plan.", err=True)
    recovered = await Recovery(provider, place.settle(settings), wait=False).run(stored.state)
    return _told(recovered, interrupted=stored.interrupted and not holder)


async def recover(
    file: Store,
    provider: Provider,
    settings: Settings,
    place: Place,
    *,
    wait: bool,
    clock: Clock,
    waiting: Callable[[float, int], None] | None = None,
) -> Recovered:
    """For an apply, which has the lock: what is learnt is durable before anything is built on it."""
    stored = file.load()
    state = file.save(stored.state) if stored.interrupted else stored.state
    if state.gap:
        left = _left(state, place.settle(settings), clock.date())
        if left and not wait:
            raise PendingError(
                f"a part of the state was lost, and what was under way may still appear for {left:.0f} s"
            )
        if left:
            say(
                f"Waiting {left:.0f} s: a part of the state was lost, and what was under way may still appear.",
                err=True,
            )
            await clock.sleep(left)
        state = file.save(replace(state, gap=0.0))
    recovered = await Recovery(
        provider, place.settle(settings), wait, waiting or told_to_wait, clock.date, clock.sleep
    ).run(state)
    if recovered.state != state:
        recovered = replace(recovered, state=file.save(recovered.state))
    return _told(recovered, interrupted=stored.interrupted)


def _left(state: State, settle: float, now: float) -> float:
    """Seconds until what was lost from the state can no longer appear. A clock that was set back waits in full."""
    return max(0.0, settle - max(0.0, now - state.gap)) if state.gap else 0.0


def told_to_wait(seconds: float, count: int) -> None:
    """Say what is waited for."""
    those = "a create" if count == 1 else f"{count} creates"
    may = "it" if count == 1 else "they"
    say(f"Waiting {seconds:.0f} s for {those} that nobody answered: {may} may still be carried out.", err=True)


def _told(recovered: Recovered, *, interrupted: bool) -> Recovered:
    if interrupted:
        say("An earlier apply was interrupted: what it did is taken into account.", err=True)
    return recovered
