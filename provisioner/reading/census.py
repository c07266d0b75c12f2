"""Reads all there is of a tenant, for who does not know yet what is in it: accounts, their lists, each object."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, TypeVar

from provisioner.kinds import BY_NAME, KINDS
from provisioner.kinds.base import specs
from provisioner.kinds.live import Evidence, Live
from provisioner.providers.base import Ask, Provider

T = TypeVar("T")
AT_ONCE = 16
"""Lists, or small groups of objects that are looked into, between two words of progress."""
Scopes = Mapping[str, str]
"""Scope -> account id; "" is the account that is acted as."""


class Counted(NamedTuple):
    """What was found, and in which account which scope is."""

    evidence: Evidence
    accounts: Scopes


@dataclass(slots=True)
class Census:
    """One reading of a whole tenant."""

    provider: Provider
    company_id: str
    scopes: Callable[[Sequence[Live]], Scopes]
    """What the accounts are called, from what was read of them; one that is left out is not looked into."""
    without: Collection[str] = ()
    """Kinds that are not read."""
    details: bool = True
    """Whether all fields of the accounts are wanted, with their time zones."""
    observe: Callable[[int, int], None] = lambda _done, _of: None
    """Told how many steps of how many are done."""
    _evidence: Evidence = field(default_factory=Evidence)
    _done: int = 0

    async def run(self) -> Counted:
        """Everything, as evidence that a plan could be made on."""
        fields = frozenset(specs(BY_NAME["account"])) if self.details else frozenset[str]()
        own = frozenset({self.company_id})
        if "account" in self.provider.capabilities:
            await self._read([Ask("account", known=own, fields=fields, zones=self.details, whole=True)])
        accounts = self.scopes(self._evidence.of("", "account"))
        lists = [group for scope, id_ in accounts.items() for group in self._lists(scope, id_)]
        await self._all(lists, len(lists))
        looks = [ask for scope, id_ in accounts.items() for ask in self._inside(scope, id_)]
        await self._all([[ask] for ask in looks], len(lists) + len(looks))
        return Counted(self._evidence, accounts)

    def _kinds(self) -> Iterator[str]:
        offered = self.provider.capabilities
        return (kind.kind for kind in KINDS if kind.kind in offered and kind.kind not in {"account", *self.without})

    def _lists(self, scope: str, id_: str) -> Iterator[list[Ask]]:
        """Each list of an account, with those of its roles that it does not show."""
        for kind in self._kinds():
            can = self.provider.capabilities[kind]
            if can.listed and not can.per_parent and not can.shared_by:
                ask = Ask(kind, scope, id_, zones=self.details)
                yield [ask, *(Ask(kind, scope, id_, role=role) for role in sorted(can.hidden_roles))]

    def _inside(self, scope: str, id_: str) -> Iterator[Ask]:
        """What each object has a request of its own for; kinds of one parent share it."""
        found: dict[str, str] = {}
        for kind in self._kinds():
            if parent := self.provider.capabilities[kind].per_parent:
                found.setdefault(parent, kind)
        for parent, kind in found.items():
            for some in _batched((live.id for live in self._evidence.of(scope, parent)), AT_ONCE):
                yield Ask(kind, scope, id_, parents=tuple(some))

    async def _all(self, groups: Iterable[list[Ask]], total: int) -> None:
        for batch in _batched(groups, AT_ONCE):
            await self._read([ask for group in batch for ask in group])
            self._done += len(batch)
            self.observe(self._done, total)

    async def _read(self, asks: list[Ask]) -> None:
        read, before = await self.provider.read(asks), self._evidence
        objects = dict(before.objects)
        for place, found in read.objects.items():
            objects[place] = (*objects.get(place, ()), *found)
        zones, reads = read.zones or before.zones, before.reads + read.reads
        self._evidence = Evidence(objects, zones, reads, before.seconds + read.seconds)


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
