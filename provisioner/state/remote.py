"""The state of one tenant in a place that changes all of it at once: what such a place must do, and a store over it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from provisioner.errors import StateError
from provisioner.kinds import Resource
from provisioner.state import journal, snapshot
from provisioner.state.contents import Contents
from provisioner.state.journal import OpenLog
from provisioner.state.model import State, Tenant
from provisioner.state.run import Ending, died
from provisioner.state.runs import Kept, Runs
from provisioner.state.shelf import Shelf
from provisioner.state.store import Restored, Stored, objection

Put = Callable[[Contents, State], None]
"""Set the contents to those of a state, once: together with all that the change wrote to the shelf."""


class Remote(Protocol):
    """Such a place. Every method raises StateError and nothing else but LockedError."""

    @property
    def tenant(self) -> Tenant:
        """Whose state it is."""

    @property
    def kinds(self) -> tuple[type[Resource], ...]:
        """What can be in it."""

    @property
    def name(self) -> str:
        """What a person calls it; no secret is in it."""

    @property
    def shelf(self) -> Shelf:
        """Where the runs lie."""

    def read(self) -> Contents:
        """All of one moment."""

    def changing(self) -> AbstractContextManager[tuple[Contents, Put]]:
        """Between reading and putting nobody else puts: all of it happens, or nothing."""

    def log(self, state: State) -> OpenLog:
        """Go on with the journal that was just put, which goes on from a state."""

    def keep_damaged(self) -> None:
        """A copy of the contents."""

    def locked(self, doing: str) -> AbstractContextManager[None]:
        """Be the only writer. Raises LockedError, naming the holder."""

    def holder(self) -> str:
        """Who holds the lock."""

    def unlock(self, id_: str) -> None:
        """Break a lock that outlived its holder."""

    def forget(self) -> None:
        """All but the lock."""


@dataclass(frozen=True, slots=True)
class RemoteState:
    """A store in such a place."""

    remote: Remote

    @property
    def tenant(self) -> Tenant:
        """Whose it is."""
        return self.remote.tenant

    @property
    def kinds(self) -> tuple[type[Resource], ...]:
        """What can be in it."""
        return self.remote.kinds

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.remote.name

    @property
    def runs(self) -> Runs:
        """What each run did, and what would reverse it."""
        return Runs(self.remote.shelf)

    # -- reading

    def load(self) -> Stored:
        """What is recorded, or a fresh state."""
        return self.remote.read().stored()

    def given(self, data: bytes, name: str) -> State:
        """The state in a copy."""
        return snapshot.read(data, name, self.tenant, "Give another copy: this one cannot be trusted").state

    def holder(self) -> str:
        """Who is at work on this tenant right now."""
        return self.remote.holder()

    def ending(self, kept: Kept) -> Ending | None:
        """How a run ended, of one that died as its journal tells."""
        if kept.ending is not None:
            return kept.ending
        found = self.remote.read()
        told = found.journal or b""
        if journal.run_of(told) != kept.run.id:
            return None
        return died(kept.steps, journal.salvage(told, found.files).entries)

    def objection(self, given: State) -> str:
        """Why a state should not take the place of what is there."""
        return objection(self, given)

    def whole(self) -> str:
        """Why nothing can be put together again."""
        found = self.remote.read()
        try:
            found.stored()
        except StateError:
            return ""
        if found.state is not None:
            return f"{self.name}: is not damaged. To go back to an older copy: provisioner state push --force FILE"
        return "" if found.previous else f"{self.name}: holds nothing that a state could be made of"

    def restored(self, now: float) -> Restored:
        """All that can be trusted of what is there."""
        return self.remote.read().restored(now)

    # -- writing

    def locked(self, doing: str) -> AbstractContextManager[None]:
        """Be the only writer."""
        return self.remote.locked(doing)

    def unlock(self, id_: str) -> None:
        """Break the lock of a run that is dead."""
        self.remote.unlock(id_)

    def save(self, state: State) -> State:
        """Write the next serial of a state: compare and set."""
        saved = replace(state, serial=state.serial + 1)
        with self.remote.changing() as (before, put):
            before.compare(state)
            self._put(before, saved, put)
        return saved

    def begin(self, state: State) -> OpenLog:
        """The journal of a run that goes on from a saved state."""
        with self.remote.changing() as (before, put):
            before.compare(state)
            if before.stored().interrupted:
                raise StateError(f"{self.name}: its journal tells of a run that is not in the state yet: plan again")
            fresh = replace(before, journal=journal.first_line(state)[0])
            put(fresh, state)
            return self.remote.log(state)

    def push(self, state: State) -> State:
        """Write a state over whatever is there, as the newest serial of all."""
        with self.remote.changing() as (before, put):
            saved = replace(state, serial=max(state.serial, before.newest()) + 1)
            self._put(before, saved, put)
        return saved

    def _put(self, before: Contents, saved: State, put: Put) -> None:
        told = before.journal or b""
        if run := journal.run_of(told):
            self.runs.take_in(run, lambda: journal.salvage(told, before.files).entries)
        put(before.after(saved), saved)

    def keep_damaged(self) -> None:
        """A copy of what is about to be put right."""
        self.remote.keep_damaged()

    def remove(self) -> None:
        """Forget everything."""
        with self.locked("forgetting the state"):
            self.remote.forget()
