"""A client of TimeTap's, in a sandbox that a test has opened."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.conftest import open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.sandbox.conftest import Sandbox

API = "/timetap"
PATH = "/recurringappointments"
SIGNATURE = hashlib.md5(b"sandboxsandbox-private", usedforsecurity=False).hexdigest()

# What the page marks as required, and the type, for Mondays and Wednesdays of two weeks.
CLASS = {
    "type": "W",
    "everyXWeeks": 1,
    "mon": True,
    "wed": True,
    "startDate": "2027-01-04",
    "endDate": "2027-01-17",
    "startTime": 930,
    "endTime": 1015,
    "location": {"locationId": 11},
    "reason": {"reasonId": 22},
    "staff": {"staffId": 33},
}
DATES = ["2027-01-04", "2027-01-06", "2027-01-11", "2027-01-13"]


@dataclass
class TimeTap:
    """A client that signs in by itself."""

    sandbox: Sandbox
    token: str = ""

    def ask_token(self, **query: Any) -> httpx.Response:
        """Ask for a token; None leaves a parameter out."""
        asked = {
            "apiKey": "sandbox",
            "timestamp": int(self.sandbox.clock().timestamp()),
            "signature": SIGNATURE,
        } | query
        params = {name: value for name, value in asked.items() if value is not None}
        return self.sandbox.request("GET", f"{API}/sessionToken", params=params)

    def sign_in(self) -> None:
        answer = self.ask_token()
        assert answer.status_code == 200, answer.text
        assert list(answer.json()) == ["sessionToken"]
        self.token = answer.json()["sessionToken"]

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        """Send a call as a signed-in client does."""
        options = {} if body is None else {"json": body}
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.sandbox.request(method, f"{API}{path}", params=query, headers=headers, **options)

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = self.send(method, path, body, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, status: int, method: str, path: str, body: Any = None, **query: Any) -> str:
        """Send a call that has to be refused and return the reason."""
        answer = self.send(method, path, body, **query)
        assert answer.status_code == status, answer.text
        assert answer.json() == {"status": status, "message": answer.json()["message"]}
        return str(answer.json()["message"])

    def make(self, **fields: Any) -> dict[str, Any]:
        """Make a series and return what the vendor answers."""
        made: dict[str, Any] = self.ok("POST", PATH, CLASS | fields)
        return made

    def change(self, series: dict[str, Any], fields: dict[str, Any], **query: Any) -> dict[str, Any]:
        """Change a series that was read before."""
        number = series["recurringAppointmentId"]
        changed: dict[str, Any] = self.ok("PUT", f"{PATH}/{number}", series | fields, **query)
        return changed

    def change_one(self, series: dict[str, Any], fields: dict[str, Any], **query: Any) -> dict[str, Any]:
        """Change a series by one of its appointments."""
        body = {"recurringAppt": series, "updatedAppt": fields}
        path = f"{PATH}/{series['recurringAppointmentId']}/updateByAppt"
        changed: dict[str, Any] = self.ok("PUT", path, body, **query)
        return changed

    def dates(self, **fields: Any) -> list[str]:
        found: list[str] = self.ok("POST", f"{PATH}/get/dates", CLASS | fields)
        return found

    def occurrences(self) -> dict[str, dict[str, Any]]:
        """The appointments of the only series, by the pattern's date."""
        (series,) = self.sandbox.control("GET", "/timetap/series")
        return {each["originalDate"]: each for each in series["occurrences"]}

    def told(self, name: str) -> dict[str, Any]:
        """What one field reads as in each appointment of the only series."""
        return {date: each[name] for date, each in self.occurrences().items()}


@pytest.fixture
def timetap(sandbox: Sandbox) -> TimeTap:
    client = TimeTap(sandbox)
    client.sign_in()
    return client


@pytest.fixture(scope="module")
def shared_timetap() -> Iterator[TimeTap]:
    """A client for many examples, in a sandbox in memory."""
    sandbox = open_sandbox(":memory:")
    client = TimeTap(sandbox)
    client.sign_in()
    yield client
    sandbox.close()
