"""What every command gets from the options before its name."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from provisioner.cli.addresses import complete_address


@dataclass(frozen=True, slots=True)
class Common:
    """The workspace's folder and how to print."""

    root: Path
    colour: bool = False

    def command(self, *words: object) -> str:
        """A command of ours in this workspace, for a person to type."""
        where = [] if str(self.root) == "." else ["-C", str(self.root)]
        return shlex.join(["provisioner", *where, *map(str, words)])


class Whole(click.IntRange):
    """A whole number, with words of ours for what is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number. Raises click.BadParameter."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            bounds = f"from {self.min} to {self.max}" if self.max is not None else f"{self.min} or more"
            self.fail(f"{value!r} does not fit: write a whole number, {bounds}", param, ctx)


def variables(_context: Any, _param: Any, given: tuple[str, ...]) -> dict[str, str]:
    """`--var NAME=VALUE`, repeated. Raises click.BadParameter."""
    values: dict[str, str] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise click.BadParameter("write NAME=VALUE")  # not repeated: it may be a secret
        values[name] = value
    return values


def var_options(command: Any) -> Any:
    """`--var` and `--var-file`, for every command that reads manifests."""
    command = click.option(
        "--var-file",
        "var_files",
        multiple=True,
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="A YAML map of variables; a later file wins, --var wins over all.",
    )(command)
    return click.option(
        "--var", "var", multiple=True, metavar="NAME=VALUE", callback=variables, help="Value of ${var:NAME}."
    )(command)


def endpoint_option(command: Any) -> Any:
    """`--endpoint`, for every command that talks to a tenant."""
    return click.option("--endpoint", metavar="URL", help="Use this endpoint instead of the workspace's.")(command)


def wait_option(command: Any) -> Any:
    """`--no-wait`, for every command that writes."""
    return click.option(
        "--wait/--no-wait",
        "wait",
        default=True,
        help="Whether to wait until an interrupted create can no longer appear. Default: wait.",
    )(command)


def _uncoloured(context: click.Context, _param: Any, given: bool) -> None:
    if given:
        context.obj = replace(context.find_object(Common) or Common(Path()), colour=False)


def colour_option(command: Any) -> Any:
    """`--no-color` after the command's name, too."""
    return click.option("--no-color", is_flag=True, expose_value=False, callback=_uncoloured, help="No colours.")(
        command
    )


def _on_a_terminal(_context: Any, _param: Any, given: bool) -> bool:
    """`--show-clients` where it may be. Raises click.BadParameter."""
    if given and not sys.stdout.isatty():
        raise click.BadParameter("clients are named on a terminal only, and the output goes somewhere else")
    return given


def clients_option(command: Any) -> Any:
    """`--show-clients`, for every command that shows a plan."""
    return click.option(
        "--show-clients",
        "clients",
        is_flag=True,
        callback=_on_a_terminal,
        help="Name the clients whose appointments would be stranded. On a terminal only; reports never do.",
    )(command)


def _allowed(_context: Any, _param: Any, given: tuple[str, ...]) -> tuple[str, ...]:
    """Raises click.BadParameter."""
    from provisioner.plan.stranding import read_allowed

    try:
        for text in given:
            read_allowed(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return given


def stranded_option(command: Any) -> Any:
    """`--allow-stranded`, for every command that plans."""
    return click.option(
        "--allow-stranded",
        "allow_stranded",
        multiple=True,
        metavar="ADDRESS=N",
        callback=_allowed,
        shell_complete=complete_address,
        help="Let a change strand N booked appointments; a glob lets all that it names strand N together.",
    )(command)


def target_options(command: Any) -> Any:
    """What a plan can be narrowed to and what may be overridden."""
    options = (
        click.option(
            "--target",
            "targets",
            multiple=True,
            metavar="GLOB",
            shell_complete=complete_address,
            help="Only these addresses and what they need, e.g. 'acme-west/location/*'.",
        ),
        click.option(
            "--rotate",
            "rotate",
            multiple=True,
            metavar="ADDRESS",
            shell_complete=complete_address,
            help="Send the secrets and pictures of this again.",
        ),
        click.option("--allow-destroy", type=Whole(min=0), metavar="N", help="Let a plan destroy N resources."),
        click.option("--allow-update", type=Whole(min=0), metavar="N", help="Let a plan update N resources."),
        click.option(
            "--not-renamed",
            "not_renamed",
            multiple=True,
            metavar="ADDRESS",
            shell_complete=complete_address,
            help="This really goes, although something that comes looks like it.",
        ),
        stranded_option,
        click.option("--notify", is_flag=True, help="Let the vendor send its messages about every change."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def undo_options(command: Any) -> Any:
    """`--undo` and `--overwrite`, for plan and apply."""
    command = click.option(
        "--overwrite",
        "overwrite",
        multiple=True,
        metavar="GLOB",
        help="With --undo: also take back fields of these that somebody changed since the run.",
    )(command)
    return click.option(
        "--undo",
        "undo",
        metavar="RUN",
        help="Instead of what the manifests want: what was before RUN, a number of provisioner history, or last.",
    )(command)
