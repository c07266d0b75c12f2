"""A journal that is told of creates before they are sent: wherever the run dies, nothing is lost or made twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from provisioner.state.entries import Entry, Intent, Outcome
from provisioner.state.file import StateFile
from provisioner.state.journal import Journal
from provisioner.state.model import State
from tests.apply.crash import AFTER, BEFORE, World

AHEAD = 100


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Entry, ...]]:
    """What every journal is told, word by word; each asks to be told ahead."""
    words: list[tuple[Entry, ...]] = []
    begin, append = StateFile.begin, Journal.append

    def ahead(file: StateFile, state: State) -> Journal:
        journal = begin(file, state)
        journal.ahead = AHEAD
        return journal

    def noted(journal: Journal, *entries: Entry) -> None:
        append(journal, *entries)
        words.append(entries)

    monkeypatch.setattr(StateFile, "begin", ahead)
    monkeypatch.setattr(Journal, "append", noted)
    return words


def test_many_creates_are_one_word(tmp_path: Path, told: list[tuple[Entry, ...]]) -> None:
    world = World(tmp_path / "salon", BEFORE)
    assert world.apply() == 0
    making = [[each for each in word if isinstance(each, Intent) and each.making] for word in told]
    assert sum(map(bool, making)) < sum(map(len, making)) / 2
    calls = [each.call for word in making for each in word]
    assert len(calls) == len(set(calls)), "nothing is told twice"
    assert not world.plan().changes
    world.close()


def test_what_was_told_and_never_sent_is_taken_back(tmp_path: Path, told: list[tuple[Entry, ...]]) -> None:
    """The run is stopped at its first write: what it had announced is in no doubt."""
    world = World(tmp_path / "salon", BEFORE, concurrency=1)
    world.apply(wrap=_refusing)
    assert world.state.pending == {}
    announced = {each.call for word in told for each in word if isinstance(each, Intent)}
    assert announced == {each.call for word in told for each in word if isinstance(each, Outcome) and each.call}
    world.close()


def _refusing(app: object) -> object:
    async def refuse(scope: dict[str, str], receive: object, send: object) -> None:
        if scope["method"] == "POST" and not scope["path"].endswith("/authenticate"):
            scope = {**scope, "path": "/nowhere"}
        await app(scope, receive, send)  # type: ignore[operator]

    return refuse


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("points", [12, pytest.param(400, marks=pytest.mark.slow)])
def test_wherever_it_dies_the_next_run_ends_it(tmp_path: Path, points: int) -> None:
    start = World(tmp_path / "start", BEFORE)
    assert start.apply() == 0
    start.write(AFTER)
    whole = start.copy(tmp_path / "whole")
    count, wanted = whole.die(0).count, whole.summary()
    live = whole.live()
    for at in sorted(random.Random(7).sample(range(1, count + 1), min(points, count))):
        world = start.copy(tmp_path / str(at))
        world.die(at)
        assert next((n for n in (1, 2) if world.apply() == 0), 0), at
        assert (world.live(), world.summary()) == (live, wanted), at
        assert not world.plan().changes, at
        world.close()
    start.close()
    whole.close()
