"""By what is in it an account is known as well: the place and the person that hold a role there.

An account has one of each, so what they are told by can be compared like the account's own values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from provisioner.kinds import KINDS, Resource
from provisioner.plan.change import Change
from provisioner.plan.likeness import Values, comparable, recorded
from provisioner.state.model import Record, State


class Holder(NamedTuple):
    """What holds a role in an account."""

    kind: type[Resource]
    role: str

    @property
    def telling(self) -> tuple[tuple[str, ...], ...]:
        """The groups of its fields by which a person would know it."""
        return (*self.kind.telling, *((name,) for name in self.kind.everywhere))

    @property
    def names(self) -> frozenset[str]:
        """All the fields in them."""
        return frozenset(name for group in self.telling for name in group)

    def named(self, name: str) -> str:
        """A field of it as one of the account."""
        return f"{self.role} {self.kind.kind}'s {name}"

    def of_account(self, values: Values) -> Iterator[tuple[str, str]]:
        """Its values as those of the account."""
        return ((self.named(name), value) for name, value in values.items())


HOLDERS: Final = tuple(
    Holder(kind, role) for kind in KINDS if kind.kind != "account" for role in sorted(kind.kept_roles) if kind.telling
)
TELLING: Final = tuple(tuple(map(each.named, names)) for each in HOLDERS for names in each.telling)
"""The groups of what identifies an account from within."""


class Within:
    """What is in the accounts, as it was applied and as it is wanted.

    What is in an account that goes is not read, and who holds a role in it is not remembered: it is the one that has
    most in common with what is wanted of any holder.
    """

    def __init__(self, changes: Iterable[Change], state: State) -> None:
        self._wanted: dict[str, dict[str, str]] = {}
        for change in changes:
            if (made := change.resource) and change.address.account:
                for each in HOLDERS:
                    if isinstance(made, each.kind) and each.role in made.claims():
                        found = comparable(each.kind, made.wanted(), each.names)
                        self._wanted.setdefault(change.address.account, {}).update(each.of_account(found))
        self._sought = {value for values in self._wanted.values() for value in values.items()}
        self._records: dict[tuple[str, str], list[Record]] = {}
        for address, record in state.records.items() if self._wanted else ():
            self._records.setdefault((address.account, address.kind), []).append(record)

    def wanted(self, account: str) -> Values:
        """Of what is to be there."""
        return self._wanted.get(account, {})

    def known(self, account: str) -> Values:
        """Of what is remembered of it."""
        found: dict[str, str] = {}
        for each in HOLDERS:
            records = self._records.get((account, each.kind.kind), ())
            values = [dict(each.of_account(recorded(each.kind, record.applied, each.names))) for record in records]
            best: dict[str, str] = max(values, key=self._shared, default={})
            found |= best
        return found

    def _shared(self, values: dict[str, str]) -> int:
        return len(self._sought & values.items())
