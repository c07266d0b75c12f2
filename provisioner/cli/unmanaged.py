"""Looking for what is live and in no manifest: all is read that a plan alone would not look at."""

from __future__ import annotations

from provisioner.census import Census
from provisioner.cli.compose import Planned
from provisioner.cli.progress import Reading
from provisioner.kinds.desired import Desired
from provisioner.plan.unmanaged import Unmanaged, unmanaged
from provisioner.providers.base import Provider


async def find_unmanaged(provider: Provider, desired: Desired, planned: Planned) -> list[Unmanaged]:
    """What is in the accounts that are managed, and which accounts there are beside them."""
    accounts = {scope: id_ for scope, id_ in planned.accounts.items() if scope in desired.accounts}
    with Reading() as reading:
        census = Census(provider, accounts[""], lambda _: accounts, details=False, observe=reading)
        found = await census.run()
    return list(unmanaged(desired, planned.state, found.evidence, accounts))
