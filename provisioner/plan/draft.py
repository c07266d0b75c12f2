"""What a plan is computed from, and the plan while it grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from provisioner.errors import Problem
from provisioner.kinds import Address
from provisioner.kinds.desired import Desired, Place
from provisioner.kinds.live import Evidence
from provisioner.plan.change import Action, Change, Left
from provisioner.plan.diff import Digest
from provisioner.plan.guard import Policy
from provisioner.plan.match import Matches
from provisioner.state.model import Record, State


@dataclass(frozen=True, slots=True)
class Request:
    """Everything one plan is computed from."""

    desired: Desired
    state: State
    evidence: Evidence
    matches: Matches
    digest: Digest
    policy: Policy = field(default_factory=Policy)
    selected: Callable[[Address], bool] = lambda _: True
    """Which addresses `--target` leaves in."""
    rotate: frozenset[Address] = frozenset()
    destroy: bool = False
    cannot: Mapping[str, AbstractSet[Action]] = field(default_factory=dict)
    """What the vendor offers no way to do, by kind: what cannot be deleted is forgotten instead."""
    leaves: Callable[[Address], bool] = lambda _: False
    """Of whom nothing is put back that moved outside since the last apply, whatever the kind."""
    written: bool = True
    """Whether the wish is what a person wrote, who may have renamed something without saying so."""
    notify: bool = False
    """Whether messages about every change go to all whom it concerns."""
    notes: tuple[str, ...] = ()
    """What was learnt before planning."""


@dataclass(slots=True)
class Draft:
    """The changes as they are found, and what is found beside them."""

    changes: list[Change] = field(default_factory=list)
    refreshed: dict[Address, Record | None] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, message: str) -> None:
        """Something that forbids any plan."""
        self.problems.append(Problem(place.file, place.line, place.column, message))
