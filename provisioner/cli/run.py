"""One apply from files to result: shared by `apply` and `destroy`, which differ in what is wanted."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import click

from provisioner.apply.executor import Executor
from provisioner.apply.outcome import Applied
from provisioner.cli import compose, tenant
from provisioner.cli.console import Progress, confirm, terminal_width
from provisioner.cli.context import Common
from provisioner.errors import PartlyAppliedError, RefusedError, StoppedError
from provisioner.kinds import Address
from provisioner.providers.base import Effect, Provider
from provisioner.report.outcome import outcome_text
from provisioner.report.text import Style, plan_text
from provisioner.state.file import StateFile
from provisioner.state.model import Record, State

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAVE_EVERY = 0.1
"""Least seconds between two saves of the state while calls run; a large state is saved less often."""
Ask = tuple[str, str]


def apply_workspace(common: Common, options: compose.Options, ask: Ask | None) -> int:
    """Plan, print, ask, apply. Raises RefusedError, PartlyAppliedError and what planning raises."""
    workspace = compose.read_workspace(common.root, options)
    place = tenant.locate(workspace.settings, options.endpoint)
    style = Style(colour=common.colour)

    async def whole() -> int:
        async with tenant.connected(common.root, workspace.settings, place) as provider:
            planned = await compose.plan_workspace(common.root, workspace, place, provider, options)
            click.echo(plan_text(planned.plan, planned.banner, planned.effort, style=style, width=terminal_width()))
            if planned.plan.blocked:
                count = len(planned.plan.blocked)
                are = "change is" if count == 1 else "changes are"
                raise RefusedError(f"{count} {are} blocked: nothing was applied")
            saver = Saver(tenant.state_file(common.root, place), planned.stored)
            if not planned.plan.changes and not planned.plan.refreshed:
                return 0
            if planned.plan.writes and ask and not confirm(*ask):
                click.echo("Nothing was applied.")
                return 1
            return await _apply(provider, planned, saver, style, "Destroy" if options.destroy else "Apply")

    code: int = compose.run(whole())
    return code


@dataclass(slots=True)
class Saver:
    """Saves the state while calls run, often enough to lose little and seldom enough to cost nothing."""

    file: StateFile
    state: State
    _due: float = 0.0
    _records: Mapping[Address, Record] | None = field(default=None)

    def remember(self, records: Mapping[Address, Record]) -> None:
        """Take in the newest records."""
        self._records = records
        if time.monotonic() >= self._due:
            started = time.monotonic()
            self.save()
            self._due = time.monotonic() + max(SAVE_EVERY, 20 * (time.monotonic() - started))

    def save(self) -> None:
        """Write what is remembered, if it differs from what is on disk."""
        if self._records is not None and self._records != self.state.records:
            self.state = self.file.save(self.state.with_records(self._records))


async def _apply(provider: Provider, planned: compose.Planned, saver: Saver, style: Style, what: str) -> int:
    writes = sum(1 for call in planned.calls if call.effect is not Effect.DISCOVER)
    progress = Progress({c.address: c for c in planned.plan.changes}, writes)
    executor = Executor(
        provider,
        planned.plan,
        planned.calls,
        planned.state,
        planned.ids(),
        planned.live(),
        observe=progress,
        remember=saver.remember,
        concurrency=planned.concurrency,
    )
    caught = _stop_on_signals(executor)
    try:
        with progress:
            applied = await executor.run()
    finally:
        saver.save()
    if planned.plan.writes:
        click.echo()
        click.echo(outcome_text(applied, style=style, width=terminal_width(), what=what))
    if caught:
        raise StoppedError("interrupted: what was in flight was waited for and recorded", 128 + caught[0])
    _raise_failures(applied)
    return 0


def _raise_failures(applied: Applied) -> None:
    if applied.failed or applied.skipped or applied.cancelled:
        raise PartlyAppliedError("some changes were not made; the next apply does only what is left")


def _stop_on_signals(executor: Executor) -> list[int]:
    """The first Ctrl-C, SIGTERM or hang-up stops new calls; the second ends the process at once."""
    caught: list[int] = []
    loop = asyncio.get_running_loop()

    def stop(number: int) -> None:
        caught.append(number)
        executor.stopping = True
        for each in STOPPING:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        click.echo("\nStopping: waiting for the calls in flight. Once more to leave at once.", err=True)

    for number in STOPPING:
        loop.add_signal_handler(number, stop, number)
    return caught
