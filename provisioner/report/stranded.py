"""Booked appointments that a change would strand, in the words of people who book: how many, and when the first is.

Clients are named on a terminal and to who asks for them; every report has ids and times only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from provisioner.kinds.booking import Booking
from provisioner.kinds.values import escape, plain
from provisioner.plan.change import Booked, Change, Plan
from provisioner.report.layout import columns, counted, wrapped


@dataclass(frozen=True, slots=True)
class Stranded:
    """How the appointments of one plan are told."""

    year: int | None = None
    """The year that goes without saying."""
    clients: bool = False
    """Whether to name the clients."""

    def lines(self, change: Change, width: int, name: str = "") -> list[str]:
        """The lines of one change; `name` says which it is, where several stand together."""
        if not change.stranded:
            return []
        lead = f"      ! {escape(name)}: " if name else "      ! "
        *above, last = wrapped(lead, self.words(change.stranded), width, " " * 8)
        mark = "BLOCKED" if change.unallowed else "allowed"
        shown = [f"{last}     {mark}"] if columns(last) + 5 + len(mark) <= width else [last, f"        {mark}"]
        return [*above, *shown, *(self._each(change.stranded) if self.clients else ())]

    def words(self, bookings: Sequence[Booking]) -> str:
        """How many, on which weekday if it is one, the first, and how many could not be read."""
        starts = [booking.start for booking in bookings if booking.start]
        days = {start.weekday() for start in starts}
        one_day = len(days) == 1 and len(bookings) == len(starts) > 1
        text = counted(len(bookings), "future appointment") + (f" on {starts[0]:%A}s" if one_day else "")
        if starts:
            when = self.when(starts[0], weekday=not one_day)
            text += f", first {when}" if len(bookings) > 1 else f", {when}"
        vague = sum(1 for booking in bookings if booking.unreadable)
        return text + (f"; {vague} of them cannot be read" if vague else "")

    def when(self, start: datetime, *, weekday: bool = True) -> str:
        """A start as people say it: `Sat 3 Oct 09:30`, with the year where it is another one."""
        day = f"{start:%a} " if weekday else ""
        return f"{day}{start.day} {start:%b}{f' {start.year}' if start.year != self.year else ''} {start:%H:%M}"

    def _each(self, bookings: Sequence[Booking]) -> Iterator[str]:
        times = [self.when(each.start) if each.start else "time not readable" for each in bookings]
        pad = max(map(len, times))
        for when, booking in zip(times, bookings, strict=True):
            yield f"        {when:<{pad}}  {plain(booking.client or 'no name', 60)} (id {plain(booking.id)})"


def telling(booked: Booked | None, *, clients: bool = False) -> Stranded:
    """How the appointments of a plan are told."""
    return Stranded(booked.read_at.year if booked else None, clients)


def appointments_line(plan: Plan) -> list[str]:
    """The total, each appointment once; nothing where no change could strand any."""
    if plan.booked is None:
        return []
    if not plan.booked.stranded:
        return ["Appointments: none would be stranded."]
    starts = [booking.start for booking in plan.booked.stranded if booking.start]
    first = f", the first on {telling(plan.booked).when(starts[0])}" if starts else ""
    return [f"Appointments: {len(plan.booked.stranded)} would be stranded{first}."]
