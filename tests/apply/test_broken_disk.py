"""A disk that fails at any operation, once or for good: no create without its durable intent; a rerun converges."""

from __future__ import annotations

import errno
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from provisioner.errors import PartlyAppliedError, ProvisionerError, StateError
from provisioner.state.disk import Disk
from provisioner.state.entries import Intent
from provisioner.state.file import StateFile
from provisioner.state.journal import Files, parse
from tests.apply.crash import AFTER, BEFORE, World

KINDS = (errno.ENOSPC, errno.EIO, errno.EACCES)


@dataclass(slots=True)
class BrokenDisk(Disk):
    """Fails at its n-th operation, and at every one after it unless it is `mended` at once; a write gets half way."""

    at: int
    kind: int
    mended: bool = False
    count: int = 0
    names: list[str] = field(default_factory=list)

    def _step(self, name: str) -> None:
        self.count += 1
        self.names.append(name)
        if self.count == self.at or (self.count > self.at and not self.mended):
            raise OSError(self.kind, errno.errorcode[self.kind])

    def make_folder(self, path: Path) -> None:
        self._step("make folder")
        Disk.make_folder(self, path)

    def read(self, path: Path) -> bytes | None:
        self._step(f"read {path.name}")
        return Disk.read(self, path)

    def create(self, path: Path) -> int:
        self._step(f"create {path.name}")
        return Disk.create(self, path)

    def extend(self, path: Path) -> int:
        self._step(f"extend {path.name}")
        return Disk.extend(self, path)

    def write(self, file: int, data: bytes) -> None:
        try:
            self._step("write")
        except OSError:
            Disk.write(self, file, data[: len(data) // 2])
            raise
        Disk.write(self, file, data)

    def sync(self, file: int) -> None:
        self._step("sync")
        Disk.sync(self, file)

    def rename(self, source: Path, target: Path) -> None:
        self._step(f"rename {target.name}")
        Disk.rename(self, source, target)

    def sync_folder(self, path: Path) -> None:
        self._step("sync folder")
        Disk.sync_folder(self, path)


RUNS = re.compile(r"read \d+(\.ended)?\.ndjson")


def told(app: Any, file: StateFile, sent: list[str], untold: list[str]) -> Any:
    """The wire: whatever may create leaves only when the journal on the disk says that it will."""

    async def between(scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"].removeprefix("/api/v2")
        if scope["method"] == "POST" and path in ("/location", "/employee", "/service", "/account"):
            sent.append(path)
            entries = parse(file.journal.read_bytes(), Files(file.journal, file.path)).entries
            intents = Counter(a.kind for e in entries if isinstance(e, Intent) for a in e.making if not a.key[1:])
            if intents[path[1:]] < sent.count(path):
                untold.append(path)
        await app(scope, receive, send)

    return between


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World, int]]:
    folder = tmp_path_factory.mktemp("disks")
    start = World(folder / "start", BEFORE)
    assert start.apply() == 0
    start.write(AFTER)
    end, whole = start.copy(folder / "end"), BrokenDisk(0, errno.EIO, mended=True)
    assert end.apply(whole) == 0
    yield start, end, whole.count
    start.close()
    end.close()


def failing(worlds: tuple[World, World, int], folder: Path, points: range, kind: int, *, mended: bool) -> None:
    start, end, _ = worlds
    for at in points:
        world, disk = start.copy(folder / f"{at}-{kind}-{mended}"), BrokenDisk(at, kind, mended)
        untold: list[str] = []
        ended = world.apply(disk, partial(told, file=world.file(), sent=[], untold=untold))
        name = f"{errno.errorcode[kind]} at {at} ({disk.names[at - 1]}): {ended!r}"
        assert not untold, f"{name}: left without an intent"
        if mended and RUNS.match(disk.names[at - 1]):  # a record of earlier runs: nothing of this one depends on it
            assert ended == 0, name
            world.close()
            continue
        assert isinstance(ended, ProvisionerError), name
        assert isinstance(ended, StateError | PartlyAppliedError), name
        assert ended.exit_code in (1, 5), name
        assert "\n" not in str(ended), name
        assert errno.errorcode[kind] in str(ended), name
        assert world.apply() == 0, name
        assert world.live() == end.live(), name
        assert len(world.orphans()) == len(end.orphans()), name
        assert world.summary() == end.summary(), name
        assert not world.plan().changes, name
        world.close()


@pytest.mark.parametrize("kind", KINDS, ids=errno.errorcode.get)
def test_a_disk_that_fails_for_good(worlds: tuple[World, World, int], tmp_path: Path, kind: int) -> None:
    failing(worlds, tmp_path, range(1 + KINDS.index(kind), worlds[2] + 1, 23), kind, mended=False)


@pytest.mark.parametrize("kind", KINDS, ids=errno.errorcode.get)
def test_a_disk_that_fails_once(worlds: tuple[World, World, int], tmp_path: Path, kind: int) -> None:
    failing(worlds, tmp_path, range(1 + KINDS.index(kind), worlds[2] + 1, 23), kind, mended=True)


@pytest.mark.slow
@pytest.mark.parametrize("mended", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=errno.errorcode.get)
def test_a_disk_that_fails_anywhere(
    worlds: tuple[World, World, int], tmp_path: Path, kind: int, *, mended: bool
) -> None:
    failing(worlds, tmp_path, range(1, worlds[2] + 1), kind, mended=mended)


@pytest.mark.parametrize(
    "name", [".state.json.provisioner.tmp", ".journal.ndjson.provisioner.tmp", "lock", "journal.ndjson", "state.json"]
)
def test_a_link_that_a_repository_carries_is_not_written_through(
    worlds: tuple[World, World, int], tmp_path: Path, name: str
) -> None:
    world = worlds[0].copy(tmp_path / "w")
    precious = tmp_path / "precious"
    precious.write_text("mine")
    planted = world.file().path.with_name(name)
    planted.unlink(missing_ok=True)
    planted.symlink_to(precious)
    ended = world.apply()
    assert precious.read_text() == "mine"
    assert isinstance(ended, StateError) or (ended == 0 and not planted.is_symlink()), ended
    world.close()
