"""Files in request bodies: `multipart/form-data`, as the vendor's uploads take them."""

from __future__ import annotations

import re
from typing import NamedTuple

from provisioner.sandbox.setster.envelope import invalid

_PARAMETER = re.compile(r'(?<!\w)(\w+)="([^"]*)"')  # tried at the beginning of each word, not in each letter
_IMAGE = re.compile(r"image/[A-Za-z0-9_.+-]+")
_ANYTHING = "application/octet-stream"


class File(NamedTuple):
    """One file of a form; whatever does not say that it is an image is just bytes."""

    name: str
    media_type: str
    content: bytes


def multipart(raw: bytes) -> list[tuple[str, File | str]]:
    """Return the fields of a form; those with a file name are files. The boundary is what the body begins with."""
    first, _, rest = raw.partition(b"\r\n")
    if not first.startswith(b"--") or len(first) < 3:
        raise invalid("the body is no valid form")
    *parts, end = (b"\r\n" + rest).split(b"\r\n" + first)
    if not end.startswith(b"--"):
        raise invalid("the form has no end")
    return [_field(part.removeprefix(b"\r\n")) for part in parts]


def _field(part: bytes) -> tuple[str, File | str]:
    head, blank, content = part.partition(b"\r\n\r\n")
    if not blank:
        raise invalid("a field of the form has no end of its head")
    headers = dict(line.partition(":")[::2] for line in head.decode("utf-8", "replace").split("\r\n"))
    known = {name.strip().lower(): value.strip() for name, value in headers.items()}
    named = dict(_PARAMETER.findall(known.get("content-disposition", "")))
    if "name" not in named:
        raise invalid("a field of the form has no name")
    if "filename" not in named:
        return named["name"], content.decode("utf-8", "replace")
    return named["name"], File(named["filename"], image_or_bytes(known.get("content-type", "")), content)


def image_or_bytes(written: str) -> str:
    """Return the media type of an image, without its parameters; that of mere bytes for anything else."""
    media_type = written.partition(";")[0].strip()
    return media_type if _IMAGE.fullmatch(media_type) else _ANYTHING
