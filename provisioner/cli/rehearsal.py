"""One rehearsal: read the tenant, plan, copy what was read into a sandbox, apply there, and plan again.

The plan, the calls and the executor are those of an apply. Only where they send to, and the time that passes, differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from provisioner.apply.executor import Executor
from provisioner.apply.recovery import Recovered
from provisioner.cli import compose, tenant
from provisioner.cli.allowed import check_allowed
from provisioner.cli.options import Options
from provisioner.cli.own_checks import dialect_file
from provisioner.cli.progress import Reading
from provisioner.cli.remembered import remember
from provisioner.cli.stores import state_store
from provisioner.errors import ManifestError, ProvisionerError
from provisioner.kinds.live import Evidence, Live
from provisioner.manifest import Workspace
from provisioner.manifest.pictures import read_picture
from provisioner.plan.change import Change, Plan
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Connection, Copied, Found, Provider
from provisioner.providers.clock import Clock
from provisioner.reading.census import Census, Scopes
from provisioner.rehearsal.leap import Slowed, leap
from provisioner.rehearsal.result import Rehearsal, Rehearsed, asked
from provisioner.state.entries import Entry

DATA = "sandbox.db"
"""What a kept copy is called in its folder."""
SOUGHT = "client"
"""The kind of which only what the manifests name is copied."""
Dialect = Mapping[str, str]


class Memory(list[Entry]):
    """A journal that nothing survives, as nothing of a rehearsal does."""

    def append(self, *entries: Entry) -> None:
        """Take the entries in."""
        self.extend(entries)


@dataclass(frozen=True, slots=True)
class Original:
    """What was read of the tenant, and what is planned for it."""

    planned: compose.Planned
    remembered: Recovered
    copied: Copied
    reads: int
    seconds: float
    """What they took, one after another."""

    @property
    def seconds_each(self) -> float:
        """How long a request takes."""
        return self.seconds / self.reads if self.reads else 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where rehearsals take place, and of what."""

    root: Path
    workspace: Workspace
    place: tenant.Place
    options: Options
    keep: Path | None = None
    """The folder in which the copy is left."""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    # -- the tenant: only reads

    async def read(self) -> Original:
        """Plan, and read everything else there is. What was read is not asked for again."""
        settings, place = self.workspace.settings, self.place
        async with tenant.connected(self.root, settings, place, reads_only=True) as provider:
            return await self.read_from(provider)

    async def read_from(self, provider: Provider) -> Original:
        """The same from a provider that is signed in."""
        settings, place = self.workspace.settings, self.place
        store = state_store(self.root, settings, place)
        remembered = await remember(store, provider, settings, place)
        check_allowed(self.options, self.workspace.desired, remembered.state, store.runs)
        planned = await compose.plan_workspace(self.workspace, place, provider, self.options, remembered)
        copied = VENDORS[settings.provider].copied(await self._all(provider, planned))
        return Original(planned, remembered, copied, provider.traffic.reads, provider.traffic.seconds)

    async def _all(self, provider: Provider, planned: compose.Planned) -> Found:
        own = self.place.tenant.company_id
        with Reading() as reading:
            census = Census(provider, own, self._scopes, (SOUGHT,), observe=reading)
            counted = await census.run()
        bookings = {id_: await provider.bookings(id_, self.now) for id_ in counted.accounts.values() if provider.books}
        return Found(own, counted.accounts, _with_named(counted.evidence, provider, planned), bookings)

    def _scopes(self, accounts: Sequence[Live]) -> Scopes:
        own = self.place.tenant.company_id
        return {"": own, **{live.id: live.id for live in accounts if live.id != own}}

    def probed(self) -> dict[str, str]:
        """What a probe found out of how the vendor speaks. Raises StateError."""
        from provisioner.sandbox.dialect import CHOICES

        spoken = dialect_file(self.root, self.place).load()
        answers = spoken.answers if spoken else {}
        return {question: answer for question, answer in answers.items() if answer in CHOICES.get(question, ())}

    # -- the copy

    def rehearse(self, original: Original, dialects: Sequence[Dialect]) -> Rehearsal:
        """Apply to a copy in each of these dialects; the first one is told in full, and kept."""
        dialects = dialects if original.copied.dialects else [{}]
        every = [self._in_a_copy(original, dialect, keep=not number) for number, dialect in enumerate(dialects)]
        (first, differs), others = every[0], [rehearsed for rehearsed, _ in every[1:]]
        return Rehearsal(
            first,
            tuple(other for other in others if _ending(other) != _ending(first)),
            len(every),
            original.copied.counts,
            original.copied.lacking,
            original.seconds_each,
            self.workspace.settings.limits.concurrency,
            self.place.pace(self.workspace.settings),
            original.reads,
            original.planned.effort.reads,
            self.probed(),
            differs,
        )

    def _in_a_copy(self, original: Original, dialect: Dialect, *, keep: bool) -> tuple[Rehearsed, tuple[str, ...]]:
        from provisioner.sandbox.app import create_app
        from provisioner.sandbox.dialect import read as spoken

        path = self.keep / DATA if self.keep and keep else None
        with tenant.sandbox_opened(path) if path else nullcontext():
            app = create_app(path or ":memory:", dialect=dialect, copy=original.copied.document)
        try:
            rehearsed, differs = leap(lambda clock: self._applied(original, app, clock))
            told = spoken(app.state.store)._asdict() if original.copied.dialects else {}
            return replace(rehearsed, dialect=told), differs
        finally:
            app.state.store.close()

    async def _applied(self, original: Original, app: Any, clock: Clock) -> tuple[Rehearsed, tuple[str, ...]]:
        from provisioner.sandbox.tables import calls

        provider = self._provider(app, original.seconds_each, clock)
        try:
            await provider.sign_in()
            planned = await self._planned(provider, original.remembered, self.options)
            calls.clear(app.state.store)
            began = clock.now()
            executor = _executor(provider, planned, clock)
            applied = replace(await executor.run(), seconds=clock.now() - began)
        finally:
            await provider.close()
        api = VENDORS[self.workspace.settings.provider].path
        log = [(call["method"], call["path"].removeprefix(api)) for call in calls.listed(app.state.store)]
        afterwards, wrong = await self._afterwards(app, executor, clock)
        differs = tuple(_differing(original.planned.plan, planned.plan))
        return Rehearsed({}, applied, afterwards, wrong, asked(log)), differs

    async def _afterwards(self, app: Any, executor: Executor, clock: Clock) -> tuple[Plan | None, str]:
        """What a second plan would do, made as by a second command."""
        provider = self._provider(app, 0.0, clock)
        try:
            await provider.sign_in()
            options = replace(self.options, rotate=())
            return (await self._planned(provider, Recovered(executor.result), options)).plan, ""
        except ManifestError as error:
            return None, "; ".join(map(str, error.problems))
        except ProvisionerError as error:
            return None, str(error)
        finally:
            await provider.close()

    def _planned(self, provider: Provider, remembered: Recovered, options: Options) -> Any:
        return compose.plan_workspace(self.workspace, self.place, provider, options, remembered)

    def _provider(self, app: Any, seconds: float, clock: Clock) -> Provider:
        """A connection to the copy that is as slow and as patient as one to the tenant."""
        settings = self.workspace.settings
        vendor = VENDORS[settings.provider]
        return vendor.connect(
            Connection(
                endpoint=f"http://sandbox{vendor.path}",
                company_id=self.place.tenant.company_id,
                credentials=vendor.sandbox,
                concurrency=settings.limits.concurrency,
                calls_per_second=self.place.pace(settings),
                wrapped=settings.limits.body == "wrapped",
                app=Slowed(app, seconds),
                clock=clock,
                files=partial(read_picture, self.root),
            )
        )


def _with_named(evidence: Evidence, provider: Provider, planned: compose.Planned) -> Evidence:
    """What was read, with what no list shows and the plan knows: by recorded ids, or named in the manifests."""
    objects = dict(evidence.objects)
    own = planned.accounts[""]
    for address, live in planned.matches.live.items():
        can = provider.capabilities.get(address.kind)
        if can is None or not can.sought:
            continue
        id_ = planned.accounts.get(address.account, own)
        place = ("" if id_ == own else id_, address.kind)
        objects[place] = (*objects.get(place, ()), live)
    return replace(evidence, objects=objects)


def _executor(provider: Provider, planned: compose.Planned, clock: Clock) -> Executor:
    return Executor(
        provider,
        planned.plan,
        planned.calls,
        planned.state,
        planned.ids(),
        planned.live(),
        Memory(),
        planned.known,
        clock=clock,
        concurrency=planned.concurrency,
    )


def _ending(rehearsed: Rehearsed) -> tuple[Any, ...]:
    """What one dialect may change of an outcome."""
    applied, after = rehearsed.applied, rehearsed.afterwards
    return (
        [(str(change.address), why) for change, why in applied.failed],
        [str(change.address) for change, _ in applied.skipped],
        [_said(change) for change in after.changes] if after else rehearsed.wrong,
    )


def _differing(one: Plan, other: Plan) -> list[str]:
    """The addresses that two plans treat differently."""
    if one.digest == other.digest:
        return []
    here, there = ({str(change.address): _said(change) for change in plan.changes} for plan in (one, other))
    return sorted(a for a in here.keys() | there.keys() if here.get(a) != there.get(a)) or ["(a value)"]


def _said(change: Change) -> tuple[Any, ...]:
    return change.address, change.action, change.id, tuple((f.name, str(f.before)) for f in change.fields)
