"""`provisioner apply`: plan, ask, carry out exactly that plan."""

from __future__ import annotations

import sys
from typing import Any

import click

from provisioner.cli.context import Common, colour_option, endpoint_option, target_options, var_options, wait_option


@click.command("apply")
@endpoint_option
@colour_option
@target_options
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@wait_option
@var_options
@click.pass_obj
def command(common: Common, /, *, yes: bool, wait: bool, **given: Any) -> int:
    """Make the tenant what the manifests say: plan, ask, carry out exactly that plan."""
    from provisioner.cli.compose import Options
    from provisioner.cli.run import apply_workspace
    from provisioner.errors import UsageError

    if not yes and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on: pass --yes to apply without asking")
    return apply_workspace(
        common,
        Options(**given),
        ask=None if yes else ("Apply these changes? Only yes applies them", "yes"),
        wait=wait,
    )
