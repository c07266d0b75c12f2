"""What a command's end says to who started it: the exit code of each error."""

from __future__ import annotations

import click

from provisioner.errors import ProvisionerError

USAGE = 64
INTERRUPTED = 130


def exit_code(error: BaseException) -> int:
    """The code of an error that ends a command."""
    match error:
        case click.exceptions.Exit() | ProvisionerError():
            return error.exit_code
        case click.UsageError():
            return USAGE
        case click.Abort() | KeyboardInterrupt():
            return INTERRUPTED
        case _:
            return 1
