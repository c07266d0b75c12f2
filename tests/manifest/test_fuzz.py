"""Whatever the files of a workspace hold: they load, or every problem is one plain line at a place that exists."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.main import SHOWN
from provisioner.errors import ManifestError, Problem
from provisioner.manifest import Secrets, load_workspace
from provisioner.providers import BY_NAME
from tests.cli.command import run
from tests.manifest.hostile import Case, case, cases

COUNT, LONG, THROUGH_THE_COMMAND = 1_000, 20_000, 36
SECONDS = 20
"""How long one case may take before it counts as a hang."""
VARIABLES = {"CITY": "Rome", "WHO": "west"}
ENVIRONMENT = {"SECRET": "hunter2", "KEY": "canary-key", "EMAIL": "canary@x.example", "HOME": "/home/canary"}


@contextmanager
def no_hang(number: int) -> Iterator[None]:
    """Break off a case that does not come to its end by itself."""

    def end(*_: object) -> None:
        raise TimeoutError(f"case {number} took over {SECONDS} s")

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def written(case: Case, root: Path) -> Path:
    """The files of a case in an empty folder."""
    shutil.rmtree(root, ignore_errors=True)
    for name, data in case.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def loaded(root: Path, secrets: Secrets = "require") -> tuple[Problem, ...]:
    """The problems of a workspace."""
    try:
        load_workspace(root, BY_NAME, variables=VARIABLES, environ=ENVIRONMENT, secrets=secrets)
    except ManifestError as error:
        return error.problems
    return ()


def check(problem: Problem, case: Case) -> None:
    """One line that a person can act on, at a place that they find."""
    assert problem.file in case.files
    assert problem.line >= 1
    assert problem.column >= 1
    text = case.files[problem.file].decode("utf-8", "replace")
    assert problem.line <= len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert problem.message
    assert problem.message.isprintable()
    assert len(problem.message) < 600
    assert not any(secret in problem.message for secret in ENVIRONMENT.values())


def survive(first: int, count: int, root: Path) -> Counter[Any]:
    """Load some cases and count what became of each sort."""
    seen: Counter[Any] = Counter()
    for number, each in cases(first, count):
        try:
            with no_hang(number):
                problems = loaded(written(each, root))
            for problem in problems:
                check(problem, each)
        except Exception as error:
            raise AssertionError(f"case {number} ({each.sort}): {type(error).__name__}: {error}") from error
        seen[each.sort, bool(problems)] += 1
    return seen


def test_a_thousand_hostile_workspaces(tmp_path: Path) -> None:
    seen = survive(0, COUNT, tmp_path / "w")
    assert seen.total() == COUNT
    assert {sort for sort, broken in seen if not broken} >= {"grammatical", "mutated", "encoded"}
    assert len({sort for sort, broken in seen if broken}) == 5


@pytest.mark.slow
@pytest.mark.parametrize("first", range(COUNT, COUNT + LONG, COUNT))
def test_twenty_thousand_hostile_workspaces(first: int, tmp_path: Path) -> None:
    assert survive(first, COUNT, tmp_path / "w").total() == COUNT


@pytest.mark.sweep(4)
@pytest.mark.parametrize("number", range(THROUGH_THE_COMMAND))
def test_the_command_ends_well(number: int, tmp_path: Path) -> None:
    """Not by a signal, not with a traceback, and within a gigabyte of memory."""
    each = case(number)
    root = written(each, tmp_path / "w")
    variables = [f"--var={name}={value}" for name, value in VARIABLES.items()]
    ran = run("validate", *variables, cwd=root, env=ENVIRONMENT, limit="-v 1000000")
    problems = loaded(root, "placeholder")
    assert ran.code == (1 if problems else 0)
    assert len(ran.err.splitlines()) == min(len(problems), SHOWN) + bool(problems)
    assert ran.out.count("\n") == (not problems)
