"""What `doctor` says of files that whoever runs it may not read or write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisioner.cli import own_checks
from provisioner.finding import Finding, Mark
from provisioner.manifest import load_settings
from provisioner.providers import BY_NAME
from provisioner.state.file import StateFile
from provisioner.state.model import Tenant
from tests.cli.command import Workspace


@pytest.fixture(autouse=True)
def _as_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge by a file's mode, which says nothing to a superuser."""
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).stat().st_mode >> 6 & mode == mode)


def found(workspace: Workspace) -> dict[str, Finding]:
    """The findings about what is kept, by their check."""
    settings = load_settings(workspace.root, BY_NAME)
    file = StateFile(workspace.state, Tenant("sandbox", "2345"))
    kept = own_checks.secrets(workspace.root, settings, BY_NAME["setster"])
    return {each.check: each for each in (*kept, *own_checks.remembered(file))}


@pytest.mark.parametrize(
    ("name", "mode"), [("", 0o500), ("journal.ndjson", 0o400), ("../../..", 0o500), ("state.json", 0o400)]
)
def test_a_state_that_cannot_be_written_is_told_before_an_apply(applied: Workspace, name: str, mode: int) -> None:
    assert found(applied)["State"].mark is Mark.PASS
    barred = (applied.state.parent / name).resolve()
    if name == "../../..":
        barred = applied.root / ".provisioner"
        applied.state.parent.parent.parent.rename(applied.root / "elsewhere")
    barred.chmod(mode)
    told = found(applied)["State"]
    assert (told.mark, told.seen) == (Mark.FAIL, f"{barred} cannot be written")


def test_of_what_cannot_be_read_nothing_is_said(applied: Workspace) -> None:
    applied.state.parent.chmod(0)
    told = found(applied)
    assert (told["State"].mark, told["File modes"].mark, told["Lock"].mark) == (Mark.FAIL, Mark.SKIPPED, Mark.SKIPPED)
    assert told["Lock"].seen == f"{applied.state.parent} cannot be read"
