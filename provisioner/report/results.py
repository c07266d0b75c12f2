"""What a check found, as every face of findings takes it: a name, how bad it is, a sentence and a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple


class Level(StrEnum):
    """How a check ended, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    SKIPPED = "skipped"
    """It could not be looked at."""
    PASSED = "passed"


TOLD = (Level.ERROR, Level.WARNING, Level.INFO)
"""What an annotation speaks of; a test report has all."""


class Result(NamedTuple):
    """One check of one thing."""

    name: str
    """The rule, or what was looked at: stable from run to run."""
    level: Level
    message: str = ""
    file: str = ""
    """From the root of the repository; "" where it stands in no file."""
    line: int = 0
    column: int = 0
    about: str = ""
    """The resources that it is about."""
    help: str = ""
    """Where it is explained."""


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one command looked at."""

    command: str
    version: str
    """Ours."""
    at: datetime
    """When it was looked at, UTC."""
    every: Sequence[Result]

    @property
    def told(self) -> list[Result]:
        """Without what is well."""
        return [each for each in self.every if each.level in TOLD]


def fingerprints(results: Sequence[Result]) -> list[str]:
    """One for each, in their order: the same as long as the finding is, wherever its line has moved to."""
    seen: dict[str, int] = {}
    found = []
    for each in results:
        what = f"{each.name}\0{each.file}\0{each.about}\0{each.message}"
        seen[what] = seen.get(what, 0) + 1
        found.append(sha256(f"{what}\0{seen[what]}".encode("utf-8", "surrogatepass")).hexdigest()[:40])
    return found
