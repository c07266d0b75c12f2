"""The appointments that a plan strands: looked for with it, and again after somebody took the time to read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from provisioner.errors import RefusedError
from provisioner.kinds import Address
from provisioner.kinds.desired import Removal
from provisioner.plan.change import Plan
from provisioner.plan.stranding import Allowed, idle_words, strand
from provisioner.providers.clock import Clock
from provisioner.reading.appointments import Appointments


@dataclass(frozen=True, slots=True)
class Bookings:
    """How they are looked for, and what somebody allowed of them."""

    appointments: Appointments
    removed: Mapping[Address, Removal]
    allowed: tuple[Allowed, ...]
    clock: Clock
    whole: bool

    async def look(self, plan: Plan) -> Plan:
        """The plan with what it strands now."""
        now = self.clock.moment()
        stranded = await self.appointments.stranded(plan.changes, now)
        if stranded is None:
            idle = (note for note in idle_words(self.allowed) if note not in plan.notes)
            return replace(plan, notes=(*plan.notes, *idle))
        echoes = await self.appointments.echoes(plan.changes, stranded)
        return strand(plan, stranded, self.removed, self.allowed, now, whole=self.whole, echoes=echoes)

    async def look_again(self, plan: Plan) -> None:
        """See that nobody booked since who would be stranded as well. Raises RefusedError."""
        if plan.booked is None:
            return
        if blocked := (await self.look(plan)).blocked:
            more = f", and so it is with {len(blocked) - 1} more changes" if len(blocked) > 1 else ""
            raise RefusedError(
                f"somebody booked while the plan was read: {blocked[0].address} would strand "
                f"{len(blocked[0].stranded)} appointments now{more}: nothing was applied. Plan again to see them"
            )
