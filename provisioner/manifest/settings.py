"""The settings of a workspace: `provisioner.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from provisioner.errors import Problem
from provisioner.kinds.desired import Place
from provisioner.kinds.values import Limit
from provisioner.lint.rule import Override
from provisioner.manifest.files import SETTINGS

if TYPE_CHECKING:
    from provisioner.manifest.credentials import Credential
    from provisioner.manifest.remote_state import RemoteState
    from provisioner.manifest.yaml import Map

SANDBOX = "sandbox"
Body = Literal["raw", "wrapped"]
Prune = Literal["owned", "never", "all"]


class Terms(Protocol):
    """What the settings and the manifests need to know of a vendor."""

    @property
    def credentials(self) -> tuple[str, ...]:
        """The names of what signs in."""

    @property
    def plain(self) -> frozenset[str]:
        """Of these, what is no secret."""

    @property
    def sandbox(self) -> Mapping[str, str]:
        """What signs in to the sandbox, which is no secret either."""

    @property
    def sandbox_company(self) -> str:
        """The only company of the sandbox; "" for any."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can be managed there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How the vendor is called."""

    concurrency: int = 16
    calls_per_second: Decimal | None = Decimal(20)
    """None is unpaced."""
    settle: Decimal | None = None
    """Seconds after which a create that was sent can no longer appear; None leaves it to the kind of endpoint."""
    body: Body = "raw"


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """How far a plan may go by itself."""

    prune: Prune = "owned"
    max_destroy: Limit = Limit(10, 30)  # noqa: RUF009 -- a frozen value
    max_update: Limit = Limit(None, 50)  # noqa: RUF009 -- a frozen value


class Default(NamedTuple):
    """The default fields of one section, and where they stand."""

    fields: Map
    place: Place


@dataclass(frozen=True, slots=True)
class Settings:
    """What `provisioner.yaml` says."""

    version: int
    provider: str
    endpoint: str
    """`sandbox`, or the vendor's base URL without a final slash."""
    company_id: str
    credentials: Mapping[str, Credential] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    policy: PolicySettings = field(default_factory=PolicySettings)
    defaults: Mapping[str, Default] = field(default_factory=dict)
    """Section -> the fields that every resource of it has unless a document says otherwise, as written."""
    state: RemoteState | None = None
    """Where the state is kept; None is in the workspace."""
    lint: Mapping[str, Override] = field(default_factory=dict)
    """What is said of each of `lint`'s rules, by its name."""
    places: Mapping[str, Place] = field(default_factory=dict)
    """Where the value of each key stands."""

    def place(self, key: str) -> Place:
        """Where a key's value stands; the file's beginning for one that was left out."""
        return self.places.get(key, Place(SETTINGS, 1, 1))

    def strange_to_sandbox(self, vendor: Terms) -> Problem | None:
        """Why the sandbox does not have the company that these settings name; None when it has."""
        only = vendor.sandbox_company
        if not only or only == self.company_id:
            return None
        reason = f"company_id: the sandbox has the one company {only}, not {self.company_id}"
        return Problem(*self.place("company_id"), f"{reason}: write {only} in a workspace for the sandbox")
