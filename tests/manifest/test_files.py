"""Files of a workspace: none outside it is read, none that is no file is waited for, and no folder is passed over."""

from __future__ import annotations

import os
import subprocess
from errno import EACCES
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from provisioner.errors import ManifestError
from provisioner.manifest import files, load_settings, load_variables
from provisioner.providers import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.manifest.conftest import Folder

SECRET = "canary: hunter2"
LOCATION = "locations: {a: {name: A}}\n"


def brought_in(folder: Folder, name: str) -> str:
    """What a manifest is told that wants the text of a file."""
    (line,) = folder.told(f"locations: {{a: {{name: A, description: '${{file:{name}}}'}}}}")
    assert SECRET not in line
    return line.removeprefix("main.yaml:1:39: description: ")


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("outside")
    (path / "secret.yaml").write_text(SECRET, "utf-8")
    return path


# -- texts


def test_no_way_leads_out(folder: Folder, outside: Path) -> None:
    (folder.root / "sub").mkdir()
    (folder.root / "sub" / "door").symlink_to(outside)
    (folder.root / "chain").symlink_to("sub/door/secret.yaml")
    (folder.root / "environ").symlink_to("/proc/self/environ")
    for name in (
        "sub/door/secret.yaml",
        "chain",
        "environ",
        "/etc/passwd",
        "../x",
        "sub/../../x",
        "/proc/self/environ",
    ):
        assert brought_in(folder, name) == f"{name} is outside the workspace: name a file below its root"


@pytest.mark.parametrize(
    "name", [".env", ".git/config", "sub/.hidden", ".provisioner/state/sandbox/1/state.json", "link"]
)
def test_what_is_hidden_is_not_taken_in(folder: Folder, name: str) -> None:
    (folder.root / "link").symlink_to(".env")
    for each in {".env", name} - {"link"}:
        folder.write(each, SECRET)
    assert brought_in(folder, name) == f"{name} is a hidden file, and those are never taken in: name another one"


def test_a_folder_that_kubernetes_mounts_is_read(folder: Folder) -> None:
    """Its files are links into a folder whose name begins with two dots."""
    folder.write("..2026_08_03/about.txt", "Hello\n")
    (folder.root / "..data").symlink_to("..2026_08_03")
    (folder.root / "about.txt").symlink_to("..data/about.txt")
    text = "locations: {a: {name: '${file:about.txt}'}}"
    assert folder.wanted("location/a", text) == {"name": "Hello"}


def test_nothing_but_a_file_is_read(folder: Folder) -> None:
    os.mkfifo(folder.root / "pipe")
    (folder.root / "folder").mkdir()
    (folder.root / "loop").symlink_to("loop")
    assert brought_in(folder, "pipe") == "pipe is no file of the workspace: the path starts at its root"
    assert brought_in(folder, "folder") == "folder cannot be read: Is a directory"
    assert brought_in(folder, "main.yaml/x") == "main.yaml/x cannot be read: Not a directory"
    assert brought_in(folder, "loop") == "loop is a link that leads nowhere: point it at a file of the workspace"


def test_a_file_that_becomes_a_pipe_is_not_waited_for(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the opening."""
    os.mkfifo(folder.root / "pipe")
    monkeypatch.setattr(files, "inside", lambda root, name: root / name)
    assert brought_in(folder, "pipe") == "pipe is no file of the workspace: the path starts at its root"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a\\0b", "a\\u0000b cannot be a path: name a file of the workspace"),
        ("\\e[31m\\nx", "\\u001b[31m\\nx is no file of the workspace: the path starts at its root"),
        ("x" * 300, f"{'x' * 100}... (300 characters) cannot be read: File name too long"),
        ("a/" * 3000 + "b", f"{'a/' * 50}... (6001 characters) cannot be read: File name too long"),
    ],
)
def test_a_name_that_no_file_can_have(folder: Folder, name: str, message: str) -> None:
    (line,) = folder.told(f'locations: {{a: {{name: A, description: "${{file:{name}}}"}}}}')
    assert line == f"main.yaml:1:39: description: {message}"


# -- manifests


def test_a_manifest_or_the_settings_may_not_lie_outside(folder: Folder, outside: Path) -> None:
    (folder.root / "link.yaml").symlink_to(outside / "secret.yaml")
    folder.write(".hidden.txt", SECRET)
    (folder.root / "peek.yaml").symlink_to(".hidden.txt")
    (folder.root / "null.yaml").symlink_to("/dev/zero")
    os.mkfifo(folder.root / "pipe.yaml")
    reasons = {
        "link": "link.yaml is outside the workspace: name a file below its root",
        "null": "null.yaml is outside the workspace: name a file below its root",
        "peek": "peek.yaml is a hidden file, and those are never taken in: name another one",
        "pipe": "pipe.yaml is no file of the workspace: the path starts at its root",
    }
    assert folder.told() == [f"{name}.yaml: it cannot be read: {reason}" for name, reason in reasons.items()]
    (folder.root / "provisioner.yaml").unlink()
    (folder.root / "provisioner.yaml").symlink_to(outside / "secret.yaml")
    with pytest.raises(ManifestError) as caught:
        load_settings(folder.root, BY_NAME)
    message = "provisioner.yaml is outside the workspace: name a file below its root"
    assert str(caught.value) == f"provisioner.yaml: it cannot be read: {message}"


def test_a_file_beyond_all_measure_is_not_read_whole(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder.root / "main.yaml").open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of nothing
    (line,) = folder.told()
    assert line.startswith("main.yaml:1:1: 10,485,761 bytes, and 10,485,760 is the most that is read")


def test_folders_are_read_however_deep(folder: Folder) -> None:
    deep = "a/" * 1500
    at = os.open(folder.root, os.O_RDONLY)
    for _ in range(1500):  # step by step: the whole path is too long to be made at once
        os.mkdir("a", dir_fd=at)
        below = os.open("a", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    file = os.open("x.yaml", os.O_WRONLY | os.O_CREAT, dir_fd=at)
    os.write(file, LOCATION.encode())
    os.close(file)
    os.close(at)
    try:
        assert files.manifest_files(folder.root) == [f"{deep}x.yaml"]
        assert folder.addresses() == {"location/a"}
    finally:  # pytest removes the folders of earlier runs, and goes no deeper than a thousand
        subprocess.run(["rm", "-rf", str(folder.root / "a")], check=True)


def test_a_folder_that_cannot_be_read_is_not_passed_over(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its resources would be taken for removed, and destroyed."""
    folder.write("west/a.yaml", LOCATION)
    scan: Callable[[Any], Any] = os.scandir

    def closed(path: Any) -> Any:
        if Path(path).name == "west":
            raise PermissionError(EACCES, os.strerror(EACCES), str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert folder.told() == ["west/: it cannot be read: Permission denied"]


def test_a_link_to_a_folder_is_not_followed(folder: Folder, outside: Path) -> None:
    (folder.root / "sub.yaml").symlink_to(outside)
    (folder.root / "self").symlink_to(".")
    assert folder.addresses(LOCATION) == {"location/a"}


def test_an_odd_file_name_is_shown_on_one_line(folder: Folder) -> None:
    folder.write("two\nlines\x1b[31m.yaml", "locations: {a: {nam: A}}")
    assert folder.told()[0].startswith("two\\nlines\\u001b[31m.yaml:1:17: unknown key 'nam'")


# -- files of variables


def test_a_file_of_variables_is_where_the_command_line_says(folder: Folder, outside: Path) -> None:
    (outside / "vars.yaml").write_text("CITY: Rome\n", "utf-8")
    assert load_variables([outside / "vars.yaml"], folder.root) == {"CITY": "Rome"}
    folder.write("data/vars.yaml", "CITY: Oslo\n")
    assert load_variables([outside / "vars.yaml", folder.root / "data/vars.yaml"], folder.root) == {"CITY": "Oslo"}


def test_a_file_of_variables_may_be_a_pipe(folder: Folder) -> None:
    """So that a shell can decrypt it: `--var-file <(sops -d vars.yaml)`."""
    reading, writing = os.pipe()
    os.write(writing, b"CITY: Rome\n")
    os.close(writing)
    assert load_variables([Path(f"/dev/fd/{reading}")], folder.root) == {"CITY": "Rome"}
    os.close(reading)


def test_a_file_of_variables_in_the_workspace_stays_there(folder: Folder, outside: Path) -> None:
    (folder.root / "vars.yaml").symlink_to(outside / "secret.yaml")
    with pytest.raises(ManifestError) as caught:
        load_variables([folder.root / "vars.yaml"], folder.root)
    message = "vars.yaml is outside the workspace: name a file below its root"
    assert str(caught.value) == f"{folder.root}/vars.yaml: cannot be read: {message}"


def test_a_variable_is_a_text(folder: Folder) -> None:
    folder.write("vars.yaml", 'A: [x]\n"B\\e":\nC: {}\n')
    with pytest.raises(ManifestError) as caught:
        load_variables([folder.root / "vars.yaml"])
    assert [(each.line, each.message) for each in caught.value.problems] == [
        (1, "the variable A is no text: quote its value"),
        (2, "B\\x1b has no value: write null to clear it, or remove the line"),
        (3, "the variable C is no text: quote its value"),
    ]
