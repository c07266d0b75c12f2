"""One YAML file as a page: its text, and an entry for each key of a mapping and each item of a list, by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from provisioner.layout.nodes import Node, roots
from provisioner.manifest.yaml import ROWS, Document, Map, Seq, Value, documents
from provisioner.pull.unfit import UnfitError

_BREAK = re.compile(r"\r\n|\n")
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)\s+")
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)")
_BOM = "\ufeff"


class Entry(NamedTuple):
    """A key with its value, or an item: where it stands in its mapping or list, and what was read there."""

    holder: Node
    number: int
    key: Node | None
    value: Node
    raw: Value
    """The value with references of YAML followed (`*name`, `<<`), and those of ours as they are written."""

    @property
    def start(self) -> Node:
        """Its first word."""
        return self.key or self.value


@dataclass(slots=True, eq=False)
class Page:
    """A text that is known to be readable; nothing in it changes."""

    file: str
    data: bytes
    text: str = ""
    newline: str = "\n"
    roots: list[tuple[Node, Value]] = field(default_factory=list)
    """Each document's root, with what was read of it."""
    keys: dict[tuple[int, int], Entry] = field(default_factory=dict)
    """By line and column, both from 1."""
    items: dict[tuple[int, int], Entry] = field(default_factory=dict)
    entries: dict[Node, list[Entry]] = field(default_factory=dict)
    """Those of each mapping and list."""
    above: dict[Node, Entry] = field(default_factory=dict)
    """The entry whose value a mapping or list is."""
    anchored: dict[str, list[Entry]] = field(default_factory=dict)
    """The entries with `&name`, and those that repeat it with `*name`."""
    _lines: list[int] = field(default_factory=list)

    def line(self, number: int) -> int:
        """The offset at which a line begins, counted from 0; the end of the text for the line behind the last."""
        return self._lines[number] if number < len(self._lines) else len(self.text)

    def before(self, node: Node) -> str:
        """What stands on a node's first line before its column."""
        begin = self.line(node.line)
        return self.text[begin : begin + node.column]

    def encoded(self, text: str) -> bytes:
        """A new text as bytes, with a byte order mark if the file has one."""
        return ((_BOM if self.data.startswith(_BOM.encode()) else "") + text).encode("utf-8")

    def anchor(self, entry: Entry) -> str:
        """The name behind the `&` of a value, or ""."""
        found = _ANCHOR.match(self.text, entry.value.start, entry.value.end)
        return found[1] if found else ""

    def alias(self, entry: Entry) -> str:
        """The name behind a `*` that stands for a value, or ""."""
        if entry.value.sort != "scalar" or entry.value.style:
            return ""
        found = _ALIAS.fullmatch(self.text[entry.value.start : entry.value.end])
        return found[1] if found else ""

    def meant(self, entry: Entry) -> Entry | None:
        """The value that a `*name` repeats: the last one above it with this anchor."""
        name = self.alias(entry)
        above = (e for e in self.anchored.get(name, ()) if self.anchor(e) and e.value.start < entry.value.start)
        return max(above, key=lambda e: e.value.start, default=None) if name else None

    def repeated(self, entry: Entry) -> Entry | None:
        """The first `*name` below that repeats a scalar with an anchor."""
        name = self.anchor(entry) if entry.value.sort == "scalar" else ""
        same = (e for e in self.anchored.get(name, ()) if e.value.start > entry.value.start)
        first = min(same, key=lambda e: e.value.start, default=None) if name else None
        return first if first and self.alias(first) else None

    def within(self, node: Node) -> bool:
        """Whether a node stands inside brackets."""
        above = self.above.get(node)
        return node.flow or (above is not None and self.within(above.holder))


def read_page(file: str, data: bytes) -> Page:
    """The page of a manifest, or of a list of rows. Raises UnfitError where its lines cannot be told apart."""
    text = data.decode("utf-8").removeprefix(_BOM)
    if "\r" in text.replace("\r\n", ""):
        raise UnfitError("the file ends lines with a lone carriage return: save it with ordinary line ends")
    page = Page(file, data, text, "\r\n" if "\r\n" in text else "\n")
    page._lines = [0, *(found.end() for found in _BREAK.finditer(text))]  # noqa: SLF001 -- it is made here
    read = [found.root for found in documents(data, lists=True) if isinstance(found, Document)]
    for node, root in zip(roots(text), read, strict=True):
        value: Value = root[ROWS] if node.sort == "seq" else root
        page.roots.append((node, value))
        _index(page, node, value)
    return page


def _index(page: Page, root: Node, value: Value) -> None:
    waiting: list[tuple[Node, Value]] = [(root, value)]
    while waiting:
        node, read = waiting.pop()
        entries = list(_entries(node, read))
        page.entries[node] = entries
        found = page.keys if node.sort == "map" else page.items
        for entry in entries:
            found[entry.start.line + 1, entry.start.column + 1] = entry
            if name := page.anchor(entry) or page.alias(entry):
                page.anchored.setdefault(name, []).append(entry)
            if entry.value.sort == "scalar":
                continue
            page.above[entry.value] = entry
            if not entry.key or entry.key.value != "<<":
                waiting.append((entry.value, entry.raw))
                continue
            for source in entry.value.children if entry.value.sort == "seq" else [entry.value]:
                page.above[source] = entry
                waiting.append((source, read))  # what it offers was read as if it stood in the mapping itself


def _entries(node: Node, read: Value) -> Iterator[Entry]:
    if node.sort == "seq" and isinstance(read, Seq):
        for index, (item, raw) in enumerate(zip(node.children, read, strict=True)):
            yield Entry(node, index, None, item, raw)
    elif node.sort == "map" and isinstance(read, Map):
        names = {marks[:2]: name for name, marks in read.marks.items() if name in read}
        for index, (key, value) in enumerate(node.pairs):
            name = names.get((key.line + 1, key.column + 1))
            yield Entry(node, index, key, value, None if name is None else read[name])
