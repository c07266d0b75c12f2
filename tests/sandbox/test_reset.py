"""Emptying a file from outside: gone when nobody else has it, emptied in place when somebody does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from provisioner.sandbox.migrations import VERSION, UnfitFileError
from provisioner.sandbox.reset import reset
from tests.sandbox.conftest import served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sandbox.conftest import Sandbox


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_that_nobody_has_open_goes(opened: Callable[..., Sandbox], tmp_path: Path) -> None:
    sandbox = opened()
    sandbox.location()
    sandbox.close()
    reset(tmp_path / "sandbox.db")
    assert files(tmp_path) == []


def test_without_a_file_nothing_happens(tmp_path: Path) -> None:
    reset(tmp_path / "sandbox.db")
    assert files(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"Dear reader, " * 500])
def test_what_is_no_database_goes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sandbox.db").write_bytes(content)
    (tmp_path / "sandbox.db-wal").write_bytes(content)
    reset(tmp_path / "sandbox.db")
    assert files(tmp_path) == []


def test_files_of_other_names_stay(opened: Callable[..., Sandbox], tmp_path: Path) -> None:
    opened().close()
    others = ["sandbox.db-old", "sandbox.db.bak", "sandbox.db2", "sandbox.db~"]
    for name in others:
        (tmp_path / name).write_text("mine")
    (tmp_path / "sandbox.db-journal.d").mkdir()
    reset(tmp_path / "sandbox.db")
    assert files(tmp_path) == sorted([*others, "sandbox.db-journal.d"])


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE recipes(n)", "PRAGMA application_id = 7", "PRAGMA user_version = 3"]
)
def test_another_programs_database_stays(tmp_path: Path, statement: str) -> None:
    db = tmp_path / "sandbox.db"
    with closing(sqlite3.connect(db)) as theirs:
        theirs.execute(statement)
    before = db.read_bytes()
    with pytest.raises(UnfitFileError, match="another program"):
        reset(db)
    assert (files(tmp_path), db.read_bytes()) == (["sandbox.db"], before)


@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm"])
def test_nothing_is_removed_where_not_everything_can_be(
    opened: Callable[..., Sandbox], tmp_path: Path, end: str
) -> None:
    opened().close()
    (tmp_path / f"sandbox.db{end}").mkdir()
    with pytest.raises(OSError, match=rf"sandbox\.db{end}"):
        reset(tmp_path / "sandbox.db")
    assert files(tmp_path) == ["sandbox.db", f"sandbox.db{end}"]


def test_a_link_leads_to_what_is_removed(opened: Callable[..., Sandbox], tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file, link = tmp_path / "elsewhere/real.db", tmp_path / "sandbox.db"
    opened(db=file).close()
    link.symlink_to(file)
    reset(link)
    assert files(tmp_path / "elsewhere") == []
    reset(link)  # it leads nowhere now


def test_what_a_link_leads_to_and_is_no_database_stays(tmp_path: Path) -> None:
    letter, link = tmp_path / "letter.txt", tmp_path / "sandbox.db"
    letter.write_bytes(b"Dear reader, " * 500)
    link.symlink_to(letter)
    with pytest.raises(sqlite3.DatabaseError):
        reset(link)
    assert files(tmp_path) == ["letter.txt", "sandbox.db"]


def test_a_folder_does_not(tmp_path: Path) -> None:
    (tmp_path / "sandbox.db").mkdir()
    with pytest.raises(OSError, match=r"sandbox\.db"):
        reset(tmp_path / "sandbox.db")


def test_beside_a_served_sandbox_it_is_emptied(tmp_path: Path) -> None:
    db = tmp_path / "sandbox.db"
    with served(db) as server:
        server.location(name="Casablanca")
        server.control("PUT", "/dialect", {"links": "merge"})
        server.control("PUT", "/clock", {"offset": 99})
        reset(db)
        server.refused(2, "GET", "/location")  # its session is gone, too
        server.sign_in()
        assert len(server.ok("GET", "/location")) == 1
        assert server.control("GET", "/dialect")["links"] == "replace"
        assert server.control("GET", "/clock")["offset"] == 0
        assert server.location(name="Paris") == 118202
        assert b"Casablanca" not in db.read_bytes()
    with closing(sqlite3.connect(db)) as left:  # what it wrote after that went to the file of this name
        assert left.execute("SELECT count(*) FROM objects WHERE body LIKE '%Paris%'").fetchone() == (1,)


def test_it_begins_with_the_account_that_is_asked_for(opened: Callable[..., Sandbox], tmp_path: Path) -> None:
    sandbox = opened()
    reset(tmp_path / "sandbox.db", company_id=77)
    assert [each["company_id"] for each in sandbox.control("GET", "/accounts")] == [77]


def test_an_open_file_of_a_newer_version_is_left_alone(tmp_path: Path, opened: Callable[..., Sandbox]) -> None:
    sandbox = opened()
    sandbox.app.state.store.run(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(UnfitFileError, match="newer version"):
        reset(tmp_path / "sandbox.db")
    assert sandbox.ok("GET", "/location")


def test_a_newer_file_that_nobody_has_open_goes(tmp_path: Path, opened: Callable[..., Sandbox]) -> None:
    sandbox = opened()
    sandbox.app.state.store.run(f"PRAGMA user_version = {VERSION + 1}")
    sandbox.close()
    reset(tmp_path / "sandbox.db")
    assert files(tmp_path) == []
