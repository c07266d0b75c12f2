"""A table from CSV, as people and spreadsheets write it: what parts the cells, and how the text is encoded, is seen."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from provisioner.kinds.values import plain, said
from provisioner.manifest.rows.table import CLEAR, MOST_COLUMNS, Record, Report, Table, TableError, headed

DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
ENCODINGS: Final = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1250", "windows-1251", "windows-1252", "iso-8859-1",
    "iso-8859-2", "iso-8859-15", "mac-roman", "shift-jis", "gb18030", "big5", "euc-kr",
)  # fmt: skip
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_OTHERS: Final = (
    (b"PK\x03\x04", "is a workbook or another zip, whatever its name ends in: name it .xlsx if it is a workbook"),
    (b"\xd0\xcf\x11\xe0", "is an old workbook (.xls): save it as .xlsx, or as CSV UTF-8"),
    (b"%PDF", "is a PDF: save the table as .xlsx, or as CSV UTF-8"),
)
_HINT = re.compile(r"sep=(.)\r?\n")
"""Excel's own first line, which names the delimiter."""
_BLANKS = " \t\r\n\u00a0\u202f\ufeff"


class BrokenTextError(Exception):
    """A text that cannot be read on from a line and a column."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line, self.column = line, column
        super().__init__(message)


def read_csv(file: str, data: bytes, report: Report, delimiter: str = "", encoding: str = "") -> Table:
    """The table of a CSV file; raises ValueError when it is none, or has no rows."""
    for magic, message in _OTHERS:
        if data.startswith(magic):
            raise TableError(f"{file} {message}")
    try:
        text = decoded(data, encoding)
        hint = _HINT.match(text)
        delimiter = delimiter or delimiter_of(text)
        return headed(file, "", _records(text, delimiter, skip=1 if hint else 0), report, delimiter)
    except BrokenTextError as error:
        report(error.line, error.column, str(error))
        return Table(file, {})


def cleaned(cell: str) -> str | None:
    """A cell's text without blanks around it, its lines parted by a line feed; None for one that clears."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)
    return None if text == CLEAR else text


def decoded(data: bytes, encoding: str = "") -> str:
    """The text of a file: UTF-8, what its first bytes say, or as it was said. Raises BrokenTextError."""
    mark = next(((bytes_, name) for bytes_, name in _MARKS if data.startswith(bytes_)), None)
    if mark and (not encoding or encoding.startswith(mark[1][:6])):
        data, encoding = data.removeprefix(mark[0]), mark[1]
    elif not encoding and data[:400].count(0) * 4 >= len(data[:400]) > 0:
        guess = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
        raise BrokenTextError(1, 1, f"this is UTF-16 and does not say so: save it as UTF-8, or add `encoding: {guess}`")
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error, encoding) from None
    if "\0" in text:
        before = text[: text.index("\0")]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        remedy = "correct or remove `encoding`" if encoding else "remove it"
        raise BrokenTextError(line, column, f"byte 0 stands here, which no text has: {remedy}")
    return text


def _undecodable(data: bytes, error: UnicodeDecodeError, encoding: str) -> BrokenTextError:
    """Where the first bad byte stands, and what it would be in the encoding that Windows uses in the West."""
    before = data[: error.start].decode(encoding or "utf-8", "replace")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    byte = f"byte 0x{data[error.start]:02x} is no {encoding or 'UTF-8'}"
    if encoding:
        return BrokenTextError(line, column, f"{byte}: correct or remove `encoding`")
    start = max(data.rfind(sign, 0, error.start) for sign in b',;\t|"\r\n') + 1
    word = re.split(rb'[,;\t|"\r\n]', data[start : error.start + 60], maxsplit=1)[0]
    shown = said(word.decode("windows-1252", "replace"))
    remedy = "save the file as CSV UTF-8, or add `encoding: windows-1252` if that is right"
    return BrokenTextError(line, column, f"{byte}; in Windows-1252 (Latin-1) the cell reads {shown}: {remedy}")


def delimiter_of(text: str) -> str:
    """What parts the cells: what the text says, else the sign that is most frequent in its header, quotes aside."""
    if hint := _HINT.match(text):
        return hint[1]
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS.values(), key=bare.count)


def _records(text: str, delimiter: str, skip: int) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise BrokenTextError(line, 1, f"over {MOST_COLUMNS:,} cells in one row: leave out columns")
            if line > skip:
                yield line, [cleaned(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise BrokenTextError(line, 1, _explained(str(error))) from None


def _explained(said_by_csv: str) -> str:
    if "unexpected end" in said_by_csv:
        return 'a double quote is opened in this row and never closed: close it, or write "" for one that is meant'
    if "expected after" in said_by_csv:
        return 'text goes on after a closing double quote: quote the whole cell, and write "" for a quote inside it'
    if "field larger" in said_by_csv:
        return "a cell of this row has over 131,072 characters: is a double quote not closed?"
    return f"this row cannot be read: {plain(said_by_csv, 100)}"
