"""The ways in which a live value could stand in the files: where it is written, or nearer to the resource it is of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from posixpath import normpath
from typing import Any

from provisioner.kinds import BY_NAME
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Desired, Place
from provisioner.layout.nodes import Node
from provisioner.manifest.references import Reference, split
from provisioner.manifest.rows.csv_table import DELIMITERS, delimiter_of
from provisioner.manifest.rows.row import RowPlace
from provisioner.manifest.rows.table import Row
from provisioner.manifest.yaml import Map, Seq
from provisioner.pull.book import Book
from provisioner.pull.edit import Add, Drop, Edit, Swap
from provisioner.pull.gone import removal
from provisioner.pull.mend import mended
from provisioner.pull.page import Entry, Page
from provisioner.pull.pairs import NARROWEST, Pairs
from provisioner.pull.sheet import cell_edit, whole_edit
from provisioner.pull.spelling import fresh, on_one_line, scalar, spelled
from provisioner.pull.take import SERVICES, Take
from provisioner.pull.unfit import UnfitError

Way = tuple[Edit, ...]
_LOOK = re.compile(r"\$\{\s*[A-Za-z_]\w*\s*\.([^{}|]*)\}")
_NOT_HERE = "where it is written was not found: write it by hand"


@dataclass(frozen=True, slots=True)
class Ways:
    """Finds the ways of one value after another."""

    book: Book
    desired: Desired
    pairs: Pairs = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", Pairs(self.book, self.desired))

    def of(self, take: Take) -> tuple[list[Way], str]:
        """The ways, the nearest first, and why there are not more of them."""
        found: list[Way] = []
        reasons: list[str] = []
        for number, way in enumerate(self._tried(take)):
            try:
                found.append(tuple(way(take)))
            except UnfitError as unfit:
                reasons += [str(unfit)] if not number or (not found and str(unfit)) else []
        return found, next(filter(None, reasons), "" if found else _NOT_HERE)

    def _tried(self, take: Take) -> Iterator[Callable[[Take], Any]]:
        if take.gone:
            yield self._removed
            return
        if take.field == SERVICES:
            yield from (partial(self.pairs.way, number=number) for number in range(NARROWEST))
            yield self._instead_of_alias
            return
        if take.managed:
            yield self._in_place
            yield self._instead_of_alias
            yield self._anchor_moved
        if not BY_NAME[take.address.kind].key_kinds:
            yield self._override
            if take.managed and take.live is None:
                yield self._dropped

    def _removed(self, take: Take) -> list[Edit]:
        if isinstance(take.place, RowPlace):
            raise UnfitError(f"the row at {take.place} makes it: remove the row")
        return removal(self.book, take.address)

    # -- where it is written

    def _in_place(self, take: Take) -> list[Edit]:
        place = take.place
        if isinstance(place, RowPlace):
            return self._in_row(take, place)
        page = self.book.page(place.file)
        entry = self._entry(page, take, place)
        if isinstance(entry.raw, str) and (edit := self._in_file(entry.raw, take)):
            return [edit]
        return mended(page, page.meant(entry) or entry, take.dumped, take.form)

    def _instead_of_alias(self, take: Take) -> list[Edit]:
        """The value in the place of a `*name`, which others may go on repeating."""
        page, entry = self._written(take)
        if not page.meant(entry) or (take.field == SERVICES and not self.pairs.is_single(take)):
            raise UnfitError
        return mended(page, entry, take.dumped, take.form)

    def _anchor_moved(self, take: Take) -> list[Edit]:
        """The value without its anchor, which the first that repeats it gets, with what stood here."""
        page, entry = self._written(take)
        heir, old, name = page.repeated(entry), page.text[entry.value.start : entry.value.end], page.anchor(entry)
        if heir is None or not isinstance(entry.raw, str) or isinstance(take.dumped, (list, tuple)):
            raise UnfitError
        flow = page.within(entry.holder)
        new = scalar(page, entry.value, take.dumped, flow=flow, column=entry.start.column)
        bare = old.removeprefix(f"&{name}").lstrip()
        if "\n" in old:  # what stands in lines here stands in quotes there
            bare = fresh(entry.raw, flow=page.within(heir.holder))
        own = Swap(page.file, entry.value.start, entry.value.end, new.removeprefix(f"&{name}").lstrip())
        return [own, Swap(page.file, heir.value.start, heir.value.end, f"&{name} {bare}")]

    def _written(self, take: Take) -> tuple[Page, Entry]:
        if isinstance(take.place, RowPlace):
            return self._listed(take, take.place)
        page = self.book.page(take.place.file)
        return page, self._entry(page, take, take.place)

    def _entry(self, page: Page, take: Take, place: Place) -> Entry:
        mark = (place.line, place.column)
        inline = BY_NAME[take.address.kind].inline
        if inline:
            own = self.desired.resources[take.address].place
            entry = self.book.page(own.file).keys.get((own.line, own.column))
            if entry and isinstance(entry.raw, Seq):
                return entry
        entry = page.items.get(mark) if take.field == SERVICES and mark in page.items else page.keys.get(mark)
        if entry and take.field == SERVICES and entry.key is None:  # an entry of `links:`
            entry = next((e for e in page.entries.get(entry.value, ()) if e.key and e.key.value == SERVICES), None)
        if entry is None:
            raise UnfitError(_NOT_HERE)
        return entry

    def _in_file(self, raw: str, take: Take) -> Edit | None:
        """The file behind a `${file:...}` that is the whole text."""
        parts = [part for part in split(raw) if part]
        alone = parts[0] if len(parts) == 1 else None
        if not isinstance(alone, Reference) or alone.source != "file" or alone.filters:
            return None
        if not isinstance(take.dumped, str):
            raise UnfitError(f"it comes from {alone}: change that file by hand")
        return whole_edit(self.book.sheet(alone.name), take.dumped)

    # -- rows

    def _in_row(self, take: Take, place: RowPlace) -> list[Edit]:
        """The cell, when the value is just one column's."""
        asked, row, column = self._cell(take, place)
        name = str(asked.get("from"))
        if row.table.sheet:
            raise UnfitError(f"it is a cell of a workbook, which is not edited: write {take.now} into column {column}")
        if name.endswith(".json"):
            raise UnfitError(f"it is a cell of a JSON file, which is not edited: write {take.now} into {column}")
        if row.table.sort == "yaml":
            page, entry = self._listed(take, place)
            return mended(page, page.meant(entry) or entry, take.dumped, take.form)
        sheet = self.book.sheet(name, str(asked.get("encoding", "")).lower())
        written = str(asked.get("delimiter", ""))
        delimiter = DELIMITERS.get(written, written) or delimiter_of(sheet.text)
        text = None if take.dumped is None else str(spelled(take.dumped)).replace("$${", "${")
        return [cell_edit(sheet, row.line, row.table.columns[column], delimiter, text)]

    def _cell(self, take: Take, place: RowPlace) -> tuple[Map, Row, str]:
        """The entry of `generate:`, the row and the column that a value comes from alone."""
        page = self.book.page(place.origin.file)
        entry = page.keys.get(place.mark)
        look = _LOOK.fullmatch(entry.raw) if entry and isinstance(entry.raw, str) else None
        if entry is None or look is None or isinstance(take.dumped, (list, tuple)):
            made = f"the template at {place.written} makes it from the row and more"
            raise UnfitError(f"{made}: change the cells, or the template")
        return _asked(page, entry.holder), place.origin.row, look[1].strip()

    def _listed(self, take: Take, place: RowPlace) -> tuple[Page, Entry]:
        """The cell in a list of rows that is YAML."""
        asked, row, column = self._cell(take, place)
        if row.table.sort != "yaml" or str(asked.get("from")).endswith(".json"):
            raise UnfitError
        page = self.book.page(normpath(str(asked.get("from"))))
        for (number, _), entry in page.items.items():
            if number == row.line and isinstance(entry.raw, Map):
                for cell in page.entries.get(entry.value, ()):
                    if cell.key and cell.key.value == column:
                        return page, cell
        raise UnfitError(_NOT_HERE)

    # -- nearer to the resource

    def _override(self, take: Take) -> list[Edit]:
        """The field added where the narrowest document speaks of the resource, before what it has from elsewhere."""
        place = self.desired.resources[take.address].place
        if isinstance(place, RowPlace):
            raise UnfitError(f"the template at {place.written} makes it: add {take.field} there")
        page = self.book.page(place.file)
        own = page.keys.get((place.line, place.column))
        if own is None or own.value.sort != "map" or own.value not in page.entries:
            raise UnfitError(_NOT_HERE)
        group, dot, rest = take.field.partition(".")
        inner = next((e for e in page.entries[own.value] if dot and e.key and e.key.value == group), None)
        holder = inner.value if inner else own.value
        if holder.sort != "map":
            raise UnfitError(_NOT_HERE)
        name, value = rest if inner else take.field, take.dumped
        if any(e.key and e.key.value == name for e in page.entries[holder]):
            raise UnfitError("it is written there already")
        if dot and not inner:
            name, value = group, {rest: take.dumped}
        return [Add(page.file, holder, self._after(page, holder, take, name), _pair(page, holder, name, value))]

    def _after(self, page: Page, holder: Node, take: Take, name: str) -> int:
        """Behind the last field that stands before it in the order of the kind."""
        order = [*specs(BY_NAME[take.address.kind])]
        rank = order.index(take.field)
        heads = [each.partition(".")[0] for each in order] if name == take.field.partition(".")[0] else []
        known = {head: number for number, head in reversed(list(enumerate(heads)))} or {
            each.partition(".")[2]: number for number, each in enumerate(order)
        }
        before = [
            entry.number
            for entry in page.entries[holder]
            if entry.key and known.get(entry.key.value, len(order)) < rank
        ]
        return before[-1] if before else len(page.entries[holder]) - 1

    def _dropped(self, take: Take) -> list[Edit]:
        """The field no longer given: what cannot be null is then not managed."""
        page, entry = self._written(take)
        return [Drop(page.file, entry.holder, entry.number)]


def _pair(page: Page, holder: Node, name: str, value: Any) -> str:
    flow = page.within(holder)
    if isinstance(value, (list, tuple, dict)):
        return f"{name}: {on_one_line(value)}"
    return f"{name}: {fresh(spelled(value), flow=flow, column=holder.column, newline=page.newline)}"


def _asked(page: Page, holder: Node) -> Map:
    """The entry of `generate:` that a template's mapping stands in."""
    while holder in page.above:
        entry = page.above[holder]
        if isinstance(entry.raw, Map) and {"from", "as", "manifest"} <= entry.raw.keys():
            return entry.raw
        holder = entry.holder
    raise UnfitError(_NOT_HERE)
