"""What differs inside a value that is a list or a mapping, once the value is known to differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.kinds.values import plain, quote, text_bool

Part = tuple[str, str]
"""A symbol and the text beside it."""


def text(value: Any) -> str:
    """A value of the manifest's spelling on one line, as a flow of YAML."""
    match value:
        case None:
            return "null"
        case bool():
            return text_bool(value)
        case Mapping():
            return "{" + ", ".join(f"{plain(str(k))}: {text(v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(text(v) for v in value) + "]"
        case _:
            return plain(str(value))


def parts(before: Any, after: Any) -> list[Part]:
    """The entries that go, come or change; those that stay are counted in the last."""
    if isinstance(before, list) and isinstance(after, list) and not any(isinstance(v, Mapping) for v in before + after):
        return _entries(before, after)
    return sorted(_inside(before, after), key=lambda part: part[1])


def _entries(before: list[Any], after: list[Any]) -> list[Part]:
    """Lists of plain entries, whose order says nothing."""
    moved = [("-", text(v)) for v in before if v not in after] + [("+", text(v)) for v in after if v not in before]
    same = sum(1 for v in before if v in after)
    return [*sorted(moved, key=lambda part: part[1]), *([("#", f"({same} unchanged hidden)")] if same else [])]


def _inside(before: Any, after: Any) -> Iterator[Part]:
    from deepdiff import DeepDiff

    found = DeepDiff(before, after, view="tree", ignore_order=True)
    for group, symbol in (("removed", "-"), ("added", "+")):
        for name, items in found.items():
            if name.endswith(f"_item_{group}"):
                yield from ((symbol, f"{_path(i)} = {text(i.t1 if symbol == '-' else i.t2)}") for i in items)
    for name in ("values_changed", "type_changes"):
        for item in found.get(name, ()):
            yield "~", f"{_path(item)} = {text(item.t1)} -> {text(item.t2)}"


def _path(item: Any) -> str:
    """Where inside the value, as `week.sat` or `[2].dates`."""
    shown = ""
    for step in item.path(output_format="list"):
        shown += f"[{step + 1}]" if isinstance(step, int) else f".{plain(str(step))}"
    return shown.lstrip(".") or quote("")
