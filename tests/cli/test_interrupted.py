"""Stopping an apply of many resources in the middle: asked to, or killed."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.command import COMMAND, PATIENCE, Ran, Served, Workspace, decent, environment, served, slowed

SERVICES, PEOPLE = 60, 80
SLOW = 0.1
"""Seconds that each write takes: some are in flight whenever the signal comes."""


def chain() -> str:
    """A manifest of 300 resources: services, and people with hours and a link each."""
    lines = ["locations: {shop: {name: Shop, main: true}}", "services:"]
    lines += [f"  s{n}: {{name: Service {n}, duration: 30 min}}" for n in range(SERVICES)]
    lines.append("employees:")
    for n in range(PEOPLE):
        lines.append(f"  e{n}: {{email: e{n}@shop.example, first_name: Eve, last_name: N{n}, at: {{shop: {{")
        lines.append(f"    services: [s{n % SERVICES}], hours: [{{dates: 2027, week: {{mon: 09:00-17:00}}}}]}}}}}}")
    return "\n".join(lines) + "\n"


class Slow(NamedTuple):
    """A served sandbox and how long its writes take."""

    sandbox: Served
    pace: Path

    def take(self, seconds: float) -> None:
        """Let each write from now on take so long."""
        self.pace.with_suffix(".new").write_text(str(seconds))
        self.pace.with_suffix(".new").replace(self.pace)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    pace = tmp_path / "pace"
    pace.write_text(str(SLOW))
    with slowed(tmp_path, pace) as sandbox:
        yield Slow(sandbox, pace)


@pytest.fixture
def big(empty: Workspace) -> Workspace:
    empty.write("chain.yaml", chain())
    return empty


@contextmanager
def applying(big: Workspace, slow: Slow, after: int) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """An apply of which so many calls came back; what it prints goes to a file, as no one reads a pipe meanwhile."""
    command = [COMMAND, "apply", "--yes", "--endpoint", slow.sandbox.endpoint]
    printed = big.root.parent / "printed.txt"
    with (
        printed.open("w") as out,
        subprocess.Popen(
            command, cwd=big.root, env=environment(big.root), stdout=out, stderr=subprocess.PIPE, text=True
        ) as running,
    ):
        try:
            hear(running, f"[{after:>3}/")
            yield running, printed
        finally:
            running.kill()


def hear(running: subprocess.Popen[str], words: str) -> None:
    """Read what it reports until the words come."""
    assert running.stderr is not None
    while words not in (line := running.stderr.readline()):
        assert line, f"{words} never came"


def stop_in_the_middle(big: Workspace, slow: Slow, how: signal.Signals, after: int = 40) -> Ran:
    """Send a signal when so many calls came back."""
    with applying(big, slow, after) as (running, printed):
        running.send_signal(how)
        _, err = running.communicate(timeout=PATIENCE)
        return decent(Ran(running.returncode, printed.read_text("utf-8"), err))


def assert_nothing_twice(slow: Slow) -> None:
    """Whatever a name can tell apart is there once."""
    held = slow.sandbox.dump()
    for kind, name in (("services", "name"), ("locations", "name"), ("employees", "email")):
        twice = [value for value, count in Counter(each[name] for each in held[kind]).items() if count > 1]
        assert twice == [], kind
    assert len(held["links"]) == len({tuple(each) for each in held["links"]})
    assert {len(entries) for entries in held["availability"].values()} <= {1}


def assert_converges(big: Workspace, slow: Slow) -> None:
    slow.take(0)
    to = ["--endpoint", slow.sandbox.endpoint]
    big.apply(*to)
    assert_nothing_twice(slow)
    held = slow.sandbox.dump()
    assert len(held["services"]) == SERVICES + 1  # and the one that every account starts with
    assert len(held["employees"]) == PEOPLE + 1
    assert len(held["links"]) == len(held["availability"]) == PEOPLE
    big.settled(*to)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_asked_to_stop(big: Workspace, slow: Slow, how: signal.Signals, code: int) -> None:
    ran = stop_in_the_middle(big, slow, how)
    assert ran.code == code
    assert "Stopping: waiting for the calls in flight. Once more to leave at once." in ran.err
    assert ran.err.endswith("Error: interrupted: what was in flight was waited for and recorded\n")
    assert "Apply incomplete: " in ran.out
    assert ran.out.splitlines()[-1] == "      because the run was interrupted"
    writes = [c for c in slow.sandbox.ask("/calls") if c["method"] != "GET" and not c["path"].endswith("/authenticate")]
    assert 40 <= len(writes) < 200
    recorded = {
        each for each in big.addresses("--endpoint", slow.sandbox.endpoint) if each.startswith(("service", "employee"))
    }
    held = slow.sandbox.dump()
    assert len(recorded) == len(held["services"]) - 1 + len(held["employees"]) - 1  # nothing in flight was lost
    assert_converges(big, slow)


def test_killed(big: Workspace, slow: Slow) -> None:
    ran = stop_in_the_middle(big, slow, signal.SIGKILL)
    assert ran.code == -signal.SIGKILL
    time.sleep(SLOW * 3)  # what was in flight arrives
    assert_converges(big, slow)


def test_killed_twice(big: Workspace, slow: Slow) -> None:
    for _ in range(2):
        stop_in_the_middle(big, slow, signal.SIGKILL, after=20)
        time.sleep(SLOW * 3)
        assert_nothing_twice(slow)
    assert_converges(big, slow)


def test_asked_twice(big: Workspace, slow: Slow) -> None:
    with applying(big, slow, after=30) as (running, _):
        slow.take(6)
        time.sleep(SLOW * 3)  # until all that is in flight is slow
        running.send_signal(signal.SIGINT)
        hear(running, "Stopping")
        asked = time.monotonic()
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=PATIENCE)
        assert (running.returncode, err) == (-signal.SIGINT, "")
        assert time.monotonic() - asked < 2
    time.sleep(4)  # what was in flight arrives
    assert_converges(big, slow)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_pause_is_told_and_ends_with_the_run(starter: Workspace, how: signal.Signals, code: int) -> None:
    """The vendor may ask for two minutes, which is longer than this waits."""
    with served(starter.root, "--db", ":memory:") as server:
        to = ("--endpoint", f"{server.url}/api/v2")
        asked = {"fault": "throttle", "retry_after": 120, "method": "POST", "path": "/service", "times": None}
        server.ask("/faults", "PUT", {"rules": [asked]})
        with subprocess.Popen(
            [COMMAND, "apply", "--yes", *to], cwd=starter.root, env=environment(starter.root),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) as running:  # fmt: skip
            try:
                hear(running, "Waiting 120 s: ")
                running.send_signal(how)
                _, err = running.communicate(timeout=PATIENCE)
            finally:
                running.kill()
        assert running.returncode == code
        assert err.endswith("Error: interrupted: what was in flight was waited for and recorded\n")
        server.ask("/faults", "DELETE")
        starter.apply(*to)
        starter.settled(*to)
