"""Tables that are not what they should be as a whole, and lists whose cells are no texts: what to do is said once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.manifest.generate_stores import TEMPLATE, sheet, spot, store, workbook

if TYPE_CHECKING:
    from openpyxl import Workbook

    from tests.manifest.conftest import Folder

LISTED: dict[str, Any] = {"active": True, "hours": "09:00-17:00", "price": 29.5}
STORES = [store(n) for n in range(1, 6)]


def put(folder: Folder, data: str | bytes, name: str = "stores.csv") -> list[str]:
    """What is said of a table."""
    (folder.root / "data").mkdir(exist_ok=True)
    (folder.root / "data" / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    folder.write("franchise.yaml", TEMPLATE.replace("stores.csv", name)).options["secrets"] = "placeholder"
    return folder.told()


def listed(folder: Folder, **cells: Any) -> list[str]:
    """What is said of a JSON list whose second row has these cells."""
    return put(folder, json.dumps([store(1, **LISTED), store(2, **LISTED | cells)], indent=1), "stores.json")


def title(_: Workbook, page: Any) -> None:
    page.insert_rows(1)
    page.cell(1, 1, "Our stores")


def beyond(_: Workbook, page: Any) -> None:
    for row in range(3, 7):
        page.cell(row, 25, "x")


# -- titles, and columns without a name


def test_a_title_above_the_header_of_a_sheet_is_asked_about_once(folder: Folder) -> None:
    (line,) = put(folder, workbook(STORES, title), "stores.xlsx")
    nameless = "column B has a value here and no name in the header"
    remedy = "is row 1 a title? remove it, or name each column there (and 5 more rows: 3, 4, 5, 6, 7)"
    assert line == f"data/stores.xlsx:2:2: sheet Stores row 2 column B: {nameless}: {remedy}"


@pytest.mark.parametrize("first", ["Our stores", "Our stores" + "," * 16])
def test_so_is_one_in_a_text(folder: Folder, first: str) -> None:
    (line,) = put(folder, f"{first}\n{sheet(STORES)}")
    assert line.startswith("data/stores.csv:")
    assert "line 1" in line
    assert "title" in line


def test_a_column_without_a_name_is_told_once(folder: Folder) -> None:
    (line,) = put(folder, workbook(STORES, beyond), "stores.xlsx")
    assert line.startswith("data/stores.xlsx:3:25: sheet Stores row 3 column Y: column Y has a value here and no name")
    assert line.endswith(": name it, or empty it (and 3 more rows: 4, 5, 6)")


def test_blank_cells_too_many_may_be_commas_at_the_end(folder: Folder) -> None:
    (line,) = put(folder, sheet(STORES).replace("9-17,\n", "9-17,,,\n", 1))
    quoted = "put a cell that holds a comma in double quotes, or remove every comma at its end"
    assert line == f"data/stores.csv:2:1: this row has 19 cells, and the header has 17: {quoted}"


def test_rows_of_a_wrong_length_are_one_line(folder: Folder) -> None:
    rows = [row | {"sat": "10-12"} for row in STORES]
    (line,) = put(folder, sheet(rows).replace(" Main", ", Main"))
    assert line.endswith("has 17: put a cell that holds a comma in double quotes (and 4 more rows: 3, 4, 5, 6)")


# -- bytes


def test_a_single_byte_0_makes_no_utf_16(folder: Folder) -> None:
    data = sheet([store(1), store(2, first="A\0na")])
    assert put(folder, data) == [
        f"data/stores.csv:3:{data.splitlines()[2].index(chr(0)) + 1}: byte 0 stands here, which no text has: remove it"
    ]


# -- lists


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"zip": 2114}, "zip: '2114' lost the zero at its beginning: write \"02114\" in quotes"),
        ({"zip": 2114.0}, "zip: '2114.0' is a number with a decimal that nobody wrote: write \"02114\" in quotes"),
        ({"slug": None}, "the cell is null, and a key needs it: fill it in, or remove the row"),
        ({"city": None}, "company_name: the cell is null inside a longer text: fill it in"),
    ],
)
def test_a_list_has_no_format_of_a_column(folder: Folder, cells: dict[str, Any], told: str) -> None:
    (name,) = cells
    (line,) = listed(folder, **cells)
    assert line.endswith(f" column {name}: {told}")


def test_a_short_form_of_a_number_is_what_it_is(folder: Folder) -> None:
    text = json.dumps([store(1, **LISTED)]).replace("29.5", "3.5E+01")
    (line,) = put(folder, text, "stores.json")
    assert line.endswith("price: '3.5E+01' is 35 as a spreadsheet shortens it: write 35")


@pytest.mark.parametrize("name", ["stores.json", "stores.yaml"])
def test_an_empty_list_has_no_header(folder: Folder, name: str) -> None:
    told = f"from: data/{name} is empty: write a list of mappings, one for each row"
    assert put(folder, "", name) == [f"franchise.yaml:2:11: {told}"]


@pytest.mark.parametrize("name", ["../b/all.yaml", "/etc/all.yaml"])
def test_a_list_outside_is_outside(folder: Folder, name: str) -> None:
    folder.write("franchise.yaml", TEMPLATE.replace("data/stores.csv", name)).options["secrets"] = "placeholder"
    (line,) = folder.told()
    assert line.startswith(f"franchise.yaml:2:11: from: {name} is outside the workspace")


# -- hours


def test_a_blank_cell_of_hours_asks_for_hours(folder: Folder) -> None:
    template = TEMPLATE.replace("                      sat: ${store.sat}\n", "")
    folder.write("data/stores.csv", sheet([store(1), store(2, hours="")])).write("franchise.yaml", template)
    folder.options["secrets"] = "placeholder"
    told = "at.downtown.hours: week: the cell is blank: write hours, or closed"
    assert folder.told() == [f"franchise.yaml:{spot('week:')}: data/stores.csv:3 column hours: {told}"]
