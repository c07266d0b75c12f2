"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.desired import Place
from provisioner.lint.subject import Subject

NAMED = 3
"""Resources that a line names; the rest is counted."""


class Severity(StrEnum):
    """How bad a finding is, the worst first; only an error makes `lint` fail by itself."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Found(NamedTuple):
    """What a rule found of one resource; neither sentence names its account.

    So what many accounts have from one line of a file reads the same, and is told once.
    """

    address: Address
    place: Place
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is allowed and hardly ever meant."""

    name: str
    severity: Severity
    """What it is unless the settings say otherwise."""
    look: Callable[[Subject], Iterator[Found]]

    @property
    def docs(self) -> str:
        """Where it is explained."""
        return f"docs/lint.md#{self.name}"


@dataclass(frozen=True, slots=True)
class Override:
    """What the settings say of one rule."""

    off: bool = False
    severity: Severity | None = None
    """None leaves the rule's own."""
    spared: tuple[tuple[str, Place], ...] = ()
    """Globs of the addresses that it does not speak of, each with its place."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as it is reported: one rule, one place, and every resource that has it there."""

    rule: str
    severity: Severity
    place: Place
    addresses: tuple[Address, ...]
    reason: str
    remedy: str
    docs: str

    def __str__(self) -> str:
        names = ", ".join(map(str, self.addresses[:NAMED]))
        more = f" and {len(self.addresses) - NAMED} more" if len(self.addresses) > NAMED else ""
        what = f"{names}{more}: {self.reason}: {self.remedy}"
        return f"{self.place}:{self.place.column}: {self.severity}: {what} [{self.rule}]"
