"""How long it takes to say whom a plan strands: 10,000 appointments of 500 employees. Run it as a script."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

from provisioner.kinds import Address
from provisioner.kinds.booking import Booking, Standing
from provisioner.kinds.calendar import Dates, parse_week
from provisioner.kinds.hours import Shift
from provisioner.opening import Facts
from provisioner.risk import Ahead, Step

NOW = datetime(2026, 9, 28, 15, tzinfo=UTC)
YEARS = Dates(date(2026, 1, 1), date(2027, 12, 31))
WIDE, CUT = (Shift(YEARS, parse_week(week)) for week in ({"mon-sat": "09:00-17:00"}, {"mon-fri": "09:00-17:00"}))


def at(kind: str, *keys: str) -> Address:
    """An address by ids."""
    return Address("", kind, keys)


def main(staff: int = 500, each: int = 20) -> None:
    """Cut everybody's Saturdays, and close a day."""
    resources: dict[Address, dict[str, Any]] = {
        at("location", "#1"): {},
        at("service", "#1"): {"duration": 60, "active": True},
    }
    steps, bookings = [], []
    for number in range(staff):
        who = f"#{number + 10}"
        resources[at("employee", who)] = {"active": True}
        resources[at("link", who, "#1", "#1")] = {}
        resources[at("hours", who, "#1")] = {"hours": (WIDE,)}
        steps.append(
            Step(at("hours", who, "downtown"), strands=True, after={at("hours", who, "#1"): {"hours": (CUT,)}})
        )
        for day in range(each):
            start = datetime(2026, 9, 29, 10, tzinfo=UTC) + timedelta(days=day)
            bookings.append(Booking(f"{number}-{day}", start, start + timedelta(hours=1), "1", who[1:], "1",
                                    standing=Standing.CONFIRMED))  # fmt: skip
    holiday = {at("holiday", "x"): {"name": "X", "dates": Dates(date(2026, 10, 1), date(2026, 10, 1))}}
    steps.append(Step(at("holiday", "x"), strands=True, after=holiday))
    began = time.process_time()
    found = Ahead(steps, Facts({}, resources), bookings, NOW).stranded()
    stranded = {booking.id for own in found.values() for booking in own}
    print(f"{len(bookings)} appointments, {len(stranded)} stranded: {time.process_time() - began:.2f} s of one core")


if __name__ == "__main__":
    main()
