"""The set times of a service: a list of entries, checked and kept as written."""

from __future__ import annotations

from typing import Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.values import UnfitError

_repeat = values.one_of((0, 1, 2))  # once, weekly, monthly
_date = values.date("%d/%m/%Y", "d/m/Y")
_half = values.one_of(("am", "pm"), values.text)
_hour = values.one_of(range(13))
_minute = values.one_of(range(60))


def accept(value: Any) -> list[dict[str, Any]]:
    """Accept the entries of `schedule` (seed: Create a Service; dates are d/m/Y, times `{hour, min, am}`)."""
    if not isinstance(value, list):
        raise UnfitError("must be a list")
    for number, entry in enumerate(value, start=1):
        _check(number, entry)
    return value


def _check(number: int, entry: Any) -> None:
    if not isinstance(entry, dict):
        raise UnfitError(f"entry {number} must be an object")
    for name, value in entry.items():
        try:
            _check_field(name, value)
        except ValueError as error:
            raise UnfitError(f"entry {number}: {name} {error}") from None


def _check_field(name: str, value: Any) -> None:
    if name == "repeat":
        _repeat(value)
    elif name in {"start_date", "end_date"} and value not in ("", None):
        _date(value)
    elif name in {"start_time", "end_time"}:
        _check_time(value)
    elif name == "days" and value != []:
        _check_days(value)


def _check_time(value: Any) -> None:
    if not isinstance(value, dict) or not {"hour", "min", "am"} <= value.keys():
        raise UnfitError("must be {hour, min, am}")
    _hour(value["hour"])
    _minute(value["min"])
    _half(value["am"])


def _check_days(value: Any) -> None:
    if not isinstance(value, dict):
        raise UnfitError("must be an object of day numbers")
    for day, on in value.items():
        values.whole(day)
        values.flag(on)
