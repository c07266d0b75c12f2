"""`provisioner show`: a saved plan, with any face that a plan has."""

from __future__ import annotations

import json
from pathlib import Path

import click

from provisioner.cli.context import Common, colour_option
from provisioner.cli.reports import FORMATS
from provisioner.cli.say import show

_TRUST = "The file is as trustworthy as who made it; apply compares its changes."


@click.command("show")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@colour_option
@click.option("--format", "name", type=click.Choice(FORMATS), default="text", help="How to show it. Default: text.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def command(common: Common, /, *, file: Path, name: str, as_json: bool) -> int:
    """Show a plan that `plan --save FILE` made. Reads nothing but the file.

    As text it is what was printed; the other formats are those of --report. A file is as trustworthy as who made it:
    apply makes the plan again, and carries it out only if its changes are those that are shown here.
    """
    from provisioner.cli.approval import read_plan
    from provisioner.cli.reports import face
    from provisioner.cli.shown import printed_plan
    from provisioner.errors import UsageError
    from provisioner.report.style import Style

    saved = read_plan(file)
    printed = printed_plan(saved, str(file))
    if as_json or name == "json":
        show(json.dumps(saved.document, ensure_ascii=False, indent=2))
    elif name == "text":
        show(f"Saved at {saved.made}. {_TRUST}\n\n{saved.text}", style=Style(colour=common.colour))
    else:
        try:
            text = face(name, printed)
        except (LookupError, TypeError, ValueError, ArithmeticError, RecursionError):  # a value that no plan has
            raise UsageError(f"{file}: damaged or edited (a value in it is no plan's): plan again") from None
        show(text.removesuffix("\n"))
    return 0
