"""The files of a workspace: which are manifests, and reading one without leaving the workspace."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from errno import EISDIR
from posixpath import normpath
from typing import TYPE_CHECKING

from provisioner.kinds.values import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

SETTINGS = "provisioner.yaml"
DATA = "data"
MOST = 1024 * 1024
"""Bytes of a file that a `${file:...}` may bring in."""
LARGEST = 64 * MOST
"""Bytes of a file that are looked at at all."""
_HIDDEN = re.compile(r"\.[^.]")  # two dots are no hidden file: Kubernetes mounts a folder as links into ..data


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a workspace as one load reads them."""

    root: Path
    instead: Mapping[str, bytes] = field(default_factory=dict)
    """Normal path from the root -> a text that is read in place of the one on disk: what an edit would say."""
    digests: dict[str, str] = field(default_factory=dict)
    """Path from the root -> the sha256 of what was read, for telling a later edit."""

    def read(self, name: str, most: int) -> bytes:
        """What `read_file` reads or an edit says, remembered."""
        edited = self.instead.get(normpath(name)) if self.instead else None
        data = read_file(self.root, name, most) if edited is None else edited
        self.digests[name] = hashlib.sha256(data).hexdigest()
        return data


class UnreadableFolderError(Exception):
    """A folder whose manifests would be missed: what is missing is taken for removed."""

    def __init__(self, folder: str, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(folder, reason)


def manifest_files(root: Path, besides: Collection[Path] = ()) -> list[str]:
    """Every manifest below the root, sorted, as a path from the root. Raises UnreadableFolderError.

    Hidden folders and `data/` are left out, links to folders are not followed, and `besides` are files that were given
    as something else.
    """
    others = {SETTINGS, *(os.path.relpath(path, root).replace(os.sep, "/") for path in besides)}
    return sorted(name for name in _walk(root) if name not in others)


def file_digests(root: Path, known: Collection[str], besides: Collection[Path] = ()) -> dict[str, str]:
    """The sha256 of the settings, of each manifest and of the `known` files that are still there.

    "" is for a manifest that cannot be read, of which loading says why.
    """
    try:
        names = [SETTINGS, *manifest_files(root, besides)]
    except UnreadableFolderError:
        return {}
    files = Files(root)
    for name in {*names, *known}:
        with suppress(OSError, ValueError):
            files.read(name, LARGEST)
    return dict.fromkeys(names, "") | files.digests


def _walk(root: Path) -> Iterator[str]:
    waiting = [""]
    while waiting:  # no recursion: a path has room for 2,000 folders
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    name = f"{folder}{entry.name}"
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting += [f"{name}/"] if name != DATA else []
                    elif entry.name.endswith((".yaml", ".yml")) and not os.path.isdir(root / name):  # noqa: PTH112 -- hot
                        yield name
        except OSError as error:
            raise UnreadableFolderError(folder or ".", error.strerror or str(error)) from None


def inside(root: Path, name: str) -> Path:
    """The real path of a file of the workspace.

    Raises ValueError when it lies outside, is hidden or is no file, and OSError when it cannot be looked at.
    """
    shown = plain(name, 100)
    try:
        path, top = (root / name).resolve(), root.resolve()
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = 0
    except RuntimeError:  # Python 3.11 says so of a link that leads to itself
        raise ValueError(f"{shown} is a link that leads nowhere: point it at a file of the workspace") from None
    except ValueError:  # a NUL, or half of a surrogate pair
        raise ValueError(f"{shown} cannot be a path: name a file of the workspace") from None
    if not path.is_relative_to(top):
        raise ValueError(f"{shown} is outside the workspace: name a file below its root")
    if any(_HIDDEN.match(part) for part in path.relative_to(top).parts):
        raise ValueError(f"{shown} is a hidden file, and those are never taken in: name another one")
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if not stat.S_ISREG(mode):
        raise ValueError(f"{shown} is no file of the workspace: the path starts at its root")
    return path


def read_file(root: Path, name: str, most: int) -> bytes:
    """A file of the workspace, up to one byte more than `most`. Raises ValueError and OSError as `inside` does.

    What was opened is looked at again: nothing but a regular file is read, and opening a pipe does not wait.
    """
    number = os.open(inside(root, name), os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with open(number, "rb") as file:  # noqa: PTH123 -- a descriptor, not a path
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise ValueError(f"{plain(name, 100)} is no file of the workspace: the path starts at its root")
        return file.read(most + 1)


def read_text(files: Files, name: str) -> str:
    """The text that `${file:NAME}` stands for, without one final line break; raises ValueError."""
    try:
        data = files.read(name, MOST)
    except OSError as error:
        raise ValueError(f"{plain(name, 100)} cannot be read: {error.strerror or error}") from None
    if len(data) > MOST:
        raise ValueError(f"{plain(name, 100)} is larger than 1 MiB, which is the most that is taken in: shorten it")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{plain(name, 100)} is not UTF-8: save it as UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r")
