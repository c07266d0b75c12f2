"""A company that can be booked: one service of an hour, one employee who works from nine to five, Monday to Friday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sandbox.conftest import Caller

WORKDAYS = {day: {"time": [["09:00", "17:00"]]} for day in ("mo", "tu", "we", "th", "fr")}
HOURS = {"repeat": 1, "type": 0, "start_date": "1/1/2026", "end_date": "12/31/2027", "days": WORKDAYS}


@dataclass(frozen=True)
class Salon:
    """Its ids, and how it is booked."""

    caller: Caller
    location: int
    employee: int
    service: int

    def body(self, start: str = "2026-03-10 12:00", **fields: Any) -> dict[str, Any]:
        """Return a body that books an hour on a Tuesday."""
        said = {"company_id": self.caller.company, "client_email": "liv@example.com", "client_name": "Liv"}
        said |= {"service_id": self.service, "start_date": start, "employee_id": self.employee}
        return said | {"location_id": self.location} | fields

    def book(self, start: str = "2026-03-10 12:00", **fields: Any) -> int:
        return int(self.caller.ok("POST", "/appointment", self.body(start, **fields))["id"])

    def read(self, number: int) -> dict[str, Any]:
        (shown,) = self.caller.ok("GET", f"/appointment/{number}")
        return dict(shown)

    def found(self, **query: Any) -> list[int]:
        return [each["id"] for each in self.caller.ok("GET", "/appointment", **query)]

    def hired(self, email: str, service: int | None = None) -> int:
        """Add an employee who works like the first one."""
        links = {str(self.location): {str(service or self.service): 1}}
        number = self.caller.employee(email, status=True, links=links)
        self.caller.ok("PUT", f"/employee/{number}/assignAvailability", {"availabilities": [HOURS]})
        return number


def opened_salon(caller: Caller, zone: int | None = None, **service: Any) -> Salon:
    """Make one; `zone` is that of its location."""
    location = caller.location(**({"timezone_id": zone} if zone else {}))
    salon = Salon(caller, location, 0, caller.service(**service))
    return Salon(caller, location, salon.hired("ann@example.com"), salon.service)
