"""Lists of appointments: filtered and paged, as a view, and what is still to come."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.setster import answers, client, search, values, zones
from provisioner.sandbox.setster.appointment_shape import CONFIRMED, UNCONFIRMED, UNVERIFIED, local, numbers, shown
from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Reply, invalid
from provisioner.sandbox.tables import appointments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from provisioner.sandbox.setster.shape import Record

    Test = Callable[[Record], bool]

LEEWAY = timedelta(hours=48)
"""How far outside of the dates asked for a list still looks (seed: List Appointments, "a 48 hour offset")."""
_FURTHEST_ZONE = timedelta(hours=26)
_IDS = ("id", "employee_id", "location_id", "service_id", "client_id")
_SEARCHED = ("client_name", "client_email", "client_phone", "note")
_ORDERS = {"start_date": "start", "created": "created"}
_DEPRECATED = 5
_COUNT = 10


def list_all(call: Call) -> Reply:
    """Return the appointments from `start` up to `end`, or their number (seed: List Appointments).

    Assumptions: `status` may name several, separated by commas; names and e-mails are equal in any case; `search_text`
    is looked for in the client's name, e-mail and phone number and in the note; `custom_field_1` is the first field of
    the form; `timezone_id` also converts the dates that are filtered by.
    """
    zone = _zone(call)
    found = filter(_fits(call), _in_the_dates(call, zone))
    if call.flag("num_results"):
        return Reply(sum(1 for _ in found))
    return Reply([shown(record, zone=zone) for record in islice(found, *client.pager(call))])


def view(call: Call) -> Reply:
    """Return some appointments after others, and how many there are (seed: List Appointments (Paginated)).

    Assumptions: `last_rows` is the number of all that were found; `start_date` leaves out what starts before that day.
    """
    wanted = {name: [number] for name in ("employee_id", "location_id") if (number := call.whole(name))}
    day, part = _moment(call, "start_date"), call.query.get("q", "").casefold()
    skip, count = _page(call, _COUNT)
    if day is None and not part:
        page = appointments.found(call.store, call.company, wanted, skip=skip, number=count)
        total = appointments.count(call.store, call.company, wanted)
        return Reply({"results": [shown(each) for each in page], "last_rows": total})
    everything = appointments.found(call.store, call.company, wanted)
    found = [each for each in everything if (day is None or local(each) >= day) and _mentions(each, part)]
    return Reply({"results": [shown(each) for each in found[skip : skip + count]], "last_rows": len(found)})


def upcoming(call: Call) -> Reply:
    """Return what is unverified, unconfirmed or confirmed and starts after now (seed: Get Upcoming Appointments).

    Assumptions: all of it unless `count` is said; `last_rows` says that nothing comes after these.
    """
    alive = {"status": (UNVERIFIED, UNCONFIRMED, CONFIRMED)}
    after = math.floor(call.world.now().timestamp()) + 1
    total = appointments.count(call.store, call.company, alive, first=after)
    skip, count = _page(call, total)
    page = appointments.found(call.store, call.company, alive, first=after, skip=skip, number=count)
    return Reply({"last_rows": skip + count >= total, "records": [shown(each) for each in page]})


def _page(call: Call, otherwise: int) -> tuple[int, int]:
    skip, count = call.whole("skip") or 0, call.whole("count")
    if skip < 0 or (count is not None and count < 0):
        raise invalid("skip and count must not be negative")
    return skip, otherwise if count is None else count


def _in_the_dates(call: Call, zone: int | None) -> Iterator[Record]:
    """Return the appointments with the ids, the statuses and the dates asked for, in the order asked for.

    Assumptions: the start counts, as it is shown; a day as `end_date` is meant to its end; the 48 hours are added on
    both sides, unless `only_exact_dates` is true.
    """
    wanted = {name: [number] for name in _IDS if (number := call.whole(name)) is not None}
    if call.query.get("status"):
        wanted["status"] = _accepted(call, "status", numbers)
    order = _choice(call, "sort_by", tuple(_ORDERS))
    descending = _choice(call, "sort_order", ("asc", "desc")) == "desc"
    leeway = timedelta(0) if call.flag("only_exact_dates") else LEEWAY
    first, last = _moment(call, "start_date"), _moment(call, "end_date", ends=True)
    earliest, latest = first and first - leeway, last and last + leeway
    rows = appointments.found(
        call.store,
        call.company,
        wanted,
        first=None if earliest is None else _epoch(earliest - _FURTHEST_ZONE),
        last=None if latest is None else _epoch(latest + _FURTHEST_ZONE),
        order=_ORDERS[order],
        descending=descending,
    )
    if earliest is None and latest is None:
        return rows
    span = earliest or datetime.min, latest or datetime.max  # noqa: DTZ901  local times, as those compared with it
    return (each for each in rows if span[0] <= local(each, zone=zone) <= span[1])


def _fits(call: Call) -> Test:
    """Return the test that the other filters make."""
    query, tests = call.query, [_answered(call)]
    tests += [_equal(name, query[name]) for name in ("client_name", "client_email", "ews_id") if query.get(name)]
    if query.get("search_text"):
        tests.append(lambda each: _mentions(each, query["search_text"].casefold()))
    paid = call.flag("paid")
    if paid is not None:
        tests.append(lambda each: each["paid"] == paid)
    for name, since in (("updated", True), ("updated", False), ("created", True), ("created", False)):
        limit = _instant(call, f"{name}_{'after' if since else 'before'}")
        if limit is not None:
            tests.append(_written(name, limit, since=since))
    return lambda each: all(test(each) for test in tests)


def _equal(name: str, value: str) -> Test:
    wanted = value.strip().casefold()
    return lambda each: each[name].strip().casefold() == wanted


def _written(name: str, limit: float, *, since: bool) -> Test:
    return (lambda each: each[name] >= limit) if since else (lambda each: each[name] <= limit)


def _answered(call: Call) -> Test:
    """Return the test of the answers: `cf_*`, and the deprecated `custom_field_1` to `custom_field_5`."""
    filters = [search.cf_filter(call.query)]
    asked = [place for place in range(1, _DEPRECATED + 1) if call.query.get(f"custom_field_{place}")]
    form = answers.on_the_form(call) if asked else []
    for place in asked:
        number = form[place - 1]["id"] if place <= len(form) else 0
        filters.append(search.cf_filter({"cf_ids": str(number), "cf_search": call.query[f"custom_field_{place}"]}))
    return lambda each: all(fits(each["answers"]) for fits in filters)


def _mentions(record: Record, part: str) -> bool:
    return not part or any(part in record[name].casefold() for name in _SEARCHED)


def _zone(call: Call) -> int | None:
    return _accepted(call, "timezone_id", zones.zone_id) if call.query.get("timezone_id") else None


def _choice(call: Call, name: str, choices: tuple[str, ...]) -> str:
    return str(_accepted(call, name, values.one_of(choices, values.text))) if call.query.get(name) else choices[0]


def _moment(call: Call, name: str, *, ends: bool = False) -> datetime | None:
    """Return a local time of the query; of a day its start, or its end."""
    if not call.query.get(name):
        return None
    found: datetime = _accepted(call, name, _date_or_time)
    if found.tzinfo is not None:
        raise invalid(f"{name} must be local, without a zone")
    whole_day = ends and len(call.query[name].strip()) == len("2019-09-01")
    return found + timedelta(days=1, seconds=-1) if whole_day else found


def _instant(call: Call, name: str) -> float | None:
    """Return a moment of the query in seconds since 1970; one without a zone is UTC (assumption)."""
    if not call.query.get(name):
        return None
    found: datetime = _accepted(call, name, _date_or_time)
    return found.replace(tzinfo=found.tzinfo or UTC).timestamp()


def _date_or_time(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(values.text(value).strip())
    except ValueError:
        raise values.UnfitError("must be a date YYYY-MM-DD, or a time YYYY-MM-DD HH:MM:SS") from None
    if not 1970 <= found.year < 2500:
        raise values.UnfitError("must be in the years 1970 to 2499")
    return found


def _accepted(call: Call, name: str, accept: Callable[[Any], Any]) -> Any:
    try:
        return accept(call.query[name])
    except ValueError as error:
        raise invalid(f"{name} {error}") from None


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


OPERATIONS = (
    Operation("GET", "/appointment", list_all),
    Operation("GET", "/appointment/listView", view),
    Operation("GET", "/appointment/upcoming", upcoming),
)
