"""Variables from files: a YAML map of names to texts (`--var-file`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from provisioner.errors import ManifestError, Problem
from provisioner.manifest.yaml import Limits, compose


def load_variables(files: Iterable[Path]) -> dict[str, str]:
    """The variables of all files, a later one winning. Raises ManifestError."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            with file.open("rb") as opened:
                text = opened.read(Limits().size + 1)
        except OSError as error:
            problems.append(Problem(str(file), 0, 0, f"cannot be read: {error.strerror or error}"))
            continue
        documents, found = compose(text)
        problems += [Problem(str(file), *problem) for problem in found]
        for document in documents:
            for name, value in document.root.items():
                if isinstance(value, str):
                    values[name] = value
                else:
                    line, column, *_ = document.root.marks[name]
                    problems.append(
                        Problem(str(file), line, column, f"the variable {name} is no text: quote its value")
                    )
    if problems:
        raise ManifestError(problems)
    return values
