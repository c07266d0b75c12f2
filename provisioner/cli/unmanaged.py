"""Looking for what is live and in no manifest: all is read that a plan alone would not look at."""

from __future__ import annotations

from dataclasses import replace

from provisioner.census import Census
from provisioner.cli.compose import Planned
from provisioner.cli.progress import Reading
from provisioner.kinds.desired import Desired
from provisioner.plan.unmanaged import Beside, unmanaged
from provisioner.providers.base import Provider


async def find_unmanaged(provider: Provider, desired: Desired, planned: Planned) -> tuple[Planned, Beside]:
    """The plan with these reads counted; and what is in the managed accounts, and which accounts are beside them."""
    accounts = {scope: id_ for scope, id_ in planned.accounts.items() if scope in desired.accounts}
    with Reading() as reading:
        census = Census(provider, accounts[""], lambda _: accounts, details=False, observe=reading)
        evidence = (await census.run()).evidence
    unlisted = tuple(kind for kind, can in provider.capabilities.items() if can.sought and not can.listed)
    effort = replace(planned.effort, reads=planned.effort.reads + evidence.reads)
    found = tuple(unmanaged(desired, planned.state, evidence, accounts))
    return replace(planned, effort=effort), Beside(found, unlisted)
