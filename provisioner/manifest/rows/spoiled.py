"""What spreadsheets do to a cell before anybody looks: zeros lost, dates made, digits rounded; with the remedy.

Excel and its kin decide what a cell is when it is typed or opened, and write that decision into CSV as well. Nothing is
mended silently: what was there before can only be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from provisioner.kinds.values import plain, said
from provisioner.manifest.rows.spoiled_dates import OR_TRUST, TEXT, Use, day_fault, several_fault
from provisioner.manifest.rows.table import Broken, Table

_EXACT: Final = ("key", "scope", "text", "zip")
_DIGIT = re.compile(r"[0-9]")
_SHORT = re.compile(r"[#=']")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|ERROR!)")
_SHORTENED = re.compile(r"(-?[0-9])(?:[.,]([0-9]+)[eE][+]?|[eE][+])([0-9]{1,3})")
_FLOAT = re.compile(r"([0-9]{2,})\.0")
_HOURS = re.compile(r"([0-9]{1,2})(:[0-9]{2})?\s*[-\u2013]\s*([0-9]{1,2})(:[0-9]{2})?")
_ZIP = re.compile(r"([0-9]{3,4})(-[0-9]{4})?")
_FIVE = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_ZIPS: Final[Mapping[str, int]] = {
    "us": 5, "usa": 5, "united states": 5, "united states of america": 5, "de": 5, "germany": 5, "deutschland": 5,
    "fr": 5, "france": 5, "es": 5, "spain": 5, "it": 5, "italy": 5, "mx": 5, "mexico": 5, "au": 4, "australia": 4,
}  # fmt: skip
"""Countries whose postal codes have so many digits and can begin with a zero."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, each looked at as a whole when one of its cells is in doubt."""

    table: Table
    trusted: frozenset[str] = frozenset()
    """Columns that are as they should be, however they look."""
    _coded: dict[int, int] = field(default_factory=dict)
    _five: dict[int, bool] = field(default_factory=dict)

    def fault(self, cell: str, name: str, use: Use, country: str | None = None) -> str:
        """What is wrong with a cell that is a whole value, and the remedy; "" when nothing is."""
        if isinstance(cell, Broken):
            return cell
        sort = self.table.sort
        if sort == "yaml" or name in self.trusted:
            return ""
        number = self._number(cell, name, use, country) if use in _EXACT or use == "number" else ""
        if sort == "json":
            return number or self._zeros(cell, name, use, country)
        shown = _text_fault(cell) or (day_fault(cell, use) if _DIGIT.search(cell) else "") or several_fault(cell, use)
        return shown or number or self._zeros(cell, name, use, country)

    def inner_fault(self, cell: str, name: str, use: Use) -> str:
        """The same for a cell that is a part of a value."""
        if isinstance(cell, Broken):
            return cell
        if self.table.sort == "yaml" or name in self.trusted:
            return ""
        exact = use if use in _EXACT and use != "zip" else "text"
        number = self._number(cell, name, exact) or self._zeros(cell, name, exact)
        if self.table.sort == "json":
            return number
        date = day_fault(cell, use) if use in ("hours", "key", "scope") else ""
        return date or (_text_fault(cell) if cell[:1] == "#" else "") or number

    def _number(self, cell: str, name: str, use: Use, country: str | None = None) -> str:
        """A number as a spreadsheet shows it, or writes it where a text was meant."""
        if found := _SHORTENED.fullmatch(cell):
            digits = _all_digits(found[1], found[2] or "", int(found[3]))
            if not digits:
                return f"{said(cell)} is a long number whose digits were cut off: {self._remedy('all of them')}"
            whole = self._padded(digits, name, use, country)
            remedy = f"write {digits}" if use == "number" else self._remedy(whole)
            return f"{said(cell)} is {digits} as a spreadsheet shortens it: {remedy}"
        found = _FLOAT.fullmatch(cell) if use != "number" else None
        if not found:
            return ""
        remedy = self._remedy(self._padded(found[1], name, use, country))
        return f"{said(cell)} is a number with a decimal that nobody wrote: {remedy}"

    def _zeros(self, cell: str, name: str, use: Use, country: str | None = None) -> str:
        """Zeros lost at the beginning: the column says so, or the country of a postal code."""
        whole = self._padded(cell, name, use, country)
        if whole == cell:
            return ""
        zeros = "zero" if len(whole) - len(cell) == 1 else "zeros"
        lost = f"{said(cell)} lost the {zeros} at its beginning: {self._remedy(whole)}"
        return lost if use == "zip" else f"{lost}{OR_TRUST}"

    def _padded(self, cell: str, name: str, use: Use, country: str | None) -> str:
        """A number with the zeros that belong to its beginning."""
        if use not in _EXACT or not cell[:1].isdigit():
            return cell
        position = self.table.columns[name]
        width = self._code(position) if cell.isdigit() else 0
        if use == "zip" and _ZIP.fullmatch(cell):
            known = country.strip().casefold() if country else ""
            width = max(width, _ZIPS.get(known, 0) if known else 5 * self._fives(position))
        digits, dash, rest = cell.partition("-")
        return f"{digits.zfill(width)}{dash}{rest}"

    def _remedy(self, text: str) -> str:
        """How a text is written so that nobody takes it for a number."""
        if self.table.sort == "sheet":
            return f"{TEXT} {text}"
        return f'write "{text}" in quotes' if text[:1].isdigit() else f"write {text}, in quotes"

    def _code(self, position: int) -> int:
        """How many digits the column's numbers have if they are codes: some begin with 0, all those of one length."""
        if position not in self._coded:
            cells = [row.cells[position] for row in self.table.rows]
            lengths = {len(cell) for cell in cells if cell and len(cell) > 1 and cell[0] == "0" and cell.isdigit()}
            longest = max((len(cell) for cell in cells if cell and cell.isdigit()), default=0)
            self._coded[position] = longest if lengths == {longest} else 0
        return self._coded[position]

    def _fives(self, position: int) -> bool:
        """Whether most of the column's cells that are digits are five of them."""
        if position not in self._five:
            cells = [cell for row in self.table.rows if (cell := row.cells[position]) and cell[:1].isdigit()]
            five = sum(_FIVE.fullmatch(cell) is not None for cell in cells)
            self._five[position] = five * 2 >= len(cells) > 0
        return self._five[position]


def mended(cell: str, use: Use, table: Table) -> str:
    """A cell in a manifest's spelling, where a spreadsheet leaves no other: TRUE, and hours such as 9-17."""
    if table.sort != "sheet":
        return cell
    if use == "boolean" and cell in ("TRUE", "FALSE"):
        return cell.lower()
    if use == "hours" and (found := _HOURS.fullmatch(cell)):
        return f"{found[1]:0>2}{found[2] or ':00'}-{found[3]:0>2}{found[4] or ':00'}"
    return cell


def _text_fault(cell: str) -> str:
    if not _SHORT.match(cell):
        return ""
    if _ERROR.fullmatch(cell):
        return f"{said(cell)} is an error of a spreadsheet: mend its formula, or write the value"
    if len(cell) > 2 and not cell.strip("#"):
        return f"{said(cell)} is a column too narrow to show its value: widen it and save again"
    if cell[0] == "=" and len(cell) > 1:
        inner = re.fullmatch(r'="(.*)"', cell)
        return f"{said(cell)} is a formula, and a text file has no result of it: write {_value(inner)}"
    if re.fullmatch(r"'[0-9+(=-].*", cell):
        remedy = f"write {plain(cell[1:], 60)}"
        return f"{said(cell)} begins with the apostrophe that a spreadsheet hides and a text file keeps: {remedy}"
    return ""


def _value(inner: re.Match[str] | None) -> str:
    return plain(inner[1], 60) if inner and inner[1] else "its value"


def _all_digits(first: str, decimals: str, exponent: int) -> str:
    """A number in the form 3.5E+01 with all its digits; "" when it has more of them than are shown."""
    if exponent > len(decimals):
        return ""
    rest = decimals[exponent:].rstrip("0")
    return f"{first}{decimals[:exponent]}{'.' if rest else ''}{rest}"
