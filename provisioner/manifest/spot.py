"""Finding the scalar inside a list or mapping that an error message speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.kinds.values import said
from provisioner.manifest.yaml import Map, Seq, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

At = tuple[int, int]


def spot(value: Value, at: At, message: str) -> At:
    """The line and column of the text in a value that a message is about, or of the value itself.

    That is the first text that it quotes, or else the value of the key that it begins with: a part of a text may be
    what it quotes.
    """
    for text, mark in _texts(value):
        if said(text) in message:
            return mark
    return next((mark for key, mark in _values(value) if message.startswith(f"{key}: ")), at)


def _texts(value: Value) -> Iterator[tuple[str, At]]:
    """Every text in a value with its place, keys included."""
    if isinstance(value, Map):
        for key, child in value.items():
            mark = value.marks[key]
            yield key, mark[:2]
            yield from [(child, mark[2:])] if isinstance(child, str) else _texts(child)
    elif isinstance(value, Seq):
        for child, at in zip(value, value.marks, strict=True):
            yield from [(child, at)] if isinstance(child, str) else _texts(child)


def _values(value: Value) -> Iterator[tuple[str, At]]:
    """Every key in a value with the place of what stands under it."""
    if isinstance(value, Map):
        for key, child in value.items():
            yield key, value.marks[key][2:]
            yield from _values(child)
    elif isinstance(value, Seq):
        for child in value:
            yield from _values(child)
