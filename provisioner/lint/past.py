"""Dates that are over: of working hours, where nobody is told when their end has passed, and of series."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.hours import Hours
from provisioner.kinds.recurring_appointment import RecurringAppointment
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Subject, scoped

_SHOWN = 3
"""Entries that are named; the rest is counted."""


def _past(subject: Subject) -> Iterator[Found]:
    for declared, hours in subject.of(Hours):
        over = [shift for shift in hours.hours if shift.dates.end < subject.today]
        if not over or scoped(declared) in subject.inactive:
            continue
        if len(over) == len(hours.hours):
            last = max(shift.dates.end for shift in over)
            who = declared.address.key[0]
            reason = f"these hours ended on {last}, and {who} cannot be booked here any more"
            yield Found(declared.address, declared.place, reason, "add an entry with later dates")
        else:
            named = ", ".join(str(shift.dates) for shift in over[:_SHOWN])
            more = f" and {len(over) - _SHOWN} more" if len(over) > _SHOWN else ""
            one = len(over) == 1
            reason = f"the entr{'y' if one else 'ies'} {named}{more} {'is' if one else 'are'} over"
            yield Found(declared.address, declared.place, reason, f"remove {'it' if one else 'them'}")


def _over(subject: Subject) -> Iterator[Found]:
    for declared, series in subject.of(RecurringAppointment):
        end = series.dates.end
        if end and end < subject.today:
            remedy = "move its end, or take it out under removed: with how: forget"
            yield Found(declared.address, declared.place, f"its dates ended on {end}: no date of it is to come", remedy)


SERIES_OVER = Rule("series-past-its-end", Severity.INFO, _over)
PAST = Rule("hours-past-their-end", Severity.WARNING, _past)
