"""A trace of a whole command, where the environment asks for one (docs/telemetry.md)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.ending import exit_code
from provisioner.cli.say import say
from provisioner.errors import UsageError
from provisioner.stage import stage
from provisioner.telemetry.asked import SWITCH, asked, silence

if TYPE_CHECKING:
    from provisioner.telemetry.trace import Trace


def traced(context: click.Context, invoke: Callable[[click.Context], Any]) -> Any:
    """Invoke a command with a trace, if one is asked for. Raises UsageError when there can be none."""
    if not asked(os.environ):
        return invoke(context)
    made = _made()
    try:
        with made.listening(), stage("command") as told:
            result, left = None, None
            try:
                result = invoke(context)
            except click.exceptions.Exit as asked_for:  # such as after --help
                left = asked_for
            except BaseException as error:
                told.tell(command=context.invoked_subcommand or "", exit=exit_code(error))
                raise
            code = left.exit_code if left else result
            told.tell(command=context.invoked_subcommand or "", exit=code if isinstance(code, int) else 0)
        if left:
            raise left
        return result
    finally:
        if made.warning:
            say(made.warning, err=True)


def _made() -> Trace:
    """Raises UsageError when OpenTelemetry is not there, or refuses its variables."""
    silence()
    try:
        from provisioner.telemetry.trace import trace

        return trace(os.environ)
    except ModuleNotFoundError:
        raise UsageError(
            f"{SWITCH}=otlp asks for a trace, and OpenTelemetry is not installed: pip install 'provisioner[otel]', or "
            f"set {SWITCH}=none"
        ) from None
    except (ValueError, RuntimeError, OSError, ImportError) as error:
        raise UsageError(
            f"OpenTelemetry refuses its settings ({type(error).__name__}): correct the OTEL_ variables, or set "
            f"{SWITCH}=none"
        ) from None
