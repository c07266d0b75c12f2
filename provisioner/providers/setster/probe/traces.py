"""What probes have left in an account: found by its names, and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from provisioner.errors import ProvisionerError
from provisioner.providers.setster.probe import marks
from provisioner.providers.setster.session import Session
from provisioner.providers.setster.sought import listed_objects
from provisioner.providers.verdict import Errand, Purpose

Is = Callable[[Mapping[str, Any]], bool]


class Sort(NamedTuple):
    """One sort of object that probes make."""

    kind: str
    path: str
    query: Mapping[str, str]
    """What lists them."""
    id: str
    is_ours: Is


SORTS = (  # in the order in which they go: nothing is deleted while something else needs it
    Sort("appointment", "/appointment", {"client_email": marks.CLIENT, "end": "all"}, "id", marks.is_appointment),
    Sort("client", "/client", {"email": marks.CLIENT}, "client_id", marks.is_client),
    Sort("service", "/service", {}, "id", marks.is_service),
    Sort("employee", "/employee", {"statuses": "all"}, "id", marks.is_employee),
)
BY_KIND = {sort.kind: sort for sort in SORTS}


class Trace(NamedTuple):
    """One object that a probe made."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(slots=True)
class Traces:
    """The traces in one account."""

    session: Session
    company: str
    made: dict[Trace, None] = field(default_factory=dict)
    """What this run is known to have made and not yet deleted."""
    deleted: int = 0
    """How many requests it took so far."""

    async def found(self, kind: str) -> list[Trace]:
        """Those of a sort that are live. Raises ProvisionerError."""
        sort = BY_KIND[kind]
        data = await self.session.get(sort.path, self.company, **sort.query)
        return [Trace(kind, str(raw[sort.id])) for raw in listed_objects(data, sort.id) if sort.is_ours(raw)]

    async def clean(self) -> list[str]:
        """Delete all of them; says of each that is left why. Raises nothing that a vendor or a network can cause."""
        left: list[str] = []
        for sort in SORTS:
            there = [trace for trace in self.made if trace.kind == sort.kind]
            try:
                there += [trace for trace in await self.found(sort.kind) if trace not in there]
            except ProvisionerError as error:
                left.append(f"perhaps some {sort.kind}s: {error}")
            for trace in there:
                why = await self.delete(trace)
                if why:
                    left.append(f"{trace}: {why}")
        return left

    async def delete(self, trace: Trace) -> str:
        """Delete one; why it could not be, or ""."""
        self.deleted += 1
        path = f"{BY_KIND[trace.kind].path}/{trace.id}"
        errand = Errand(Purpose.DELETE)
        reply = await self.session.write("DELETE", path, self.company, errand=errand, sending=lambda: None)
        if reply.ok:
            self.made.pop(trace, None)
        return "" if reply.ok else reply.why
