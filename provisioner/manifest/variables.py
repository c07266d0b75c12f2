"""Variables from files: a YAML map of names to texts (`--var-file`)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from provisioner.errors import ManifestError, Problem
from provisioner.kinds.values import escape, plain
from provisioner.manifest.files import read_file
from provisioner.manifest.yaml import BUDGET, EMPTY, compose


def load_variables(files: Iterable[Path], root: Path | None = None) -> dict[str, str]:
    """The variables of all files, a later one winning. Raises ManifestError.

    A path is what the command line says, and may lead anywhere, to a pipe as well; only one that begins in the
    workspace at `root` must end there: what a link in it leads to is not the command line's choice.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for file in files:
        shown = escape(str(file))
        try:
            text = _read(file, root)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            problems.append(Problem(shown, 0, 0, f"cannot be read: {reason}"))
            continue
        documents, found = compose(text)
        problems += [Problem(shown, *problem) for problem in found]
        for document in documents:
            for name, value in document.root.items():
                if isinstance(value, str):
                    values[name] = value
                elif value is not EMPTY:
                    line, column, *_ = document.root.marks[name]
                    message = f"the variable {plain(name, 60)} is no text: quote its value"
                    problems.append(Problem(shown, line, column, message))
    if problems:
        raise ManifestError(problems)
    return values


def _read(file: Path, root: Path | None) -> bytes:
    if root is not None and os.path.lexists(file):
        path = Path(os.path.relpath(file, root))
        if path.parts[:1] != (os.pardir,):
            return read_file(root, str(path), BUDGET.size)
    with file.open("rb") as opened:
        return opened.read(BUDGET.size + 1)
