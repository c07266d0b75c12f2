"""The nodes of a YAML text with where they stand, so that a text can be rearranged and never written anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
)


@dataclass(slots=True, eq=False)
class Node:
    """A scalar, a reference, a mapping or a list; places are counted from 0, `start` and `end` in characters.

    `line` and `column` are those of its first word; a mapping's children are key, value, key, value.
    """

    sort: str
    start: int
    line: int
    column: int
    flow: bool = False
    style: str = ""
    value: str = ""
    named: bool = False
    """Whether an anchor or a reference is in it, or a text with the blank lines behind it: then order matters."""
    end: int = 0
    last: int = 0
    """Its last line."""
    children: list[Node] = field(default_factory=list)

    @property
    def pairs(self) -> list[tuple[Node, Node]]:
        """A mapping's keys with their values."""
        return list(zip(self.children[::2], self.children[1::2], strict=True))

    def get(self, key: str) -> Node | None:
        """The value of a mapping's key."""
        return next((value for each, value in self.pairs if each.value == key), None)


def roots(text: str) -> Iterator[Node]:
    """The root of each document of a text that is known to be readable."""
    stack: list[Node] = []
    lines = text.split("\n")
    for event in iter(yaml.CBaseLoader(text).get_event, None):
        if isinstance(event, DocumentStartEvent):
            stack = []
        elif isinstance(event, CollectionStartEvent):
            stack.append(_opened(event))
        elif isinstance(event, CollectionEndEvent):
            node = _closed(stack.pop(), event)
            if not stack:
                yield node
            else:
                _add(stack[-1], node)
        elif isinstance(event, ScalarEvent | AliasEvent) and stack:
            _add(stack[-1], _leaf(event, lines))


def _opened(event: Any) -> Node:
    mark = event.start_mark
    sort = "map" if isinstance(event, MappingStartEvent) else "seq"
    named = event.anchor is not None
    return Node(sort, mark.index, mark.line, mark.column, flow=bool(event.flow_style), named=named)


def _closed(node: Node, event: Any) -> Node:
    """A block collection ends where its last child does; libyaml says where the next word stands."""
    if node.flow or not node.children:
        node.end, node.last = event.end_mark.index, event.end_mark.line
    else:
        node.end, node.last = node.children[-1].end, node.children[-1].last
    return node


def _leaf(event: Any, lines: list[str]) -> Node:
    """A block scalar ends, for libyaml, where the next word stands; blank lines are its own only behind a +."""
    begin, end = event.start_mark, event.end_mark
    named = isinstance(event, AliasEvent) or event.anchor is not None
    style = getattr(event, "style", None) or ""
    node = Node("scalar", begin.index, begin.line, begin.column, style=style, named=named)
    node.value = getattr(event, "value", "")
    node.end, node.last = end.index, end.line
    if style in ("|", ">"):
        node.last -= end.column == 0 and end.line > begin.line
        keeps = "+" in lines[begin.line][begin.column :].partition("#")[0]
        node.named |= keeps or node.last == len(lines) - 1  # what follows it decides what it says
        while node.last > begin.line and not lines[node.last].strip() and not keeps:
            node.last -= 1
    return node


def _add(parent: Node, child: Node) -> None:
    if not parent.children and parent.sort == "map" and not parent.flow:
        parent.line, parent.column = child.line, child.column  # an anchor may stand before it
    parent.children.append(child)
    parent.named |= child.named


def each(node: Node) -> Iterator[Node]:
    """A node and all in it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children
