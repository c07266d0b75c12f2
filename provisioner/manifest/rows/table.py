"""A table: named columns, and rows of cells that are text; whatever file it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from provisioner.kinds.values import plain, said
from provisioner.manifest.yaml import BUDGET

Report: TypeAlias = Callable[[int, int, str], None]
"""Takes a line (or a row), a column, both from 1, and what is wrong there."""
Sort = Literal["sheet", "json", "yaml"]
"""Where the cells come from: `sheet` is CSV or XLSX, which spreadsheets write and spoil."""
MOST_CELLS: Final = BUDGET.nodes
MOST_COLUMNS: Final = 1_000
CLEAR: Final = "(clear)"
"""A cell that stands for null."""


class Dated(str):
    """A date that a spreadsheet keeps as one, as YYYY-MM-DD."""

    __slots__ = ()


class Broken(str):
    """A cell that has no value to use; the text says why, and what to do."""

    __slots__ = ()


class TableError(ValueError):
    """Why a file is no table, or one that nothing can be generated from; the text names the file."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """All the rows of a file, or of one sheet of it."""

    file: str
    columns: Mapping[str, int]
    """Name -> position from 0."""
    sheet: str = ""
    sort: Sort = "sheet"
    rows: list[Row] = field(default_factory=list)

    def column(self, name: str) -> str:
        """What a message calls a column."""
        shown = plain(name, 40)
        return f"{letters(self.columns[name])} ({shown})" if self.sheet else shown


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row; `line` is where it begins in its file, or its number in its sheet."""

    table: Table
    line: int
    cells: Sequence[str | None]
    """"" is a blank cell, None one that clears."""

    def __str__(self) -> str:
        """Where it is, as short as a place: `data/stores.csv:17`, `data/stores.xlsx[Stores]:17`."""
        sheet = f"[{plain(self.table.sheet, 40)}]" if self.table.sheet else ""
        return f"{self.table.file}{sheet}:{self.line}"

    def named(self, columns: Sequence[str] = ()) -> str:
        """What a message calls it, with the columns in question unless they are too many."""
        table = self.table
        where = f"{table.file} sheet {plain(table.sheet, 40)} row {self.line}" if table.sheet else str(self)
        if not 0 < len(columns) <= 3:
            return where
        names = [table.column(name) for name in columns]
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        return f"{where} column{'s' if len(names) > 1 else ''} {listed}"


def letters(position: int) -> str:
    """A column as a spreadsheet calls it: 0 is A, 26 is AA."""
    found, left = "", position + 1
    while left:
        left, digit = divmod(left - 1, 26)
        found = chr(65 + digit) + found
    return found


Record: TypeAlias = tuple[int, Sequence[str | None]]
"""A line and its cells."""


def headed(file: str, sheet: str, records: Iterable[Record], report: Report, delimiter: str = "") -> Table:
    """The table whose first record names the columns; blank records are passed over.

    Raises TableError when there is nothing to generate from: what is missing would be taken for removed.
    """
    found = (record for record in records if any(cell != "" for cell in record[1]))
    first = next(found, None)
    if first is None:
        raise TableError(f"{_named(file, sheet)} is empty: write a header, and below it a row for each thing")
    header = _Header(sheet, first, report, delimiter)
    table = Table(file, header.columns, sheet)
    cells = 0
    for line, row in found:
        cells += len(row)
        if cells > MOST_CELLS:
            raise TableError(f"{_named(file, sheet)} has over {MOST_CELLS:,} cells: split it")
        if header.fits(line, row):
            table.rows.append(Row(table, line, [*row, *[""] * (header.width - len(row))]))
    if header.refused:
        table.rows.clear()  # which cell is of which column cannot be known
    elif not (table.rows or header.ragged):
        raise TableError(f"{_named(file, sheet)} has a header and no rows: write one, or remove the entry")
    return table


def _named(file: str, sheet: str) -> str:
    return f"{file} sheet {plain(sheet, 40)}" if sheet else file


class _Header:
    """The names of the columns, and whether a row fits below them."""

    def __init__(self, sheet: str, record: Record, report: Report, delimiter: str) -> None:
        self.columns: dict[str, int] = {}
        self.refused = self.ragged = False
        self._sheet, self._report, self._delimiter = sheet, report, delimiter
        self._unnamed: set[int] = set()
        self._line, cells = record
        for position, cell in enumerate(cells):
            name = cell or ""
            if isinstance(name, Broken):
                self._refuse_name(position, f"this name {name}")
            elif not name:
                self._unnamed.add(position)
            elif name in self.columns:
                other = self._called(self.columns[name])
                self._refuse_name(position, f"{other} is called {said(name)} too: give each column its own name")
            else:
                self.columns[name] = position
        self._cells = len(cells)
        self._title = len(self.columns) == 1
        """Whether it may be a title above the header: it has one name."""
        self.width = max(self.columns.values(), default=-1) + 1

    def fits(self, line: int, cells: Sequence[str | None]) -> bool:
        """Whether every cell has a name, and every name a cell; what does not fit is reported."""
        known = min(len(cells), self.width if self._sheet else self._cells)
        for position in [p for p in self._unnamed if p < known and cells[p] != ""]:
            if position in self._unnamed:
                self._unnamed -= {position} if not self._title else self._unnamed.copy()
                self._refuse_name(position, f"{self._called(position)} has values and no name: {self._naming}")
        if self._sheet:
            return self._fits_sheet(line, cells)
        wrong = not self.width <= len(cells) <= self._cells
        if len(cells) > self._cells:  # blank ones, too: what stands before them has moved
            self._refuse(line, 0, f"{self._counted(cells)}: {self._fewer(cells)}")
        elif wrong:
            self._refuse(line, 0, f"{self._counted(cells)}: write every {self._mark}, also after cells that are blank")
        return not wrong

    def _fits_sheet(self, line: int, cells: Sequence[str | None]) -> bool:
        beyond = next((p for p in range(self.width, len(cells)) if cells[p] != ""), None)
        if beyond is not None:
            message = f"{self._called(beyond)} has a value here and no name in the header: {self._naming}"
            self._refuse(line, beyond, message)
        return beyond is None

    def _counted(self, cells: Sequence[str | None]) -> str:
        count = len(cells)
        return f"this row has {count} cell{'s' if count > 1 else ''}, and the header has {self._cells}"

    def _fewer(self, cells: Sequence[str | None]) -> str:
        """How a row gets fewer cells, or the header more."""
        quoted = f"put a cell that holds a {self._mark} in double quotes"
        if self._title:
            return f"{quoted}, or remove line {self._line} if it is a title"
        blank = all(cell == "" for cell in cells[self._cells :])
        return f"{quoted}, or remove every {self._mark} at its end" if blank else quoted

    @property
    def _naming(self) -> str:
        if not self._title:
            return "name it, or empty it"
        row = "row" if self._sheet else "line"
        return f"is {row} {self._line} a title? remove it, or name each column there"

    @property
    def _mark(self) -> str:
        return {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}.get(self._delimiter, "delimiter")

    def _called(self, position: int) -> str:
        return f"column {letters(position)}" if self._sheet else f"column {position + 1}"

    def _refuse_name(self, position: int, message: str) -> None:
        self.refused = True
        self._refuse(self._line, position, message)

    def _refuse(self, line: int, position: int, message: str) -> None:
        self.ragged = True
        where = f"sheet {plain(self._sheet, 40)} row {line} column {letters(position)}: " if self._sheet else ""
        self._report(line, position + 1 if self._sheet else 1, where + message)
