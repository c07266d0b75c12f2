"""A file that the command line asks to be written: refused before any work where it cannot or must not be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

_MANIFESTS = (".yaml", ".yml")


def written_file(text: str) -> Path:
    """The path of a file to write. Raises click.BadParameter."""
    path = Path(text)
    if text == "-":
        raise click.BadParameter("'-' is no file, and stdout has the plan already: name a file")
    if path.is_dir():
        raise click.BadParameter(f"{text!r} is a folder: name a file in it")
    if path.exists() and not path.is_file():
        raise click.BadParameter(f"{text!r} is no regular file: name another one")
    if path.suffix in _MANIFESTS:
        raise click.BadParameter(f"{text!r} would be read as a manifest: name it otherwise, such as {path.stem}.json")
    if not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {str(path.parent)!r}: make it first")
    return path


def table_option(_context: Any, _param: Any, given: str | None) -> Path | None:
    """The same of a table that manifests are to name, as the callback of an option."""
    if given is None:
        return None
    if given != "-" and Path(given).suffix.lower() != ".csv":
        raise click.BadParameter(f"{given!r} would hold CSV, and would be read as something else: end it in .csv")
    return written_file(given)


def written_option(_context: Any, _param: Any, given: str | None) -> Path | None:
    """The same as the callback of an option."""
    return None if given is None else written_file(given)
