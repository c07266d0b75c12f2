"""What the rules look at: the wanted state, sorted by kind, and the day it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import TypeVar

from provisioner.kinds.base import Resource
from provisioner.kinds.desired import Declared, Desired
from provisioner.kinds.employee import Employee
from provisioner.opening import Opening, needs_addon, shortest_addons, wanted, with_addon

R = TypeVar("R", bound=Resource)
Scoped = tuple[str, str]
"""An account's scope and a key in it."""


@dataclass(frozen=True)
class Subject:
    """Everything that a rule may know. Days before `today` are over."""

    desired: Desired
    today: date
    _kinds: dict[str, list[Declared]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for address, declared in self.desired.resources.items():
            self._kinds.setdefault(address.kind, []).append(declared)

    def of(self, kind: type[R]) -> Iterator[tuple[Declared, R]]:
        """Every resource of a kind, with how it was declared."""
        for declared in self._kinds.get(kind.kind, ()):
            if isinstance(declared.resource, kind):
                yield declared, declared.resource

    @cached_property
    def openings(self) -> Mapping[str, Opening]:
        """What the manifests open in each account, by scope, at noon of UTC: then it is this day almost everywhere."""
        noon = datetime.combine(self.today, time(12), UTC)
        return {scope: Opening(facts, noon) for scope, facts in wanted(self.desired).items()}

    def opening(self, scope: str, location: str, service: str) -> tuple[Opening, str]:
        """What opens for a service at a location, which may need an add-on: that is the second, "" for none."""
        alone = self.openings[scope]
        addon = self._addons[scope].get(location, "") if needs_addon(alone.facts, scope, service) else ""
        return (Opening(with_addon(alone.facts, scope, service, addon), alone.now) if addon else alone), addon

    @cached_property
    def _addons(self) -> Mapping[str, Mapping[str, str]]:
        return {scope: shortest_addons(opening.facts, scope) for scope, opening in self.openings.items()}

    @cached_property
    def inactive(self) -> frozenset[Scoped]:
        """The employees that nobody can book: the manifests say `active: false`."""
        return frozenset(scoped(each) for each, employee in self.of(Employee) if employee.active is False)


def scoped(declared: Declared) -> Scoped:
    """The account and the first key of a resource: an employee's own, and that of its hours and links."""
    return declared.address.account, declared.address.key[0]
