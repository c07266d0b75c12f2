"""What is in the parts of a workbook: its sheets, the texts that cells share, formats, and the cells row by row.

openpyxl reads the package and its workbook part. Cells are read here, because it does not tell a formula without a
result from one whose result is blank, passes over rows that are out of order, and leaves characters escaped.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from xml.etree import ElementTree as ET
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.xml.constants import SHARED_STRINGS, STYLES_TYPE

from provisioner.kinds.values import plain

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROW, _CELL, _VALUE, _FORMULA, _TEXT, _ASIDE, _SHARED, _MERGE = (
    f"{_MAIN} {name}" for name in ("row", "c", "v", "f", "t", "rPh", "si", "mergeCell")
)
_NAMES: Final = {"m": _MAIN}
_PIECE: Final = 1 << 16
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
"""Begins the namespaces of Strict Open XML, which an ordinary workbook has none of."""
_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


TEXTS: Final = ("str", "inlineStr")
"""The sorts of cells that hold their text themselves."""
Attributes: TypeAlias = dict[str, str]


class DamagedError(Exception):
    """Why the cells of a sheet cannot be read as they stand."""


class Cell(NamedTuple):
    """A cell as its sheet has it: `sort` and `text` are the format's own words for a value."""

    position: int
    """Of its column, from 0."""
    sort: str
    text: str
    style: int
    formula: bool


class Sheet(NamedTuple):
    """A sheet of cells, and the part of the package that it is in."""

    title: str
    part: str
    visible: bool


class Shown(NamedTuple):
    """A format of numbers, and what it makes of one."""

    code: str
    sort: Literal["number", "date", "span"]


Row: TypeAlias = tuple[int, list[Cell]]
"""Its number, from 1, and the cells that are in the file."""


class Book:
    """A workbook that is known to be a zip of a fair size."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        reader: Any = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_workbook()
        found = [(sheet, related) for sheet, related in reader.parser.find_sheets() if "chartsheet" not in related.Type]
        self.strict = _STRICT in self.part(reader.parser.workbook_part_name)
        self.sheets = {
            sheet.name: Sheet(sheet.name, related.target, sheet.state == "visible")
            for sheet, related in found
            if related.target in reader.valid_files
        }
        self.epoch: datetime = reader.wb.epoch
        texts, styles = (_name(reader, sort) for sort in (SHARED_STRINGS, STYLES_TYPE))
        self.texts = _shared(self.part(texts)) if texts else []
        self.formats = (_formats(self.part(styles)) if styles else []) or [Shown("General", "number")]

    def part(self, name: str) -> bytes:
        """A part of the package, unpacked."""
        with zipfile.ZipFile(io.BytesIO(self._data)) as package:
            return package.read(name)


def rows(part: bytes) -> Iterator[Row]:
    """The rows of a sheet that are in its part; raises DamagedError where one has no place of its own."""
    cells = _Cells()
    for _ in _parsed(part, cells):
        yield from cells.rows
        cells.rows.clear()


def merged(part: bytes) -> Iterator[tuple[str, range, range]]:
    """The merged cells of a sheet: their name, rows, and positions of columns."""
    found = _Merged()
    for _ in _parsed(part, found):
        for name in found.names:
            corners = [_NAME.fullmatch(corner) for corner in name.split(":")]
            if len(corners) == 2 and corners[0] and corners[1]:
                (left, top), (right, bottom) = corners[0].groups(), corners[1].groups()
                yield name, range(int(top), int(bottom) + 1), range(_position(left), _position(right) + 1)
        found.names.clear()


# -- reading XML as it passes by: a part may be large, and most of it is empty cells that have a format


class _Texts:
    """Takes what stands in the elements that hold text, and gathers the texts that cells share."""

    def __init__(self) -> None:
        self.shared: list[str] = []
        self._pieces: list[str] = []
        self._open = self._aside = False

    def start(self, name: str, _: Attributes) -> None:
        """An element begins; how a text is pronounced is no part of it."""
        if name in {_TEXT, _VALUE}:
            self._open = not self._aside
        elif name == _ASIDE:
            self._aside = True

    def text(self, piece: str) -> None:
        """Some text."""
        if self._open:
            self._pieces.append(piece)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in {_TEXT, _VALUE}:
            self._open = False
        elif name == _ASIDE:
            self._aside = False
        elif name == _SHARED:
            self.shared.append(unescaped(self._taken()))

    def _taken(self) -> str:
        whole = "".join(self._pieces)
        self._pieces.clear()
        return whole


class _Cells(_Texts):
    """Gathers the rows of a sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._number, self._position, self._formula = 0, -1, False
        self._cell: Attributes = {}
        self._cells: dict[int, Cell] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name == _CELL:
            self._cell, self._formula = attributes, False
            self._pieces.clear()
        elif name == _FORMULA:
            self._formula = True
        elif name == _ROW:
            self._number = _number(attributes.get("r"), self._number)
            self._cells, self._position = {}, -1
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == _CELL:
            self._keep()
        elif name == _ROW:
            self.rows.append((self._number, [*self._cells.values()]))
        else:
            super().end(name)

    def _keep(self) -> None:
        sort, name, text = self._cell.get("t", "n"), self._cell.get("r"), self._taken()
        self._position = _place(name, self._number) if name else self._position + 1
        if self._position in self._cells:
            raise DamagedError(f"cell {name or 'without a name'} stands in row {self._number} twice")
        text = unescaped(text) if sort in TEXTS else text
        if text or self._formula:
            style = int(self._cell.get("s", 0))
            self._cells[self._position] = Cell(self._position, sort, text, style, self._formula)


class _Merged(_Texts):
    """Gathers the names of merged cells."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""
        if name == _MERGE:
            self.names.append(attributes.get("ref", ""))


def _parsed(part: bytes, taker: _Texts) -> Iterator[None]:
    """Hands a part over, a piece at a time."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = (
        taker.start, taker.text, taker.end,
    )  # fmt: skip
    parser.StartDoctypeDeclHandler = _refuse_doctype
    for begin in range(0, len(part), _PIECE):
        parser.Parse(part[begin : begin + _PIECE], False)
        yield
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise DamagedError("it declares a type of document, which no spreadsheet does")


def _number(written: str | None, before: int) -> int:
    number = int(written) if written else before + 1
    if number <= before:
        again = "stands there twice" if number == before else f"stands behind row {before}"
        raise DamagedError(f"row {number} {again if before else 'is none'}")
    return number


def _place(name: str, row: int) -> int:
    found = _NAME.fullmatch(name)
    if not found or int(found[2]) != row:
        raise DamagedError(f"cell {plain(name, 20)} stands in row {row}")
    return _position(found[1])


@lru_cache(1_024)
def _position(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _name(reader: Any, sort: str) -> str | None:
    """What the package calls its part of a sort; None when there is none."""
    found = reader.package.find(sort)
    return found.PartName[1:] if found and found.PartName[1:] in reader.valid_files else None


def _shared(part: bytes) -> list[str]:
    texts = _Texts()
    for _ in _parsed(part, texts):
        pass
    return texts.shared


def unescaped(text: str) -> str:
    """A text with the characters that XML cannot hold, or hides, and a line break however it was written."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _formats(part: bytes) -> list[Shown]:
    """What the numbers of each style look like."""
    styles = ET.fromstring(part)  # noqa: S314 -- expat limits what can grow
    codes = dict(BUILTIN_FORMATS)
    for element in styles.iterfind("m:numFmts/m:numFmt", _NAMES):
        codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
    shown: list[Shown] = []
    for element in styles.iterfind("m:cellXfs/m:xf", _NAMES):
        code = codes.get(int(element.get("numFmtId", 0)), "General")
        shown.append(Shown(code, _sort(code)))
    return shown


def _sort(code: str) -> Literal["number", "date", "span"]:
    if not is_date_format(code):
        return "number"
    return "span" if is_timedelta_format(code) else "date"
