"""What a check found, written as other tools read it: files that `--report` names, and lines for GitHub's runner."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from provisioner import __version__
from provisioner.cli.reports import Report, clear, reports_of, write
from provisioner.cli.say import command_line

if TYPE_CHECKING:
    from provisioner.errors import ProvisionerError
    from provisioner.report.results import Result, Results

GITHUB = "github"
CHECKS = ("junit", "sarif", "codequality")
"""The faces of findings that are files."""
_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where a build server says that the repository is."""

check_report_option: Callable[[Any], Any] = reports_of(
    *CHECKS, more=" Or github, for lines in its log.", bare=(GITHUB,)
)
"""For every command that looks at manifests."""


@dataclass(slots=True)
class Checking:
    """Where the results of one command go."""

    command: str
    root: Path
    reports: Sequence[Report]
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def write(self, results: Sequence[Result]) -> None:
        """Write the files, and the lines where they were asked for or GitHub's runner reads the log. Raises OSError."""
        from provisioner.report.github import commands

        told = self._results(results)
        for each in self.reports:
            if each.format in CHECKS:
                write(each, _face(each.format, told))
        if self.environ.get("GITHUB_ACTIONS") == "true" or any(each.format == GITHUB for each in self.reports):
            for line in commands(told):
                command_line(line)

    def _results(self, results: Sequence[Result]) -> Results:
        from provisioner.report.results import Results

        before = prefix(self.root, self.environ)
        placed = [each._replace(file=f"{before}{each.file}") if each.file else each for each in results]
        return Results(self.command, __version__, datetime.now(UTC), placed)


@contextmanager
def checking(
    command: str, root: Path, reports: Sequence[Report], environ: Mapping[str, str] | None = None
) -> Iterator[Checking]:
    """Where results go; an error that ends the command is one of them. Raises OSError."""
    from provisioner.errors import ProvisionerError

    found = Checking(command, root, reports, os.environ if environ is None else environ)
    clear([each for each in reports if each.format != GITHUB])
    try:
        yield found
    except ProvisionerError as error:
        with suppress(OSError):  # the error itself is what has to be told
            found.write(failures(command, error))
        raise


def failures(command: str, error: ProvisionerError) -> list[Result]:
    """An error as results: each of its problems, or itself."""
    from provisioner.errors import ManifestError
    from provisioner.report.results import Level, Result

    if not isinstance(error, ManifestError):
        return [Result(command, Level.ERROR, str(error))]
    return [Result("manifest", Level.ERROR, each.message, each.file, each.line, each.column) for each in error.problems]


def prefix(root: Path, environ: Mapping[str, str]) -> str:
    """What leads from the repository to the workspace, as `tenants/acme/`; "" for the same folder, or none known."""
    above = [Path(environ[name]) for name in _ROOTS if environ.get(name)] or [Path()]
    for each in above:
        with suppress(ValueError, OSError):
            inside = root.resolve().relative_to(each.resolve()).as_posix()
            return "" if inside == "." else f"{inside}/"
    return ""


def _face(name: str, results: Results) -> str:
    from provisioner.report.codequality import codequality
    from provisioner.report.junit import junit
    from provisioner.report.sarif import sarif

    return {"junit": junit, "sarif": sarif, "codequality": codequality}[name](results)
