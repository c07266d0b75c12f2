"""What is done to a page: a stretch exchanged, an entry dropped, an entry added; and the text that comes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from provisioner.layout.nodes import Node
from provisioner.layout.order import spliced
from provisioner.pull.page import Page
from provisioner.pull.unfit import UnfitError

Stretch: TypeAlias = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Swap:
    """A stretch of the text, in characters, and what stands there instead."""

    file: str
    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Drop:
    """An entry of a mapping or list that goes; `hollow` takes along what is left empty by it."""

    file: str
    holder: Node
    index: int
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Add:
    """A new entry behind another one; behind -1 it is the first. Its text is `key: value`, or an item without dash."""

    file: str
    holder: Node
    after: int
    new: str


Edit: TypeAlias = Swap | Drop | Add
NOT_SHOWN = "(not shown)"


def hidden(edit: Edit) -> Edit:
    """An edit in the same place that does not tell its value, for who only looks at what would change."""
    if isinstance(edit, Swap):
        behind = edit.new[len(edit.new.rstrip()) :]
        return replace(edit, new=NOT_SHOWN + behind)
    if isinstance(edit, Add):
        key, colon, _ = edit.new.partition(":")
        return replace(edit, new=f"{key}: {NOT_SHOWN}" if colon else NOT_SHOWN)
    return edit


def edited(page: Page, edits: Iterable[Edit]) -> str:
    """The text with some edits made, each counted once. Raises UnfitError for what cannot be done to lines."""
    once = dict.fromkeys(edits)
    swaps = [each for each in once if isinstance(each, Swap)]
    stretches = [(each.start, each.end, each.new) for each in swaps]
    drops: defaultdict[Node, set[int]] = defaultdict(set)
    adds: defaultdict[Node, list[Add]] = defaultdict(list)
    hollow: set[Node] = set()
    for each in once:
        if isinstance(each, Drop):
            drops[each.holder].add(each.index)
            hollow |= {each.holder} if each.hollow else set()
        elif isinstance(each, Add):
            adds[each.holder].append(each)
    _raise_hollow(page, drops, adds, hollow)
    for holder in {**drops, **adds}:
        stretches += _Holder(page, holder, drops[holder], adds[holder]).stretches()
    return spliced(page.text, _apart(_outermost(stretches)))


def _raise_hollow(
    page: Page, drops: defaultdict[Node, set[int]], adds: defaultdict[Node, list[Add]], hollow: set[Node]
) -> None:
    """What is left with nothing in it goes as well, and then perhaps what held it."""
    waiting = list(hollow)
    while waiting:
        holder = waiting.pop()
        above = page.above.get(holder)
        if above and len(drops[holder]) == len(page.entries[holder]) and not adds[holder]:
            drops[above.holder].add(above.number)
            del drops[holder]
            waiting.append(above.holder)


def _outermost(stretches: list[Stretch]) -> list[Stretch]:
    """Without what stands inside a stretch that goes whole."""
    kept, begin, until = [], 0, 0
    for start, end, new in sorted(stretches, key=lambda each: (each[0], -each[1])):
        if begin < start < until and end <= until:
            continue
        kept.append((start, end, new))
        if not new and end > until:
            begin, until = start, end
    return kept


def _apart(stretches: list[Stretch]) -> list[Stretch]:
    """The stretches in order; raises UnfitError when two of them overlap."""
    ordered = sorted(stretches)
    last = 0
    for start, end, _ in ordered:
        if start < last:
            raise UnfitError("two live values would stand in one place: take them one by one")
        last = max(last, end)
    return ordered


@dataclass(frozen=True, slots=True)
class _Holder:
    """A mapping or list in which entries go and come."""

    page: Page
    node: Node
    drops: set[int]
    adds: list[Add]

    def stretches(self) -> Iterator[Stretch]:
        entries = self.page.entries[self.node]
        if not self.node.flow and len(self.drops) == len(entries) and not self.adds:
            yield self.node.start, self._end(), "[]" if self.node.sort == "seq" else "{}"
            return
        yield from (self._out_of_brackets if self.node.flow else self._out_of_lines)()
        for after, group in groupby(sorted(self.adds, key=lambda add: add.after), key=lambda add: add.after):
            texts = [add.new for add in group]
            yield (self._into_brackets if self.node.flow else self._into_lines)(after, texts)

    def _end(self) -> int:
        """Where a block ends, without the line break that a text of many lines counts as its own."""
        stripped = self.page.text[: self.node.end].rstrip()
        return max(len(stripped), self.node.start)

    # -- brackets

    def _out_of_brackets(self) -> Iterator[Stretch]:
        entries = self.page.entries[self.node]
        kept = [number for number in range(len(entries)) if number not in self.drops]
        for _, group in groupby(sorted(self.drops), key=lambda n: sum(k < n for k in kept)):
            run = list(group)
            first, last = run[0], run[-1]
            lines = self._own_lines(first, last)
            if lines:
                yield *lines, ""
            elif first > 0:
                yield entries[first - 1].value.end, entries[last].value.end, ""
            elif last + 1 < len(entries):
                yield entries[first].start.start, entries[last + 1].start.start, ""
            else:
                yield entries[first].start.start, self._inner_end(), ""

    def _own_lines(self, first: int, last: int) -> tuple[int, int] | None:
        """The lines of a run of entries, when nothing else stands on them but commas and comments."""
        page, entries = self.page, self.page.entries[self.node]
        begin, end = entries[first].start, entries[last].value
        behind = page.text[end.end : page.line(end.last + 1)].strip()
        alone = not page.before(begin).strip() and begin.line > self.node.line
        if alone and (not behind.lstrip(", ") or behind.lstrip(", ").startswith("#")):
            return page.line(begin.line), page.line(end.last + 1)
        return None

    def _inner_end(self) -> int:
        return self.node.end - 1

    def _into_brackets(self, after: int, texts: list[str]) -> Stretch:
        entries = self.page.entries[self.node]
        before = [number for number in range(after + 1) if number not in self.drops]
        behind = [number for number in range(after + 1, len(entries)) if number not in self.drops]
        joined = ", ".join(texts)
        if before:
            at = entries[before[-1]].value.end
            return at, at, f", {joined}"
        if behind:
            at = entries[behind[0]].start.start
            return at, at, f"{joined}, "
        at = entries[0].start.start if entries else self._inner_end()
        return at, at, joined

    # -- lines

    def _out_of_lines(self) -> Iterator[Stretch]:
        entries = self.page.entries[self.node]
        for number in sorted(self.drops):
            first, last = entries[number].start, entries[number].value
            before = self.page.before(first)
            if before.strip(" ") not in ("", "-" if self.node.sort == "seq" else ""):
                raise UnfitError("it shares a line with what holds it: remove it by hand")
            yield self.page.line(first.line), self.page.line(last.last + 1), ""

    def _into_lines(self, after: int, texts: list[str]) -> Stretch:
        page, entries = self.page, self.page.entries[self.node]
        if not entries:
            raise UnfitError("nothing stands there yet: write it by hand")
        example = entries[max(after, 0)].start
        indent = " " * example.column
        if self.node.sort == "seq":
            head = page.before(example)
            dash = head.rfind("-")
            if dash < 0:
                raise UnfitError("its items do not stand on lines of their own: write it by hand")
            indent = f"{' ' * dash}- "
        if after < 0:
            if page.before(example).strip(" -"):
                raise UnfitError("it shares a line with what holds it: write it by hand")
            at = page.line(example.line)
        else:
            at = page.line(entries[after].value.last + 1)
        new = "".join(f"{indent}{text}{page.newline}" for text in texts)
        if at == len(page.text) and not page.text.endswith("\n"):
            new = page.newline + (new if "\n" in texts[-1] else new.removesuffix(page.newline))
        return at, at, new
