"""What a report says when there is no plan: an older one would be taken for this run's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.errors import ManifestError, ProvisionerError, StaleError
from provisioner.kinds.values import escape
from provisioner.report.html.build import join, tag
from provisioner.report.html.page import page
from provisioner.report.json import FORMAT_VERSION
from provisioner.report.layout import counted
from provisioner.report.markdown import bounded, safe

if TYPE_CHECKING:
    from collections.abc import Iterator


def failure_json(error: ProvisionerError) -> dict[str, Any]:
    """The document, with `error` in the place of a plan; problems have their places as numbers."""
    problems = [problem._asdict() for problem in error.problems] if isinstance(error, ManifestError) else []
    message = _title(error) if problems else str(error)
    moved = list(error.moved) if isinstance(error, StaleError) else []
    told = {"exit_code": error.exit_code, "message": message, "problems": problems, "moved": moved}
    return {"format_version": FORMAT_VERSION, "error": told}


def failure_markdown(error: ProvisionerError) -> str:
    """The same as Markdown, with a line break at its end."""
    lines = list(_lines(error))
    shown = bounded(f"- {safe(line)}" for line in lines)
    more = [f"- and {len(lines) - len(shown)} more"] if len(lines) > len(shown) else []
    return "\n".join([f"### No plan: {safe(_title(error))}", *([""] if shown else []), *shown, *more]) + "\n"


def failure_html(error: ProvisionerError) -> str:
    """The same as a page."""
    lines = list(_lines(error))
    header = tag("header", tag("h1", f"No plan: {_title(error)}"))
    return page("No plan", join((header, tag("ul", *(tag("li", line) for line in lines)))))


def failure_text(error: ProvisionerError) -> str:
    """The same as plain lines."""
    return "\n".join([f"No plan: {escape(_title(error))}", *map(escape, _lines(error))]) + "\n"


def _title(error: ProvisionerError) -> str:
    if not isinstance(error, ManifestError):
        return str(error)
    return ("at least " if error.more else "") + counted(len(error.problems), "problem")


def _lines(error: ProvisionerError) -> Iterator[str]:
    if isinstance(error, ManifestError):
        yield from map(str, error.problems)
    elif isinstance(error, StaleError):
        yield from error.moved
