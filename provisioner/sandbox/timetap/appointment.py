"""One appointment of a series as it stands: what it has from the series, what is its own, whether it is cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from provisioner.sandbox.timetap.shape import shown

if TYPE_CHECKING:
    from provisioner.sandbox.tables.occurrences import Occurrence
    from provisioner.sandbox.tables.series import Series

CANCELLED = "Cancelled"
_LISTED = (
    *("startDate", "startTime", "endTime", "clientStartTime", "clientEndTime"),
    *("staffId", "additionalStaffIdList", "blockStaffIdList", "locationId", "reasonId", "clientId"),
    *("seats", "price", "note", "changeReason", "cancelReason"),
)


class Appointment(NamedTuple):
    """An occurrence; `terms` are the fields that it has from its series, `fields` those with its own changes."""

    occurrence: Occurrence
    terms: dict[str, Any]
    fields: dict[str, Any]
    status: str

    @property
    def date(self) -> str:
        """The date on which it takes place."""
        date: str = self.fields["startDate"]
        return date

    @property
    def live(self) -> bool:
        """Whether it has not been cancelled."""
        return self.status != CANCELLED


def appointment(series: Series, occurrence: Occurrence) -> Appointment:
    """Put an occurrence together.

    Assumption: a date that the pattern has lost is cancelled, and so is every appointment of a cancelled series.
    """
    terms = {**(series.body if occurrence.base is None else occurrence.base), "startDate": occurrence.date}
    fields = {**terms, **occurrence.own}
    cancelled = occurrence.dropped or terms.get("status") == CANCELLED
    return Appointment(occurrence, terms, fields, CANCELLED if cancelled else fields.get("status") or "Open")


def listed(series: Series, each: Appointment) -> dict[str, Any]:
    """Return what the control API shows of an appointment; `originalDate` is the pattern's date."""
    read = shown(each.fields)
    return {
        "calendarId": each.occurrence.id,
        "recurringAppointmentId": series.id,
        "originalDate": each.occurrence.date,
        "status": each.status,
        **{name: read[name] for name in _LISTED},
        "ownChanges": each.occurrence.own,
    }
