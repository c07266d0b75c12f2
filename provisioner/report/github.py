"""Findings as commands to GitHub's runner, which shows them beside the lines that they are about.

Its runner undoes `%25`, `%0D` and `%0A` in the message, `%3A` and `%2C` too in what stands before it
(actions/toolkit: command.ts). What does not print is spelled before that, so nothing can begin a line.
"""

from __future__ import annotations

from provisioner.kinds.values import escape
from provisioner.report.results import Level, Result, Results

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.INFO: "notice"}
_LONGEST = 2_000


def commands(results: Results) -> list[str]:
    """One line a finding."""
    return [_line(each, results.command) for each in results.told]


def _line(each: Result, command: str) -> str:
    places = {"file": each.file, "line": str(each.line or ""), "col": str(each.column or "")} if each.file else {}
    given = {**places, "title": f"{command}: {each.name}"}
    written = ",".join(f"{name}={_property(value)}" for name, value in given.items() if value)
    message = f"{each.about}: {each.message}" if each.about else each.message
    return f"::{_COMMANDS[each.level]} {written}::{_data(escape(message)[:_LONGEST])}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(escape(text)).replace(":", "%3A").replace(",", "%2C")
