"""What is wanted, as one value: resources by address, each with where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from provisioner.kinds.address import Address
from provisioner.kinds.base import Resource


class Place(NamedTuple):
    """Where something is written: a file from the workspace's root, a 1-based line and column."""

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table, where nothing can be added but a cell."""
        return False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """How a resource may be treated, whatever its kind."""

    protect: bool = False
    """Refuse any plan that would destroy it, even after it left the manifests."""
    ignore: frozenset[str] = frozenset()
    """Fields that are sent at creation and never compared."""
    was: tuple[str, ...] = ()
    """Keys it had before: a rename in the manifests, not a new object."""
    id: str | None = None
    """The live object it is, where names are not enough."""


PLAIN = Lifecycle()


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource as the manifests declare it."""

    address: Address
    resource: Resource
    place: Place
    fields: Mapping[str, Place] = field(default_factory=dict)
    """Where each field was written, by flattened name; a field of a default stands in the settings."""
    lifecycle: Lifecycle = PLAIN


@dataclass(frozen=True, slots=True)
class Removal:
    """A reviewed removal from the manifests' `removed:` block."""

    how: Literal["delete", "deactivate", "forget"]
    place: Place
    strands: int = 0
    """The number of future appointments that the reviewer accepts to strand."""


@dataclass(frozen=True, slots=True)
class Desired:
    """Everything the manifests want of one tenant."""

    resources: Mapping[Address, Declared]
    whole: Mapping[Address, Place] = field(default_factory=dict)
    """Named pairs of a relation (`link/ana/downtown`): what is live in them and not wanted goes."""
    removed: Mapping[Address, Removal] = field(default_factory=dict)
    accounts: frozenset[str] = frozenset({""})
    """The scopes that are managed: "" for the parent, and each declared sub-account."""
