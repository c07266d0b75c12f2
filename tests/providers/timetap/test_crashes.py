"""An apply that dies between any two things that it does: nothing twice, and every doubt is one that can be settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from provisioner.errors import PendingError
from tests.apply.crash import some_of
from tests.providers.timetap.studio import Json, Studio

STRIDE = 29
"""One boundary in so many is tried in the usual run, and the first of each sort; all of them in the long one."""
LATE = {"time": "10:00-10:45"}
BEFORE: dict[str, Json] = {
    "yoga": {"reason": 1, "overrides": {"2083-01-18": {"note": "old"}, "2083-03-03": LATE}},
    "pilates": {"reason": 2},
    "gone": {"reason": 3},
}
AFTER: dict[str, Json] = {
    "yoga": {
        "reason": 1,
        "time": "11:00-11:45",
        "effective_from": "2083-03-01",
        "overrides": {"2083-03-01": LATE, "2083-03-03": LATE},
    },
    "pilates": {"reason": 2, "days": "tue"},
    "dance": {"reason": 4, "overrides": {"2083-01-06": {"date": "2083-01-07"}}},
    "judo": {"reason": 5},
}


class Reference(NamedTuple):
    """How it ends when nobody dies."""

    start: Studio
    boundaries: int
    steps: list[str]
    live: Any
    summary: dict[str, Any]


@pytest.fixture(scope="module", params=[(1, "partial", "keep"), (1, "full", "wipe"), (4, "partial", "wipe")])
def reference(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reference]:
    """With one request at a time and with several, whatever a PUT does to what it leaves out and to single dates."""
    folder = tmp_path_factory.mktemp("crashes")
    concurrency, put, own = request.param
    start = Studio(folder / "start", "{}", concurrency=concurrency)
    start.control("/timetap", "PUT", {"put": put, "own": own})
    start.done(**BEFORE)
    start.want(**AFTER)
    end = start.copy(folder / "end")
    fate = end.die(0)
    assert not end.plan().changes
    yield Reference(start, fate.count, fate.steps, end.live(), end.summary())
    start.close()
    end.close()


def resolved(studio: Studio) -> int:
    """What a person does about doubts: look which series nobody knows, and say so; how many there were."""
    pending = dict(studio.state.pending)
    for address, doubt in pending.items():
        reason = doubt.record.applied["reason"]
        made = [each for each in studio.series() if each["reasonId"] == reason and each["status"] != "Cancelled"]
        assert len(made) < 2, "made twice"
        answer = ["--adopt", str(made[0]["recurringAppointmentId"])] if made else ["--absent"]
        assert studio.command("state", "resolve", str(address), *answer) == 0
    return len(pending)


def converged(studio: Studio, reference: Reference, name: str) -> int:
    """Run again, with every doubt settled; how many there were."""
    doubts = 0
    for _ in range(3):
        ended = studio.apply()
        if ended == 0:
            break
        assert isinstance(ended, PendingError), f"{name}: {ended}"
        assert studio.plan().pending == tuple(studio.state.pending), name
        doubts += resolved(studio)
    assert ended == 0, name
    assert studio.live() == reference.live, f"{name}: lost or doubled"
    assert studio.orphans() == set(), f"{name}: {studio.orphans()}"
    assert studio.summary() == reference.summary, f"{name}: remembered otherwise"
    plan = studio.plan()
    assert (plan.changes, plan.refreshed, plan.pending) == ((), {}, ()), name
    return doubts


def deaths(reference: Reference, folder: Path, points: Iterable[int]) -> Counter[int]:
    """Die at each of these points; how many doubts each left."""
    left: Counter[int] = Counter()
    for at in points:
        studio = reference.start.copy(folder / str(at))
        fate = studio.die(at)
        assert fate.count >= at, "it lived"
        left[converged(studio, reference, f"{at} ({fate.steps[-1]})")] += 1
        studio.close()
    return left


def test_there_are_boundaries_of_every_sort(reference: Reference) -> None:
    sorts = Counter(step.split()[0] for step in reference.steps)
    assert {"read", "create", "write", "sync", "rename", "renamed", "request", "answer"} <= set(sorts)
    assert sum("POST /timetap/recurringappointments" in step for step in reference.steps) >= 4
    assert sum("updateByAppt" in step for step in reference.steps) >= 6


def test_dying_anywhere_doubles_nothing(reference: Reference, tmp_path: Path) -> None:
    left = deaths(reference, tmp_path, some_of(reference.steps, STRIDE))
    assert set(left) <= set(range(reference.start.concurrency + 1))


def test_dying_around_a_create_leaves_one_doubt(reference: Reference, tmp_path: Path) -> None:
    """Before it left and after it was carried out look the same from here."""
    steps = [n for n, step in enumerate(reference.steps, 1) if step.endswith("POST /timetap/recurringappointments")]
    assert len(steps) == 4
    found = [deaths(reference, tmp_path / str(at), range(at, at + 1)) for at in steps]
    assert reference.start.concurrency > 1 or found == [{1: 1}] * 4
    assert all(set(each) <= {1, 2} for each in found)


@pytest.mark.slow
def test_dying_at_every_boundary(reference: Reference, tmp_path: Path) -> None:
    left = deaths(reference, tmp_path, range(1, reference.boundaries + 1))
    assert sum(left.values()) == reference.boundaries
    assert set(left) <= set(range(min(2, reference.start.concurrency) + 1))


@pytest.mark.parametrize("executed", [True, False])
@pytest.mark.parametrize("fault", ["error", "reset", "html"])
def test_a_create_whose_answer_is_lost_is_pending(studio: Studio, fault: str, executed: bool) -> None:
    studio.want(yoga={"overrides": {"2083-03-03": LATE}})
    rule = {"fault": fault, "executed": executed, "method": "POST", "path": "/timetap/recurringappointments"}
    studio.control("/faults", "PUT", {"rules": [rule]})
    studio.apply()
    assert list(map(str, studio.state.pending)) == ["recurring_appointment/yoga"]
    assert any(line.startswith("Note: recurring_appointment/yoga is pending") for line in studio.text(200))
    assert isinstance(studio.apply(), PendingError)
    assert studio.calls() == ["POST /recurringappointments"], "sent again by itself"
    assert resolved(studio) == 1
    studio.done()
    assert len(studio.series()) == 1
    assert studio.occurrences()["2083-03-03"]["startTime"] == 1000


def test_the_doubt_says_how_to_end_it(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    studio.want(yoga={})
    rule = {"fault": "error", "method": "POST", "path": "/timetap/recurringappointments"}
    studio.control("/faults", "PUT", {"rules": [rule]})
    studio.apply()
    said = " ".join(capsys.readouterr().out.split())
    assert "the vendor has no list of such: look in the tenant, then say what it is, with provisioner state" in said
    assert "state resolve recurring_appointment/yoga --adopt ID, or --absent" in said
