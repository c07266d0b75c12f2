"""Which starts are taken by what is booked: the one thing that settings do not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioner.kinds.booking import Booking, Standing
from provisioner.opening import Facts

LOOKED_BACK = timedelta(days=2)
"""How long before now a booking may have begun that is still going on."""


@dataclass(frozen=True, slots=True)
class Booked:
    """The bookings of one account, and the longest pause that any of its services keeps between two of them."""

    bookings: Mapping[str, tuple[Booking, ...]]
    """By the employee's id."""
    pause: timedelta

    def takes(self, employee: str, start: datetime, length: timedelta) -> bool:
        """Whether an employee, named by id, is booked at an aware moment, or too near to it."""
        end = start + length + self.pause
        return any(
            each.start is not None and each.start < end and start < (each.end or each.start) + self.pause
            for each in self.bookings.get(employee, ())
        )


def booked(bookings: Iterable[Booking], facts: Facts) -> Booked:
    """Sort the bookings of an account. Only those that were cancelled take no time."""
    by_employee: dict[str, list[Booking]] = {}
    for booking in bookings:
        if booking.standing is not Standing.CANCELLED:
            by_employee.setdefault(booking.employee, []).append(booking)
    services = (values for address, values in facts.resources.items() if address.kind == "service")
    pauses = [*(values.get("duration_padding") for values in services), facts.account.get("options.duration_padding")]
    pause = max((int(each) for each in pauses if isinstance(each, int)), default=0)
    return Booked({who: tuple(own) for who, own in by_employee.items()}, timedelta(minutes=pause))
