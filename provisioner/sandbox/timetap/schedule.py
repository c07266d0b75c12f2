"""A series and its appointments kept in step: laid out, extended as time goes by, and rewritten."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.tables import occurrences
from provisioner.sandbox.tables import series as table
from provisioner.sandbox.timetap import settings
from provisioner.sandbox.timetap.answers import invalid
from provisioner.sandbox.timetap.appointment import CANCELLED, Appointment, appointment
from provisioner.sandbox.timetap.fields import check_times
from provisioner.sandbox.timetap.pattern import pattern

if TYPE_CHECKING:
    from provisioner.sandbox.store import Store
    from provisioner.sandbox.tables.occurrences import Occurrence
    from provisioner.sandbox.tables.series import Series
    from provisioner.sandbox.timetap.call import Call
    from provisioner.sandbox.world import World

MOST = 4_000
"""Assumption: so many dates one call gives a series at most; ten years of every day are fewer."""


def last_day(world: World, body: dict[str, Any]) -> date:
    """Return the date up to which a series is laid out: its end, or as far as the settings say (days of UTC)."""
    if body.get("endDate") is not None:
        return date.fromisoformat(body["endDate"])
    since = max(world.now().date(), date.fromisoformat(body["startDate"]))
    return since + min(timedelta(settings.read(world.store).horizon_days), date.max - since)


def dates(world: World, body: dict[str, Any]) -> list[str]:
    """Return the dates of a pattern that has been checked; too many are a failure."""
    return _some_dates(world, body, MOST).whole()


class _Dates(NamedTuple):
    """The first dates of a pattern, the date up to which they are all there are, and whether more come after it."""

    found: list[str]
    until: str
    more: bool

    def whole(self) -> list[str]:
        if self.more:
            raise invalid(
                f"the series would have more than {MOST} dates: give it an earlier endDate, or a later startDate"
            )
        return self.found


def _some_dates(world: World, body: dict[str, Any], most: int, after: str = "") -> _Dates:
    """Return at most so many of a pattern's dates, those after a date."""
    last = last_day(world, body)
    every = (each.isoformat() for each in pattern(body).dates(last))
    found = list(islice((each for each in every if each > after), most + 1))
    if len(found) > most:
        return _Dates(found[:most], found[most - 1], more=True)
    return _Dates(found, last.isoformat(), more=False)


def create(call: Call, body: dict[str, Any]) -> Series:
    """Make a series and its appointments.

    Assumption: one without a single date is refused.
    """
    laid_out = dates(call.world, body)
    if not laid_out:
        raise invalid("the series has no dates between its startDate and its endDate")
    series = table.insert(call.store, call.business, body, last_day(call.world, body).isoformat(), call.now)
    _lay_out(call.store, series.id, laid_out)
    return series


def extend(world: World, series: Series) -> Series:
    """Lay out what has come within the horizon since the last time, if the series has no end.

    Where that is more than one call may lay out, the next one goes on.
    """
    if series.body.get("endDate") is not None or series.body.get("status") == CANCELLED:
        return series
    if last_day(world, series.body).isoformat() <= series.until:
        return series
    ahead = _some_dates(world, series.body, MOST, series.until)
    _lay_out(world.store, series.id, ahead.found)
    longer = series._replace(until=ahead.until)
    table.save(world.store, longer)
    return longer


def _lay_out(store: Store, series: int, wanted: list[str]) -> None:
    """Let a series take place on these dates: one that it had once is as new, and one that it has stays as it is."""
    known = {each.date: each for each in occurrences.listed(store, series)}
    lost = (known[each] for each in wanted if each in known and known[each].dropped)
    occurrences.save(store, [each._replace(base=None, own={}, dropped=False) for each in lost])
    occurrences.add(store, series, [each for each in wanted if each not in known])


def appointments(world: World, series: Series) -> list[Appointment]:
    """Return all appointments of a series in order of their pattern's dates, also the cancelled ones."""
    return [appointment(series, each) for each in occurrences.listed(world.store, series.id)]


def touch(call: Call, series: Series) -> Series:
    """Say that a series has been changed now."""
    touched = series._replace(modified=call.now)
    table.save(call.store, touched)
    return touched


def rewrite(call: Call, series: Series, body: dict[str, Any], since: str | None, *, anew: bool = True) -> Series:
    """Give a series other fields, for its appointments from a date on, or for all.

    With `anew`, they all have the series' fields afterwards; without, those that an earlier change had left with other
    fields keep them.

    Assumptions: the series keeps its id. What is before the date stays as it was. What follows keeps its own changes,
    unless the settings say that they are wiped.
    Dates that the pattern loses are cancelled; those that it gets are made, and those that it gets back are as new. A
    series that is cancelled may have any number of dates, so that every series can be.
    """
    known = occurrences.listed(call.store, series.id)
    some = _some_dates(call.world, body, len(known) + MOST)
    found = some.found if body.get("status") == CANCELLED else some.whole()
    wanted = {each for each in found if since is None or each >= since}
    wiped = settings.read(call.store).own == "wipe"
    follow = [each._replace(own={}) if wiped else each for each in known if since is None or each.date >= since]
    kept = [
        each._replace(base=None if anew else each.base, dropped=each.dropped or each.date not in wanted)
        for each in follow
    ]
    occurrences.save(call.store, [*_left_behind(series, known, since), *kept])
    _lay_out(call.store, series.id, sorted(wanted))
    changed = series._replace(body=body, until=some.until, modified=call.now)
    table.save(call.store, changed)
    return changed


def amend(call: Call, series: Series, changes: dict[str, Any], since: str) -> Series:
    """Give a series and its appointments from a date on these fields, none of them the pattern's.

    Assumption: one that an earlier change had left with other fields gets these, too, and keeps the rest.
    """
    known = occurrences.listed(call.store, series.id)
    others = [each for each in known if each.date >= since and each.base is not None]
    amended = [each._replace(base={**(each.base or {}), **changes}) for each in others]
    for each in (series.body | changes, *(each.base or {} for each in amended)):
        check_times(each)
    occurrences.save(call.store, [*_left_behind(series, known, since), *amended])
    changed = series._replace(body={**series.body, **changes}, modified=call.now)
    table.save(call.store, changed)
    return changed


def _left_behind(series: Series, known: list[Occurrence], since: str | None) -> list[Occurrence]:
    """Return what is before a date, with the fields that the series has had until now."""
    before = (each for each in known if since is not None and each.date < since)
    return [each._replace(base=series.body) for each in before if each.base is None]
