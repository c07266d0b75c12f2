"""Changing a series by one of its appointments: what differs in the appointment is what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.sandbox.tables import occurrences
from provisioner.sandbox.timetap import fields, messages, recurring, schedule, settings
from provisioner.sandbox.timetap.answers import NOT_FOUND, Failure
from provisioner.sandbox.timetap.appointment import Appointment, appointment
from provisioner.sandbox.timetap.body import mapping
from provisioner.sandbox.timetap.call import Call, Operation
from provisioner.sandbox.timetap.shape import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from provisioner.sandbox.tables.series import Series

_OWN = fields.WRITABLE - fields.OF_THE_SERIES


def update(call: Call) -> dict[str, Any]:
    """Change one appointment, or it and what follows (seed: PUT .../{recurringAppointmentId}/updateByAppt).

    Assumptions: of `recurringAppt` only the id counts. Of `updatedAppt` count the fields that an appointment can have
    and that differ from what it has now; the others may be left out, unless the settings say that a PUT is full. A date
    of its own moves that appointment alone.
    """
    series, body = recurring.stored(call), call.body()
    recurring.same_series(series, mapping("recurringAppt", body.get("recurringAppt")), "recurringAppt")
    updated = mapping("updatedAppt", body.get("updatedAppt"))
    given = fields.written(updated, _OWN)
    found = _selected(call, series, updated)
    if settings.read(call.store).put == "full":
        given = {**dict.fromkeys(_OWN), **given}
    differing = _differing(found, given)
    _check({**found.fields, **differing})
    if call.following:
        return _with_what_follows(call, series, found, differing)
    return _alone(call, series, found, {**found.occurrence.own, **differing})


def _selected(call: Call, series: Series, updated: dict[str, Any]) -> Appointment:
    """Return the appointment that is meant.

    Assumption: its `calendarId` says so, or else `dateSelected`. Since the page calls that the series' start, a
    `dateSelected` that is the start gives way to the `startDate` of `updatedAppt`, if there is an appointment then.
    """
    there = [each for each in schedule.appointments(call.world, series) if not each.occurrence.dropped]
    if updated.get("calendarId") is not None:
        found = [each for each in there if each.occurrence.id == updated["calendarId"]]
    else:
        found = [each for date in _named(call, series, updated) for each in _on(there, date)]
    if not found:
        raise Failure(NOT_FOUND, f"recurring appointment {series.id} has no such appointment")
    return found[0]


def _named(call: Call, series: Series, updated: dict[str, Any]) -> Iterator[str]:
    selected = call.day("dateSelected")
    if selected and selected != series.body["startDate"]:
        yield selected
    if updated.get("startDate"):
        yield updated["startDate"]
    if selected:
        yield selected


def _on(there: list[Appointment], date: str) -> list[Appointment]:
    """Return those of a date: the one whose pattern says so comes before one that was moved there."""
    return [each for each in there if each.occurrence.date == date] + [each for each in there if each.date == date]


def _differing(found: Appointment, given: dict[str, Any]) -> dict[str, Any]:
    before, after = shown(found.fields), shown({**found.fields, **given})
    return {name: value for name, value in given.items() if after[name] != before[name]}


def _check(changed: dict[str, Any]) -> None:
    fields.require(changed, fields.REQUIRED)
    fields.check_times(changed)


def _alone(call: Call, series: Series, found: Appointment, own: dict[str, Any]) -> dict[str, Any]:
    """Keep what differs from the series' fields as the appointment's own."""
    before = schedule.appointments(call.world, series)
    series_has = shown(found.terms)
    kept = {name: value for name, value in own.items() if series_has[name] != shown({**found.terms, name: value})[name]}
    changed = found.occurrence._replace(own=kept)
    occurrences.save(call.store, [changed])
    touched = schedule.touch(call, series)
    now = appointment(touched, changed)
    messages.confirm(call, touched, now.fields, now.date)
    messages.invite(call, touched, before, schedule.appointments(call.world, touched))
    return recurring.read(call.world, touched)


def _with_what_follows(call: Call, series: Series, found: Appointment, differing: dict[str, Any]) -> dict[str, Any]:
    """Give the series the differing fields from the appointment's date on; the date itself stays its own."""
    before, since = schedule.appointments(call.world, series), found.occurrence.date
    for_all = {name: value for name, value in differing.items() if name != "startDate"}
    own = {name: value for name, value in {**found.occurrence.own, **differing}.items() if name not in for_all}
    occurrences.save(call.store, [found.occurrence._replace(own=own)])
    changed = schedule.amend(call, series, for_all, since)
    if call.flag("resetStartDay"):
        changed = schedule.rewrite(call, changed, {**changed.body, "startDate": since}, since, anew=False)
    return recurring.told(call, changed, before, changed.body, since)


OPERATIONS = (Operation("PUT", f"{recurring.PATH}/{{id}}/updateByAppt", update),)
