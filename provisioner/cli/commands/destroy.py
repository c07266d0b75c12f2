"""`provisioner destroy`: the same path as apply, with nothing wanted."""

from __future__ import annotations

import sys
from typing import Any

import click

from provisioner.cli.context import (
    Common,
    clients_option,
    colour_option,
    endpoint_option,
    stranded_option,
    var_options,
    wait_option,
)
from provisioner.cli.reports import Report, events_option, report_option


@click.command("destroy")
@endpoint_option
@colour_option
@click.option("--target", "targets", multiple=True, metavar="GLOB", help="Only these addresses.")
@stranded_option
@clients_option
@click.option("--notify", is_flag=True, help="Let the vendor send its messages about every change.")
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@report_option
@events_option
@wait_option
@var_options
@click.pass_obj
def command(
    common: Common,
    /,
    *,
    yes: bool,
    clients: bool,
    reports: tuple[Report, ...],
    events: str | None,
    wait: bool,
    **given: Any,
) -> int:
    """Delete everything that was made from these manifests.

    What was found live and only adopted is forgotten, not deleted; so are accounts, owners and main locations, which
    the vendor cannot delete.
    """
    from provisioner.cli.options import Options
    from provisioner.cli.run import apply_workspace
    from provisioner.errors import UsageError
    from provisioner.manifest import load_settings
    from provisioner.providers import BY_NAME

    if not yes and not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on: pass --yes to destroy without asking")
    company = load_settings(common.root, BY_NAME).company_id
    question = (f"Destroy all of this? Type the account's number, {company}, to go on", company)
    return apply_workspace(
        common,
        Options(destroy=True, **given),
        ask=None if yes else question,
        wait=wait,
        reports=reports,
        clients=clients,
        events=events,
    )
