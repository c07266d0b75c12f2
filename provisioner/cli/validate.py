"""`provisioner validate`: everything that can be checked without a tenant."""

from __future__ import annotations

from collections import Counter
from typing import Any

import click

from provisioner.cli.context import Common, var_options
from provisioner.cli.say import say


@click.command("validate")
@var_options
@click.pass_obj
def command(common: Common, /, **given: Any) -> int:
    """Check the manifests offline: syntax, fields, references, scopes.

    No credentials are needed; secrets that are not set are taken as set.
    """
    from provisioner.cli.compose import read_workspace
    from provisioner.cli.options import Options

    workspace = read_workspace(common.root, Options(**given), offline=True)
    counts = Counter(address.kind for address in workspace.desired.resources)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing yet"
    count = len(workspace.desired.resources)
    say(f"Valid: {count} resource{'s' if count != 1 else ''} ({listed}).")
    return 0
