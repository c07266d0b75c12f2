"""Reports: written whole, one file each, never of an earlier run, and never at the cost of the outcome."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, Workspace, terminal


def reported(*given: str) -> list[str]:
    return [word for each in given for word in ("--report", each)]


def test_reports_of_a_plan_and_of_an_apply(starter: Workspace) -> None:
    reports = reported("json=r/plan.json", "markdown=plan.md", "html=plan.html", "text=plan.txt")
    (starter.root / "r").mkdir()
    assert starter("plan", *reports).code == 0
    document = starter.planned()
    assert json.loads((starter.root / "r/plan.json").read_text())["changes"] == document["changes"]
    text = (starter.root / "plan.md").read_text()
    assert text.startswith("### Plan: SANDBOX (nothing real changes) company 2345 (sandbox)\n")
    assert "| `+` | service/color | not in the tenant yet | studio.yaml:15 |" in text
    assert "### " not in (starter.root / "plan.txt").read_text()
    assert "<h1>Plan: SANDBOX" in (starter.root / "plan.html").read_text()
    starter.apply(*reports)
    outcome = json.loads((starter.root / "r/plan.json").read_text())["outcome"]
    assert outcome["complete"]
    assert sorted(outcome["done"]) == sorted(change["address"] for change in document["changes"])
    assert "**Everything was done.**" in (starter.root / "plan.md").read_text()
    assert "Apply complete! 9 added" in (starter.root / "plan.html").read_text()
    assert "Apply complete! 9 added" in (starter.root / "plan.txt").read_text()


@pytest.mark.parametrize("name", ["text", "json", "markdown", "html"])
def test_a_saved_plan_shows_the_same_faces(starter: Workspace, name: str) -> None:
    assert starter("plan", "--save", "plan.json", "--report", f"{name}=r.out").code == 0
    ran = starter("show", "plan.json", "--format", name)
    written = (starter.root / "r.out").read_text()
    assert (ran.code, ran.err) == (0, "")
    shown = ran.out.partition("\n\n")[2] if name == "text" else ran.out
    assert shown == written


def test_the_page_of_a_saved_plan_is_let_in_by_its_own_policy(starter: Workspace) -> None:
    assert starter("plan", "--save", "plan.json").code == 0
    page = starter("show", "plan.json", "--format", "html").out
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in page


@pytest.mark.parametrize("command", [("plan",), ("apply", "--yes")])
def test_no_report_of_an_earlier_run_stays(starter: Workspace, command: tuple[str, ...]) -> None:
    reports = reported("json=plan.json", "markdown=plan.md", "html=plan.html", "text=plan.txt")
    assert starter("plan", *reports).code == 0
    starter.write("wrong.yaml", "services: {a: {nmae: A}}\n")
    ran = starter(*command, *reports)
    assert (ran.code, ran.out) == (1, "")
    told = json.loads((starter.root / "plan.json").read_text())
    assert told["error"]["message"] == "2 problems"
    assert told["error"]["problems"][1]["file"] == "wrong.yaml"
    assert "changes" not in told
    text = (starter.root / "plan.md").read_text()
    assert text.startswith("### No plan: 2 problems\n")
    assert "wrong.yaml" in text
    assert "studio" not in text
    assert "No plan: 2 problems" in (starter.root / "plan.html").read_text()
    assert (starter.root / "plan.txt").read_text().startswith("No plan: 2 problems\nwrong.yaml:")


def test_a_report_of_a_stale_plan_says_what_moved(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    assert applied("plan", "--save", "plan.json").code == 0
    applied.edit("studio.yaml", "price: 86", "price: 87")
    assert applied("apply", "plan.json", "--report", "json=r.json", "--report", "markdown=r.md").code == 8
    assert json.loads((applied.root / "r.json").read_text())["error"]["moved"] == ["studio.yaml: was edited"]
    assert "was edited" in (applied.root / "r.md").read_text()


@pytest.mark.parametrize("item", ["", "json", "json=", "=x", "junit=x", "json=."])
def test_what_is_no_report(starter: Workspace, item: str) -> None:
    ran = starter("plan", "--report", item)
    assert (ran.code, ran.out) == (64, "")
    assert "Invalid value for '--report'" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [("--report", "json=r.x", "--report", "markdown=./r.x"), ("--save", "r.x", "--report", "json=r.x")],
    ids=["two reports", "a plan and its report"],
)
def test_no_file_is_written_twice(starter: Workspace, arguments: tuple[str, ...]) -> None:
    ran = starter("plan", *arguments)
    assert ran.code == 64
    assert "would be written twice" in ran.err
    assert not (starter.root / "r.x").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--events", "r.x", "--report", "json=r.x"),
        ("--report", "json=r.x", "--events", "./r.x"),
        ("plan.json", "--report", "json=plan.json"),
        ("plan.json", "--events", "plan.json"),
        ("plan.json", "--report", "json=link.json"),
        ("--report", "html=.provisioner/state/sandbox/2345/state.json"),
        ("--events", ".provisioner/sandbox.db"),
    ],
)
def test_no_report_takes_the_place_of_what_the_apply_needs(applied: Workspace, arguments: tuple[str, ...]) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    assert applied("plan", "--save", "plan.json").code == 0
    (applied.root / "link.json").symlink_to("plan.json")
    before = {each: each.read_bytes() for each in applied.root.rglob("*") if each.is_file()}
    ran = applied("apply", "--yes", *arguments)
    assert (ran.code, ran.out) == (64, "")
    assert "name" in ran.err
    assert {each: each.read_bytes() for each in applied.root.rglob("*") if each.is_file()} == before


def test_what_cannot_be_replaced_is_written_to_once_at_the_end(starter: Workspace, tmp_path: Path) -> None:
    """A link to stdout, as /dev/stdout is one, stays what it is, wherever stdout goes."""
    link, out = starter.root / "link.json", tmp_path / "out.txt"
    link.symlink_to("/proc/self/fd/1")
    with out.open("wb") as file:
        command = [COMMAND, "apply", "--yes", "--report", "json=link.json", "--report", "html=/dev/null"]
        assert subprocess.run(command, cwd=starter.root, stdout=file, check=False).returncode == 0
    assert link.is_symlink()
    before, text = out.read_text().split("\n{\n")
    assert "Apply complete! 9 added" in before
    assert json.loads("{" + text)["outcome"]["complete"]
    assert Path("/dev/null").is_char_device()


def test_a_report_to_a_pipe(starter: Workspace) -> None:
    os.mkfifo(starter.root / "pipe")
    command = "cat pipe > got & exec $0 plan --report markdown=pipe"
    assert (
        subprocess.run(["bash", "-c", command, COMMAND], cwd=starter.root, capture_output=True, check=False).returncode
        == 0
    )
    assert (starter.root / "pipe").is_fifo()


def test_an_apply_that_failed_before_its_first_write_is_no_plan(starter: Workspace) -> None:
    """What is planned cannot be written down: meanwhile a file lies where its folder has to be."""
    names = ("text", "json", "markdown", "html")
    with terminal("apply", *reported(*(f"{name}=r.{name}" for name in names)), cwd=starter.root) as asked:
        asked.expect("yes")
        shutil.rmtree(starter.root / ".provisioner/state", ignore_errors=True)
        (starter.root / ".provisioner/state").write_text("in the way")
        asked.type("yes\n")
        assert asked.end() == 1
    assert not starter.writes()
    told = {name: (starter.root / f"r.{name}").read_text() for name in names}
    error = json.loads(told.pop("json"))["error"]
    assert error["exit_code"] == 1
    assert "state" in error["message"]
    for text in told.values():
        assert re.search(r"Apply failed: .*state.* Nothing was applied\.", text), text
        assert "Plan: SANDBOX" not in text


def test_a_report_says_that_nobody_agreed(starter: Workspace) -> None:
    with terminal("apply", "--report", "markdown=r.md", "--report", "json=r.json", cwd=starter.root) as asked:
        asked.expect("yes")
        assert "**Apply not finished. If it no longer runs, it was cut off: " in (starter.root / "r.md").read_text()
        asked.type("no\n")
        assert asked.end() == 1
    text = (starter.root / "r.md").read_text()
    assert text.startswith("### Apply: SANDBOX")
    assert "**Apply failed: not agreed to: nothing was applied.**" in text
    told = json.loads((starter.root / "r.json").read_text())
    assert (told["error"]["exit_code"], len(told["changes"])) == (1, 11)


def test_a_file_of_ours_takes_the_place_of_nobody_elses(starter: Workspace) -> None:
    starter.write("r.md.tmp", "precious")
    assert starter("plan", "--report", "markdown=r.md").code == 0
    assert (starter.root / "r.md.tmp").read_text() == "precious"


def test_a_report_that_cannot_be_written_hides_no_outcome(starter: Workspace) -> None:
    """Its folder goes while the changes are made: a picture's name is what the plan waits for."""
    (starter.root / "out").mkdir()
    with terminal("apply", "--report", "json=out/r.json", cwd=starter.root) as asked:
        asked.expect("yes")
        shutil.rmtree(starter.root / "out")
        asked.type("yes\n")
        assert asked.end() == 1
    assert "Apply complete!" in asked.screen
    assert "the report cannot be written: No such file or directory" in asked.screen
    starter.settled()
