"""What was deleted outside removed from the files: its own entry, and whatever names it."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds import BY_NAME, BY_SECTION, Address
from provisioner.kinds.order import Order
from provisioner.manifest.document import SCOPE
from provisioner.pull.book import Book
from provisioner.pull.edit import Drop, Edit
from provisioner.pull.page import Entry, Page


def removal(book: Book, address: Address) -> list[Edit]:
    """The edits that take a resource out of every document that speaks for its account, whoever else they speak for."""
    return [
        edit
        for page in book.manifests()
        for root, _ in page.roots
        if _speaks(page, root, address)
        for edit in _Removal(page, address).of({e.key.value: e for e in page.entries[root] if e.key})
    ]


def _speaks(page: Page, root: object, address: Address) -> bool:
    """Whether a document may speak for the account: one that names another one does not."""
    scope = next((e.raw for node, _ in page.roots if node is root for e in page.entries[node] if _is(e, SCOPE)), "")
    names = [scope] if isinstance(scope, str) else list(scope) if isinstance(scope, list) else []
    wide = any(isinstance(name, str) and (name == "all" or set(name) & set("*?[")) for name in names)
    return wide or address.account in names or (address.account == "" and scope == "") or address.kind == "account"


def _is(entry: Entry, name: str) -> bool:
    return entry.key is not None and entry.key.value == name


class _Removal:
    """The removal of one resource from one document."""

    def __init__(self, page: Page, address: Address) -> None:
        self.page, self.kind, self.key = page, BY_NAME[address.kind], address.key[0]

    def of(self, sections: dict[str, Entry]) -> Iterator[Edit]:
        """What goes from the document's sections."""
        if own := sections.get(self.kind.section):
            yield from self._pair(own)
        for name, entry in sections.items():
            kind = BY_SECTION.get(name)
            if kind and kind.key_kinds:
                yield from self._products(entry)
            elif kind is Order:
                yield from self._ordered(entry)
            elif kind:
                for path_kind, path in kind.nested.items():
                    for resource in self.page.entries.get(entry.value, ()):
                        yield from self._inside(resource, path, BY_NAME[path_kind].key_kinds)

    def _pair(self, section: Entry) -> Iterator[Edit]:
        for entry in self.page.entries.get(section.value, ()):
            if _is(entry, self.key):
                yield Drop(self.page.file, entry.holder, entry.number, hollow=True)

    def _inside(self, resource: Entry, path: tuple[str, ...], kinds: tuple[str, ...]) -> Iterator[Edit]:
        """What a resource says of it: a key below `at`, or an item of its list of services."""
        entries = [resource]
        for step in path:
            inner = [e for entry in entries for e in self.page.entries.get(entry.value, ())]
            if step == self.kind.kind and step in kinds:
                yield from (Drop(self.page.file, e.holder, e.number, hollow=True) for e in inner if _is(e, self.key))
                return
            entries = inner if step in kinds else [e for e in inner if _is(e, step)]
        if path[-1] == self.kind.section:
            for entry in entries:
                yield from self._item(entry, hollow=False)

    def _item(self, entry: Entry, *, hollow: bool) -> Iterator[Edit]:
        for item in self.page.entries.get(entry.value, ()):
            if item.raw == self.key:
                yield Drop(self.page.file, item.holder, item.number, hollow=hollow)

    def _products(self, section: Entry) -> Iterator[Edit]:
        """Entries of `links:`; one that names nothing else goes whole."""
        for entry in self.page.entries.get(section.value, ()):
            for choice in self.page.entries.get(entry.value, ()):
                if not _is(choice, self.kind.section):
                    continue
                if choice.raw in (self.key, [self.key]):
                    yield Drop(self.page.file, entry.holder, entry.number, hollow=True)
                else:
                    yield from self._item(choice, hollow=False)

    def _ordered(self, section: Entry) -> Iterator[Edit]:
        for entry in self.page.entries.get(section.value, ()):
            if _is(entry, self.kind.section):
                yield from self._item(entry, hollow=True)
