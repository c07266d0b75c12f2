"""The fields of an appointment, and how the vendor shows them: as local times, a length and a zone in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from provisioner.sandbox.setster import answers, values, zones
from provisioner.sandbox.setster.shape import Field, Shape, fields
from provisioner.sandbox.setster.values import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.sandbox.setster.shape import Record

UNVERIFIED, UNCONFIRMED, CONFIRMED, CANCELLED = 0, 1, 2, 3
STATUSES = (0, 1, 2, 3, 4, 6, 8, 9, 10, 11, 12, 13)
_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
_YEARS = range(1970, 2500)
_AS_SHOWN = "%Y-%m-%d %H:%M"
_STAMP = "%Y-%m-%d %H:%M:%S"


def moment(value: Any) -> str:
    """Accept a local date and time, with or without seconds and a T, and return it as ISO text without a zone."""
    written = values.text(value).strip()
    for form in _FORMS:
        try:
            found = datetime.strptime(written, form)  # noqa: DTZ007  the location's zone, which is not known yet
        except ValueError:
            continue
        if found.year not in _YEARS:
            raise UnfitError(f"must be in the years {_YEARS[0]} to {_YEARS[-1]}")
        return found.isoformat()
    raise UnfitError("must be a date and time YYYY-MM-DD HH:MM")


def numbers(value: Any) -> list[int]:
    """Accept ids separated by commas (seed: Create an Appointment, `subservices`), also a list of ids or one id."""
    parts = value if isinstance(value, list) else values.text(value).split(",")
    try:
        found = [values.whole(part) for part in parts if part not in ("", " ")]
    except ValueError:
        raise UnfitError("must be ids separated by commas") from None
    return list(dict.fromkeys(found))


def _maybe_id(value: Any) -> int | None:
    """Accept an id; blank and 0 are none."""
    return (values.whole(value) or None) if value != "" else None


def _maybe_zone(value: Any) -> int | None:
    return zones.zone_id(value) if value not in ("", 0, "0") else None


# seed: Create an Appointment. Assumption: a `duration` that is not said is the service's own, not the page's 15.
SHAPE = Shape(
    (
        Field("client_email", values.email),
        Field("client_name", values.filled),
        Field("service_id", values.whole, 0),
        Field("start_date", moment),
        *fields(values.text, "", "client_phone", "client_address"),
        *fields(_maybe_id, None, "employee_id", "location_id"),
        Field("duration", values.multiple_of(15, least=15), None),
        Field("note"),
        Field("status", values.one_of(STATUSES), None),
        Field("subservices", numbers, []),
        Field("paid", values.flag, default=False),
        Field("price", values.number, 0),
        Field("ews_id"),
        *fields(answers.mapped, None, "custom_fields", "custom_data"),
        Field("timezone_id", _maybe_zone, None),
    ),
    required=("client_email", "client_name", "service_id", "start_date"),
)
KEPT = ("client_phone", "client_address", "note", "paid", "price", "ews_id")
"""What is stored as it was written."""


def offset_seconds(zone: str, when: datetime) -> int:
    """Return how far a zone is ahead of UTC at a moment."""
    return int((when.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)).total_seconds())


def offset_fields(zone: str, when: datetime) -> Record:
    """Return a zone's offset at the appointment's start in the vendor's words (seed: `timezone_short`)."""
    seconds = offset_seconds(zone, when)
    hours, minutes = divmod(abs(seconds) // 60, 60)
    short = f"GMT {'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"
    return {"timezone_short": short, "timezone_offset_seconds": seconds}


def local(record: Record, end: str = "start", zone: int | None = None) -> datetime:
    """Return an appointment's start or end as a naive local time: of its location, or in the zone asked for."""
    return datetime.fromtimestamp(record[end], ZoneInfo(shown_zone(record, zone))).replace(tzinfo=None)


def shown_zone(record: Record, zone: int | None) -> str:
    """Return the name of the zone that an appointment's times are shown in: its location's, or the one asked for."""
    return str(record["zone"]) if zone is None else zones.ZONES[zone]


def shown(record: Record, *, zone: int | None = None, without: Iterable[str] = ()) -> Record:
    """Return an appointment as lists show it (seed: List Appointments); `zone` has its times converted.

    Assumptions: times are local to the location, whatever the client's `timezone_id`, and the offset is that of these
    times: `start_date` less `timezone_offset_seconds` is the instant in every answer (the sample's offset is not that
    of its `timezone_id` either); `length` is in milliseconds from start to end, though the sample's own is not; `type`
    is always blank; the moments of writing are UTC.
    """
    held = {
        **{name: record[name] for name in ("id", "client_id", "company_id", "client_email", "client_name")},
        **{name: record[name] for name in ("client_phone", "client_address")},
        **{name: record[name] for name in ("employee_id", "location_id", "service_id")},
        "start_date": local(record, "start", zone).strftime(_AS_SHOWN),
        "end_date": local(record, "end", zone).strftime(_AS_SHOWN),
        "length": (record["end"] - record["start"]) * 1000,
        "duration_padding": record["padding"],
        "note": record["note"],
        "status": record["status"],
        "type": "",
        "last_updated": stamp(record["updated"]),
        "created_at": stamp(record["created"]),
        "subservices": ",".join(map(str, record["subservices"])),
        **{name: record[name] for name in ("paid", "price", "ews_id", "custom_fields", "custom_data")},
        **offset_fields(shown_zone(record, zone), datetime.fromtimestamp(record["start"], UTC)),
        "timezone_id": record["timezone_id"] if zone is None else zone,
    }
    for name in without:
        del held[name]
    return held


def stamp(seconds: float) -> str:
    """Write a moment as appointments do: `2024-03-15 16:00:50`."""
    return datetime.fromtimestamp(seconds, UTC).strftime(_STAMP)
