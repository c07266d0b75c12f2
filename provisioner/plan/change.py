"""A plan is a value: frozen changes, each with its reason. Printing, saving, refusing and applying all read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from provisioner.kinds import BY_NAME, Address, Resource
from provisioner.kinds.booking import Booking
from provisioner.kinds.desired import Place
from provisioner.kinds.live import Live
from provisioner.state.model import Record

NOT_YET = "not in the tenant yet"


class Action(StrEnum):
    """What happens to one resource."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ADOPT = "adopt"
    """It is live and as wanted: remember it. Nothing is written."""
    FORGET = "forget"
    """Stop managing it and leave it live. Nothing is written."""


WRITES = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE})


def ended_outside(kind: type[Resource]) -> str:
    """Why one is made again that was made before."""
    return f"it was {kind.ended()} outside since the last apply"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a change; `before` is live, `after` is wanted."""

    name: str
    before: Any
    after: Any
    outside: bool = False
    """The live value moved since the last apply, not (only) the manifest's."""
    both: bool = False
    """The manifest moved as well, to another value than the live one."""
    applied: Any = None
    """The manifest spelling that was last applied, when the live value moved away from it."""
    default: bool = False
    """A create default: sent once, unmanaged afterwards."""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a vendor says that a change will lead to: no part of what is decided, for it may be another tomorrow."""

    lines: tuple[str, ...] = ()
    """Sentences for people."""
    messages: int | None = None
    """How many messages go out with it; None where changes of its kind send none."""
    more: str = ""
    """What goes out beside them in a number that the vendor does not tell, as people call it; "" where nothing does."""
    idle: bool = False
    """Nothing would be sent, so it is no change."""
    learnt: Record | None = None
    """What is remembered of one that is idle."""
    payload: Any = None
    """The vendor's own business: what its calls are spelled from, so that they do what was told here."""


@dataclass(frozen=True, slots=True)
class Change:
    """One resource created, updated, deleted, adopted or forgotten."""

    address: Address
    action: Action
    reason: str
    id: str | None = None
    fields: tuple[FieldChange, ...] = ()
    unchanged: int = 0
    place: Place | None = None
    resource: Resource | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """What a write sends: typed values by flattened name, claims left out."""
    live: Live | None = None
    record: Record | None = None
    """What is remembered once it is done; `id` is filled in then. None forgets the address."""
    known: Record | None = None
    """What was remembered of it before."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where each of its fields is written, and single entries of those that are mappings."""
    moved_from: Address | None = None
    """The address it had in the state: a rename in the manifests."""
    with_: Address | None = None
    """It goes with the deletion of this one: no write of its own."""
    blocked: str = ""
    """Why a safety rule holds the whole plan back; "" when none does."""
    reviewed: bool = False
    """It stands in the `removed:` block, so thresholds do not count it."""
    resembles: tuple[Address, ...] = ()
    """What it looks like under another address: for one that goes those that come, and the other way round."""
    hint: str = ""
    """The sentence that says so, with the remedy."""
    notify: bool = False
    """Messages about it go to all whom it concerns, whatever the manifests say."""
    outlook: Outlook = Outlook()
    stranded: tuple[Booking, ...] = ()
    """Future appointments that it strands, by their start: evidence, and no part of what is decided."""
    unallowed: str = ""
    """What to pass for `stranded`, where nothing covers their number; `blocked` says it, too."""

    @property
    def ended_outside(self) -> bool:
        """Whether it is made again because somebody ended what was made before."""
        return self.action is Action.CREATE and self.reason == ended_outside(BY_NAME[self.address.kind])

    @property
    def scope(self) -> str:
        """The account that it belongs to, "" for the parent; an account belongs to itself."""
        if self.address.kind != "account":
            return self.address.account
        claimed = self.resource.claims() if self.resource else frozenset()
        return "" if "parent" in claimed or (self.live and "parent" in self.live.roles) else self.address.key[0]


@dataclass(frozen=True, slots=True)
class Left:
    """A resource that moved outside and is left so, because others rewrite its kind all the time."""

    address: Address
    id: str
    fields: tuple[FieldChange, ...] = ()
    place: Place | None = None
    gone: bool = False
    """It was deleted outside, and is not made again."""


class Kept(NamedTuple):
    """Something that is not as a run left it, so that taking the run back leaves it alone, or takes it all the same."""

    address: Address
    fields: tuple[str, ...]
    """Empty for all of it."""
    why: str
    goes: bool = False


class Cannot(NamedTuple):
    """Something that taking a run back does not bring back."""

    address: Address
    fields: tuple[str, ...]
    """Empty for all of it."""
    why: str


@dataclass(frozen=True, slots=True)
class Undone:
    """What a plan that takes a run back says beside its changes."""

    run: int
    kept: tuple[Kept, ...] = ()
    cannot: tuple[Cannot, ...] = ()
    told: str = ""
    """The run, in words."""
    asked: tuple[Address, ...] = ()
    """What the manifests still want as the run made it."""
    commit: str = ""
    """The one that the run was made from, edits left out; "" where there is none."""
    again: Mapping[Address, str] = field(default_factory=dict)
    """What comes back as a new object, with the id that it had."""


class Echo(NamedTuple):
    """Messages that may go out about appointments of what is deleted: at most so many, and perhaps none."""

    to: str
    """The host of a webhook; "" are the clients."""
    most: int


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointments that a plan strands, each once, whatever the number of changes that do."""

    read_at: datetime
    """The moment from which on they were looked at; aware."""
    stranded: tuple[Booking, ...] = ()
    echoes: tuple[Echo, ...] = ()
    """Messages that may go out if the vendor cancels the appointments of what is deleted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The difference between what is wanted and what is live, in a stable order."""

    changes: tuple[Change, ...]
    refreshed: Mapping[Address, Record | None] = field(default_factory=dict)
    """What the state learns without any change: values found equal, addresses gone on both sides."""
    drift: tuple[Change, ...] = ()
    """The changes that put back what moved outside."""
    left: tuple[Left, ...] = ()
    """What moved outside and is not put back."""
    notes: tuple[str, ...] = ()
    pending: tuple[Address, ...] = ()
    """What an earlier run may have made or not: nothing is planned for it, nor for what needs it."""
    managed: int = 0
    """Resources in the manifests (within the target)."""
    adopted: int = 0
    digest: str = ""
    booked: Booked | None = None
    """What was found of appointments; None where no change could strand any, or the vendor lists none."""
    undone: Undone | None = None
    """Where it takes a run back: what is to be said of that."""

    @property
    def writes(self) -> tuple[Change, ...]:
        """The changes that need the vendor."""
        return tuple(c for c in self.changes if c.action in WRITES)

    @property
    def blocked(self) -> tuple[Change, ...]:
        """The changes that a safety rule holds back; one of them refuses the whole apply."""
        return tuple(c for c in self.changes if c.blocked)

    @property
    def messages(self) -> int | None:
        """How many messages go out; None where nothing in it could send one."""
        counted = [c.outlook.messages for c in self.changes if c.outlook.messages is not None]
        return sum(counted) if counted else None

    @property
    def more_messages(self) -> tuple[str, ...]:
        """Which messages go out beside those that are counted."""
        return tuple(dict.fromkeys(c.outlook.more for c in self.changes if c.outlook.more))

    def foreseen(self, outlooks: Mapping[Address, Outlook]) -> Plan:
        """The same plan with what its vendor says of the changes; what would send nothing is no change."""
        idle = {address: each for address, each in outlooks.items() if each.idle}
        changes, drift = (
            tuple(
                replace(c, outlook=outlooks[c.address]) if c.address in outlooks else c
                for c in some
                if c.address not in idle
            )
            for some in (self.changes, self.drift)
        )
        known = {c.address: c.known for c in self.changes}
        learnt = {a: each.learnt for a, each in idle.items() if each.learnt and each.learnt != known[a]}
        notes = tuple(f"{address}: {line}" for address, each in idle.items() for line in each.lines)
        return replace(
            self,
            changes=changes,
            drift=drift,
            refreshed={**self.refreshed, **learnt},
            notes=(*self.notes, *notes),
        )

    def count(self, action: Action) -> int:
        """How many changes have this action."""
        return sum(1 for c in self.changes if c.action is action)
