"""What is kept of a run: who began it, from what, what would reverse it, and how it ended."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from provisioner import __version__
from provisioner.apply.executor import Executor
from provisioner.apply.outcome import Applied
from provisioner.cli.compose import Planned
from provisioner.cli.options import Options
from provisioner.cli.revision import revision
from provisioner.plan.steps import steps_of
from provisioner.state.run import Ending, Run
from provisioner.state.store import Store
from provisioner.state.who import who


def keep(file: Store, root: Path, options: Options, planned: Planned) -> Run:
    """Keep what reverses a plan, durably, before the first write of its apply. Raises StateError."""
    plan, commit = planned.plan, revision(root)
    run = Run(
        number=file.runs.next_number(),
        id=secrets.token_hex(8),
        command=command_of(options),
        at=_now(),
        who=who(),
        tool=__version__,
        tenant=file.tenant,
        digest=plan.digest,
        commit=commit.commit,
        dirty=commit.dirty,
        targets=options.targets,
        undoes=int(options.undo) if options.undo else None,
        planned=dict(Counter(change.action.value for change in plan.changes)),
        accounts={scope: id_ for scope, id_ in planned.accounts.items() if scope},
    )
    if plan.changes:
        file.runs.begin(run, steps_of(plan, planned.state, planned.matches))
    return run


def command_of(options: Options) -> str:
    """What was asked for, in a word or two."""
    return "destroy" if options.destroy else f"undo of {options.undo}" if options.undo else "apply"


def ending_of(executor: Executor, applied: Applied, caught: Sequence[int]) -> Ending:
    """How a run ended that came to its end."""
    failed, left = len(applied.failed), len(applied.skipped) + len(applied.cancelled)
    counts = Counter(change.action.value for change in applied.done)
    counts |= Counter({name: count for name, count in (("failed", failed), ("left", left)) if count})
    doubts = 7 if applied.stuck or (applied.pending and not (failed or left)) else 0
    code = 128 + caught[0] if caught else doubts or (5 if failed or left else 0)
    return Ending(
        _now(),
        code,
        {change.address: executor.ids.get(change.address, change.id or "") for change in applied.done},
        frozenset(change.address for change, _ in applied.failed),
        dict(counts),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
