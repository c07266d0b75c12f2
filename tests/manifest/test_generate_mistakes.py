"""Rows and cells that are wrong, all of them in one file: one message for each, and nothing is written."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from openpyxl.utils import get_column_letter

from provisioner.manifest.problems import MOST_ROWS
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
CURRENCY = "(the currency is the account's)"
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


def test_each_of_sixty_bad_cells_has_its_message(folder: Folder) -> None:
    folder.write("franchise.yaml", TEMPLATE).options["secrets"] = "placeholder"
    for each in BAD:
        folder.write("data/stores.csv", sheet(spoiled([each])))
        assert folder.told() == expected([each], "data/stores.csv:{number} column {column}")


def test_so_has_each_of_a_workbook(folder: Folder) -> None:
    folder.write("franchise.yaml", BOOK).options["secrets"] = "placeholder"
    (folder.root / "data").mkdir()
    where = "data/stores.xlsx sheet Stores row {number} column {letter} ({column})"
    for each in IN_BOOKS:
        (folder.root / "data/stores.xlsx").write_bytes(workbook(spoiled([each])))
        assert folder.told() == expected([each], where)


def test_one_cause_in_one_column_is_one_line_in_the_words_of_its_first_row(folder: Folder) -> None:
    folder.write("data/stores.csv", sheet(spoiled(BAD))).write("franchise.yaml", TEMPLATE)
    folder.options["secrets"] = "placeholder"
    single = expected(BAD, "data/stores.csv:{number} column {column}")
    found = [line.partition(" (and ") for line in folder.told()]
    assert {line for line, _, _ in found} <= set(single)
    counts = [int(more.partition(" ")[0]) for _, _, more in found if more]
    assert len(found) + sum(counts) == len(BAD)
    long = (
        "phone: '3.1E+09' is a long number whose digits were cut off: format the column as Text and write all of them"
    )
    rows = [number for number, each in enumerate(BAD, FIRST) if each.column == "phone" and "cut off" in each.told]
    assert f"data/stores.csv:{rows[0]} column phone: {long} (and 2 more rows: {rows[1]}, {rows[2]})" in str(
        folder.told()
    )


def test_a_spoiled_column_hides_no_other(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("franchise.yaml", ONE_PASSWORD)
    rows = [store(n, zip=f"{2100 + n}", price=f"${n}", hours="17-Sep") for n in range(1, 301)]
    workspace.write("data/stores.csv", sheet(rows))
    ran = workspace("validate", env={"PASSWORD": "x"})
    zips, prices, hours, count = ran.err.splitlines()
    lost = "lost the zero at its beginning: format the column as Text and write"
    more = "(and 299 more rows: 3, 4, 5, 6, 7, 8, 9, 10, ...)"
    assert (
        zips == f"franchise.yaml:{spot('${store.zip}')}: data/stores.csv:2 column zip: zip: '2101' {lost} 02101 {more}"
    )
    assert prices.endswith(
        f"data/stores.csv:2 column price: price: '$1' is more than a number {CURRENCY}: write 1 {more}"
    )
    assert hours.endswith(f"write 09:00-17:00 {more}")
    assert count == "3 problems found. Nothing was changed."


def test_where_the_search_ends_the_count_says_so(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write(
        "m.yaml", "services:\n" + "".join(f"  s{n}: {{nam: S{n}, duration: 15 min}}\n" for n in range(2000))
    )
    *lines, count = workspace("validate").err.splitlines()
    assert len(lines) == 100
    assert count == "At least 1,000 problems found (the first 100 are shown). Nothing was changed."


def test_rows_without_end_are_not_looked_through(folder: Folder) -> None:
    folder.options["secrets"] = "placeholder"
    folder.write("franchise.yaml", "generate: {from: data/a.csv, as: r, manifest: {services: {'${r.a}': {name: X}}}}\n")
    folder.write("data/a.csv", "a\n" + "A b\n" * (MOST_ROWS + 5))
    (line,) = folder.told()
    assert f"(and {MOST_ROWS - 1:,} more rows: 3, 4, " in line


@pytest.mark.parametrize("slug", ["Den Ver", "w*", ""])
def test_a_bad_key_is_told_once_for_all_that_is_made_of_its_cell(folder: Folder, slug: str) -> None:
    template = TEMPLATE.replace("PASSWORD_${store.code}", "PASSWORD_${store.slug}")
    template = template.replace("owner@${store.code}", "owner@${store.slug}")
    rows = [store(1), store(2, slug=slug, zip="2134")]
    folder.write("data/stores.csv", sheet(rows)).write("franchise.yaml", template).options["secrets"] = "placeholder"
    key, code = folder.told()
    assert key.startswith(f"franchise.yaml:{spot('${store.slug}')}: data/stores.csv:3 column slug: ")
    assert "column zip: zip: '2134' lost the zero" in code


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
        f"franchise.yaml:{spot('name: Haircut')}: {told} (and 4 more rows: 3, 4, 5, 6)",
        f"franchise.yaml:{spot('haircut]')}: no service 'haircutt' in s01, s02, s03 and 2 more: did you mean haircut?",
    ]


@pytest.mark.parametrize("command", [("validate",), ("plan",), ("apply", "--yes")])
def test_nothing_is_written(tmp_path: Path, command: tuple[str, ...]) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("franchise.yaml", ONE_PASSWORD)
    bad = [*{each.column: each for each in BAD}.values()]
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
    told = "at.downtown.hours: week: the cells are blank: write hours, or closed (and 1 more row: 5)"
    where = "data/stores.csv:3 columns hours and sat"
    assert folder.told() == [f"franchise.yaml:{spot('week:')}: {where}: {told}"]
