"""The command. Each subcommand is imported only when it is used: `--help` and completion stay fast."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import Any, TextIO

import click
from click.shell_completion import CompletionItem

from provisioner import __version__
from provisioner.cli.ending import Ended, end_on_signals, exit_code
from provisioner.cli.help import Context, use
from provisioner.cli.say import overhear, say, show
from provisioner.errors import ManifestError, ProvisionerError, StaleError

COMMANDS = {
    "init": ("provisioner.cli.commands.init", "Write a starter workspace."),
    "validate": ("provisioner.cli.commands.validate", "Check the manifests, offline."),
    "lint": ("provisioner.cli.commands.lint", "Find what is allowed and hardly ever meant, offline."),
    "hours": ("provisioner.cli.commands.hours", "Look at working hours as people see them."),
    "fmt": ("provisioner.cli.commands.fmt", "Put the text of manifests in order."),
    "explain": ("provisioner.cli.commands.explain", "Explain a kind or a field."),
    "schema": ("provisioner.cli.commands.schema", "Write JSON Schemas for editors."),
    "export": ("provisioner.cli.commands.export", "Write the manifests of a live tenant, and its state."),
    "plan": ("provisioner.cli.commands.plan", "Show what apply would do. Writes nothing to the tenant."),
    "drift": ("provisioner.cli.commands.drift", "Show what moved in the tenant since the last apply."),
    "rehearse": ("provisioner.cli.commands.rehearse", "Try an apply on a copy of the tenant. Writes nothing to it."),
    "apply": ("provisioner.cli.commands.apply", "Make the tenant what the manifests say."),
    "verify": ("provisioner.cli.commands.verify", "Ask the tenant whether what it publishes can be booked."),
    "import": ("provisioner.cli.commands.import_", "Take over something that is live, by its id."),
    "pull": ("provisioner.cli.commands.pull", "Take what changed outside back into the manifests."),
    "show": ("provisioner.cli.commands.show", "Show a saved plan."),
    "history": ("provisioner.cli.commands.history", "Show who applied what, when, from which commit."),
    "destroy": ("provisioner.cli.commands.destroy", "Delete everything that the manifests made."),
    "doctor": ("provisioner.cli.commands.doctor", "Check the workspace, the way to the tenant, and the tenant."),
    "state": ("provisioner.cli.commands.state", "Look at and mend what is remembered of the tenant."),
    "sandbox": ("provisioner.cli.commands.sandbox", "Serve or reset the embedded look-alike of the vendor."),
    "completion": ("provisioner.cli.commands.completion", "Print the completion script of a shell."),
}
SHOWN = 100
"""Problems printed in one run; the rest is counted."""


class LazyGroup(click.Group):
    """A group that knows its commands' names and short helps without importing them."""

    context_class = Context

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; the rest stays on disk."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        return use(command)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin like this, from the table alone, and the options."""
        names = [CompletionItem(n, help=words) for n, (_, words) in COMMANDS.items() if n.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run one command, with a trace where the environment may ask for one."""
        if "OTEL_TRACES_EXPORTER" not in os.environ:
            return super().invoke(ctx)
        from provisioner.cli.tracing import traced

        return traced(ctx, super().invoke)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "-C",
    "workspace",
    default=".",
    metavar="DIR",
    help="The workspace. Default: the current folder, from which all other paths of a command line are counted.",
)
@click.option("--no-color", is_flag=True, help="No colours (also: NO_COLOR in the environment).")
@click.version_option(__version__, prog_name="provisioner")
@click.pass_context
def cli(context: click.Context, workspace: str, *, no_color: bool) -> None:
    """Configuration as code for appointment-scheduling tenants.

    Exit codes: 0 success; 1 error; 2 changes present (plan --detailed-exitcode), or drift; 3 not bookable (verify);
    4 refused by a safety rule; 5 partly applied; 6 locked by another run; 7 something is pending; 8 the plan is stale;
    64 wrong usage; 130/143 interrupted.
    """
    from pathlib import Path

    from provisioner.cli.context import Common

    colour = sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")
    context.obj = Common(Path(workspace), colour=colour)


def main(argv: list[str] | None = None) -> None:
    """Run the command and exit with its code. Our errors are caught here, once."""
    _reopen_what_is_closed()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name must not crash a terminal that cannot show it
    overhear()
    end_on_signals()
    sys.exit(run(argv))


def _reopen_what_is_closed() -> None:
    """After `>&-` the next file that is opened would have the number of stdout, and be printed into."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()


def run(argv: list[str] | None = None) -> int:
    """The command's exit code; errors are printed to stderr, one line per problem."""
    try:
        result: Any = cli.main(argv, standalone_mode=False)
    except (click.ClickException, click.Abort, ProvisionerError, OSError, Ended) as error:
        _tell(error)
        return exit_code(error)
    return result if isinstance(result, int) else 0


def _tell(error: BaseException) -> None:
    """What ended the command."""
    match error:
        case click.ClickException():
            _show_usage(error)
        case click.Abort() | Ended():
            say("Interrupted.", err=True)
        case ManifestError():
            _show_problems(error)
        case BrokenPipeError():
            sys.stdout = _nowhere()  # the reader left; nothing more can be said
        case OSError():
            sys.stdout = _nowhere()
            say(f"Error: {_named(error)}{error.strerror or error}", err=True)
        case _:
            say(f"Error: {error}", err=True)
            for line in error.moved[:SHOWN] if isinstance(error, StaleError) else ():
                say(f"  {line}", err=True)


def _nowhere() -> TextIO:
    return open(os.devnull, "w")  # noqa: PTH123 -- it stays open until the process ends


def _named(error: OSError) -> str:
    return f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""


def _show_usage(error: click.ClickException) -> None:
    """What click says of a command line, whose words may be anybody's."""
    said = io.StringIO()
    error.show(said)
    usage, mark, reason = said.getvalue().removesuffix("\n").partition("Error: ")
    if usage:
        show(usage.removesuffix("\n"), err=True)
    say(mark + reason, err=True)


def _show_problems(error: ManifestError) -> None:
    for problem in error.problems[:SHOWN]:
        say(str(problem), err=True)
    count = len(error.problems)
    if count == 1 and not error.problems[0].line:
        return
    least = "At least " if error.more else ""
    rest = f" (the first {SHOWN} are shown)" if count > SHOWN else ""
    say(f"{least}{count:,} problem{'s' if count != 1 else ''} found{rest}. Nothing was changed.", err=True)
