"""Each example is applied, its manifests and its state are thrown away, and an export makes them again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command import EXAMPLES, Env, Workspace
from tests.examples.test_examples import FRANCHISE, PASSWORDS


@pytest.mark.parametrize("layout", ["kind", "location", ""])
@pytest.mark.parametrize(("name", "env"), [("quickstart", {}), ("salon-chain", PASSWORDS), ("franchise", FRANCHISE)])
def test_an_example_is_exported_and_then_as_wanted(tmp_path: Path, name: str, env: Env, layout: str) -> None:
    example = Workspace(tmp_path / name)
    shutil.copytree(EXAMPLES / name, example.root, ignore=shutil.ignore_patterns(".provisioner"))
    example.apply(env=env)
    known, writes = set(example.records()), example.writes()
    forget(example)
    assert example.addresses() == []

    ran = example("export", *(["--layout", layout] if layout else []))
    assert (ran.code, ran.err) == (0, ""), ran.err
    assert example("validate").code == 0
    assert example("fmt", "--check").code == 0
    example.settled()
    assert example.writes() == writes
    assert len(known) <= len(example.records())
    for variable in env:
        if name == "salon-chain":
            assert f"{variable.removesuffix('_PASSWORD')}_PASSWORD" in ran.out


def forget(example: Workspace) -> None:
    """Leave nothing but the settings and the tenant."""
    for path in example.root.iterdir():
        if path.is_dir() and path.name != ".provisioner":
            shutil.rmtree(path)
        elif path.is_file() and path.name != "provisioner.yaml":
            path.unlink()
    shutil.rmtree(example.root / ".provisioner/state")
