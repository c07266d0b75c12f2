"""A workspace in a folder of its own, written from texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.errors import ManifestError
from provisioner.kinds import read_address
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from provisioner.kinds.desired import Declared, Desired
    from provisioner.manifest import Workspace

SETTINGS = """\
version: 1
provider: setster
endpoint: sandbox
company_id: 2345
"""
ACCOUNTS = """\
accounts:
  acme-east: {company_name: Acme East}
  acme-west: {company_name: Acme West}
  other: {company_name: Other}
"""


@dataclass
class Folder:
    """A workspace that is being written."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def write(self, name: str, text: str) -> Folder:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), "utf-8")
        return self

    def settings(self, more: str) -> Folder:
        return self.write("provisioner.yaml", SETTINGS + dedent(more))

    def accounts(self) -> Folder:
        return self.write("accounts.yaml", ACCOUNTS)

    def load(self, text: str = "") -> Workspace:
        if text:
            self.write("main.yaml", text)
        return load_workspace(self.root, BY_NAME, environ=self.environ, **self.options)

    def desired(self, text: str = "") -> Desired:
        return self.load(text).desired

    def declared(self, address: str, text: str = "") -> Declared:
        return self.desired(text).resources[read_address(address)]

    def wanted(self, address: str, text: str = "") -> dict[str, Any]:
        return self.declared(address, text).resource.wanted()

    def addresses(self, text: str = "") -> set[str]:
        return {str(address) for address in self.desired(text).resources}

    def told(self, text: str = "") -> list[str]:
        """The problems as a person sees them."""
        with pytest.raises(ManifestError) as caught:
            self.load(text)
        return str(caught.value).splitlines()

    def told_at(self, text: str) -> list[str]:
        """The problems of a text, without the place where it has a »."""
        before, _, after = text.partition("»")
        place = f"main.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}: "
        return [line.removeprefix(place) for line in self.told(before + after)]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).settings("")
