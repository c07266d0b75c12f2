"""`--report FORMAT=FILE`: what was planned, done or found, for other tools and for pull requests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from provisioner.cli.say import show
from provisioner.cli.written import claim, is_stream, standard, written_file
from provisioner.kinds.values import escape

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
    context: click.Context,
    _param: Any,
    given: tuple[str, ...],
    formats: Sequence[str] = FORMATS,
    bare: Sequence[str] = (),
) -> tuple[Report, ...]:
    """Raises click.BadParameter."""
    reports = tuple(Report(item, Path()) if item in bare else _report(item, formats) for item in given)
    for each in reports:
        if each.format not in bare:
            claim(context, each.path, f"--report {each.format}")
    return reports


def _report(item: str, formats: Sequence[str]) -> Report:
    name, equals, path = item.partition("=")
    if not equals or not path or name not in formats:
        known = ", ".join(formats)
        raise click.BadParameter(f"{item!r} is no FORMAT=FILE: write one of {known}, such as {formats[-1]}=report.out")
    return Report(name, written_file(path, streams=True))


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


def _stream(context: click.Context, _param: Any, given: str | None) -> str | None:
    """A file, or `-`. Raises click.BadParameter."""
    if given is None:
        return None
    path = None if given == "-" else written_file(given, streams=True)
    claim(context, path, "--events")
    return "-" if path is None or standard(path) == 1 else str(path)


events_option: Callable[[Any], Any] = click.option(
    "--events",
    metavar="FILE",
    callback=_stream,
    help="Tell what happens as it happens, one JSON document a line; - for stdout: then all else goes to stderr.",
)
"""For every command that writes what it planned."""


@dataclass(slots=True)
class Reporting:
    """The reports of one run, which are of the same moment: what is planned, then what became of it, or why not."""

    reports: Sequence[Report] = ()
    printed: Printed | None = None
    error: ProvisionerError | None = None
    began: bool = False
    """Whether something may have been sent."""

    def tell(self, planned: Planned, applied: Applied | None = None, title: str = "Plan") -> None:
        """Write all but those that cannot be written again. Raises OSError."""
        if self.reports:
            self.printed = printed_of(planned, applied, title)
            self._write(streams=False)

    def fail(self, error: ProvisionerError) -> None:
        """Say that it failed, and why, beside what was told already."""
        self.error = error
        if self.printed is not None:
            self.printed = replace(self.printed, began=self.began).failed(error)
        self._write(streams=False)

    def end(self) -> None:
        """Write what can be written once. Raises OSError."""
        self._write(streams=True)

    def _write(self, *, streams: bool) -> None:
        for each in self.reports:
            if is_stream(each.path) is not streams:
                continue
            if self.printed is not None:
                write(each, face(each.format, self.printed))
            elif self.error is not None:
                write(each, _failure(each.format, self.error))


@contextmanager
def reporting(reports: Sequence[Report]) -> Iterator[Reporting]:
    """Let no report of an earlier run stay: an error that ends this one is what they tell. Raises OSError."""
    from provisioner.errors import ProvisionerError

    told = Reporting(reports)
    clear(reports)
    try:
        yield told
    except ProvisionerError as error:
        for write_what_is_left in (partial(told.fail, error), told.end):
            with suppress(OSError):  # the error itself is what has to be told
                write_what_is_left()
        raise
    told.end()


def clear(reports: Sequence[Report]) -> None:
    """Take away what an earlier run wrote. Raises OSError."""
    for each in reports:
        if not is_stream(each.path):
            each.path.unlink(missing_ok=True)


def write_reports(
    reports: Sequence[Report], planned: Planned, applied: Applied | None = None, title: str = "Plan"
) -> None:
    """Write each report whole or not at all. Raises OSError."""
    if reports:
        printed = printed_of(planned, applied, title)
        for each in reports:
            write(each, face(each.format, printed))


def printed_of(planned: Planned, applied: Applied | None = None, title: str = "Plan") -> Printed:
    """A plan as all its faces are made of it; with what became of it once it was applied, which has another title."""
    from provisioner.cli.approval import WIDTH, document_of
    from provisioner.report.json import outcome_json
    from provisioner.report.outcome import outcome_text
    from provisioner.report.printed import Printed
    from provisioner.report.text import plan_text

    document, text = document_of(planned, planned.plan), plan_text(planned.plan, planned.banner, planned.effort, WIDTH)
    if applied is None:
        return Printed(document, text, title=title)
    return Printed({**document, "outcome": outcome_json(applied)}, text, outcome_text(applied, what=title), title)


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
            return "\n\n".join(filter(None, [printed.text, printed.outcome, escape(printed.ending)])) + "\n"


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
    """Write one file whole or not at all; what is no file is written to. Raises OSError."""
    from provisioner.state.disk import Disk, replace_file

    if not is_stream(report.path):
        replace_file(Disk(), report.path, text.encode("utf-8", "backslashreplace"))
    elif (number := standard(report.path)) is not None:
        show(text.removesuffix("\n"), err=number == 2)
    else:
        with os.fdopen(os.open(report.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC), "wb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))
