"""The composition root: files, state, provider and planner are put together here and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from provisioner.apply.recovery import Recovered
from provisioner.appointments import Appointments
from provisioner.cli.bookings import Bookings
from provisioner.cli.tenant import Place
from provisioner.errors import ManifestError, StateError, UsageError
from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.base import specs
from provisioner.kinds.desired import Desired
from provisioner.kinds.live import Evidence, Live
from provisioner.manifest import PolicySettings, Secrets, Workspace, load_variables, load_workspace
from provisioner.plan.change import Action, Plan
from provisioner.plan.draft import Request
from provisioner.plan.guard import Policy
from provisioner.plan.match import Matches
from provisioner.plan.planner import make_plan
from provisioner.plan.stranding import read_allowed
from provisioner.plan.undo import Reversal
from provisioner.plan.undone import finished
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Call, Effect, Provider, Surroundings, forbidden
from provisioner.providers.clock import Clock
from provisioner.report.text import Banner, Effort
from provisioner.state.codec import secret_digest
from provisioner.state.model import State
from provisioner.survey import Survey

_CLOCK = Clock()


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about one plan."""

    endpoint: str | None = None
    var: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    rotate: tuple[str, ...] = ()
    allow_destroy: int | None = None
    allow_update: int | None = None
    not_renamed: tuple[str, ...] = ()
    allow_stranded: tuple[str, ...] = ()
    notify: bool = False
    destroy: bool = False
    as_of: date | None = None
    """The day that is looked at, where it is not today."""
    undo: str | None = None
    """The run to take back."""
    overwrite: tuple[str, ...] = ()
    """Of whom fields go back although somebody changed them since."""


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


def read_workspace(root: Path, options: Options, *, offline: bool = False) -> Workspace:
    """Load and check the manifests. Raises ManifestError with every problem."""
    files = [Path(file) for file in options.var_files]
    given = {**load_variables(files, root), **options.var}
    secrets: Secrets = "placeholder" if offline or options.destroy or options.undo else "require"
    return load_workspace(root, VENDORS, variables=given, secrets=secrets, besides=files)


# -- planning


def selection(options: Options, desired: Desired) -> Callable[[Address], bool]:
    """Which addresses are planned: the targets, with everything they refer to; of what goes, all that refers to it."""
    if not options.targets:
        return lambda _: True
    if options.destroy:
        return lambda a: _goes(a, options.targets)
    declared = {*desired.resources}
    chosen = {a for a in declared if any(a.matches(glob) for glob in options.targets)}
    needed = set(chosen)
    for address in chosen:
        parts = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
        needed |= {Address(address.account, kind, (key,)) for kind, key in parts}
        if address.account:
            needed.add(Address("", "account", (address.account,)))
    needed |= {Address("", "account", (a.account,)) for a in needed if a.account}
    return lambda a: a in needed or (a not in declared and _goes(a, options.targets))


def _goes(address: Address, targets: Sequence[str]) -> bool:
    """Whether a target names this address, or an object that it is a relation of."""
    parts = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
    members = (Address(address.account, kind, (key,)) for kind, key in parts)
    return any(each.matches(glob) for each in (address, *members) for glob in targets)


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
    settings, state = workspace.settings, remembered.state
    reverse, sought = undoing or (None, state)
    desired, selected = _wish(workspace.desired, options, state, reverse)
    _check_kinds(provider, state, settings.provider)
    survey = Survey(provider, desired, sought, place.tenant.company_id, selected)
    evidence, matches, accounts, moved = await survey.run()
    cannot = forbidden(provider.capabilities)
    seen = moved
    if reverse:
        seen, moved = reverse.as_run_left_it(moved), reverse.without_added(moved)
        reverse = reverse.seen(matches, moved, cannot)
        desired, selected = reverse.desired, reverse.selection()
    request = Request(
        desired,
        seen,
        evidence,
        matches,
        lambda text: secret_digest(state.lineage, text),
        _policy(settings.policy, options, moved),
        selected,
        rotate=_addresses(options.rotate),
        destroy=options.destroy,
        cannot=cannot,
        leaves=reverse.leaves if reverse else lambda _: False,
        notify=options.notify,
        notes=(*remembered.notes, *_looked_at(options)),
    )
    plan = _plan(request)
    if reverse:
        plan = finished(reverse, plan, moved, workspace.desired)
    before = provider.traffic.reads
    plan = plan.foreseen(await provider.foresee(plan.changes))
    look = Appointments(provider, evidence, matches, accounts)
    allowed = tuple(map(read_allowed, options.allow_stranded))
    bookings = Bookings(look, desired.removed, allowed, replace(clock, as_of=options.as_of), options.destroy)
    plan = await bookings.look(plan)
    reads = evidence.reads + provider.traffic.reads - before
    managed = reverse.managed(moved, desired) if reverse else desired.resources
    calls = provider.calls(plan.changes, Surroundings(evidence, matches.address, accounts, managed))
    banner = Banner(place.sandbox, place.tenant.host, place.tenant.company_id, provider.name, place.embedded)
    seconds = estimate(reads, provider.traffic.seconds, len(calls), settings.limits.concurrency, place.pace(settings))
    return Planned(
        plan,
        calls,
        moved,
        state,
        matches,
        accounts,
        banner,
        _effort(reads, calls, seconds),
        settings.limits.concurrency,
        _known(plan, evidence),
        workspace.files,
        bookings,
    )


def _looked_at(options: Options) -> list[str]:
    return [f"as of {options.as_of}: an apply looks at the day on which it runs"] if options.as_of else []


def _plan(request: Request) -> Plan:
    """Raises ManifestError when there can be none."""
    plan, problems = make_plan(request)
    if problems:
        raise ManifestError(problems)
    return plan


def _known(plan: Plan, evidence: Evidence) -> dict[tuple[str, str], frozenset[str]]:
    """The live ids of each kind that something is created of."""
    created = {change.address.kind for change in plan.changes if change.action is Action.CREATE}
    return {place: frozenset(e.id for e in pool) for place, pool in evidence.objects.items() if place[1] in created}


def _wish(
    manifests: Desired, options: Options, state: State, reverse: Reversal | None
) -> tuple[Desired, Callable[[Address], bool]]:
    """What is wanted, and of whom: what was before a run, nothing at all, or what the manifests say."""
    if reverse:
        return reverse.desired, reverse.selection()
    check_targets(options, manifests, state)
    desired = replace(manifests, resources={}, whole={}, removed={}) if options.destroy else manifests
    return desired, selection(options, manifests)


def _policy(given: PolicySettings, options: Options, state: State) -> Policy:
    """How far a plan may go; what a run made goes when it is destroyed or undone, whatever is pruned by itself."""
    prune = "owned" if options.destroy or options.undo else given.prune
    allowed = options.allow_destroy, options.allow_update
    return Policy(prune, given.max_destroy, given.max_update, *allowed, _not_renamed(options, state))


def _check_kinds(provider: Provider, state: State, vendor: str) -> None:
    """A workspace whose provider was changed has the state of another vendor's tenant."""
    foreign = sorted(a for a in (*state.records, *state.pending) if a.kind not in provider.capabilities)
    if foreign:
        raise StateError(
            f"the state has {foreign[0]} in it, which {vendor} does not have: is provider right? What another vendor "
            "has belongs in a workspace of its own"
        )


def check_targets(options: Options, desired: Desired, state: State) -> None:
    """Raises UsageError for a target that names nothing."""
    for glob in options.targets:
        if not any(a.matches(glob) for a in (*desired.resources, *state.records)):
            near = get_close_matches(glob, map(str, {**desired.resources, **state.records}), n=1)
            hint = f": did you mean {near[0]}?" if near else "; quote it if it is a glob"
            raise UsageError(f"--target {glob} names nothing in the manifests or the state{hint}")
    for address in _addresses(options.rotate):
        if address not in desired.resources:
            raise UsageError(f"--rotate {address} names nothing in the manifests: its secrets have to stand there")
        known = specs(type(desired.resources[address].resource))
        if not any(known[n].sensitive or known[n].from_file for n in desired.resources[address].resource.wanted()):
            raise UsageError(f"--rotate {address}: it has no secret and no picture in the manifests")


def _not_renamed(options: Options, state: State) -> frozenset[Address]:
    """What a person says that really goes; `id:812` is how the plan calls what no state has."""
    found = _addresses(options.not_renamed)
    for address in found:
        if address not in state.records and not address.key[0].startswith("id:"):
            raise UsageError(f"--not-renamed {address} names nothing in the state: give the address that goes")
    return found


def _addresses(texts: Sequence[str]) -> frozenset[Address]:
    try:
        return frozenset(read_address(text) for text in texts)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _effort(reads: int, calls: Sequence[Call], seconds: float) -> Effort:
    writes = [call for call in calls if call.effect is not Effect.DISCOVER]
    return Effort(reads, len(writes), sum(len(call.parts) for call in writes), len(calls) - len(writes), seconds)


def estimate(reads: int, seconds: float, calls: int, concurrency: int, pace: float | None) -> float:
    """Seconds that the writes may take: as long each as a read took, as many at once and as fast as allowed."""
    each = seconds / reads if reads else 0.05
    at_once = calls * each / max(1, min(concurrency, calls or 1))
    return max(at_once, calls / pace) if pace else at_once


def run(coroutine: Any) -> Any:
    """Run one coroutine to its end, with the faster event loop where it is installed.

    The result goes past the task: on its way out asyncio prints the task, and with it a plan of 10,000 resources.
    """
    results: list[Any] = []

    async def kept() -> None:
        results.append(await coroutine)

    try:
        import uvloop
    except ImportError:
        asyncio.run(kept())
    else:
        uvloop.run(kept())
    return results[0]
