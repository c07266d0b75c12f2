"""Stretches of time as pairs of whole seconds, the end not included; a list of them is sorted and never overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Return the union: sorted, empty ones dropped, those that overlap or touch made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        elif start < end:
            merged.append((start, end))
    return merged


def cut(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Return what is left of the spans outside of the holes."""
    if not holes:
        return list(spans)
    left: list[Span] = []
    passed = 0
    for start, end in spans:
        while passed < len(holes) and holes[passed][1] <= start:
            passed += 1
        at, hole = start, passed
        while hole < len(holes) and holes[hole][0] < end:
            if at < holes[hole][0]:
                left.append((at, holes[hole][0]))
            at = holes[hole][1]
            hole += 1
        if at < end:
            left.append((at, end))
    return left


def common(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """Return what the two lists share; pieces that touch stay apart."""
    shared: list[Span] = []
    i = j = 0
    while i < len(spans) and j < len(others):
        start, end = max(spans[i][0], others[j][0]), min(spans[i][1], others[j][1])
        if start < end:
            shared.append((start, end))
        if spans[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return shared
