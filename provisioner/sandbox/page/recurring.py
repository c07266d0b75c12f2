"""TimeTap's series: when each repeats, and the dates that come next."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.page.calendar import TO
from provisioner.sandbox.page.frame import page
from provisioner.sandbox.page.html import link, table
from provisioner.sandbox.page.sections import MOST
from provisioner.sandbox.tables import series
from provisioner.sandbox.timetap import schedule

if TYPE_CHECKING:
    from starlette.responses import Response

    from provisioner.sandbox.tables.series import Series
    from provisioner.sandbox.timetap.appointment import Appointment
    from provisioner.sandbox.world import World

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HEADINGS = ("Series", "Status", "Pattern", "Time", "From", "Until", "Dates", "The next", "Cancelled")
_NEXT = 4


def show(world: World) -> Response:
    """Return the page of all series."""
    found = series.listed(world.store)
    today = world.now().date().isoformat()
    rows = [_row(world, each, today) for each in found[:MOST]]
    caption = f"{len(found):,} in all" if len(found) <= MOST else f"the first {MOST} of {len(found):,}"
    return page("TimeTap series", table(caption, _HEADINGS, rows), trail=[link("/", "All tenants")])


def _row(world: World, each: Series, today: str) -> tuple[str, ...]:
    body = each.body
    known = [one for one in schedule.appointments(world, each) if not one.occurrence.dropped]
    live = sorted((one for one in known if one.live), key=attrgetter("date"))
    coming = [_appointment(one) for one in live if one.date >= today]
    off = [one.occurrence.date for one in known if not one.live and one.occurrence.date >= today]
    return (
        f"{_reference(body, 'reason')} [{each.id}]",
        str(body.get("status") or "Open"),
        _pattern(body),
        f"{_military(body.get('startTime'))}{TO}{_military(body.get('endTime'))}",
        str(body.get("startDate") or ""),
        str(body.get("endDate") or ""),
        str(len(live)),
        _some(coming),
        _some(off),
    )


def _some(words: list[str]) -> str:
    return ", ".join(words[:_NEXT]) + (", ..." if len(words) > _NEXT else "")


def _appointment(one: Appointment) -> str:
    """Name an appointment by its date, and what of it is its own."""
    own = one.occurrence.own
    moved = [f"moved from {one.occurrence.date}"] if one.date != one.occurrence.date else []
    time = _military(one.fields["startTime"]) + TO + _military(one.fields["endTime"])
    times = [time] if own.keys() & {"startTime", "endTime"} else []
    others = sorted(own.keys() - {"startDate", "startTime", "endTime"})
    words = ", ".join([*moved, *times, *(f"its own {name}" for name in others)])
    return f"{one.date} ({words})" if words else one.date


def _reference(body: dict[str, Any], name: str) -> str:
    thing = body.get(name)
    return f"{name} {thing.get(f'{name}Id', '')}" if isinstance(thing, dict) else name


def _pattern(body: dict[str, Any]) -> str:
    if body.get("type") == "M":
        return f"every {body.get('everyXMonths') or 1} months"
    days = ", ".join(day for day in _WEEKDAYS if body.get(day))
    return f"every {body.get('everyXWeeks') or 1} weeks{f' on {days}' if days else ''}"


def _military(time: Any) -> str:
    return f"{time // 100}:{time % 100:02}" if isinstance(time, int) else ""
