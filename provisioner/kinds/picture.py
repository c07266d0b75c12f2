"""A picture in a file of the workspace: known by its path, its size and a digest of its content, never by its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from provisioner.kinds import patterns
from provisioner.kinds.fields import Form, FromFile
from provisioner.kinds.values import refused

MOST = 5 * 1024 * 1024
"""Bytes of the largest picture that is sent. Assumption: the vendor's own bound is not told."""
_DIGITS = 16
_FIRST_BYTES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
                (b"GIF89a", "image/gif"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture. Of a live one only the vendor's name for it is known."""

    file: str
    """The path from the workspace's root, or what the vendor calls it."""
    size: int = 0
    """In bytes."""
    sha256: str = ""
    """Of its content, in hex; "" for a live one."""

    @property
    def digest(self) -> str:
        """As much of the content's digest as is shown and remembered; "" for a live one."""
        return self.sha256[:_DIGITS]

    def __str__(self) -> str:
        return f"{self.file}, {self.size} bytes, sha256:{self.digest}" if self.sha256 else self.file


def digest_of(spelling: Any) -> str:
    """The digest of a picture, or in what `str` makes of one, which the state keeps; "" where there is none."""
    if isinstance(spelling, Picture):
        return spelling.digest
    _, mark, digest = str(spelling).rpartition(", sha256:")
    return digest if mark else ""


def media_type(content: bytes) -> str | None:
    """What sort of picture it is by its first bytes: PNG, JPEG, GIF or WebP; None for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((name for start, name in _FIRST_BYTES if content.startswith(start)), None)


def same_picture(one: Any, other: Any) -> bool:
    """Whether two pictures, or what the state keeps of them, have the same content, wherever their files are."""
    mine, theirs = digest_of(one), digest_of(other)
    return mine == theirs if mine or theirs else one == other


def parse_picture(raw: Any) -> Picture | None:
    """A picture whose file was read; null is none."""
    if raw is None or isinstance(raw, Picture):
        return raw
    raise refused(raw, "is no path", "one from the workspace's root, such as photos/downtown.jpg")


def _kept(raw: Any) -> Picture:
    picture = parse_picture(raw)
    if picture is None:
        raise ValueError("null is not allowed here: it cannot be removed, only replaced")
    return picture


PICTURE = Form(
    "picture",
    str,
    same_picture,
    grammar="a path from the workspace's root to a PNG, JPEG, GIF or WebP of at most 5 MiB",
    schema={**patterns.ANY_TEXT, "examples": ["photos/downtown.jpg"]},
)
Photo = Annotated[Picture | None, BeforeValidator(parse_picture), PICTURE, FromFile()]
Logo = Annotated[Picture | None, BeforeValidator(_kept), PICTURE, FromFile()]
