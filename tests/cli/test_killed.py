"""The real command, really killed, at points that a seed chooses: the next run finds out what became of everything."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.apply.crash import AFTER, BEFORE, ENVIRON
from tests.cli.command import COMMAND, PATIENCE, Served, Workspace, environment, slowed

SETTINGS = """\
version: 1
provider: setster
endpoint: sandbox
company_id: 2345
limits: {concurrency: 8, settle: 1}
policy: {max_destroy: 100%, max_update: 100%}
"""
PACE = 0.02
"""Seconds that each write takes, half before it is carried out and half after."""


def wanted(root: Path, manifests: str) -> Workspace:
    """A workspace that wants this."""
    root.mkdir(exist_ok=True)
    workspace = Workspace(root)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("salon.yaml", manifests)
    return workspace


def killed_apply(workspace: Workspace, endpoint: str, after: float) -> bool:
    """One apply that is killed so many seconds after its journal began; false when it ended before."""
    journal = workspace.root / ".provisioner" / "state" / endpoint.split("/")[2].replace(":", "_") / "2345"
    command = [COMMAND, "apply", "--yes", "--endpoint", endpoint]
    before = (journal / "journal.ndjson").stat().st_ino
    with subprocess.Popen(
        command, cwd=workspace.root, env=environment(workspace.root, ENVIRON),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        until = time.monotonic() + PATIENCE
        while running.poll() is None and (journal / "journal.ndjson").stat().st_ino == before:
            assert time.monotonic() < until
            time.sleep(0.001)
        try:
            running.wait(after)
        except subprocess.TimeoutExpired:
            running.kill()
        return running.wait(PATIENCE) == -signal.SIGKILL


def names(sandbox: Served) -> Counter[tuple[str, str]]:
    """What is live, by what a person calls it."""
    held = sandbox.dump()
    found: Counter[tuple[str, str]] = Counter()
    for kind, name in (("services", "name"), ("locations", "name"), ("employees", "email"), ("accounts", "nick_name")):
        found.update((kind, f"{each['company_id']} {each[name]}") for each in held[kind])
    found.update(("links", str(each)) for each in held["links"])
    return found


def survives(folder: Path, seed: int) -> bool:
    """Whether a kill came in time; everything else is asserted."""
    folder.mkdir()
    chance = random.Random(seed)
    pace = folder / "pace"
    pace.write_text("0")
    workspace = wanted(folder / "salon", BEFORE)
    with slowed(folder, pace) as sandbox:
        to = ("--endpoint", sandbox.endpoint)
        workspace.apply(*to, env=ENVIRON)
        workspace.write("salon.yaml", AFTER)
        pace.write_text(str(PACE))
        came = killed_apply(workspace, sandbox.endpoint, chance.uniform(0, 0.35))
        if came and chance.random() < 0.3:
            killed_apply(workspace, sandbox.endpoint, chance.uniform(0, 0.3))
        workspace.apply(*to, env=ENVIRON)
        live = names(sandbox)
        assert set(live.values()) == {1}, f"seed {seed}: twice: {[each for each, n in live.items() if n > 1]}"
        assert "pending" not in workspace("state", "list", *to).out
        assert "adopted" not in _owned(workspace("state", "list", *to).out), f"seed {seed}"
        workspace.settled(*to, env=ENVIRON)
    return came


def _owned(listed: str) -> str:
    """The recorded things that only we can have made; what comes with an account is adopted."""
    return "\n".join(line for line in listed.splitlines() if not line.startswith("account/"))


@pytest.mark.parametrize("seed", range(5))
def test_killed_at_a_random_point(tmp_path: Path, seed: int) -> None:
    survives(tmp_path / str(seed), seed)


@pytest.mark.slow
def test_killed_at_two_hundred_points(tmp_path: Path) -> None:
    came = sum(survives(tmp_path / str(seed), seed) for seed in range(1000, 1200))
    assert came > 150, f"only {came} of 200 kills came in time: the moments are chosen badly"
    print(f"{came} of 200 applies were killed; 200 of 200 converged")
