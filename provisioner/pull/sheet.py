"""A text that is no YAML: a table whose cells are exchanged, or the file behind a `${file:...}`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from provisioner.manifest.rows.csv_table import BrokenTextError, cleaned, decoded
from provisioner.manifest.rows.table import CLEAR
from provisioner.pull.edit import Swap
from provisioner.pull.unfit import UnfitError

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The text of a file, and how it is encoded."""

    file: str
    text: str
    mark: bytes
    encoding: str

    def encoded(self, text: str) -> bytes:
        """A new text as bytes. Raises UnfitError when the encoding lacks a character of it."""
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError:
            raise UnfitError(f"{self.encoding} has no sign for a character of it: save the file as UTF-8") from None


def read_sheet(file: str, data: bytes, encoding: str = "") -> Sheet:
    """The text of a file. Raises UnfitError when it cannot be written back byte for byte."""
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    known = _UTF16.get(mark) or encoding or "utf-8"
    try:
        text = decoded(data, encoding)
    except BrokenTextError as error:
        raise UnfitError(str(error)) from None
    sheet = Sheet(file, text, mark, known)
    if sheet.encoded(text) != data:
        raise UnfitError("its text cannot be written back byte for byte: edit the cell by hand")
    return sheet


def whole_edit(sheet: Sheet, text: str) -> Swap:
    """All of a text but its last line break exchanged."""
    newline = "\r\n" if "\r\n" in sheet.text else "\n"
    end = sheet.text.removesuffix("\n").removesuffix("\r")
    return Swap(sheet.file, 0, len(end), text.replace("\n", newline))


def cell_edit(sheet: Sheet, line: int, position: int, delimiter: str, text: str | None) -> Swap:
    """A cell of the row that begins on a line, exchanged in its own quotes. Raises UnfitError."""
    begin = _offset(sheet.text, line)
    for number, (start, end) in enumerate(_cells(sheet.text, begin, delimiter)):
        if number == position:
            return Swap(sheet.file, *_inner(sheet.text, start, end, text, delimiter))
    raise UnfitError("the cell was not found: edit the file by hand")


def _offset(text: str, line: int) -> int:
    """Where a line begins, counted as the csv module counts them."""
    lines = io.StringIO(text, newline="")
    for _ in range(line - 1):
        lines.readline()
    return lines.tell()


def _cells(text: str, begin: int, delimiter: str) -> Iterator[tuple[int, int]]:
    """From where to where each cell of a record stands, quotes included; a quote inside of a bare one is a sign."""
    cell = re.compile(rf'"(?:[^"]|"")*"|[^{re.escape(delimiter)}\r\n]*')
    start = end = begin
    while start == begin or text[end : end + 1] == delimiter:
        found = cell.match(text, start)
        if found is None:
            return
        end = found.end()
        yield start, end
        start = end + 1


def _inner(text: str, start: int, end: int, value: str | None, delimiter: str) -> tuple[int, int, str]:
    """What of a cell is exchanged: its text without the blanks around it, or all of a quoted one."""
    told = CLEAR if value is None else value
    cell = text[start:end]
    quotes = f'"{told.replace(chr(34), chr(34) * 2)}"'
    if cell.startswith('"') or any(sign in told for sign in (delimiter, '"', "\n", "\r")):
        new = quotes
    else:
        bare = cell.strip()
        first = start + (cell.index(bare) if bare else 0)
        start, end, new = first, first + len(bare), told
    read = next(csv.reader([new], delimiter=delimiter, strict=True), [""]) if "\n" not in new else [told]
    if cleaned(read[0] if read else "") != value or value == "":
        raise UnfitError("no cell can hold the live text: write it by hand")
    return start, end, new
