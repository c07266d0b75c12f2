"""The free time of one employee at one location, in boxes."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import boxes, rota, zones
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.desk import holidays, workers
from provisioner.sandbox.setster.envelope import Reply, invalid
from provisioner.sandbox.slots.clock import DAY, clock
from provisioner.sandbox.slots.opening import Days, Season, opening
from provisioner.sandbox.slots.rules import spans_of
from provisioner.sandbox.slots.spans import common, cut
from provisioner.sandbox.tables import appointments

if TYPE_CHECKING:
    from provisioner.sandbox.slots.spans import Span

_FORM = "%Y-%m-%d %H:%M:%S"
_LAST_SECOND = time(23, 59, 59)
_LONGEST = 366 * DAY


def get(call: Call) -> Reply:
    """Return the boxes in which an employee works and is free (seed: Get availability).

    Assumptions: the dates are local to the location, with or without a time, and the last day is meant whole; boxes
    count from midnight of the first day, and each free one is 1; a box is free if all of it is, and neither the
    employee's status nor any service plays a part; the paddings of appointments are not free; no more than a year.
    """
    employee, location = (call.stored(kind, _id(call, kind)) for kind in ("employee", "location"))
    start, end = _moment(call, "start_date"), _moment(call, "end_date")
    asked = rota.wall(start), rota.wall(end) + (end.time() == _LAST_SECOND)
    if end < start or asked[1] - asked[0] > _LONGEST:
        raise invalid("end_date must not be before start_date, nor more than a year after it")
    free = _free(call, employee["id"], location["id"], zones.ZONES[location["timezone_id"]], asked)
    found = boxes.whole(asked[0] // DAY, free)
    return Reply({"start_date": start.strftime(_FORM), "end_date": end.strftime(_FORM), "boxes": found})


def _id(call: Call, kind: str) -> int:
    number = call.whole(f"{kind}_id")
    if number is None:
        raise invalid(f"{kind}_id is required")
    return number


def _moment(call: Call, name: str) -> datetime:
    """Read a date with or without a time; the last date without one is meant to its end."""
    written = call.query.get(name, "").strip()
    if not written:
        raise invalid(f"{name} is required")
    try:
        moment = datetime.strptime(written, _FORM if ":" in written else "%Y-%m-%d")  # noqa: DTZ007  local
    except ValueError:
        raise invalid(f"{name} must be a date Y-m-d, or Y-m-d H:M:S") from None
    rota.bounded(moment, name)
    return moment if ":" in written or name == "start_date" else datetime.combine(moment, _LAST_SECOND)


def _free(call: Call, employee: int, location: int, zone: str, asked: Span) -> list[Span]:
    """Return when an employee works at a location and has no appointment, in wall time and inside of what is asked."""
    days = Days(asked[0] // DAY - 1, asked[1] // DAY)
    (worker,) = workers(call, location, [employee])
    spans = opening(worker, Season(None, spans_of(holidays(call), *days), [asked]), days)
    local = clock(zone, *asked)
    around = asked[0] - DAY, asked[1] + DAY
    taken = [
        (each.start - each.padding * 60, each.end + each.padding * 60)
        for each in appointments.busy(call.store, call.company, [employee], *around)
    ]
    return common(cut(spans, local.walls(taken)), local.walls([around]))


OPERATIONS = (Operation("GET", "/employee/getAvailability", get, public=True),)
