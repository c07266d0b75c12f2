"""The sandbox's page: its assumptions and its table of requests are those of the code, and its CI snippets run."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.routing import Mount

from provisioner.sandbox.app import create_app
from tests.docs.pages import DOCS, ROOT, blocks
from tests.docs.shell import PORT, Shell

PAGE = DOCS / "sandbox.md"
CODE = ROOT / "provisioner" / "sandbox"
ASSUMED = PAGE.read_text("utf-8").partition("\n## What is assumed\n")[2]
SERVE = "provisioner sandbox serve"
TEST = """
import json, os, urllib.request

def test_the_seed_is_served():
    with urllib.request.urlopen(os.environ["SETSTER_URL"] + "/tz/list?company_id=2345") as answer:
        assert json.load(answer)["statusCode"] == 0
    with urllib.request.urlopen(os.environ["SETSTER_URL"].replace("/api/v2", "/_sandbox/dump")) as answer:
        held = json.load(answer)
    assert {"Ann", "Ana"} <= {each["first_name"] for each in held["employees"]}  # of the seed, and of the manifests
"""


def rows() -> list[tuple[str, str]]:
    """Every assumption and what its last cell says."""
    found = re.findall(r"^\| (.*) \| (.*) \|$", ASSUMED, re.MULTILINE)
    return [(assumption, place) for assumption, place in found if assumption != "assumption"]


def places() -> Iterator[tuple[str, str]]:
    """Each file that the list names, with each of the names after it, or with "" for none."""
    for _, place in rows():
        file = ""
        for word in re.findall(r"`([^`]+)`", place):
            if word.endswith(".py"):
                file = word
                yield file, ""
            elif file:
                yield file, word


@pytest.mark.parametrize(("file", "name"), sorted({*places()}))
def test_an_assumption_is_where_the_list_says(file: str, name: str) -> None:
    assert re.search(rf"\b{name}\b", (CODE / file).read_text("utf-8"))


def test_every_assumption_has_a_place() -> None:
    assert len(rows()) > 100
    assert [assumption for assumption, place in rows() if not re.search(r"\.py`|nowhere", place)] == []


def test_every_file_that_assumes_something_is_on_the_list() -> None:
    assuming = {path for path in CODE.rglob("*.py") if re.search(r"\b[Aa]ssumptions?\b", path.read_text("utf-8"))}
    listed = {file for file, _ in places()} | {"dialect.py"}  # which has a section of its own
    assert sorted({str(path.relative_to(CODE)) for path in assuming} - listed) == []


def test_the_table_of_the_control_api_has_all_there_is() -> None:
    app = create_app(":memory:")
    with closing(app.state.store):
        (mount,) = [route for route in app.routes if isinstance(route, Mount)]
        guarded: Any = mount.app
        there = {(method, route.path) for route in guarded._app.routes for method in route.methods - {"HEAD"}}
    table = PAGE.read_text("utf-8").partition("## The control API")[2].partition("\n## ")[0]
    shown = set(re.findall(r"`(GET|PUT|POST|DELETE) (/[a-z/]*)`", table))
    assert shown == there


def snippets() -> dict[str, dict[str, Any]]:
    """What the page shows for each CI, by the page's heading."""
    found = [yaml.safe_load(block.body) for block in blocks(PAGE) if "pipeline" in block.words]
    return dict(zip(("GitHub", "GitLab"), found, strict=True))


def script(name: str) -> tuple[str, dict[str, str]]:
    """The commands of a snippet after the installation, as one script, and its variables."""
    snippet = snippets()[name]
    if name == "GitLab":
        lines, variables = snippet["sandbox"]["script"], snippet["sandbox"]["variables"]
    else:
        steps = snippet["jobs"]["sandbox"]["steps"]
        lines, variables = [step["run"] for step in steps if "run" in step and "if" not in step], snippet["env"]
    assert lines[0].startswith("pip install ")
    return "\n".join(lines[1:]), variables


@pytest.mark.parametrize("name", ["GitHub", "GitLab"])
def test_a_snippet_for_a_ci_runs(name: str, tmp_path: Path) -> None:
    commands, variables = script(name)
    assert commands.count(SERVE) == 1
    with Shell(tmp_path) as shell:
        work, log = shell.folder, tmp_path / "log"
        environment = shell.environment() | {key: shell.ported(value) for key, value in variables.items()}
        subprocess.run(["provisioner", "init"], cwd=work, env=environment, stdout=subprocess.PIPE, check=True)
        (work / "tests").mkdir()
        (seed,) = [block for block in blocks(PAGE) if block.option("file") == "seed.json"]
        (work / "tests" / "seed.json").write_text(seed.body, "utf-8")
        (work / "tests" / "test_own.py").write_text(TEST, "utf-8")
        commands = shell.ported(commands).replace(SERVE, f"{SERVE} --port {shell.port}")
        bash = [shutil.which("bash") or "sh", "-e", "-c", commands]
        with log.open("w") as out, subprocess.Popen(bash, cwd=work, env=environment, **group(out)) as job:
            try:
                code = job.wait(timeout=300)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(job.pid, signal.SIGTERM)  # what it served, too
    assert (code, PORT in commands) == (0, False), log.read_text("utf-8")


def group(out: Any) -> dict[str, Any]:
    """How a job is started: with what it starts in one group, and all that they say in one file."""
    return {"stdout": out, "stderr": subprocess.STDOUT, "start_new_session": True}
