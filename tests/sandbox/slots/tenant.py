"""A tenant in the words of the API's bodies, and how it is written into a sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

Body = dict[str, Any]


class Booked(NamedTuple):
    """An appointment that was made; employee, location and service are places in the tenant's lists."""

    employee: int
    location: int
    service: int
    start: datetime
    minutes: int
    padding: int


@dataclass(frozen=True)
class Person:
    """An employee: its status, its hours with a place in the list of locations, and (location, service) links."""

    status: bool
    hours: tuple[Body, ...]
    links: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Tenant:
    """All that decides what can be booked; `now` is the sandbox's time, and `zones` are those of the locations."""

    now: datetime
    zones: tuple[str, ...]
    services: tuple[Body, ...]
    people: tuple[Person, ...]
    holidays: tuple[Body, ...] = ()
    options: Body = field(default_factory=dict)
    booked: tuple[Booked, ...] = ()


@dataclass(frozen=True)
class Written:
    """The ids of a tenant that was written, in the order of its lists."""

    caller: Caller
    company: int
    locations: list[int]
    services: list[int]
    people: list[int]

    def ask(self, service: int, **query: Any) -> Body:
        """Ask for the availability of a service."""
        found: Body = self.caller.ok("GET", "/availability", company_id=self.company, service_id=service, **query)
        return found

    def book(self, body: Body) -> Body:
        """Try to book, and return the envelope."""
        about = {"client_email": "liv@example.com", "client_name": "Liv", "company_id": self.company}
        return self.caller.call("POST", "/appointment", about | body, company_id=self.company)


def write(caller: Caller, tenant: Tenant, nick_name: str, zone_ids: dict[str, int]) -> Written:
    """Make a company of its own for a tenant."""
    company = caller.child(nick_name)
    scope = {"company_id": company}
    about = {"company_id": company}
    if tenant.options:
        caller.ok("POST", "/account/saveOptions", tenant.options, **scope)
    locations = [
        caller.ok("POST", "/location", about | {"name": "L", "timezone_id": zone_ids[zone]}, **scope)[0]["id"]
        for zone in tenant.zones
    ]
    services = [caller.ok("POST", "/service", about | {"name": "S"} | each, **scope)["id"] for each in tenant.services]
    people = []
    for number, person in enumerate(tenant.people):
        links: dict[str, dict[str, int]] = {}
        for location, service in person.links:
            links.setdefault(str(locations[location]), {})[str(services[service])] = 1
        body: Body = {"email": f"{nick_name}.{number}@e.example", "first_name": "A", "last_name": "B"}
        body |= {"links": links or [], "status": person.status}
        people.append(caller.ok("POST", "/employee", about | body, **scope)[0]["id"])
        hours = [
            each | ({"location_id": locations[each["location_id"]]} if "location_id" in each else {})
            for each in person.hours
        ]
        caller.ok("PUT", f"/employee/{people[-1]}/assignAvailability", {"availabilities": hours}, **scope)
    for each in tenant.holidays:
        caller.ok("POST", "/availability/saveHoliday", about | each, **scope)
    return Written(caller, company, locations, services, people)
