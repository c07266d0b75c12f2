"""Disks that go wrong: they note what is done, fail at one operation, or forget what was not synced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from provisioner.state.disk import Disk

OPERATIONS = (
    "make_folder", "read", "create", "create_new", "extend", "is_gone", "write", "sync", "close", "rename",
    "sync_folder",
)  # fmt: skip


@dataclass
class Noting(Disk):
    """The real disk, with every operation noted."""

    done: list[str] = field(default_factory=list)

    def __getattribute__(self, name: str) -> Any:
        if name in OPERATIONS:
            self.done.append(name)
        return super().__getattribute__(name)


@dataclass
class Failing(Noting):
    """The real disk until one operation, counted from 0, fails; a write may leave its first bytes behind."""

    at: int = -1
    error: int = 5
    torn: float = 0.0
    """How much of a failing write is done: 0 nothing, 1 all of it."""
    forever: bool = False
    """Whether everything fails from there on."""

    def __getattribute__(self, name: str) -> Any:
        real = super().__getattribute__(name)
        if name not in OPERATIONS:
            return real
        number = len(self.done) - 1
        broken = number >= self.at if self.forever else number == self.at
        return self._broken(name, real) if self.at >= 0 and broken else real

    def _broken(self, name: str, real: Any) -> Any:
        def fail(*arguments: Any) -> Any:
            if name == "write":
                real(arguments[0], arguments[1][: int(len(arguments[1]) * self.torn)])
            if name == "close":
                real(*arguments)
            raise OSError(self.error, "it fails here")

        return fail


class PowerCutError(Exception):
    """The power is gone: nothing is done from here on."""


@dataclass
class _File:
    synced: bytes = b""
    written: bytes = b""


@dataclass
class Volatile(Disk):
    """A disk in memory that loses its power at one operation.

    What was not synced may or may not be there afterwards: of a file's bytes any first part, of the renames in a
    folder, which file systems keep in order, any first ones.
    """

    at: int = 10**9
    names: dict[Path, _File] = field(default_factory=dict)
    """As a running system sees them."""
    durable: dict[Path, _File] = field(default_factory=dict)
    renames: list[dict[Path, _File]] = field(default_factory=list)
    """The names after each change since the last sync of the folder."""
    opened: dict[int, _File] = field(default_factory=dict)
    count: int = 0

    def _step(self) -> None:
        self.count += 1
        if self.count > self.at:
            raise PowerCutError

    def make_folder(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)

    def read(self, path: Path) -> bytes | None:
        found = self.names.get(path)
        return None if found is None else found.written

    def _open(self, file: _File) -> int:
        self.opened[len(self.opened)] = file
        return len(self.opened) - 1

    def create(self, path: Path) -> int:
        self._step()
        self.names[path] = _File()
        self.renames.append(dict(self.names))
        return self._open(self.names[path])

    def extend(self, path: Path) -> int:
        return self._open(self.names[path])

    def is_gone(self, file: int) -> bool:
        return all(each is not self.opened[file] for each in self.names.values())

    def write(self, file: int, data: bytes) -> None:
        self._step()
        self.opened[file].written += data

    def sync(self, file: int) -> None:
        self._step()
        self.opened[file].synced = self.opened[file].written

    def close(self, file: int) -> None:
        pass

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        self.names[target] = self.names.pop(source)
        self.renames.append(dict(self.names))

    def sync_folder(self, path: Path) -> None:
        self._step()
        self.durable, self.renames = dict(self.names), []

    def afterwards(self) -> Iterator[Mapping[Path, bytes]]:
        """Every way in which the files may be found when the power is back."""
        for names in [self.durable, *self.renames]:
            paths = sorted(names)
            for contents in product(*(self._contents(names[path]) for path in paths)):
                yield dict(zip(paths, contents, strict=True))

    def _contents(self, file: _File) -> list[bytes]:
        lost = file.written[len(file.synced) :]
        cuts = sorted({0, len(lost) // 2, max(0, len(lost) - 1), len(lost)})
        return [file.synced + lost[:cut] for cut in cuts]


@dataclass
class Held(Disk):
    """A disk in memory that is only read."""

    files: Mapping[Path, bytes] = field(default_factory=dict)

    def read(self, path: Path) -> bytes | None:
        return self.files.get(path)
