"""What every place that keeps a state promises, seen in the same scenarios: files, a server of documents, Postgres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from provisioner.errors import LockedError, StateError
from provisioner.kinds import BY_NAME, Address
from provisioner.state.file import StateFile
from provisioner.state.fold import fold
from provisioner.state.http import HttpDocument
from provisioner.state.model import Record, State
from provisioner.state.postgres import Postgres
from provisioner.state.remote import RemoteState
from provisioner.state.run import Ending, Run, Step
from provisioner.state.session import Server
from provisioner.state.store import Store
from provisioner.state.wire import Wire
from tests.postgres import Database
from tests.state.damage import BEFORE, RUN
from tests.state.http_server import PASSWORD, USER, states
from tests.state.strategies import OWNER

FRESH = State(OWNER, "cafe", 0, BEFORE)
KINDS = (BY_NAME["recurring_appointment"],)
CUT, DYE = Address("", "service", ("cut",)), Address("", "service", ("dye",))
APPLY, DEAD = "provisioner apply", "4f"
"""The second is the id of the run in `RUN`."""


@dataclass(frozen=True)
class Place:
    """Where the state of one tenant is kept."""

    store: Callable[[], Store]
    """Another client of it."""
    spoil: Callable[[], object]
    """What stands there of the state is edited by hand."""


@pytest.fixture
def files(tmp_path: Path) -> Place:
    path = tmp_path / "state" / "state.json"
    return Place(lambda: StateFile(path, OWNER, kinds=KINDS), lambda: path.write_text("{}"))


@pytest.fixture
def documents() -> Iterator[Place]:
    with states() as server:
        address = f"{server.url}/salon"
        wire = Wire(address, address, address, user=USER, password=PASSWORD)

        def spoil() -> None:
            server.documents["/salon"] = server.documents["/salon"].replace(b'"state": "', b'"state": "x')

        yield Place(lambda: RemoteState(HttpDocument(wire, OWNER, KINDS)), spoil)


@pytest.fixture
def rows(database: Database) -> Place:
    server = Server(database.dsn, "postgresql://db.example/states")
    return Place(
        lambda: RemoteState(Postgres(server, OWNER, KINDS)),
        lambda: database.ask("UPDATE provisioner_state SET snapshot = '{}'"),
    )


@pytest.fixture(params=["files", "documents", "rows"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


def saved(place: Place, state: State = FRESH) -> State:
    store = place.store()
    with store.locked(APPLY):
        return store.save(state)


def ran(place: Place, state: State) -> None:
    """A run that ended without its snapshot."""
    store = place.store()
    with store.locked(APPLY):
        log = store.begin(state)
        log.append(*RUN)
        log.close()


def test_what_is_saved_is_found(place: Place) -> None:
    empty = place.store()
    assert (empty.load().state.serial, empty.holder(), empty.runs.numbers()) == (0, "", [])
    odd = {next(iter(BEFORE)): Record("1", applied={"name": "half \ud83d a pair, a \x00, \u2028 ünï"})}
    state = saved(place, replace(FRESH, records=odd))
    assert place.store().load() == (state, False)


def test_what_a_run_wrote_down_is_there_and_nobody_begins_over_it(place: Place) -> None:
    before = saved(place)
    ran(place, before)
    assert place.store().load() == (fold(before, RUN), True)
    other = place.store()
    with other.locked(APPLY), pytest.raises(StateError, match="a run that is not in the state yet: plan again"):
        other.begin(before)
    after = saved(place, fold(before, RUN))
    assert place.store().load() == (after, False)


def test_what_another_run_saved_is_not_overwritten_and_it_says_what_that_costs(place: Place) -> None:
    first = saved(place)
    newer = saved(place, first)
    words = r"was written by another run \(serial 2\) since it was read \(serial 1\).* nothing but its id finds a rec"
    with pytest.raises(StateError, match=words):
        saved(place, first)
    assert place.store().load() == (newer, False)


def test_the_second_is_told_who_is_at_work(place: Place) -> None:
    one, other = place.store(), place.store()
    with (
        one.locked(APPLY),
        pytest.raises(LockedError, match=r"^provisioner apply \(.*since 20\S+\) is at work on this tenant: wait"),
        other.locked(APPLY),
    ):
        pass
    with other.locked(APPLY):
        pass


def test_a_state_that_was_edited_by_hand_is_refused_and_put_together_again(place: Place) -> None:
    before = saved(place)
    ran(place, before)
    after = saved(place, fold(before, RUN))
    assert "is not damaged" in place.store().whole()
    place.spoil()
    store = place.store()
    with pytest.raises(StateError, match=r"damaged or edited by hand .* provisioner state restore"):
        store.load()
    assert store.whole() == ""
    with store.locked(APPLY):
        found = store.restored(0.0)
        assert (found.state.records, found.state.pending, found.missing) == (after.records, after.pending, False)
        store.keep_damaged()
        assert store.push(found.state).serial > after.serial
    assert place.store().load().state.records == after.records


def test_everything_can_be_forgotten(place: Place) -> None:
    saved(place)
    place.store().remove()
    found = place.store().load().state
    assert (found.serial, found.records) == (0, {})


# -- the runs that are kept


def run(number: int, id_: str) -> Run:
    return Run(number, id_, "apply", "2026-01-01T00:00", "ana@host", "0", OWNER, "digest")


def test_a_run_is_kept_before_its_first_write_and_its_end_is_its_own(place: Place) -> None:
    before, store = saved(place), place.store()
    with store.locked(APPLY):
        store.runs.begin(run(store.runs.next_number(), "first"), [Step(CUT, "create")])
        log = store.begin(before)
        assert place.store().runs.read(1).steps == (Step(CUT, "create"),)
        log.close()
        store.runs.end(run(1, "first"), Ending("2026-01-01T00:01", 0, {CUT: "7"}))
    other = place.store()
    assert other.runs.read(1).ending == Ending("2026-01-01T00:01", 0, {CUT: "7"}, run="first")
    assert [(each.number, each.ending.exit) for each in other.runs.listed() if each.ending] == [(1, 0)]


def test_an_ending_that_was_left_over_is_not_that_of_a_new_run(place: Place) -> None:
    store = place.store()
    with store.locked(APPLY):
        runs, shelf = store.runs, store.runs.shelf
        runs.begin(run(1, "first"), [Step(CUT, "create")])
        runs.end(run(1, "first"), Ending("2026-01-01T00:01", 0, {CUT: "7"}))
        shelf.remove("1.ndjson")
        assert (runs.numbers(), runs.next_number()) == ([], 2)
        left = shelf.read("1.ended.ndjson")
        assert left is not None
        runs.begin(run(1, "second"), [Step(CUT, "update", "7")])
        assert runs.read(1).ending is None
        shelf.write("1.ended.ndjson", left)
        assert runs.read(1).ending is None
        assert [each.ending for each in runs.listed()] == [None]
        runs.take_in("second", list)
        told = runs.read(1).ending
    assert told is not None
    assert (told.exit, told.maybe, told.run) == (None, frozenset({CUT}), "second")


def test_what_a_journal_tells_of_a_run_that_died_is_kept_with_it(place: Place) -> None:
    before, store = saved(place), place.store()
    with store.locked(APPLY):
        store.runs.begin(run(1, DEAD), [Step(CUT, "update", "12"), Step(DYE, "create")])
        log = store.begin(before)
        log.append(*RUN)
        log.close()
    kept, other = place.store().runs.read(1), place.store()
    told = other.ending(kept)
    assert kept.ending is None
    assert told is not None
    assert (told.exit, told.done, told.maybe) == (None, {CUT: "12"}, frozenset({DYE}))
    saved(place, fold(before, RUN))
    assert place.store().runs.read(1).ending == replace(told, run=DEAD)


def test_a_damaged_ending_is_listed_as_damaged(place: Place) -> None:
    store = place.store()
    with store.locked(APPLY):
        store.runs.begin(run(1, "first"), [])
        store.runs.shelf.write("1.ended.ndjson", b"{}")
        assert [each.run for each in store.runs.listed()] == [None]


def test_the_oldest_runs_go(place: Place) -> None:
    store = place.store()
    with store.locked(APPLY):
        last = store.runs.shelf.kept + 2
        for number in range(1, last + 1):
            store.runs.begin(run(number, f"r{number}"), [])
            store.runs.end(run(number, f"r{number}"), Ending("2026-01-01T00:01", 0))
        assert store.runs.numbers() == [*range(last, 2, -1)]
        assert len(store.runs.shelf.sizes()) == 2 * store.runs.shelf.kept
