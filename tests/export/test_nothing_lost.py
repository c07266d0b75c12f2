"""An export writes where nothing is, and half an export is never taken for a whole one."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.unfinished import Unfinished, check_finished, placed
from provisioner.errors import ProvisionerError, RefusedError
from provisioner.state.disk import Disk
from tests.cli.command import EXAMPLES, Workspace
from tests.export.taken import SETTINGS
from tests.export.test_command import files, found
from tests.export.test_examples import forget

__all__ = ["found"]
FILES = {"a.yaml": b"a: 1\n", "shops/b.yaml": b"b: 1\n", "shops/deep/c.yaml": b"c: 1\n"}
MARK = ".provisioner/export-unfinished"


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


# -- nothing is written over


def test_a_link_to_nowhere_is_not_written_through(found: Workspace, tmp_path: Path) -> None:
    (found.root / ".gitignore").symlink_to(tmp_path / "nowhere")
    (found.root / "services.yaml").symlink_to(tmp_path / "none.yaml")
    ran = found("export", "--layout", "kind")
    assert (ran.code, ran.out) == (4, "")
    assert "services.yaml" in ran.err
    assert not (tmp_path / "none.yaml").exists()
    (found.root / "services.yaml").unlink()
    assert found("export").code == 0
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_a_link_is_refused(found: Workspace, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "juniper-studio.yaml").write_text("mine: 1\n")
    (found.root / "locations").symlink_to(elsewhere)
    ran = found("export", "--layout", "location")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == (
        "Error: .: locations has a name that is to be written: move away what is there, or write elsewhere with --out "
        "DIR\n"
    )
    assert tree(elsewhere) == {"juniper-studio.yaml": b"mine: 1\n"}
    assert files(found.root) == []


@pytest.mark.parametrize("name", ["locations", "employees.yaml"])
def test_what_is_in_the_way_is_named_and_nothing_is_left(found: Workspace, name: str) -> None:
    if name.endswith(".yaml"):
        (found.root / name).mkdir()
    else:
        found.write(name, "hi")
    ran = found("export", "--layout", "location")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith(f"Error: .: {name} has a name that is to be written")
    assert not (found.root / MARK).exists()
    assert "Nothing is managed here" in found("plan").last


def test_a_file_in_the_place_of_a_folder_is_called_so(found: Workspace, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    ran = found("export", "--out", str(tmp_path / "f" / "g"))
    assert (ran.code, ran.out) == (64, "")
    assert f"--out {tmp_path}/f/g: {tmp_path}/f is a file: name a folder" in ran.err


def test_what_appears_at_the_last_moment_stays(tmp_path: Path) -> None:
    class Late(Disk):
        def create_new(self, path: Path) -> int:
            if path.name == "b.yaml":
                path.write_bytes(b"mine")
            return super().create_new(path)

    with (
        pytest.raises(ProvisionerError, match=r"b\.yaml: File exists: nothing was left behind"),
        placed(Late(), tmp_path, FILES),
    ):
        raise AssertionError
    assert tree(tmp_path) == {"shops/b.yaml": b"mine"}


# -- half an export


def test_an_export_that_goes_wrong_leaves_nothing(tmp_path: Path) -> None:
    class Full(Disk):
        left = 2

        def write(self, file: int, data: bytes) -> None:
            self.left -= 1
            if self.left < 0:
                os.write(file, data[:2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            super().write(file, data)

    with pytest.raises(ProvisionerError, match="No space left on device"), placed(Full(), tmp_path / "new", FILES):
        raise AssertionError
    assert [*tmp_path.iterdir()] == []
    with pytest.raises(KeyError), placed(Disk(), tmp_path, FILES):
        raise KeyError
    assert [*tmp_path.iterdir()] == []


def killed(root: Path, after: int) -> None:
    """Write as an export does, and be killed after so many files."""

    class Killed(Disk):
        left = after

        def create_new(self, path: Path) -> int:
            self.left -= 1
            if self.left < 0:
                os._exit(9)
            return super().create_new(path)

    child = os.fork()
    if not child:
        with placed(Killed(), root, FILES):
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.parametrize("after", range(3))
def test_what_a_killed_one_left_is_taken_away_and_no_more(tmp_path: Path, after: int) -> None:
    (tmp_path / "shops").mkdir()
    killed(tmp_path, after)
    assert len([name for name in tree(tmp_path) if name.endswith(".yaml")]) == after
    with pytest.raises(RefusedError, match="was not finished, and manifests may be missing: run provisioner export"):
        check_finished(tmp_path)
    left = Unfinished.read(tmp_path)
    left.check_unchanged()
    left.remove()
    check_finished(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["shops"]


def test_what_was_changed_since_is_not_taken_away(tmp_path: Path) -> None:
    killed(tmp_path, 2)
    (tmp_path / "a.yaml").write_text("a: 2\n")
    with pytest.raises(RefusedError, match=r"was not finished, and a\.yaml changed since: move them away"):
        Unfinished.read(tmp_path).check_unchanged()
    Unfinished.read(tmp_path).remove()
    assert tree(tmp_path) == {"a.yaml": b"a: 2\n"}


def test_half_a_workspace_is_refused_until_the_next_export(found: Workspace) -> None:
    assert found("export").code == 0
    whole = tree(found.root)
    shutil.rmtree(found.root / ".provisioner/state")
    noted = {name: hashlib.sha256((found.root / name).read_bytes()).hexdigest() for name in files(found.root)}
    (found.root / "services.yaml").unlink()
    found.write(MARK, json.dumps({"files": noted, "folders": []}))
    for command in (("plan",), ("apply", "--yes"), ("pull",), ("validate",), ("import", "service/colour", "1")):
        ran = found(*command)
        assert (ran.code, ran.out) == (4, ""), command
        assert ran.err == (
            "Error: an export into . was not finished, and manifests may be missing: run provisioner export again, "
            "which first removes what it wrote\n"
        )
    assert found("export").code == 0
    again = tree(found.root)
    assert {name: again[name] for name in files(found.root)} == {name: whole[name] for name in files(found.root)}
    assert not (found.root / MARK).exists()
    found.settled()


def test_a_note_that_cannot_be_read_is_said(found: Workspace) -> None:
    found.write(MARK, "{")
    ran = found("export")
    assert (ran.code, ran.err.count("\n")) == (4, 1)
    assert f"{MARK} cannot be read: remove it, and the manifests that an export wrote" in ran.err


# -- what is written beside the manifests


def test_the_state_is_kept_out_of_version_control(found: Workspace) -> None:
    assert "wrote .gitignore" in found("export").out
    assert (found.root / ".gitignore").read_text().endswith("\n.provisioner/\n")
    forget(found)
    (found.root / ".gitignore").write_text("mine\n")
    assert "gitignore" not in found("export").out
    assert (found.root / ".gitignore").read_text() == "mine\n"


DEFAULTS = """\
defaults:
  locations: {country: "${var:COUNTRY}", city: Paris}
  services: {description: "${file:texts/d.txt}", photo: p.png, duration_padding: 15 min}
"""


def test_defaults_may_name_files_pictures_and_variables(found: Workspace, tmp_path: Path) -> None:
    found.write("provisioner.yaml", SETTINGS + DEFAULTS)
    found.write("texts/d.txt", "hello\n")
    found.write("p.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    ran = found("export")
    assert (ran.code, files(found.root)) == (1, [])
    assert "the variable COUNTRY is not set: pass --var COUNTRY=VALUE" in ran.err
    ran = found("export", "--var", "COUNTRY=US")
    assert (ran.code, ran.err) == (0, "")
    found.settled("--var", "COUNTRY=US")
    other = tmp_path / "other"
    assert found("export", "--out", str(other), "--var", "COUNTRY=US").code == 0
    assert (other / "texts/d.txt").read_text() == "hello\n"
    assert Workspace(other)("validate", "--var", "COUNTRY=US").code == 0


# -- secrets


def test_no_secret_in_an_address_is_told_or_becomes_a_key(found: Workspace) -> None:
    found.write(
        "hooks.yaml",
        "webhooks:\n  a: {target_url: https://crm.example/a, events: all}\n"
        "  b: {target_url: https://crm.example/b, events: all}\n",
    )
    found.apply()
    change(found, "https://crm.example/a", "https://u:hookpw@crm.example/hook?token=TOKSECRET")
    change(found, "https://crm.example/b", "https://crm.example/hook?token=OTHERSECRET")
    forget(found)
    ran = found("export")
    written = (found.root / "webhooks.yaml").read_text()
    assert "(https://crm.example): target_url: the web address carries a user name" in ran.out
    assert "\n  crm-example-2: {target_url: " in written
    more = found("plan", "--show-unmanaged")
    assert '    webhook "https://crm.example" (id ' in more.out
    for told in (ran.out, written, more.out, found("plan", "--show-unmanaged", "--json").out):
        assert "hookpw" not in told
        assert "TOKSECRET" not in told
    assert "OTHERSECRET" not in ran.out + more.out


def change(workspace: Workspace, before: str, after: str) -> None:
    """Store another address in a live webhook."""
    with closing(sqlite3.connect(workspace.db)) as db, db:
        db.execute("UPDATE objects SET body = replace(body, ?, ?) WHERE kind = 'webhook'", (before, after))


# -- the other vendor


@pytest.fixture
def yoga(tmp_path: Path) -> Workspace:
    root = tmp_path / "yoga"
    shutil.copytree(EXAMPLES / "timetap-yoga", root)
    return Workspace(root)


def test_a_vendor_without_lists_says_so(yoga: Workspace) -> None:
    yoga.apply()
    ran = yoga("plan", "--show-unmanaged")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(
        "The vendor has no list of recurring appointments: which of them are in no manifest is not known.\n\nSANDBOX"
    )
    assert ran.last.startswith("No changes.")
    document: dict[str, Any] = json.loads(yoga("plan", "--show-unmanaged", "--json").out)
    assert (document["unmanaged"], document["unlisted"]) == ([], ["recurring_appointment"])
    forget(yoga)
    ran = yoga("export")
    assert (ran.code, ran.out) == (64, "")
    assert ran.err.startswith("Error: timetap has no list of recurring appointments, so none can be exported: declare")


# -- what is counted


def test_the_reads_of_a_look_beside_the_manifests_are_counted(found: Workspace) -> None:
    assert found("export").code == 0
    before = len(found.calls())
    ran = found("plan", "--show-unmanaged")
    sent = [path for _, path in found.calls()[before:] if not path.endswith("/authenticate")]
    assert f"   {len(sent)} reads\n" in ran.out


def test_what_may_be_refused_until_it_is_mended_is_counted(found: Workspace) -> None:
    ran = found("export")
    assert (
        "Until this is mended, the vendor may refuse changes to this object and what it is linked to:\n"
        "what is odd is sent back with every change.\n" in ran.out
    )
