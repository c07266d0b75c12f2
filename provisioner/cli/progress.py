"""How far a long reading is: a bar on a terminal, a line every few seconds elsewhere. On stderr."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import click

from provisioner.cli.say import overwrite, say

EVERY = 5.0
"""Seconds between two lines."""


@dataclass(slots=True)
class Reading:
    """Counts the steps of one reading, or of what takes as long; told how many of how many are done."""

    label: str = "Reading"
    steps: str = "lists"
    bar: bool = field(default_factory=sys.stderr.isatty)
    _bar: Any = None
    _told: float = field(default_factory=time.monotonic)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)

    def __call__(self, done: int, total: int) -> None:
        """So many steps of so many are done; there may be more of them than was known."""
        if self.bar:
            self._draw(done, total)
        elif time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            say(f"{self.label}: {done} of {total} {self.steps}", err=True)

    def _draw(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(length=total, label=self.label, file=sys.stderr, show_pos=True)
            self._bar.__enter__()
        self._bar.length = total
        self._bar.update(done - self._bar.pos)


@dataclass(slots=True)
class Looking:
    """Says now and then what was looked at last, where nobody knows how much there is to look at."""

    terminal: bool = field(default_factory=sys.stderr.isatty)
    _told: float = field(default_factory=time.monotonic)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.terminal:
            overwrite("")

    def __call__(self, done: int, last: str) -> None:
        """So many checks are done."""
        if self.terminal:
            overwrite(f"Checked: {done} ({last})")
        elif time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            say(f"Checked: {done}, {last} just now", err=True)
