"""What a vendor must offer: read without writing, spell changes as calls, send one call. Nothing here is HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from provisioner.kinds import Address
from provisioner.kinds.booking import Booking
from provisioner.kinds.desired import Declared
from provisioner.kinds.live import Evidence, Live
from provisioner.plan.change import Action, Change, Outlook
from provisioner.providers.checkup import Checkup, Probe
from provisioner.providers.clock import Clock
from provisioner.providers.proxy import Proxy
from provisioner.state.model import Record


class Effect(StrEnum):
    """What a call does to the vendor's objects."""

    CREATE = "create"
    REPLACE = "replace"
    """Writes the whole object: sending it twice is the same as once."""
    ACTION = "action"
    DISCOVER = "discover"
    """Reads what came into being with something else; never counted as a write."""


class Replay(StrEnum):
    """What may be done with a call whose answer was lost."""

    SAFE = "safe"
    LOOK_UP = "look_up"
    NEVER = "never"


class Part(NamedTuple):
    """One aspect of one resource that a call carries; a change is done when all its parts are."""

    address: Address
    name: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is remembered of a resource of which each call does a part that cannot be read back; ids are filled in."""

    meanwhile: Record
    """From when the call leaves: it may be carried out or not."""
    after: Record
    """Once it is done."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request, or for `discover` one look, with what it carries and what it waits for."""

    id: str
    """Stable from plan to plan, unique in it."""
    effect: Effect
    parts: tuple[Part, ...]
    needs: frozenset[str] = frozenset()
    """Ids of calls that must have succeeded before."""
    replay: Replay = Replay.SAFE
    payload: Any = None
    """The vendor's own business; the body is rendered from it when the ids are known."""
    progress: Progress | None = None
    """Of a call with one part; without it a resource is remembered once all its parts are done."""


@dataclass(frozen=True, slots=True)
class Done:
    """The vendor did it."""

    id: str
    stored: Live | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """A look found nothing: what waits for it creates it instead."""


@dataclass(frozen=True, slots=True)
class NotExecuted:
    """Refused before anything happened."""

    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Sent, and what became of it is not known."""

    why: str


PartOutcome = Done | Absent | NotExecuted | Unknown
Outcome = Mapping[Part, PartOutcome]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to read: the live objects of a kind in an account, or those of one parent object."""

    kind: str
    scope: str = ""
    account_id: str = ""
    parents: tuple[str, ...] = ()
    """For kinds that are listed per parent (hours): the parents' ids."""
    known: frozenset[str] = frozenset()
    """Account ids that need not be looked into to be recognised. Of a kind that is sought: the ids to look for."""
    seek: Mapping[str, str] = field(default_factory=dict)
    """For accounts: natural keys that must be found, each with the name that a list shows. Of a kind that is sought:
    the natural keys to look for."""
    fields: frozenset[str] = frozenset()
    """The fields that are managed, where reading all of them takes several requests."""
    zones: bool = False
    """Time zones are managed, so the vendor's numbers of them are needed."""
    role: str = ""
    """Only the holder of this role, where the list does not show roles."""
    whole: bool = False
    """For accounts: every one there is below the one that is acted as, besides those that are named."""


class Question(NamedTuple):
    """What a client would ask the booking page: when can this be booked? All are the vendor's ids."""

    account_id: str
    location: str
    service: str
    addons: tuple[str, ...]
    """Services that are booked with it."""
    since: date
    """The first day, in the location's time."""
    weeks: int = 1
    """How many weeks are looked at, 1 to 5."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What a vendor lets one do with a kind."""

    create: bool = True
    update: bool = True
    delete: bool = True
    listed: bool = True
    """False for what no list shows. Where it is sought all the same, its recorded id is all that it is known by."""
    per_parent: str = ""
    """The kind whose objects each need a request of their own to list this one."""
    shared_by: str = ""
    """This kind arrives in the list of another (links come with employees)."""
    hidden_roles: frozenset[str] = frozenset()
    """Roles that the list does not show and that need an `Ask` of their own."""
    sought: bool = False
    """Its list may be long: only what an `Ask` names is read, or all of it where nothing is named."""
    always_with: frozenset[str] = frozenset()
    """Kinds that must be read too, so that a write can send back what it would otherwise wipe."""
    fresh: Mapping[str, Any] = field(default_factory=dict)
    """What a new object has in the fields that nobody named, where that is something."""
    computed: frozenset[str] = frozenset()
    """Fields that the vendor computes from others unless it is told them."""


def forbidden(capabilities: Mapping[str, Capability]) -> dict[str, frozenset[Action]]:
    """What a vendor offers no way to do, by kind."""
    return {
        kind: frozenset(
            action
            for action, allowed in (
                (Action.CREATE, can.create),
                (Action.UPDATE, can.update),
                (Action.DELETE, can.delete),
            )
            if not allowed
        )
        for kind, can in capabilities.items()
    }


@dataclass(slots=True)
class Traffic:
    """What one connection sent so far: requests that read, requests that may write, and seconds spent waiting."""

    reads: int = 0
    writes: int = 0
    seconds: float = 0.0


class Provider(Protocol):
    """A signed-in connection to a vendor."""

    @property
    def capabilities(self) -> Mapping[str, Capability]:
        """What the vendor lets one do, by kind; a kind that is missing is not the vendor's."""

    @property
    def traffic(self) -> Traffic:
        """What was sent so far."""

    @property
    def name(self) -> str:
        """The account's own name for itself; "" when the vendor does not say."""

    async def sign_in(self) -> None:
        """Open a session; raises SignInError."""

    async def read(self, asks: Sequence[Ask]) -> Evidence:
        """Answer every ask; never writes. Unreadable fields are kept as such, not dropped."""

    @property
    def books(self) -> bool:
        """Whether it can tell what is booked; where not, no plan can say what it strands."""

    async def bookings(self, account_id: str, since: datetime) -> tuple[Booking, ...]:
        """What is booked in one account after a moment (aware), what could not be read of it included; never writes.

        Cancelled ones are in it. Nothing where `books` is false. Raises VendorError and UnreachableError.
        """

    @property
    def opens(self) -> bool:
        """Whether it can be asked when something can be booked."""

    async def openings(self, question: Question) -> tuple[datetime, ...]:
        """The starts that a client is offered, ascending, as local times of the location that have no zone.

        Those of the weeks asked for, or, where they have none, the first one after them; nothing when there is none at
        all, and where `opens` is false. Never writes. Raises VendorError and UnreachableError.
        """

    async def foresee(self, changes: Sequence[Change]) -> Mapping[Address, Outlook]:
        """What only the vendor can say of planned changes, for those of which it says anything; never writes.

        Raises ManifestError, with places, for what the vendor refuses to foresee.
        """

    def calls(self, changes: Sequence[Change], live: Surroundings) -> Sequence[Call]:
        """The fewest calls that carry out the changes; pure.

        Raises ManifestError, with places, for what this vendor cannot express.
        """

    async def send(
        self,
        call: Call,
        ids: Mapping[Address, str],
        live: Mapping[Address, Live],
        *,
        intent: str,
        sending: Callable[[], None],
    ) -> Outcome:
        """Carry out one call, which may take several tries; raises nothing that a vendor or a network can cause.

        `intent` is unique to this run and call: what a vendor with idempotency keys is sent.

        `sending` makes the intent durable. It is called right before a request leaves that may change something, after
        every wait (a slot, the pace, a back-off, a new sign-in): every time for a call that is not safe to repeat, at
        least the first time for the others, and never for reads, sign-ins and `discover`. What it raises (StateError)
        passes through unchanged, and then that request has not left.
        """

    async def close(self) -> None:
        """Free the connections."""


Files = Callable[[str], bytes]
"""The content of a file of the workspace by its path from the root; raises ValueError."""


Waiting = Callable[[float, str], None]
"""Told how many seconds nothing leaves, and why."""


def not_told(_seconds: float, _why: str) -> None:
    """For connections that nobody watches."""


def no_files(name: str) -> bytes:
    """For connections that send none."""
    raise ValueError(f"{name}: there is no workspace to read it from")


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a provider connects, and as whom."""

    endpoint: str
    company_id: str
    credentials: Mapping[str, str] = field(repr=False)
    concurrency: int = 16
    """Most requests in flight at once."""
    calls_per_second: float | None = None
    """Most requests in a second; None for as many as go."""
    wrapped: bool = False
    """Bodies as the vendor's earlier documents show them."""
    app: Any = None
    """An ASGI application to call in process instead of a server."""
    proxy: Proxy | None = None
    """What the endpoint is reached through."""
    reads_only: bool = False
    """Nothing may be written; what was read once is taken not to change, and not asked for again."""
    clock: Clock = field(default_factory=Clock)
    """How long a wait is, for those who would rather not."""
    waiting: Waiting = not_told
    """Told before a long wait."""
    files: Files = no_files
    """Where pictures are read from when they are sent."""


@dataclass(frozen=True, slots=True)
class Found:
    """All that was read of a tenant."""

    company_id: str
    accounts: Mapping[str, str]
    """scope -> account id; "" is the account that is acted as."""
    evidence: Evidence = field(repr=False)
    bookings: Mapping[str, Sequence[Booking]] = field(default_factory=dict, repr=False)
    """What is booked from now on, by account id."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was read of a tenant, as the sandbox can begin with it."""

    document: Mapping[str, Any] = field(repr=False)
    counts: Mapping[str, int]
    """How many of what, in words."""
    lacking: tuple[str, ...]
    """What could not be copied or has stand-ins, one sentence each."""
    dialects: bool = True
    """Whether the sandbox has dialects of this vendor's."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor before anything is connected. A third one is one folder and one line in the registry."""

    name: str
    kinds: tuple[str, ...]
    """What can be managed there: those that a connection's `capabilities` name."""
    credentials: tuple[str, ...]
    """What signs in, by the names that the settings use."""
    sandbox: Mapping[str, str] = field(repr=False)
    """What signs in to the sandbox."""
    connect: Callable[[Connection], Provider]
    copied: Callable[[Found], Copied]
    """A copy for the sandbox; pure. Nobody who booked is named in it."""
    check_up: Callable[[Connection], Checkup]
    """What `doctor` asks it."""
    probe: Callable[[Connection, str], Probe] | None = None
    """What finds out how it speaks by writing to an account; None where there is nothing to find out."""
    hosts: tuple[str, ...] = ()
    """Its own hosts, as its pages name them: the only ones that credentials go to by themselves, over https."""
    path: str = ""
    """Where the API stands below the sandbox's address."""
    root: str = ""
    """Where it stands at its own hosts, where an endpoint names no path; "" for the same place."""
    sandbox_company: str = ""
    """The only company of the sandbox; "" where it begins with whichever one the settings name."""
    plain: frozenset[str] = frozenset()
    """Of what signs in, what is no secret and may stand in the settings as it is."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What calls are spelled against: the live tenant and who is who in it."""

    evidence: Evidence
    addresses: Mapping[tuple[str, str, str], Address]
    """(scope, kind, id) -> address of every recognised live object."""
    accounts: Mapping[str, str]
    """scope -> account id; a scope that is still to be created is missing."""
    declared: Mapping[Address, Declared] = field(default_factory=dict)
    """What the manifests manage. Only these may be written just to carry links, and such a write repeats from here
    what could not be read back."""
