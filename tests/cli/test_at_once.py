"""Many applies on one tenant at once: one does it, the others leave at once and say who is at work."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.apply.crash import AFTER, BEFORE, ENVIRON
from tests.cli.command import COMMAND, PATIENCE, Ran, Workspace, decent, environment, slowed

SETTINGS = """\
version: 1
provider: setster
endpoint: sandbox
company_id: 2345
limits: {concurrency: 1, settle: 0}
policy: {max_destroy: 100%, max_update: 100%}
"""


def start(workspace: Workspace, endpoint: str) -> subprocess.Popen[str]:
    command = [COMMAND, "apply", "--yes", "--endpoint", endpoint]
    return subprocess.Popen(
        command, cwd=workspace.root, env=environment(workspace.root, ENVIRON),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def end(process: subprocess.Popen[str]) -> Ran:
    out, err = process.communicate(timeout=PATIENCE)
    return decent(Ran(process.returncode, out, err))


@pytest.mark.parametrize("many", [2, 8, pytest.param(32, marks=pytest.mark.slow)])
def test_exactly_one_of_many_proceeds(tmp_path: Path, many: int) -> None:
    pace = tmp_path / "pace"
    pace.write_text("0")
    workspace = Workspace(tmp_path / "salon")
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("salon.yaml", BEFORE)
    with slowed(tmp_path, pace) as sandbox:
        workspace.apply("--endpoint", sandbox.endpoint, env=ENVIRON)
        workspace.write("salon.yaml", AFTER)
        sandbox.ask("/calls", "DELETE")
        pace.write_text("1")
        running = [start(workspace, sandbox.endpoint) for _ in range(many)]
        until = time.monotonic() + PATIENCE
        while sum(each.poll() is None for each in running) > 1:
            assert time.monotonic() < until, "the others do not leave"
            time.sleep(0.05)
        pace.write_text("0")
        ends = [end(each) for each in running]
        writes = [
            (call["method"], call["path"])
            for call in sandbox.ask("/calls")
            if call["method"] in ("POST", "PUT", "DELETE") and not call["path"].endswith("/authenticate")
        ]
    winner = next(process for process, ran in zip(running, ends, strict=True) if ran.code == 0)
    assert sorted(ran.code for ran in ends) == [0] + [6] * (many - 1)
    for ran in ends:
        if ran.code == 6:
            assert re.search(rf"provisioner apply \(process {winner.pid} of \S+ on \S+, since 20\S+\)", ran.err), (
                ran.err
            )
            assert ran.out == ""
    updates = [write for write in writes if write[0] != "POST"]
    assert len(updates) == len(set(updates)), "something was written twice"
    assert sum(method == "POST" and path.endswith("/location") for method, path in writes) == 3


def test_a_plan_beside_an_apply_says_so(tmp_path: Path) -> None:
    pace = tmp_path / "pace"
    pace.write_text("1")
    workspace = Workspace(tmp_path / "salon")
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("salon.yaml", BEFORE)
    with slowed(tmp_path, pace) as sandbox:
        applying = start(workspace, sandbox.endpoint)
        until = time.monotonic() + PATIENCE
        while not list(workspace.root.glob(".provisioner/state/*/2345/journal.ndjson")):
            assert time.monotonic() < until
            time.sleep(0.05)
        ran = workspace("plan", "--endpoint", sandbox.endpoint, env=ENVIRON)
        pace.write_text("0")
        done = end(applying)
    assert ran.code == 0
    assert "is at work on this tenant: the plan may be out of date soon" in ran.err
    assert f"process {applying.pid} " in ran.err
    assert done.code == 0


def test_two_workspaces_on_one_tenant_are_no_two_tenants(tmp_path: Path) -> None:
    """Nor are two spellings of one host."""
    pace = tmp_path / "pace"
    pace.write_text("0.5")
    folders = [Workspace(tmp_path / name) for name in ("one", "other")]
    for workspace in folders:
        workspace.write("provisioner.yaml", SETTINGS)
        workspace.write("salon.yaml", BEFORE)
    with slowed(tmp_path, pace) as sandbox:
        spellings = (sandbox.endpoint, sandbox.endpoint.replace("127.0.0.1", "localhost"))
        running = [start(workspace, to) for workspace, to in zip(folders, spellings, strict=True)]
        until = time.monotonic() + PATIENCE
        while all(each.poll() is None for each in running):
            assert time.monotonic() < until
            time.sleep(0.05)
        pace.write_text("0")
        ends = [end(each) for each in running]
        held = sandbox.dump()
    assert sorted(ran.code for ran in ends) == [0, 6], ends
    assert len({each["name"] for each in held["services"]}) == len(held["services"])
