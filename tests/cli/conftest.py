"""Workspaces for tests of the command; what is shared is copied before anyone spoils it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Workspace, run


@pytest.fixture(scope="session")
def _starter(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("starter") / "studio"
    root.mkdir()
    assert run("init", cwd=root).code == 0
    return Workspace(root)


@pytest.fixture(scope="session")
def _applied(_starter: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = _starter.copy(tmp_path_factory.mktemp("applied") / "studio")
    workspace.apply()
    return workspace


@pytest.fixture
def starter(_starter: Workspace, tmp_path: Path) -> Workspace:
    """What `init` writes, with an empty sandbox."""
    return _starter.copy(tmp_path / "studio")


@pytest.fixture
def applied(_applied: Workspace, tmp_path: Path) -> Workspace:
    """What `init` writes, applied to the embedded sandbox."""
    return _applied.copy(tmp_path / "applied")


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """Settings and nothing else."""
    root = tmp_path / "empty"
    root.mkdir()
    workspace = Workspace(root)
    workspace.write("provisioner.yaml", "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n")
    return workspace
