"""`--report FORMAT=FILE`: what was planned or done, for other tools and for pull requests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from provisioner.cli.written import written_file

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
    reports = tuple(_report(item) for item in given)
    paths = [each.path.resolve() for each in reports]
    for each in reports:
        if paths.count(each.path.resolve()) > 1:
            raise click.BadParameter(f"{str(each.path)!r} would be written twice: name another file for one of them")
    return reports


def _report(item: str) -> Report:
    name, equals, path = item.partition("=")
    if not equals or not path or name not in FORMATS:
        raise click.BadParameter(f"{item!r} is no FORMAT=FILE: write json=plan.json or markdown=plan.md")
    return Report(name, written_file(path))


def _complete(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The formats."""
    return [CompletionItem(f"{each}=") for each in FORMATS if each.startswith(incomplete)]


def report_option(command: Any) -> Any:
    """`--report`, for every command that plans."""
    return click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=_reports,
        shell_complete=_complete,
        help="Also write a report: json=FILE or markdown=FILE. May be repeated.",
    )(command)


@contextmanager
def reporting(reports: Sequence[Report]) -> Iterator[None]:
    """Let no report of an earlier run stay: an error that comes before a plan is what they tell. Raises OSError."""
    from provisioner.errors import ProvisionerError

    for each in reports:
        each.path.unlink(missing_ok=True)
    try:
        yield
    except ProvisionerError as error:
        for each in reports:
            if not each.path.exists():
                with suppress(OSError):  # the error itself is what has to be told
                    _write(each, _failure(each.format, error))
        raise


def write_reports(reports: Sequence[Report], planned: Planned, applied: Applied | None = None) -> None:
    """Write each report whole or not at all. Raises OSError."""
    for each in reports:
        _write(each, _plan(each.format, planned, applied))


def _plan(name: str, planned: Planned, applied: Applied | None) -> str:
    from provisioner.report.json import outcome_json, plan_json
    from provisioner.report.markdown import plan_markdown

    plan, banner, effort = planned.plan, planned.banner, planned.effort
    if name == "markdown":
        return plan_markdown(plan, banner, effort, applied)
    outcome = {"outcome": outcome_json(applied)} if applied else {}
    return _document(plan_json(plan, banner, effort, planned.calls) | outcome)


def _failure(name: str, error: Any) -> str:
    from provisioner.report.failure import failure_json, failure_markdown

    return failure_markdown(error) if name == "markdown" else _document(failure_json(error))


def _document(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2) + "\n"


def _write(report: Report, text: str) -> None:
    from provisioner.state.disk import Disk, replace_file

    replace_file(Disk(), report.path, text.encode("utf-8", "backslashreplace"))
