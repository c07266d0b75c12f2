"""Where what is kept of runs lies: texts by name, each written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from provisioner.errors import StateError
from provisioner.state.disk import Disk, replace_file


class Shelf(Protocol):
    """Where they lie. Every method raises StateError and nothing else."""

    @property
    def kept(self) -> int:
        """How many runs there is room for."""

    @property
    def room(self) -> int:
        """How many bytes they may take together."""

    def called(self, name: str) -> str:
        """What an error calls one of them."""

    def sizes(self) -> dict[str, int]:
        """The names of all that lie there, with their sizes."""

    def read(self, name: str) -> bytes | None:
        """One of them whole; None when there is none."""

    def first_line(self, name: str) -> bytes | None:
        """Its first line alone: of a list nothing more is needed."""

    def write(self, name: str, data: bytes) -> None:
        """Return once it is durable."""

    def remove(self, name: str) -> None:
        """Forget it, if it is there."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder beside a state file."""

    path: Path
    disk: Disk
    kept: int = 50
    room: int = 256 * 1024 * 1024

    def called(self, name: str) -> str:
        """Its path."""
        return str(self.path / name)

    def sizes(self) -> dict[str, int]:
        """What lies in the folder, if it is there."""
        found: dict[str, int] = {}
        try:
            for each in self.path.iterdir():
                with suppress(FileNotFoundError):  # it has gone meanwhile
                    found[each.name] = each.stat().st_size
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _failed(self.path, error) from None
        return found

    def read(self, name: str) -> bytes | None:
        """A file whole."""
        try:
            return self.disk.read(self.path / name)
        except OSError as error:
            raise _failed(self.path / name, error) from None

    def first_line(self, name: str) -> bytes | None:
        """A file's first line."""
        try:
            with (self.path / name).open("rb") as file:
                return file.readline()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(self.path / name, error) from None

    def write(self, name: str, data: bytes) -> None:
        """In a file that is its owner's alone."""
        try:
            self.disk.make_folder(self.path)
            replace_file(self.disk, self.path / name, data)
        except OSError as error:
            raise _failed(self.path / name, error) from None

    def remove(self, name: str) -> None:
        """The file goes."""
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise _failed(self.path / name, error) from None


def _failed(path: Path, error: OSError) -> StateError:
    return StateError(f"{path}: cannot be read or written: {error.strerror or error}")
