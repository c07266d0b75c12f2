"""Pictures in manifests: a path of the workspace, read when the manifests are, with an error where it is written."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from provisioner.kinds.picture import MOST, Picture, media_type

if TYPE_CHECKING:
    from pathlib import Path

    from tests.manifest.conftest import Folder

PNG = b"\x89PNG\r\n\x1a\nrest"
HERE = "locations:\n  a: {name: A, photo: »%s}\n"


@pytest.fixture
def pictures(folder: Folder) -> Path:
    place = folder.root / "photos"
    place.mkdir()
    (place / "a.png").write_bytes(PNG)
    return place


@pytest.mark.usefixtures("pictures")
def test_a_path_becomes_its_size_and_digest(folder: Folder) -> None:
    found = folder.wanted("location/a", HERE.replace("»", "") % "photos/a.png")["photo"]
    assert found == Picture("photos/a.png", len(PNG), sha256(PNG).hexdigest())
    assert str(found) == f"photos/a.png, {len(PNG)} bytes, sha256:{sha256(PNG).hexdigest()[:16]}"
    assert "rest" not in repr(found)


@pytest.mark.usefixtures("pictures")
def test_references_and_defaults_and_null_are_understood(folder: Folder) -> None:
    folder.options["variables"] = {"NAME": "a"}
    folder.settings("defaults: {services: {photo: photos/a.png}}\n")
    text = "services: {s: {name: S, duration: 15 min}, t: {name: T, duration: 15 min, photo: null}}\n"
    text += "employees: {e: {email: e@x.example, first_name: E, last_name: E, photo: 'photos/${var:NAME}.png'}}\n"
    desired = {str(a): d.resource.wanted()["photo"] for a, d in folder.desired(text).resources.items()}
    assert desired["service/t"] is None
    assert desired["service/s"] == desired["employee/e"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("photos/none.png", "photos/none.png is no file of the workspace: the path starts at its root"),
        ("photos", "photos cannot be read: Is a directory"),
        ("../a.png", "../a.png is outside the workspace: name a file below its root"),
        ("photos/link.png", "photos/link.png is outside the workspace: name a file below its root"),
        ("photos/.a.png", "photos/.a.png is a hidden file, and those are never taken in: name another one"),
        ("photos/text.png", "photos/text.png is no picture by its first bytes: save it as PNG, JPEG, GIF or WebP"),
        ("photos/big.png", "photos/big.png is larger than 5 MiB, which is the most that is sent: make it smaller"),
        ("[]", "a list is no path: write one from the workspace's root, such as photos/downtown.jpg"),
        ("{a: b}", "a mapping is no path: write one from the workspace's root, such as photos/downtown.jpg"),
    ],
)
def test_what_is_no_picture_is_told_where_it_stands(folder: Folder, pictures: Path, path: str, words: str) -> None:
    outside = folder.root.parent / f"{folder.root.name}-outside.png"
    outside.write_bytes(PNG)
    (pictures / "link.png").symlink_to(outside)
    (pictures / ".a.png").write_bytes(PNG)
    (pictures / "text.png").write_bytes(b"GIF, or so it says")
    (pictures / "big.png").write_bytes(PNG + bytes(MOST))
    assert folder.told_at(HERE % path) == [f"photo: {words}"]


def test_a_link_inside_the_workspace_is_followed(folder: Folder, pictures: Path) -> None:
    (pictures / "b.png").symlink_to("a.png")
    found = folder.wanted("location/a", HERE.replace("»", "") % "photos/b.png")["photo"]
    assert found.sha256 == sha256(PNG).hexdigest()


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<svg", None),
        (b"", None),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(start: bytes, found: str | None) -> None:
    assert media_type(start) == found
