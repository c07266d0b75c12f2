"""What differs inside a value that is a list or a mapping, once the value is known to differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioner.kinds.values import plain, text_bool

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
            return plain(str(value), 10_000)


def parts(before: Any, after: Any) -> list[Part]:
    """The entries that go, come or change, and how many stay."""
    if isinstance(before, list) and isinstance(after, list) and not any(isinstance(v, Mapping) for v in before + after):
        return _entries(before, after)
    return [part for _, part in sorted(_inside(before, after))]


def _entries(before: list[Any], after: list[Any]) -> list[Part]:
    """Lists of plain entries, whose order says nothing."""
    moved = [("-", text(v)) for v in before if v not in after] + [("+", text(v)) for v in after if v not in before]
    same = sum(1 for v in before if v in after)
    return [*sorted(moved, key=lambda part: part[1]), *([("#", f"({same} unchanged hidden)")] if same else [])]


def _inside(before: Any, after: Any) -> Iterator[tuple[list[int], Part]]:
    """Every difference with a key that puts it where its mapping or list has it."""
    from deepdiff import DeepDiff

    for name, items in DeepDiff(before, after, view="tree", ignore_order=True, threshold_to_diff_deeper=0).items():
        for item in items:
            steps = item.path(output_format="list")
            order = [_position(step, around) for step, around in zip(steps, _around(item), strict=True)]
            yield order, _part(name, _path(steps), item)


def _part(name: str, path: str, item: Any) -> Part:
    if name.endswith("_removed"):
        return "-", f"{path} = {text(item.t1)}"
    if name.endswith("_added"):
        return "+", f"{path} = {text(item.t2)}"
    return "~", f"{path} = {text(item.t1)} -> {text(item.t2)}"


def _around(item: Any) -> list[Any]:
    """The mappings and lists that a difference stands in, from the outside inwards."""
    found: list[Any] = []
    while item.up is not None:
        item = item.up
        found.insert(
            0, {**item.t1, **item.t2} if isinstance(item.t1, Mapping) and isinstance(item.t2, Mapping) else None
        )
    return found


def _position(step: Any, around: Any) -> int:
    return step if isinstance(step, int) else list(around or {step: None}).index(step)


def _path(steps: list[Any]) -> str:
    """Where inside the value, as `week.sat` or `[2].dates`."""
    shown = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{plain(str(step))}" for step in steps)
    return shown.lstrip(".")
