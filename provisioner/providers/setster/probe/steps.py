"""The writes of a probe, and what their traces say. Each answers a question of the dialect, or says why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from provisioner.errors import VendorError
from provisioner.providers.setster.codec import pairs, read_date, write_date
from provisioner.providers.setster.employee import read_links
from provisioner.providers.setster.hours import DAYS
from provisioner.providers.setster.probe.marks import CLIENT, NAME, Marks, fresh
from provisioner.providers.setster.probe.traces import BY_KIND, Trace, Traces
from provisioner.providers.setster.read import employee_entries
from provisioner.providers.setster.session import Reply, Session
from provisioner.providers.setster.sought import listed_objects
from provisioner.providers.verdict import Errand, Purpose, Verdict

SOON, LATER = 14, 35
"""Days until the two weeks of hours that are written one after the other."""
OPEN = {day: {"time": [["9:00", "17:00"]]} for day in DAYS}
JOB = NAME


class StoppedEarlyError(VendorError):
    """Nobody wants to know any more."""


class UnclearError(VendorError):
    """What was read back fits no answer."""


@dataclass(slots=True)
class Steps:
    """One probe of one account. Every step raises ProvisionerError when it cannot tell."""

    session: Session
    company: str
    location: str
    """A location of the account, which is not written."""
    traces: Traces
    names: Marks = field(default_factory=fresh)
    stopping: bool = False
    writes: int = 0
    doubtful: bool = False
    """Something was to be made, and nobody answered: it may appear later."""
    services: list[str] = field(default_factory=list)
    employee: str = ""

    async def write(self, purpose: Purpose, method: str, path: str, body: Mapping[str, Any]) -> Reply:
        """One write, unless it is time to stop."""
        self._go_on()
        self.writes += 1
        said = {"company_id": int(self.company), **body}
        errand = Errand(purpose)
        reply = await self.session.write(method, path, self.company, said, errand=errand, sending=lambda: None)
        self.doubtful |= purpose is Purpose.CREATE and reply.verdict is Verdict.UNKNOWN
        return reply

    def _go_on(self) -> None:
        """Raise StoppedEarlyError when it is time to stop."""
        if self.stopping:
            raise StoppedEarlyError("it was stopped before this was asked")

    async def make(self, kind: str, body: Mapping[str, Any]) -> str:
        """Make one object; its id. Raises VendorError."""
        reply = await self.write(Purpose.CREATE, "POST", BY_KIND[kind].path, body)
        return self._made(kind, reply)

    def _made(self, kind: str, reply: Reply) -> str:
        if not reply.ok:
            raise VendorError(f"no {kind} could be made: {reply.why}")
        body = reply.data[0] if isinstance(reply.data, list) and reply.data else reply.data
        id_ = str(body.get("id")) if isinstance(body, Mapping) else ""
        if not id_.isdigit():
            raise VendorError(f"making a {kind} answered no id")
        self.traces.made[Trace(kind, id_)] = None
        return id_

    # -- the questions

    async def body(self) -> str:
        """In which form a body is read: as it is, or only in `{"data": ...}`."""
        self.session.wrapped = False
        why = await self._first_service()
        if not why:
            return "raw"
        self.session.wrapped = True
        wrapped = await self._first_service()
        if not wrapped:
            return "wrapped"
        raise VendorError(why)

    async def _first_service(self) -> str:
        """Make the first service; why it is not there under its name, or ""."""
        body = {"name": self.names.services[0], "duration": 60}
        reply = await self.write(Purpose.CREATE, "POST", "/service", body)
        if reply.verdict is Verdict.NOT_EXECUTED:
            return reply.why
        id_ = self._made("service", reply)
        raw = await self._one("/service", id_)
        if raw and str(raw.get("name")) == body["name"]:
            self.services.append(id_)
            return ""
        await self.traces.delete(Trace("service", id_))  # it was made of a body that was not read
        return "a service was made without the name that it was given"

    async def people(self) -> None:
        """The employee that the other questions are about, with a link, and the second service."""
        self.services.append(await self.make("service", {"name": self.names.services[1], "duration": 60}))
        links = {self.location: {self.services[0]: 1}}
        body = {**self._person(), "status": False, "job": JOB, "send_invite_email": 0, "links": links}
        self.employee = await self.make("employee", body)

    def _person(self) -> dict[str, Any]:
        return {"email": self.names.email, "first_name": "Provisioner", "last_name": "Probe"}

    async def change(self) -> Mapping[str, Any]:
        """The employee, after a write that leaves out a field and names another link. Raises VendorError."""
        links = {self.location: {self.services[1]: 1}}
        body = {**self._person(), "status": True, "links": links}
        reply = await self.write(Purpose.UPDATE, "PUT", f"/employee/{self.employee}", body)
        if not reply.ok:
            raise VendorError(f"the employee could not be changed: {reply.why}")
        raw = await self._one("/employee", self.employee, statuses="all", include_links="1")
        if raw is None:
            raise UnclearError("the employee is not listed")
        return raw

    def put(self, raw: Mapping[str, Any]) -> str:
        """Whether the field that was left out is still what it was."""
        job = raw.get("job")
        if job == JOB:
            return "partial"
        if job in (None, ""):
            return "full"
        raise UnclearError("a field that was left out reads as something else than before, and not as empty")

    def links(self, raw: Mapping[str, Any]) -> str:
        """Whether the link that was not named is still there."""
        if "links" not in raw:
            raise UnclearError("the list of employees shows no links")
        services = {live.refs[2] for live in read_links(raw)}
        if self.services[1] not in services:
            raise UnclearError(f"the link that was written is not shown ({len(list(pairs(raw['links'])))} are)")
        return "merge" if self.services[0] in services else "replace"

    async def hours(self) -> str:
        """Whether hours that were written first are still there after others were written."""
        first, second = self._day(LATER), self._day(SOON)
        await self._write_hours(first)
        await self._write_hours(second)
        found = set(map(_begin, await self._entries()))
        if second not in found:
            raise UnclearError("the hours that were written are not shown")
        return "merge" if first in found else "replace"

    async def _write_hours(self, begin: date) -> None:
        dates = {"start_date": write_date(begin), "end_date": write_date(begin + timedelta(days=6))}
        entry = {"repeat": 1, "type": 0, **dates, "location_id": int(self.location), "days": OPEN}
        path = f"/employee/{self.employee}/assignAvailability"
        reply = await self.write(Purpose.UPDATE, "PUT", path, {"availabilities": [entry]})
        if not reply.ok:
            raise VendorError(f"hours could not be written: {reply.why}")

    async def booked(self) -> str:
        """Whether a service with an appointment in the future can be deleted."""
        self._go_on()
        service = self.services[1]
        start = await self._start(service)
        where = {"service_id": int(service), "location_id": int(self.location), "employee_id": int(self.employee)}
        who = {"client_name": NAME, "client_email": CLIENT}
        appointment = Trace("appointment", await self.make("appointment", {**where, **who, "start_date": start}))
        self._go_on()
        if why := await self.traces.delete(Trace("service", service)):
            await self._check_refusal(Trace("service", service), appointment, why)
            return "refuse"
        if await self._one("/service", service) is not None:
            raise UnclearError("the service was deleted, and is still listed")
        if not await self.traces.found("appointment"):
            raise UnclearError("the service was deleted, and its appointment with it")
        return "keep"

    async def _check_refusal(self, service: Trace, appointment: Trace, why: str) -> None:
        """See that it is the appointment that a service is kept for, and no mishap. Raises VendorError."""
        if not await self.traces.delete(service):
            raise UnclearError(f"the service was kept once ({why}), and then deleted")
        if left := await self.traces.delete(appointment):
            raise UnclearError(f"the appointment cannot be deleted: {left}")
        if left := await self.traces.delete(service):
            raise UnclearError(f"the service is kept even when nothing is booked: {left}")

    async def _start(self, service: str) -> str:
        """A time that is offered; "Y-m-d H:M"."""
        day = self._day(SOON + 2)
        where = {"service_id": service, "location_id": self.location, "provider_id": self.employee}
        how = {"start_date": str(day), "t": "daily", "return": "times"}
        data = await self.session.get("/availability", self.company, **where, **how)
        times = data.get("times") if isinstance(data, Mapping) else None
        if not isinstance(times, list) or not times:
            raise VendorError("the account offers no time for an appointment in two weeks")
        return f"{day} {str(times[0])[-8:][:5]}"

    # -- reading

    async def _one(self, path: str, id_: str, **query: str) -> Mapping[str, Any] | None:
        found = listed_objects(await self.session.get(path, self.company, **query))
        return next((raw for raw in found if str(raw["id"]) == id_), None)

    async def _entries(self) -> list[Mapping[str, Any]]:
        return await employee_entries(self.session, self.company, self.employee)

    def _day(self, ahead: int) -> date:
        today = datetime.fromtimestamp(self.session.client.clock.date(), UTC).date()
        return today + timedelta(days=ahead)


def _begin(entry: Mapping[str, Any]) -> date | None:
    try:
        return read_date(str(entry.get("start_date")))
    except ValueError:
        return None
