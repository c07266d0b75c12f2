"""What a report says when there is no plan: an older one would be taken for this run's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provisioner.errors import ManifestError, ProvisionerError, StaleError
from provisioner.kinds.values import escape
from provisioner.report.error import error_json, error_title
from provisioner.report.html.build import join, tag
from provisioner.report.html.page import page
from provisioner.report.json import FORMAT_VERSION
from provisioner.report.markdown import bounded, safe

if TYPE_CHECKING:
    from collections.abc import Iterator


def failure_json(error: ProvisionerError) -> dict[str, Any]:
    """The document, with `error` in the place of a plan."""
    return {"format_version": FORMAT_VERSION, "error": error_json(error)}


def failure_markdown(error: ProvisionerError) -> str:
    """The same as Markdown, with a line break at its end."""
    lines = list(_lines(error))
    shown = bounded(f"- {safe(line)}" for line in lines)
    more = [f"- and {len(lines) - len(shown)} more"] if len(lines) > len(shown) else []
    return (
        "\n".join([f"### No plan: {safe(error_title(error), 2_000)}", *([""] if shown else []), *shown, *more]) + "\n"
    )


def failure_html(error: ProvisionerError) -> str:
    """The same as a page."""
    lines = list(_lines(error))
    header = tag("header", tag("h1", f"No plan: {error_title(error)}"))
    return page("No plan", join((header, tag("ul", *(tag("li", line) for line in lines)))))


def failure_text(error: ProvisionerError) -> str:
    """The same as plain lines."""
    return "\n".join([f"No plan: {escape(error_title(error))}", *map(escape, _lines(error))]) + "\n"


def _lines(error: ProvisionerError) -> Iterator[str]:
    if isinstance(error, ManifestError):
        yield from map(str, error.problems)
    elif isinstance(error, StaleError):
        yield from error.moved
