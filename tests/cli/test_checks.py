"""What checks find, for build servers: files, and lines that GitHub's runner obeys. Only we give it commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Workspace
from tests.cli.plainly import plainly
from tests.report.formats import CODE_QUALITY, SARIF, check_json, check_junit

ALL = ("--report", "junit=r.xml", "--report", "sarif=r.sarif", "--report", "codequality=r.json")


def results(workspace: Workspace) -> list[dict[str, Any]]:
    """What the three files say, which is the same."""
    suite = check_junit((workspace.root / "r.xml").read_text())[0]
    document = json.loads((workspace.root / "r.sarif").read_text())
    check_json(document, SARIF)
    quality = json.loads((workspace.root / "r.json").read_text())
    check_json(quality, CODE_QUALITY)
    found: list[dict[str, Any]] = document["runs"][0]["results"]
    told = [case for case in suite.iter("testcase") if len(case)]
    assert len(found) == len(quality) == len(told)
    return found


def test_validate_tells_each_problem_at_its_place(starter: Workspace) -> None:
    assert starter("validate", *ALL).code == 0
    assert results(starter) == []
    starter.write("wrong.yaml", "services: {a: {nmae: A}}\n")
    ran = starter("validate", *ALL)
    assert (ran.code, ran.out) == (1, "")
    found = results(starter)
    assert [each["level"] for each in found] == ["error", "error"]
    place = found[1]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("wrong.yaml", {"startLine": 1, "startColumn": 16})


def test_lint_tells_how_bad_it_is(starter: Workspace) -> None:
    starter.edit("studio.yaml", "services: [haircut, color]", "services: [haircut]")
    assert starter("lint", *ALL).code == 0
    found = results(starter)
    assert {each["level"] for each in found} == {"warning"}
    assert all(each["message"]["text"].partition(":")[0].count("/") for each in found)
    assert starter("lint", "--strict", *ALL).code == 1
    assert {each["level"] for each in results(starter)} == {"error"}


def test_a_problem_of_lint_is_told_as_well(starter: Workspace) -> None:
    starter.write("wrong.yaml", "services: {a: {nmae: A}}\n")
    assert starter("lint", *ALL).code == 1
    assert {each["ruleId"] for each in results(starter)} == {"manifest"}


@pytest.mark.parametrize(
    ("options", "more"), [(("--report", "github"), {}), ((), {"GITHUB_ACTIONS": "true"})], ids=["asked", "at GitHub"]
)
def test_githubs_runner_gets_lines_and_names_get_none_of_their_own(
    starter: Workspace, options: tuple[str, ...], more: dict[str, str]
) -> None:
    starter.write("a,b.yaml", 'services: {a: {name: "A", price: "::error::x"}}\n')
    code, out, err = plainly("validate", *options, cwd=starter.root, env=more)
    assert (code, out) == (1, "")
    lines = [line for line in err.splitlines() if line.startswith("::")]
    assert len(lines) == 2
    assert all(line.startswith("::error file=a%2Cb.yaml,line=1,col=") for line in lines)
    assert [
        line for line in err.splitlines() if "::error::x" in line and not line.startswith(("::error file", "a,b"))
    ] == []


def test_no_lines_are_given_to_whom_nobody_asked(starter: Workspace) -> None:
    starter.write("wrong.yaml", "services: {a: {nmae: A}}\n")
    _, _, err = plainly("validate", cwd=starter.root, env={"GITHUB_ACTIONS": "false"})
    assert "::" not in err


def test_a_place_is_counted_from_the_repository(starter: Workspace, tmp_path: Path) -> None:
    starter.write("wrong.yaml", "services: {a: {nmae: A}}\n")
    at = starter.root.relative_to(tmp_path).as_posix()
    for env, cwd in (({}, tmp_path), ({"GITHUB_WORKSPACE": str(tmp_path)}, Path("/"))):
        _, _, err = plainly("-C", str(starter.root), "validate", "--report", "github", cwd=cwd, env=env)
        assert f"::error file={at}/wrong.yaml,line=1" in err


def test_a_report_is_of_the_run_that_was_told_to_write_it(starter: Workspace) -> None:
    starter.write("r.xml", "an older one")
    starter.write("provisioner.yaml", "version: 1\n")
    assert starter("lint", "--report", "junit=r.xml").code == 1
    assert check_junit((starter.root / "r.xml").read_text())[0].get("failures") != "0"
