"""The findings of `doctor`, as a table for people and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from provisioner.finding import Finding, Mark, Section
from provisioner.kinds.values import escape, plain
from provisioner.report.layout import counted, cut, wrapped

_COLUMN = 18
"""Columns of a check's name."""
_SEEN = 2 + len(Mark.SKIPPED) + 2 + _COLUMN + 1
LONGEST = 600
"""Characters of one thing that was seen."""


def doctor_lines(head: str, sections: Iterable[Section], width: int) -> list[str]:
    """The whole report; its last line counts."""
    lines = [escape(head)]
    shown = [section for section in sections if section.findings]
    for section in shown:
        lines += ["", section.title]
        for finding in section.findings:
            lines += _lines(finding, width)
    return [*lines, "", _total(f for section in shown for f in section.findings)]


def _lines(finding: Finding, width: int) -> list[str]:
    first = f"  {finding.mark:<{len(Mark.SKIPPED)}}  {cut(plain(finding.check), _COLUMN):<{_COLUMN}} "
    lines = wrapped(first, _short(finding.seen), width, " " * _SEEN)
    if finding.remedy:
        lines += wrapped(f"{' ' * _SEEN}-> ", _short(finding.remedy), width, " " * (_SEEN + 3))
    return lines


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _total(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.mark for finding in findings)
    ok = counted(counts[Mark.PASS], "check passed", "checks passed")
    return f"{ok}, {counts[Mark.LOOK]} to look at, {counts[Mark.FAIL]} failed, {counts[Mark.SKIPPED]} skipped."


def doctor_json(tenant: Mapping[str, Any], sections: Sequence[Section], **more: Any) -> dict[str, Any]:
    """The same for `--json`."""
    counts = Counter(finding.mark for section in sections for finding in section.findings)
    return {
        "format_version": "1.0",
        "tenant": dict(tenant),
        "counts": {mark.value.lower(): counts[mark] for mark in Mark},
        "checks": [
            {
                "section": section.title,
                "check": finding.check,
                "mark": finding.mark.value,
                "seen": finding.seen,
                "remedy": finding.remedy or None,
            }
            for section in sections
            for finding in section.findings
        ],
        **more,
    }
