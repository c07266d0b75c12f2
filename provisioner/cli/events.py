"""`apply --events FILE|-`: one JSON document a line, each out before the next thing happens."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from provisioner.cli.printable import printable
from provisioner.cli.say import say
from provisioner.cli.written import standard
from provisioner.errors import ProvisionerError
from provisioner.report import events as said

if TYPE_CHECKING:
    from provisioner.apply.outcome import Applied
    from provisioner.cli.compose import Planned
    from provisioner.providers.base import Call, Outcome
    from provisioner.state.run import Run

STDOUT = "-"


@dataclass(slots=True)
class Events:
    """Where the lines go. A reader that leaves, or a disk that is full, stops no apply: that is said once."""

    out: IO[str] | None = None
    on_stdout: bool = False
    """The plan and its outcome then go to stderr."""
    applied: Applied | None = None
    """What became of the plan, for the last line."""

    def start(self, planned: Planned, run: Run) -> None:
        """All is planned and agreed to, and nothing is sent yet."""
        self._tell(said.run_started(planned.plan, planned.banner, len(planned.calls), run.id, run.number))

    def began(self, call: Call) -> None:
        """A call has what it waited for."""
        self._tell(said.call_started(call))

    def beside(self, observe: Callable[[Call, Outcome], None]) -> Callable[[Call, Outcome], None]:
        """An observer that tells each outcome before another one is told of it."""

        def both(call: Call, outcome: Outcome) -> None:
            self._tell(said.call_done(call, outcome))
            observe(call, outcome)

        return both

    def wait(self, seconds: float, count: int) -> None:
        """Creates that nobody answered are waited for."""
        self._tell(said.waiting(seconds, count))

    def finish(self, code: int, error: str = "") -> None:
        """The last line."""
        self._tell(said.finished(code, error, self.applied))

    def _tell(self, facts: Mapping[str, Any]) -> None:
        """One line, with the moment, flushed."""
        if self.out is None:
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = printable(json.dumps({"format_version": said.FORMAT_VERSION, "at": at, **facts}))
        try:
            self.out.write(f"{line}\n")
            self.out.flush()
        except OSError as error:
            self._drop()
            say(f"Nobody takes the events any more: {error.strerror or error}. The run goes on.", err=True)

    def _drop(self) -> None:
        """Write nothing more; what is left in the buffer goes nowhere, and no end of the process trips over it."""
        if self.out is not None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.out.fileno())
            os.close(nowhere)
        self.out = None


@contextmanager
def telling(given: str | None) -> Iterator[Events]:
    """The stream, closed at the end; an error that ends the run is its last line. Raises OSError."""
    events = Events(_opened(given), given == STDOUT)
    try:
        yield events
    except ProvisionerError as error:
        events.finish(error.exit_code, str(error))
        raise
    finally:
        if events.out is not None and not events.on_stdout:
            with suppress(OSError):
                events.out.close()


def _opened(given: str | None) -> IO[str] | None:
    if given is None:
        return None
    if given == STDOUT:
        return sys.stdout
    if standard(Path(given)) == 2:
        return os.fdopen(os.dup(2), "w", encoding="ascii")
    number = os.open(given, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    return os.fdopen(number, "w", encoding="ascii")
