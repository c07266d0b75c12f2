"""`provisioner validate`: everything that can be checked without a tenant."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from provisioner.cli.checks import check_report_option, checking
from provisioner.cli.context import Common, var_options
from provisioner.cli.reports import Report
from provisioner.cli.say import say


@click.command("validate")
@check_report_option
@var_options
@click.pass_obj
def command(common: Common, /, *, reports: tuple[Report, ...], **given: Any) -> int:
    """Check the manifests offline: syntax, fields, references, scopes.

    No credentials are needed; secrets that are not set are taken as set.
    """
    from provisioner.cli.compose import read_workspace
    from provisioner.cli.options import Options
    from provisioner.report.results import Level, Result

    with checking("validate", common.root, reports) as found:
        workspace = read_workspace(common.root, Options(**given), offline=True)
        found.write([Result("manifest", Level.PASSED)])
    counts = Counter(address.kind for address in workspace.desired.resources)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing yet"
    count = len(workspace.desired.resources)
    say(f"Valid: {count} resource{'s' if count != 1 else ''} ({listed}).")
    return 0
