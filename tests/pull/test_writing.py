"""Several files are written together or not at all, whatever the disk does, and each is whole whoever is killed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from provisioner.errors import StaleError
from provisioner.pull.book import Rewrite
from provisioner.pull.writing import write_all
from provisioner.state.disk import Disk
from tests.state.disks import Failing, Noting

NAMES = ("a.yaml", "data/b.csv", "c.yaml")


@pytest.fixture
def rewrites(tmp_path: Path) -> list[Rewrite]:
    found = []
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(f"old {name}".encode())
        path.chmod(0o640)
        found.append(Rewrite(name, path, path.read_bytes(), f"new {name}".encode()))
    return found


def held(rewrites: list[Rewrite]) -> list[str]:
    """What is in each file: `old` or `new`, whole."""
    found = {each.path: each.path.read_bytes() for each in rewrites}
    assert all(found[each.path] in (each.before, each.after) for each in rewrites)
    return ["new" if found[each.path] == each.after else "old" for each in rewrites]


def operations(rewrites: list[Rewrite]) -> int:
    disk = Noting()
    write_all(disk, rewrites)
    for each in rewrites:
        each.path.write_bytes(each.before)
    return len(disk.done)


def test_all_are_written_and_keep_their_modes(rewrites: list[Rewrite], tmp_path: Path) -> None:
    write_all(Disk(), rewrites)
    assert held(rewrites) == ["new", "new", "new"]
    assert {each.path.stat().st_mode & 0o777 for each in rewrites} == {0o640}
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()) == sorted(NAMES)


@pytest.mark.parametrize("error", [5, 28])
def test_a_disk_that_fails_once_leaves_all_old_or_all_new(rewrites: list[Rewrite], tmp_path: Path, error: int) -> None:
    count = operations(rewrites)
    assert count > 15
    for at in range(count):
        with pytest.raises(OSError, match="it fails here"):
            write_all(Failing(at=at, error=error, torn=0.5), rewrites)
        assert len(set(held(rewrites))) == 1, at
        assert sorted(p.name for p in tmp_path.rglob("*.tmp")) == []
        for each in rewrites:
            each.path.write_bytes(each.before)


def test_a_disk_that_fails_for_good_leaves_each_file_whole(rewrites: list[Rewrite]) -> None:
    for at in range(operations(rewrites)):
        with pytest.raises(OSError, match="it fails here"):
            write_all(Failing(at=at, error=28, forever=True), rewrites)
        held(rewrites)
        for each in rewrites:
            each.path.write_bytes(each.before)


class Killed(Noting):
    """A disk whose process is killed at one operation, as by `kill -9`."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name in ("create", "write", "allow", "sync", "close", "read", "rename", "sync_folder"):
            done: list[str] = object.__getattribute__(self, "done")
            if len(done) > object.__getattribute__(self, "at"):
                os._exit(9)
        return found


def test_whoever_is_killed_leaves_each_file_whole(rewrites: list[Rewrite]) -> None:
    seen = set[tuple[str, ...]]()
    for at in range(operations(rewrites)):
        child = os.fork()
        if not child:
            write_all(Killed(at), rewrites)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        seen.add(tuple(held(rewrites)))
        for each in rewrites:
            each.path.write_bytes(each.before)
    assert {("old", "old", "old"), ("new", "new", "new")} <= seen


def test_a_file_that_changed_since_it_was_read_stops_everything(rewrites: list[Rewrite], tmp_path: Path) -> None:
    rewrites[1].path.write_bytes(b"somebody's edit")
    with pytest.raises(StaleError) as stale:
        write_all(Disk(), rewrites)
    assert stale.value.moved == ("data/b.csv",)
    assert rewrites[1].path.read_bytes() == b"somebody's edit"
    assert [each.path.read_bytes() for each in (rewrites[0], rewrites[2])] == [b"old a.yaml", b"old c.yaml"]
    assert not [*tmp_path.rglob("*.tmp")]
