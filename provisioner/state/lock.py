"""One writer per tenant at a time: a lock of the operating system, which dies with its process, and who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from provisioner.errors import LockedError, StateError
from provisioner.state.who import user

DIES = "a lock here dies with its process: there is none to break"
PATIENCE = 1.0
"""Seconds in which a holder that has just come must have said who it is."""
PAUSES = (0.01, 0.03, 0.06, 0)
"""Seconds after each attempt to get the lock."""


@contextmanager
def locked(path: Path, doing: str) -> Iterator[None]:
    """Hold a tenant's lock. Raises LockedError, naming the holder, when another process has it."""
    file = _taken(path, doing)
    try:
        yield
    finally:
        os.close(file)


def holder(path: Path) -> str:
    """Who holds a lock at this moment; "" when nobody does."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return ""
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _said(path)
    except OSError:
        return ""
    finally:
        os.close(file)
    return ""


def _taken(path: Path, doing: str) -> int:
    """The open, locked file, which says who holds it."""
    me = json.dumps(myself(doing)).encode()
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise _unusable(path, error) from None
        try:
            free = _flocked(file)
            if free and _is_at(path, file):
                os.ftruncate(file, 0)
                os.write(file, me)
                return file
        except OSError as error:
            os.close(file)
            raise _unusable(path, error) from None
        os.close(file)
        if not free:
            raise at_work(_said(path))
        # Someone removed the file between: the lock is on what nobody else will open.


def _flocked(file: int) -> bool:
    """Whether the lock was free: a plan that looks whether it is has it for a moment itself."""
    for pause in PAUSES:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(pause)
        else:
            return True
    return False


def _unusable(path: Path, error: OSError) -> StateError:
    return StateError(f"{path}: cannot be locked: {error.strerror or error}")


def _is_at(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except OSError:
        return False


def myself(doing: str) -> dict[str, str | int]:
    """What a holder says of itself."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return {"doing": doing, "pid": os.getpid(), "user": user(), "host": socket.gethostname(), "since": since}


def words(me: Mapping[str, str | int]) -> str:
    """The same as a person reads it."""
    return f"{me['doing']} (process {me['pid']} of {me['user']} on {me['host']}, since {me['since']})"


def at_work(who: str, remedy: str = "") -> LockedError:
    """Why another one cannot have the lock."""
    return LockedError(f"{who} is at work on this tenant: wait for it to end, then try again{remedy}")


def _said(path: Path) -> str:
    """What the holder says of itself; what one that is dead left there is not repeated."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            me = json.loads(path.read_bytes())
            if me["host"] != socket.gethostname() or _lives(me["pid"]):
                return words(me)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            pass  # it has not said so yet, or somebody else wrote there
        time.sleep(0.02)
    return "another run"


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
