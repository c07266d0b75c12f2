"""One apply from files to result: shared by `apply` and `destroy`, which differ in what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace

from provisioner.apply.executor import Executor
from provisioner.apply.lookup import can_look
from provisioner.apply.outcome import Applied
from provisioner.cli import compose, tenant
from provisioner.cli.allowed import check_allowed
from provisioner.cli.alone import alone
from provisioner.cli.approval import Approval
from provisioner.cli.console import Progress, confirm, terminal_width
from provisioner.cli.context import Common
from provisioner.cli.events import Events, telling
from provisioner.cli.kept import ending_of, keep
from provisioner.cli.options import Options
from provisioner.cli.remembered import recover, told_to_wait
from provisioner.cli.reports import Report, Reporting, reporting
from provisioner.cli.say import say, show
from provisioner.cli.stopping import stop_on_signals
from provisioner.cli.stores import state_store
from provisioner.cli.undo import resolved, taken_back
from provisioner.cli.verification import Look
from provisioner.errors import (
    PartlyAppliedError,
    PendingError,
    ProvisionerError,
    RefusedError,
    StateError,
    StoppedError,
    UsageError,
)
from provisioner.manifest import Workspace, load_settings
from provisioner.plan.change import Plan
from provisioner.providers import BY_NAME as VENDORS
from provisioner.providers.base import Effect, Provider
from provisioner.providers.clock import Clock
from provisioner.providers.pauses import Pauses
from provisioner.report.outcome import outcome_text
from provisioner.report.style import Style
from provisioner.report.text import plan_text
from provisioner.report.undo import asked_lines
from provisioner.stage import stage
from provisioner.state.run import Ending
from provisioner.state.run import Run as Kept
from provisioner.state.store import Store
from provisioner.verify.verification import Wish

Ask = tuple[str, str]


def apply_workspace(
    common: Common,
    options: Options,
    ask: Ask | None,
    *,
    wait: bool = True,
    approval: Approval | None = None,
    reports: Sequence[Report] = (),
    clients: bool = False,
    verify: bool = False,
    events: str | None = None,
) -> int:
    """Plan, print, ask, apply, alone on the tenant. Raises LockedError, StaleError and what `Run.carry_out` raises."""
    with reporting(reports) as faces, telling(events) as told:
        code = _apply(common, options, ask, wait, approval, faces, clients, verify, told)
        told.finish(code)
        return code


def _apply(
    common: Common,
    options: Options,
    ask: Ask | None,
    wait: bool,
    approval: Approval | None,
    reports: Reporting,
    clients: bool,
    verify: bool,
    events: Events,
) -> int:
    if approval:
        settings = load_settings(common.root, VENDORS)
        approval.locate(common.root, tenant.locate(settings, options.endpoint), options)
    workspace = compose.read_workspace(common.root, options)
    place = tenant.locate(workspace.settings, options.endpoint)
    file, style = state_store(common.root, workspace.settings, place), Style(colour=common.colour)
    options = resolved(file, options)
    run = Run(workspace, place, file, options, ask, wait, style, approval, reports, clients, verify, events)

    async def whole() -> int:
        with alone(run.file, place, f"provisioner {run.what.lower()}"):
            async with tenant.connected(common.root, workspace.settings, place, pauses=run.pauses) as provider:
                return await run.carry_out(provider)

    code: int = compose.run(whole())
    return code


@dataclass(frozen=True, slots=True)
class Run:
    """One apply, or one destroy."""

    workspace: Workspace
    place: tenant.Place
    file: Store
    options: Options
    ask: Ask | None
    wait: bool
    style: Style
    approval: Approval | None = None
    reports: Reporting = field(default_factory=Reporting)
    clients: bool = False
    """Whether clients are named whose appointments are at risk."""
    verify: bool = False
    """Whether to ask afterwards if what was touched can be booked."""
    events: Events = field(default_factory=Events)
    clock: Clock = Clock()  # noqa: RUF009 -- a frozen value
    pauses: Pauses = field(default_factory=Pauses)
    """What is waited for at the vendor."""

    @property
    def what(self) -> str:
        """What it is called."""
        return "Destroy" if self.options.destroy else "Undo" if self.options.undo else "Apply"

    async def carry_out(self, provider: Provider) -> int:
        """Recover, plan, print, ask, apply; the exit code. The tenant's lock is held.

        Raises RefusedError, PartlyAppliedError, PendingError, StoppedError and what planning raises.
        """
        settings = self.workspace.settings
        if self.verify and not provider.opens:
            raise UsageError("--verify: this vendor does not say when something can be booked: leave it out")
        remembered = await recover(
            self.file, provider, settings, self.place, wait=self.wait, clock=self.clock, waiting=self._waiting
        )
        check_allowed(self.options, self.workspace.desired, remembered.state, self.file.runs)
        undoing = taken_back(self.file, self.options, remembered.state)
        planned = await compose.plan_workspace(
            self.workspace, self.place, provider, self.options, remembered, undoing, self.clock
        )
        if self.approval:
            self.approval.check(planned)
        plan, width = planned.plan, terminal_width()
        self._show(plan_text(plan, planned.banner, planned.effort, width, clients=self.clients))
        self.reports.tell(planned, title=self.what)
        if planned.plan.blocked:
            count = len(planned.plan.blocked)
            are = "change is" if count == 1 else "changes are"
            raise RefusedError(f"{count} {are} blocked: nothing was applied")
        if planned.plan.writes and self.ask and not confirm(*self.ask):
            say("Nothing was applied.", err=self.events.on_stdout)
            self.reports.fail(ProvisionerError("not agreed to: nothing was applied"))
            return 1
        if self.ask:
            await planned.bookings.look_again(planned.plan)
        told = True
        if planned.plan.changes or planned.plan.refreshed:
            told = await self._apply(provider, planned)
        _raise_pending(planned.plan)
        verified = await self._verify(provider, planned) if self.verify else 0
        return verified or (0 if told else 1)

    async def _verify(self, provider: Provider, planned: compose.Planned) -> int:
        """Ask whether what was touched can be booked; the exit code."""
        touched = frozenset(change.address for change in planned.plan.changes)
        before = (address for address in planned.matches.live if address.kind == "link")
        wish = Wish(touched.__contains__, (*touched, *before))
        look = Look(self.workspace, self.place, provider, self.file.load().state, wish, self.clock)
        found, reads = await look.run() if touched else (None, 0)
        say()
        if found is None or not found.rows:
            say("Verified: nothing was touched that decides what can be booked.")
            return 0
        look.show(found, reads, style=self.style)
        return found.exit_code

    async def _apply(self, provider: Provider, planned: compose.Planned) -> bool:
        """Whether the reports could be written. Raises PartlyAppliedError and StoppedError, which count for more."""
        stored = planned.stored
        if not stored.serial or planned.state != stored:  # the journal goes on from exactly what was planned on
            stored = self.file.save(planned.state)
        writes = sum(1 for call in planned.calls if call.effect is not Effect.DISCOVER)
        progress = Progress({c.address: c for c in planned.plan.changes}, writes)
        with closing(self.file.begin(stored)) as journal:
            run = keep(self.file, self.workspace.root, self.options, planned)
            executor = Executor(
                provider,
                planned.plan,
                planned.calls,
                replace(planned.state, serial=stored.serial),
                planned.ids(),
                planned.live(),
                journal,
                planned.known,
                began=self.events.began,
                observe=self.events.beside(progress),
                clock=self.clock,
                settle=self.place.settle(self.workspace.settings) if self.wait else None,
                waiting=self._waiting,
                concurrency=planned.concurrency,
                ahead=journal.ahead,
                run_id=run.id,
            )
            self.reports.began = True
            self.events.start(planned, run)
            caught = stop_on_signals(executor, self.pauses)
            with progress, stage("apply", run=run.id, run_number=run.number) as at:
                applied = self.events.applied = _with_doubts(await executor.run(), executor)
                at.tell(applied=applied)
        unsaved = self._save(executor, run, ending_of(executor, applied, caught))
        told = self._report(planned, applied)
        if planned.plan.writes:
            say(err=self.events.on_stdout)
            self._show(outcome_text(applied, terminal_width(), self.what))
            self._tell_asked(planned.plan)
        if unsaved:
            raise PartlyAppliedError(unsaved)
        if caught:
            raise StoppedError("interrupted: what was in flight was waited for and recorded", 128 + caught[0])
        _raise_failures(applied)
        return told

    def _show(self, text: str) -> None:
        """A result: on stdout, unless that has the events."""
        show(text, err=self.events.on_stdout, style=self.style)

    def _waiting(self, seconds: float, count: int) -> None:
        self.events.wait(seconds, count)
        told_to_wait(seconds, count)

    def _tell_asked(self, plan: Plan) -> None:
        """After an undo: what the manifests still say."""
        if plan.undone and (lines := asked_lines(plan.undone, terminal_width())):
            self._show("\n".join(lines))

    def _report(self, planned: compose.Planned, applied: Applied) -> bool:
        """Write the reports. What was done counts for more: it is told all the same."""
        try:
            self.reports.tell(planned, applied, self.what)
        except OSError as error:
            say(f"Error: {error.filename}: the report cannot be written: {error.strerror or error}", err=True)
            return False
        return True

    def _save(self, executor: Executor, run: Kept, ending: Ending) -> str:
        """Write the snapshot, before anything is printed that may fail; why it could not be, or ""."""
        with suppress(StateError):  # then the journal tells the same
            if run.planned:
                self.file.runs.end(run, ending)
        if executor.broken:
            return (
                f"{executor.broken}. Nothing was sent that could not be written down first: mend it, then apply again"
            )
        try:
            self.file.save(executor.result)
        except StateError as error:
            return f"{error}. What was done is in the journal beside it: mend it, then apply again"
        return ""


def _raise_pending(plan: Plan) -> None:
    if plan.pending:
        names = ", ".join(map(str, plan.pending))
        raise PendingError(f"pending: {names}: see the notes above")


def _with_doubts(applied: Applied, executor: Executor) -> Applied:
    """What became of an apply, with what nobody knows yet."""
    doubts = executor.result.pending.items()
    stuck = tuple(
        a for a, pending in doubts if a not in executor.plan.pending and not can_look(executor.provider, a, pending)
    )
    return replace(applied, pending=executor.plan.pending, stuck=stuck)


def _raise_failures(applied: Applied) -> None:
    if applied.stuck:
        names = ", ".join(map(str, applied.stuck))
        raise PendingError(
            f"{names}: may have been made, and no look can tell. Look in the tenant, then say what it is: provisioner "
            f"state resolve {applied.stuck[0]} --adopt ID, or --absent. The next apply does the rest"
        )
    if applied.failed or applied.skipped or applied.cancelled:
        raise PartlyAppliedError("some changes were not made; the next apply does only what is left")
