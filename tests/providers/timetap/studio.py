"""A studio of TimeTap's: a workspace with its sandbox, what was sent to it, and what it holds.

The year is 2083, which has the calendar of 2027 and is long to come.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

from provisioner.cli.main import run
from provisioner.cli.tenant import sandbox_file
from provisioner.plan.change import Change
from provisioner.report.layout import columns
from provisioner.report.text import Banner, Effort, plan_text
from tests.apply.crash import World

BUSINESS = "71300"
SETTINGS = """\
version: 1
provider: timetap
endpoint: sandbox
company_id: BUSINESS
limits: {concurrency: CONCURRENCY, settle: 0}
policy: {max_destroy: 100%, max_update: 100%}
"""
FIELDS: Mapping[str, Any] = {
    "every": "2 weeks",
    "days": "mon wed",
    "time": "09:30-10:15",
    "dates": "2083-01-04..2083-03-31",
    "staff": 33,
    "location": 11,
    "reason": 22,
}
DATES = [
    *("2083-01-04", "2083-01-06", "2083-01-18", "2083-01-20", "2083-02-01", "2083-02-03", "2083-02-15", "2083-02-17"),
    *("2083-03-01", "2083-03-03", "2083-03-15", "2083-03-17", "2083-03-29", "2083-03-31"),
]
YOGA = "recurring_appointment/yoga"
Json = dict[str, Any]
NULL = object()
"""A null in the manifest, where None leaves a field out."""


def written(**series: Mapping[str, Any]) -> str:
    """A manifest of these series; JSON is YAML, and null leaves a field out."""
    return json.dumps({"recurring_appointments": {key: _fields(each) for key, each in series.items()}})


def _fields(fields: Mapping[str, Any]) -> Json:
    named = {name: value for name, value in {**FIELDS, **fields}.items() if value is not None}
    return {name: None if value is NULL else value for name, value in named.items()}


class Sent(NamedTuple):
    """One write that left for the vendor."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Json


@dataclass
class Studio(World):
    """One workspace of TimeTap's with its tenant."""

    sent: list[Sent] = field(default_factory=list)

    def settings(self) -> str:
        """The workspace's settings."""
        return SETTINGS.replace("CONCURRENCY", str(self.concurrency)).replace("BUSINESS", BUSINESS)

    # -- runs

    def want(self, **series: Mapping[str, Any]) -> None:
        """What is wanted from now on."""
        self.write(written(**series))

    def done(self, **series: Mapping[str, Any]) -> list[Sent]:
        """Apply, see it done and nothing left to do; what was sent."""
        if series:
            self.want(**series)
        self.sent.clear()
        ended = self.apply(wrap=self._noting)
        assert ended == 0, ended
        self.settled()
        return [each for each in self.sent if each.method != "GET" and not each.path.endswith("/get/dates")]

    def settled(self) -> None:
        """The next plan has nothing to say, and the state nothing to learn."""
        plan = self.plan()
        assert (plan.changes, plan.refreshed, plan.pending) == ((), {}, ()), [c.fields for c in plan.changes]

    def change(self) -> Change:
        """The one change of the next plan."""
        (change,) = self.plan().changes
        return change

    def text(self, width: int = 100) -> list[str]:
        """The next plan as it is printed."""
        lines = plan_text(self.plan(), Banner(True, "sandbox", BUSINESS), Effort(0, 0, 0), width).splitlines()
        assert max(map(columns, lines)) <= width
        return [line.strip() for line in lines]

    def command(self, *arguments: str) -> int:
        """The command in this process, which finds the tenant where it is embedded; its exit code."""
        with closing(sqlite3.connect(sandbox_file(self.root))) as embedded:
            self.app.state.store._db.backup(embedded)
        return run(["-C", str(self.root), *arguments])

    def _noting(self, app: Any) -> Any:
        async def between(scope: Any, receive: Any, send: Any) -> None:
            message = await receive()
            body = message.get("body") or b"{}"
            query = dict(httpx.QueryParams(scope["query_string"]))
            self.sent.append(Sent(scope["method"], scope["path"].removeprefix("/timetap"), query, json.loads(body)))

            async def again() -> Any:
                return message

            await app(scope, again, send)

        return between

    # -- what the vendor has

    def control(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """Ask the sandbox about itself, or change its rules."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
                return await client.request(method, f"/_sandbox{path}", json=body or {})

        answer = asyncio.run(ask())
        assert answer.status_code == 200, answer.text
        return answer.json()

    def calls(self) -> list[str]:
        """What the sandbox's log has, signing in and looking left out, as method, path and query."""
        return [
            f"{each['method']} {each['path'].removeprefix('/timetap')} {_query(each['query'])}".rstrip()
            for each in self.control("/calls")
            if each["method"] != "GET" and not each["path"].endswith("/get/dates")
        ]

    def series(self) -> list[Json]:
        """Every series with its occurrences, the cancelled ones as well."""
        held: list[Json] = self.control("/timetap/series")
        return held

    def one(self) -> Json:
        """The only series."""
        (found,) = self.series()
        return found

    def occurrences(self) -> dict[str, Json]:
        """The occurrences of the only series by their dates in the pattern."""
        return {each["originalDate"]: each for each in self.one()["occurrences"]}

    def messages(self) -> list[tuple[str, str]]:
        """What would have been sent, as what it is about and to whom."""
        return [(each["about"], each["to"]) for each in self.control("/timetap/messages")]

    def live(self) -> Mapping[str, Counter[str]]:
        """The reasons of the series that go on, each with what its occurrences are like."""
        going = [each for each in self.series() if each["status"] != "Cancelled"]
        return {"series": Counter(f"{each['reasonId']} {_occurring(each)}" for each in going)}

    def ids(self) -> set[tuple[str, str]]:
        """(kind, id) of every series that goes on."""
        going = [each for each in self.series() if each["status"] != "Cancelled"]
        return {("recurring_appointment", str(each["recurringAppointmentId"])) for each in going}


def _query(query: Mapping[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(query.items()))


def _occurring(series: Json) -> str:
    kept = ("startDate", "startTime", "endTime", "status", "note")
    return json.dumps([{name: each[name] for name in kept} for each in series["occurrences"]])
