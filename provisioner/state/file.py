"""The state of one tenant as files: a checksummed snapshot, the one before it, the journal since, and the lock."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from provisioner.errors import StateError
from provisioner.kinds import Resource
from provisioner.kinds.found import found_again
from provisioner.state import journal, lock, snapshot
from provisioner.state.contents import Contents
from provisioner.state.disk import Disk, replace_file
from provisioner.state.journal import Files, Journal
from provisioner.state.model import State, Tenant
from provisioner.state.run import Ending, died
from provisioner.state.runs import Kept, Runs
from provisioner.state.shelf import Folder
from provisioner.state.store import Restored, Stored, objection


@dataclass(frozen=True, slots=True)
class StateFile:
    """The state of one tenant in a workspace: `.provisioner/state/HOST/COMPANY/state.json`, and what is beside it."""

    path: Path
    tenant: Tenant
    disk: Disk = field(default_factory=Disk)
    kinds: tuple[type[Resource], ...] = ()
    """What can be in it: some of it may be lost with it."""

    @property
    def name(self) -> str:
        """Where it is."""
        return str(self.path)

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
        return Runs(Folder(self.path.with_name("runs"), self.disk))

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
        return self._holding(data, told).stored()

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

    def _unreadable(self, error: OSError) -> StateError:
        path = error.filename or self.path
        return StateError(
            f"{path}: cannot be read: {error.strerror or error}. Make it a file that you may read and write, or move "
            f"it away: without a state, {found_again(self.kinds)}"
        )

    def holder(self) -> str:
        """Who is at work on this tenant right now; "" when nobody is."""
        return lock.holder(self._lock)

    def unlock(self, id_: str) -> None:
        """There is none to break."""
        raise StateError(f"{self._lock}: {id_}: {lock.DIES}")

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
            before = self._contents()
            before.compare(state)
            self._write(before, saved)
        return saved

    def begin(self, state: State) -> Journal:
        """The journal of a run that goes on from a saved state. Raises StateError when another run came between."""
        with self._exclusively():
            self._contents().compare(state)
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
        return objection(self, given)

    def push(self, state: State) -> State:
        """Write a state over whatever is there, as the newest serial of all. Raises StateError."""
        with self._exclusively():
            before = self._contents()
            saved = replace(state, serial=max(state.serial, before.newest()) + 1)
            self._write(before, saved)
        return saved

    def whole(self) -> str:
        """Why nothing can be put together again; "" when something can."""
        with suppress(StateError):
            self.load()
            if self.path.exists():
                return f"{self.path}: is not damaged. To go back to an older copy: provisioner state push --force FILE"
            if not self.previous.exists():
                return f"{self.path}: is not there, and nothing is that it could be made of"
        return ""

    def restored(self, now: float) -> Restored:
        """All that the snapshots and journals say that can be trusted. Raises StateError.

        `now` is in seconds since 1970: when something is missing, what was under way may still appear.
        """
        try:
            found = self._contents()
            if found.trusted() is None:
                taken_in = self.disk.read(self.taken_in)
                found = replace(found, taken_in=taken_in, previous=self._before())
        except OSError as error:
            raise self._unreadable(error) from None
        return found.restored(now)

    def _before(self) -> bytes | None:
        with suppress(OSError):
            return self.disk.read(self.previous)
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

    def _contents(self) -> Contents:
        """The last snapshot and the journal beside it. Raises OSError."""
        return self._holding(self.disk.read(self.path), self.disk.read(self.journal))

    def _holding(self, data: bytes | None, told: bytes | None) -> Contents:
        return Contents(self.tenant, self._files, data, told, kinds=self.kinds)

    def _write(self, before: Contents, saved: State) -> None:
        """The two before, the snapshot, the journal. Each is whole on disk before the next begins."""
        after = before.after(saved)
        if before.journal is None:
            serial = 0 if before.state is None else saved.serial - 1
            journal.start(self.journal, self.disk, replace(saved, serial=serial))
        self._keep_ending(before.journal or b"")
        if after.previous is not None and after.taken_in is not None:
            replace_file(self.disk, self.previous, after.previous)
            replace_file(self.disk, self.taken_in, after.taken_in)
        replace_file(self.disk, self.path, after.state or b"")
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
