"""`provisioner show`: a saved plan, as it was printed."""

from __future__ import annotations

import json
from pathlib import Path

import click

from provisioner.cli.context import Common, colour_option
from provisioner.cli.say import show


@click.command("show")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@colour_option
@click.option("--json", "as_json", is_flag=True, help="The JSON document of the plan.")
@click.pass_obj
def command(common: Common, /, *, file: Path, as_json: bool) -> int:
    """Show a plan that `plan --save FILE` made. Reads nothing but the file."""
    from provisioner.cli.approval import read_plan
    from provisioner.report.style import Style

    saved = read_plan(file)
    if as_json:
        show(json.dumps(saved.document, ensure_ascii=False, indent=2))
    else:
        show(f"Saved at {saved.made}.\n\n{saved.text}", style=Style(colour=common.colour))
    return 0
