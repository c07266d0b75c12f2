"""The vendor as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from provisioner.kinds import Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.live import Evidence, Live
from provisioner.plan.change import Change, Outlook
from provisioner.providers.base import Ask, Call, Capability, Files, Outcome, Question, Surroundings, Traffic, no_files
from provisioner.providers.setster.bookings import read_bookings
from provisioner.providers.setster.calls import build_calls
from provisioner.providers.setster.codec import Zones
from provisioner.providers.setster.newest import Newest
from provisioner.providers.setster.openings import read_openings
from provisioner.providers.setster.outlook import outlooks
from provisioner.providers.setster.read import read, read_zones
from provisioner.providers.setster.registry import CAPABILITIES
from provisioner.providers.setster.send import Sender
from provisioner.providers.setster.session import Session


@dataclass(slots=True)
class Setster:
    """A tenant at Setster: the account that is acted as, and its sub-accounts."""

    session: Session
    capabilities: Mapping[str, Capability] = field(default_factory=lambda: CAPABILITIES)
    books: bool = True
    opens: bool = True
    files: Files = no_files
    """Where pictures are read from when they are sent."""
    _zones: Zones = field(default_factory=dict)
    _newest: Newest = field(init=False)

    def __post_init__(self) -> None:
        self._newest = Newest(self.session)

    @property
    def traffic(self) -> Traffic:
        """What was sent so far."""
        return self.session.client.traffic

    @property
    def name(self) -> str:
        """The account's own name for itself, known once signed in."""
        return self.session.nick_name

    async def sign_in(self) -> None:
        """Open a session; raises SignInError."""
        await self.session.sign_in()

    async def read(self, asks: Sequence[Ask]) -> Evidence:
        """Answer every ask; the vendor's zones are fetched once, when a managed field needs them."""
        before, at = self.traffic.reads, self.session.client.clock.now()
        if not self._zones and any(ask.zones for ask in asks):
            self._zones = await read_zones(self.session)
        evidence = await read(self.session, asks, self._zones)
        self._newest.saw(asks, evidence, at)
        return Evidence(evidence.objects, self._zones, self.traffic.reads - before, evidence.seconds)

    async def bookings(self, account_id: str, since: datetime) -> tuple[Booking, ...]:
        """What is booked in one account after a moment."""
        return await read_bookings(self.session, account_id, since)

    async def openings(self, question: Question) -> tuple[datetime, ...]:
        """The starts that a client is offered."""
        return await read_openings(self.session, question)

    async def foresee(self, changes: Sequence[Change]) -> Mapping[Address, Outlook]:
        """The messages that go out: nothing is asked of the vendor for it."""
        return outlooks(changes)

    def calls(self, changes: Sequence[Change], live: Surroundings) -> Sequence[Call]:
        """The fewest calls that carry out the changes."""
        return build_calls(changes, live)

    async def send(
        self,
        call: Call,
        ids: Mapping[Address, str],
        live: Mapping[Address, Live],
        *,
        intent: str,
        sending: Callable[[], None] = lambda: None,
    ) -> Outcome:
        """One request (and a look back where hours are replaced). This vendor knows no idempotency keys."""
        del intent
        return await Sender(self._newest, self._zones, ids, live, sending, self.files).send(call)

    async def close(self) -> None:
        """Free the connections."""
        await self.session.client.close()
