"""Who offers nothing, and what nobody offers: without a link, nothing can be booked."""

from __future__ import annotations

from collections.abc import Iterator

from provisioner.kinds.employee import Employee
from provisioner.kinds.link import Link
from provisioner.kinds.location import Location
from provisioner.kinds.service import Service
from provisioner.lint.rule import Found, Rule, Severity
from provisioner.lint.subject import Subject, scoped


def _offers_nothing(subject: Subject) -> Iterator[Found]:
    hollow = {scoped(each) for each, service in subject.of(Service) if service.addon or service.active is False}
    linked, offering = set(), set()
    for declared, _ in subject.of(Link):
        linked.add(scoped(declared))
        if (declared.address.account, declared.address.key[2]) not in hollow:
            offering.add(scoped(declared))
    for declared, employee in subject.of(Employee):
        # Nobody makes the owner: unless the manifests say so, nobody knows whether they take appointments.
        silent_owner = employee.owner and employee.active is None
        who = scoped(declared)
        if who not in subject.inactive | offering and not silent_owner:
            what = "only add-ons and inactive services" if who in linked else "no service anywhere"
            reason = f"this employee offers {what}, and cannot be booked"
            remedy = "name services under `at` or `links`, or write `active: false`"
            yield Found(declared.address, declared.place, reason, remedy)


def _nobody_offers(subject: Subject) -> Iterator[Found]:
    linked, offered = set(), set()
    for declared, _ in subject.of(Link):
        key = declared.address.account, declared.address.key[2]
        linked.add(key)
        if scoped(declared) not in subject.inactive:
            offered.add(key)
    for declared, service in subject.of(Service):
        key = scoped(declared)
        if key in offered or service.addon or service.active is False:
            continue
        reason = "only employees with `active: false` offer it" if key in linked else "no employee offers it"
        remedy = "add it to an employee's `services` or to `links`, or write `active: false`"
        yield Found(declared.address, declared.place, f"{reason}, so it cannot be booked", remedy)


def _nothing_offered(subject: Subject) -> Iterator[Found]:
    """Where nothing is offered in a whole account, its employees and services are told of."""
    places = {(link.address.account, link.address.key[1]) for link, _ in subject.of(Link)}
    offering = {account for account, _ in places}
    for declared, _ in subject.of(Location):
        if declared.address.account in offering and scoped(declared) not in places:
            remedy = "name services under `at` of somebody who works here, or leave the location out"
            yield Found(declared.address, declared.place, "nothing is offered here, so it cannot be booked", remedy)


OFFERS_NOTHING = Rule("employee-offers-nothing", Severity.WARNING, _offers_nothing)
NOBODY_OFFERS = Rule("service-nobody-offers", Severity.WARNING, _nobody_offers)
NOTHING_OFFERED = Rule("location-offers-nothing", Severity.WARNING, _nothing_offered)
