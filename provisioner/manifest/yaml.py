"""Read YAML into plain data that remembers its places, from the events of libyaml's parser.

No resolver and no constructor: `zip: 01234`, `country: NO`, `09:00` stay the text that was written, and the field's type decides
later. No recursion either (PyYAML's own C composer dies on deep nesting), and every bomb ends at a budget, in one line. Nothing is
raised for a bad text: what is wrong is a `Problem`, and as much as can be read is read, so that one run reports everything.
Control characters are refused as written; an escape in double quotes ("\\u0007") is deliberate and passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from sys import intern
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from provisioner.manifest.yaml_errors import Problem, explain, is_tight, short

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["EMPTY", "Document", "Empty", "Limits", "Map", "Mark", "Problem", "Seq", "Value", "compose", "documents"]


class Empty(Enum):
    """The type of `EMPTY`: stands where a value should be and a problem has been reported already."""

    EMPTY = "EMPTY"


EMPTY: Final = Empty.EMPTY
Value: TypeAlias = "str | None | Empty | Map | Seq"


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

    def mark(self, index: int) -> Mark:
        """Where the item begins."""
        return Mark(*self.marks[index])


class Document(NamedTuple):
    """One document of a text; `index` counts all of the text's documents from 0, the empty ones too."""

    root: Map
    index: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one text: size in UTF-8 bytes, depth of nesting, nodes written, nodes that references would expand to."""

    size: int = 10 * 1024 * 1024
    depth: int = 64
    nodes: int = 1_000_000
    aliased: int = 1_000_000


def compose(text: str | bytes, *, limits: Limits = Limits()) -> tuple[list[Document], list[Problem]]:  # noqa: B008 - frozen
    """All documents of a text, and all its problems; a document with problems is there, with `EMPTY` where nothing could be read."""
    found: list[Document] = []
    problems: list[Problem] = []
    for item in documents(text, limits=limits):
        if isinstance(item, Document):
            found.append(item)
        else:
            problems.append(item)
    return found, problems


def documents(text: str | bytes, *, limits: Limits = Limits()) -> Iterator[Document | Problem]:  # noqa: B008 - frozen
    """One document at a time, its problems before it, so that each can be validated and dropped before the next is read."""
    try:
        source = _decode(text, limits.size)
    except _GiveUpError as refused:
        yield refused.problem
        return
    composer = _Composer(source, limits)
    try:
        yield from composer.documents()
    except _GiveUpError as refused:
        yield from (*composer.problems, refused.problem)
    except yaml.YAMLError as error:
        yield from (*composer.problems, explain(error, source))


class _GiveUpError(Exception):
    """The rest of this text cannot, or must not, be read."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.problem = Problem(line, column, message)
        super().__init__(message)


# What may stand in a file: the printable characters of YAML, without those that look like nothing and break a line in YAML 1.1 only.
_UNFIT = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)


def _decode(text: str | bytes, limit: int) -> str:
    """The text without its BOM, or a refusal that names the first bad byte or character."""
    size = len(text) if isinstance(text, bytes) or text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise _GiveUpError(1, 1, f"{size:,} bytes, and {limit:,} is the most that is read: split the file")
    try:
        source = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        line, column = _place(error.object[: error.start].decode("utf-8"))
        byte = error.object[error.start]
        raise _GiveUpError(line, column, f"not UTF-8 (byte 0x{byte:02x}): save the file as UTF-8") from None
    source = source.removeprefix("\ufeff")
    if unfit := _UNFIT.search(source):
        code = f"{ord(unfit[0]):04X}"
        message = f"invisible character U+{code}: remove it, or write it as \\u{code.lower()} in double quotes"
        raise _GiveUpError(*_place(source[: unfit.start()]), message)
    if directive := _TAG_DIRECTIVE.search(source):  # libyaml compares each with all before it: hours for a file of them
        raise _GiveUpError(*_place(source[: directive.start()]), "tags are refused: remove the %TAG line")
    return source


def _place(before: str) -> tuple[int, int]:
    """The 1-based line and column of what follows this text."""
    lines = re.split(r"\r\n|\r|\n", before.removeprefix("\ufeff"))
    return len(lines), len(lines[-1]) + 1


def _at(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


class _Anchor:
    """What `&name` stands before; `size` is the number of nodes it expands to, 0 as long as it is open."""

    __slots__ = ("node", "size")

    def __init__(self, node: Value, size: int) -> None:
        self.node, self.size = node, size


class _Frame:
    """An open mapping or list: its node, its anchor, the count of nodes when it opened, and whether it has a merge key."""

    __slots__ = ("anchor", "before", "merge", "node")

    def __init__(self, node: Map | Seq, anchor: _Anchor | None, before: int) -> None:
        self.node, self.anchor, self.before, self.merge = node, anchor, before, False


_SPECIAL: Final = frozenset({"", "~", "null"})  # the plain scalars that are not simply their text
_TAGS = "tags are refused: remove it; the field decides what its text means"


class _Composer:
    """The state of reading one text: the open containers, the anchors of the document, the budgets spent."""

    def __init__(self, text: str, limits: Limits) -> None:
        self._events: Iterator[Any] = iter(yaml.CBaseLoader(text).get_event, None)
        self._limits = limits
        self._nodes = self._aliased = 0
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}
        self.problems: list[Problem] = []

    def documents(self) -> Iterator[Document | Problem]:
        index = 0
        for event in self._events:
            if type(event) is DocumentStartEvent:
                yield from self._document(index)
                index += 1

    def _document(self, index: int) -> Iterator[Document | Problem]:
        """Read one document; a generator of its own, so that no variable keeps a document alive while the next is read."""
        root = self._root(next(self._events))
        self._anchors = {}
        problems, self.problems = self.problems, []
        yield from problems
        if root is not None:
            yield Document(root, index)

    def _root(self, event: Any) -> Map | None:
        if type(event) is not MappingStartEvent:
            self._refuse_root(event)
            return self._skip(event)
        root = self._open(event)
        while self._stack:
            frame = self._stack[-1]
            if type(frame.node) is Map:
                self._pairs(frame, frame.node)
            elif type(frame.node) is Seq:
                self._items(frame, frame.node)
        return root if type(root) is Map else None

    def _pairs(self, frame: _Frame, node: Map) -> None:
        """Fill a mapping until it ends or a child opens; the hot loop, so the usual pair of scalars is read without a call."""
        events, marks, limit, depth = self._events, node.marks, self._limits.nodes, len(self._stack)
        for event in events:
            if type(event) is MappingEndEvent:
                return self._close(frame)
            plain = type(event) is ScalarEvent and event.value != "<<" and event.anchor is None is event.tag
            key = intern(event.value) if plain else self._key(event, frame)
            mark, content = event.start_mark, next(events)
            line, column = mark.line + 1, mark.column + 1
            self._nodes += 2
            if self._nodes > limit:
                self._too_many(event)
            if key is None:
                self._skip(content)
                continue
            value: Value
            if type(content) is ScalarEvent and content.value not in _SPECIAL and content.anchor is None is content.tag:
                value = content.value
            else:
                value = self._value(content, key, line, column)
            if key in node:
                self._duplicate(key, line, column, node.marks[key][0])
            else:
                mark = content.start_mark
                node[key] = value
                marks[key] = (line, column, mark.line + 1, mark.column + 1)
            if len(self._stack) != depth:
                return None
        return None

    def _items(self, frame: _Frame, node: Seq) -> None:
        """Fill a list until it ends or a child opens."""
        depth = len(self._stack)
        for event in self._events:
            if type(event) is SequenceEndEvent:
                return self._close(frame)
            self._nodes += 1
            if self._nodes > self._limits.nodes:
                self._too_many(event)
            line, column = _at(event)
            node.append(self._value(event, f"item {len(node) + 1}", line, column))
            node.marks.append((line, column))
            if len(self._stack) != depth:
                return None
        return None

    def _key(self, event: Any, frame: _Frame) -> str | None:
        """A key that is more than a text: merged, anchored, tagged, a reference, or refused (None, and the pair is skipped)."""
        if type(event) is ScalarEvent:
            frame.merge = frame.merge or (event.value == "<<" and not event.style)
            self._properties(event, event.value, 1)
            return intern(event.value)
        value = self._alias(event) if type(event) is AliasEvent else self._skip(event)
        if isinstance(value, str):
            return intern(value)
        if value is not EMPTY:
            self._problem(event, "a key must be a text: quote it, or quote a value that begins with { or [")
        return None

    def _value(self, event: Any, name: str, line: int, column: int) -> Value:
        """A value under its name; a missing one is reported at the given place of its key."""
        if type(event) is AliasEvent:
            return self._alias(event)
        if type(event) is not ScalarEvent:
            return self._open(event)
        value: Value = event.value
        if event.value in _SPECIAL and not event.style and event.tag is None:
            value = self._special(event, name, line, column)
        self._properties(event, value, 1)
        return value

    def _special(self, event: Any, name: str, line: int, column: int) -> None | Empty:
        if event.value == "null":
            return None
        if event.value == "~":
            self._problem(event, f"{short(name)} is ~: write null to clear it, or quote it")
        elif is_tight(name):
            self.problems.append(Problem(line, column, f"{short(name)} is one word: write a space after the colon"))
        else:
            message = f"{short(name)} has no value: write null to clear it, or remove the line"
            self.problems.append(Problem(line, column, message))
        return EMPTY

    def _open(self, event: Any) -> Map | Seq:
        """Begin a container; it goes on the stack and is filled there, so that nesting needs no recursion."""
        if len(self._stack) >= self._limits.depth:
            self._too_deep(event)
        node = (Map if type(event) is MappingStartEvent else Seq)(*_at(event))
        before = self._nodes + self._aliased
        self._stack.append(_Frame(node, self._properties(event, node, 0), before))
        return node

    def _close(self, frame: _Frame) -> None:
        self._stack.pop()
        if frame.merge and type(frame.node) is Map:
            self._merge(frame.node)
        if frame.anchor:
            frame.anchor.size = 1 + self._nodes + self._aliased - frame.before

    def _properties(self, event: Any, node: Value, size: int) -> _Anchor | None:
        """Refuse the tag, remember the anchor."""
        if event.tag is not None:
            self._problem(event, _TAGS)
        if event.anchor is None:
            return None
        anchor = self._anchors[event.anchor] = _Anchor(node, size)
        return anchor

    def _alias(self, event: Any) -> Value:
        """The shared node of a reference; what it would expand to is charged, so that a bomb stops before it goes off."""
        anchor, name = self._anchors.get(event.anchor), short(event.anchor)
        if anchor is None:
            self._problem(
                event, f"*{name} refers to nothing: write &{name} before a value further up, or quote the text"
            )
            return EMPTY
        if not anchor.size:
            self._problem(event, f"*{name} stands inside its own &{name}: repeat the value, or refer to another one")
            return EMPTY
        self._aliased += anchor.size
        if self._aliased > self._limits.aliased:
            limit = self._limits.aliased
            raise _GiveUpError(
                *_at(event), f"*{name} and the references before it expand to over {limit:,} values: use fewer"
            )
        return anchor.node

    def _merge(self, node: Map) -> None:
        """Take over the keys that `<<` offers and the mapping lacks; of several sources the first wins."""
        offered, mark = node.pop("<<"), node.marks.pop("<<")
        for source in offered if type(offered) is Seq else (offered,):
            if type(source) is Map:
                missing = [key for key in source if key not in node]
                node.update((key, source[key]) for key in missing)
                node.marks.update((key, source.marks[key]) for key in missing)
            elif source is not EMPTY:
                message = "<< takes a *reference to a mapping, or a list of them: refer to one, or quote the key"
                self.problems.append(Problem(mark[2], mark[3], message))

    def _skip(self, event: Any) -> None:
        """Pass over a node that has no place in the data; its anchors stay known, so that no second problem arises."""
        depth = 0
        while True:
            if getattr(event, "anchor", None) is not None and type(event) is not AliasEvent:
                self._anchors[event.anchor] = _Anchor(EMPTY, 1)
            depth += _STEP.get(type(event), 0)
            if depth == 0:
                return
            if depth + len(self._stack) > self._limits.depth:
                self._too_deep(event)
            self._nodes += 1
            if self._nodes > self._limits.nodes:
                self._too_many(event)
            event = next(self._events)

    def _refuse_root(self, event: Any) -> None:
        if type(event) is not ScalarEvent:
            self._problem(event, "a manifest must be a mapping (key: value), and this is a list: put it under a key")
        elif is_tight(event.value):
            self._problem(event, "write a space after the colon: key: value")
        elif event.value or event.style or event.tag or event.anchor:
            self._problem(event, "a manifest must be a mapping (key: value), and this is a text: put it under a key")

    def _duplicate(self, key: str, line: int, column: int, first: int) -> None:
        self.problems.append(
            Problem(line, column, f"{short(key)} was given already on line {first}: remove one of them")
        )

    def _problem(self, event: Any, message: str) -> None:
        self.problems.append(Problem(*_at(event), message))

    def _too_deep(self, event: Any) -> None:
        raise _GiveUpError(*_at(event), f"nested deeper than {self._limits.depth} levels: flatten it")

    def _too_many(self, event: Any) -> None:
        raise _GiveUpError(*_at(event), f"over {self._limits.nodes:,} values in one text: split the file")


_STEP: Final = {
    MappingStartEvent: 1,
    yaml.SequenceStartEvent: 1,
    MappingEndEvent: -1,
    SequenceEndEvent: -1,
}
