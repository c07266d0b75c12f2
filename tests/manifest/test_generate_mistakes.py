"""Rows and cells that are wrong, all of them in one file: one message for each, and nothing is written."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from openpyxl.utils import get_column_letter

from tests.cli.command import Workspace
from tests.manifest.conftest import SETTINGS
from tests.manifest.generate_stores import BOOK, TEMPLATE, column, sheet, spot, store, workbook

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder


class Bad(NamedTuple):
    """A cell that replaces a good one, what is said of it, and at which line and column of the template."""

    at: str
    column: str
    cell: Any
    told: str


def _cell(text: str) -> Any:
    """A cell from its spelling in the table."""
    sort, _, value = text.partition(" ")
    match sort:
        case "date":
            return date.fromisoformat(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case "time":
            return time.fromisoformat(value)
        case "hours":
            return timedelta(hours=int(value))
    return literal_eval(text)


def _table() -> Iterator[list[Bad]]:
    """The two parts of the table: of text files, and of workbooks."""
    for part in Path(__file__).with_name("generate_mistakes.txt").read_text("utf-8").split("\n# "):
        lines = [line.split(" | ", 3) for line in part.splitlines() if " | " in line and not line.startswith("# ")]
        yield [Bad(at, name, _cell(cell), told) for at, name, cell, told in lines]


BAD, IN_BOOKS = _table()
ONE_PASSWORD = TEMPLATE.replace("${env:PASSWORD_${store.code}}", "${env:PASSWORD}")
FIRST = 3
"""The line of the first bad row: below the header and a good one."""


def spoiled(bad: list[Bad]) -> list[dict[str, Any]]:
    """A good row, and a row for each bad cell."""
    return [store(1), *(store(number, **{each.column: each.cell}) for number, each in enumerate(bad, 2))]


def expected(bad: list[Bad], row: str) -> list[str]:
    """The message of each row; `row` has the places of its number and its column."""
    lines = []
    for number, each in enumerate(bad, FIRST):
        where = row.format(number=number, letter=get_column_letter(column(each.column)), column=each.column)
        lines.append(f"franchise.yaml:{each.at}: {where}: {each.told}")
    return lines


def test_the_table_is_long_enough() -> None:
    assert len(BAD) >= 60
    assert len({(each.column, str(each.cell)) for each in BAD}) == len(BAD)


def test_sixty_bad_cells_of_one_file_have_sixty_messages(folder: Folder) -> None:
    folder.write("data/stores.csv", sheet(spoiled(BAD))).write("franchise.yaml", TEMPLATE)
    folder.options["secrets"] = "placeholder"
    assert sorted(folder.told()) == sorted(expected(BAD, "data/stores.csv:{number} column {column}"))


def test_so_have_those_of_a_workbook(folder: Folder) -> None:
    (folder.root / "data").mkdir()
    (folder.root / "data/stores.xlsx").write_bytes(workbook(spoiled(IN_BOOKS)))
    folder.write("franchise.yaml", BOOK).options["secrets"] = "placeholder"
    where = "data/stores.xlsx sheet Stores row {number} column {letter} ({column})"
    assert sorted(folder.told()) == sorted(expected(IN_BOOKS, where))


def test_an_email_of_two_rows_names_both(folder: Folder) -> None:
    rows = [store(1), store(2), store(3, email="boss1@acme.example")]
    folder.write("data/stores.csv", sheet(rows)).write("franchise.yaml", TEMPLATE).options["secrets"] = "placeholder"
    (line,) = folder.told()
    where = f"franchise.yaml:{spot('email: ${store.email}')}: data/stores.csv:4 column email"
    assert line.startswith(f"{where}: s03/employee/boss has the email of s01/employee/boss (data/stores.csv:2)")


def test_what_is_the_same_for_every_row_is_told_once(folder: Folder) -> None:
    template = TEMPLATE.replace("name: Haircut", "nam: Haircut").replace("[haircut]", "[haircutt]")
    folder.write("data/stores.csv", sheet([store(n) for n in range(1, 6)])).write("franchise.yaml", template)
    folder.options["secrets"] = "placeholder"
    told = "data/stores.csv:2: unknown key 'nam' in service/haircut: did you mean name?"
    assert folder.told() == [
        f"franchise.yaml:{spot('name: Haircut')}: {told} (and 4 more rows)",
        f"franchise.yaml:{spot('haircut]')}: no service 'haircutt' in s01, s02, s03 and 2 more: did you mean haircut?",
    ]


@pytest.mark.parametrize("command", [("validate",), ("plan",), ("apply", "--yes")])
def test_nothing_is_written(tmp_path: Path, command: tuple[str, ...]) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("franchise.yaml", ONE_PASSWORD)
    bad = BAD[:45]  # the command shows the first 50 of more
    workspace.write("data/stores.csv", sheet(spoiled(bad)))
    ran = workspace(*command, env={"PASSWORD": "canary-word"})
    assert (ran.code, ran.out) == (1, "")
    *lines, count = ran.err.splitlines()
    assert count == f"{len(bad)} problems found. Nothing was changed."
    found = expected(bad, "data/stores.csv:{number} column {column}")
    assert sorted(lines) == sorted(found)
    assert "canary-word" not in ran.err
    assert not workspace.state.exists()
    assert not workspace.db.exists() or workspace.writes() == 0


def test_rows_that_were_right_before_are_not_destroyed_when_the_file_breaks(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("franchise.yaml", ONE_PASSWORD)
    workspace.write("data/stores.csv", sheet([store(1), store(2)]))
    env = {"PASSWORD": "x"}
    workspace.apply(env=env)
    before, writes = workspace.addresses(), workspace.writes()
    for broken in ("", sheet([]), sheet([store(1)]).replace("City 1", '"City 1'), sheet([store(1, zip="2134")])):
        workspace.write("data/stores.csv", broken)
        assert workspace("apply", "--yes", env=env).code == 1
    (tmp_path / "data/stores.csv").unlink()
    assert workspace("apply", "--yes", env=env).code == 1
    assert (workspace.addresses(), workspace.writes()) == (before, writes)


def test_a_week_without_any_day_names_its_row(folder: Folder) -> None:
    rows = [store(1), store(2, hours=""), store(3, hours="", sat="10-12"), store(4, hours="")]
    folder.write("data/stores.csv", sheet(rows)).write("franchise.yaml", TEMPLATE).options["secrets"] = "placeholder"
    told = "at.downtown.hours: week is missing: write dates and week (and 1 more row)"
    assert folder.told() == [f"franchise.yaml:{spot('dates: 2027')}: data/stores.csv:3: {told}"]
