"""A look at what `state resolve --adopt` names, where nothing but its id finds it: a wrong one would stay unnoticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.cli import compose, tenant
from provisioner.cli.context import Common
from provisioner.errors import NotReadError, UsageError, VendorError
from provisioner.kinds import BY_NAME, Address
from provisioner.manifest import load_settings
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Ask

if TYPE_CHECKING:
    from provisioner.kinds.live import Evidence


def look(common: Common, endpoint: str | None, address: Address, id_: str, account_id: str) -> None:
    """Read it. Raises VendorError where that cannot be done, UsageError where it is over, and what connecting does."""
    settings = load_settings(common.root, VENDORS)
    place = tenant.locate(settings, endpoint)
    ask = Ask(address.kind, address.account, account_id or place.tenant.company_id, known=frozenset({id_}))

    async def read() -> Evidence:
        async with tenant.connected(common.root, settings, place, reads_only=True) as provider:
            return await provider.read([ask])

    try:
        evidence: Evidence = compose.run(read())
    except NotReadError as error:
        raise VendorError(f"{address}: {error.why[id_]} Look the id up in the tenant") from None
    kind = BY_NAME[address.kind]
    if not any(live.id == id_ for live in evidence.of(address.account, address.kind)):
        raise UsageError(
            f"{kind.title} {id_} is {kind.ending} already: if that is what {address} made, say --absent, and the next "
            "apply makes another"
        )
