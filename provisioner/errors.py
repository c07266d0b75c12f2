"""Every error that a person can meet, each with the exit code of the command that met it.

    ProvisionerError            1   something is wrong; nothing more precise is known
    ├── ManifestError           1   problems in the files, each with its place
    │   └── UnreadError         1   what is recorded or pinned by its id cannot be read
    ├── StateError              1   what we remember cannot be read, written or trusted
    ├── VendorError             1   the vendor answered, and the answer is an error
    │   ├── SignInError         1   the credentials were refused
    │   └── NotReadError        1   what was asked for by its id cannot be read
    ├── UnreachableError        1   no answer: DNS, connection, time-out
    ├── RefusedError            4   a safety rule holds the whole apply back
    ├── PartlyAppliedError      5   some of the plan was carried out, some was not
    ├── LockedError             6   another run is at work on the tenant
    ├── PendingError            7   a create may or may not have been carried out, and a person must say
    ├── StaleError              8   what was planned is not what would be done now
    ├── UsageError             64   the command line asks for something impossible
    └── StoppedError          130   Ctrl-C (143 for SIGTERM)

A message says the object, the reason and the remedy, in one line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Problem(NamedTuple):
    """One thing wrong at one place: a file, a 1-based line and column, and a sentence with the remedy."""

    file: str
    line: int
    column: int
    message: str
    rows: tuple[int, ...] = ()
    """The lines of the rows of a table that share it."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: " if self.file else ""
        return place + self.message


def _naturally(problem: Problem) -> list[tuple[int, str]]:
    """Places in the order that people count in: row 9 comes before row 10."""
    parts = re.split(r"(\d+)", f"{problem.file}:{problem.line}:{problem.column}: {problem.message}")
    return [(int(part[:18]), "") if n % 2 else (-1, part) for n, part in enumerate(parts)]


class ProvisionerError(Exception):
    """The root of the tree; `exit_code` is what the command exits with."""

    exit_code = 1


class ManifestError(ProvisionerError):
    """All the problems of one load, reported together; `more` says that there were too many to look for all."""

    def __init__(self, problems: Sequence[Problem], *, more: bool = False) -> None:
        self.more = more
        self.problems = tuple(sorted(problems, key=_naturally))
        super().__init__("\n".join(map(str, self.problems)))


class UnreadError(ManifestError):
    """What is recorded or pinned by its id cannot be read; `why` says it again, by address."""

    def __init__(self, problems: Sequence[Problem], why: Mapping[object, str]) -> None:
        super().__init__(problems)
        self.why = why


class StateError(ProvisionerError):
    """The state file cannot be read, written or trusted."""


class VendorError(ProvisionerError):
    """The vendor refused or failed a request; the text carries the vendor's own words."""


class SignInError(VendorError):
    """The vendor refused the credentials (seed: Authenticate, 401)."""


class NotReadError(VendorError):
    """What was asked for by its id cannot be read; `why` is what is wrong with each, by id, in whole sentences."""

    def __init__(self, why: Mapping[str, str]) -> None:
        super().__init__("; ".join(why.values()))
        self.why = {id_: text if text.endswith((".", "?")) else f"{text}." for id_, text in why.items()}


class UnreachableError(ProvisionerError):
    """No answer came: name look-up, connection or time-out."""


class RefusedError(ProvisionerError):
    """A safety rule holds the whole apply back, before any write."""

    exit_code = 4


class PartlyAppliedError(ProvisionerError):
    """Some changes were made and some were not; the report says which."""

    exit_code = 5


class LockedError(ProvisionerError):
    """Another run holds the tenant's lock; the text names it."""

    exit_code = 6


class PendingError(ProvisionerError):
    """A create may have been carried out or not, and no look can tell: `state resolve` does."""

    exit_code = 7


class StaleError(ProvisionerError):
    """What was approved is not what would be done now; `moved` says what moved, one line each."""

    exit_code = 8

    def __init__(self, message: str, moved: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.moved = tuple(moved)


class UsageError(ProvisionerError):
    """The command line asks for something that cannot be; 64 as click's own 2 means "changes present"."""

    exit_code = 64


class StoppedError(ProvisionerError):
    """A person or the system asked the run to stop."""

    def __init__(self, message: str, exit_code: int = 130) -> None:
        super().__init__(message)
        self.exit_code = exit_code
