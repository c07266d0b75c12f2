"""The composition root: files, state, provider and planner are put together here and nowhere else."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from provisioner.apply.recovery import Recovered
from provisioner.cli.bookings import Bookings
from provisioner.cli.ending import Ended
from provisioner.cli.options import Options, addresses, policy_of, wish
from provisioner.cli.stopping import cancelled_by_signals
from provisioner.cli.tenant import Place
from provisioner.cli.unfinished import check_finished
from provisioner.errors import ManifestError, StateError
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.desired import Desired
from provisioner.kinds.live import Evidence, Live
from provisioner.manifest import Secrets, Workspace, load_settings, load_variables, load_workspace
from provisioner.plan.change import Action, Plan
from provisioner.plan.draft import Request
from provisioner.plan.match import Matches
from provisioner.plan.planner import make_plan
from provisioner.plan.stranding import read_allowed
from provisioner.plan.undo import Reversal
from provisioner.plan.undone import finished
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Call, Effect, Provider, Surroundings, forbidden
from provisioner.providers.clock import Clock
from provisioner.reading.appointments import Appointments
from provisioner.reading.survey import Survey
from provisioner.report.text import Banner, Effort
from provisioner.stage import stage
from provisioner.state.codec import secret_digest
from provisioner.state.model import State

_CLOCK = Clock()


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with everything that printing and applying it need."""

    plan: Plan
    calls: Sequence[Call]
    state: State
    """What it was matched with."""
    stored: State
    """What is on disk."""
    matches: Matches
    accounts: Mapping[str, str]
    banner: Banner
    effort: Effort
    concurrency: int
    known: Mapping[tuple[str, str], frozenset[str]]
    """The live ids, by scope and kind, of what something is created of."""
    files: Mapping[str, str]
    """Everything that was read of the workspace: path from its root -> sha256."""
    bookings: Bookings
    """How the appointments that it strands are looked for."""

    def ids(self) -> dict[Address, str]:
        """The ids that are known before the first call."""
        ids = {address: live.id for address, live in self.matches.live.items() if not BY_NAME[address.kind].key_kinds}
        return ids | {Address("", "account", (scope,)): id_ for scope, id_ in self.accounts.items() if scope}

    def live(self) -> dict[Address, Live]:
        """What is live, for writes that send back what they do not change."""
        return dict(self.matches.live)


def read_workspace(
    root: Path, options: Options, *, offline: bool = False, instead: Mapping[str, bytes] | None = None
) -> Workspace:
    """Load and check the manifests, which an undo can do without; `instead` has texts that are not written yet.

    Raises ManifestError with every problem, RefusedError for half an export.
    """
    check_finished(root)
    files = [Path(file) for file in options.var_files]
    given = {**load_variables(files, root), **options.var}
    secrets: Secrets = "placeholder" if offline or options.destroy or options.undo else "require"
    try:
        with stage("load") as told:
            loaded = load_workspace(root, VENDORS, variables=given, secrets=secrets, besides=files, instead=instead)
            gc.freeze()  # it stays to the end of the command: none of it is looked at again
            told.tell(resources=len(loaded.desired.resources))
            return loaded
    except ManifestError as error:
        if not options.undo:
            raise
        settings = load_settings(root, VENDORS)
        return Workspace(root, settings, Desired({}), {}, unread=str(error.problems[0]))


def _unread(workspace: Workspace) -> list[str]:
    """What is to be said of manifests that an undo does without."""
    words = "the manifests cannot be read, so whether they still ask for what the run did is not known"
    return [f"{words}: {workspace.unread}"] if workspace.unread else []


async def plan_workspace(
    workspace: Workspace,
    place: Place,
    provider: Provider,
    options: Options,
    remembered: Recovered,
    undoing: tuple[Reversal, State] | None = None,
    clock: Clock = _CLOCK,
) -> Planned:
    """Read the tenant and plan, or plan what `undoing` wants, which looks with a state of its own. Raises ManifestError
    when no plan can be made.
    """
    with stage("plan") as told:
        planned = await _planned(workspace, place, provider, options, remembered, undoing, clock)
        told.tell(plan=planned.plan)
        return planned


async def _planned(
    workspace: Workspace,
    place: Place,
    provider: Provider,
    options: Options,
    remembered: Recovered,
    undoing: tuple[Reversal, State] | None,
    clock: Clock,
) -> Planned:
    settings, state = workspace.settings, remembered.state
    reverse, sought = undoing or (None, state)
    desired, selected = (reverse.desired, reverse.selection()) if reverse else wish(workspace.desired, options, state)
    _check_kinds(provider, state, settings.provider)
    survey = Survey(provider, desired, sought, place.tenant.company_id, selected, frozenset(options.fields))
    evidence, matches, accounts, moved = await survey.run()
    request = Request(
        desired,
        moved,
        evidence,
        matches,
        lambda text: secret_digest(state.lineage, text),
        policy_of(settings.policy, options, moved),
        selected,
        rotate=addresses(options.rotate),
        destroy=options.destroy,
        cannot=forbidden(provider.capabilities),
        notify=options.notify,
        notes=(*remembered.notes, *options.notes(), *_unread(workspace)),
    )
    if reverse:
        reverse, request = reverse.asking(request)
        moved = reverse.without_added(moved)
    plan = _plan(request)
    if reverse:
        plan = finished(reverse, plan, moved, None if workspace.unread else workspace.desired)
    bookings = _bookings(request, provider, accounts, options, clock)
    before = provider.traffic.reads
    with stage("foresee"):
        plan = await bookings.look(plan.foreseen(await provider.foresee(plan.changes)))
    reads = evidence.reads + provider.traffic.reads - before
    managed = reverse.managed(moved, request.desired) if reverse else desired.resources
    calls = provider.calls(plan.changes, Surroundings(evidence, matches.address, accounts, managed))
    return Planned(
        plan,
        calls,
        moved,
        state,
        matches,
        accounts,
        Banner(place.sandbox, place.tenant.host, place.tenant.company_id, provider.name, place.embedded),
        _effort(reads, calls, provider.traffic.seconds, settings.limits.concurrency, place.pace(settings)),
        settings.limits.concurrency,
        _known(plan, evidence),
        workspace.files,
        bookings,
    )


def _bookings(
    request: Request, provider: Provider, accounts: Mapping[str, str], options: Options, clock: Clock
) -> Bookings:
    """How the appointments that the plan strands are looked for."""
    look = Appointments(provider, request.evidence, request.matches, accounts)
    allowed = tuple(map(read_allowed, options.allow_stranded))
    day = replace(clock, as_of=options.as_of)
    return Bookings(look, request.desired.removed, allowed, day, options.destroy)


def _plan(request: Request) -> Plan:
    """Raises ManifestError when there can be none."""
    with stage("compare"):
        plan, problems = make_plan(request)
    if problems:
        raise ManifestError(problems)
    return plan


def _known(plan: Plan, evidence: Evidence) -> dict[tuple[str, str], frozenset[str]]:
    """The live ids of each kind that something is created of."""
    created = {change.address.kind for change in plan.changes if change.action is Action.CREATE}
    return {place: frozenset(e.id for e in pool) for place, pool in evidence.objects.items() if place[1] in created}


def _check_kinds(provider: Provider, state: State, vendor: str) -> None:
    """A workspace whose provider was changed has the state of another vendor's tenant."""
    foreign = sorted(a for a in (*state.records, *state.pending) if a.kind not in provider.capabilities)
    if foreign:
        raise StateError(
            f"the state has {foreign[0]} in it, which {vendor} does not have: is provider right? What another vendor "
            "has belongs in a workspace of its own"
        )


def _effort(reads: int, calls: Sequence[Call], seconds: float, concurrency: int, pace: float | None) -> Effort:
    writes = [call for call in calls if call.effect is not Effect.DISCOVER]
    takes = estimate(reads, seconds, len(calls), concurrency, pace)
    return Effort(reads, len(writes), sum(len(call.parts) for call in writes), len(calls) - len(writes), takes)


def estimate(reads: int, seconds: float, calls: int, concurrency: int, pace: float | None) -> float:
    """Seconds that so many calls may take: as long each as a read took, as many at once and as fast as allowed."""
    each = seconds / reads if reads else 0.05
    at_once = calls * each / max(1, min(concurrency, calls or 1))
    return max(at_once, calls / pace) if pace else at_once


def run(coroutine: Any) -> Any:
    """Run one coroutine to its end, with the faster event loop where it is installed.

    The result goes past the task: on its way out asyncio prints the task, and with it a plan of 10,000 resources.
    """
    results: list[Any] = []
    caught: list[int] = []

    async def kept() -> None:
        with cancelled_by_signals(caught):
            results.append(await coroutine)

    try:
        import uvloop
    except ImportError:
        start: Callable[[Any], None] = asyncio.run
    else:
        start = uvloop.run
    try:
        start(kept())
    except asyncio.CancelledError:
        if caught:
            raise Ended(128 + caught[0]) from None
        raise
    return results[0]
