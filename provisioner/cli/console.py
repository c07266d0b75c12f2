"""What a run says while it runs: a bar on a terminal, plain lines elsewhere. On stderr; results go to stdout."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import click

from provisioner.cli.printable import one_line
from provisioner.cli.say import say
from provisioner.errors import StoppedError
from provisioner.kinds import BY_NAME, Address
from provisioner.kinds.values import plain
from provisioner.plan.change import Change
from provisioner.providers.base import Call, Done, Effect, Outcome

VERBS = {"create": "created", "update": "updated"}


def terminal_width() -> int:
    """The terminal's columns, 80 where there is none; never so wide that lines are hard to follow."""
    return min(120, shutil.get_terminal_size((80, 24)).columns)


@dataclass(slots=True)
class Progress:
    """Counts the calls of one apply; given each call with its outcome."""

    changes: Mapping[Address, Change]
    total: int
    bar: bool = field(default_factory=sys.stderr.isatty)
    _bar: Any = None
    _count: int = 0

    def __enter__(self) -> Self:
        if self.bar and self.total:
            self._bar = click.progressbar(length=self.total, label="Applying", file=sys.stderr, show_pos=True)
            self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)

    def __call__(self, call: Call, outcome: Outcome) -> None:
        """One call came back."""
        if call.effect is Effect.DISCOVER:
            return
        self._count += 1
        if self._bar is not None:
            self._bar.update(1)
        elif not self.bar:
            say(f"[{self._count:>{len(str(self.total))}}/{self.total}] {self._line(outcome)}", err=True)

    def _line(self, outcome: Outcome) -> str:
        part, result = next(iter(outcome.items()))
        change = self.changes.get(part.address)
        more = f" and {len(outcome) - 1} more" if len(outcome) > 1 else ""
        if not isinstance(result, Done):
            return plain(f"{part.address}{more}: FAILED: {getattr(result, 'why', '')}", 400)
        verb = f"{part.name} saved" if part.name else _verb(change) if change else "written"
        made = change and change.action == "create" and not part.name and not BY_NAME[part.address.kind].key_kinds
        own = f" (id {result.id})" if made else ""
        return plain(f"{part.address}: {verb}{own}{more}", 400)


def _verb(change: Change) -> str:
    """What became of it; of what is deleted a kind may have a word of its own."""
    return VERBS.get(change.action, BY_NAME[change.address.kind].ended())


def confirm(question: str, wanted: str) -> bool:
    """Ask on a terminal; only the very word counts. Raises StoppedError for Ctrl-C and Ctrl-D.

    The event loop takes the first Ctrl-C for itself and ends its task at the next wait, which a question never
    reaches: while it stands, Ctrl-C is Python's own again.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return bool(click.prompt(one_line(question), default="", show_default=False, err=True) == wanted)
    except click.Abort:
        say(err=True)
        raise StoppedError("interrupted at the question: nothing was applied") from None
    finally:
        signal.signal(signal.SIGINT, before)


def pick(question: str, answers: Mapping[str, str]) -> str:
    """Ask on a terminal until one of the answers comes, by its word or its letter. Raises StoppedError for Ctrl-C."""
    shown = "/".join(answers)
    try:
        while True:
            given = click.prompt(f"{one_line(question)} [{shown}]", default="", show_default=False, err=True)
            for letter, word in answers.items():
                if given.strip().lower() in (letter, word):
                    return word
    except click.Abort:
        say(err=True)
        raise StoppedError("interrupted at the question: nothing was written") from None
