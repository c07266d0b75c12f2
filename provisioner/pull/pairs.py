"""Where a pair of links is written: in several entries perhaps, of which each names some of its services."""

from __future__ import annotations

from dataclasses import dataclass, field

from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.desired import Desired, Place
from provisioner.layout.nodes import Node
from provisioner.manifest.rows.row import RowPlace
from provisioner.manifest.scope import ALL
from provisioner.manifest.yaml import Seq
from provisioner.pull.book import Book
from provisioner.pull.edit import Edit
from provisioner.pull.mend import mended
from provisioner.pull.page import Entry, Page
from provisioner.pull.take import SERVICES, Take
from provisioner.pull.unfit import UnfitError

NARROWEST = 3
"""So many entries of a pair are tried for what came."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Finds the ways of one pair after another."""

    book: Book
    desired: Desired
    _places: dict[Address, list[Place]] = field(default_factory=dict)
    """Where each pair, and each link of it, is written; filled when the first is asked for."""

    def way(self, take: Take, number: int = 0) -> list[Edit]:
        """Each entry loses what it names and is gone; what came is written in one of them, the narrowest being 0.

        Raises UnfitError.
        """
        entries = self._entries(take.address)
        if number >= (len(entries) if take.came else 1):
            raise UnfitError
        if take.came and entries[number][1].raw == ALL:
            raise UnfitError(f"{SERVICES}: all is written there: name them one by one")
        return [
            edit
            for rank, (page, entry) in enumerate(entries)
            for edit in self._mended(page, entry, take, take.came if rank == number else ())
        ]

    def is_single(self, take: Take) -> bool:
        """Whether all of the pair is written in one entry."""
        return len(self._entries(take.address)) == 1

    def _mended(self, page: Page, entry: Entry, take: Take, came: tuple[str, ...]) -> list[Edit]:
        named = list(entry.raw) if isinstance(entry.raw, Seq) else [entry.raw]
        stays = [each for each in named if each not in take.went]
        if len(stays) == len(named) and not came:
            return []
        return mended(page, entry, [*stays, *came], take.form)

    def _entries(self, pair: Address) -> list[tuple[Page, Entry]]:
        """The lists of services that name the pair, the one that names the fewest pairs first."""
        found: dict[Node, tuple[Page, Entry]] = {}
        for place in (self.desired.whole[pair], *self._links(pair)):
            if isinstance(place, RowPlace):
                raise UnfitError(f"the template at {place.written} makes it from the row and more: change the template")
            page = self.book.page(place.file)
            if entry := _list_at(page, (place.line, place.column)):
                meant = page.meant(entry) or entry
                found.setdefault(meant.value, (page, meant))
        if not found:
            raise UnfitError
        return sorted(found.values(), key=lambda each: _width(*each))

    def _links(self, pair: Address) -> list[Place]:
        if not self._places:
            for address, declared in self.desired.resources.items():
                if whole := BY_NAME[address.kind].whole:
                    self._places.setdefault(address._replace(key=address.key[:whole]), []).append(declared.place)
        return self._places.get(pair, [])


def _list_at(page: Page, mark: tuple[int, int]) -> Entry | None:
    """The list that is written at a place, or that an item there belongs to."""
    item = page.items.get(mark)
    if item and item.value.sort == "map":  # an entry of `links:`
        return next((e for e in page.entries.get(item.value, ()) if e.key and e.key.value == SERVICES), None)
    if item:
        above = page.above.get(item.holder)
        return above if above and above.key and above.key.value == SERVICES else None
    entry = page.keys.get(mark) or next((e for e in page.keys.values() if _begins(e, mark)), None)
    return entry if entry and entry.key and entry.key.value == SERVICES else None


def _begins(entry: Entry, mark: tuple[int, int]) -> bool:
    return (entry.value.line + 1, entry.value.column + 1) == mark


def _width(page: Page, entry: Entry) -> float:
    """How many pairs an entry names: one inside an employee, and each with each in `links:`."""
    if page.above.get(entry.holder, entry).key:
        return 0
    others = [each.raw for each in page.entries[entry.holder] if each.key and each.key.value != SERVICES]
    count = 1.0
    for raw in others:
        count *= float("inf") if raw == ALL else len(raw) if isinstance(raw, Seq) else 1
    return count
