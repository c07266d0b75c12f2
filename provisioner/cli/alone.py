"""One apply per tenant at a time: in a workspace, and in all workspaces of one person on one machine."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from provisioner.cli.tenant import Place
from provisioner.errors import StateError
from provisioner.state import lock
from provisioner.state.store import Store

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@contextmanager
def alone(file: Store, place: Place, doing: str) -> Iterator[None]:
    """Be the only writer to a tenant. Raises LockedError, naming the holder, and StateError."""
    with ExitStack() as held:
        held.enter_context(file.locked(doing))
        if not place.embedded:  # the embedded sandbox is a workspace's own
            held.enter_context(lock.locked(_shared_folder() / _name(place), doing))
        yield


def _name(place: Place) -> str:
    """One name for one tenant, however its host is spelled."""
    host, _, port = place.tenant.host.rpartition(":")
    known = f"loopback_{port}" if host in LOOPBACK else place.tenant.host.replace(":", "_")
    return f"{known}_{place.tenant.company_id}.lock"


def _shared_folder() -> Path:
    """A folder of this user's alone that every workspace knows, and that may be emptied at any reboot."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"provisioner-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise StateError(f"{folder}: no place for locks: {error.strerror or error}") from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise StateError(f"{folder}: belongs to somebody else, and locks are kept there: set XDG_RUNTIME_DIR")
    return folder
