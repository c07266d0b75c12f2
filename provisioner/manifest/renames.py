"""The tables that `renames:` names: former and new addresses, a row for each thing that was renamed."""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING, NamedTuple

from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.desired import Place
from provisioner.kinds.values import parse_key, plain, refused, said
from provisioner.manifest.problems import meant
from provisioner.manifest.rows.read_table import Asked, read_table
from provisioner.manifest.rows.table import Broken
from provisioner.manifest.yaml import EMPTY, Seq, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioner.manifest.rows.table import Row, Table
    from provisioner.manifest.source import Source

FROM, TO, KIND = "from", "to", "kind"
_EXAMPLE = "location/old"


class Rename(NamedTuple):
    """One row. An address without an account is of whatever accounts the document speaks for."""

    old: Address
    new: Address
    place: Place


def read_renames(node: Value, place: Place, source: Source) -> list[Rename]:
    """The rows of every table that a document's `renames:` names; what is wrong in them is told at the row."""
    named = zip(node, node.marks, strict=True) if isinstance(node, Seq) else [(node, None)]
    return [rename for name, mark in named for rename in _table(name, source.place(mark) if mark else place, source)]


def _table(name: Value, place: Place, source: Source) -> Iterator[Rename]:
    if name is EMPTY:
        return
    if not isinstance(name, str) or not name:
        error = refused(name, "is no file", "a path from the workspace's root, such as data/renames.csv")
        source.problems.add(place, f"renames: {error}")
        return
    file, files = plain(name), source.references.files
    if files.instead.get(normpath(name)) == b"":
        files.read(name, 0)  # this very run is to write it
        return

    def report(line: int, column: int, message: str) -> None:
        source.problems.add_in_table(Place(file, line, column), message)

    try:
        table = read_table(files, Asked(name), report)
    except ValueError as error:
        source.problems.add(place, f"renames: {error}")
        return
    lacking = [column for column in (FROM, TO) if _column(table, column) is None]
    for column in lacking if table.rows else ():
        known = meant(column, table.columns, f"let its header begin {FROM},{TO}")
        source.problems.add(place, f"renames: {file} has no column {column}: {known}")
    for row in () if lacking else table.rows:
        at = Place(file, row.line, 1)
        try:
            yield Rename(*_addresses(row), at)
        except ValueError as error:
            source.problems.add_in_table(at, f"{_sheet(table)}{error}")


def _sheet(table: Table) -> str:
    return f"sheet {plain(table.sheet, 40)}: " if table.sheet else ""


def _column(table: Table, name: str) -> int | None:
    """Where a column stands, whose name may begin with a capital as in a sheet."""
    return next((number for column, number in table.columns.items() if column.casefold() == name), None)


def _addresses(row: Row) -> tuple[Address, Address]:
    """The former and the new address of a row; raises ValueError."""
    texts = _cell(row, FROM), _cell(row, TO)
    kind = _cell(row, KIND)
    if kind and kind not in BY_NAME:
        known = meant(kind, BY_NAME, f"there are {', '.join(BY_NAME)}")
        raise ValueError(f"{KIND}: {said(kind)} is no kind: {known}")
    kinds = {part for text in texts for part in text.split("/")[:-1] if part in BY_NAME}
    old, new = (_address(name, text, kind or "/".join(kinds)) for name, text in zip((FROM, TO), texts, strict=True))
    if old.kind != new.kind:
        raise ValueError(f"{old} cannot become {new}: a rename stays in its kind")
    what = BY_NAME[old.kind]
    if what.key_kinds or what.lists:
        raise ValueError(f"{old} has no name of its own, and follows what it names: remove the row")
    if old == new:
        raise ValueError(f"{old} is its own new address: remove the row")
    return old, new


def _cell(row: Row, name: str) -> str:
    column = _column(row.table, name)
    cell = "" if column is None else row.cells[column]
    if isinstance(cell, Broken):
        raise ValueError(f"{name}: this cell {cell}")  # noqa: TRY004 -- what a person wrote
    if cell:
        return cell
    if name == KIND:
        return ""
    raise ValueError(f"{name} is blank: write an address such as {_EXAMPLE}, or remove the row")


def _address(name: str, text: str, kind: str) -> Address:
    if "/" not in text and kind not in BY_NAME:
        raise ValueError(f"{name}: {said(text)} has no kind: write {_EXAMPLE}, or add a column called {KIND}")
    try:
        address = read_address(text if "/" in text else f"{kind}/{text}")
        for key in address.key:
            parse_key(key, BY_NAME)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    return address
