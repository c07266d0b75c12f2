"""A rehearsal of a tenant in memory, and the apply that it is a rehearsal of."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from provisioner.apply.outcome import Applied
from provisioner.cli.options import Options
from provisioner.cli.rehearsal import Original, Stage
from provisioner.cli.tenant import Place, state_file
from provisioner.kinds.desired import Desired
from provisioner.manifest import Workspace, load_settings
from provisioner.plan.change import Plan
from provisioner.providers import BY_NAME
from provisioner.providers.http import Client
from provisioner.providers.setster.provider import Setster
from provisioner.providers.setster.session import Credentials, Session
from provisioner.rehearsal.leap import leap
from provisioner.rehearsal.result import Rehearsal, Rehearsed
from tests.export.taken import PLACE, SETTINGS
from tests.support import API, COMPANY, PICTURES, Planned, Tenant

T = TypeVar("T")
FREELY = Options(allow_destroy=10**6, allow_update=10**6)


def at_once(story: Coroutine[Any, Any, T]) -> T:
    """Run something in which nobody is waited for."""

    async def told(_clock: Any) -> T:
        return await story

    return leap(told)


@dataclass(frozen=True)
class Show:
    """A rehearsal, and what was read for it."""

    original: Original
    rehearsal: Rehearsal


def stage(root: Path, desired: Desired, place: Place = PLACE, settings: str = SETTINGS) -> Stage:
    """Where a wish is rehearsed; the pictures that it names lie there."""
    (root / "provisioner.yaml").write_text(settings, "utf-8")
    for name, content in PICTURES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return Stage(root, Workspace(root, load_settings(root, BY_NAME), desired, {}), place, FREELY)


def rehearse(tenant: Tenant, root: Path, desired: Desired) -> Show:
    """Rehearse a wish for a tenant, with its state, in the tenant's own dialect; nothing is written to it."""
    here = stage(root, desired)
    file = state_file(root, PLACE)
    with file.locked("a test"):
        file.save(replace(tenant.state, serial=file.load().state.serial))
    original = asyncio.run(_read(tenant, here))
    return Show(original, here.rehearse(original, [tenant.dialect]))


async def _read(tenant: Tenant, here: Stage) -> Original:
    client = Client(API, tenant.concurrency, app=tenant.wrap(tenant.app), reads_only=True)
    provider = Setster(Session(client, str(COMPANY), Credentials("owner@example.com", "sandbox-key")))
    try:
        await provider.sign_in()
        return await here.read_from(provider)
    finally:
        await provider.close()


# -- the same, for real


@dataclass(frozen=True)
class Done:
    """A real apply: what it was, what came of it, what it asked for, and what a second one would do."""

    planned: Planned
    applied: Applied
    asked: Counter[tuple[str, str]]
    afterwards: Plan


def carry_out(tenant: Tenant, desired: Desired) -> Done:
    """Apply a wish to the tenant itself. Raises ManifestError."""
    return at_once(_carried_out(tenant, desired))


async def _carried_out(tenant: Tenant, desired: Desired) -> Done:
    provider = tenant.provider()
    try:
        planned = await tenant._plan(provider, desired, {})
        await tenant.clear_calls()
        executor = tenant.executor(planned, provider)
        applied = await executor.run()
    finally:
        await provider.close()
    log = Counter((call["method"], path_of(call["path"])) for call in await tenant.calls())
    tenant.state = executor.result
    return Done(planned, applied, log, (await tenant.plan(desired)).plan)


def path_of(path: str) -> str:
    """A path without ids."""
    return re.sub(r"\d+(,\d+)*(?=/|$)", "{id}", path.removeprefix("/api/v2"))


# -- what has to be the same in both


def result(applied: Applied) -> dict[str, Any]:
    """What came of every change, in the vendor's words; ids of what was made are a copy's own.

    Where two failures hold one thing back, the first one is named: that is a matter of time.
    """
    assert {cause for _, cause in applied.skipped} <= {c.address for c, _ in applied.failed}
    return {
        "done": [f"{c.action} {c.address}" for c in applied.done],
        "failed": {str(c.address): re.sub(r"\d+", "N", why) for c, why in applied.failed},
        "skipped": [str(c.address) for c, _ in applied.skipped],
        "writes": applied.writes,
    }


def left(plan: Plan) -> list[str]:
    """What a plan would do, and to which fields."""
    return [f"{c.action} {c.address} {sorted(f.name for f in c.fields)}" for c in plan.changes]


def asked(rehearsed: Rehearsed) -> Counter[tuple[str, str]]:
    """What a rehearsal asked the copy for."""
    return Counter({(each.method, each.path): each.times for each in rehearsed.asked})


def agree(show: Show, done: Done) -> None:
    """The rehearsal was right in everything."""
    first = show.rehearsal.first
    assert show.rehearsal.differs == ()
    assert left(show.original.planned.plan) == left(done.planned.plan)
    assert [call.id for call in show.original.planned.calls] == [call.id for call in done.planned.calls]
    assert asked(first) == done.asked
    assert result(first.applied) == result(done.applied)
    assert first.afterwards is not None, first.wrong
    assert left(first.afterwards) == left(done.afterwards)
