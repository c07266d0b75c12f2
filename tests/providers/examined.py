"""A check-up or a probe of a sandbox in process, without its waits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from provisioner.finding import Finding
from provisioner.providers.base import Connection
from provisioner.providers.checkup import Probed, Target
from provisioner.providers.clock import Clock
from provisioner.providers.setster.checkup.checkup import SetsterCheckup
from provisioner.providers.setster.probe.probe import SetsterProbe
from tests.support import API, COMPANY, Tenant


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


def connection(tenant: Tenant, **more: Any) -> Connection:
    """The way to a sandbox; the credentials are its own."""
    keys = {"email": "owner@example.com", "api_key": "sandbox-key"}
    given: dict[str, Any] = {"clock": Clock(sleep=_at_once), "app": tenant.wrap(tenant.app), **more}
    return Connection(API, str(COMPANY), keys, **given)


async def examine(tenant: Tenant, **more: Any) -> dict[str, Finding]:
    """Every finding, by its check."""
    checkup = SetsterCheckup(connection(tenant, **more))
    try:
        return {finding.check: finding async for finding in checkup.examine()}
    finally:
        await checkup.close()


async def probe(tenant: Tenant, account: object = COMPANY, **more: Any) -> Probed:
    """A look and a probe."""
    return (await looked(tenant, account, **more))[1]


async def looked(tenant: Tenant, account: object = COMPANY, **more: Any) -> tuple[Target, Probed]:
    """The same, with what the look saw."""
    probing = SetsterProbe(connection(tenant, **more), str(account))
    try:
        target = await probing.look()
        return target, await probing.run()
    finally:
        await probing.close()


async def held(tenant: Tenant, company: int | str | None = None) -> Mapping[str, Any]:
    """Everything that is live, what reads do not show included."""
    return await tenant.dump(company)
