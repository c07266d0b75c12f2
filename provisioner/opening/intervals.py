"""Sets of whole minutes as sorted intervals that neither touch nor overlap; an interval's end is not in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from provisioner.kinds.calendar import Interval, merge

Intervals = tuple[Interval, ...]


def union(*sets: Iterable[Interval]) -> Intervals:
    """What is in any of the sets."""
    return merge(each for one in sets for each in one)


def without(whole: Sequence[Interval], cut: Sequence[Interval]) -> Intervals:
    """What is in the first set and not in the second."""
    left: list[Interval] = []
    at = 0
    for interval in whole:
        start, end = interval
        while at < len(cut) and cut[at][1] <= start:
            at += 1
        index = at
        while index < len(cut) and cut[index][0] < end:
            if cut[index][0] > start:
                left.append((start, cut[index][0]))
            start = max(start, cut[index][1])
            index += 1
        if start < end:
            left.append((start, end))
    return tuple(left)


def common(one: Sequence[Interval], other: Sequence[Interval]) -> Intervals:
    """What is in both sets."""
    both: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            both.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(both)
