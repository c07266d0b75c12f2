"""Looking for what is live and in no manifest: all is read that a plan alone would not look at."""

from __future__ import annotations

from collections.abc import Mapping

from provisioner.census import Census
from provisioner.cli.progress import Reading
from provisioner.kinds.desired import Desired
from provisioner.plan.unmanaged import Unmanaged, unmanaged
from provisioner.providers.base import Provider
from provisioner.state.model import State


async def find_unmanaged(
    provider: Provider, desired: Desired, known: Mapping[str, str], state: State
) -> list[Unmanaged]:
    """What is in the accounts that are managed, and which accounts there are beside them.

    `known` are all accounts that were found, each scope with its id.
    """
    accounts = {scope: id_ for scope, id_ in known.items() if scope in desired.accounts}
    with Reading() as reading:
        census = Census(provider, accounts[""], lambda _: accounts, details=False, observe=reading)
        found = await census.run()
    return list(unmanaged(desired, state, found.evidence, accounts))
