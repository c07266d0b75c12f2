"""The vendor's numbers in words."""

from __future__ import annotations

from calendar import day_name, month_name
from typing import Any

from provisioner.sandbox.setster.holiday import WEEKDAY
from provisioner.sandbox.setster.zones import ZONES

_STATUS = {
    0: "unverified",
    1: "unconfirmed",
    2: "confirmed",
    3: "declined or cancelled",
    4: "busy (imported)",
    6: "busy (Zapier)",
    8: "completed",
    9: "no show",
    10: "in progress",
    11: "checked in",
    12: "arrived",
    13: "delayed",
}
_FIELD = ("text", "several lines", "phone", "e-mail", "hidden", "address", "title", "choice")
_SHOWN = {1: "appointments", 2: "clients", 3: "both"}
_ORDER = ("first", "second", "third", "fourth", "last")


def status(number: int) -> str:
    """Say what the status of an appointment means."""
    return _STATUS.get(number, str(number))


def field_type(number: int) -> str:
    """Say what a custom field takes."""
    return _FIELD[number] if number in range(len(_FIELD)) else str(number)


def visibility(number: int) -> str:
    """Say on which forms a custom field stands."""
    return _SHOWN.get(number, str(number))


def zone(number: int) -> str:
    """Return the name of a time zone."""
    return ZONES.get(number, str(number))


def holiday(record: dict[str, Any]) -> str:
    """Say when a holiday is."""
    if record["type"] != WEEKDAY:
        return f"{record['start_date'][:16]} to {record['end_date'][:16]}"
    order, day = _ORDER[record["day_order"]], day_name[record["day_in_week"]]
    return f"every year on the {order} {day} of {month_name[record['month'] + 1]}"


def yes(flag: object) -> str:
    """Say yes, or nothing."""
    return "yes" if flag else ""


def price(number: float) -> str:
    """Write a price; most cost nothing."""
    return f"{number:.2f}" if number else ""
