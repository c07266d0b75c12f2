"""The graph as SVG: boxes from left to right, each a link to its change, and lines to what it needs."""

from __future__ import annotations

from provisioner.kinds.values import escape
from provisioner.report.html.build import Html, join, tag, verbatim
from provisioner.report.html.graph import Graph, Node, graph
from provisioner.report.printed import SYMBOLS, Printed

_WIDE, _HIGH, _GAP, _LINE = 216, 26, 70, 34
"""Of a box, between two columns, and from one row to the next."""
_LETTERS = 25


def drawn(printed: Printed) -> Html:
    """The drawing in a frame that scrolls, or nothing where nothing refers to anything."""
    found = graph(printed.changes)
    if found is None:
        return Html()
    width, height = found.layers * (_WIDE + _GAP) - _GAP + 4, found.rows * _LINE + 4
    lines = [_line(found.nodes[start], found.nodes[end]) for start, end in found.edges]
    boxes = [_box(node) for node in found.nodes]
    svg = tag(
        "svg",
        *lines,
        *boxes,
        viewBox=f"-2 -2 {width} {height}",
        width=width,
        height=height,
        role="group",
        aria_label=_said(found),
    )
    note = tag("p", "What stands on the right needs what it is joined to on the left.", class_="soft")
    return join((note, tag("div", svg, class_="scroll", tabindex="0", role="region", aria_label="Graph")))


def _said(found: Graph) -> str:
    return f"{len(found.nodes)} boxes and {len(found.edges)} lines"


def _place(node: Node) -> tuple[int, int]:
    return node.layer * (_WIDE + _GAP), node.row * _LINE


def _box(node: Node) -> Html:
    x, y = _place(node)
    shown = escape(node.label)
    text = shown if len(shown) <= _LETTERS else f"{shown[: _LETTERS - 1]}\N{HORIZONTAL ELLIPSIS}"
    return tag(
        "a",
        tag("title", node.label),
        tag("rect", x=x, y=y, width=_WIDE, height=_HIGH, rx=5),
        tag("text", f"{SYMBOLS[node.action]} ", verbatim(text), x=x + 8, y=y + 17),
        href=f"#c{node.first}",
        class_=f"node {node.action}",
    )


def _line(start: Node, end: Node) -> Html:
    (x, y), (to_x, to_y) = _place(start), _place(end)
    x, y, to_y = x + _WIDE, y + _HIGH // 2, to_y + _HIGH // 2
    middle = (x + to_x) // 2
    return tag("path", d=f"M{x} {y}C{middle} {y} {middle} {to_y} {to_x} {to_y}", class_="edge")
