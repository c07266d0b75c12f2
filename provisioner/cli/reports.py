"""`--report FORMAT=FILE`: what was planned or done, for other tools and for pull requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from provisioner.apply.outcome import Applied
    from provisioner.cli.compose import Planned

FORMATS = ("json", "markdown")


class Report(NamedTuple):
    """One file to write."""

    format: str
    path: Path


def _reports(_context: Any, _param: Any, given: tuple[str, ...]) -> tuple[Report, ...]:
    """Raises click.BadParameter."""
    return tuple(_report(item) for item in given)


def _report(item: str) -> Report:
    name, equals, path = item.partition("=")
    if not equals or not path or name not in FORMATS:
        raise click.BadParameter(f"{item!r} is no FORMAT=FILE: write json=plan.json or markdown=plan.md")
    if Path(path).is_dir():
        raise click.BadParameter(f"{path!r} is a folder: name a file in it")
    if path.endswith((".yaml", ".yml")):
        raise click.BadParameter(f"{path!r} would be read as a manifest: name it otherwise")
    return Report(name, Path(path))


def report_option(command: Any) -> Any:
    """`--report`, for every command that plans."""
    return click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=_reports,
        help="Also write a report: json=FILE or markdown=FILE. May be repeated.",
    )(command)


def write_reports(reports: Sequence[Report], planned: Planned, applied: Applied | None = None) -> None:
    """Write each report whole or not at all. Raises OSError."""
    if not reports:
        return
    from provisioner.report.json import outcome_json, plan_json
    from provisioner.report.markdown import plan_markdown
    from provisioner.state.disk import Disk, replace_file

    plan, banner, effort = planned.plan, planned.banner, planned.effort
    for each in reports:
        if each.format == "json":
            document = plan_json(plan, banner, effort, planned.calls)
            outcome = {"outcome": outcome_json(applied)} if applied else {}
            text = json.dumps(document | outcome, indent=2) + "\n"
        else:
            text = plan_markdown(plan, banner, effort, applied)
        replace_file(Disk(), each.path, text.encode("utf-8", "backslashreplace"))
