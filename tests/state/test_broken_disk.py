"""A disk that is full, broken or not ours, at every single operation: what is recorded is what was, or what is."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pytest

from provisioner.errors import StateError
from provisioner.state.disk import Disk
from provisioner.state.file import StateFile
from provisioner.state.fold import fold
from provisioner.state.journal import parse
from provisioner.state.model import State
from tests.state.damage import BEFORE, RUN, contents
from tests.state.disks import Failing, Held, Noting, PowerCutError, Volatile
from tests.state.strategies import OWNER

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
TORN = (0.0, 0.001, 0.3, 0.999, 1.0)
SAVED = State(OWNER, "cafe", 1, BEFORE)
"""What is recorded before each of the steps below, but the first two."""
AFTER = fold(SAVED, RUN)
FOREIGN = State(OWNER, "beef", 7, dict(list(BEFORE.items())[:1]))


def nothing(_file: StateFile) -> None:
    pass


def saved(file: StateFile) -> None:
    file.save(replace(SAVED, serial=0))


def interrupted(file: StateFile) -> None:
    saved(file)
    append(file)


def damaged(file: StateFile) -> None:
    file.save(file.save(replace(SAVED, serial=0)))
    file.path.write_bytes(b"{}")


def save(file: StateFile) -> None:
    file.save(file.load().state)


def append(file: StateFile) -> None:
    journal = file.begin(SAVED)
    try:
        for entry in RUN:
            journal.append(entry)
    finally:
        journal.close()


@dataclass(frozen=True)
class Step:
    """One thing that is done to a state, and every state that may be found when it failed."""

    before: Callable[[StateFile], None]
    run: Callable[[StateFile], object]
    may_be: tuple[State, ...]
    unsure: bool = False
    """Whether the two files may not go together afterwards: they did not before, or the lineage changes."""


EMPTIED = replace(SAVED, records={})
STEPS: Mapping[str, Step] = {
    "the first save": Step(nothing, saved, (SAVED,)),
    "the first push": Step(nothing, lambda file: file.push(FOREIGN), (replace(FOREIGN, serial=8),)),
    "a save": Step(saved, save, (SAVED, replace(SAVED, serial=2))),
    "a save of what a journal told": Step(interrupted, save, (AFTER, replace(AFTER, serial=2))),
    "a run": Step(saved, append, tuple(fold(SAVED, RUN[:count]) for count in range(len(RUN) + 1))),
    "a push": Step(saved, lambda file: file.push(EMPTIED), (SAVED, replace(EMPTIED, serial=2))),
    "a push over a run": Step(interrupted, lambda file: file.push(SAVED), (AFTER, replace(SAVED, serial=2))),
    "a push of another lineage": Step(
        saved, lambda file: file.push(FOREIGN), (SAVED, replace(FOREIGN, serial=8)), unsure=True
    ),
    "a push over damage": Step(damaged, lambda file: file.push(SAVED), (replace(SAVED, serial=4),), unsure=True),
}


def fails(operations: Sequence[str]) -> Iterator[Failing]:
    """A disk for every way in which one of these operations can fail, alone or with all that come after it."""
    for at, operation in enumerate(operations):
        for error in ERRORS:
            yield Failing(at=at, error=error)
        for torn in TORN if operation == "write" else (0.0,):
            yield Failing(at=at, error=errno.ENOSPC, torn=torn)
            yield Failing(at=at, error=errno.ENOSPC, torn=torn, forever=True)


def broken(step: Step, folder: Path, every: int = 1) -> Iterator[tuple[StateFile, bool]]:
    """The files after a step on every so-many-th such disk, and whether it said that it failed."""
    step.before(StateFile(folder / "start" / "state.json", OWNER))
    (folder / "start").mkdir(exist_ok=True)
    shutil.copytree(folder / "start", folder / "whole")
    whole = Noting()
    step.run(StateFile(folder / "whole" / "state.json", OWNER, whole))
    for number, disk in enumerate(islice(fails(whole.done), 0, None, every)):
        shutil.copytree(folder / "start", folder / str(number))
        file = StateFile(folder / str(number) / "state.json", OWNER)
        try:
            step.run(replace(file, disk=disk))
        except StateError as error:
            assert "\n" not in str(error)  # noqa: PT017 -- closing may fail and harm nothing
            assert "it fails here" in str(error)  # noqa: PT017
            yield file, True
        else:
            yield file, False


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", STEPS)
def test_whatever_fails_what_was_or_what_is_is_found(tmp_path: Path, name: str, every: int) -> None:
    """Of the ways to fail an operation has 5, a write 13: none is passed over at all of them."""
    step = STEPS[name]
    said = 0
    for file, failed in broken(step, tmp_path, every):
        said += failed
        assert_found(file, step)
        assert_goes_on(file)
    assert said > 50 / every


def assert_found(file: StateFile, step: Step) -> None:
    try:
        found = file.load().state
    except StateError:
        assert step.unsure
        return
    fresh = found.serial == 0 and not found.records and not found.pending
    assert found in step.may_be or (fresh and step.before is nothing)


def assert_goes_on(file: StateFile) -> None:
    """With a disk that works again, a later save does; where nothing can be read, a push."""
    try:
        there = file.load().state
    except StateError:
        there = file.push(SAVED)
    saved = file.save(there)
    assert file.load() == (saved, False)
    assert (saved.records, saved.pending) == (there.records, there.pending)


def test_a_push_over_damage_that_fails_does_not_lose_the_last_good_one(tmp_path: Path) -> None:
    for file, failed in broken(STEPS["a push over damage"], tmp_path):
        if failed:
            assert file.given(file.previous.read_bytes(), "previous").records == BEFORE


# -- the power


def cut(step: Step, folder: Path, at: int) -> Volatile:
    """A disk that lost its power at one operation of a step; what was before it is durable."""
    folder.mkdir()
    disk = Volatile()
    file = StateFile(folder / "state.json", OWNER, disk)
    step.before(file)
    disk.at, disk.count = at, 0
    try:
        step.run(file)
    except PowerCutError:
        return disk
    return replace(disk, at=-1)


SURE = [name for name, step in STEPS.items() if not step.unsure]


@pytest.mark.parametrize("name", SURE)
def test_when_the_power_goes_what_was_or_what_is_is_found(tmp_path: Path, name: str) -> None:
    step, seen = STEPS[name], 0
    for at in range(1000):
        disk = cut(step, tmp_path / str(at), at)
        for files in disk.afterwards():
            seen += 1
            assert_found(StateFile(tmp_path / str(at) / "state.json", OWNER, Held(files)), step)
        if disk.at < 0:
            break
    assert seen > 10


def test_what_was_appended_is_there_after_the_power_is_back(tmp_path: Path) -> None:
    disk = Volatile()
    file = StateFile(tmp_path / "state.json", OWNER, disk)
    saved(file)
    journal = file.begin(SAVED)
    for done in range(1, len(RUN) + 1):
        journal.append(RUN[done - 1])
        for files in disk.afterwards():
            assert parse(files[file.journal], file._files).entries == RUN[:done]


def test_a_snapshot_is_there_after_the_power_is_back(tmp_path: Path) -> None:
    disk = Volatile()
    file = StateFile(tmp_path / "state.json", OWNER, disk)
    state = State(OWNER, "cafe")
    for _ in range(3):
        state = file.save(state)
        for files in disk.afterwards():
            assert replace(file, disk=Held(files)).load() == (state, False)


def test_nothing_is_left_over(tmp_path: Path) -> None:
    """A failed write takes half a file away again."""
    file = StateFile(tmp_path / "state.json", OWNER)
    saved(file)
    noting = Noting()
    now = replace(file, disk=noting).save(SAVED)
    first_write = noting.done.index("write")
    with pytest.raises(StateError):
        replace(file, disk=Failing(at=first_write, error=errno.ENOSPC, torn=0.5)).save(now)
    assert not any(path.suffix == ".tmp" for path in contents(tmp_path))
    file.save(now)
    assert not any(path.suffix == ".tmp" for path in contents(tmp_path))


def test_the_disk_is_the_systems_own(tmp_path: Path) -> None:
    """What the tests above put in its place is the real one here."""
    disk, path = Disk(), tmp_path / "a" / "b"
    disk.make_folder(path.parent)
    disk.make_folder(path.parent)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert disk.read(path) is None
    file = disk.create(path)
    disk.write(file, b"x" * 100_000)
    disk.sync(file)
    assert not disk.is_gone(file)
    disk.rename(path, tmp_path / "c")
    disk.sync_folder(tmp_path)
    assert not disk.is_gone(file)
    disk.close(file)
    more = disk.extend(tmp_path / "c")
    disk.write(more, b"y")
    assert disk.read(tmp_path / "c") == b"x" * 100_000 + b"y"
    (tmp_path / "c").unlink()
    assert disk.is_gone(more)
    disk.close(more)
    with pytest.raises(FileNotFoundError):
        disk.extend(tmp_path / "c")


def test_a_sync_waits_for_the_very_file_or_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[os.stat_result] = []
    monkeypatch.setattr("os.fsync", lambda file: synced.append(os.fstat(file)))
    before = len(list(Path("/dev/fd").iterdir()))
    disk = Disk()
    file = disk.create(tmp_path / "file")
    disk.sync(file)
    disk.close(file)
    disk.sync_folder(tmp_path)
    assert [(each.st_dev, each.st_ino) for each in synced] == [
        (path.stat().st_dev, path.stat().st_ino) for path in (tmp_path / "file", tmp_path)
    ]
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_link_in_the_place_of_a_file_leads_nowhere(tmp_path: Path) -> None:
    target, link = tmp_path / "theirs", tmp_path / "journal.ndjson"
    target.write_bytes(b"precious")
    link.symlink_to(target)
    disk = Disk()
    with pytest.raises(OSError, match="symbolic links"):
        disk.extend(link)
    disk.close(disk.create(link))
    assert not link.is_symlink()
    assert (target.read_bytes(), link.read_bytes()) == (b"precious", b"")
