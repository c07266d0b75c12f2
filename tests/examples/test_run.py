"""`ci/run.sh` of `examples/gitops` on its own: on a person's machine, and in a job that is cancelled."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import EXAMPLES, environment

BIN = Path(sys.executable).parent
TOOL = """#!{python}
import signal, sys, time
told = []
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, frame: told.append(number))
print("at work", *sys.argv[1:], flush=True)
while not told:
    time.sleep(0.02)
time.sleep(0.2)  # what is in flight; another signal would be noted
print("told", *told, flush=True)
sys.exit(128 + told[0])
"""


@pytest.fixture
def salon(tmp_path: Path) -> Path:
    """A copy of the example."""
    copy = tmp_path / "salon"
    shutil.copytree(EXAMPLES / "gitops", copy, ignore=shutil.ignore_patterns(".provisioner", "reports"))
    return copy


def stubbed(salon: Path, tool: str) -> Path:
    """A folder with another provisioner."""
    folder = salon.parent / "stub"
    folder.mkdir()
    (folder / "provisioner").write_text(tool, "utf-8")
    (folder / "provisioner").chmod(0o755)
    return folder


def script(salon: Path, verb: str, first: Path = BIN, **more: str) -> subprocess.CompletedProcess[str]:
    """Run it as a person does; what is in the folder `first` is found first."""
    env = environment(salon.parent, {"TMPDIR": str(salon.parent), **more})
    env["PATH"] = f"{first}:{BIN}:{env['PATH']}"
    command = ["bash", str(salon / "ci/run.sh"), verb]
    return subprocess.run(command, cwd=salon, env=env, capture_output=True, text=True, timeout=120, check=False)


SANDBOXED = """#!/bin/sh
[ "$1" = plan ] || [ ! -e .provisioner ] || exit 9
mkdir -p .provisioner && echo "$1" >> .provisioner/sandbox.db
echo "$*: $(ls -A | tr '\n' ' ')"
"""


def test_the_sandbox_begins_with_nothing_each_time_and_a_persons_own_stays_as_it_is(salon: Path) -> None:
    (salon / ".provisioner").mkdir()
    (salon / ".provisioner/sandbox.db").write_text("mine", "utf-8")
    (salon / ".git").mkdir()
    stub = stubbed(salon, SANDBOXED)
    for _ in range(2):
        done = script(salon, "sandbox", first=stub)
        assert done.returncode == 0, done.stdout + done.stderr
        apply, plan = done.stdout.splitlines()
        assert apply.startswith("apply --endpoint sandbox --yes: ")
        assert plan.startswith("plan --endpoint sandbox --detailed-exitcode: ")
        assert {".github", "studio.yaml", "ci", ".provisioner"} <= {*apply.split()}
        assert not {".git", "reports"} & {*apply.split()}
    assert (salon / ".provisioner/sandbox.db").read_text("utf-8") == "mine"
    assert sorted(path.name for path in salon.parent.iterdir()) == ["salon", "stub"], "its folder is gone again"


def test_what_validate_and_lint_find_is_in_one_file(salon: Path) -> None:
    finding = 'for word; do case $word in codequality=*) echo "[\\"$1\\"]" > "${word#*=}" ;; esac; done'
    stub = stubbed(salon, f"#!/bin/sh\n{finding}\n")
    done = script(salon, "check", first=stub)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((salon / "reports/codequality.json").read_text("utf-8")) == ["lint", "validate"]


def test_a_list_that_may_be_empty_is_written_so_that_an_old_bash_knows_it() -> None:
    text = (EXAMPLES / "gitops/ci/run.sh").read_text("utf-8")
    used = re.findall(r"(\$\{(\w+)\[@\]\+)?\"\$\{(\w+)\[@\]\}\"", text)
    assert {name for _, _, name in used} == {"also", "allowed"}
    assert all(guard == name for _, guard, name in used), "bash 3.2 calls an empty list unbound"


@contextmanager
def at_work(salon: Path, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A step of a job, started as GitHub's runner starts it, whose tool has begun."""
    stub, step = stubbed(salon, TOOL.format(python=sys.executable)), salon.parent / "step.sh"
    step.write_text("exec ci/run.sh apply\n", "utf-8")
    env = environment(salon.parent, {"DIGEST": "0123456789", **more})
    env["PATH"] = f"{stub}:{env['PATH']}"
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(step)]
    with subprocess.Popen(
        command, cwd=salon, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        process_group=0,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline().startswith("at work apply --digest 0123456789")
        yield process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_steps_shell_reaches_the_tool_once_and_is_waited_for(
    salon: Path, number: signal.Signals
) -> None:
    with at_work(salon, GITHUB_ACTIONS="true") as process:
        process.send_signal(number)
        process.send_signal(number)
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (143, "told 15\n"), "and no plan is made after it"


def test_where_all_processes_are_told_it_is_not_told_twice(salon: Path) -> None:
    with at_work(salon, GITLAB_CI="true") as process:
        os.killpg(process.pid, signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (143, "told 15\n")


def test_every_step_that_may_be_cancelled_is_the_script_itself() -> None:
    for name, verb in (("plan", "plan"), ("apply", "apply")):
        text = (EXAMPLES / f"gitops/.github/workflows/{name}.yml").read_text("utf-8")
        assert f"run: exec ci/run.sh {verb}\n" in text
