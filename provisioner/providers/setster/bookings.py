"""Appointments on the wire (seed: List Appointments), read for what changes may do to them.

The list is asked from a day before the moment on, page by page, and what starts no later than the moment is left out
here: the list adds 48 hours "to allow for timezone conversions" (seed), and how it counts them is not said.

Assumptions: `start_date` filters by the day on which an appointment starts; its times are local to the location, and
`timezone_offset_seconds` is the offset of `start_date`; `start` and `end` are places in the list. A page begins with
the last appointment of the one before it: so an `end` that is a number of appointments does no harm, and a list that
moved while it was read is noticed, and read at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from provisioner.kinds.booking import Booking, Standing
from provisioner.providers.setster.session import Session
from provisioner.providers.setster.sought import Bodies, listed_objects

PAGE = 500
"""Appointments that are asked for at once."""
LEAST = 100
"""Those that a page has when nobody asks for more (seed: List Appointments, `end`): a shorter one is the last."""
STANDINGS: Mapping[int, Standing] = {
    0: Standing.UNVERIFIED,
    1: Standing.UNCONFIRMED,
    2: Standing.CONFIRMED,
    3: Standing.CANCELLED,
    4: Standing.BUSY,
    6: Standing.BUSY,
    8: Standing.COMPLETED,
    9: Standing.NO_SHOW,
    10: Standing.IN_PROGRESS,
    11: Standing.CHECKED_IN,
    12: Standing.ARRIVED,
    13: Standing.DELAYED,
}
_NOBODY = (None, "", 0, "0")
_CLOCK_BACK = timedelta(hours=1)
"""An end may be told as so much earlier than its start: the clock went back between them."""


async def read_bookings(session: Session, account_id: str, since: datetime) -> tuple[Booking, ...]:
    """What starts after a moment in one account, and what cannot be placed in time. Raises VendorError."""
    bodies = await _paged(session, account_id, since)
    if bodies is None:
        bodies = await _whole(session, account_id, since)
    found = map(decode, bodies)
    return tuple(each for each in found if each.start is None or each.start > since)


async def _paged(session: Session, account_id: str, since: datetime) -> Bodies | None:
    """All pages; None when the list moved between two of them, or orders what starts together as it likes."""
    found: dict[str, Mapping[str, Any]] = {}
    while True:
        start, last = max(0, len(found) - 1), next(reversed(found), "")
        page = await _page(session, account_id, since, str(start), str(start + PAGE))
        if last and (not page or str(page[0]["id"]) != last):
            return None
        before = len(found)
        found |= {str(raw["id"]): raw for raw in page}
        if len(page) < LEAST or len(found) == before:
            return list(found.values())


async def _whole(session: Session, account_id: str, since: datetime) -> Bodies:
    """All of them in one answer, however long."""
    return await _page(session, account_id, since, "0", "all")


async def _page(session: Session, account_id: str, since: datetime, start: str, end: str) -> Bodies:
    day = (since.astimezone(UTC) - timedelta(days=1)).date()
    order = {"sort_by": "start_date", "sort_order": "asc"}
    data = await session.get("/appointment", account_id, start_date=str(day), **order, start=start, end=end)
    return listed_objects(data)


def decode(raw: Mapping[str, Any]) -> Booking:
    """One appointment; what could not be read of it is named."""
    wrong: list[str] = []
    start, end = _times(raw, wrong)
    return Booking(
        str(raw["id"]),
        start,
        end,
        location=_id(raw, "location_id", wrong),
        employee=_id(raw, "employee_id", wrong),
        service=_id(raw, "service_id", wrong),
        addons=_ids(raw.get("subservices")),
        standing=_standing(raw, wrong),
        client=_text(raw.get("client_name")),
        client_id=_text(raw.get("client_id")),
        length=_length(raw.get("length")),
        unreadable=tuple(wrong),
    )


def _times(raw: Mapping[str, Any], wrong: list[str]) -> tuple[datetime | None, datetime | None]:
    try:
        zone = timezone(timedelta(seconds=int(raw["timezone_offset_seconds"])))
    except (KeyError, TypeError, ValueError, OverflowError):
        wrong.append("timezone_offset_seconds")
        return None, None
    start, end = (_moment(raw.get(name), zone) for name in ("start_date", "end_date"))
    wrong += [name for name, each in (("start_date", start), ("end_date", end)) if each is None]
    if start and end and end < start - _CLOCK_BACK:
        wrong.append("end_date")
        return start, None
    return start, end


def _moment(raw: Any, zone: timezone) -> datetime | None:
    try:
        return datetime.fromisoformat(raw).replace(tzinfo=zone)
    except (TypeError, ValueError):
        return None


def _length(raw: Any) -> timedelta | None:
    """Taken for milliseconds: the sample has 1800000 (seed: List Appointments). It decides between readings only."""
    whole = isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < timedelta.max.total_seconds() * 1000
    return timedelta(milliseconds=raw) if whole else None


def _id(raw: Mapping[str, Any], name: str, wrong: list[str]) -> str:
    """An id; every appointment has these, so that one without is not readable."""
    value = raw.get(name)
    if isinstance(value, (bool, float, dict, list)) or value in _NOBODY:
        wrong.append(name)
        return ""
    return str(value)


def _ids(raw: Any) -> tuple[str, ...]:
    """Ids separated by commas; the sample's "string" is no id."""
    parts = raw if isinstance(raw, list) else str(raw or "").split(",")
    return tuple(str(part).strip() for part in parts if str(part).strip().isdigit())


def _standing(raw: Mapping[str, Any], wrong: list[str]) -> Standing:
    try:
        return STANDINGS[int(raw["status"])]
    except (KeyError, TypeError, ValueError):
        wrong.append("status")
        return Standing.UNKNOWN


def _text(raw: Any) -> str:
    return str(raw) if isinstance(raw, (str, int)) else ""
