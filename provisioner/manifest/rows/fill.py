"""One row through a template: the document that it makes, with the places of the template."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from provisioner.kinds import BY_NAME
from provisioner.kinds.values import parse_key, said
from provisioner.manifest.references import FILTERS, Filled, Reference
from provisioner.manifest.rows.spoiled import Columns, mended
from provisioner.manifest.rows.template import Branch, Look, Named, Part, Plan, Text, columns_of
from provisioner.manifest.rows.use import field_of
from provisioner.manifest.yaml import EMPTY, Map, Seq, Value

if TYPE_CHECKING:
    from provisioner.manifest.rows.row import At, Origin
    from provisioner.manifest.source import Source


class Blank(Enum):
    """The type of `BLANK`: stands where a blank cell leaves something out."""

    BLANK = "BLANK"


BLANK: Final = Blank.BLANK
Made: TypeAlias = "Value | Blank"
_NAME = re.compile(r"[\w./ -]*")


class _UnfitError(Exception):
    """A cell that does not fit where the template wants it: why, and of which columns."""

    def __init__(self, reason: str, *columns: str) -> None:
        super().__init__(reason)
        self.columns = columns


class _ToldError(Exception):
    """A cell of which was told already that it does not fit."""


@dataclass(slots=True)
class Filling:
    """Fills templates with one row; what does not fit is a problem, and `EMPTY` stands for it."""

    origin: Origin
    columns: Columns
    source: Source
    told: set[str]
    """The columns whose cell was refused in this row: it is told once, wherever else it is used."""
    raw: bool = False
    """Whether a text came out that holds `${`, or has a reference left to look up."""
    _path: list[str] = field(default_factory=list)
    """The keys above what is being made."""

    def document(self, plan: Plan) -> Map | None:
        """The document that a row makes; None when a key of the template's first level is missing."""
        made = self._made(plan)
        return made if isinstance(made, Map) else None

    def _made(self, plan: Plan) -> Made:
        if isinstance(plan, Text):
            return self._value(plan)
        if isinstance(plan, Branch):
            return self._mapping(plan, plan.node) if isinstance(plan.node, Map) else self._list(plan, plan.node)
        return plan

    def _mapping(self, plan: Branch, node: Map) -> Made:
        made = Map(node.line, node.column)
        made.marks = {} if plan.keyed else node.marks
        for key, child, marks in plan.entries:
            name = key if isinstance(key, str) else self._key(key)  # first: what is made below would blame it, too
            value = self._under(name or "KEY", child, marks)
            if name is None:
                continue
            if plan.keyed:
                if name in made:
                    self._refuse(marks[:2], f"{said(name)} is a key here already: give each a cell of its own")
                made.marks[name] = marks
            if value is not BLANK:
                made[name] = value
        return made if made or plan.kept else BLANK

    def _under(self, name: str, child: Plan, marks: tuple[int, int, int, int]) -> Made:
        """What stands under a key."""
        if not isinstance(child, (Text, Branch)):
            return child
        self._path.append(name)
        value = self._made(child)
        if value is BLANK and isinstance(child, Branch) and child.week:
            cells = "the cells are" if len(set(columns_of(child))) > 1 else "the cell is"
            self._refuse(marks[:2], f"{field_of(self._path)}: {cells} blank: write hours, or closed")
            value = EMPTY
        self._path.pop()
        return value

    def _list(self, plan: Branch, node: Seq) -> Made:
        made = Seq(node.line, node.column)
        for _, child, marks in plan.entries:
            value = self._made(child)
            if value is not BLANK:
                made.append(value)
                made.marks.append(marks[:2])
        return made if made or plan.kept else BLANK

    # -- texts

    def _key(self, text: Text) -> str | None:
        """A key; None, once reported, when the row has none."""
        made = self._value(text)
        if isinstance(made, str):
            if made and "${" not in made:
                return str(made)
            self._refuse(text.mark, f"{said(made)} is no key: write one such as downtown")
        return None

    def _value(self, text: Text) -> Made:
        try:
            return self._text(text)
        except _ToldError:
            return EMPTY
        except _UnfitError as error:
            self.told.update(error.columns)
            self._refuse(text.mark, str(error), f"{field_of(self._path)}: " if text.use not in ("key", "scope") else "")
            return EMPTY

    def _text(self, text: Text) -> Made:
        if not text.parts:  # it was refused when the template was read
            return EMPTY
        look = text.whole
        if look is not None:
            return self._whole(text, look)
        parts = [self._part(text, part) for part in text.parts]
        if any(isinstance(part, Reference) for part in parts):
            return self._filled(tuple(parts))
        joined = "".join(map(str, parts))
        self._spend(joined)
        if text.use == "scope":
            _check_key(joined, *text.columns)
        return self._filled((joined,)) if "${" in joined else joined

    def _whole(self, text: Text, look: Look) -> Made:
        cell = self._cell(look)
        if not cell and text.use in ("key", "scope"):  # without its account, a document would speak for the parent
            raise _UnfitError(_needed(self._lack(cell)), look.column)
        if not cell:
            return None if cell is None else BLANK
        fault = self.columns.fault(cell, look.column, text.use, self._country(text))
        if fault:
            raise _UnfitError(_sentence(fault), look.column)
        made = _filtered(mended(cell, text.use, self.columns.table), look)
        if text.use == "scope":
            _check_key(made, look.column)
        self._spend(made)
        return self._filled((made,)) if "${" in made else made

    def _cell(self, look: Look) -> str | None:
        if look.column in self.told:
            raise _ToldError
        return self.origin.row.cells[look.position]

    def _lack(self, cell: str | None) -> str:
        """How a cell without a value says so."""
        clears = "says (clear)" if self.origin.row.table.sort == "sheet" else "is null"
        return "is blank" if cell == "" else clears

    def _part(self, text: Text, part: Part) -> str | Reference:
        if isinstance(part, Look):
            return self._inner(text, part)
        if isinstance(part, Named):
            return self._named(text, part)
        return part

    def _inner(self, text: Text, look: Look) -> str:
        cell = self._cell(look)
        if not cell:
            name = f"column {self._shown(look)}" if len(set(text.columns)) > 1 else "the cell"
            raise _UnfitError(f"{name} {self._lack(cell)} inside a longer text: fill it in", look.column)
        fault = self.columns.inner_fault(cell, look.column, text.use)
        if fault:
            raise _UnfitError(_sentence(fault), look.column)
        return _filtered(str(cell), look)

    def _named(self, text: Text, part: Named) -> Reference:
        name = "".join(each if isinstance(each, str) else self._inner(text, each) for each in part.name)
        if not _NAME.fullmatch(name):
            raise _UnfitError(f"{said(name)} is no name to look up: write letters, digits and _", *text.columns)
        if part.source != "file":
            name = name.replace("-", "_")
            if not re.fullmatch(r"\w+", name, re.ASCII):
                raise _UnfitError(f"{said(name)} is no name of a variable: write letters, digits and _", *text.columns)
        return Reference(part.source, name, part.filters)

    def _filled(self, parts: tuple[str | Reference, ...]) -> Filled:
        self.raw = True
        return Filled.of(parts)

    def _country(self, text: Text) -> str | None:
        """What the row says of a postal code's country, as far as it is known."""
        if text.use != "zip" or not isinstance(text.country, Text):
            return text.country if isinstance(text.country, str) else None
        look = text.country.whole
        return self.origin.row.cells[look.position] or None if look else None

    def _shown(self, look: Look) -> str:
        return self.origin.row.table.column(look.column)

    def _spend(self, made: str) -> None:
        try:
            self.source.references.spend(len(made))
        except ValueError as error:
            raise _UnfitError(str(error)) from None

    def _refuse(self, mark: At, reason: str, name: str = "") -> None:
        """Tell what is wrong with the row, once, however often the template uses the cell."""
        place = self.origin.row_place(mark)
        self.source.problems.add_once((str(place), reason), place, f"{name}{reason}")


def _needed(what: str) -> str:
    return f"the cell {what}, and a key needs it: fill it in, or remove the row"


def _filtered(cell: str, look: Look) -> str:
    made = str(cell)
    for each in look.filters:
        made = FILTERS[each](made)
    if not made:
        kept = "|".join(look.filters)
        raise _UnfitError(f"{said(cell)} has no letter or digit that {kept} could keep: write another", look.column)
    return made


def _check_key(name: str, *columns: str) -> None:
    """A cell names one account or resource: not all of them, and no pattern."""
    try:
        parse_key(name, BY_NAME)
    except ValueError as error:
        raise _UnfitError(str(error), *columns) from None


def _sentence(fault: str) -> str:
    return f"the cell {fault}" if fault.startswith("is ") else fault
