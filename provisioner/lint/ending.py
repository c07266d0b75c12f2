"""Hours that end soon: until when a location can be booked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from provisioner.kinds.link import Link
from provisioner.kinds.location import Location
from provisioner.lint.rule import NAMED, Found, Rule, Severity
from provisioner.lint.subject import Scoped, Subject
from provisioner.opening import Opening

SOON = timedelta(days=60)
"""How long before the end it is told: long enough to ask people when they will work."""


def _ending(subject: Subject) -> Iterator[Found]:
    staff = _staff(subject)
    for declared, _ in subject.of(Location):
        scope, location = declared.address.account, declared.address.key[0]
        opening = subject.openings[scope]
        ends = {
            employee: max(shift.dates.end for shift in shifts)
            for employee in staff.get((scope, location), ())
            if (shifts := opening.roster.hours.get((employee, location)))
        }
        soon = {employee: end for employee, end in ends.items() if subject.today <= end <= subject.today + SOON}
        if soon:
            reason = f"{_those(soon, len(ends))} no hours here after {max(soon.values())}"
            if len(soon) == len(ends) and (stops := _stops(opening, location, soon)) is not None:
                reason += f": it {'stops' if stops > subject.today else 'stopped'} being bookable on {stops}"
            yield Found(declared.address, declared.place, reason, "add hours with later dates")


def _staff(subject: Subject) -> Mapping[Scoped, dict[str, None]]:
    """The active employees who offer something at a location that follows their hours."""
    staff: dict[Scoped, dict[str, None]] = {}
    for declared, _ in subject.of(Link):
        scope, _, (employee, location, service) = declared.address
        roster = subject.openings[scope].roster
        offering, person = roster.offerings.get(service), roster.people.get(employee)
        if person and person.active and offering and offering.active and offering.schedule is None:
            staff.setdefault((scope, location), {})[employee] = None
    return staff


def _those(soon: Iterable[str], all_of_them: int) -> str:
    """`7 of 9 employees (ana, ben, eva and 4 more) have`."""
    names = [*soon]
    listed = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    if all_of_them == 1:
        return f"{listed} has"
    every = "both" if all_of_them == 2 else f"all {all_of_them}"
    count = every if len(names) == all_of_them else f"{len(names)} of {all_of_them}"
    return f"{count} employees ({listed}) have"


def _stops(opening: Opening, location: str, ends: Mapping[str, date]) -> date | None:
    """The day after the last one on which anybody is there; None where set times go on after it, or nobody was."""
    last = max(ends.values())
    for service, offering in opening.roster.offerings.items():
        later = offering.schedule and max(shift.dates.end for shift in offering.schedule) > last
        if later and opening.linked(location, service):
            return None
    days = (last - timedelta(days=back) for back in range(SOON.days + 1))
    open_ = (day for day in days if any(opening.day(employee, location, day).open for employee in ends))
    day = next(open_, None)
    return day + timedelta(days=1) if day else None


ENDING = Rule("hours-end-soon", Severity.WARNING, _ending)
