"""Findings in the formats of others: what each asks for, and nothing that a name could add to it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provisioner.report.codequality import codequality
from provisioner.report.github import commands
from provisioner.report.junit import junit
from provisioner.report.results import Level, Result, Results, fingerprints
from provisioner.report.sarif import sarif
from tests.nasty import PIECES, odd
from tests.report.formats import CODE_QUALITY, SARIF, check_json, check_junit

AT = datetime(2026, 11, 21, 20, 15, 3, tzinfo=UTC)
FOUND = Result(
    "overlapping-hours", Level.WARNING, "two shifts: merge them", "staff/a b.yaml", 4, 7, "hours/ana/studio",
    "docs/lint.md#overlapping-hours",
)  # fmt: skip
EVERY = (
    FOUND,
    Result("manifest", Level.ERROR, "it is wrong: mend it", "menu.yaml", 3),
    Result("sign-in", Level.ERROR, "refused"),
    Result("hint", Level.INFO, "look", "menu.yaml"),
    Result("quiet", Level.PASSED),
    Result("elsewhere", Level.SKIPPED, "it could not be looked at"),
)
hostile = st.text(st.characters(codec=None), max_size=60) | st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
many = st.lists(
    st.builds(
        Result,
        hostile.filter(bool),
        st.sampled_from(Level),
        hostile,
        hostile,
        st.integers(0, 99),
        st.integers(0, 9),
        hostile,
    ),
    max_size=6,
)


def results(*every: Result) -> Results:
    return Results("lint", "1.2.3", AT, every)


def loaded(text: str) -> Any:
    return json.loads(text)


def test_a_junit_report_has_one_case_a_result() -> None:
    root = check_junit(junit(results(*EVERY)))
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("6", "2", "3")
    assert suite.get("timestamp") == "2026-11-21T20:15:03"
    cases = {str(case.get("name")): case for case in suite.iter("testcase")}
    failure = cases["manifest (menu.yaml:3)"][0]
    assert (failure.tag, failure.get("message")) == ("failure", "it is wrong: mend it")
    assert failure.text == "menu.yaml:3: it is wrong: mend it"
    warned = cases["overlapping-hours hours/ana/studio (staff/a b.yaml:4)"][0]
    assert (warned.tag, warned.get("message")) == ("skipped", "warning: two shifts: merge them")
    assert len(cases["quiet"]) == 0


def test_nothing_found_is_a_case_that_passes() -> None:
    suite = check_junit(junit(results()))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "0")


def test_sarif_names_rule_level_and_place() -> None:
    document = loaded(sarif(results(*EVERY)))
    check_json(document, SARIF)
    run = document["runs"][0]
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("overlapping-hours", "warning"), ("manifest", "error"), ("sign-in", "error"), ("hint", "note"),
    ]  # fmt: skip
    first, _, nowhere, whole = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "staff/a%20b.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 4, "startColumn": 7}
    assert first["message"]["text"] == "hours/ana/studio: two shifts: merge them"
    assert nowhere["locations"] == []
    assert "region" not in whole["locations"][0]["physicalLocation"]
    rules = run["tool"]["driver"]["rules"]
    assert rules[first["ruleIndex"]] == {
        "id": "overlapping-hours", "help": {"text": "See docs/lint.md#overlapping-hours"},
    }  # fmt: skip


def test_code_quality_says_where_even_of_what_is_nowhere() -> None:
    document = loaded(codequality(results(*EVERY)))
    check_json(document, CODE_QUALITY)
    assert [(each["severity"], each["location"]["path"]) for each in document] == [
        ("minor", "staff/a b.yaml"), ("major", "menu.yaml"), ("major", "provisioner.yaml"), ("info", "menu.yaml"),
    ]  # fmt: skip


def test_a_fingerprint_stays_when_lines_move_and_is_one_findings_alone() -> None:
    moved = FOUND._replace(line=99, column=1)
    assert fingerprints([FOUND]) == fingerprints([moved])
    assert len({*fingerprints([FOUND, moved, FOUND._replace(message="another")])}) == 3


def test_githubs_runner_is_told_the_line_and_the_column() -> None:
    place = "file=staff/a b.yaml,line=4,col=7"
    assert commands(results(*EVERY)) == [
        f"::warning {place},title=lint%3A overlapping-hours::hours/ana/studio: two shifts: merge them",
        "::error file=menu.yaml,line=3,title=lint%3A manifest::it is wrong: mend it",
        "::error title=lint%3A sign-in::refused",
        "::notice file=menu.yaml,title=lint%3A hint::look",
    ]


def test_what_parts_a_command_is_spelled() -> None:
    (line,) = commands(results(Result("a:b,c", Level.ERROR, "50% off::x\n::error::y", "a,b:c%.yaml", 1)))
    assert line == "::error file=a%2Cb%3Ac%25.yaml,line=1,title=lint%3A a%3Ab%2Cc::50%25 off::x\\n::error::y"


@settings(max_examples=60, deadline=None)
@given(every=many)
@example(every=[Result(" ", Level.PASSED)])
def test_whatever_a_name_is_it_adds_nothing(every: list[Result]) -> None:
    told = results(*every)
    suite = check_junit(junit(told))[0]
    assert len([*suite.iter("testcase")]) == max(1, len(every))
    document = loaded(sarif(told))
    check_json(document, SARIF)
    assert len(document["runs"][0]["results"]) == len(told.told)
    quality = loaded(codequality(replace(told, every=[each._replace(file=f"x{each.file}") for each in every])))
    check_json(quality, CODE_QUALITY)
    lines = commands(told)
    assert len(lines) == len(told.told)
    assert not any(odd(line) or "\n" in line for line in lines)
    assert all(re.match("::(error|warning|notice) ", line) for line in lines)


@pytest.mark.parametrize("name", ["a/b.yaml", "ü:x.yaml", "100%.yaml", "\udcff.yaml", "a b?#[].yaml"])
def test_a_path_is_a_relative_reference(name: str) -> None:
    document = loaded(sarif(results(FOUND._replace(file=name))))
    uri = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri)
