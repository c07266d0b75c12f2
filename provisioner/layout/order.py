"""The order of keys: as the kind declares its fields, within each paragraph of a mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from typing import Any

from provisioner.layout.nodes import Node, roots

Schema = Mapping[str, Any]
Edit = tuple[int, int, str]
"""From and to, in characters, and what stands there instead."""
_Entry = tuple[int, int, int]
"""The number of an entry of a mapping, its first and its last line."""


def ordered(text: str, schema: Schema, *, top: bool) -> str:
    """The text with the keys of every mapping in the schema's order; `top` says whether the root's are meant too.

    A blank line or a comment that stands alone parts a mapping into paragraphs, and nothing moves across. A mapping
    with an anchor or a reference in it is left as it is, because the order decides what the reference means.
    """
    while True:
        look = _Look(text, schema)
        edits = [edit for root in roots(text) for edit in look.edits(root, schema, top=top)]
        if not edits:
            return text
        text = spliced(text, edits)


def spliced(text: str, edits: Iterable[Edit]) -> str:
    """The text with some stretches exchanged; they must not overlap."""
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join((*parts, text[at:]))


class _Look:
    """One look at a text, whose lines are counted once."""

    def __init__(self, text: str, whole: Schema) -> None:
        self.text, self.whole, self.lines = text, whole, text.split("\n")
        self.offsets = [0, *accumulate(len(line) + 1 for line in self.lines)]

    def edits(self, node: Node, schema: Schema, *, top: bool = True) -> Iterator[Edit]:
        """What must move in the outermost mappings that are out of order; what is in them waits for the next look."""
        schema = self._meant(schema, node)
        if node.sort == "seq":
            if isinstance(schema.get("items"), Mapping):
                for item in node.children:
                    yield from self.edits(item, schema["items"])
        elif node.sort == "map":
            known = schema.get("properties", {})
            found = list(self._moves(node, [*known])) if top and not node.named else []
            yield from found
            for key, value in () if found else node.pairs:
                inner = known.get(key.value, schema.get("additionalProperties"))
                if isinstance(inner, Mapping):
                    yield from self.edits(value, inner)

    def _meant(self, schema: Schema, node: Node) -> Schema:
        """The schema behind references to it, and of several the one for mappings."""
        while True:
            if "$ref" in schema:
                schema = self.whole["definitions"][schema["$ref"].rpartition("/")[2]]
            elif "allOf" in schema:
                schema = schema["allOf"][0]
            elif "anyOf" in schema and node.sort == "map":
                schema = next((each for each in schema["anyOf"] if each.get("type") == "object"), {})
            else:
                return schema

    def _moves(self, node: Node, known: list[str]) -> Iterator[Edit]:
        places = {name: number for number, name in enumerate(known)}
        rank = [places.get(key.value, len(places)) for key, _ in node.pairs]
        if rank != sorted(rank):
            yield from (self._in_brackets if node.flow else self._in_lines)(node, rank)

    def _in_brackets(self, node: Node, rank: list[int]) -> Iterator[Edit]:
        """Swap the entries and leave what stands between them; with a comment between, nothing moves."""
        spans = [(key.start, value.end) for key, value in node.pairs]
        between = [self.text[end:start] for (_, end), (start, _) in pairwise(spans)]
        if any("#" in each for each in (*between, self.text[spans[-1][1] : node.end])):
            return
        for place, number in enumerate(_order(rank)):
            if place != number:
                begin, stop = spans[number]
                yield *spans[place], self.text[begin:stop]

    def _in_lines(self, node: Node, rank: list[int]) -> Iterator[Edit]:
        """Swap whole lines within each paragraph."""
        for run in self._paragraphs(node):
            order = _order([rank[number] for number, _, _ in run])
            (_, first, _), (_, _, last) = run[0], run[-1]
            behind_dash = bool(self.lines[first][: node.column].strip())
            if order == [*range(len(run))] or (behind_dash and any(self._is_comment(begin) for _, begin, _ in run)):
                continue  # a comment cannot stand behind a dash
            parts = ["\n".join(self.lines[begin : end + 1])[node.column :] for _, begin, end in run]
            new = f"\n{' ' * node.column}".join(parts[place] for place in order)
            yield self.offsets[first] + node.column, self.offsets[last] + len(self.lines[last]), new

    def _paragraphs(self, node: Node) -> Iterator[list[_Entry]]:
        """Runs of entries with nothing between them; a comment right above an entry is a part of it."""
        run: list[_Entry] = []
        for number, (key, value) in enumerate(node.pairs):
            begin, least = key.line, run[-1][2] + 1 if run else 0
            inline = bool(self.lines[begin][: node.column].strip())
            while not inline and node.column and begin > least and self._comment_at(begin - 1) == node.column:
                begin -= 1
            if run and begin > least:
                yield run
                run = []
            end = value.last
            while self._comment_at(end + 1) > node.column:
                end += 1
            run.append((number, begin, end))
        yield run

    def _comment_at(self, number: int) -> int:
        """The column of a line that is a comment, -1 for any other."""
        line = self.lines[number] if number < len(self.lines) else ""
        stripped = line.lstrip(" ")
        return len(line) - len(stripped) if stripped.startswith("#") else -1

    def _is_comment(self, number: int) -> bool:
        return self._comment_at(number) >= 0


def _order(rank: list[int]) -> list[int]:
    return sorted(range(len(rank)), key=rank.__getitem__)
