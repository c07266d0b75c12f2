"""Hours of somebody who offers only what takes place at set times: outside of those, the hours open nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from provisioner.kinds.calendar import DAYS, Week, merge, text_interval
from provisioner.kinds.hours import Hours, Shift
from provisioner.kinds.link import Link
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Subject, scoped
from provisioner.opening.intervals import without
from provisioner.opening.roster import Offering


def _outside(subject: Subject) -> Iterator[Found]:
    offered: dict[tuple[str, str, str], list[Offering]] = {}
    for declared, _ in subject.of(Link):
        scope, _, (employee, location, service) = declared.address
        offering = subject.openings[scope].roster.offerings.get(service)
        if offering and offering.active and not offering.addon:
            offered.setdefault((scope, employee, location), []).append(offering)
    for declared, hours in subject.of(Hours):
        employee, location = declared.address.key
        own = offered.get((declared.address.account, employee, location), [])
        schedules = [each.schedule for each in own if each.schedule is not None]
        if not own or len(schedules) < len(own) or scoped(declared) in subject.inactive:
            continue
        kept = _week((shift for schedule in schedules for shift in schedule), subject.today)
        worked = _week(hours.hours, subject.today)
        if where := next(_beyond(worked, kept), None):
            reason = f"all that is offered here takes place at set times, and {where} is none of them"
            yield Found(
                declared.address, declared.place, reason, "shorten the hours, or offer something that follows them"
            )


def _week(shifts: Iterable[Shift], today: date) -> Week:
    """Everything that any shift has on a day of the week, past ones left out."""
    weeks = [week for dates, week in shifts if dates.end >= today]
    return tuple(merge(each for week in weeks for each in week[day]) for day in range(7))


def _beyond(worked: Week, kept: Week) -> Iterator[str]:
    for day, (own, others) in enumerate(zip(worked, kept, strict=True)):
        for interval in without(own, others):
            yield f"{DAYS[day]} {text_interval(interval)}"


OUTSIDE = Rule("hours-outside-set-times", Severity.INFO, _outside)
