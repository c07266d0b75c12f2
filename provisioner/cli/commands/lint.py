"""`provisioner lint`: what is allowed in manifests and hardly ever meant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from provisioner.cli.as_of import as_of_option, day_of
from provisioner.cli.checks import check_report_option, checking
from provisioner.cli.context import Common, var_options
from provisioner.cli.reports import Report
from provisioner.cli.say import say, show

if TYPE_CHECKING:
    from provisioner.lint.rule import Finding, Override
    from provisioner.report.results import Result

FORMAT_VERSION = "1.0"
NAMED = 3
"""Resources that a report names for one finding."""


def _rules(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The rules that begin like this."""
    from provisioner.lint import RULES

    return [CompletionItem(rule.name) for rule in RULES if rule.name.startswith(incomplete)]


@click.command("lint")
@click.option("--ignore", "ignored", multiple=True, metavar="RULE", shell_complete=_rules, help="Leave this rule out.")
@click.option("--strict", is_flag=True, help="Exit 1 for any finding, not only for errors.")
@as_of_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document with a format_version.")
@check_report_option
@var_options
@click.pass_obj
def command(
    common: Common,
    /,
    *,
    ignored: Sequence[str],
    strict: bool,
    as_of: date | None,
    as_json: bool,
    reports: tuple[Report, ...],
    **given: Any,
) -> int:
    """Find what is allowed in manifests and hardly ever meant, offline.

    Each line names a place, how bad it is, what it is about and what to do, and the rule. Rules are switched off under
    `lint:` in provisioner.yaml, for everything or for some addresses. Exits 1 when a finding is an error.

    No credentials are needed; secrets that are not set are taken as set.
    """
    from provisioner.cli.compose import read_workspace
    from provisioner.cli.options import Options
    from provisioner.errors import ManifestError
    from provisioner.lint import RULES
    from provisioner.lint.check import check, idle_exceptions
    from provisioner.lint.rule import Severity
    from provisioner.lint.subject import Subject

    off = _ignored(ignored)
    with checking("lint", common.root, reports) as found:
        workspace = read_workspace(common.root, Options(**given), offline=True)
        subject = Subject(workspace.desired, day_of(as_of))
        if problems := list(idle_exceptions(subject, workspace.settings.lint)):
            raise ManifestError(problems)
        findings = check(RULES, subject, {**workspace.settings.lint, **off})
        found.write(_results(findings, [rule.name for rule in RULES if rule.name not in off], strict=strict))
    if as_json:
        show(json.dumps(_document(findings, subject.today), ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            say(str(finding))
        say(_summary(findings))
    return 1 if any(strict or finding.severity is Severity.ERROR for finding in findings) else 0


def _results(findings: Sequence[Finding], rules: Sequence[str], *, strict: bool) -> list[Result]:
    """Each finding, and each rule that found nothing; with `strict` all are as bad as the exit code says."""
    from provisioner.report.results import Level, Result

    told = {each.rule for each in findings}
    return [
        *(
            Result(
                each.rule,
                Level.ERROR if strict else Level(each.severity.value),
                f"{each.reason}: {each.remedy}",
                *each.place,
                about=", ".join(map(str, each.addresses[:NAMED])),
                help=each.docs,
            )
            for each in findings
        ),
        *(Result(name, Level.PASSED) for name in rules if name not in told),
    ]


def _ignored(names: Sequence[str]) -> Mapping[str, Override]:
    """The rules that the command line switches off. Raises UsageError for one that there is not."""
    from difflib import get_close_matches

    from provisioner.errors import UsageError
    from provisioner.kinds.values import said
    from provisioner.lint import RULES
    from provisioner.lint.rule import Override

    known = [rule.name for rule in RULES]
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            remedy = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            raise UsageError(f"--ignore {said(name)} is no rule: {remedy}")
    return dict.fromkeys(names, Override(off=True))


def _summary(findings: Sequence[Finding]) -> str:
    """The last line, made for scripts."""
    if not findings:
        return "No findings."
    counts = _counts(findings)
    words = {"error": "errors", "warning": "warnings", "info": "infos"}
    parts = [f"{n} {word if n == 1 else words[word]}" for word, n in counts.items() if n]
    return f"{len(findings)} finding{'s' if len(findings) != 1 else ''}: {', '.join(parts)}."


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    from provisioner.lint.rule import Severity

    counted = Counter(finding.severity for finding in findings)
    return {severity.value: counted[severity] for severity in Severity}


def _document(findings: Sequence[Finding], today: date) -> dict[str, Any]:
    """Plain JSON values only; `format_version` grows when a reader could notice."""
    return {
        "format_version": FORMAT_VERSION,
        "today": str(today),
        "counts": _counts(findings),
        "findings": [
            {
                "rule": each.rule,
                "severity": each.severity.value,
                "place": each.place._asdict(),
                "addresses": [str(address) for address in each.addresses],
                "reason": each.reason,
                "remedy": each.remedy,
                "docs": each.docs,
            }
            for each in findings
        ],
    }
