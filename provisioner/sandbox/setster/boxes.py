"""Time in boxes of five minutes, numbered from the midnight that begins the first day.

Assumption: the page shows `boxInterval` 5 and an object of numbers, and says nothing of either.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from provisioner.sandbox.slots.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.sandbox.slots.spans import Span

MINUTES = 5
_SECONDS = MINUTES * 60


def counted(day: int, starts: Iterable[tuple[int, int]]) -> dict[str, int]:
    """Return the boxes in which something starts, given as (wall time, number), with the sum of the numbers."""
    sums: Counter[int] = Counter()
    for wall, number in starts:
        sums[(wall - day * DAY) // _SECONDS] += number
    return {str(box): number for box, number in sums.items()}


def whole(day: int, spans: Iterable[Span]) -> dict[str, int]:
    """Return the boxes that lie inside spans of wall time, each with a 1."""
    midnight = day * DAY
    boxes = (range(-((midnight - start) // _SECONDS), (end - midnight) // _SECONDS) for start, end in spans)
    return {str(box): 1 for each in boxes for box in each}
