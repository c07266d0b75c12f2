"""Read YAML into plain data that remembers its places, from the events of libyaml's parser.

No resolver and no constructor: `zip: 01234`, `country: NO`, `09:00` stay the text that was written, and the field's
type decides later. No recursion either (PyYAML's own C composer dies on deep nesting), and every bomb ends at a budget.
Nothing is raised for a bad text: what is wrong is a `Problem`, and what can be read is read, so that one run reports
everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from sys import intern
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from provisioner.manifest.yaml_errors import Problem, UnreadableError, explain, is_tight, readable, short

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "BUDGET",
    "EMPTY",
    "ROWS",
    "Document",
    "Empty",
    "Limits",
    "Map",
    "Mark",
    "Problem",
    "Seq",
    "Value",
    "compose",
    "documents",
]


class Empty(Enum):
    """The type of `EMPTY`: stands where a value should be and a problem has been reported already."""

    EMPTY = "EMPTY"


EMPTY: Final = Empty.EMPTY
ROWS: Final = "rows"
Value: TypeAlias = "str | Map | Seq | Empty | None"


class Mark(NamedTuple):
    """A place in a text, counted from 1; a column is a character, not a byte."""

    line: int
    column: int


class Map(dict[str, Value]):
    """A mapping; `marks` has each key's place and its value's: (key line, key column, value line, value column)."""

    __slots__ = ("column", "line", "marks")

    def __init__(self, line: int = 0, column: int = 0) -> None:
        self.line, self.column = line, column
        self.marks: dict[str, tuple[int, int, int, int]] = {}

    def key_mark(self, key: str) -> Mark:
        """Where the key stands; for a merged key, where it was written."""
        return Mark(*self.marks[key][:2])

    def value_mark(self, key: str) -> Mark:
        """Where the key's value begins."""
        return Mark(*self.marks[key][2:])


class Seq(list[Value]):
    """A list; `marks` has each item's (line, column)."""

    __slots__ = ("column", "line", "marks")

    def __init__(self, line: int = 0, column: int = 0) -> None:
        self.line, self.column = line, column
        self.marks: list[tuple[int, int]] = []

    def value_mark(self, index: int) -> Mark:
        """Where the item begins."""
        return Mark(*self.marks[index])


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a text; `index` counts all of the text's documents from 0, the empty ones too."""

    root: Map
    index: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one text: its UTF-8 bytes, levels of nesting, nodes written, nodes that references expand to.

    And the problems of one document: after so many it is no document.
    """

    size: int = 10 * 1024 * 1024
    depth: int = 64
    nodes: int = 1_000_000
    aliased: int = 1_000_000
    problems: int = 1_000


BUDGET: Final = Limits()


def compose(text: str | bytes, *, limits: Limits = BUDGET) -> tuple[list[Document], list[Problem]]:
    """All documents of a text, and all its problems; where nothing could be read, a document has `EMPTY`."""
    found: list[Document] = []
    problems: list[Problem] = []
    for item in documents(text, limits=limits):
        if isinstance(item, Document):
            found.append(item)
        else:
            problems.append(item)
    return found, problems


def documents(text: str | bytes, *, limits: Limits = BUDGET, lists: bool = False) -> Iterator[Document | Problem]:
    """One document at a time, its problems before it; with `lists`, one that is a list stands under the key `ROWS`."""
    problems: list[Problem] = []
    source = ""
    try:
        source = readable(text, limits.size)
        yield from _Composer(source, limits, problems, lists=lists).documents()
    except UnreadableError as refused:
        yield from (*problems, refused.problem)
    except yaml.YAMLError as error:
        yield from (*problems, explain(error, source))


class _Anchor:
    """What `&name` stands before, with its levels of nesting.

    `size` is the number of nodes it expands to, 0 as long as it is open.
    """

    __slots__ = ("height", "node", "size")

    def __init__(self, node: Value, size: int) -> None:
        self.node, self.size, self.height = node, size, 0


class _Frame:
    """An open mapping or list, its levels of nesting so far, its anchor, and the count of nodes when it opened.

    `merge` says whether it has a merge key.
    """

    __slots__ = ("anchor", "before", "height", "merge", "node")

    def __init__(self, node: Map | Seq, anchor: _Anchor | None, before: int) -> None:
        self.node, self.anchor, self.before, self.merge, self.height = node, anchor, before, False, 1


_SPECIAL: Final = frozenset({"", "~", "null"})  # the plain scalars that are not simply their text


def _at(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _Composer:
    """The state of reading one text: the open containers, the anchors of the document, the budgets spent."""

    def __init__(self, text: str, limits: Limits, problems: list[Problem], *, lists: bool) -> None:
        self._events: Iterator[Any] = iter(yaml.CBaseLoader(text).get_event, None)
        self._limits = limits
        self._problems, self._lists = problems, lists
        self._nodes = self._aliased = 0
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}

    def documents(self) -> Iterator[Document | Problem]:
        index = 0
        for event in self._events:
            if type(event) is DocumentStartEvent:
                yield from self._document(index)
                index += 1

    def _document(self, index: int) -> Iterator[Document | Problem]:
        """Read one document; its own generator, so that no variable keeps a document alive while the next is read."""
        event = next(self._events)
        listed = self._lists and type(event) is SequenceStartEvent
        root = self._root(event) if listed or type(event) is MappingStartEvent else None
        if root is None:
            self._refuse_root(event)
        self._anchors = {}
        yield from self._problems
        self._problems.clear()
        if root is not None:
            yield Document(root, index)

    def _root(self, event: Any) -> Map:
        root, (line, column) = Map(*_at(event)), _at(event)
        if type(event) is SequenceStartEvent:
            root[ROWS], root.marks[ROWS] = self._open(event, Seq(line, column)), (line, column, line, column)
        else:
            self._open(event, root)
        while self._stack:
            frame = self._stack[-1]
            if type(frame.node) is Map:
                self._pairs(frame, frame.node)
            elif type(frame.node) is Seq:
                self._items(frame, frame.node)
        return root

    def _pairs(self, frame: _Frame, node: Map) -> None:
        """Fill a mapping until it ends or a child opens; the hot loop: the usual pair of scalars is read in place."""
        events, marks, depth = self._events, node.marks, len(self._stack)
        for event in events:
            if type(event) is MappingEndEvent:
                return self._close(frame)
            self._spend(event, 2)
            usual = type(event) is ScalarEvent and event.value != "<<" and event.anchor is None is event.tag
            key, content = intern(event.value) if usual else self._key(event, frame), next(events)
            if key is None:
                self._skip(content)
                continue
            start, mark = event.start_mark, content.start_mark
            place = (start.line + 1, start.column + 1, mark.line + 1, mark.column + 1)
            usual = type(content) is ScalarEvent and content.value not in _SPECIAL
            if usual and content.anchor is None is content.tag:
                value: Value = content.value
            else:
                value = self._value(content, key, event)
            if key in node:
                self._problem(event, f"{short(key)} was given already on line {marks[key][0]}: remove one of them")
            else:
                node[key], marks[key] = value, place
            if len(self._stack) != depth:
                return None
        return None

    def _items(self, frame: _Frame, node: Seq) -> None:
        """Fill a list until it ends or a child opens."""
        depth = len(self._stack)
        for event in self._events:
            if type(event) is SequenceEndEvent:
                return self._close(frame)
            self._spend(event, 1)
            node.marks.append(_at(event))
            node.append(self._value(event, f"item {len(node.marks)}", event))
            if len(self._stack) != depth:
                return None
        return None

    def _key(self, event: Any, frame: _Frame) -> str | None:
        """An unusual key: merging, anchored, tagged, a reference, or refused (then None, and the pair is skipped)."""
        if type(event) is ScalarEvent:
            frame.merge = frame.merge or (event.value == "<<" and not event.style)
            self._properties(event, event.value, 1)
            return intern(event.value)
        value = self._alias(event) if type(event) is AliasEvent else None
        if isinstance(value, str):
            return intern(value)
        self._skip(event)
        if value is not EMPTY:
            self._problem(event, "a key must be a text: quote it, or quote a value that begins with { or [")
        return None

    def _value(self, event: Any, name: str, owner: Any) -> Value:
        """A value under its name; a missing one is reported where its key stands, at the event `owner`."""
        if type(event) is AliasEvent:
            return self._alias(event)
        if type(event) is not ScalarEvent:
            return self._open(event, (Map if type(event) is MappingStartEvent else Seq)(*_at(event)))
        special = event.value in _SPECIAL and not event.style and event.tag is None
        value = self._special(event, name, owner) if special else event.value
        self._properties(event, value, 1)
        return value

    def _special(self, event: Any, name: str, owner: Any) -> Empty | None:
        if event.value == "null":
            return None
        if event.value == "~":
            self._problem(event, f"{short(name)} is ~: write null to clear it, or quote it")
        elif is_tight(name):
            self._problem(owner, f"{short(name)} is one word: write a space after the colon")
        else:
            self._problem(owner, f"{short(name)} has no value: write null to clear it, or remove the line")
        return EMPTY

    def _open(self, event: Any, node: Map | Seq) -> Map | Seq:
        """Begin a container; it goes on the stack and is filled there, so that nesting needs no recursion."""
        self._descend(event, len(self._stack) + 1)
        anchor = self._properties(event, node, 0)
        self._stack.append(_Frame(node, anchor, self._nodes + self._aliased))
        return node

    def _close(self, frame: _Frame) -> None:
        self._stack.pop()
        if frame.merge and type(frame.node) is Map:
            self._merge(frame.node)
        self._deepen(frame.height)
        if frame.anchor:
            frame.anchor.size, frame.anchor.height = 1 + self._nodes + self._aliased - frame.before, frame.height

    def _deepen(self, height: int) -> None:
        """The open container holds one of that many levels."""
        if self._stack and self._stack[-1].height <= height:
            self._stack[-1].height = height + 1

    def _properties(self, event: Any, node: Value, size: int) -> _Anchor | None:
        """Refuse the tag, remember the anchor."""
        if event.tag is not None:
            self._problem(event, "tags are refused: remove it, the field decides what a text means")
        if event.anchor is None:
            return None
        anchor = self._anchors[event.anchor] = _Anchor(node, size)
        return anchor

    def _alias(self, event: Any) -> Value:
        """The shared node; what it would expand to is charged, so that a bomb stops before it goes off."""
        anchor, name = self._anchors.get(event.anchor), short(event.anchor)
        if anchor is None:
            self._problem(event, f"*{name} refers to nothing: put &{name} before a value further up, or quote the text")
            return EMPTY
        if not anchor.size:
            self._problem(event, f"*{name} stands inside its own &{name}: repeat the value, or refer to another one")
            return EMPTY
        self._aliased += anchor.size
        if self._aliased > (most := self._limits.aliased):
            raise UnreadableError(*_at(event), f"references up to *{name} expand to over {most:,} values: use fewer")
        self._descend(event, len(self._stack) + anchor.height)  # a chain of references nests deeper than any text
        self._deepen(anchor.height)
        return anchor.node

    def _merge(self, node: Map) -> None:
        """Take over the keys that `<<` offers and the mapping lacks; of several sources the first wins."""
        offered, place = node.pop("<<"), node.marks.pop("<<")
        for source in offered if type(offered) is Seq else (offered,):
            if type(source) is Map:
                missing = [key for key in source if key not in node]
                node.update((key, source[key]) for key in missing)
                node.marks.update((key, source.marks[key]) for key in missing)
            elif source is not EMPTY:
                message = "<< takes a *reference to a mapping, or a list of them: refer to one, or quote the key"
                self._add(Problem(*place[2:], message))

    def _skip(self, event: Any) -> None:
        """Pass over a node without a place in the data; its anchors stay known, lest references to them complain."""
        depth = 0
        while True:
            if isinstance(event, (ScalarEvent, CollectionStartEvent)) and event.anchor is not None:
                self._anchors[event.anchor] = _Anchor(EMPTY, 1)
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth == 0:
                return
            self._descend(event, len(self._stack) + depth)
            self._spend(event, 1)
            event = next(self._events)

    def _refuse_root(self, event: Any) -> None:
        """Pass over a root that is no mapping; an empty document is none, and no problem."""
        if type(event) is not ScalarEvent:
            self._problem(event, "a manifest is a mapping (key: value), and this is a list: put it under a key")
        elif is_tight(event.value):
            self._problem(event, "write a space after the colon: key: value")
        elif event.value or event.style or event.tag or event.anchor:
            self._problem(event, "a manifest is a mapping (key: value), and this is a text: put it under a key")
        self._skip(event)

    def _problem(self, event: Any, message: str) -> None:
        self._add(Problem(*_at(event), message))

    def _add(self, problem: Problem) -> None:
        self._problems.append(problem)
        if len(self._problems) > (most := self._limits.problems):
            raise UnreadableError(*problem[:2], f"over {most:,} problems up to here: mend these first")

    def _spend(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > self._limits.nodes:
            raise UnreadableError(*_at(event), f"over {self._limits.nodes:,} values in one text: split the file")

    def _descend(self, event: Any, depth: int) -> None:
        if depth > self._limits.depth:
            raise UnreadableError(*_at(event), f"nested deeper than {self._limits.depth} levels: flatten it")
