"""What is offered and can never be booked, as far as the manifests say."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.desired import Declared
from provisioner.kinds.employee import Employee
from provisioner.kinds.hours import Hours
from provisioner.kinds.link import Link
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Scoped, Subject, scoped
from provisioner.opening import CLOSES, Cause, sentence

_MEANT = {Cause.SERVICE_INACTIVE, Cause.ONLY_ADDON}
_TOLD = {Cause.NO_HOURS, Cause.HOURS_ENDED, Cause.NOTICE_BEYOND_HORIZON, Cause.EMPLOYEE_INACTIVE}
"""What a rule of its own speaks of, and what is meant of one employee of several."""
_SHOWN = 3
"""Causes that are named; the rest is counted."""


def _never(subject: Subject) -> Iterator[Found]:
    offers = _offers(subject)
    somewhere = {(scope, service) for scope, location, service in offers if _anybody(subject, scope, location, service)}
    for (scope, location, service), declared in offers.items():
        opening, addon = subject.opening(scope, location, service)
        anybody = _anybody(subject, scope, location, service)
        # Where nobody who offers it anywhere is active, `service-nobody-offers` says so of the service.
        if not anybody and (scope, service) not in somewhere:
            continue
        whys = opening.verdict(location, service).whys
        if not whys or any(why.cause in _MEANT for why in whys) or (anybody and all(w.cause in _TOLD for w in whys)):
            continue
        when = "can never be booked"
        if later := opening.later(location, service):
            if not any(why.cause in CLOSES for why in whys):
                continue  # it has not begun yet, and does so by itself
            when = f"cannot be booked before {later.first.start:%Y-%m-%d}"
        causes = [*dict.fromkeys(map(sentence, whys))]
        more = f"; and {len(causes) - _SHOWN} more causes" if len(causes) > _SHOWN else ""
        along = f" with {addon}, the shortest add-on there" if addon else ""
        reason = f"{service} {when}{along} at {location}: {'; '.join(causes[:_SHOWN])}{more}"
        yield Found(declared.address, declared.place, reason, "change one of them, or take the service away there")


def _anybody(subject: Subject, scope: str, location: str, service: str) -> bool:
    """Whether any of those who offer it there is active."""
    return any((scope, who) not in subject.inactive for who in subject.openings[scope].linked(location, service))


def _offers(subject: Subject) -> dict[tuple[str, str, str], Declared]:
    """What is offered where, each with the first link of it."""
    found: dict[tuple[str, str, str], Declared] = {}
    for declared, _ in subject.of(Link):
        account, _, (_, location, service) = declared.address
        found.setdefault((account, location, service), declared)
    return found


def _hourless(subject: Subject) -> Iterator[Found]:
    timed = {declared.address.account for declared, _ in subject.of(Hours)}
    # Owners were there before: unless the manifests say so, nobody knows whether they take appointments.
    silent = {scoped(each) for each, employee in subject.of(Employee) if employee.owner and employee.active is None}
    told: set[tuple[str, Scoped]] = set()
    for declared, _ in subject.of(Link):
        account, _, (employee, location, service) = declared.address
        roster = subject.openings[account].roster if account in timed else None
        if roster is None or (account, (employee, location)) in told or roster.hours.get((employee, location)):
            continue
        offering, person = roster.offerings.get(service), roster.people.get(employee)
        follows_hours = offering and offering.active and not offering.addon and offering.schedule is None
        if follows_hours and person and person.active and (account, employee) not in silent:
            told.add((account, (employee, location)))
            reason = "offered where the employee has no hours, so nobody can book it with them there"
            yield Found(declared.address, declared.place, reason, "add `hours` there, or take the services away")


NEVER = Rule("never-bookable", Severity.WARNING, _never)
HOURLESS = Rule("offered-without-hours", Severity.WARNING, _hourless)
