"""`provisioner doctor`: what can be known of a workspace and its tenant before anything is applied."""

from __future__ import annotations

import json
from typing import Any

import click

from provisioner.cli.context import Common, colour_option, endpoint_option, var_options
from provisioner.cli.say import show


@click.command("doctor")
@endpoint_option
@click.option(
    "--probe-account",
    "account_id",
    metavar="ID",
    help="Find out how the vendor speaks by writing to this account, which was made for that and is managed by nobody.",
)
@click.option("--yes", is_flag=True, help="Write to the account of --probe-account without asking.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@colour_option
@var_options
@click.pass_obj
def command(
    common: Common, /, *, endpoint: str | None, account_id: str | None, yes: bool, as_json: bool, **given: Any
) -> int:
    """Check the workspace, the way to its tenant, and the tenant itself. Writes nothing there.

    Each check is PASS, LOOK (it works, and you should know), FAIL or SKIPPED. The exit code is 1 when one is FAIL. No
    secret is shown, and of customers nothing but how many there are.

    With --probe-account it finds out instead what the vendor's page leaves open, with a dozen writes to that account.
    All that it makes is called provisioner-probe, and is deleted at the end, and also after Ctrl-C.
    """
    from provisioner.cli.compose import run
    from provisioner.cli.console import terminal_width
    from provisioner.cli.diagnosis import Diagnosis
    from provisioner.cli.options import Options
    from provisioner.cli.probing import Probing
    from provisioner.errors import StoppedError, UsageError
    from provisioner.finding import Mark
    from provisioner.report.doctor import doctor_json, doctor_lines
    from provisioner.report.style import Style

    options = Options(endpoint=endpoint, **given)
    if yes and account_id is None:
        raise UsageError("--yes is for --probe-account: without it nothing is written, and nothing asked")
    diagnosis, caught, more = Diagnosis(common.root, options), [], {}
    if account_id is None:
        sections = run(diagnosis.sections())
    else:
        probing = Probing(common.root, options, account_id, asks=not yes)
        sections, diagnosis.banner, caught = probing.sections(), probing.banner, probing.caught
        more = {"dialect": dict(probing.dialect), "left": list(probing.left)}
    if as_json:
        show(json.dumps(doctor_json(diagnosis.about, sections, **more), indent=2, ensure_ascii=False))
    else:
        show("\n".join(doctor_lines(str(diagnosis), sections, terminal_width())), style=Style(colour=common.colour))
    if caught:
        raise StoppedError("interrupted: what was made is deleted, unless it stands above", 128 + caught[0])
    return int(any(finding.mark is Mark.FAIL for section in sections for finding in section.findings))
