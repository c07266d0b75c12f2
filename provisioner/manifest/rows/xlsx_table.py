"""A table from a sheet of a workbook (.xlsx).

What a spreadsheet keeps as a number or a date is spelled as a manifest spells it; what has no usable value says why.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from openpyxl.utils.datetime import from_excel

from provisioner.kinds.values import plain, said
from provisioner.manifest.problems import meant
from provisioner.manifest.rows.csv_table import cleaned
from provisioner.manifest.rows.table import MOST_COLUMNS, Broken, Dated, Record, Report, Table, TableError, headed
from provisioner.manifest.rows.xlsx_number import error, number
from provisioner.manifest.rows.xlsx_parts import TEXTS, Book, Cell, DamagedError, Sheet, merged, rows

MOST_UNPACKED: Final = 64 * 1024 * 1024
MOST_PARTS: Final = 2_000
_OLD, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_MERGED: Final = 1_000
_UNCALCULATED: Final = "is a formula that was never calculated: open the file in a spreadsheet and save it"


def read_xlsx(file: str, data: bytes, report: Report, sheet: str = "") -> Table:
    """The table of a sheet: the named one, or the only one that is visible. Raises TableError."""
    _check_package(file, data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's remarks on what it does not keep, which nobody wants to keep
        try:
            book = Book(data)
            chosen = _chosen(file, book, sheet)
            return headed(file, chosen.title, _records(book, chosen), report)
        except TableError:
            raise
        except Exception as fault:  # noqa: BLE001 -- a damaged workbook fails anywhere inside the library
            why = str(fault) if isinstance(fault, DamagedError) else plain(f"{type(fault).__name__}: {fault}", 100)
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
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as fault:
        raise TableError(f"{file} is damaged ({plain(str(fault), 60)}): open it in a spreadsheet and save it") from None
    names = {part.filename for part in parts}
    if sum(part.file_size for part in parts) > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise TableError(f"{file} unpacks to over {MOST_UNPACKED // 1024**2} MiB: remove sheets, pictures and formats")
    if any(part.flag_bits & 1 for part in parts):
        raise TableError(f"{file} is protected by a password: remove it, or save it as CSV UTF-8")
    if "[Content_Types].xml" not in names or any(name.endswith("workbook.bin") for name in names):
        raise TableError(f"{file} is another sort of file (.ods, .numbers or .xlsb, perhaps): save it as .xlsx")


def _chosen(file: str, book: Book, name: str) -> Sheet:
    """The sheet of a name, or the only one that is visible."""
    listed = ", ".join(plain(title, 40) for title in book.sheets)
    if not book.sheets and book.strict:
        raise TableError(f"{file} is of a strict sort (Strict Open XML): save it as an ordinary .xlsx")
    if not book.sheets:
        raise TableError(f"{file} has no sheet with cells: add one, or save it as .xlsx again")
    if name:
        if name not in book.sheets:
            raise TableError(f"{file} has no sheet {said(name)}: {meant(name, book.sheets, f'there are {listed}')}")
        return book.sheets[name]
    visible = [sheet for sheet in book.sheets.values() if sheet.visible]
    if len(visible) != 1:
        raise TableError(f"{file} has the sheets {listed}: say which with `sheet: NAME`")
    return visible[0]


def _records(book: Book, sheet: Sheet) -> Iterator[Record]:
    """Each row of a sheet that is not blank; hidden rows and columns count like all others."""
    part = book.part(sheet.part)
    hidden = list(islice(merged(part), _MOST_MERGED + 1)) if b"mergeCell" in part else []
    if len(hidden) > _MOST_MERGED:
        raise TableError(f"over {_MOST_MERGED:,} merged cells in one sheet: unmerge them and fill in each")
    for line, cells in rows(part):
        texts = {cell.position: text for cell in cells if (text := _spelled(cell, book)) != ""}
        width = max(texts, default=-1) + 1
        if width > MOST_COLUMNS:
            raise TableError(f"sheet {plain(sheet.title, 40)} has over {MOST_COLUMNS:,} columns: delete some")
        if texts:
            yield line, _unmerged(line, [texts.get(position, "") for position in range(width)], hidden)


def _unmerged(line: int, cells: list[str | None], hidden: Sequence[tuple[str, range, range]]) -> list[str | None]:
    """The cells with all those marked that a merged one hides: each would be taken for blank."""
    for name, lines, columns in hidden:
        if line in lines:
            within = range(columns.start, min(columns.stop, MOST_COLUMNS))
            cells += [""] * (within.stop - len(cells))
            for position in within:
                if cells[position] == "":
                    cells[position] = Broken(f"is part of the merged cells {name}: unmerge them and fill in each")
    return cells


# -- values


def _spelled(cell: Cell, book: Book) -> str | None:
    """A cell's value as a manifest spells it."""
    if cell.sort in TEXTS:
        return cleaned(cell.text)
    if not cell.text:
        return Broken(_UNCALCULATED) if cell.formula else ""
    match cell.sort:
        case "s":
            return cleaned(book.texts[int(cell.text)])
        case "b":
            return "true" if cell.text in ("1", "true") else "false"
        case "e":
            return error(cell.text)
        case "d":
            return _moment((datetime if "-" in cell.text else time).fromisoformat(cell.text))
        case _:
            return _counted(cell, book)


def _counted(cell: Cell, book: Book) -> str:
    """A number, or the moment that its format makes of it."""
    shown = book.formats[cell.style]
    if shown.sort == "number":
        return number(cell.text, shown.code)
    try:
        return _moment(from_excel(float(cell.text), book.epoch, timedelta=shown.sort == "span"))
    except (OverflowError, ValueError):
        return error("#VALUE!")


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
