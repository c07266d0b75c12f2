"""The file operations that durability rests on, one by one: what a test may break or cut short between any two."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

_OURS = os.O_CLOEXEC | os.O_NOFOLLOW
"""A repository may carry a link in the place of a file of ours: what it leads to is never written."""
_LONGEST = 200
"""Bytes of a name that still leave room for more; no file system takes more than 255."""


class Disk:
    """The real disk. Every method raises OSError and nothing else."""

    def make_folder(self, path: Path) -> None:
        """A folder, with those above it, that only its owner may look into."""
        missing = [path, *path.parents]
        for folder in reversed([each for each in missing if not each.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)

    def read(self, path: Path) -> bytes | None:
        """The whole of a file; None when there is none."""
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def create(self, path: Path) -> int:
        """An empty file of its owner's alone, open for writing; what was there is gone."""
        path.unlink(missing_ok=True)
        return _new(path)

    def create_new(self, path: Path) -> int:
        """The same, where nothing was: raises FileExistsError for anything of that name, be it a link to nowhere."""
        return _new(path)

    def allow(self, file: int, mode: int) -> None:
        """Who else may read and write an open file."""
        os.fchmod(file, mode)

    def extend(self, path: Path) -> int:
        """A file that exists, open for writing at its end."""
        return os.open(path, os.O_WRONLY | os.O_APPEND | _OURS)

    def is_gone(self, file: int) -> bool:
        """Whether no name leads to an open file any more: it was removed, or another took its place."""
        return os.fstat(file).st_nlink == 0

    def write(self, file: int, data: bytes) -> None:
        """All of the data."""
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]

    def sync(self, file: int) -> None:
        """Wait until what was written will survive a loss of power."""
        os.fsync(file)

    def close(self, file: int) -> None:
        """Free the descriptor."""
        os.close(file)

    def rename(self, source: Path, target: Path) -> None:
        """Put one file in the place of another, at once."""
        source.replace(target)

    def sync_folder(self, path: Path) -> None:
        """Wait until the names in a folder will survive a loss of power."""
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _new(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OURS, 0o600)


def beside(path: Path) -> Path:
    """Where a file's new text waits to take its place. Nobody else's file has this name, and it is never too long."""
    name = os.fsencode(path.name)
    told = path.name if len(name) <= _LONGEST else hashlib.sha256(name).hexdigest()
    return path.with_name(f".{told}.provisioner.tmp")


def replace_file(disk: Disk, path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file whole or not at all: temporary file, fsync, rename, fsync of the folder.

    It is its owner's alone unless a mode is given. Raises OSError.
    """
    temporary = beside(path)
    file = disk.create(temporary)
    try:
        try:
            disk.write(file, data)
            if mode is not None:
                disk.allow(file, mode)
            disk.sync(file)
        finally:
            disk.close(file)
        disk.rename(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    disk.sync_folder(path.parent)
