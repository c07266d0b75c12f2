"""A salon that can be booked, and what it offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.salon import Salon, opened_salon

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox

DAY = "2026-03-10"  # a Tuesday, the second one in March


@dataclass(frozen=True)
class Desk:
    """A salon whose employee works from nine to five; its sandbox lives on 2026-03-02 at 9:00 UTC, 1:00 local."""

    sandbox: Sandbox
    salon: Salon

    def asked(self, day: str = DAY, **query: Any) -> dict[str, Any]:
        """Return an answer to GET /availability, by default the times of one day."""
        about = {"service_id": self.salon.service, "location_id": self.salon.location, "start_date": day}
        about |= {"t": "daily", "return": "times"}
        found: dict[str, Any] = self.sandbox.ok("GET", "/availability", **about | query)
        return found

    def times(self, day: str = DAY, **query: Any) -> str:
        """Return the starts as words, without their seconds."""
        times = self.asked(day, **query)["times"]
        assert all(each.endswith(":00") for each in times)
        return " ".join(each.removesuffix(":00") for each in times)

    def service(self, **fields: Any) -> None:
        """Change the service."""
        self.sandbox.ok("PUT", f"/service/{self.salon.service}", {"name": "Massage", "duration": 60} | fields)

    def hours(self, *entries: dict[str, Any]) -> None:
        """Replace the employee's hours."""
        body = {"availabilities": entries}
        self.sandbox.ok("PUT", f"/employee/{self.salon.employee}/assignAvailability", body)

    def holiday(self, **fields: Any) -> int:
        """Add a holiday, by default the whole day."""
        whole = {"start_date": f"{DAY} 00:00:00", "end_date": f"{DAY} 23:59:59"}
        body = {"name": "Feast", "type": 2} | whole | fields
        return int(self.sandbox.ok("POST", "/availability/saveHoliday", body)["id"])

    def refused(self, start: str, **fields: Any) -> tuple[int, int]:
        """Try to book, and return the HTTP status and the code."""
        met = self.sandbox.attempt("POST", "/appointment", self.salon.body(start, **fields))
        assert isinstance(met.end, int)
        assert met.code
        return met.end, met.code


@pytest.fixture
def desk(sandbox: Sandbox) -> Desk:
    return Desk(sandbox, opened_salon(sandbox))
