"""One export of a tenant in memory: the real command's own steps, with the sandbox called in process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provisioner.cli.takeover import Takeover
from provisioner.cli.tenant import Place
from provisioner.export.files import Layout
from provisioner.kinds.desired import Desired
from provisioner.manifest import load_settings, load_workspace
from provisioner.providers import BY_NAME
from provisioner.state.model import Tenant as Owner
from tests.support import COMPANY, Tenant

SETTINGS = f"version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: {COMPANY}\n"
PLACE = Place("sandbox", Owner("sandbox", str(COMPANY)), sandbox=True, embedded=True)


@dataclass(frozen=True)
class Export:
    """What came of one export."""

    root: Path
    said: list[str]
    desired: Desired

    @property
    def text(self) -> str:
        """All manifests, one after another."""
        files = sorted(path for path in self.root.rglob("*.yaml") if path.name != "provisioner.yaml")
        return "\n".join(path.read_text("utf-8") for path in files)


async def export(
    tenant: Tenant, root: Path, settings: str = SETTINGS, layout: Layout | None = None, *, clients: bool = True
) -> Export:
    """Export a tenant into an empty folder; afterwards the tenant's state is the one that was written."""
    (root / "provisioner.yaml").write_text(settings, "utf-8")
    takeover = Takeover(root, None, load_settings(root, BY_NAME), PLACE, layout, clients=clients)
    takeover.check()
    provider = tenant.provider()
    try:
        await provider.sign_in()
        found = await takeover.read(provider)
    finally:
        await provider.close()
    said = list(takeover.finish(found))
    tenant.state = takeover._store().load().state
    return Export(root, said, reload(root))


def reload(root: Path) -> Desired:
    """What the manifests of a folder say; secrets need not be set."""
    return load_workspace(root, BY_NAME, environ={}, secrets="placeholder").desired


async def settled(tenant: Tenant, exported: Export) -> None:
    """See that the next plan has nothing to say, and that nothing has been written to the tenant."""
    assert {call["method"] for call in await tenant.calls()} <= {"GET"}
    planned = await tenant.plan(exported.desired)
    assert planned.summary() == [], (
        [(str(c.address), c.action, c.fields) for c in planned.plan.changes],
        exported.text,
    )
    learnt = {a: r for a, r in planned.plan.refreshed.items() if not _is_secret(tenant, a, r)}
    assert learnt == {}, {str(a): (tenant.state.records.get(a), r) for a, r in learnt.items()}


def _is_secret(tenant: Tenant, address: Any, record: Any) -> bool:
    """Whether a record grows by nothing but the digest of a secret, which an export cannot know."""
    before = tenant.state.records.get(address)
    return before is not None and record is not None and before.applied == record.applied and bool(record.secrets)
