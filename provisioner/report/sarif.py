"""Findings as SARIF 2.1.0, which code hosts show beside the lines that they are about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from provisioner.report.results import Level, Result, Results, fingerprints

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "note"}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")


def sarif(results: Results) -> str:
    """The whole document, with a line break at its end."""
    told = results.told
    rules = [*dict.fromkeys(each.name for each in told)]
    helps = {each.name: each.help for each in told if each.help}
    driver = {
        "name": f"provisioner {results.command}",
        "semanticVersion": results.version,
        "rules": [_rule(name, helps.get(name, "")) for name in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [*_results(told, rules)],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(name: str, where: str) -> dict[str, Any]:
    return {"id": name, **({"help": {"text": f"See {where}"}} if where else {})}


def _results(told: Sequence[Result], rules: Sequence[str]) -> Iterable[dict[str, Any]]:
    for each, print_ in zip(told, fingerprints(told), strict=True):
        yield {
            "ruleId": each.name,
            "ruleIndex": rules.index(each.name),
            "level": _LEVELS[each.level],
            "message": {"text": f"{each.about}: {each.message}" if each.about else each.message},
            "locations": [_location(each)] if each.file else [],
            "partialFingerprints": {"provisioner/v1": print_},
        }


def _location(each: Result) -> dict[str, Any]:
    place = {"uri": _uri(each.file), "uriBaseId": "%SRCROOT%"}
    region = {"startLine": each.line} | ({"startColumn": each.column} if each.column else {})
    return {"physicalLocation": {"artifactLocation": place} | ({"region": region} if each.line else {})}


def _uri(path: str) -> str:
    """A path as a relative reference; a colon in its first part would make that a scheme."""
    data = path.encode("utf-8", "backslashreplace")
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in data)
