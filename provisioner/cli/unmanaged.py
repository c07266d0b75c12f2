"""Looking for what is live and in no manifest: all is read that a plan alone would not look at."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.cli.progress import Reading
from provisioner.kinds.desired import Desired
from provisioner.plan.unmanaged import Beside, unmanaged
from provisioner.providers.base import Provider
from provisioner.reading.census import Census
from provisioner.state.model import State


async def find_unmanaged(
    provider: Provider, desired: Desired, known: Mapping[str, str], state: State
) -> tuple[Beside, int]:
    """What is in the accounts that are managed, and which accounts are beside them; and how many reads that took.

    `known` are all accounts that were found, each scope with its id.
    """
    accounts = {scope: id_ for scope, id_ in known.items() if scope in desired.accounts}
    with Reading() as reading:
        census = Census(provider, accounts[""], lambda _: accounts, details=False, observe=reading)
        evidence = (await census.run()).evidence
    unlisted = tuple(kind for kind, can in provider.capabilities.items() if can.sought and not can.listed)
    return Beside(tuple(unmanaged(desired, state, evidence, accounts)), unlisted), evidence.reads
