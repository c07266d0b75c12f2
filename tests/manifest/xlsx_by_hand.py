"""Workbooks written out by hand, as the programs that people use write them: no library stands between."""

from __future__ import annotations

import io
import zipfile

from provisioner.manifest.rows.table import Table
from provisioner.manifest.rows.xlsx_table import read_xlsx

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SORT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
USUAL = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://schemas.openxmlformats.org/officeDocument/2006",
)
STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument")
_PARTS = {"worksheets/sheet1": "worksheet", "sharedStrings": "sharedStrings", "styles": "styles"}


def book(
    rows: str,
    *,
    shared: str = "",
    formats: tuple[str, ...] = (),
    before: str = "",
    behind: str = "",
    namespaces: tuple[str, str] = USUAL,
    declared: str = "",
) -> bytes:
    """A workbook with the sheet Stores; `formats` are those of the styles 1, 2 and so on."""
    main, office = namespaces
    parts = {
        "worksheets/sheet1": f'<worksheet xmlns="{main}">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>'
    }
    parts |= {"sharedStrings": f'<sst xmlns="{main}">{shared}</sst>'} if shared else {}
    parts |= {"styles": _styles(main, formats)} if formats else {}
    types = "".join(f'<Override PartName="/xl/{name}.xml" ContentType="{_SORT}.{_PARTS[name]}+xml"/>' for name in parts)
    related = "".join(
        f'<Relationship Id="r{number}" Type="{office}/relationships/{_PARTS[name]}" Target="{name}.xml"/>'
        for number, name in enumerate(parts)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SORT}.sheet.main+xml"/>{types}</Types>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}/relationships"><sheets>'
        '<sheet name="Stores" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            package.writestr(name, _HEAD + text)
        for name, text in parts.items():
            package.writestr(f"xl/{name}.xml", _HEAD + (declared if name.startswith("w") else "") + text)
    return out.getvalue()


def _styles(main: str, formats: tuple[str, ...]) -> str:
    escaped = [code.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;") for code in formats]
    known = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(escaped))
    used = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    return (
        f'<styleSheet xmlns="{main}"><numFmts>{known}</numFmts><cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    )


def row(number: int, *cells: str) -> str:
    """A row of cells."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def inline(place: str, text: str) -> str:
    """A text in its cell."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def value(place: str, text: str, *, sort: str = "n", style: int = 0, formula: str = "") -> str:
    """A cell with a value, or the result of a formula."""
    calculated = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{place}" s="{style}" t="{sort}">{calculated}<v>{text}</v></c>'


HEADER = row(1, inline("A1", "slug"), inline("B1", "zip"), inline("C1", "note"))


def read(data: bytes) -> Table:
    """The table, of which nothing is reported."""
    told: list[object] = []
    table = read_xlsx("stores.xlsx", data, lambda *problem: told.append(problem))
    assert not told
    return table


def cells(data: bytes) -> list[list[str | None]]:
    """The rows below the header."""
    return [list(each.cells) for each in read(data).rows]
