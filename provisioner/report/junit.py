"""Findings as a JUnit report, for the page of tests that every build server has. One case a result.

An error is a failure. A warning fails nothing, so its case is skipped, with its words.
"""

from __future__ import annotations

from html import escape as quoted

from provisioner.kinds.values import escape
from provisioner.report.results import Level, Result, Results


def junit(results: Results) -> str:
    """The whole document, with a line break at its end."""
    every = results.every or (Result(results.command, Level.PASSED),)
    counts = [sum(1 for each in every if (each.level is Level.ERROR) is failed) for failed in (True, False)]
    skipped = sum(1 for each in every if each.level not in (Level.ERROR, Level.PASSED))
    suite = _start(
        "testsuite", name=f"provisioner {results.command}", package="provisioner", id="0",
        timestamp=results.at.replace(tzinfo=None).isoformat(timespec="seconds"), hostname="localhost",
        tests=str(sum(counts)), failures=str(counts[0]), errors="0", skipped=str(skipped), time="0",
    )  # fmt: skip
    version = f"<properties>{_start('property', name='version', value=results.version)}</property></properties>"
    cases = "\n".join(_case(each, results.command) for each in every)
    end = "<system-out></system-out>\n<system-err></system-err>\n</testsuite>\n</testsuites>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suite}\n{version}\n{cases}\n{end}\n'


def _case(each: Result, command: str) -> str:
    place = f"{each.file}:{each.line}" if each.line else each.file
    name = " ".join(filter(None, [each.name, each.about, f"({place})" if place else ""])).strip() or command
    start = _start("testcase", name=name, classname=f"provisioner.{command}.{each.name}", time="0")
    return f"{start}{_inside(each, place)}</testcase>"


def _inside(each: Result, place: str) -> str:
    match each.level:
        case Level.PASSED:
            return ""
        case Level.ERROR:
            words = _text(f"{place}: {each.message}" if place else each.message)
            return f"{_start('failure', message=each.message, type=each.name)}{words}</failure>"
        case _:
            return f"{_start('skipped', message=f'{each.level}: {each.message}')}</skipped>"


def _start(element: str, /, **attributes: str) -> str:
    written = "".join(f' {key}="{_text(value)}"' for key, value in attributes.items())
    return f"<{element}{written}>"


def _text(text: str) -> str:
    """Text in which no character is one that XML forbids, and none is markup."""
    return quoted(escape(text))
