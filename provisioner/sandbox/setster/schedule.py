"""The set times of a service: a list of entries, checked and kept, with their numbers as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.values import UnfitError

if TYPE_CHECKING:
    from collections.abc import Callable

_ONCE, _WEEKLY, _MONTHLY = range(3)
_ON_DAYS = (_WEEKLY, _MONTHLY)
_date = values.date("%d/%m/%Y", "d/m/Y")
_half = values.one_of(("am", "pm"), values.text)
_hour = values.one_of(range(13))
_minute = values.one_of(range(60))


def accept(value: Any) -> list[dict[str, Any]]:
    """Accept the entries of `schedule` (seed: Create a Service; dates are d/m/Y, times `{hour, min, am}`).

    Assumption: what is weekly or monthly has to say its `days`, which may be none.
    """
    if value == "":  # what a form has for an empty list
        return []
    if not isinstance(value, list):
        raise UnfitError("must be a list")
    return [_entry(number, entry) for number, entry in enumerate(value, start=1)]


def _entry(number: int, entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise UnfitError(f"entry {number} must be an object")
    kept = {}
    for name, value in entry.items():
        try:
            kept[name] = FIELDS[name](value) if name in FIELDS else value
        except ValueError as error:
            raise UnfitError(f"entry {number}: {name} {error}") from None
    if kept.get("repeat") in _ON_DAYS and "days" not in kept:
        raise UnfitError(f"entry {number}: days is required where repeat is {kept['repeat']}")
    return kept


def _optional_date(value: Any) -> str | None:
    return value if value in ("", None) else _date(value)


def _time(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not {"hour", "min", "am"} <= value.keys():
        raise UnfitError("must be {hour, min, am}")
    return value | {"hour": _hour(value["hour"]), "min": _minute(value["min"]), "am": _half(value["am"])}


def _days(value: Any) -> Any:
    if value in ([], ""):
        return []
    if not isinstance(value, dict):
        raise UnfitError("must be an object of day numbers")
    return {str(values.whole(day)): int(values.flag(on)) for day, on in value.items()}


FIELDS: dict[str, Callable[[Any], Any]] = {
    "repeat": values.one_of((_ONCE, _WEEKLY, _MONTHLY)),
    "start_date": _optional_date,
    "end_date": _optional_date,
    "start_time": _time,
    "end_time": _time,
    "days": _days,
}
