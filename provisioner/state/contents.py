"""What lies where a state is kept: a snapshot, the journal since, and the two before them. What it all says, purely."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace

from provisioner.errors import StateError
from provisioner.kinds import Resource
from provisioner.kinds.found import found_again
from provisioner.state import journal, snapshot
from provisioner.state.fold import fold
from provisioner.state.journal import Files
from provisioner.state.model import State, Tenant
from provisioner.state.snapshot import Snapshot, dump
from provisioner.state.store import Restored, Stored


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes, None where there are none. Every method raises StateError and touches nothing."""

    tenant: Tenant
    files: Files
    state: bytes | None = None
    """The last snapshot."""
    journal: bytes | None = None
    """What happened since. From the first snapshot on there always is one."""
    previous: bytes | None = None
    """The snapshot before the last."""
    taken_in: bytes | None = None
    """The journal that led from that one to the last: together they are what the last snapshot was made of."""
    kinds: tuple[type[Resource], ...] = ()
    """What can be in it: some of it may be lost with it."""

    def stored(self) -> Stored:
        """What is recorded, or a fresh state."""
        told = self.journal
        state, taken_in = self._unsaved() if self.state is None else self._snapshot(self.state)
        if told is None and taken_in is not None:
            raise StateError(
                f"{self.files.journal}: is gone from beside {self.files.state}: put it back. {self.files.remedy}"
            )
        if told is None:
            return Stored(state, interrupted=False)
        entries = journal.entries_since(state, told, taken_in, self.files)
        return Stored(fold(state, entries), interrupted=bool(entries))

    def compare(self, state: State) -> None:
        """Compare before setting: a writer that lost its lock must never overwrite what came since."""
        data = self.state
        there = State(self.tenant, state.lineage) if data is None else self._snapshot(data).state
        if (there.lineage, there.serial) != (state.lineage, state.serial):
            what = "was moved away" if data is None else f"was written by another run (serial {there.serial})"
            raise StateError(
                f"{self.files.state}: {what} since it was read (serial {state.serial}): nothing is overwritten. Of "
                f"what this run did, {found_again(self.kinds)}: plan again"
            )

    def trusted(self) -> State | None:
        """The last snapshot, if it can be trusted."""
        with suppress(StateError):
            return None if self.state is None else self._snapshot(self.state).state
        return None

    def newest(self) -> int:
        """A serial that nothing here exceeds, as far as anything here can be read."""
        serials = [0]
        with suppress(StateError):
            serials += [journal.parse(self.journal, self.files).base.serial] if self.journal is not None else []
        try:
            serials += [self._snapshot(self.state).state.serial] if self.state is not None else []
        except StateError:
            return max(serials) + 1  # a journal may be one behind what cannot be read
        return max(serials)

    def after(self, saved: State) -> Contents:
        """What lies there once a state is saved: the last good one is never lost to a damaged one."""
        told, found = self.journal, self
        if told is None:
            serial = 0 if self.state is None else saved.serial - 1
            told = journal.first_line(replace(saved, serial=serial))[0]
        before = self.trusted()
        if before is not None:
            leads_there = self._followed(before, told) == replace(saved, serial=before.serial + 1)
            found = replace(self, previous=self.state, taken_in=told if leads_there else b"")
        data = dump(saved, journal.digest(told)).encode("utf-8", "surrogatepass")
        return replace(found, state=data, journal=journal.first_line(saved)[0])

    def _followed(self, state: State, told: bytes) -> State | None:
        """The snapshot that came of a state and its journal; None when the journal is not one that goes on from it."""
        with suppress(StateError):
            return journal.leads_to(state, *journal.follow(told, self.files))
        return None

    def restored(self, now: float) -> Restored:
        """All that can be trusted. When something is missing, what was under way `now` may still appear."""
        state = self.trusted()
        journals = [self.journal or b""] if state else [self.taken_in or b"", self.journal or b""]
        state = state or self._before()
        missing = state is None
        for data in dict.fromkeys(journals):
            base, entries, whole = journal.salvage(data, self.files)
            if state is None and base is not None and base.tenant == self.tenant:
                state = State(self.tenant, base.lineage, base.serial)
            after = None if state is None else journal.leads_to(state, base, entries)
            missing = missing or after is None or not whole
            state = after or state
        state = state or State(self.tenant, lineage=secrets.token_hex(16))
        return Restored(replace(state, gap=now) if missing else state, missing)

    def _before(self) -> State | None:
        """The snapshot before the last, if it can be trusted."""
        with suppress(StateError):
            data, name = self.previous, f"{self.files.state}.previous"
            return None if data is None else snapshot.read(data, name, self.tenant, "").state
        return None

    def _unsaved(self) -> Snapshot:
        """Before the first snapshot, a journal that goes on from serial 0 is all there may be."""
        if self.journal is None:
            return Snapshot(State(self.tenant, lineage=secrets.token_hex(16)), None)
        base, _ = journal.follow(self.journal, self.files)
        if base.serial:
            raise StateError(
                f"{self.files.state}: is gone, and the journal beside it goes on from it. Put it back, or put it "
                "together again with provisioner state restore"
            )
        return Snapshot(State(self.tenant, base.lineage), None)

    def _snapshot(self, data: bytes) -> Snapshot:
        remedy = "Put it together again with provisioner state restore"
        return snapshot.read(data, str(self.files.state), self.tenant, remedy)
