"""The account that an empty sandbox starts with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from provisioner.sandbox.setster import subaccount
from provisioner.sandbox.tables import accounts

if TYPE_CHECKING:
    from provisioner.sandbox.world import World


class FirstAccount(NamedTuple):
    """Who it is; the rest is the same everywhere."""

    company_id: int
    email: str = "owner@example.com"

    def make(self, world: World) -> None:
        """Make the account, with its owner, main location and default service, unless there is one already."""
        if accounts.ids(world.store):
            return
        values = {"company_name": "Sandbox", "nick_name": "sandbox", "email": self.email, "password": "sandbox"}
        subaccount.found(world.store, world.now(), values, company=self.company_id)
