"""`generate:` documents from the rows of a table: one template, many rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from provisioner.kinds.desired import Place
from provisioner.kinds.values import plain, refused, said
from provisioner.manifest.document import GENERATE, Manifest, read_manifest
from provisioner.manifest.fields import Fields
from provisioner.manifest.files import Instead
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.rows.csv_table import DELIMITERS, ENCODINGS
from provisioner.manifest.rows.fill import Filling
from provisioner.manifest.rows.read_table import Asked, read_table
from provisioner.manifest.rows.row import Origin
from provisioner.manifest.rows.spoiled import Columns
from provisioner.manifest.rows.template import Compiler
from provisioner.manifest.yaml import EMPTY, Map, Seq, Value

if TYPE_CHECKING:
    from pathlib import Path

    from provisioner.manifest.rows.table import Table
    from provisioner.manifest.scope import Scope
    from provisioner.manifest.source import Source

MOST_VALUES: Final = 10_000_000
"""Values that all templates may make together, one for each row and each value in them."""
_ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_TAKEN = ("var", "file", "env")
_NO_DOCUMENTS: Final[tuple[Map, ...]] = ()
_NO_NAMES: Final[frozenset[str]] = frozenset()
_EXAMPLE = "{from: data/stores.csv, as: store, manifest: {...}}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of `generate:`."""

    table: Table
    alias: str
    documents: tuple[Map, ...]
    as_written: frozenset[str]
    place: Place


@dataclass(slots=True)
class Generator:
    """Generates for one load; each file is read once."""

    root: Path
    problems: Problems
    countries: Mapping[str, str]
    """Section -> the country that the settings give its resources."""
    instead: Instead = field(default_factory=dict)
    """Files' texts that are not written yet."""
    lost: bool = False
    """Whether rows are missing, so that what names them cannot be judged."""
    _tables: dict[Asked, Table | str] = field(default_factory=dict)
    _left: int = MOST_VALUES

    def manifests(self, root: Map, source: Source, scope: Scope | None) -> Iterator[Manifest]:
        """What the `generate:` of a document makes, in the document's own scope unless the template names one."""
        node = root.get(GENERATE, EMPTY)
        if node is EMPTY:
            return
        place = source.place(root.marks[GENERATE][2:])
        if isinstance(node, Map):
            entries: list[tuple[Value, Place]] = [(node, place)]
        elif isinstance(node, Seq):
            entries = [(each, source.place(mark)) for each, mark in zip(node, node.marks, strict=True)]
        else:
            source.problems.add(place, f"{GENERATE} is {said(node)}: write a list of {_EXAMPLE}")
            return
        for value, at in entries:
            entry = self._entry(value, at, source)
            if entry is None:
                self.lost = True
            elif scope is not None:
                yield from self._rows(entry, source, scope)

    def _entry(self, node: Value, place: Place, source: Source) -> _Entry | None:
        fields = Fields(node, place, GENERATE, source.problems)
        name = fields.need("from", _path, "", "data/stores.csv")
        alias = fields.need("as", _alias, "", "store")
        documents = fields.need("manifest", _documents, _NO_DOCUMENTS, "{locations: {...}}")
        asked = Asked(
            name,
            fields.take("sheet", _text, ""),
            fields.take("delimiter", _delimiter, ""),
            fields.take("encoding", _encoding, ""),
        )
        as_written = fields.take("as_written", _names, _NO_NAMES)
        fields.close()
        table = self._table(asked, fields) if name else None
        if table is None or not alias or not documents:
            return None
        for column in sorted(as_written - table.columns.keys()):
            known = meant(column, table.columns, "name a column of the header")
            source.problems.add(fields.value_place("as_written"), f"as_written: no column {said(column)}: {known}")
        return _Entry(table, alias, documents, as_written, place)

    def _table(self, asked: Asked, fields: Fields) -> Table | None:
        table = self._tables.get(asked)
        if table is None:
            table = self._tables[asked] = self._read(asked)
        if isinstance(table, str):
            self.problems.add(fields.value_place("from"), f"from: {table}")
            return None
        return table if table.rows else None

    def _read(self, asked: Asked) -> Table | str:
        file = plain(asked.name)

        def report(line: int, column: int, message: str) -> None:
            self.problems.add(Place(file, line, column), message)

        try:
            return read_table(self.root, asked, report, self.instead)
        except ValueError as error:
            return str(error)

    def _rows(self, entry: _Entry, source: Source, scope: Scope) -> Iterator[Manifest]:
        compiler = Compiler(entry.alias, entry.table, source, self.countries)
        templates = [compiler.template(document) for document in entry.documents]
        self._spend(sum(template.size for template in templates) * len(entry.table.rows), entry.place)
        if not compiler.used and not compiler.refused:
            message = f"nothing in this template refers to a row: write ${{{entry.alias}.COLUMN}} where rows differ"
            self.problems.add(entry.place, message)
            return
        columns = Columns(entry.table, entry.as_written)
        for row in entry.table.rows:
            for template in templates:
                origin = Origin(row, source.file, template.columns)
                filling = Filling(origin, columns, source)
                root = filling.document(template.root)
                if root is not None:
                    made = replace(source, scan=template.refers or filling.raw, origin=origin)
                    yield read_manifest(root, made, scope)

    def _spend(self, count: int, place: Place) -> None:
        self._left -= count
        if self._left < 0:
            what = f"with this the templates make over {MOST_VALUES:,} values"
            self.problems.stop(place, f"{what}: use fewer rows, or a shorter template")


# -- the keys of an entry


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise refused(raw, "is no name", "one such as Stores")
    return raw


def _path(raw: Any) -> str:
    if not isinstance(raw, str) or not raw or "${" in raw:
        raise refused(raw, "is no file", "a path from the workspace's root, such as data/stores.csv")
    return raw


def _alias(raw: Any) -> str:
    if not isinstance(raw, str) or not _ALIAS.fullmatch(raw) or raw in _TAKEN:
        raise refused(raw, "is no name for a row", "letters, digits and _, such as store")
    return raw


def _delimiter(raw: Any) -> str:
    if not isinstance(raw, str) or raw not in (*DELIMITERS, *DELIMITERS.values()):
        raise refused(raw, "is no delimiter", f"{', '.join(DELIMITERS)}, or the character in quotes")
    return DELIMITERS.get(raw, raw)


def _encoding(raw: Any) -> str:
    if not isinstance(raw, str) or raw.lower() not in ENCODINGS:
        known = f"one of {', '.join(ENCODINGS)}"
        raise ValueError(f"{said(raw)} is no encoding: {meant(str(raw).lower(), ENCODINGS, f'write {known}')}")
    return raw.lower()


def _names(raw: Any) -> frozenset[str]:
    items = raw if isinstance(raw, list) else [raw]
    return frozenset(map(_text, items))


def _documents(raw: Any) -> tuple[Map, ...]:
    items = raw if isinstance(raw, Seq) else [raw]
    if not items or not all(isinstance(item, Map) for item in items):
        raise refused(
            raw, "is no template", "a mapping such as {locations: {...}}, or a list of mappings, one for each scope"
        )
    return tuple(item for item in items if isinstance(item, Map))
