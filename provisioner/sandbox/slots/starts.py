"""From open time to starts: the grid on which appointments may start, and which of those starts are still free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.sandbox.slots.agenda import Taken
from provisioner.sandbox.slots.spans import common, cut, merge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from provisioner.sandbox.slots.agenda import Terms
    from provisioner.sandbox.slots.spans import Span


def grid(opened: Sequence[Span], days: Sequence[Span], terms: Terms, bounds: Span) -> list[range]:
    """Return the starts inside `bounds` at which a whole appointment fits into the open time.

    `days` are the instants of each local day. Starts are a step apart, counted in real time from where the open time
    begins, and again from midnight where it goes on over it. Assumption: the page has "predefined time slots" and
    "increments" inside "the availability zone", and no more.
    """
    found = []
    at = 0
    long = [span for span in opened if span[1] - span[0] >= terms.length]
    for start, end in common(long, days):
        while long[at][1] < end:
            at += 1
        latest = long[at][1] - terms.length
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
    blocked = merge(_barred(each, terms) for each in taken)
    left: dict[int, int] = {}
    for each in starts:
        for gap in cut([(each.start, each.stop)], blocked):
            left.update(dict.fromkeys(_inside(each, gap), terms.seats))
    return left | _shared(starts, taken, terms) if terms.seats > 1 else left


def _shared(starts: Sequence[range], taken: Sequence[Taken], terms: Terms) -> dict[int, int]:
    """Return the starts of sessions that are under way to be full, and nothing else is in the way of."""
    shared = {}
    for start in dict.fromkeys(each.start for each in taken if each.session):
        left = seats_left(Taken(start, start + terms.length, terms.padding, session=True), taken, terms.seats)
        if left > 0 and any(start in each for each in starts):
            shared[start] = left
    return shared


def seats_left(slot: Taken, taken: Iterable[Taken], seats: int) -> int:
    """Return how many of its seats other bookings leave to a slot: none if another one than its session is near."""
    for each in taken:
        between = max(each.padding, slot.padding)
        if each.start < slot.end + between and slot.start < each.end + between:
            if not each.session or each.start != slot.start:
                return 0
            seats -= 1
    return max(0, seats)


def _barred(taken: Taken, terms: Terms) -> Span:
    """Return where nothing can start because of a booking.

    seed: Create a Service, `duration_padding`, "the minimum number of minutes between two adjacent appointments".
    Assumption: of two paddings the larger one is kept free, whichever appointment comes first.
    """
    between = max(taken.padding, terms.padding)
    return taken.start - between - terms.length + 1, taken.end + between
