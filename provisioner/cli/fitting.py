"""The manifests of what was found, mended until they load and the plan of them has nothing to do."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from provisioner.errors import ManifestError, Problem, ProvisionerError
from provisioner.export.draw import draw
from provisioner.export.entry import Drawn, Mended
from provisioner.export.fields import Usual
from provisioner.export.files import Layout, Written, written
from provisioner.export.mend import by_changes, by_problems, joined
from provisioner.kinds import BY_SECTION
from provisioner.manifest import SETTINGS, Settings, Workspace
from provisioner.plan.change import Action, Plan
from provisioner.plan.draft import Request
from provisioner.plan.guard import Policy
from provisioner.plan.match import match
from provisioner.plan.planner import make_plan
from provisioner.providers.base import Capability, forbidden
from provisioner.reading.census import Counted
from provisioner.state.codec import secret_digest
from provisioner.state.model import State

ROUNDS = 8
"""How often what does not load or would change something is mended, before this is a mistake of ours."""
_ALL = 10**9
Load = Callable[[Mapping[str, bytes]], Workspace]
"""Reads a workspace that has these manifests and no others. Raises ManifestError."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What will be written."""

    drawn: Drawn
    files: list[Written]
    state: State
    besides: tuple[str, ...]
    """What the manifests read of the workspace besides themselves: what the settings' defaults take in."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """One fitting."""

    counted: Counted
    capabilities: Mapping[str, Capability]
    settings: Settings
    state: State
    """An empty one, of this tenant."""
    load: Load

    def fitted(self, layout: Layout, head: tuple[str, ...]) -> Fitted:
        """What can be written. Raises ManifestError for what is wrong with the settings, and ProvisionerError."""
        mended: Mended = {}
        usual, company_id = self._usual(), self.state.tenant.company_id
        for _ in range(ROUNDS):
            drawn = draw(self.counted.evidence, self.counted.accounts, usual, mended, company_id)
            files = written(drawn, layout, head)
            try:
                workspace = self.load({file.name: file.text.encode() for file in files})
                plan = self._planned(workspace)
            except ManifestError as error:
                if all(problem.file == SETTINGS for problem in error.problems):
                    raise
                faults = by_problems(error.problems, files)
                unknown = error
            else:
                faults = by_changes(plan.changes, drawn)
                if not plan.writes and not plan.count(Action.FORGET):
                    own = {SETTINGS, *(file.name for file in files)}
                    besides = tuple(sorted(workspace.files.keys() - own))
                    return Fitted(drawn, files, _adopted(self.state, plan, drawn.variables), besides)
                unknown = ManifestError([Problem("", 0, 0, f"{c.action} {c.address}") for c in plan.writes])
            if not faults:
                raise _mistake(unknown)
            mended = joined(mended, faults)
        raise _mistake(unknown)

    def _planned(self, workspace: Workspace) -> Plan:
        """The plan of what would be written, on what was read. Raises ManifestError."""
        desired, state, evidence = workspace.desired, self.state, self.counted.evidence
        plan, problems = make_plan(
            Request(
                desired,
                state,
                evidence,
                match(desired, state, evidence),
                lambda text: secret_digest(state.lineage, text),
                Policy(allow_destroy=_ALL, allow_update=_ALL),
                cannot=forbidden(self.capabilities),
            )
        )
        if problems:
            raise ManifestError(problems)
        return plan

    def _usual(self) -> dict[str, Usual]:
        imposed = {BY_SECTION[name].kind: _flat(default.fields) for name, default in self.settings.defaults.items()}
        able = self.capabilities.items()
        return {kind: Usual(can.fresh, can.computed, imposed.get(kind, {})) for kind, can in able}


def _flat(fields: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        found |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {prefix + name: value}
    return found


def _adopted(state: State, plan: Plan, variables: Mapping[str, str]) -> State:
    """The state in which everything that was recognised is remembered, but no secret that is not known."""
    records = {change.address: change.record for change in plan.changes if change.record}
    records |= {address: record for address, record in plan.refreshed.items() if record}
    unset = {address for name, address in variables.items() if not os.environ.get(name)}
    known = {a: replace(record, secrets={}) if str(a) in unset else record for a, record in records.items()}
    return replace(state, records=known)


def _mistake(error: ManifestError) -> ProvisionerError:
    shown = "; ".join(str(problem) for problem in error.problems[:3])
    return ProvisionerError(
        f"what was written does not say what is live ({shown}): nothing was written. Please report it"
    )
