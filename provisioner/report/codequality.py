"""Findings as GitLab's Code Quality report, which a merge request shows beside its lines."""

from __future__ import annotations

import json

from provisioner.report.results import Level, Results, fingerprints

NOWHERE = "provisioner.yaml"
"""Where a finding is shown that stands in no file: the report needs one."""
_SEVERITIES = {Level.ERROR: "major", Level.WARNING: "minor", Level.INFO: "info"}


def codequality(results: Results) -> str:
    """The whole document, with a line break at its end."""
    told = results.told
    document = [
        {
            "description": f"{each.about}: {each.message}" if each.about else each.message,
            "check_name": f"{results.command}/{each.name}",
            "fingerprint": print_,
            "severity": _SEVERITIES[each.level],
            "location": {"path": each.file or NOWHERE, "lines": {"begin": max(1, each.line)}},
        }
        for each, print_ in zip(told, fingerprints(told), strict=True)
    ]
    return json.dumps(document, indent=2) + "\n"
