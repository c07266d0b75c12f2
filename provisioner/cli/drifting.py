"""Looking at a tenant with what was last applied in mind. Nothing is planned, and nothing can be written."""

from __future__ import annotations

from dataclasses import dataclass

from provisioner.cli import compose, tenant
from provisioner.cli.context import Common
from provisioner.cli.options import Options
from provisioner.cli.remembered import remember
from provisioner.cli.stores import state_store
from provisioner.cli.unmanaged import find_unmanaged
from provisioner.errors import StateError
from provisioner.manifest import Workspace
from provisioner.plan.change import Plan
from provisioner.plan.drifted import Drifted, as_applied
from provisioner.plan.unmanaged import Beside
from provisioner.providers.base import Provider
from provisioner.reading.survey import Survey
from provisioner.report.head import Banner, Effort
from provisioner.state.codec import secret_digest
from provisioner.state.lock import at_work
from provisioner.state.store import Store


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found."""

    plan: Plan
    """What would put back all that moved; nobody carries it out."""
    banner: Banner
    effort: Effort
    beside: Beside | None = None
    """What is live and not in the manifests, where that was asked for."""


def look(common: Common, options: Options, *, show_unmanaged: bool) -> Looked:
    """Read the manifests, without their secrets, and the tenant.

    Raises ManifestError, StateError where nothing was ever recorded, LockedError while another run is at work, and what
    reading raises.
    """
    workspace = compose.read_workspace(common.root, options, offline=True)
    place = tenant.locate(workspace.settings, options.endpoint)
    file = state_store(common.root, workspace.settings, place)

    async def looked() -> Looked:
        async with tenant.connected(common.root, workspace.settings, place, reads_only=True) as provider:
            return await _look(provider, workspace, place, file, show_unmanaged=show_unmanaged)

    found: Looked = compose.run(looked())
    return found


async def _look(
    provider: Provider, workspace: Workspace, place: tenant.Place, file: Store, *, show_unmanaged: bool
) -> Looked:
    remembered = await remember(file, provider, workspace.settings, place, heeding=True)
    if not remembered.state.serial:
        raise StateError(
            f"{file.name}: nothing is recorded of {place.tenant}, so there is nothing to compare with: apply first; if "
            "something was applied before, look whether this is where its state is kept"
        )
    state, manifests = remembered.state, workspace.desired
    applied = as_applied(state, manifests)
    evidence, matches, accounts, state = await Survey(provider, applied, state, place.tenant.company_id).run()

    if file.holder() or file.load().state.serial != remembered.state.serial:
        raise at_work(file.holder() or "another run")  # half of what was read may be of before it

    def digest(text: str) -> str:
        return secret_digest(state.lineage, text)

    plan = Drifted(applied, manifests, state, evidence, matches, digest).plan(remembered.notes)
    banner = Banner(place.sandbox, place.tenant.host, place.tenant.company_id, provider.name, place.embedded)
    effort = Effort(evidence.reads, 0, 0)
    if not show_unmanaged:
        return Looked(plan, banner, effort)
    beside, reads = await find_unmanaged(provider, manifests, accounts, state)
    return Looked(plan, banner, effort.more(reads), beside)
