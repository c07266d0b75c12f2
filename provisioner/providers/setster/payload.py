"""What a call carries until the ids it waits for are known: the vendor's request, not yet rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioner.kinds import Address
from provisioner.kinds.picture import Picture
from provisioner.providers.decided import Decided
from provisioner.providers.setster.table import Table

Ref = Address | str
"""A managed object by its address, or one that nobody manages by its id."""


@dataclass(frozen=True, slots=True)
class LinkMap:
    """The complete final links of one object: (outer, inner, linked), removals included as False."""

    triples: tuple[tuple[Ref, Ref, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class CreateAccount:
    """seed: Create a Sub-Account."""

    changed: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SaveAspect:
    """seed: Modify Business Info, Modify Booking Options, Modify Personal Info."""

    account: Address
    aspect: str
    changed: Mapping[str, Any] = field(repr=False)
    decided: Decided | None = field(default=None, repr=False)
    """None where the plan saw no account: it is to be created."""


@dataclass(frozen=True, slots=True)
class SaveObject:
    """Create or modify a location, service or employee, with its links."""

    table: Table
    target: Ref
    scope: str
    changed: Mapping[str, Any] = field(default_factory=dict, repr=False)
    decided: Decided | None = field(default=None, repr=False)
    """None where the plan saw no object: it is to be created, or came with its account."""
    links: LinkMap | None = None
    discovered: bool = False
    """It came with its account: modify what was found, create it when nothing was."""


@dataclass(frozen=True, slots=True)
class SavePicture:
    """Send or remove the photo of an object, or the logo of an account."""

    target: Address
    picture: Picture | None
    live: str
    """What the vendor called the picture that the plan saw; "" where there was none."""


@dataclass(frozen=True, slots=True)
class SaveOrder:
    """seed: Update Location's Sort Order, and the same of services and employees."""

    table: Table
    scope: str
    name: str
    """Which list."""
    wanted: tuple[Ref, ...]
    behind: tuple[Ref, ...]
    """What is created and not named."""
    gone: frozenset[str]
    """The ids of what is deleted meanwhile."""
    seen: tuple[str, ...] | None
    """The order that the plan saw, by ids. None where it saw no account: it is to be created."""


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """Delete a location, service or employee."""

    table: Table
    scope: str
    id: str


@dataclass(frozen=True, slots=True)
class SaveOne:
    """One of the objects that a request writes together."""

    target: Ref
    changed: Mapping[str, Any] = field(repr=False)
    decided: Decided | None = field(default=None, repr=False)
    """None where the plan saw no object: it is to be created."""


@dataclass(frozen=True, slots=True)
class SaveMany:
    """Create and modify any number of objects of a kind in one request (seed: Create or Modify Multiple Custom
    Fields).
    """

    table: Table
    scope: str
    each: tuple[SaveOne, ...]
    new_account: bool = False
    """What came with the account was not there to be seen by the plan: it is looked for, and modified where it fits."""


@dataclass(frozen=True, slots=True)
class DeleteMany:
    """Delete any number of objects of a kind in one request (seed: Delete Holidays)."""

    table: Table
    scope: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaveHours:
    """seed: Update availability. The employee's whole list: what we do not manage as read, then ours."""

    scope: str
    employee: Ref
    kept: tuple[Mapping[str, Any], ...]
    """What is sent back as the plan saw it."""
    added: tuple[Mapping[str, Any], ...]
    decided: Mapping[tuple[Ref, ...], tuple[Any, Any]] | None
    """What the plan decided on: whose hours (`hours.Slot`, where a location may have no id yet) -> the value that it
    saw, and the one to be written. None where it saw no employee: it is to be created."""


@dataclass(frozen=True, slots=True)
class Discover:
    """Who came with a new account: the holders of these roles."""

    table: Table
    scope: str
    roles: Mapping[str, Address]
