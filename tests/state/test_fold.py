"""Folding: what a run wrote down becomes the same state at its end, after a crash, and when it is told twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.errors import StateError
from provisioner.kinds import BY_NAME, Address
from provisioner.state.entries import Begin, Entry, Intent, Outcome
from provisioner.state.file import StateFile
from provisioner.state.fold import fold
from provisioner.state.model import Pending, Record, State
from tests.state.damage import at, made
from tests.state.disks import Failing, Noting
from tests.state.strategies import BOUNDED, OWNER, PENDINGS, RECORDS, entries

HILL, DOCK, CUT = at("location/hill"), at("location/dock"), at("west/service/cut")
LINK, HOURS = at("link/ana/dock/cut"), at("west/hours/ana/dock")
FEW = st.sampled_from([HILL, DOCK, CUT, LINK, HOURS])
"""So few addresses that runs are about the same ones."""
STATES = st.builds(
    State,
    st.just(OWNER),
    st.just("cafe"),
    st.just(4),
    st.dictionaries(FEW, RECORDS, max_size=4),
    st.dictionaries(st.sampled_from([HILL, DOCK, CUT]), PENDINGS, max_size=2),
)
RUNS = st.lists(st.lists(entries(FEW), max_size=8), max_size=3).map(
    lambda runs: [[Begin(f"r{n}", {("", "location"): frozenset({f"{n}"})}), *run] for n, run in enumerate(runs)]
)
EMPTY = State(OWNER, "cafe", 4)
MAKING = {HILL: made("Hill")}


def flat(runs: Iterable[Iterable[Entry]]) -> list[Entry]:
    return [entry for run in runs for entry in run]


# -- the laws


@BOUNDED
@given(state=STATES, runs=RUNS)
def test_telling_it_twice_changes_nothing(state: State, runs: list[list[Entry]]) -> None:
    once = fold(state, flat(runs))
    assert fold(once, flat(runs)) == once
    assert fold(once, []) == once


@BOUNDED
@given(state=STATES, runs=RUNS, cut=st.integers(0, 3))
def test_run_after_run_is_the_same_as_all_at_once(state: State, runs: list[list[Entry]], cut: int) -> None:
    between = fold(state, flat(runs[:cut]))
    assert fold(between, flat(runs[cut:])) == fold(state, flat(runs))


@BOUNDED
@given(state=STATES, runs=RUNS, told=st.integers(0, 30))
def test_after_a_crash_it_is_on_disk_as_in_memory(
    tmp_path_factory: pytest.TempPathFactory, state: State, runs: list[list[Entry]], told: int
) -> None:
    """Killed after any entry; read, saved by the next run, read again."""
    file = StateFile(tmp_path_factory.mktemp("state") / "state.json", OWNER)
    saved = file.push(state)
    journal = file.begin(saved)
    entries_ = flat(runs)[:told]
    journal.append(*entries_)
    journal.close()
    found = file.load()
    assert found == (fold(saved, entries_), bool(entries_))
    after = file.save(found.state)
    assert file.load() == (after, False)
    assert (after.records, after.pending) == (found.state.records, found.state.pending)


@BOUNDED
@given(state=STATES, run=st.lists(entries(FEW), max_size=10))
def test_no_prefix_forgets_what_may_have_been_made(state: State, run: list[Entry]) -> None:
    """Wherever it is cut: what left without an answer is in doubt, with all that was live before."""
    known = {("", "location"): frozenset({"7"}), ("west", "service"): frozenset({"8", "9"})}
    run = [Begin("r", known), *(entry for entry in run if not isinstance(entry, Begin))]
    for length in range(len(run) + 1):
        found = fold(state, run[:length])
        for address, (making, since) in in_flight(run[:length]).items():
            if making.record.id or BY_NAME[address.kind].key_kinds:
                assert not found.records[address].confirmed
            else:
                doubt = found.pending[address]
                assert doubt.known >= known.get((address.account, address.kind), frozenset())
                assert replace(doubt, known=making.known, since=since) == replace(making, since=since)


def in_flight(run: Iterable[Entry]) -> Mapping[Address, tuple[Pending, float]]:
    """What the intents without an outcome may be making; what more than one may be, is left out."""
    left: dict[str, Intent] = {}
    for entry in run:
        if isinstance(entry, Intent):
            left[entry.call] = entry
        elif isinstance(entry, Outcome):
            left.pop(entry.call, None)
    makers = [(address, making, intent.at) for intent in left.values() for address, making in intent.making.items()]
    addresses = [address for address, _, _ in makers]
    return {address: (making, since) for address, making, since in makers if addresses.count(address) == 1}


def test_a_crash_between_the_snapshot_and_its_journal_changes_nothing(tmp_path: Path) -> None:
    """At every file operation of the save, with a run of every sort of entry behind it."""
    run: list[Entry] = [
        Begin("r"),
        Intent("c", 1.0, MAKING),
        Outcome("", 2.0, records={DOCK: Record("5")}),
        Intent("d", 3.0),
    ]
    noting = Noting()
    for number in range(100):
        file = StateFile(tmp_path / str(number) / "state.json", OWNER, noting)
        saved = file.push(EMPTY)
        journal = file.begin(saved)
        journal.append(*run)
        journal.close()
        found = file.load().state
        failing = Failing(at=number, error=5, forever=True)
        try:
            replace(file, disk=failing).save(found)
        except StateError:
            after = file.load().state
            assert replace(after, serial=found.serial) == found
            again = file.save(after)
            assert replace(again, serial=found.serial) == found
        else:
            break
    assert number > 20


# -- single entries


def test_an_object_whose_answer_never_came_is_pending_since_it_was_sent() -> None:
    found = fold(EMPTY, [Begin("r", {("", "location"): frozenset({"3", "4"})}), Intent("c", 9.0, MAKING)])
    assert found.pending == {HILL: replace(made("Hill"), known=frozenset({"3", "4"}), since=9.0)}
    assert not found.records


def test_a_request_that_left_again_is_in_doubt_since_the_last_time() -> None:
    found = fold(EMPTY, [Begin("r"), Intent("c", 1.0, MAKING), Intent("c", 9.0, MAKING)])
    assert found.pending[HILL].since == 9.0


def test_an_answer_that_told_nothing_is_pending_since_it_came() -> None:
    found = fold(EMPTY, [Begin("r"), Intent("c", 1.0, MAKING), Outcome("c", 9.0, unknown=frozenset({HILL}))])
    assert found.pending[HILL].since == 9.0


def test_what_was_known_before_is_not_forgotten_when_it_is_sent_again() -> None:
    making = {HILL: replace(made("Hill"), known=frozenset({"1"}))}
    found = fold(EMPTY, [Begin("r", {("", "location"): frozenset({"2"})}), Intent("c", 1.0, making)])
    assert found.pending[HILL].known == {"1", "2"}


@pytest.mark.parametrize("address", [LINK, HOURS])
def test_a_relation_whose_answer_never_came_is_recorded_and_not_sure(address: Address) -> None:
    """It is where its objects are, or it is not: no look for an id is needed."""
    making = {address: Pending(Record("", owned=True, applied={"a": 1}))}
    run: list[Entry] = [Begin("r"), Intent("c", 1.0, making)]
    for told in (run, [*run, Outcome("c", 2.0, unknown=frozenset({address}))]):
        found = fold(EMPTY, told)
        assert found.records == {address: Record("", owned=True, applied={"a": 1}, confirmed=False)}
        assert not found.pending


def test_what_was_recorded_of_a_relation_stays_and_is_not_sure_any_more() -> None:
    before = Record("", owned=True, applied={"a": 1})
    making = {LINK: Pending(Record("", applied={"a": 2}))}
    found = fold(replace(EMPTY, records={LINK: before}), [Begin("r"), Intent("c", 1.0, making)])
    assert found.records == {LINK: replace(before, confirmed=False)}


def test_an_object_that_came_with_another_has_an_id_and_is_not_pending() -> None:
    making = {HILL: Pending(Record("31", owned=True))}
    found = fold(EMPTY, [Begin("r"), Intent("c", 1.0, making)])
    assert found.records == {HILL: Record("31", owned=True, confirmed=False)}
    assert not found.pending


def test_an_object_that_is_made_but_not_done_has_its_id_and_nothing_that_was_applied() -> None:
    found = fold(EMPTY, [Begin("r"), Intent("c", 1.0, MAKING), Outcome("c", 2.0, ids={HILL: "31"})])
    assert found.records == {HILL: Record("31", owned=True, confirmed=False)}
    assert not found.pending


def test_what_is_done_is_recorded_as_it_was_written() -> None:
    done = Record("31", owned=True, applied={"name": "Hill"})
    found = fold(EMPTY, [Begin("r"), Intent("c", 1.0, MAKING), Outcome("c", 2.0, {HILL: "31"}, {HILL: done})])
    assert (found.records, found.pending) == ({HILL: done}, {})


def test_what_is_learnt_settles_a_doubt_of_an_earlier_run() -> None:
    doubtful = replace(EMPTY, pending={HILL: made("Hill"), DOCK: made("Dock")})
    found = fold(doubtful, [Begin("r"), Outcome("", 1.0, records={HILL: Record("31"), DOCK: None})])
    assert (found.records, found.pending) == ({HILL: Record("31")}, {})


def test_a_refusal_leaves_nothing_behind() -> None:
    assert fold(EMPTY, [Begin("r"), Intent("c", 1.0, MAKING), Outcome("c", 2.0)]) == EMPTY


def test_what_is_forgotten_is_gone() -> None:
    before = replace(EMPTY, records={HILL: Record("31"), DOCK: Record("32")})
    found = fold(before, [Begin("r"), Intent("d", 1.0), Outcome("d", 2.0, records={HILL: None})])
    assert found.records == {DOCK: Record("32")}


def test_of_one_call_each_part_has_its_own_outcome() -> None:
    making = {HILL: made("Hill"), DOCK: made("Dock"), LINK: Pending(Record("", owned=True))}
    outcome = Outcome("c", 2.0, ids={HILL: "31"}, unknown=frozenset({DOCK, LINK}))
    found = fold(EMPTY, [Begin("r"), Intent("c", 1.0, making), outcome])
    assert {str(a): r.confirmed for a, r in found.records.items()} == {"location/hill": False, str(LINK): False}
    assert set(found.pending) == {DOCK}


def test_a_run_knows_nothing_of_the_calls_of_another() -> None:
    first: list[Entry] = [Begin("r", {("", "location"): frozenset({"1"})}), Intent("c", 1.0, MAKING)]
    second = [Begin("s", {("", "location"): frozenset({"2"})})]
    late = Outcome("c", 9.0, ids={HILL: "31"}, unknown=frozenset({HILL}))
    found = fold(EMPTY, [*first, *second, late])
    assert found == fold(EMPTY, first)
    assert found.pending[HILL].known == {"1"}
    assert not fold(EMPTY, [*second, late]).records


def test_ids_of_what_a_call_was_not_to_make_are_not_taken() -> None:
    found = fold(EMPTY, [Begin("r"), Intent("c", 1.0, MAKING), Outcome("c", 2.0, ids={DOCK: "31"})])
    assert found == EMPTY
