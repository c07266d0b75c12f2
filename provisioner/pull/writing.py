"""Several files written together: all of them, or none."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from provisioner.errors import StaleError
from provisioner.pull.book import Rewrite
from provisioner.state.disk import Disk, beside, replace_file


def write_all(disk: Disk, rewrites: Sequence[Rewrite]) -> None:
    """Put every file in place; what a full disk or a signal interrupts leaves all of them as they were.

    Everything is on disk before the first takes the place of its old self. A process that is killed between two of
    these renames leaves each file whole, some new and some old. Raises StaleError for a file that changed since it was
    read, and OSError.
    """
    ready: list[tuple[Path, Rewrite]] = []
    done: list[Rewrite] = []
    try:
        for each in rewrites:
            temporary = _waiting(disk, each)
            ready.append((temporary, each))
        _check_unchanged(disk, rewrites)
        for temporary, each in ready:
            done.append(each)
            disk.rename(temporary, each.path)
    except BaseException:
        for each in done:
            with suppress(OSError):
                _put_back(disk, each)
        for temporary, _ in ready:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise
    for folder in dict.fromkeys(each.path.parent for each in rewrites):
        disk.sync_folder(folder)


def _waiting(disk: Disk, each: Rewrite) -> Path:
    """The new text in a file of its own beside the old one."""
    temporary = beside(each.path)
    try:
        file = disk.create(temporary)
        try:
            disk.write(file, each.after)
            disk.allow(file, stat.S_IMODE(each.path.stat().st_mode))
            disk.sync(file)
        finally:
            disk.close(file)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    return temporary


def _check_unchanged(disk: Disk, rewrites: Sequence[Rewrite]) -> None:
    moved = [each.name for each in rewrites if disk.read(each.path) != each.before]
    if moved:
        raise StaleError("files changed since they were read: nothing was written; pull again", moved)


def _put_back(disk: Disk, each: Rewrite) -> None:
    if disk.read(each.path) == each.after:
        replace_file(disk, each.path, each.before, stat.S_IMODE(each.path.stat().st_mode))
