"""Where the store and the booking engine meet: one service at one location, read once and asked for any time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from provisioner.sandbox.setster import rota, zones
from provisioner.sandbox.setster.envelope import invalid, missing
from provisioner.sandbox.setster.terms import terms
from provisioner.sandbox.slots.agenda import Agenda, Taken, Worker
from provisioner.sandbox.slots.engine import LONGEST, offered
from provisioner.sandbox.tables import accounts, appointments, hours, links, objects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.sandbox.setster.call import Call
    from provisioner.sandbox.setster.shape import Record
    from provisioner.sandbox.slots.engine import Offered
    from provisioner.sandbox.slots.rules import Rule
    from provisioner.sandbox.slots.spans import Span
    from provisioner.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """Who can be booked for what and where: `service` and `location` are ids, `agenda` is the rest without bookings."""

    store: Store
    company: int
    service: int
    location: int
    agenda: Agenda
    now: float

    def offered(self, window: Span, *, ignoring: int | None = None) -> Offered:
        """Return the starts in a window (UTC epoch seconds), as if one appointment did not exist."""
        return offered(self.agenda, self._taken(window, ignoring), window, self.now)

    def open(self, window: Span) -> Offered:
        """Return the starts in a window, as if there were no appointments."""
        return offered(self.agenda, {}, window, self.now)

    def lasting(self, seconds: int) -> Desk:
        """Return a desk for appointments of another length; their starts are the same step apart."""
        return replace(self, agenda=replace(self.agenda, terms=replace(self.agenda.terms, length=seconds)))

    def _taken(self, window: Span, ignoring: int | None) -> dict[int, list[Taken]]:
        length, padding = min(self.agenda.terms.length, LONGEST), self.agenda.terms.padding
        around = max(window[0], int(self.now)) - padding, window[1] + length + padding
        employees = [worker.employee for worker in self.agenda.workers]
        if not employees or around[0] >= around[1]:
            return {}
        return taken(self.store, self.company, employees, around, (self.service, self.location), ignoring)


def taken(
    store: Store, company: int, employees: Sequence[int], window: Span, session: tuple[int, int], ignoring: int | None
) -> dict[int, list[Taken]]:
    """Return what employees do in a window, but for one appointment; `session` is a service and a location."""
    found: dict[int, list[Taken]] = {employee: [] for employee in employees}
    for each in appointments.busy(store, company, employees, *window):
        if each.id != ignoring:
            same = (each.service_id, each.location_id) == session
            found[each.employee_id].append(Taken(each.start, each.end, each.padding * 60, same))
    return found


def desk(
    call: Call, service_id: int, subservices: Sequence[int], location_id: int | None, employee_id: int | None
) -> Desk:
    """Read all that decides what is offered.

    An id that the company does not have fails with NOT_FOUND, a sub-service that is none with INVALID_PARAMETERS.
    Assumptions: without a location it is the main one; an inactive service or sub-service, an inactive employee, one
    without the link, and an add-on that is booked alone have no starts; a sub-service needs no link.
    """
    service = call.stored("service", service_id)
    extras = [_addon(call, number) for number in dict.fromkeys(subservices)]
    where = main_location(call) if location_id is None else call.stored("location", location_id)
    if employee_id is not None:
        call.stored("employee", employee_id)
    options = {} if service["active_rules"] else accounts.get(call.store, call.company)["options"]
    bookable = service["status"] and not service["is_subservice"] and all(each["status"] for each in extras)
    agenda = Agenda(
        zone=zones.ZONES[where["timezone_id"]],
        holidays=holidays(call),
        terms=terms(service, extras, options),
        workers=_workers(call, where["id"], service_id, employee_id) if bookable else (),
    )
    return Desk(call.store, call.company, service_id, where["id"], agenda, call.world.now().timestamp())


def _addon(call: Call, number: int) -> Record:
    service = call.stored("service", number)
    if not service["is_subservice"]:
        raise invalid(f"service {number} is no sub-service")
    return service


def main_location(call: Call) -> Record:
    """Return the company's main location."""
    for each in objects.listed(call.store, "location", call.company):
        if each["is_main"]:
            return each
    raise missing("location", "main")


def holidays(call: Call) -> tuple[Rule, ...]:
    """Return the account's enabled holidays."""
    listed = objects.listed(call.store, "holiday", call.company)
    return tuple(rota.holiday(each) for each in listed if each["enabled"])


def _workers(call: Call, location: int, service: int, employee: int | None) -> tuple[Worker, ...]:
    linked = links.providers(call.store, call.company, location, service)
    return workers(call, location, [each for each in linked if employee in (None, each)])


def workers(call: Call, location: int, employees: Sequence[int]) -> tuple[Worker, ...]:
    """Return employees with their hours at a location, in the order given."""
    shifts: dict[int, list[rota.Shift]] = {employee: [] for employee in employees}
    for employee, entry in hours.at(call.store, employees, location):
        shifts[employee].append(rota.shift(entry))
    return tuple(
        Worker(employee, tuple(s.rule for s in own if not s.away), tuple(s.rule for s in own if s.away))
        for employee, own in shifts.items()
    )
