"""A series and its appointments kept in step: laid out, extended as time goes by, and rewritten."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from provisioner.sandbox.tables import occurrences
from provisioner.sandbox.tables import series as table
from provisioner.sandbox.timetap import settings
from provisioner.sandbox.timetap.answers import invalid
from provisioner.sandbox.timetap.appointment import CANCELLED, Appointment, appointment
from provisioner.sandbox.timetap.pattern import pattern

if TYPE_CHECKING:
    from provisioner.sandbox.tables.occurrences import Occurrence
    from provisioner.sandbox.tables.series import Series
    from provisioner.sandbox.timetap.call import Call
    from provisioner.sandbox.world import World

MOST = 4_000
"""Assumption: so many dates a series may have; ten years of every day are fewer."""


def last_day(world: World, body: dict[str, Any]) -> date:
    """Return the date up to which a series is laid out: its end, or as far as the settings say (days of UTC)."""
    if body.get("endDate") is not None:
        return date.fromisoformat(body["endDate"])
    since = max(world.now().date(), date.fromisoformat(body["startDate"]))
    return since + min(timedelta(settings.read(world.store).horizon_days), date.max - since)


def dates(world: World, body: dict[str, Any]) -> list[str]:
    """Return the dates of a pattern that has been checked; too many are a failure."""
    found = list(islice(pattern(body).dates(last_day(world, body)), MOST + 1))
    if len(found) > MOST:
        raise invalid(f"the series would have more than {MOST} dates: give it an earlier endDate, or a later startDate")
    return [each.isoformat() for each in found]


def create(call: Call, body: dict[str, Any]) -> Series:
    """Make a series and its appointments.

    Assumption: one without a single date is refused.
    """
    laid_out = dates(call.world, body)
    if not laid_out:
        raise invalid("the series has no dates between its startDate and its endDate")
    series = table.insert(call.store, call.business, body, last_day(call.world, body).isoformat(), call.now)
    occurrences.add(call.store, series.id, laid_out)
    return series


def extend(world: World, series: Series) -> Series:
    """Lay out what has come within the horizon since the last time, if the series has no end."""
    if series.body.get("endDate") is not None or series.body.get("status") == CANCELLED:
        return series
    last = last_day(world, series.body)
    if last.isoformat() <= series.until:
        return series
    ahead = (each.isoformat() for each in pattern(series.body).dates(last))
    occurrences.add(world.store, series.id, list(islice((each for each in ahead if each > series.until), MOST)))
    longer = series._replace(until=last.isoformat())
    table.save(world.store, longer)
    return longer


def appointments(world: World, series: Series) -> list[Appointment]:
    """Return all appointments of a series in order of their pattern's dates, also the cancelled ones."""
    return [appointment(series, each) for each in occurrences.listed(world.store, series.id)]


def touch(call: Call, series: Series) -> Series:
    """Say that a series has been changed now."""
    touched = series._replace(modified=call.now)
    table.save(call.store, touched)
    return touched


def rewrite(call: Call, series: Series, body: dict[str, Any], since: str | None) -> Series:
    """Give a series other fields, for its appointments from a date on, or for all.

    Assumptions: the series keeps its id. What is before the date stays as it was. What follows keeps its own changes.
    Dates that the pattern loses are cancelled; those that it gets are made, and those that it gets back are as new.
    """
    store, until = call.store, last_day(call.world, body).isoformat()
    wanted = {each for each in dates(call.world, body) if since is None or each >= since}
    known = occurrences.listed(store, series.id)
    occurrences.save(store, [_rewritten(series, each, wanted, since) for each in known])
    occurrences.add(store, series.id, sorted(wanted - {each.date for each in known}))
    changed = series._replace(body=body, until=until, modified=call.now)
    table.save(store, changed)
    return changed


def _rewritten(series: Series, each: Occurrence, wanted: set[str], since: str | None) -> Occurrence:
    if since is not None and each.date < since:
        return each if each.base is not None else each._replace(base=series.body)
    dropped = each.date not in wanted
    own: dict[str, Any] = {} if each.dropped and not dropped else each.own
    return each._replace(base=None, own=own, dropped=dropped)
