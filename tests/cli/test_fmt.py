"""`provisioner fmt` in a real folder: what is written, what is only shown, and what is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.command import Workspace

UNTIDY = "services:\n    cut: {duration: 30 min, name: 'Cut'}  # short\n"
TIDY = 'services:\n  cut: {name: "Cut", duration: 30 min}  # short\n'


def test_a_new_workspace_is_in_order(starter: Workspace) -> None:
    ran = starter("fmt", "--check")
    assert (ran.code, ran.out, ran.err) == (0, "In order: 2 files.\n", "")


def test_files_are_written_and_named(empty: Workspace) -> None:
    empty.write("sub/a.yaml", UNTIDY)
    os.chmod(empty.root / "sub/a.yaml", 0o640)  # noqa: PTH101
    ran = empty("fmt")
    assert (ran.code, ran.out, ran.err) == (0, "wrote sub/a.yaml\n", "")
    assert (empty.root / "sub/a.yaml").read_text("utf-8") == TIDY
    assert (empty.root / "sub/a.yaml").stat().st_mode & 0o777 == 0o640
    assert [path.name for path in (empty.root / "sub").iterdir()] == ["a.yaml"]
    assert empty("fmt", "--check").code == 0


def test_a_file_in_order_is_not_touched(empty: Workspace) -> None:
    empty.write("a.yaml", TIDY)
    before = (empty.root / "a.yaml").stat()
    assert empty("fmt").code == 0
    after = (empty.root / "a.yaml").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize(("options", "code"), [(["--check"], 1), (["--diff"], 0), (["--check", "--diff"], 1)])
def test_checking_and_showing_write_nothing(empty: Workspace, options: list[str], code: int) -> None:
    empty.write("a.yaml", UNTIDY)
    ran = empty("fmt", *options)
    assert ran.code == code
    assert (empty.root / "a.yaml").read_text("utf-8") == UNTIDY
    if "--diff" in options:
        assert "-    cut: {duration: 30 min, name: 'Cut'}  # short" in ran.out.splitlines()
        assert '+  cut: {name: "Cut", duration: 30 min}  # short' in ran.out.splitlines()
    else:
        assert ran.out == "a.yaml is out of order: run provisioner fmt\n"


def test_nothing_is_written_when_a_file_cannot_be_read(empty: Workspace) -> None:
    empty.write("a.yaml", UNTIDY)
    empty.write("b.yaml", "services: [\n")
    ran = empty("fmt")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines()[0].startswith("b.yaml:")
    assert ran.err.splitlines()[-1] == "1 problem found. Nothing was changed."
    assert (empty.root / "a.yaml").read_text("utf-8") == UNTIDY


def test_files_and_folders_can_be_named(empty: Workspace) -> None:
    for name in ("a.yaml", "b.yaml", "sub/c.yaml"):
        empty.write(name, UNTIDY)
    assert empty("fmt", "a.yaml", "sub").out.splitlines() == ["wrote a.yaml", "wrote sub/c.yaml"]
    assert (empty.root / "b.yaml").read_text("utf-8") == UNTIDY


def test_a_file_that_is_not_there(empty: Workspace) -> None:
    ran = empty("fmt", "nope.yaml")
    assert (ran.code, ran.err) == (64, "Error: there is no nope.yaml: name a manifest, or a folder of manifests\n")


@pytest.mark.parametrize("named", [True, False])
def test_a_link_out_of_the_workspace_is_refused(empty: Workspace, tmp_path: Path, named: bool) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(UNTIDY, "utf-8")
    (empty.root / "link.yaml").symlink_to(outside)
    empty.write("a.yaml", UNTIDY)
    ran = empty("fmt", *(["link.yaml"] if named else []))
    assert (ran.code, ran.out) == (1, "")
    assert "link.yaml is outside the workspace" in ran.err
    assert outside.read_text("utf-8") == UNTIDY
    assert (empty.root / "a.yaml").read_text("utf-8") == UNTIDY


def test_a_file_outside_the_workspace_is_refused(empty: Workspace, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(UNTIDY, "utf-8")
    ran = empty("fmt", "../outside.yaml")
    assert ran.code == 1
    assert "outside the workspace" in ran.err
    assert (tmp_path / "outside.yaml").read_text("utf-8") == UNTIDY


def test_a_link_inside_stays_a_link(empty: Workspace) -> None:
    empty.write("data/real.yaml", UNTIDY)
    (empty.root / "link.yaml").symlink_to("data/real.yaml")
    assert empty("fmt").code == 0
    assert (empty.root / "link.yaml").is_symlink()
    assert (empty.root / "data/real.yaml").read_text("utf-8") == TIDY


def test_no_secret_is_needed(empty: Workspace) -> None:
    empty.write("a.yaml", "accounts:\n    w: {password: '${env:UNSET}', company_name: W, nick_name: w}\n")
    assert empty("fmt").out == "wrote a.yaml\n"
