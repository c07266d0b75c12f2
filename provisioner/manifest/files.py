"""The files of a workspace: which are manifests, and reading one without leaving the workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

SETTINGS = "provisioner.yaml"
DATA = "data"
MOST = 1024 * 1024
"""Bytes of a file that a `${file:...}` may bring in."""


def manifest_files(root: Path, besides: Collection[Path] = ()) -> list[str]:
    """Every manifest below the root, sorted, as a path from the root.

    Hidden folders and `data/` are left out, and so are `besides`: files that were given as something else.
    """
    others = {SETTINGS, *(os.path.relpath(path, root).replace(os.sep, "/") for path in besides)}
    return sorted(name for name in _walk(root) if name not in others)


def _walk(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        at_root = folder == str(root)
        folders[:] = [name for name in folders if not name.startswith(".") and not (at_root and name == DATA)]
        for name in names:
            if name.endswith((".yaml", ".yml")) and not name.startswith("."):
                yield os.path.relpath(os.path.join(folder, name), root).replace(os.sep, "/")  # noqa: PTH118 -- hot


def inside(root: Path, name: str) -> Path:
    """The real path of a file of the workspace; raises ValueError when it lies outside or is no file."""
    try:
        path = (root / name).resolve()
    except (OSError, RuntimeError):  # Python 3.11 says RuntimeError of a link that leads to itself
        raise ValueError(f"{name} is a link that leads nowhere: point it at a file of the workspace") from None
    if not path.is_relative_to(root.resolve()):
        raise ValueError(f"{name} is outside the workspace: name a file below its root")
    if not path.is_file():
        raise ValueError(f"{name} is no file of the workspace: the path starts at its root")
    return path


def read_text(root: Path, name: str) -> str:
    """The text that `${file:NAME}` stands for, without one final line break; raises ValueError."""
    path = inside(root, name)
    try:
        with path.open("rb") as file:
            data = file.read(MOST + 1)
        text = data.decode("utf-8")
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not UTF-8: save it as UTF-8") from None
    if len(data) > MOST:
        raise ValueError(f"{name} is larger than 1 MiB, which is the most that is taken in: shorten it")
    return text.removesuffix("\n").removesuffix("\r")
