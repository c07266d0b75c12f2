"""What is declared of one live thing, and what of it needs a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from provisioner.kinds import Address

Place = tuple[str, str, str]
"""The scope, the kind and the id of something live."""
Mended = Mapping[Place, Mapping[str, str]]
"""What turned out not to do: field -> why, of each live thing; the field "" is all of it."""


class Sort(StrEnum):
    """Why something needs a look."""

    INVALID = "does not validate"
    AMBIGUOUS = "ambiguous"
    UNMANAGED = "cannot be managed"
    CONTENT = "cannot be read back"


class Look(NamedTuple):
    """One thing that a person should look at."""

    sort: Sort
    about: str
    """An address, or a kind and an id."""
    field: str
    """By its dotted name; "" for all of it."""
    reason: str
    """What it is and what was done about it, as the end of a line."""
    group: str = ""
    """What many have in common; "" is the reason itself."""


class Variable(str):
    """The name of a variable of the environment that holds a secret."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource as it is written."""

    address: Address
    id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    """By dotted name, spelled."""
    inner: Mapping[str, Any] = field(default_factory=dict)
    """The relations that are written inside, as a tree."""
    lifecycle: Mapping[str, Any] = field(default_factory=dict)
    looks: tuple[Look, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    """Lines that are written as comments in the place of a field, and are no reason to worry."""
    home: str = ""
    """The one location that it belongs to, where there is just one."""

    @property
    def place(self) -> Place:
        """What is live of it."""
        return self.address.account, self.address.kind, self.id


class Missing(NamedTuple):
    """Something live that is not declared, and stands in the file as a comment."""

    scope: str
    kind: str
    look: Look


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that is written of a tenant."""

    entries: tuple[Entry, ...]
    missing: tuple[Missing, ...] = ()
    looks: tuple[Look, ...] = ()
    """Those that belong to no entry."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables that have to be set before anything is planned -> whose secret it is."""
    later: Mapping[str, str] = field(default_factory=dict)
    """Variables that are only needed to make something anew."""
