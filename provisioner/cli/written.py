"""A file that the command line asks to be written: refused before any work where it cannot or must not be."""

from __future__ import annotations

import os
import stat
from collections.abc import Hashable
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

_MANIFESTS = (".yaml", ".yml")
_OURS = ".provisioner"
_DEVICES = (Path("/dev"), Path("/proc"))
_STANDARD = (1, 2)
_CLAIMED = "provisioner.files"
"""Where a command line keeps which of its options has which file."""


def written_file(text: str, *, streams: bool = False) -> Path:
    """The path of a file to write; where that will do, of a pipe or a device as well. Raises click.BadParameter."""
    path = Path(text)
    if text == "-":
        raise click.BadParameter("'-' is no file, and stdout has the plan already: name a file")
    if path.is_dir():
        raise click.BadParameter(f"{text!r} is a folder: name a file in it")
    if is_stream(path) and not streams:
        raise click.BadParameter(f"{text!r} is no regular file: name another one")
    if path.suffix in _MANIFESTS:
        raise click.BadParameter(f"{text!r} would be read as a manifest: name it otherwise, such as {path.stem}.json")
    if not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(path.parent)!r}: make it first")
    if _OURS in path.resolve().parent.parts:
        raise click.BadParameter(f"{text!r} is where provisioner keeps the state: name a file elsewhere")
    return path


def is_stream(path: Path) -> bool:
    """Whether a path leads to what is written to and cannot be replaced: a pipe, a device, what stdout or stderr is."""
    try:
        found = path.stat()
    except OSError:
        return False
    return not stat.S_ISREG(found.st_mode) or standard(path) is not None or path.parent.resolve() in _DEVICES


def standard(path: Path) -> int | None:
    """1 or 2 where a path leads to what stdout or stderr is, whose place in the file only they know."""
    for number in _STANDARD:
        with suppress(OSError):
            if os.path.samestat(path.stat(), os.fstat(number)):
                return number
    return None


def claim(context: click.Context, path: Path | None, name: str) -> None:
    """One file, one use, in whatever order the options come; None is stdout. Raises click.BadParameter."""
    claimed: dict[Hashable, str] = context.meta.setdefault(_CLAIMED, {})
    key = _identity(path)
    if key in claimed:
        what = f"{str(path)!r}" if path else "stdout"
        raise click.BadParameter(f"{what} would be written twice: {claimed[key]} has it; name another file")
    claimed[key] = name


def _identity(path: Path | None) -> Hashable:
    with suppress(OSError):
        found = path.stat() if path else os.fstat(1)
        return found.st_dev, found.st_ino
    return path and path.resolve()


def read_option(context: click.Context, _param: Any, given: Path | None) -> Path | None:
    """A file that is read, as the callback of an argument: nothing may be written in its place."""
    if given is not None:
        claim(context, given, "the plan")
    return given


def table_option(context: click.Context, param: Any, given: str | None) -> Path | None:
    """The same of a table that manifests are to name, as the callback of an option."""
    if given is not None and given != "-" and Path(given).suffix.lower() != ".csv":
        raise click.BadParameter(f"{given!r} would hold CSV, and would be read as something else: end it in .csv")
    return written_option(context, param, given)


def written_option(context: click.Context, param: click.Parameter, given: str | None) -> Path | None:
    """The same as the callback of an option."""
    if given is None:
        return None
    path = written_file(given)
    claim(context, path, param.opts[0])
    return path
