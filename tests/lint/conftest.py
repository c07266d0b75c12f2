"""A manifest as the rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from provisioner.lint import RULES
from provisioner.lint.check import check
from provisioner.lint.rule import Finding
from provisioner.lint.subject import Subject
from tests.manifest.conftest import Folder

TODAY = date(2026, 11, 21)
SUB = "{company_name: Sub, nick_name: sub, email: owner@sub.example, password: '${env:SUB}'}"
"""An account that the manifests can make."""
MENU = """\
locations:
  downtown: {name: Downtown}
  harbour: {name: Harbour}
services:
  cut: {name: Cut, duration: 45 min}
"""


@dataclass(frozen=True)
class Linted:
    """A folder whose manifests are looked at."""

    folder: Folder

    def findings(self, text: str, today: date = TODAY) -> list[Finding]:
        """Everything that is found, with what the settings say."""
        workspace = self.folder.load(text)
        return check(RULES, Subject(workspace.desired, today), workspace.settings.lint)

    def told(self, rule: str, text: str, today: date = TODAY) -> list[str]:
        """The addresses that one rule speaks of."""
        found = (finding for finding in self.findings(text, today) if finding.rule == rule)
        return [str(address) for finding in found for address in finding.addresses]

    def lines(self, rule: str, text: str, today: date = TODAY) -> list[str]:
        """The lines of one rule, without the file."""
        found = (str(finding) for finding in self.findings(text, today) if finding.rule == rule)
        return [line.removeprefix("main.yaml:") for line in found]


@pytest.fixture
def lint(folder: Folder) -> Linted:
    folder.options["secrets"] = "placeholder"
    return Linted(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).settings("")


def person(name: str, more: str = "") -> str:
    """An employee, as one line of a flow mapping."""
    return f"{{email: {name}@acme.example, first_name: {name.title()}, last_name: Diaz{more and ', '}{more}}}"


def at(places: Mapping[str, str]) -> str:
    """Where an employee works and when."""
    inner = ", ".join(f"{place}: {{services: [cut], hours: [{hours}]}}" for place, hours in places.items())
    return f"at: {{{inner}}}"
