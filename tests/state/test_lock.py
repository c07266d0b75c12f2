"""One writer at a time, and what holds when the lock is lost: nobody's update is."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from provisioner.errors import LockedError, StateError
from provisioner.kinds import Address
from provisioner.state.entries import Begin
from provisioner.state.file import StateFile
from provisioner.state.lock import holder, locked
from provisioner.state.model import Record, State
from provisioner.state.who import user
from tests.state.strategies import OWNER

CONTENDER = Path(__file__).with_name("contender.py")
ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "state" / "state.json", OWNER)


@dataclass(frozen=True)
class Contender:
    """A process of its own."""

    process: subprocess.Popen[str]

    def go(self) -> None:
        """Let it begin."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def says(self) -> Any:
        """What came of it."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "it ended without a word"
        return json.loads(line)


@contextmanager
def contenders(count: int, *arguments: str) -> Iterator[list[Contender]]:
    """So many processes that are ready to begin."""
    with ExitStack() as stack:
        started = []
        for number in range(count):
            words = [each.format(number) for each in arguments]
            process = subprocess.Popen(
                [sys.executable, str(CONTENDER), *words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            stack.callback(process.communicate, timeout=PATIENCE)
            stack.callback(process.kill)
            started.append(Contender(process))
        for each in started:
            assert each.process.stdout is not None
            assert each.process.stdout.readline() == "ready\n"
        yield started


@contextmanager
def held(path: Path) -> Iterator[Contender]:
    """A lock that another process has."""
    with contenders(1, "hold", str(path), "a test") as (other,):
        other.go()
        assert other.says() == {"got": "lock"}
        yield other


# -- one of many


@pytest.mark.parametrize("count", [2, 8, 32])
def test_of_many_at_once_one_gets_it_and_the_others_name_it(path: Path, count: int) -> None:
    with contenders(count, "hold", str(path), "test {}") as all_:
        for each in all_:
            each.go()
        said = {number: each.says() for number, each in enumerate(all_)}
        (first,) = (number for number, words in said.items() if words["got"] == "lock")
        me = f"test {first} (process {all_[first].process.pid} of {user()} on {socket.gethostname()}, since "
        for number, words in said.items():
            if number != first:
                assert words["got"] == "LockedError"
                assert words["said"].startswith(me)
                assert words["said"].endswith(" is at work on this tenant: wait for it to end, then try again")
                assert "\n" not in words["said"]
        assert holder(path).startswith(me)


def test_in_one_process_too(path: Path) -> None:
    words = rf"first \(process {os.getpid()} of "
    with locked(path, "first"), pytest.raises(LockedError, match=words), locked(path, "second"):
        pass
    with locked(path, "third"):
        assert holder(path).startswith("third (")


def test_it_ends_with_its_block_whatever_ends_that(path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyError), locked(path, "x"):
            raise KeyError
        assert holder(path) == ""
    descriptors = len(list(Path("/dev/fd").iterdir()))
    with locked(path, "x"):
        for _ in range(3):
            with pytest.raises(LockedError):
                locked(path, "y").__enter__()
    assert len(list(Path("/dev/fd").iterdir())) == descriptors


def test_it_dies_with_its_process(path: Path) -> None:
    with held(path) as other:
        with pytest.raises(LockedError, match=f"process {other.process.pid} "), locked(path, "x"):
            pass
        other.process.kill()
        other.process.wait()
        assert holder(path) == ""
        with locked(path, "x"):
            assert holder(path).startswith("x (")


def test_it_may_be_looked_at_by_many_while_one_takes_it(path: Path) -> None:
    """To see whether it is free, one has it for a moment: nobody is turned away for that."""
    with locked(path, "x"):
        pass
    looking = os.open(path, os.O_RDWR)
    fcntl.flock(looking, fcntl.LOCK_SH)
    pauses = iter([0.01, 0.01])

    def pause(_seconds: float) -> None:
        if next(pauses, None) is None:
            fcntl.flock(looking, fcntl.LOCK_UN)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", pause)
        with locked(path, "x"):
            assert next(pauses, None) is None
    os.close(looking)


# -- who holds it


@pytest.mark.parametrize(
    "stale",
    [
        "",
        "{",
        "[]",
        "null",
        '{"doing": "an old run"}',
        '{"doing": "an old run", "pid": "x", "user": "u", "host": "HOST", "since": "s"}',
        '{"doing": "an old run", "pid": DEAD, "user": "u", "host": "HOST", "since": "s"}',
        '{"doing": "an old run", "pid": 1e30, "user": "u", "host": "HOST", "since": "s"}',
        '{"doing": "an old run", "pid": 999999999999999999999999, "user": "u", "host": "HOST", "since": "s"}',
    ],
)
def test_what_a_dead_holder_left_misleads_nobody(path: Path, stale: str) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    path.write_text(stale.replace("DEAD", str(dead.pid)).replace("HOST", socket.gethostname()))
    assert holder(path) == ""
    mute = os.open(path, os.O_RDWR)
    fcntl.flock(mute, fcntl.LOCK_EX)  # a holder that has not come to speak yet
    assert holder(path) == "another run"
    with pytest.raises(LockedError, match=r"^another run is at work on this tenant: wait"), locked(path, "x"):
        pass
    os.close(mute)
    with locked(path, "x"):
        assert holder(path).startswith("x (")


def test_a_holder_on_another_machine_is_named_as_it_said(path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    me = {"doing": "an apply", "pid": dead.pid, "user": "eve", "host": "elsewhere", "since": "noon"}
    path.write_text(json.dumps(me))
    mute = os.open(path, os.O_RDWR)
    fcntl.flock(mute, fcntl.LOCK_EX)
    assert holder(path) == f"an apply (process {dead.pid} of eve on elsewhere, since noon)"
    os.close(mute)


def test_a_holder_of_another_user_is_alive_though_nobody_may_signal_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_process: int, number: int) -> None:
        assert number == 0, "looking must harm nobody"
        raise PermissionError

    monkeypatch.setattr("os.kill", refuse)
    with locked(path, "x"):
        assert holder(path).startswith(f"x (process {os.getpid()} ")


def test_a_user_without_a_name_is_a_number(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError

    monkeypatch.setattr("getpass.getuser", nameless)
    with locked(path, "x"):
        assert f" of {os.getuid()} on " in holder(path)


def test_nobody_holds_what_is_not_there(path: Path) -> None:
    assert holder(path) == ""
    assert not path.exists()


# -- what is in the way


def test_a_place_that_is_a_folder_cannot_be_locked(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StateError, match="lock: cannot be locked: Is a directory"), locked(path, "x"):
        pass
    assert holder(path) == ""


@pytest.mark.parametrize("function", ["open", "write", "ftruncate"])
@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device")])
def test_what_cannot_be_written_cannot_be_locked(
    path: Path, monkeypatch: pytest.MonkeyPatch, function: str, error: OSError
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(f"os.{function}", refuse)
        with pytest.raises(StateError, match=f"lock: cannot be locked: {error.strerror}"), locked(path, "x"):
            pass
    assert holder(path) == ""
    with locked(path, "x"):
        pass


def test_a_file_system_without_locks_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(StateError, match="lock: cannot be locked: No locks available"), locked(path, "x"):
        pass
    assert holder(path) == ""


# -- the lock is lost


def test_when_the_lock_is_removed_the_second_goes_on_and_the_first_overwrites_nothing(file: StateFile) -> None:
    with file.locked("first"):
        ours = file.save(file.load().state)
        journal = file.begin(ours)
        file.path.with_name("lock").unlink()
        with file.locked("second"):
            assert file.holder().startswith("second (")
            theirs = file.save(file.load().state.with_records({Address("", "service", ("cut",)): Record("1")}))
            for write in (file.save, file.begin):
                with pytest.raises(StateError, match="was written by another run"):
                    write(ours)
            with pytest.raises(StateError, match="was replaced by another run"):
                journal.append(Begin("first"))
            assert file.load() == (theirs, False)
    journal.close()


def test_a_lock_that_is_removed_while_it_is_taken_is_taken_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two would hold what each believes to be the lock."""
    real, removals = fcntl.flock, iter([True, True])

    def flock(file: int, how: int) -> None:
        real(file, how)
        if how & fcntl.LOCK_EX and next(removals, False):
            path.unlink()

    monkeypatch.setattr("fcntl.flock", flock)
    with locked(path, "x"):
        assert next(removals, None) is None
        assert holder(path).startswith("x (")


@pytest.mark.parametrize("count", [2, 6])
def test_many_that_save_with_no_lock_lose_no_update_silently(file: StateFile, count: int) -> None:
    start = file.save(State(OWNER, "cafe"))
    times = 60 // count
    with contenders(count, "save", str(file.path), "w{}", str(times)) as all_:
        for each in all_:
            each.go()
        said = [each.says() for each in all_]
    chain = {int(serial): mine for words in said for serial, mine in words["serials"].items()}
    saved, refused = sum(len(words["serials"]) for words in said), sum(words["refused"] for words in said)
    assert saved + refused == times * count
    assert sorted(chain) == list(range(start.serial + 1, start.serial + 1 + saved)), "each serial is one writer's"
    found = file.load().state
    assert found.serial == start.serial + saved
    assert {str(address) for address in found.records} == set(chain.values())
