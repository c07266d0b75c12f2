"""An apply that dies between any two things that it does: run again, it ends as if nothing had happened."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.apply.crash import AFTER, BEFORE, Fate, World, kept, some_of

STRIDE = 23
"""One boundary in so many is tried in the usual run, and the first of each sort; all of them in the long one."""


class Reference(NamedTuple):
    """How it ends when nobody dies."""

    start: World
    boundaries: int
    steps: list[str]
    live: Any
    summary: dict[str, Any]
    unmanaged: int
    """Things that came with an account and that nobody claimed."""


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    folder = tmp_path_factory.mktemp("crashes")
    start = World(folder / "start", BEFORE)
    assert start.apply() == 0
    start.write(AFTER)
    assert len(start.plan().writes) >= 40
    end = start.copy(folder / "end")
    fate = end.die(0)
    assert not end.plan().changes
    yield Reference(start, fate.count, fate.steps, end.live(), end.summary(), len(end.orphans()))
    start.close()
    end.close()


def converged(world: World, reference: Reference, name: str) -> int:
    """How many more runs it took until everything was as it should be."""
    reruns = next((n for n in (1, 2) if world.apply() == 0), 0)
    assert reruns, f"{name}: two reruns were not enough"
    assert world.live() == reference.live, f"{name}: lost or doubled"
    assert len(world.orphans()) == reference.unmanaged, f"{name}: orphans {world.orphans()}"
    assert world.summary() == reference.summary, f"{name}: remembered otherwise"
    plan = world.plan()
    assert (plan.changes, plan.refreshed, plan.pending) == ((), {}, ()), name
    world.close()
    return reruns


def deaths(reference: Reference, folder: Path, points: Iterable[int]) -> Counter[int]:
    """Die at each of these points; how many reruns each took."""
    taken: Counter[int] = Counter()
    for at in points:
        world = reference.start.copy(folder / str(at))
        fate = world.die(at)
        assert fate.count >= at, "it lived"
        taken[converged(world, reference, f"{at} ({fate.steps[-1]})")] += 1
    return taken


def test_there_are_boundaries_of_every_sort(reference: Reference) -> None:
    sorts = Counter(step.split()[0] for step in reference.steps)
    assert {"read", "create", "write", "sync", "rename", "renamed", "request", "answer"} <= set(sorts)
    assert sum(step.startswith("answer P") for step in reference.steps) >= 20


def test_dying_at_boundaries_loses_and_doubles_nothing(reference: Reference, tmp_path: Path) -> None:
    deaths(reference, tmp_path, some_of(reference.steps, STRIDE))


@pytest.mark.slow
def test_dying_at_every_boundary_loses_and_doubles_nothing(reference: Reference, tmp_path: Path) -> None:
    taken = deaths(reference, tmp_path, range(1, reference.boundaries + 1))
    print(f"{reference.boundaries} boundaries; reruns: {dict(taken)}")
    assert max(taken) <= 2


def twice(reference: Reference, folder: Path, seeds: range) -> None:
    """Die in the apply, die in the run that recovers, and run once more."""
    for seed in seeds:
        chance = random.Random(seed)
        world = reference.start.copy(folder / str(seed))
        first = world.die(chance.randint(1, reference.boundaries))
        second = world.die(chance.randint(1, 60) if chance.random() < 0.7 else chance.randint(1, reference.boundaries))
        name = f"seed {seed}: {first.count} ({first.steps[-1]}), then {second.count} ({second.steps[-1]})"
        converged(world, reference, name)


def test_dying_in_the_recovery_loses_and_doubles_nothing(reference: Reference, tmp_path: Path) -> None:
    twice(reference, tmp_path, range(8))


@pytest.mark.slow
def test_dying_in_a_thousand_recoveries_loses_and_doubles_nothing(reference: Reference, tmp_path: Path) -> None:
    twice(reference, tmp_path, range(10_000, 11_000))


def test_dying_again_and_again_still_gets_on(reference: Reference, tmp_path: Path) -> None:
    world = reference.start.copy(tmp_path / "again")
    for at in range(3, 60, 3):
        world.die(at)
    converged(world, reference, "after twenty deaths")


def test_a_plan_between_writes_nothing(reference: Reference, tmp_path: Path) -> None:
    for at in range(90, reference.boundaries, 97):
        world = reference.start.copy(tmp_path / str(at))
        world.die(at)
        before = kept(world.file().path.parent)
        first = world.plan()
        assert kept(world.file().path.parent) == before
        assert [(c.action, c.address) for c in world.plan().changes] == [(c.action, c.address) for c in first.changes]
        converged(world, reference, str(at))


def test_the_second_run_sends_only_what_is_left(reference: Reference, tmp_path: Path) -> None:
    """Every create is sent once: what the first run had sent is looked for, not sent again."""
    for at in range(100, reference.boundaries, 67):
        world = reference.start.copy(tmp_path / str(at))
        world.die(at)
        assert world.apply() == 0
        rows = world.app.state.store.rows("SELECT method, path FROM calls WHERE method = 'POST'")
        creates = Counter(path.removeprefix("/api/v2") for _, path in rows if not path.endswith("/authenticate"))
        assert creates["/location"] == 3 + 3  # before: three; after: two, and one beside the main one
        assert creates["/employee"] == 3 + 4
        assert creates["/service"] == 3 + 3
        assert creates["/account"] == 1
        world.close()


__all__ = ["Fate"]
