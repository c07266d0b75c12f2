"""`provisioner verify`: ask the tenant whether what it publishes can really be booked."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from provisioner.cli.addresses import complete_address
from provisioner.cli.as_of import date_option
from provisioner.cli.checks import check_report_option, checking
from provisioner.cli.context import Common, Whole, colour_option, endpoint_option, var_options
from provisioner.cli.reports import Report
from provisioner.cli.say import show

if TYPE_CHECKING:
    from provisioner.cli.verification import Look
    from provisioner.verify.result import Verified


@click.command("verify")
@endpoint_option
@colour_option
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_address,
    help="Only what these addresses decide, e.g. 'acme-west/location/*' or employee/ana.",
)
@click.option("--sample", type=Whole(min=1), metavar="N", help="Ask about N of them, drawn evenly; the same all day.")
@date_option("--as-of", "--from", "as_of", help="Look from this day on. Default: today, in each location's time.")
@click.option(
    "--weeks",
    type=Whole(min=1, max=5),
    default=1,
    metavar="N",
    help="Compare N weeks with what the manifests promise, 1 to 5. Default: 1.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document with a format_version.")
@check_report_option
@var_options
@click.pass_obj
def command(
    common: Common,
    /,
    *,
    targets: tuple[str, ...],
    sample: int | None,
    as_of: date | None,
    weeks: int,
    as_json: bool,
    reports: tuple[Report, ...],
    **given: Any,
) -> int:
    """Ask the tenant whether what it publishes can really be booked, as a client would ask.

    Every service at every location where somebody offers it: BOOKABLE with the next start, or NOT BOOKABLE with the
    causes and what mends them. Exits 3 when anything is not bookable, 1 when something could not be asked. Writes
    nothing.
    """
    from provisioner.report.style import Style
    from provisioner.report.verified_results import verified_results

    with checking("verify", common.root, reports) as told:
        found, reads, look = _looked(common, given, targets, sample, as_of, weeks)
        told.write(verified_results(found))
    if as_json:
        from provisioner.report.verified_json import verified_json

        show(json.dumps(verified_json(found, look.banner(), reads), ensure_ascii=False, indent=2))
    else:
        look.show(found, reads, style=Style(colour=common.colour))
    return found.exit_code


def _looked(
    common: Common, given: dict[str, Any], targets: tuple[str, ...], sample: int | None, since: date | None, weeks: int
) -> tuple[Verified, int, Look]:
    """What was found, how many reads it took, and what was looked with."""
    from provisioner.cli import compose, tenant
    from provisioner.cli.options import Options, check_targets
    from provisioner.cli.stores import state_store
    from provisioner.cli.verification import Look
    from provisioner.kinds import Address
    from provisioner.verify.verification import Wish

    options = Options(**given, targets=targets)
    workspace = compose.read_workspace(common.root, options, offline=True)
    place = tenant.locate(workspace.settings, options.endpoint)
    state = state_store(common.root, workspace.settings, place).load().state
    check_targets(options, workspace.desired, state)

    def named(address: Address) -> bool:
        return any(address.matches(glob) for glob in targets)

    wish = Wish(named if targets else None, sample=sample, since=since, weeks=weeks)

    async def looked() -> tuple[Verified, int, Look]:
        async with tenant.connected(common.root, workspace.settings, place, reads_only=True) as provider:
            look = Look(workspace, place, provider, state, wish)
            return (*await look.run(), look)

    result: tuple[Verified, int, Look] = compose.run(looked())
    return result
