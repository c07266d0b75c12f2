"""A table from a sheet of a workbook (.xlsx), read with openpyxl, which is loaded only here.

What a spreadsheet keeps as a number or a date is spelled as a manifest spells it; what has no usable value says why.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from provisioner.kinds.values import plain, said
from provisioner.manifest.problems import meant
from provisioner.manifest.rows.csv_table import cleaned
from provisioner.manifest.rows.table import (
    MOST_CELLS,
    MOST_COLUMNS,
    Broken,
    Dated,
    Record,
    Report,
    Table,
    TableError,
    headed,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_UNPACKED: Final = 64 * 1024 * 1024
MOST_PARTS: Final = 2_000
_MOST_ROWS: Final = 1_048_576
"""Of a sheet, in the format itself."""
_OLD, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZEROS = re.compile(r"0{2,}")
_MERGED = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_MOST_MERGED: Final = 1_000
_MOST_SEEN: Final = 20 * MOST_CELLS
"""Cells to look through, empty ones included: formats reach far."""
_UNCALCULATED: Final = "is a formula that was never calculated: open the file in a spreadsheet and save it"
_DIGITS: Final = 15
"""How many a spreadsheet keeps of a number."""


def read_xlsx(file: str, data: bytes, report: Report, sheet: str = "") -> Table:
    """The table of a sheet: the named one, or the only one that is visible. Raises TableError."""
    _check_package(file, data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on what it does not keep, which nobody wants to keep
        try:
            return _Workbook(file, data).table(sheet, report)
        except TableError:
            raise
        except Exception as error:  # noqa: BLE001 -- a damaged workbook fails anywhere inside the library
            why = plain(f"{type(error).__name__}: {error}", 100)
            raise TableError(f"{file} is damaged ({why}): open it in a spreadsheet and save it again") from None


def _check_package(file: str, data: bytes) -> None:
    """Refuse what is no workbook, is locked, or would fill the memory, before anything is unpacked."""
    if data.startswith(_OLD):
        locked = _ENCRYPTED in data
        why = "is protected by a password: remove it" if locked else "is an old workbook (.xls): save it as .xlsx"
        raise TableError(f"{file} {why}, or save it as CSV UTF-8")
    if not data.startswith(_ZIP):
        raise TableError(f"{file} is no workbook: save it as .xlsx again, or name it .csv if it is a text")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise TableError(f"{file} is damaged ({plain(str(error), 60)}): open it in a spreadsheet and save it") from None
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise TableError(f"{file} unpacks to over {MOST_UNPACKED // 1024**2} MiB: remove sheets and pictures from it")
    if any(part.flag_bits & 1 for part in parts):
        raise TableError(f"{file} is protected by a password: remove it, or save it as CSV UTF-8")
    if "[Content_Types].xml" not in names or any(name.endswith("workbook.bin") for name in names):
        raise TableError(f"{file} is another sort of file (.ods, .numbers or .xlsb, perhaps): save it as .xlsx")


class _Workbook:
    """An open workbook, and the parts of the package that openpyxl does not tell of."""

    def __init__(self, file: str, data: bytes) -> None:
        from openpyxl.reader.excel import ExcelReader

        self._file, self._data = file, data
        reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.read()
        self._book = reader.wb
        self._parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}

    def table(self, name: str, report: Report) -> Table:
        sheet = self._sheet(name)
        part = self._part(sheet.title)
        uncalculated = self._uncalculated(sheet.title) if b"<f" in part or b":f" in part else frozenset()
        merged = _merged(part) if b"mergeCell" in part else []
        return headed(self._file, sheet.title, _records(sheet, uncalculated, merged), report)

    def _sheet(self, name: str) -> Worksheet:
        sheets: dict[str, Worksheet] = {sheet.title: sheet for sheet in self._book.worksheets}
        if name:
            if name not in sheets:
                known = f"there are {', '.join(plain(title, 40) for title in sheets)}"
                raise TableError(f"{self._file} has no sheet {said(name)}: {meant(name, sheets, known)}")
            return sheets[name]
        visible = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
        if len(visible) == 1:
            return visible[0]
        listed = ", ".join(plain(title, 40) for title in sheets) or "none"
        raise TableError(f"{self._file} has the sheets {listed}: say which with `sheet: NAME`")

    def _part(self, title: str) -> bytes:
        with zipfile.ZipFile(io.BytesIO(self._data)) as package:
            return package.read(self._parts[title])

    def _uncalculated(self, title: str) -> frozenset[tuple[int, int]]:
        """The cells that hold a formula; with the values beside them, those without one were never calculated."""
        from openpyxl import load_workbook

        sheet: Any = load_workbook(io.BytesIO(self._data), read_only=True, keep_links=False)[title]
        cells = (cell for _, row in _rows(sheet) for cell in row)
        return frozenset((cell.row, (cell.column or 0) - 1) for cell in cells if cell.data_type == "f")


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a sheet that are in the file, numbered, each up to the last column that is used or has a format."""
    seen, before = 0, None
    for number, row in enumerate(sheet.iter_rows(max_row=_MOST_ROWS, max_col=MOST_COLUMNS + 1), 1):
        if row is before:  # rows that are not in the file are one and the same
            continue
        before = row
        seen += len(row)
        if seen > _MOST_SEEN:
            what = f"sheet {plain(sheet.title, 40)} has over {_MOST_SEEN:,} cells"
            raise TableError(f"{what}: delete empty rows and columns that have a format")
        yield number, row


def _records(
    sheet: Worksheet, formulas: frozenset[tuple[int, int]], merged: Sequence[tuple[str, range, range]]
) -> Iterator[Record]:
    """Each row of a sheet that is not blank; hidden rows and columns count like all others."""
    for number, row in _rows(sheet):
        cells = [_text(cell) for cell in row]
        for position in range(len(cells)):
            if cells[position] == "" and (number, position) in formulas:
                cells[position] = Broken(_UNCALCULATED)
        while cells and cells[-1] == "":
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise TableError(f"sheet {plain(sheet.title, 40)} has over {MOST_COLUMNS:,} columns: delete some")
        if cells:
            yield number, _unmerged(number, cells, merged)


def _unmerged(number: int, cells: list[str | None], merged: Sequence[tuple[str, range, range]]) -> list[str | None]:
    """The cells with all those marked that a merged one hides: each would be taken for blank."""
    for name, rows, columns in merged:
        if number in rows:
            cells += [""] * (columns.stop - len(cells))
            for position in columns:
                if cells[position] == "":
                    cells[position] = Broken(f"is part of the merged cells {name}: unmerge them and fill in each")
    return cells


def _merged(part: bytes) -> list[tuple[str, range, range]]:
    """The merged cells of a sheet: their name, rows, and positions of columns."""
    found = []
    for _, element in ET.iterparse(io.BytesIO(part)):  # noqa: S314 -- openpyxl has parsed it already
        if element.tag.rpartition("}")[2] == "mergeCell" and (corners := _MERGED.fullmatch(element.get("ref", ""))):
            left, top, right, bottom = corners.groups()
            columns = range(_position(left), min(_position(right) + 1, MOST_COLUMNS))
            found.append((corners[0], range(int(top), int(bottom) + 1), columns))
            if len(found) > _MOST_MERGED:
                raise TableError(f"over {_MOST_MERGED:,} merged cells in one sheet: unmerge them and fill in each")
        element.clear()
    return found


def _position(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


# -- values


def _text(cell: Any) -> str | None:
    """A cell's value as a manifest spells it."""
    value = cell.value
    if isinstance(value, str):
        return _error(value) if cell.data_type == "e" else cleaned(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format)
    if isinstance(value, (date, time, timedelta)):
        return _moment(value)
    return cleaned(str(value))


def _error(value: str) -> Broken:
    return Broken(f"is the error {plain(value, 20)}: mend its formula, or write the value")


def _number(value: float, shown: str) -> str:
    """Digits as they were typed, with the zeros that the format shows; a computed 0.30000000000000004 is 0.3."""
    exact = Decimal(format(value, f".{_DIGITS}g")) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return _error(str(value))
    if exact != exact.to_integral_value():
        return format(exact, "f")
    digits = str(int(exact)) if exact.adjusted() < 40 else "0" * 40
    if len(digits.lstrip("-")) > _DIGITS:
        return Broken(
            f"is a number of {len(digits)} digits, of which {_DIGITS} are kept: make it Text and write it again"
        )
    return digits.zfill(len(shown)) if _ZEROS.fullmatch(shown) else digits


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return Dated(f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M}")
    return Dated(value.isoformat())
