"""`provisioner export`: a live tenant as manifests, with the state that goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.context import Common, endpoint_option, var_options
from provisioner.cli.say import say, show

if TYPE_CHECKING:
    from provisioner.export.files import Layout


@click.command("export")
@endpoint_option
@click.option(
    "--layout",
    type=click.Choice(["kind", "location"]),
    help="One file for each kind, or one for each location and sub-account. Default: location where there are "
    "sub-accounts, else kind.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a workspace of its own there instead of into this one.",
)
@click.option("--clients", is_flag=True, help="Take in the clients, too: everybody who ever booked.")
@var_options
@click.pass_obj
def command(
    common: Common,
    /,
    *,
    endpoint: str | None,
    layout: Layout | None,
    out: Path | None,
    clients: bool,
    var: Mapping[str, str],
    var_files: tuple[str, ...],
) -> int:
    """Write the manifests of what is live, and the state: the next plan has nothing to change.

    Reads the tenant and writes nothing to it. The workspace holds its provisioner.yaml and no manifests yet: nothing is
    ever written over. What is as in any new object, and what the vendor computes, is left out. What no manifest can
    say, and what a person should decide, is listed, and stands as a comment in its place.
    """
    from provisioner.cli import tenant
    from provisioner.cli.compose import run
    from provisioner.cli.takeover import Takeover
    from provisioner.manifest import load_settings
    from provisioner.providers import BY_NAME

    settings = load_settings(common.root, BY_NAME)
    place = tenant.locate(settings, endpoint)
    takeover = Takeover(common.root, out, settings, place, layout, clients, var, var_files)
    takeover.check()

    async def taken() -> Any:
        async with tenant.connected(common.root, settings, place) as provider:
            return await takeover.read(provider)

    found = run(taken())
    for line in takeover.finish(found):
        show(line) if line.startswith(" ") else say(line)
    return 0
