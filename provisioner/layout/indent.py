"""Indentation: two blanks for each level, a list two deeper than its key; comments move with what they stand above."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field

from provisioner.layout.nodes import Node, each

STEP = 2
_DASHES = re.compile(r" *(?:- +)+")


class Unusual(Exception):  # noqa: N818 -- nothing is wrong
    """A spelling whose lines are left where they are."""


@dataclass(slots=True)
class Lines:
    """The lines of a text, and what becomes of each."""

    lines: list[str]
    shift: list[int]
    inside: list[bool]
    """Whether a line goes on with a scalar or with brackets that began above."""
    text: list[bool]
    """The same for scalars alone, whose blanks at the end of a line may be theirs."""
    starts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """The columns at which a line begins something, before and after."""
    gaps: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """Blanks behind a dash."""


def indented(text: str, roots: list[Node]) -> str:
    """The text with its levels two blanks deep, and no blanks at the end of a line."""
    lines = text.split("\n")
    size = len(lines)
    plan = Lines(lines, [0] * size, [False] * size, [False] * size)
    try:
        for root in roots:
            _note(plan, root)
            if not root.flow and root.children:
                _place(plan, root, 0)
    except Unusual:
        return text
    _place_comments(plan)
    return "\n".join(_moved(plan, number) for number in range(size))


def _note(plan: Lines, root: Node) -> None:
    for node in each(root):
        if node.sort == "scalar" or node.flow:
            for number in range(node.line + 1, node.last + 1):
                plan.inside[number] = True
                plan.text[number] |= node.sort == "scalar"


def _place(plan: Lines, node: Node, target: int) -> None:
    """Put a block collection at a column, and all that is in it below."""
    if node.sort == "map":
        for key, value in node.pairs:
            if key.column != node.column:
                raise Unusual
            _region(plan, key.line, value.last, node.column, target, inline=_inline(plan, key))
            _below(plan, value, target + STEP)
        return
    for item in node.children:
        dash = _dash(plan, item)
        _region(plan, item.line, item.last, dash, target, inline=bool(plan.lines[item.line][:dash].strip()))
        plan.gaps.setdefault(item.line, []).append((dash + 1, item.column))
        if item.flow or item.sort == "scalar":
            _region(plan, item.line, item.last, item.column, target + STEP, inline=True)
        _below(plan, item, target + STEP)


def _below(plan: Lines, node: Node, target: int) -> None:
    if node.sort != "scalar" and not node.flow and node.children:
        _place(plan, node, target)


def _inline(plan: Lines, node: Node) -> bool:
    """Whether something other than blanks stands before it on its line."""
    return bool(plan.lines[node.line][: node.column].strip())


def _dash(plan: Lines, item: Node) -> int:
    before = plan.lines[item.line][: item.column]
    if not _DASHES.fullmatch(before):
        raise Unusual
    return before.rindex("-")


def _region(plan: Lines, first: int, last: int, column: int, target: int, *, inline: bool) -> None:
    """All lines of something that stood at one column and will stand at another."""
    plan.starts.setdefault(first, []).append((column, target))
    for number in range(first + inline, last + 1):
        plan.shift[number] = target - column


def _place_comments(plan: Lines) -> None:
    """A comment keeps to the level that it was written at, of what follows or of what is open above it.

    One that is right below a line and deeper goes on with what that line says, and stays deeper.
    """
    below = _levels_below(plan)
    open_: list[tuple[int, int]] = []
    reach = -1  # the deepest level on which a comment may go on with what is said above
    for number, line in enumerate(plan.lines):
        if line.startswith(("---", "...")):
            open_ = []
        for column, target in plan.starts.get(number, ()):
            while open_ and open_[-1][0] >= column:
                open_.pop()
            open_.append((column, target))
        if line.lstrip().startswith("#") and not plan.inside[number]:
            column, above = _column(line), dict(open_)
            levels = above | dict(below[number])
            level = max([level for level in levels if level <= column] or [min(levels, default=column)])
            if reach >= level < column and above.get(level, -1) >= levels[level]:
                between = max(levels) > column  # it comes to stand where what is inside does
                plan.shift[number] = above[level] + (STEP if between else column - level) - column
                reach = level if between else reach
            else:
                plan.shift[number] = levels.get(level, column) - column
                reach = -1
        else:
            reach = sys.maxsize if line.strip() else -1


def _levels_below(plan: Lines) -> list[list[tuple[int, int]]]:
    """For each line, the level of the next one that says something."""
    found: list[list[tuple[int, int]]] = []
    level: list[tuple[int, int]] = []
    for number in range(len(plan.lines) - 1, -1, -1):
        found.append(level)
        if _says(plan, number):
            level = plan.starts.get(number, [])[:1]
    return found[::-1]


def _says(plan: Lines, number: int) -> bool:
    stripped = plan.lines[number].strip()
    return bool(stripped) and not stripped.startswith("#")


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _moved(plan: Lines, number: int) -> str:
    line, shift = plan.lines[number], plan.shift[number]
    for begin, end in sorted(plan.gaps.get(number, ()), reverse=True):
        line = f"{line[:begin]} {line[end:]}"
    if not plan.text[number]:
        line = line.rstrip()
    if not line.strip() or not shift:
        return line
    return " " * shift + line if shift > 0 else line[min(-shift, _column(line)) :]
