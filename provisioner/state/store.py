"""What every place that keeps the state of a tenant can do: a file, a server of the HTTP state protocol, Postgres."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from provisioner.errors import StateError
from provisioner.kinds import Resource
from provisioner.state.journal import OpenLog
from provisioner.state.model import State, Tenant
from provisioner.state.run import Ending
from provisioner.state.runs import Kept, Runs


@dataclass(frozen=True, slots=True)
class Restored:
    """A state that was put together again."""

    state: State
    missing: bool
    """What the last run did could not be read, and is not in it."""


class Stored(NamedTuple):
    """What was found."""

    state: State
    """With all that the journal adds: what an interrupted run did, and what it left in doubt."""
    interrupted: bool
    """The journal adds something: a run ended without its snapshot."""


class Store(Protocol):
    """Where the state of one tenant is kept. Every method raises StateError."""

    @property
    def tenant(self) -> Tenant:
        """Whose it is."""

    @property
    def kinds(self) -> tuple[type[Resource], ...]:
        """What can be in it: some of it may be lost with it."""

    @property
    def name(self) -> str:
        """What a person calls it; no secret is in it."""

    @property
    def runs(self) -> Runs:
        """What each run did, and what would reverse it."""

    # -- reading, which needs no lock and writes nothing

    def load(self) -> Stored:
        """What is recorded, or a fresh state. Raises StateError for what cannot be trusted."""

    def given(self, data: bytes, name: str) -> State:
        """The state in a copy, which errors call `name`."""

    def holder(self) -> str:
        """Who is at work on this tenant right now; "" when nobody is."""

    def ending(self, kept: Kept) -> Ending | None:
        """How a run ended, of one that died as its journal tells; None where nothing tells it."""

    def objection(self, given: State) -> str:
        """Why a state should not take the place of what is there; "" when nothing speaks against it."""

    def whole(self) -> str:
        """Why nothing can be put together again: all is well, or nothing is there. "" when something can."""

    def restored(self, now: float) -> Restored:
        """All that can be trusted of what is there; `now` is in seconds since 1970."""

    # -- writing

    def locked(self, doing: str) -> AbstractContextManager[None]:
        """Be the only writer. Raises LockedError, naming the holder."""

    def unlock(self, id_: str) -> None:
        """Break the lock of a run that is dead, where a lock outlives its holder."""

    def save(self, state: State) -> State:
        """Write the next serial of a state, if what is there is what it was read from: compare and set."""

    def begin(self, state: State) -> OpenLog:
        """The journal of a run that goes on from a saved state, if no other run came between."""

    def push(self, state: State) -> State:
        """Write a state over whatever is there, as the newest serial of all."""

    def keep_damaged(self) -> None:
        """A copy of what is about to be put right, for whoever wants to look at it."""

    def remove(self) -> None:
        """Forget everything."""


def objection(store: Store, given: State) -> str:
    """What speaks against a push, wherever the state is kept."""
    try:
        there, interrupted = store.load()
    except StateError as error:
        return f"what is there cannot be read ({error})"
    if interrupted:
        return "an interrupted apply is still to be taken into account: run provisioner apply first"
    if there.serial and there.lineage != given.lineage:
        return f"it is of another lineage than the state here ({given.lineage}, here {there.lineage})"
    if there.serial > given.serial:
        return f"it is older than the state here (serial {given.serial}, here {there.serial})"
    if there.serial == given.serial and there != given:
        return f"it says something else than the state here, which has the same serial ({there.serial})"
    return ""
