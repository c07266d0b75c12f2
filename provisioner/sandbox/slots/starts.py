"""From open time to starts: the grid on which appointments may start, and which of those starts are still free."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from provisioner.sandbox.slots.spans import common, cut, merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.sandbox.slots.agenda import Taken, Terms
    from provisioner.sandbox.slots.spans import Span


def grid(opened: Sequence[Span], days: Sequence[Span], terms: Terms, bounds: Span) -> list[range]:
    """Return the starts inside `bounds` at which a whole appointment fits into the open time.

    `days` are the instants of each local day. Starts are a step apart, counted in real time from where the open time
    begins, and again from midnight where it goes on over it. Assumption: the page has "predefined time slots" and
    "increments" inside "the availability zone", and no more.
    """
    found = []
    at = 0
    for start, end in common(opened, days):
        while opened[at][1] < end:
            at += 1
        latest = opened[at][1] - terms.length
        found.append(_inside(range(start, min(end, latest + 1), terms.step), bounds))
    return [starts for starts in found if starts]


def _inside(starts: range, span: Span) -> range:
    """Return those of the starts that are in a span."""
    skipped = max(0, -((starts.start - span[0]) // starts.step))
    return range(starts.start + skipped * starts.step, min(starts.stop, span[1]), starts.step)


def free(starts: Sequence[range], taken: Sequence[Taken], terms: Terms) -> dict[int, int]:
    """Return the starts at which no booking is in the way, each with the seats that are left.

    seed: Create a Service, `group_session`, "the number of appointments that can be scheduled in the same time slot".
    Assumption: the same slot is the same start of the same service, employee and location.
    """
    reach = terms.length + terms.padding
    blocked = merge((each.start - reach + 1, each.end) for each in taken)
    left: dict[int, int] = {}
    for each in starts:
        for gap in cut([(each.start, each.stop)], blocked):
            left.update(dict.fromkeys(_inside(each, gap), terms.seats))
    return left | _shared(starts, taken, terms) if terms.seats > 1 else left


def _shared(starts: Sequence[range], taken: Sequence[Taken], terms: Terms) -> dict[int, int]:
    """Return the starts of sessions that are under way to be full, and nothing else is in the way of."""
    reach = terms.length + terms.padding
    shared = {}
    for start, count in Counter(each.start for each in taken if each.session).items():
        others = (each for each in taken if not (each.session and each.start == start))
        alone = not any(each.start < start + reach and start < each.end for each in others)
        if count < terms.seats and alone and any(start in each for each in starts):
            shared[start] = terms.seats - count
    return shared
