"""The pictures that manifests name: read without leaving the workspace, and known to be pictures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from provisioner.kinds.picture import MOST, Picture, media_type
from provisioner.kinds.values import plain
from provisioner.manifest.files import read_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from provisioner.manifest.files import Files


def read_picture(root: Path, name: str) -> bytes:
    """The content of a picture; raises ValueError for what is none, is too large, or cannot be read."""
    return _content(name, partial(read_file, root))


def find_picture(files: Files, name: str) -> Picture:
    """What a manifest's path stands for; raises ValueError as `read_picture` does."""
    content = _content(name, files.read)
    return Picture(name, len(content), files.digests[name])


def _content(name: str, read: Callable[[str, int], bytes]) -> bytes:
    shown = plain(name, 100)
    try:
        content = read(name, MOST)
    except OSError as error:
        raise ValueError(f"{shown} cannot be read: {error.strerror or error}") from None
    if len(content) > MOST:
        raise ValueError(f"{shown} is larger than 5 MiB, which is the most that is sent: make it smaller")
    if media_type(content) is None:
        raise ValueError(f"{shown} is no picture by its first bytes: save it as PNG, JPEG, GIF or WebP")
    return content
