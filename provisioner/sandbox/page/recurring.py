"""TimeTap's series: when each repeats, and the dates that come next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.page.calendar import TO
from provisioner.sandbox.page.frame import page
from provisioner.sandbox.page.html import link, table
from provisioner.sandbox.page.sections import MOST
from provisioner.sandbox.tables import occurrences, series

if TYPE_CHECKING:
    from starlette.responses import Response

    from provisioner.sandbox.store import Store
    from provisioner.sandbox.tables.series import Series
    from provisioner.sandbox.world import World

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HEADINGS = ("Series", "Status", "Pattern", "Time", "From", "Until", "Dates", "The next")
_NEXT = 4


def show(world: World) -> Response:
    """Return the page of all series."""
    found = series.listed(world.store)
    today = world.now().date().isoformat()
    rows = [_row(world.store, each, today) for each in found[:MOST]]
    caption = f"{len(found):,} in all" if len(found) <= MOST else f"the first {MOST} of {len(found):,}"
    return page("TimeTap series", table(caption, _HEADINGS, rows), trail=[link("/", "All tenants")])


def _row(store: Store, each: Series, today: str) -> tuple[str, ...]:
    body = each.body
    dates = [one.date for one in occurrences.listed(store, each.id) if not one.dropped]
    coming = [date for date in dates if date >= today][:_NEXT]
    return (
        f"{_reference(body, 'reason')} [{each.id}]",
        str(body.get("status") or "Open"),
        _pattern(body),
        f"{_military(body.get('startTime'))}{TO}{_military(body.get('endTime'))}",
        str(body.get("startDate") or ""),
        str(body.get("endDate") or ""),
        str(len(dates)),
        ", ".join(coming),
    )


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
