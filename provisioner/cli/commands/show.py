"""`provisioner show`: a saved plan, with any face that a plan has."""

from __future__ import annotations

import json
from pathlib import Path

import click

from provisioner.cli.context import Common, colour_option
from provisioner.cli.reports import FORMATS
from provisioner.cli.say import show


@click.command("show")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@colour_option
@click.option("--format", "name", type=click.Choice(FORMATS), default="text", help="How to show it. Default: text.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def command(common: Common, /, *, file: Path, name: str, as_json: bool) -> int:
    """Show a plan that `plan --save FILE` made. Reads nothing but the file.

    As text it is what was printed; the other formats are those of --report.
    """
    from provisioner.cli.approval import read_plan
    from provisioner.cli.reports import face
    from provisioner.report.printed import Printed
    from provisioner.report.style import Style

    saved = read_plan(file)
    if as_json or name == "json":
        show(json.dumps(saved.document, ensure_ascii=False, indent=2))
    elif name == "text":
        show(f"Saved at {saved.made}.\n\n{saved.text}", style=Style(colour=common.colour))
    else:
        show(face(name, Printed(saved.document, saved.text)).removesuffix("\n"))
    return 0
