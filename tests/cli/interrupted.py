"""A workspace in which an apply was killed: its journal as it would have left it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from provisioner.kinds import read_address
from provisioner.state.entries import Begin, Entry, Intent
from provisioner.state.file import StateFile
from provisioner.state.model import Key, Pending, Record, Tenant
from tests.cli.command import Workspace

DYE = "service/dye"


def file(workspace: Workspace) -> StateFile:
    """The state of the embedded sandbox."""
    return StateFile(workspace.state, Tenant("sandbox", "2345"))


def sent(address: str, name: str, *, key: str = "name", **more: Any) -> Intent:
    """A create that left just now; by a clock that was ahead, so that no slow test makes it old."""
    record = Record("", owned=True, applied={key: name})
    made = Pending(record, (Key((key,), (name.casefold(),)),), "2345", **more)
    return Intent(f"create {address}", time.time() + 3600, {read_address(address): made})


def interrupt(workspace: Workspace, *entries: Entry) -> None:
    """Leave the journal of a run that was killed."""
    store = file(workspace)
    with closing(store.begin(store.load().state)) as journal:
        journal.append(Begin("killed"), *entries)


@contextmanager
def busy(workspace: Workspace) -> Iterator[None]:
    """Another run is at work."""
    with file(workspace).locked("provisioner apply"):
        yield


def files(workspace: Workspace) -> dict[str, bytes]:
    """All that is remembered; the lock says only who came last."""
    found = (path for path in workspace.state.parent.iterdir() if path.is_file() and path.name != "lock")
    return {path.name: path.read_bytes() for path in found}


def pending(workspace: Workspace) -> list[str]:
    """What `state list` lists as pending."""
    return [line for line in workspace("state", "list").out.splitlines() if line.endswith("  pending")]
