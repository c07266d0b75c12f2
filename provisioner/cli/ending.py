"""What a command's end says to who started it: the exit code of each error, and of a signal."""

from __future__ import annotations

import signal
from typing import NoReturn

import click

from provisioner.errors import ProvisionerError

USAGE = 64
INTERRUPTED = 130
BY_OTHERS = (signal.SIGTERM, signal.SIGHUP)


class Ended(SystemExit):
    """A signal that ends a command, by way of all that it has to put right: a lock at a server outlives its process."""


def end_on_signals() -> None:
    """From now on the first SIGTERM or hang-up raises Ended, the second ends the process at once."""

    def end(number: int, _frame: object) -> NoReturn:
        for each in BY_OTHERS:
            signal.signal(each, signal.SIG_DFL)
        raise Ended(128 + number)

    for each in BY_OTHERS:
        if signal.getsignal(each) == signal.SIG_DFL:  # a hang-up that is ignored, as under nohup, stays so
            signal.signal(each, end)


def exit_code(error: BaseException) -> int:
    """The code of an error that ends a command."""
    match error:
        case click.exceptions.Exit() | ProvisionerError():
            return error.exit_code
        case Ended(code=int(code)):
            return code
        case click.UsageError():
            return USAGE
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED
        case _:
            return 1
