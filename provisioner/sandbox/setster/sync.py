"""Synchronizing an employee's calendar on demand. There is no calendar out there: it is allowed, or it is not."""

from __future__ import annotations

from provisioner.sandbox.setster.call import Call, Operation
from provisioner.sandbox.setster.envelope import Code, Failure, Reply

# seed: Create an Employee, ics_service and ics_export_service, without those of Microsoft, which push by themselves
IMPORTS = {1: "Google", 2: "an Internet Calendar"}
EXPORTS = {2: "Ical", 3: "Google", 4: "Yahoo", 6: "ICalDav"}
SYNCED = Reply({}, "SYNCED")


def sync(call: Call) -> Reply:
    """Say whether the employee's calendar can be synchronized (seed: Sync Employee Calendar).

    Assumptions: Outlook, MSN and Exchange are what the page calls Microsoft, and whoever synchronizes with nothing or
    with those is refused.
    """
    export = bool(call.flag("export"))
    person = call.stored("employee")
    known, name = (EXPORTS, "ics_export_service") if export else (IMPORTS, "ics_service")
    if person[name] not in known:
        raise Failure(Code.NOT_ALLOWED, f"{name} {person[name]} cannot be synchronized on demand")
    return SYNCED


OPERATIONS = (Operation("GET", "/employee/sync/{id}", sync),)
