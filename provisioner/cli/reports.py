"""`--report FORMAT=FILE`: what was planned, done or found, for other tools and for pull requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from provisioner.cli.written import written_file

if TYPE_CHECKING:
    from provisioner.apply.outcome import Applied
    from provisioner.cli.compose import Planned
    from provisioner.errors import ProvisionerError
    from provisioner.report.printed import Printed

FORMATS = ("text", "json", "markdown", "html")
"""The faces of a plan."""


class Report(NamedTuple):
    """One file to write."""

    format: str
    path: Path
    """Of one that is no file, the empty path."""


def read_reports(
    _context: Any, _param: Any, given: tuple[str, ...], formats: Sequence[str] = FORMATS, bare: Sequence[str] = ()
) -> tuple[Report, ...]:
    """Raises click.BadParameter."""
    reports = tuple(Report(item, Path()) if item in bare else _report(item, formats) for item in given)
    files = [each for each in reports if each.format not in bare]
    paths = [each.path.resolve() for each in files]
    for each in files:
        if paths.count(each.path.resolve()) > 1:
            raise click.BadParameter(f"{str(each.path)!r} would be written twice: name another file for one of them")
    return reports


def _report(item: str, formats: Sequence[str]) -> Report:
    name, equals, path = item.partition("=")
    if not equals or not path or name not in formats:
        known = ", ".join(formats)
        raise click.BadParameter(f"{item!r} is no FORMAT=FILE: write one of {known}, such as {formats[-1]}=report.out")
    return Report(name, written_file(path))


def complete(
    _context: click.Context,
    _param: click.Parameter,
    incomplete: str,
    formats: Sequence[str] = FORMATS,
    bare: Sequence[str] = (),
) -> list[CompletionItem]:
    """The formats."""
    named = [*(f"{each}=" for each in formats), *bare]
    return [CompletionItem(each) for each in named if each.startswith(incomplete)]


def reports_of(*formats: str, more: str = "", bare: Sequence[str] = ()) -> Callable[[Any], Any]:
    """`--report`, for a command that has these faces."""
    return click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=partial(read_reports, formats=formats, bare=bare),
        shell_complete=partial(complete, formats=formats, bare=bare),
        help=f"Also write a report: {', '.join(formats)}.{more} May be repeated.",
    )


report_option = reports_of(*FORMATS)
"""For every command that plans."""


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
                    write(each, _failure(each.format, error))
        raise


def write_reports(
    reports: Sequence[Report], planned: Planned, applied: Applied | None = None, title: str = "Plan"
) -> None:
    """Write each report whole or not at all. Raises OSError."""
    if reports:
        printed = printed_of(planned, applied, title)
        for each in reports:
            write(each, face(each.format, printed))


def printed_of(planned: Planned, applied: Applied | None = None, title: str = "Plan") -> Printed:
    """A plan as all its faces are made of it; with what became of it once it was applied."""
    from provisioner.cli.approval import WIDTH, document_of
    from provisioner.report.json import outcome_json
    from provisioner.report.outcome import outcome_text
    from provisioner.report.printed import Printed
    from provisioner.report.text import plan_text

    document, text = document_of(planned, planned.plan), plan_text(planned.plan, planned.banner, planned.effort, WIDTH)
    if applied is None:
        return Printed(document, text, title=title)
    return Printed({**document, "outcome": outcome_json(applied)}, text, outcome_text(applied), "Apply")


def face(name: str, printed: Printed) -> str:
    """One face of a plan, with a line break at its end."""
    match name:
        case "markdown":
            from provisioner.report.markdown import plan_markdown

            return plan_markdown(printed)
        case "html":
            from provisioner.report.html.page import plan_html

            return plan_html(printed)
        case "json":
            return as_json(printed.document)
        case _:
            return "\n\n".join(filter(None, [printed.text, printed.outcome])) + "\n"


def _failure(name: str, error: ProvisionerError) -> str:
    from provisioner.report.failure import failure_html, failure_json, failure_markdown, failure_text

    match name:
        case "markdown":
            return failure_markdown(error)
        case "html":
            return failure_html(error)
        case "json":
            return as_json(failure_json(error))
        case _:
            return failure_text(error)


def as_json(document: Any) -> str:
    """A JSON document as a file holds it."""
    return json.dumps(document, indent=2) + "\n"


def write(report: Report, text: str) -> None:
    """Write one file whole or not at all. Raises OSError."""
    from provisioner.state.disk import Disk, replace_file

    replace_file(Disk(), report.path, text.encode("utf-8", "backslashreplace"))
