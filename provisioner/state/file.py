"""The state of one tenant as files: a checksummed snapshot, the one before it, the journal since, and the lock."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from provisioner.errors import StateError
from provisioner.kinds import Resource
from provisioner.kinds.found import found_again
from provisioner.state import journal, lock, snapshot
from provisioner.state.disk import Disk, replace_file
from provisioner.state.entries import Entry
from provisioner.state.fold import fold
from provisioner.state.journal import Base, Files, Journal
from provisioner.state.model import State, Tenant
from provisioner.state.run import Ending, died
from provisioner.state.runs import Kept, Runs
from provisioner.state.snapshot import Snapshot, dump


@dataclass(frozen=True, slots=True)
class Restored:
    """A state that was put together again."""

    state: State
    missing: bool
    """What the last run did could not be read, and is not in it."""


class Stored(NamedTuple):
    """What was found on disk."""

    state: State
    """With all that the journal adds: what an interrupted run did, and what it left in doubt."""
    interrupted: bool
    """The journal adds something: a run ended without its snapshot."""


@dataclass(frozen=True, slots=True)
class StateFile:
    """The state of one tenant in a workspace: `.provisioner/state/HOST/COMPANY/state.json`, and what is beside it."""

    path: Path
    tenant: Tenant
    disk: Disk = field(default_factory=Disk)
    kinds: tuple[type[Resource], ...] = ()
    """What can be in it: some of it may be lost with it."""

    @property
    def previous(self) -> Path:
        """The snapshot before the last."""
        return self.path.with_name(self.path.name + ".previous")

    @property
    def taken_in(self) -> Path:
        """The journal that led from that one to the last: together they are what the last snapshot was made of."""
        return self.path.with_name("journal.ndjson.previous")

    @property
    def journal(self) -> Path:
        """What happened since the snapshot. From the first snapshot on there always is one."""
        return self.path.with_name("journal.ndjson")

    @property
    def runs(self) -> Runs:
        """What each run did, and what would reverse it."""
        return Runs(self.path.with_name("runs"), self.disk)

    @property
    def _lock(self) -> Path:
        return self.path.with_name("lock")

    @property
    def _files(self) -> Files:
        return Files(self.journal, self.path)

    # -- reading, which needs no lock and writes nothing

    def load(self) -> Stored:
        """What is recorded, or a fresh state. Raises StateError when the files cannot be trusted."""
        try:
            told, data = self._read()
        except OSError as error:
            raise self._unreadable(error) from None
        state, taken_in = self._unsaved(told) if data is None else self._snapshot(data)
        if told is None and taken_in is not None:
            raise StateError(f"{self.journal}: is gone from beside {self.path}: put it back. {self._files.remedy}")
        if told is None:
            return Stored(state, interrupted=False)
        entries = journal.entries_since(state, told, taken_in, self._files)
        return Stored(fold(state, entries), interrupted=bool(entries))

    def given(self, data: bytes, name: str) -> State:
        """The state in a copy, which errors call `name`. Raises StateError when it cannot be trusted."""
        return snapshot.read(data, name, self.tenant, "Give another copy: this one cannot be trusted").state

    def _read(self) -> tuple[bytes | None, bytes | None]:
        """The journal and the state that it is beside: read again when somebody saved in between."""
        data = self.disk.read(self.path)
        while True:
            told, after = self.disk.read(self.journal), self.disk.read(self.path)
            if after == data:
                return told, data
            data = after

    def _unsaved(self, told: bytes | None) -> Snapshot:
        """Before the first snapshot, a journal that goes on from serial 0 is all there may be."""
        if told is None:
            return Snapshot(State(self.tenant, lineage=secrets.token_hex(16)), None)
        base, _ = journal.follow(told, self._files)
        if base.serial:
            raise StateError(
                f"{self.path}: is gone, and the journal beside it goes on from it. Put it back, or put it together "
                "again with provisioner state restore"
            )
        return Snapshot(State(self.tenant, base.lineage), None)

    def _snapshot(self, data: bytes) -> Snapshot:
        remedy = "Put it together again with provisioner state restore"
        return snapshot.read(data, str(self.path), self.tenant, remedy)

    def _before(self) -> State | None:
        """The snapshot before the last, if it can be trusted."""
        with suppress(StateError, OSError):
            data = self.disk.read(self.previous)
            return None if data is None else snapshot.read(data, str(self.previous), self.tenant, "").state
        return None

    def _unreadable(self, error: OSError) -> StateError:
        path = error.filename or self.path
        return StateError(
            f"{path}: cannot be read: {error.strerror or error}. Make it a file that you may read and write, or move "
            f"it away: without a state, {found_again(self.kinds)}"
        )

    def holder(self) -> str:
        """Who is at work on this tenant right now; "" when nobody is."""
        return lock.holder(self._lock)

    # -- writing

    def locked(self, doing: str) -> AbstractContextManager[None]:
        """Be the only writer. Raises LockedError, naming the holder, and StateError."""
        self._make_folder()
        return lock.locked(self._lock, doing)

    def save(self, state: State) -> State:
        """Write the next serial of a state, if what is on disk is what it was read from. Raises StateError.

        The journal starts anew behind it; a crash between the two leaves one that the snapshot has already.
        """
        saved = replace(state, serial=state.serial + 1)
        with self._exclusively():
            before = self.disk.read(self.path)
            self._compare(before, state)
            self._write(saved, before)
        return saved

    def begin(self, state: State) -> Journal:
        """The journal of a run that goes on from a saved state. Raises StateError when another run came between."""
        with self._exclusively():
            self._compare(self.disk.read(self.path), state)
            if self.load().interrupted:
                raise StateError(f"{self.journal}: tells of a run that is not in the state yet: plan again")
            return journal.begin(self.journal, self.disk, state)

    def keep_damaged(self) -> None:
        """A copy of what is about to be put right, for whoever wants to look at it. Raises StateError."""
        with self._exclusively():
            for path in (self.path, self.journal):
                data = self.disk.read(path)
                if data is not None:
                    replace_file(self.disk, path.with_name(path.name + ".damaged"), data)

    def objection(self, given: State) -> str:
        """Why a state should not take the place of what is there; "" when nothing speaks against it."""
        try:
            there, interrupted = self.load()
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

    def push(self, state: State) -> State:
        """Write a state over whatever is there, as the newest serial of all. Raises StateError."""
        with self._exclusively():
            before = self.disk.read(self.path)
            saved = replace(state, serial=max(state.serial, self._newest(before)) + 1)
            self._write(saved, before)
        return saved

    def restored(self, now: float) -> Restored:
        """All that the snapshots and journals say that can be trusted. Raises StateError.

        `now` is in seconds since 1970: when something is missing, what was under way may still appear.
        """
        try:
            found = self._restored()
        except OSError as error:
            raise self._unreadable(error) from None
        return replace(found, state=replace(found.state, gap=now)) if found.missing else found

    def _restored(self) -> Restored:
        state = self._trusted(self.disk.read(self.path))
        files = [self.journal] if state else [self.taken_in, self.journal]
        state = state or self._before()
        missing = state is None
        told = {path: self.disk.read(path) or b"" for path in files}
        for path, data in told.items():
            if path == self.journal and data == told.get(self.taken_in):
                continue
            base, entries, whole = journal.salvage(data, self._files)
            if state is None and base is not None and base.tenant == self.tenant:
                state = State(self.tenant, base.lineage, base.serial)
            after = None if state is None else _after(state, base, entries)
            missing = missing or after is None or not whole
            state = after or state
        return Restored(state or self._unsaved(None).state, missing)

    def _followed(self, state: State, told: bytes) -> State | None:
        """The snapshot that came of a state and its journal; None when the journal is not one that goes on from it."""
        with suppress(StateError):
            return _after(state, *journal.follow(told, self._files))
        return None

    def remove(self) -> None:
        """Forget everything. Raises StateError."""
        with self.locked("forgetting the state"):
            # The journal first: it says what the others must be.
            for path in (self.journal, self.path, self.previous, self.taken_in):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:
                    raise StateError(f"{path}: cannot be removed: {error.strerror or error}") from None
            self.runs.remove()

    def _compare(self, data: bytes | None, state: State) -> None:
        """Compare and set: a writer that lost its lock must never overwrite what came since."""
        there = State(self.tenant, state.lineage) if data is None else self._snapshot(data).state
        if (there.lineage, there.serial) != (state.lineage, state.serial):
            what = "was moved away" if data is None else f"was written by another run (serial {there.serial})"
            raise StateError(
                f"{self.path}: {what} since it was read (serial {state.serial}): nothing is overwritten. Of "
                f"what this run did, {found_again(self.kinds)}: plan again"
            )

    def _newest(self, data: bytes | None) -> int:
        """A serial that nothing here exceeds, as far as anything here can be read."""
        serials = [0]
        told = self.disk.read(self.journal)
        with suppress(StateError):
            serials += [journal.parse(told, self._files).base.serial] if told is not None else []
        try:
            serials += [self._snapshot(data).state.serial] if data is not None else []
        except StateError:
            return max(serials) + 1  # a journal may be one behind what cannot be read
        return max(serials)

    def _write(self, saved: State, data: bytes | None) -> None:
        """The two before, the snapshot, the journal. Each is whole on disk before the next begins."""
        before = self._trusted(data)
        if self.disk.read(self.journal) is None:
            serial = 0 if data is None else saved.serial - 1
            journal.start(self.journal, self.disk, replace(saved, serial=serial))
        told = self.disk.read(self.journal) or b""
        self._keep_ending(told)
        if before is not None and data is not None:  # the last good one is never lost to a damaged one
            leads_there = self._followed(before, told) == replace(saved, serial=before.serial + 1)
            replace_file(self.disk, self.previous, data)
            replace_file(self.disk, self.taken_in, told if leads_there else b"")
        replace_file(self.disk, self.path, dump(saved, journal.digest(told)).encode("utf-8", "surrogatepass"))
        journal.start(self.journal, self.disk, saved)

    def _keep_ending(self, told: bytes) -> None:
        """Before a journal is given up: what it says of a run that died goes to what is kept of that run."""
        if run := journal.run_of(told):
            self.runs.take_in(run, lambda: journal.salvage(told, self._files).entries)

    def ending(self, kept: Kept) -> Ending | None:
        """How a run ended, of one that died as its journal tells; None where nothing tells it. Raises StateError."""
        if kept.ending is not None:
            return kept.ending
        told = self.disk.read(self.journal) or b""
        if journal.run_of(told) != kept.run.id:
            return None
        return died(kept.steps, journal.salvage(told, self._files).entries)

    def _trusted(self, data: bytes | None) -> State | None:
        with suppress(StateError):
            return None if data is None else self._snapshot(data).state
        return None

    def _make_folder(self) -> None:
        try:
            self.disk.make_folder(self.path.parent)
        except OSError as error:
            raise StateError(f"{self.path.parent}: cannot be made: {error.strerror or error}") from None

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Between comparing and setting nobody else may do either, lock or no lock. Raises StateError."""
        self._make_folder()
        try:
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                yield
            finally:
                os.close(folder)
        except OSError as error:
            raise StateError(f"{self.path}: cannot be written: {error.strerror or error}") from None


def _after(state: State, base: Base | None, entries: Iterable[Entry]) -> State | None:
    """The state that a run's entries led to; None when they do not go on from this one."""
    if base != Base(state.tenant, state.lineage, state.serial):
        return None
    return replace(fold(state, entries), serial=state.serial + 1)
