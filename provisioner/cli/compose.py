"""The composition root: files, state, provider and planner are put together here and nowhere else."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from provisioner.errors import ManifestError, Problem, RefusedError, StateError, UsageError
from provisioner.kinds import BY_NAME, Address, read_address
from provisioner.kinds.desired import Desired
from provisioner.kinds.live import Live
from provisioner.manifest import Settings, Workspace, load_settings, load_variables, load_workspace
from provisioner.plan.change import Plan
from provisioner.plan.guard import Policy
from provisioner.plan.match import Matches
from provisioner.plan.planner import Request, make_plan
from provisioner.providers.base import Call, Effect, Surroundings
from provisioner.providers.http import Client
from provisioner.providers.setster import Setster
from provisioner.providers.setster.session import Credentials, Session
from provisioner.report.text import Banner, Effort
from provisioner.state.file import StateFile, secret_digest
from provisioner.state.model import State, Tenant
from provisioner.survey import Survey

DATA = ".provisioner"
SANDBOX = "sandbox"
SANDBOX_EMAIL, SANDBOX_KEY = "owner@example.com", "sandbox-key"


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
    destroy: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workspace's tenant is."""

    endpoint: str
    tenant: Tenant
    sandbox: bool
    embedded: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with everything that printing and applying it need."""

    plan: Plan
    calls: Sequence[Call]
    state: State
    matches: Matches
    accounts: Mapping[str, str]
    banner: Banner
    effort: Effort
    concurrency: int

    def ids(self) -> dict[Address, str]:
        """The ids that are known before the first call."""
        ids = {address: live.id for address, live in self.matches.live.items() if not BY_NAME[address.kind].key_kinds}
        return ids | {Address("", "account", (scope,)): id_ for scope, id_ in self.accounts.items() if scope}

    def live(self) -> dict[Address, Live]:
        """What is live, for writes that send back what they do not change."""
        return dict(self.matches.live)


def read_workspace(root: Path, options: Options, *, offline: bool = False) -> Workspace:
    """Load and check the manifests. Raises ManifestError with every problem."""
    given = {**load_variables(map(Path, options.var_files)), **options.var}
    return load_workspace(root, variables=given, secrets="placeholder" if offline or options.destroy else "require")


def locate(settings: Settings, override: str | None) -> Place:
    """The tenant that a workspace means. Raises RefusedError for an endpoint that is not allowed yet."""
    endpoint = settings.endpoint if override is None else override
    if endpoint == SANDBOX:
        return Place(endpoint, Tenant(SANDBOX, settings.company_id), sandbox=True, embedded=True)
    parts = _address(endpoint)
    if parts is None or not parts.hostname:
        raise UsageError(f"--endpoint {endpoint}: write sandbox, or an address such as http://127.0.0.1:8787/api/v2")
    if not _is_loopback(parts.hostname):
        raise RefusedError(
            f"{parts.hostname} is a live endpoint, and this version does not apply to live tenants yet: a create whose "
            "answer is lost could be doubled until the journal is in. Use `endpoint: sandbox`, or one that you serve"
        )
    base = endpoint.rstrip("/")
    base = base if parts.path.strip("/") else f"{base}/api/v2"
    return Place(base, Tenant(parts.netloc, settings.company_id), sandbox=True, embedded=False)


def _address(endpoint: str) -> SplitResult | None:
    """An address of HTTP with nothing in it that belongs elsewhere: no credentials, no query, a real port."""
    try:
        parts = urlsplit(endpoint)
        usable = parts.port != 0 and parts.scheme in ("http", "https")
    except ValueError:
        return None
    return None if not usable or "@" in parts.netloc or parts.query or parts.fragment else parts


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def state_file(root: Path, place: Place) -> StateFile:
    """Where the state of a tenant lies in a workspace."""
    host = place.tenant.host.replace(":", "_").replace("[", "").replace("]", "")
    return StateFile(root / DATA / "state" / host / place.tenant.company_id / "state.json", place.tenant)


def sandbox_file(root: Path) -> Path:
    """Where the embedded sandbox of a workspace keeps its data."""
    return root / DATA / "sandbox.db"


@contextmanager
def sandbox_opened(path: Path) -> Iterator[None]:
    """Say what is wrong with a sandbox's file that cannot be opened, and what to do."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{path.parent}: no folder for the sandbox's data: {error.strerror or error}") from None
    try:
        yield
    except sqlite3.Error as error:
        raise StateError(
            f"{path}: cannot be used as the sandbox's data ({error}). Move it away, or run provisioner sandbox reset"
        ) from None


@asynccontextmanager
async def connected(root: Path, settings: Settings, place: Place) -> AsyncIterator[Setster]:
    """A signed-in provider, closed at the end."""
    app = _embedded(root, place) if place.embedded else None
    client = Client("http://sandbox/api/v2" if app else place.endpoint, settings.limits.concurrency, app=app)
    session = Session(
        client, place.tenant.company_id, _credentials(settings, place), wrapped=settings.limits.body == "wrapped"
    )
    provider = Setster(session)
    try:
        await provider.sign_in()
        yield provider
    finally:
        await provider.close()
        if app is not None:
            app.state.store.close()


def _embedded(root: Path, place: Place) -> Any:
    from provisioner.sandbox.app import create_app

    path = sandbox_file(root)
    with sandbox_opened(path):
        return create_app(path, company_id=int(place.tenant.company_id), email=SANDBOX_EMAIL, api_key=SANDBOX_KEY)


def _credentials(settings: Settings, place: Place) -> Credentials:
    """The sandbox has its own: a workspace's real key is never sent to it."""
    del settings
    assert place.sandbox
    return Credentials(SANDBOX_EMAIL, SANDBOX_KEY)


# -- planning


def selection(options: Options, desired: Desired) -> Callable[[Address], bool]:
    """Which addresses are planned: the targets, and everything that they refer to."""
    if not options.targets:
        return lambda _: True
    declared = {*desired.resources}
    chosen = {a for a in declared if any(a.matches(glob) for glob in options.targets)}
    needed = set(chosen)
    for address in chosen:
        parts = zip(BY_NAME[address.kind].key_kinds, address.key, strict=False)
        needed |= {Address(address.account, kind, (key,)) for kind, key in parts}
        if address.account:
            needed.add(Address("", "account", (address.account,)))
    needed |= {Address("", "account", (a.account,)) for a in needed if a.account}
    return lambda a: a in needed or (a not in declared and any(a.matches(glob) for glob in options.targets))


async def plan_workspace(
    root: Path, workspace: Workspace, place: Place, provider: Setster, options: Options
) -> Planned:
    """Read the tenant and plan. Raises ManifestError when no plan can be made."""
    settings, state = workspace.settings, state_file(root, place).load()
    desired = replace(workspace.desired, resources={}, whole={}, removed={}) if options.destroy else workspace.desired
    selected = selection(options, workspace.desired)
    _check_targets(options, workspace.desired, state, selected)
    survey = Survey(provider, desired, state, place.tenant.company_id, selected)
    evidence, matches, accounts = await survey.run()
    prune = "owned" if options.destroy else settings.policy.prune
    policy = Policy(
        prune,
        settings.policy.max_destroy,
        settings.policy.max_update,
        options.allow_destroy,
        options.allow_update,
    )
    plan, problems = make_plan(
        Request(
            desired,
            state,
            evidence,
            matches,
            lambda text: secret_digest(state.lineage, text),
            policy,
            selected,
            rotate=_addresses(options.rotate),
            destroy=options.destroy,
        )
    )
    if problems:
        raise ManifestError(problems)
    calls = provider.calls(plan.changes, Surroundings(evidence, matches.address, accounts, desired.resources.keys()))
    banner = Banner(place.sandbox, place.tenant.host, place.tenant.company_id, provider.name, place.embedded)
    writes = sum(1 for call in calls if call.effect is not Effect.DISCOVER)
    effort = Effort(
        evidence.reads,
        writes,
        len(plan.writes),
        len(calls) - writes,
        _estimate(evidence.reads, provider.traffic.seconds, len(calls), settings.limits.concurrency),
    )
    return Planned(plan, calls, state, matches, accounts, banner, effort, settings.limits.concurrency)


def _check_targets(options: Options, desired: Desired, state: State, selected: Callable[[Address], bool]) -> None:
    for glob in options.targets:
        if not any(a.matches(glob) for a in (*desired.resources, *state.records)):
            raise UsageError(f"--target {glob} names nothing in the manifests or the state: see provisioner state list")
    for address in _addresses(options.rotate):
        if address not in desired.resources:
            raise UsageError(f"--rotate {address} names nothing in the manifests: its secrets have to stand there")
    del selected


def _addresses(texts: Sequence[str]) -> frozenset[Address]:
    try:
        return frozenset(read_address(text) for text in texts)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _estimate(reads: int, seconds: float, calls: int, concurrency: int) -> float:
    """Seconds that the writes may take: as long each as a read took, as many at once as allowed."""
    each = seconds / reads if reads else 0.05
    return calls * each / max(1, min(concurrency, calls or 1))


def problem(message: str) -> ManifestError:
    """A single problem without a place."""
    return ManifestError([Problem("", 0, 0, message)])


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


__all__ = [
    "Options",
    "Place",
    "Planned",
    "connected",
    "load_settings",
    "locate",
    "os",
    "plan_workspace",
    "read_workspace",
]
