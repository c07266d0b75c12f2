"""Reads all that decides when something can be booked in some accounts, whether the manifests manage it or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from provisioner.errors import UsageError
from provisioner.kinds.desired import Desired
from provisioner.kinds.live import Evidence, Live
from provisioner.opening import Facts, found
from provisioner.plan.match import match
from provisioner.providers.base import Ask, Provider
from provisioner.state.model import State
from provisioner.survey import Survey

_LISTS = ("location", "service", "employee", "holiday")
"""Links come with employees."""
_OPTIONS = frozenset({"timezone", "options.prior_notice", "options.after_notice", "options.start_step"})


class Inspection(NamedTuple):
    """What was read: the facts of each account that exists, by scope, under the names that the manifests know."""

    facts: Mapping[str, Facts]
    reads: int


async def inspect(
    provider: Provider, desired: Desired, state: State, company_id: str, scopes: Collection[str]
) -> Inspection:
    """Read some accounts whole. Raises UsageError where the vendor has no hours."""
    if "hours" not in provider.capabilities:
        raise UsageError("--live: this vendor shows no hours, so there is nothing to read")
    known = await Survey(
        provider, desired, state, company_id, lambda a: a.kind == "account" and a.key[0] in scopes
    ).run()
    ids = {scope: id_ for scope, id_ in known.accounts.items() if scope in scopes}
    accounts = await provider.read([Ask("account", known=frozenset(ids.values()), fields=_OPTIONS)])
    lists = await provider.read([Ask(kind, scope, id_, zones=True) for scope, id_ in ids.items() for kind in _LISTS])
    hours = await provider.read([ask for scope, id_ in ids.items() if (ask := _hours(lists, scope, id_)).parents])
    evidence = replace(lists, objects={**accounts.objects, **lists.objects, **hours.objects})
    matches = match(desired, known.state, evidence)
    own = {live.id: live for live in evidence.of("", "account")}
    facts = {scope: found(evidence, scope, matches.address, _values(own.get(id_))) for scope, id_ in ids.items()}
    return Inspection(facts, known.evidence.reads + accounts.reads + lists.reads + hours.reads)


def _hours(lists: Evidence, scope: str, account_id: str) -> Ask:
    employees = sorted(live.id for live in lists.of(scope, "employee"))
    return Ask("hours", scope, account_id, parents=tuple(employees))


def _values(account: Live | None) -> Mapping[str, object]:
    return account.fields if account else {}
