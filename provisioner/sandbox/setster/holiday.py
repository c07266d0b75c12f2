"""Holidays of an account: a weekday of a month in every year (type 1), or dates of their own (type 2)."""

from __future__ import annotations

from calendar import Calendar, month_abbr
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import values
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply, invalid, missing
from provisioner.sandbox.setster.shape import Field, Shape, fields, fixed
from provisioner.sandbox.tables import objects

if TYPE_CHECKING:
    from provisioner.sandbox.setster.shape import Record

KIND = "holiday"
WEEKDAY, FIXED = 1, 2
FORM = "%Y-%m-%d %H:%M:%S"
_moment = values.date(FORM, "Y-m-d H:M:S")

# seed: Create a Holiday; `year` and `caption` stand in its answer only
SHAPE = Shape(
    (
        *fixed(0, "id", "company_id", accept=values.whole),
        Field("name"),
        Field("type", values.one_of((WEEKDAY, FIXED)), 0),
        *fields(_moment, "", "start_date", "end_date"),
        Field("day_in_week", values.one_of(range(7)), 0),
        Field("month", values.one_of(range(12)), 0),
        Field("day_order", values.one_of(range(5)), 0),
        *fixed(0, "year", accept=values.whole),
        *fixed("", "caption"),
        Field("enabled", values.one_of((0, 1)), 1),
        *fixed(0, "timestamp", accept=values.whole),
    ),
)
_OF_TYPE = {WEEKDAY: ("day_in_week", "month", "day_order"), FIXED: ("start_date", "end_date")}


def list_all(call: Call) -> Reply:
    """Return the holidays (seed: List Holidays)."""
    return Reply([SHAPE.read(each) for each in objects.listed(call.store, KIND, call.company)])


def get(call: Call) -> Reply:
    """Return one holiday, as an object (seed: Get a Holiday)."""
    return Reply(SHAPE.read(call.stored(KIND)))


def create(call: Call) -> Reply:
    """Create a holiday (seed: Create a Holiday). Assumption: its type needs the fields that only this type has."""
    accepted = SHAPE.accept(call.mapping)
    _check(accepted)
    number = objects.insert(call.store, KIND, call.company, computed(SHAPE.fresh() | accepted, call.world.now().year))
    return Reply(SHAPE.read(call.stored(KIND, number)))


def modify(call: Call) -> Reply:
    """Modify a holiday (seed: Modify a Holiday)."""
    old = call.stored(KIND)
    accepted = SHAPE.accept(call.mapping)
    if call.dialect.put == "full" or accepted.get("type", old["type"]) != old["type"]:
        _check(accepted)
    record = SHAPE.changed(old, accepted, full=call.dialect.put == "full")
    objects.save(call.store, KIND, old["id"], computed(record, call.world.now().year))
    return Reply(SHAPE.read(call.stored(KIND)))


def delete(call: Call) -> Reply:
    """Delete one or more holidays (seed: Delete Holidays). Assumption: all of them, or none if one is unknown."""
    ids = call.request.params["ids"].split(",")
    try:
        numbers = [values.whole(each) for each in ids]
    except ValueError:
        raise missing(KIND, call.request.params["ids"]) from None
    unknown = objects.unknown(call.store, KIND, call.company, numbers)
    if unknown:
        raise missing(KIND, unknown[0])
    for number in numbers:
        objects.delete(call.store, KIND, number)
    return Reply(data=True)


def _check(accepted: Record) -> None:
    """Refuse a body that does not say when."""
    lacking = [name for name in ("type", *_OF_TYPE.get(accepted.get("type", 0), ())) if name not in accepted]
    if lacking:
        raise invalid("; ".join(f"{name} is required" for name in lacking))


def computed(record: Record, year: int) -> Record:
    """Return the record with what the vendor computes: dates of a weekday, the timestamp and the caption.

    Assumption: the dates of a weekday are those of the current year, and its fields are 0 for dates of their own.
    """
    if record["type"] == WEEKDAY:
        day = nth(year, record["month"] + 1, record["day_in_week"], record["day_order"])
        record |= {"start_date": f"{day:%Y-%m-%d} 00:00:00", "end_date": f"{day:%Y-%m-%d} 23:59:59"}
    else:
        record |= dict.fromkeys(_OF_TYPE[WEEKDAY], 0)
    start, end = (datetime.strptime(record[name], FORM).replace(tzinfo=UTC) for name in _OF_TYPE[FIXED])
    if end < start:
        raise invalid("end_date must not be before start_date")
    caption = f"{month_abbr[start.month]} {start.day}{_ending(start.day)} {start.year} ({record['name']})"
    return record | {"caption": caption, "timestamp": int(start.timestamp())}


def nth(year: int, month: int, weekday: int, order: int) -> datetime:
    """Return a weekday of a month: the first is order 0, the last one is order 4."""
    weeks = Calendar().monthdatescalendar(year, month)
    days = [week[weekday] for week in weeks if week[weekday].month == month]
    return datetime.combine(days[-1] if order == 4 else days[order], time())


def _ending(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


OPERATIONS = (
    Operation("GET", "/availability/getHoliday", list_all),
    Operation("GET", "/availability/getHoliday/{id}", get),
    Operation("POST", "/availability/saveHoliday", create),
    Operation("POST", "/availability/saveHoliday/{id}", modify),
    Operation("POST", "/availability/deleteHoliday/{ids}", delete),
)
