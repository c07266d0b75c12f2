"""The pictures that manifests name: read without leaving the workspace, and known to be pictures."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from provisioner.kinds.picture import MOST, Picture, media_type
from provisioner.kinds.values import plain
from provisioner.manifest.files import read_file

if TYPE_CHECKING:
    from pathlib import Path


def read_picture(root: Path, name: str) -> bytes:
    """The content of a picture; raises ValueError for what is none, is too large, or cannot be read."""
    shown = plain(name, 100)
    try:
        content = read_file(root, name, MOST)
    except OSError as error:
        raise ValueError(f"{shown} cannot be read: {error.strerror or error}") from None
    if len(content) > MOST:
        raise ValueError(f"{shown} is larger than 5 MiB, which is the most that is sent: make it smaller")
    if media_type(content) is None:
        raise ValueError(f"{shown} is no picture by its first bytes: save it as PNG, JPEG, GIF or WebP")
    return content


def find_picture(root: Path, name: str) -> Picture:
    """What a manifest's path stands for; raises ValueError as `read_picture` does."""
    content = read_picture(root, name)
    return Picture(name, len(content), sha256(content).hexdigest())
