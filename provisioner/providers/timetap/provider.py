"""The vendor as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from provisioner.kinds import Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.live import Evidence, Live
from provisioner.plan.change import Change, Outlook
from provisioner.providers.base import Ask, Call, Capability, Outcome, Question, Surroundings, Traffic
from provisioner.providers.timetap.calls import build_calls
from provisioner.providers.timetap.outlook import foresee
from provisioner.providers.timetap.read import KIND, read
from provisioner.providers.timetap.send import Sender
from provisioner.providers.timetap.session import Session

CAPABILITIES: Mapping[str, Capability] = {KIND: Capability(listed=False, sought=True)}


@dataclass(slots=True)
class TimeTap:
    """The series of one business."""

    session: Session
    company_id: str
    capabilities: Mapping[str, Capability] = field(default_factory=lambda: CAPABILITIES)
    books: bool = False
    """Its API lists no appointments (seed: Recurring Appointments, which is all there is of it)."""
    opens: bool = False
    """It does not say what is free, either."""

    @property
    def traffic(self) -> Traffic:
        """What was sent so far."""
        return self.session.client.traffic

    @property
    def name(self) -> str:
        """The API does not say what the business calls itself."""
        return ""

    async def sign_in(self) -> None:
        """Open a session; raises SignInError."""
        await self.session.ready(0)

    async def read(self, asks: Sequence[Ask]) -> Evidence:
        """Answer every ask."""
        before, seconds = self.traffic.reads, self.traffic.seconds
        found = await read(self.session, asks, self.company_id)
        return Evidence(found, reads=self.traffic.reads - before, seconds=self.traffic.seconds - seconds)

    async def bookings(self, account_id: str, since: datetime) -> tuple[Booking, ...]:
        """Nothing can be told of them."""
        del account_id, since
        return ()

    async def openings(self, question: Question) -> tuple[datetime, ...]:
        """Nothing can be told of them."""
        del question
        return ()

    async def foresee(self, changes: Sequence[Change]) -> Mapping[Address, Outlook]:
        """The dates that series will have, and the messages that go out."""
        return await foresee(self.session, changes)

    def calls(self, changes: Sequence[Change], live: Surroundings) -> Sequence[Call]:
        """The calls that carry out the changes."""
        del live
        return build_calls(changes, self.session.client.clock.today())

    async def send(
        self,
        call: Call,
        ids: Mapping[Address, str],
        live: Mapping[Address, Live],
        *,
        intent: str,
        sending: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """A look at the series as it is now, and one write. This vendor knows no idempotency keys."""
        del intent, live
        return await Sender(self.session, self.company_id, ids, sending).send(call)

    async def close(self) -> None:
        """Free the connections."""
        await self.session.client.close()
