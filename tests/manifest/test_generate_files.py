"""The files that rows come from: how text is encoded and parted, lists, workbooks, and what is no table at all."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.manifest.generate_stores import BOOK, COLUMNS, PER_ROW, TEMPLATE, column, sheet, store, workbook

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from tests.manifest.conftest import Folder

ROWS = [store(1), store(2, city="Málaga", street='Calle "Nueva", 2')]
PLAIN = sheet(ROWS)
LOCKED = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
Edit = Callable[["Workbook", Any], None]


def put(folder: Folder, data: str | bytes, name: str = "stores.csv", more: str = "") -> Folder:
    """The workspace with the rows in a file of its own sort."""
    path = folder.root / "data" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    template = TEMPLATE.replace("stores.csv", name).replace("as: store\n", f"as: store\n{more}")
    folder.options["secrets"] = "placeholder"
    return folder.write("franchise.yaml", template)


def fine(folder: Folder) -> bool:
    """Whether both rows came through as they are."""
    street = folder.wanted("s02/location/downtown")["street1"]
    name = folder.wanted("account/s02")["company_name"]
    return len(folder.desired().resources) == 2 * PER_ROW and (street, name) == ('Calle "Nueva", 2', "Acme Málaga")


# -- text


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode("utf-8-sig"),
        sheet(ROWS, "\t").encode("utf-16"),
        b"\xfe\xff" + sheet(ROWS, ";").encode("utf-16-be"),
        sheet(ROWS, ";"),
        sheet(ROWS, "\t"),
        sheet(ROWS, "|"),
        "sep=;\r\n" + sheet(ROWS, ";"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\n", "\n\n") + ",,,,\n" + "," * 16 + "\n",
        PLAIN.replace(",", ",\u00a0 ", 3).replace("slug", " slug ", 1),
        "".join(f"{line},,\n" for line in PLAIN.splitlines()),
    ],
    ids=["bom", "utf-16", "utf-16-be", "semicolons", "tabs", "bars", "sep", "crlf", "cr", "blank", "padded", "wider"],
)  # fmt: skip
def test_text_is_read_however_a_spreadsheet_wrote_it(folder: Folder, data: str | bytes) -> None:
    assert fine(put(folder, data))


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_cell_of_several_lines_has_line_feeds(folder: Folder, end: str) -> None:
    put(folder, sheet([store(1, street=f"one{end}two"), store(2)]))
    assert folder.wanted("s01/location/downtown")["street1"] == "one\ntwo"


def test_places_count_the_lines_of_the_file(folder: Folder) -> None:
    rows = [store(1, street="two\nlines"), store(2), store(3, zip="2134")]
    put(folder, "sep=,\n" + sheet(rows))
    (line,) = folder.told()
    assert "data/stores.csv:6 column zip" in line


def test_latin_1_is_shown_as_it_would_read_and_taken_when_said(folder: Folder) -> None:
    data = PLAIN.encode("windows-1252")
    (line,) = put(folder, data).told()
    remedy = "save the file as CSV UTF-8, or add `encoding: windows-1252` if that is right"
    told = "byte 0xe1 is no UTF-8; in Windows-1252 (Latin-1) the cell reads 'Málaga'"
    assert line == f"data/stores.csv:3:6: {told}: {remedy}"
    assert fine(put(folder, data, more="    encoding: windows-1252\n"))


def test_utf_16_without_a_mark_is_named(folder: Folder) -> None:
    data = PLAIN.encode("utf-16-le")
    assert put(folder, data).told() == [
        "data/stores.csv:1:1: this is UTF-16 and does not say so: save it as UTF-8, or add `encoding: utf-16-le`"
    ]
    assert fine(put(folder, data, more="    encoding: utf-16-le\n"))


def test_a_wrong_encoding_is_a_mistake_of_the_entry(folder: Folder) -> None:
    (line,) = put(folder, b"a\xff\xfeb\n", more="    encoding: big5\n").told()
    assert line == "data/stores.csv:1:2: byte 0xff is no big5: correct or remove `encoding`"


def test_a_delimiter_can_be_said(folder: Folder) -> None:
    rows = sheet(ROWS, ";").replace("slug;", "slug,with,commas;", 1).replace("slug,with,commas", "slug", 1)
    assert fine(put(folder, rows, more="    delimiter: semicolon\n"))
    assert fine(put(folder, sheet(ROWS, "\t"), more='    delimiter: "\\t"\n'))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda t: t.replace("1 Main", "1, Main"), "2:1: this row has 18 cells, and the header has 17: put a cell"),
        (lambda t: t.replace("02101,,", "02101,"), "2:1: this row has 16 cells, and the header has 17: write every"),
        (lambda t: t.replace("1 Main", '"1 Main'), "2:1: a double quote is opened in this row and never closed"),
        (lambda t: t.replace("1 Main Street", '"1 Main" Street'), "2:1: text goes on after a closing double quote"),
        (lambda t: t.replace(",city,", ",slug,"), "1:1: column 1 is called 'slug' too: give each column its own name"),
        (lambda t: t.replace(",city,", ",,"), "1:1: column 2 has values and no name: name it, or empty it"),
        (lambda t: t.replace("1 Main", "1" * 140_000), "2:1: a cell of this row has over 131,072 characters: "),
        (lambda t: t + "x," * 1_001 + "\n", "4:1: over 1,000 cells in one row: leave out columns"),
    ],
)  # fmt: skip
def test_a_broken_text_is_told_at_its_line(folder: Folder, spoil: Callable[[str], str], told: str) -> None:
    (line,) = put(folder, spoil(sheet([store(1), store(2)]))).told()
    assert line.startswith(f"data/stores.csv:{told}")


def test_a_row_that_does_not_fit_hides_no_other(folder: Folder) -> None:
    text = sheet([store(1), store(2, zip="2134"), store(3)]).replace("3 Main", "3, Main")
    lines = put(folder, text).told()
    assert len(lines) == 2
    assert "data/stores.csv:3 column zip" in lines[1]


@pytest.mark.parametrize("data", ["", "\n\n", ",,,\n"])
def test_nothing_is_never_taken_for_no_rows(folder: Folder, data: str) -> None:
    (line,) = put(folder, data).told()
    assert (
        line == "franchise.yaml:2:11: from: data/stores.csv is empty: write a header, and below it a row for each thing"
    )


def test_a_header_alone_is_not_either(folder: Folder) -> None:
    (line,) = put(folder, sheet([])).told()
    assert line == "franchise.yaml:2:11: from: data/stores.csv has a header and no rows: write one, or remove the entry"


def test_unused_columns_are_no_business_of_ours(folder: Folder) -> None:
    text = "\n".join(
        f"{line},{extra}" for line, extra in zip(PLAIN.splitlines(), ("notes", "#REF!", "2026-09-17"), strict=True)
    )
    assert fine(put(folder, text))


# -- which file


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("data/store.csv", "data/store.csv is no file of the workspace: the path starts at its root; did you mean"),
        ("../stores.csv", "../stores.csv is outside the workspace: name a file below its root"),
        ("/etc/passwd.csv", "/etc/passwd.csv is outside the workspace: name a file below its root"),
        ("data/.stores.csv", "data/.stores.csv is a hidden file, and those are never taken in: name another one"),
        ("data/away.csv", "data/away.csv is outside the workspace: name a file below its root"),
        ("data/folder.csv", "data/folder.csv cannot be read: Is a directory"),
        ("data/pipe.csv", "data/pipe.csv is no file of the workspace: the path starts at its root"),
        ("data/stores.xls", "data/stores.xls is an old workbook (.xls): save it as .xlsx, or as CSV UTF-8"),
        ("data/stores.ods", "data/stores.ods has no known sort: name a file that ends in .csv, .xlsx, .json or .yaml"),
        ("stores.yaml", "stores.yaml counts as a manifest where it is: move it into the folder data/"),
        ("data/../stores.yaml", "data/../stores.yaml counts as a manifest where it is: move it into the folder data/"),
        ("data/large.csv", "data/large.csv is larger than 10 MiB: split it"),
    ],
)  # fmt: skip
def test_a_file_must_be_one_of_the_workspace(folder: Folder, tmp_path: Path, name: str, told: str) -> None:
    put(folder, PLAIN)
    data = folder.root / "data"
    (data / ".stores.csv").write_text("a\n")
    (data / "away.csv").symlink_to("/etc/hostname")
    (data / "folder.csv").mkdir()
    os.mkfifo(data / "pipe.csv")
    with (data / "large.csv").open("wb") as large:
        large.truncate(11 * 1024 * 1024)
    folder.write("franchise.yaml", TEMPLATE.replace("data/stores.csv", name))
    (line,) = folder.told()
    assert line.startswith(f"franchise.yaml:2:11: from: {told}")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("stores.csv", workbook([store(1)]), "is a workbook or another zip, whatever"),
        ("stores.csv", b"\xd0\xcf\x11\xe0rest", "is an old workbook (.xls): save it as .xlsx, or as CSV UTF-8"),
        ("stores.csv", b"%PDF-1.7", "is a PDF: save the table as .xlsx, or as CSV UTF-8"),
        ("stores.xlsx", PLAIN.encode(), "is no workbook: save it as .xlsx again, or name it .csv if it is a text"),
        ("stores.xlsx", b"\xd0\xcf\x11\xe0rest", "is an old workbook (.xls): save it as .xlsx, or"),
        ("stores.xlsx", LOCKED, "is protected by a password: remove it"),
        ("stores.xlsx", workbook([store(1)])[:2_000], "is damaged (File is not a zip file): open"),
    ],
)  # fmt: skip
def test_what_is_another_sort_of_file_is_named(folder: Folder, name: str, data: bytes, told: str) -> None:
    (line,) = put(folder, data, name).told()
    assert line.startswith(f"franchise.yaml:2:11: from: data/{name} {told}")


# -- lists


def test_json_and_yaml_lists_are_tables(folder: Folder) -> None:
    usual = {"active": True, "hours": "09:00-17:00", "price": 29.5}
    rows: list[dict[str, Any]] = [row | usual for row in ROWS]
    assert fine(put(folder, json.dumps(rows), "stores.json"))
    assert fine(put(folder, json.dumps(rows, indent=1, ensure_ascii=False), "stores.yaml"))


def test_null_clears_and_nothing_leaves_out(folder: Folder) -> None:
    first, second = store(1, active="true", hours="closed", phone=None), store(2, active="true", hours="closed")
    del second["phone"]
    put(folder, json.dumps([first, second]), "stores.json")
    assert folder.wanted("account/s01")["phone"] is None
    assert "phone" not in folder.wanted("account/s02")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("stores.json", '{"a": 1}', "1:1: this is no list: write a list of mappings, one for each row"),
        ("stores.json", '[\n {"slug": }\n]', "2:11: this is no JSON: expecting value"),
        ("stores.json", '[{"a": 1, "a": 2}]', "1:2: 'a' is given twice in one mapping: remove one of them"),
        ("stores.json", '[{"a": NaN}]', "1:2: NaN is no value of JSON: write a number, a text or null"),
        ("stores.json", '[{"a": 1}\n{"a": 1}]', "2:1: a comma is missing between two rows, or the ] at the end"),
        ("stores.json", '[{"a": 1}] x', "1:12: something stands after the list: remove it"),
        ("stores.json", '[{"a": ' + "[" * 100_000, "1:2: this is nested too deeply: a row has one level"),
        ("stores.json", b'["\xe9"]', "1:3: byte 0xe9 is no UTF-8; in Windows-1252 (Latin-1) the cell reads 'é'"),
        ("stores.yaml", "a: b\n", "1:1: this is no list: write a list of mappings, one for each row"),
        ("stores.yaml", "- a: b\n---\n- a: b\n", "3:1: this is no list: write a list of mappings, one for each row"),
        ("stores.yaml", "- {a: 1, a: 2}\n", "1:10: a was given already on line 1: remove one of them"),
        ("stores.yaml", "- a:\n", "1:3: a has no value: write null to clear it, or remove the line"),
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_told_at_its_place(folder: Folder, name: str, data: str | bytes, told: str) -> None:
    (line,) = put(folder, data, name).told()
    assert line.startswith(f"data/{name}:{told}")


def test_a_cell_of_a_list_is_one_text(folder: Folder) -> None:
    put(folder, json.dumps([store(1, active="true", hours="closed", street=["a"])], indent=1), "stores.json")
    (line,) = folder.told()
    told = "street1: the cell is a list: a cell is one text, so give each part a column of its own"
    assert line == f"franchise.yaml:17:22: data/stores.json:2 column street: {told}"


# -- workbooks


def booked(folder: Folder, edit: Edit | None = None, more: str = "", rows: list[dict[str, Any]] = ROWS) -> Folder:
    return put(folder, workbook(rows, edit), "stores.xlsx", more)


def test_a_workbook_is_a_table(folder: Folder) -> None:
    assert fine(booked(folder))
    assert str(folder.declared("s02/location/downtown").place) == "data/stores.xlsx[Stores]:3"


def test_numbers_dates_and_truths_are_spelled_as_manifests_spell_them(folder: Folder) -> None:
    from datetime import date, time

    def edit(_: Workbook, page: Any) -> None:
        page.cell(2, column("zip"), 2134).number_format = "00000"
        page.cell(2, column("price"), 0.1 + 0.2)
        page.cell(2, column("active"), value=False)
        page.cell(2, column("closed"), date(2027, 5, 3))
        page.cell(2, column("phone"), 16175550100.0)
        page.cell(2, column("sat"), "10:00-11:00")
        page.cell(3, column("duration"), "45 min")
        page.cell(3, column("site")).number_format = time.__name__

    booked(folder, edit)
    location, service = folder.wanted("s01/location/downtown"), folder.wanted("s01/service/haircut")
    assert location["zip"] == "02134"
    assert (str(service["price"]), service["active"]) == ("0.3", False)
    assert folder.wanted("account/s01")["phone"] == "16175550100"
    assert folder.wanted("s01/away/boss")["away"][0].start == date(2027, 5, 3)


def merge(_: Workbook, page: Any) -> None:
    page.merge_cells(start_row=2, end_row=3, start_column=column("zip"), end_column=column("zip"))


def second(book: Workbook, _: Any) -> None:
    book.create_sheet("Staff")


def beyond(_: Workbook, page: Any) -> None:
    page.cell(3, 25, "x")


def unnamed(_: Workbook, page: Any) -> None:
    page.cell(1, 2).value = None


def twice(_: Workbook, page: Any) -> None:
    page.cell(1, 2, "slug")


def emptied(_: Workbook, page: Any) -> None:
    page.delete_rows(1, 9)


def headed(_: Workbook, page: Any) -> None:
    page.delete_rows(2, 9)


ZIP = "franchise.yaml:18:18: data/stores.xlsx sheet Stores row 3 column H (zip)"
FROM = "franchise.yaml:2:11: from: data/stores.xlsx"


@pytest.mark.parametrize(
    ("edit", "more", "told"),
    [
        (merge, "", f"{ZIP}: zip: the cell is part of the merged cells H2:H3: unmerge them and fill in each"),
        (second, "", f"{FROM} has the sheets Stores, Staff: say which with `sheet: NAME`"),
        (second, "    sheet: Store\n", f"{FROM} has no sheet 'Store': did you mean Stores?"),
        (second, "    sheet: Staff\n", f"{FROM} sheet Staff is empty: write a header"),
        (beyond, "", "data/stores.xlsx:3:25: sheet Stores row 3 column Y: column Y has a value here and no name"),
        (unnamed, "", "data/stores.xlsx:1:2: sheet Stores row 1 column B: column B has values and no name"),
        (twice, "", "data/stores.xlsx:1:2: sheet Stores row 1 column B: column A is called 'slug' too"),
        (emptied, "", f"{FROM} sheet Stores is empty: write a header"),
        (headed, "", f"{FROM} sheet Stores has a header and no rows: write one, or remove the entry"),
    ],
)  # fmt: skip
def test_a_sheet_says_what_is_wrong(folder: Folder, edit: Edit, more: str, told: str) -> None:
    (line,) = booked(folder, edit, more).told()
    assert line.startswith(told)


def test_hidden_rows_and_columns_count_and_hidden_sheets_do_not(folder: Folder) -> None:
    def hide(book: Workbook, page: Any) -> None:
        page.row_dimensions[3].hidden = True
        page.column_dimensions["B"].hidden = True
        book.create_sheet("Notes").sheet_state = "hidden"

    assert fine(booked(folder, hide))


def test_formats_may_reach_to_the_end_of_a_sheet(folder: Folder) -> None:
    def reach(_: Workbook, page: Any) -> None:
        page.cell(1_048_576, 1).number_format = "0"
        page.cell(3, 16_384).number_format = "0"
        page.cell(2, column("code"), "=1+1")

    rows = [store(1), ROWS[1]]
    lines = booked(folder, reach, rows=rows).told()
    assert len(lines) == 1
    assert "column E (code): nick_name: the cell is a formula that was never calculated" in lines[0]


def repacked(change: Callable[[zipfile.ZipFile], None]) -> bytes:
    """A good workbook with more in it."""
    out = io.BytesIO(workbook([store(1)]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        change(package)
    return out.getvalue()


def test_a_bomb_is_not_unpacked(folder: Folder) -> None:
    data = repacked(lambda package: package.writestr("xl/media/zeros", b"\0" * (65 * 1024 * 1024)))
    assert len(data) < 200_000
    assert put(folder, data, "stores.xlsx").told() == [
        f"{FROM} unpacks to over 64 MiB: remove sheets, pictures and formats"
    ]


def test_entities_do_not_grow(folder: Folder) -> None:
    grown = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    source = io.BytesIO(workbook([store(1)]))
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                text = f"{grown}]>".encode() + text.replace(b"</sheetData>", b"</sheetData><x>&j;</x>")
            new.writestr(part, text)
    (line,) = put(folder, out.getvalue(), "stores.xlsx").told()
    assert line.startswith(f"{FROM} is damaged (")


@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
    ],
)
@pytest.mark.parametrize("text", [b"", b"<x", b"\xff\xfe"])
def test_a_damaged_part_is_no_crash(folder: Folder, part: str, text: bytes) -> None:
    source, out = io.BytesIO(workbook([store(1)])), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    (line,) = put(folder, out.getvalue(), "stores.xlsx").told()
    assert line.startswith(FROM)


def test_the_columns_are_those_of_the_book() -> None:
    assert BOOK.count("${store.") >= len(COLUMNS)
