"""Reads all that decides when something can be booked in some accounts, whether the manifests manage it or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from provisioner.errors import UsageError
from provisioner.kinds.address import Address
from provisioner.kinds.desired import Desired
from provisioner.kinds.live import Evidence, Live
from provisioner.opening import Facts, found
from provisioner.plan.match import Matches, match
from provisioner.providers.base import Ask, Provider
from provisioner.reading.survey import Survey
from provisioner.state.model import State

_LISTS = ("location", "service", "employee", "holiday")
"""Links come with employees."""
_OPTIONS = frozenset({"timezone", "options.prior_notice", "options.after_notice", "options.start_step"})


@dataclass(frozen=True)
class Inspection:
    """What was read. Hours take a request for each employee, and may be read later, or of some only."""

    accounts: Mapping[str, str]
    """scope -> account id, of those that exist."""
    evidence: Evidence
    matches: Matches
    reads: int

    @cached_property
    def facts(self) -> Mapping[str, Facts]:
        """Those of each account, by scope, under the names that the manifests know."""
        own = {live.id: live for live in self.evidence.of("", "account")}
        return {
            scope: found(self.evidence, scope, self.matches.address, _values(own.get(id_)))
            for scope, id_ in self.accounts.items()
        }

    def id(self, address: Address) -> str:
        """The live id of an object that the facts name; "" of one that is not there."""
        live = self.matches.live.get(address)
        return live.id if live else address.key[0][1:] if address.key[0].startswith("#") else ""


async def inspect(
    provider: Provider,
    desired: Desired,
    state: State,
    company_id: str,
    scopes: Collection[str],
    *,
    hours: bool = True,
) -> Inspection:
    """Read some accounts whole, or without the hours. Raises UsageError where the vendor has no hours."""
    if "hours" not in provider.capabilities:
        raise UsageError("--live: this vendor shows no hours, so there is nothing to read")
    known = await Survey(
        provider, desired, state, company_id, lambda a: a.kind == "account" and a.key[0] in scopes
    ).run()
    ids = {scope: id_ for scope, id_ in known.accounts.items() if scope in scopes}
    accounts = await provider.read([Ask("account", known=frozenset(ids.values()), fields=_OPTIONS)])
    lists = await provider.read([Ask(kind, scope, id_, zones=True) for scope, id_ in ids.items() for kind in _LISTS])
    evidence = replace(lists, objects={**accounts.objects, **lists.objects})
    reads = known.evidence.reads + accounts.reads + lists.reads
    inspection = Inspection(ids, evidence, match(desired, known.state, evidence), reads)
    if not hours:
        return inspection
    everybody = {scope: {live.id for live in lists.of(scope, "employee")} for scope in ids}
    return await with_hours(provider, inspection, everybody)


async def with_hours(
    provider: Provider, inspection: Inspection, employees: Mapping[str, Collection[str]]
) -> Inspection:
    """The same with the hours of more employees, who are named by their ids, by scope."""
    asks = [
        Ask("hours", scope, inspection.accounts[scope], parents=tuple(sorted(own)))
        for scope, own in employees.items()
        if own
    ]
    if not asks:
        return inspection
    read = await provider.read(asks)
    objects = dict(inspection.evidence.objects)
    for place, more in read.objects.items():
        objects[place] = (*objects.get(place, ()), *more)
    evidence = replace(inspection.evidence, objects=objects)
    return replace(inspection, evidence=evidence, reads=inspection.reads + read.reads)


def _values(account: Live | None) -> Mapping[str, object]:
    return account.fields if account else {}
