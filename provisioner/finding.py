"""What one check of `doctor` found: a mark, what was seen, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """How a check ended."""

    PASS = "PASS"  # noqa: S105 -- no password
    LOOK = "LOOK"
    """Works, and a person should know."""
    FAIL = "FAIL"
    SKIPPED = "SKIPPED"
    """It could not be looked at; nothing is said either way."""


class Finding(NamedTuple):
    """One line of the report. No secret is in it, and nothing that a person is called."""

    check: str
    """Its name, which scripts may look for."""
    mark: Mark
    seen: str
    remedy: str = ""


class Section(NamedTuple):
    """Findings under one heading."""

    title: str
    findings: tuple[Finding, ...]


def passed(check: str, seen: str) -> Finding:
    """All is well."""
    return Finding(check, Mark.PASS, seen)


def look(check: str, seen: str, remedy: str) -> Finding:
    """It works, and something should be known or done."""
    return Finding(check, Mark.LOOK, seen, remedy)


def failed(check: str, seen: str, remedy: str = "") -> Finding:
    """It does not work; where `seen` says the remedy already, none is added."""
    return Finding(check, Mark.FAIL, seen, remedy)


def skipped(check: str, why: str) -> Finding:
    """It could not be looked at."""
    return Finding(check, Mark.SKIPPED, why)
