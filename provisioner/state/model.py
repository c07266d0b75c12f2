"""What we remember of a tenant: which live object each address is, and what was last applied to it.

State is a convenience, not a crutch: without it the next plan finds everything by its natural key again. The exception
is what has none (`Resource.is_found`): of that the recorded id is all there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from provisioner.kinds import Address


@dataclass(frozen=True, slots=True)
class Record:
    """What is remembered of one address."""

    id: str
    owned: bool = False
    """Created by us, or `state own`: may be destroyed when it leaves the manifests."""
    protect: bool = False
    applied: Mapping[str, Any] = field(default_factory=dict)
    """The manifest spelling of each managed field when it was last applied or found equal."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Keyed digests of what was sent in sensitive fields."""
    confirmed: bool = True
    """False when an interrupted apply left it half made, or perhaps not made at all: only a look can tell."""
    doubt: Mapping[str, Any] = field(default_factory=dict)
    """Of fields that cannot be looked at: what was sent last and may not be live, in the manifest spelling."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """What its vendor's part of the program keeps of it beside its fields: nobody else's business."""
    becoming: Mapping[str, Any] | None = None
    """What `kept` is, should all that is to be seen of it be as it was sent; None when nothing was under way."""


class Key(NamedTuple):
    """One natural key: the fields that it is made of, and their comparable values."""

    fields: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A create whose answer never came: the object may be live, under an id that we do not know."""

    record: Record
    """What is remembered of it once it is found; its id is "" until then."""
    keys: tuple[Key, ...] = ()
    account_id: str = ""
    """The account that it was to be created in."""
    known: frozenset[str] = frozenset()
    """Ids of its kind that were live before: it is none of them."""
    since: float = 0.0
    """When its request last left, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """Whose state this is: nothing recorded for one tenant may be used on another."""

    host: str
    company_id: str

    def __str__(self) -> str:
        return f"{self.host} company {self.company_id}"


@dataclass(frozen=True, slots=True)
class State:
    """A snapshot; changing one makes a new one."""

    tenant: Tenant
    lineage: str
    serial: int = 0
    records: Mapping[Address, Record] = field(default_factory=dict)
    pending: Mapping[Address, Pending] = field(default_factory=dict)
    gap: float = 0.0
    """When a part of it was lost, in seconds since 1970; 0 when none was. What was under way then may still appear."""

    def with_records(self, records: Mapping[Address, Record]) -> State:
        """The same lineage with other records; the serial grows when it is saved."""
        return replace(self, records=dict(records))
