"""A table from a list of mappings in JSON or YAML; numbers stay as they were written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from provisioner.kinds.values import plain, said
from provisioner.manifest.rows.csv_table import BrokenTextError, decoded
from provisioner.manifest.rows.table import CLEAR, MOST_CELLS, Broken, Report, Row, Sort, Table
from provisioner.manifest.yaml import EMPTY, ROWS, Document, Map, Seq, documents

_BLANK = re.compile(r"[ \t\r\n]*")
LIST: Final = "write a list of mappings, one for each row"


def read_json(file: str, data: bytes, report: Report) -> Table:
    """The table of a JSON file; raises ValueError when it has no rows."""
    rows: list[tuple[int, Mapping[str, Any]]] = []
    try:
        for line, column, value in _elements(decoded(data)):
            if isinstance(value, dict):
                rows.append((line, value))
            else:
                report(line, column, f"{said(value)} is no row: {LIST}")
    except BrokenTextError as error:
        report(error.line, error.column, str(error))
        return Table(file, {}, sort="json")
    return _table(file, "json", rows)


def _elements(text: str) -> Iterator[tuple[int, int, Any]]:
    """Each element of a list with its line and column. Raises BrokenTextError."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_constant
    )  # fmt: skip
    at = _blanks(text, 0)
    lines = _Lines(text)
    if text[at : at + 1] != "[":
        raise BrokenTextError(*lines.mark(at), f"this is no list: {LIST}")
    end, at = "[", _blanks(text, at + 1)
    while not (text.startswith("]", at) and end == "["):
        try:
            value, after = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise BrokenTextError(*lines.mark(error.pos), f"this is no JSON: {error.msg.lower()}") from None
        except ValueError as error:
            raise BrokenTextError(*lines.mark(at), str(error)) from None
        except RecursionError:
            raise BrokenTextError(*lines.mark(at), "this is nested too deeply: a row has one level") from None
        yield (*lines.mark(at), value)
        at = _blanks(text, after)
        end = text[at : at + 1]
        if end == "]":
            break
        if end != ",":
            raise BrokenTextError(*lines.mark(at), "a comma is missing between two rows, or the ] at the end")
        at = _blanks(text, at + 1)
    rest = _blanks(text, at + 1)
    if rest < len(text):
        raise BrokenTextError(*lines.mark(rest), "something stands after the list: remove it")


class _Lines:
    """Lines and columns of growing offsets, each line break counted once."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._line = text, 0, 1

    def mark(self, offset: int) -> tuple[int, int]:
        self._line += self._text.count("\n", self._at, offset)
        self._at = max(self._at, offset)
        return self._line, offset - self._text.rfind("\n", 0, offset)


def _blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"'{plain(twice, 60)}' is given twice in one mapping: remove one of them")
    return found


def _constant(name: str) -> str:
    raise ValueError(f"{name} is no value of JSON: write a number, a text or null")


def read_yaml(file: str, data: bytes, report: Report) -> Table:
    """The table of a YAML file; raises ValueError when it has no rows."""
    rows: list[tuple[int, Mapping[str, Any]]] = []
    wrong = False
    for found in documents(data, lists=True):
        if not isinstance(found, Document):
            report(*found)
            wrong = True
            continue
        listed = found.root.get(ROWS)
        if found.index or not isinstance(listed, Seq):
            report(found.root.line, found.root.column, f"this is no list: {LIST}")
            wrong = True
            continue
        for value, (line, column) in zip(listed, listed.marks, strict=True):
            if isinstance(value, Map):
                rows.append((line, value))
            elif value is not EMPTY:
                report(line, column, f"{said(value)} is no row: {LIST}")
    return Table(file, {}, sort="yaml") if wrong else _table(file, "yaml", rows)


def _table(file: str, sort: Sort, rows: list[tuple[int, Mapping[str, Any]]]) -> Table:
    if not rows:
        raise ValueError(f"{file} has no rows: write one, or remove the entry")
    names = dict.fromkeys(name for _, row in rows for name in row)
    if len(names) * len(rows) > MOST_CELLS:
        raise ValueError(f"{file} has over {MOST_CELLS:,} cells: split it")
    table = Table(file, {name: position for position, name in enumerate(names)}, sort=sort)
    table.rows.extend(Row(table, line, [_cell(row.get(name, "")) for name in names]) for line, row in rows)
    return table


def _cell(value: Any) -> str | None:
    if isinstance(value, str):
        return None if value == CLEAR else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return None
    if value is EMPTY:
        return Broken("is wrong: mend it first")
    return Broken(f"is {said(value)}: a cell is one text, so give each part a column of its own")
