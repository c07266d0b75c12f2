"""One text laid out, and proven to say what it said before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.layout.indent import indented
from provisioner.layout.nodes import Node, each, roots
from provisioner.layout.order import Edit, ordered, spliced
from provisioner.manifest.yaml import Document, Limits, Problem, compose

LIMITS = Limits()


class Unreadable(Exception):  # noqa: N818 -- the text is
    """A text that cannot be read; `problems` has every reason with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(problems)


class ChangedError(Exception):
    """The text would say something else, which is a mistake of this program: nothing may be written."""


def formatted(text: bytes, schema: Mapping[str, Any], *, settings: bool = False) -> str:
    """A text with its layout mended: every scalar, comment and blank line stays. Raises Unreadable and ChangedError."""
    before, problems = compose(text)
    if problems:
        raise Unreadable(problems)
    source = text.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    mended = _quoted(source)
    mended = indented(mended, list(roots(mended)))
    mended = _ended(mended)  # a text that becomes the last must not lose its line break
    mended = _ended(ordered(mended, schema, top=settings))
    after, problems = compose(mended)
    if problems or not _same(before, after) or _comments(mended) != _comments(source):
        raise ChangedError
    return mended


def _same(before: list[Document], after: list[Document]) -> bool:
    return [(each.index, each.root) for each in before] == [(each.index, each.root) for each in after]


def _comments(text: str) -> Counter[str]:
    """Every comment: what stands behind a # outside of all scalars, so that none is lost and none is made."""
    bare = spliced(text, ((*span, "\n") for span in _scalars(text)))
    return Counter(found[1].strip() for line in bare.split("\n") if (found := re.search(r"(?:^|\s)#(.*)$", line)))


def _scalars(text: str) -> Iterator[tuple[int, int]]:
    """From where to where each scalar says something: a block below its sign, behind which a comment may stand."""
    for node in (node for root in roots(text) for node in each(root)):
        if node.sort == "scalar":
            sign = text.find("\n", node.start, node.end) if node.style in ("|", ">") else -1
            yield max(sign, node.start), node.end


def _quoted(text: str) -> str:
    """Double quotes for single ones, where no character needs another spelling in them."""
    return spliced(text, _requoted(text))


def _requoted(text: str) -> Iterator[Edit]:
    for node in (node for root in roots(text) for node in each(root)):
        inner = text[node.start + 1 : node.end - 1]
        single = node.style == "'" and node.line == node.last and not node.named
        if single and inner.isprintable() and not re.search(r'["\\]', inner):
            doubled = inner.replace("''", "'")
            yield node.start, node.end, f'"{doubled}"'


def _ended(text: str) -> str:
    """One line break at the end, unless the end belongs to a text."""
    last = _last(list(roots(text)))
    if last is not None and last.style in ("|", ">") and last.named and not text[last.end :].strip():
        return text
    stripped = text.rstrip(" \n")
    return f"{stripped}\n" if stripped else ""


def _last(found: list[Node]) -> Node | None:
    node = found[-1] if found else None
    while node is not None and node.children:
        node = node.children[-1]
    return node
