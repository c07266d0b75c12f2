"""The executor: each call as soon as what it needs is done, no more at once than allowed, and true results."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.apply.executor import Executor
from provisioner.apply.outcome import Applied
from provisioner.kinds import Address
from provisioner.kinds.live import Live
from provisioner.plan.change import Action, Change, Plan
from provisioner.providers.base import (
    Absent,
    Call,
    Done,
    Effect,
    NotExecuted,
    Outcome,
    Part,
    PartOutcome,
    Progress,
    Unknown,
)
from provisioner.state.entries import Intent
from provisioner.state.fold import fold
from provisioner.state.model import Record, State, Tenant
from tests.support import Memory

OWNER = Tenant("sandbox", "2345")


def place(number: int) -> Address:
    return Address("", "location", (f"l{number}",))


def create(number: int) -> Change:
    return Change(place(number), Action.CREATE, "new", record=Record("", owned=True))


def call(number: int, *needs: int, effect: Effect = Effect.CREATE) -> Call:
    return Call(f"c{number}", effect, (Part(place(number)),), frozenset(f"c{need}" for need in needs))


@dataclass
class Vendor:
    """Sends nothing: answers what it is told to, in as many turns of the loop as it is told to."""

    outcomes: Mapping[str, PartOutcome] = field(default_factory=dict)
    turns: Mapping[str, int] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    intents: list[str] = field(default_factory=list)
    busiest: int = 0
    ids_seen: dict[str, dict[Address, str]] = field(default_factory=dict)

    async def send(
        self,
        call: Call,
        ids: Mapping[Address, str],
        live: Mapping[Address, Live],
        *,
        intent: str,
        sending: Callable[[], None],
    ) -> Outcome:
        sending()
        self.started.append(call.id)
        self.intents.append(intent)
        self.ids_seen[call.id] = dict(ids)
        self.busiest = max(self.busiest, len(self.started) - len(self.finished))
        for _ in range(self.turns.get(call.id, 1)):
            await asyncio.sleep(0)
        self.finished.append(call.id)
        return {part: self.outcomes.get(call.id, Done(f"id-{part.address.key[0]}")) for part in call.parts}


def run(
    calls: Sequence[Call], vendor: Vendor, changes: Sequence[Change] | None = None, *, state: State | None = None,
    **options: Any,
) -> tuple[Executor, Applied]:  # fmt: skip
    addresses = dict.fromkeys(part.address for each in calls for part in each.parts)
    made = [create(int(a.key[0][1:])) for a in addresses] if changes is None else list(changes)
    executor = Executor(vendor, Plan(tuple(made)), calls, state or State(OWNER, "x"), {}, {}, Memory(), **options)  # type: ignore[arg-type]
    return executor, asyncio.run(executor.run())


@st.composite
def graphs(draw: st.DrawFn) -> list[Call]:
    """Calls that need only earlier ones."""
    size = draw(st.integers(1, 14))
    return [call(n, *draw(st.sets(st.integers(0, n - 1), max_size=3) if n else st.just(set()))) for n in range(size)]


NOT_DONE = st.sampled_from([NotExecuted("refused"), Unknown("lost")])
BOUNDED = settings(deadline=None, max_examples=80, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@BOUNDED
@given(
    calls=graphs(), turns=st.lists(st.integers(0, 5), min_size=14, max_size=14), at_once=st.integers(1, 5),
    broken=st.dictionaries(st.integers(0, 13).map("c{}".format), NOT_DONE, max_size=3),
)  # fmt: skip
def test_needs_bounds_and_results_hold_for_any_graph(
    calls: list[Call], turns: list[int], at_once: int, broken: dict[str, PartOutcome]
) -> None:
    vendor = Vendor(broken, {each.id: turns[n] for n, each in enumerate(calls)})
    executor, applied = run(calls, vendor, concurrency=at_once)
    by_id = {each.id: each for each in calls}
    for name in vendor.started:
        assert all(need in vendor.finished for need in by_id[name].needs)
        assert not by_id[name].needs & broken.keys()
    assert vendor.busiest <= at_once
    stuck = {name for name in by_id if name in broken}
    below = set(stuck)
    for each in calls:
        if each.needs & below:
            below.add(each.id)
    assert set(vendor.started) == (by_id.keys() - below) | (stuck - {n for n in stuck if reached(by_id, n, stuck)})
    assert len(vendor.started) == len(set(vendor.started)) == applied.writes
    assert len(applied.done) + len(applied.failed) + len(applied.skipped) == len(calls)
    assert not applied.cancelled
    assert {c.address for c in applied.done} == set(executor.result.records)
    assert all(record.id == f"id-{a.key[0]}" for a, record in executor.result.records.items())
    assert applied.complete == (not below)


def reached(by_id: Mapping[str, Call], name: str, stuck: set[str]) -> bool:
    """Whether a call waits for a broken one, however far away."""
    return any(need in stuck or reached(by_id, need, stuck) for need in by_id[name].needs)


def test_independent_calls_run_at_once_up_to_the_bound() -> None:
    vendor = Vendor()
    run([call(n) for n in range(40)], vendor, concurrency=16)
    assert vendor.busiest == 16
    assert vendor.started == [f"c{n}" for n in range(40)]


def test_a_dependent_sees_the_ids_of_what_it_waited_for() -> None:
    vendor = Vendor()
    run([call(0), call(1, 0), call(2, 0, 1)], vendor)
    assert vendor.ids_seen["c2"] == {place(0): "id-l0", place(1): "id-l1"}


def test_of_ready_calls_the_one_planned_first_starts_first() -> None:
    calls = [call(0), call(1), call(2, 1), call(3), call(4, 0)]
    for _ in range(3):
        vendor = Vendor()
        run(calls, vendor, concurrency=1)
        assert vendor.started == ["c0", "c1", "c2", "c3", "c4"]


def test_calls_that_end_together_are_taken_in_in_the_plans_order() -> None:
    seen: list[str] = []
    for _ in range(5):
        run([call(n) for n in range(30)], Vendor(), concurrency=30, observe=lambda each, _: seen.append(each.id))
    assert seen == [f"c{n}" for n in range(30)] * 5


def test_stopping_starts_nothing_new_and_waits_for_what_is_in_flight() -> None:
    vendor = Vendor(turns={"c1": 50})
    calls = [call(0), call(1), call(2), call(3, 0), call(4, 1)]

    def stop(each: Call, _outcome: Outcome) -> None:
        if each.id == "c0":
            executor.stopping = True

    executor = Executor(
        vendor,  # type: ignore[arg-type]
        Plan(tuple(create(n) for n in range(5))), calls, State(OWNER, "x"), {}, {}, Memory(),
        observe=stop, concurrency=2,
    )  # fmt: skip
    applied = asyncio.run(executor.run())
    assert vendor.started == ["c0", "c1"] == sorted(vendor.finished)
    assert [c.address for c in applied.done] == [place(0), place(1)]
    assert [c.address for c in applied.cancelled] == [place(2), place(3), place(4)]
    assert not applied.complete
    assert set(executor.result.records) == {place(0), place(1)}


def test_stopping_before_the_start_sends_nothing() -> None:
    vendor = Vendor()
    _, applied = run([call(0), call(1, 0)], vendor, stopping=True)
    assert not vendor.started
    assert len(applied.cancelled) == 2
    assert applied.writes == 0


def test_what_waits_for_a_failure_is_named_with_it_however_far_away() -> None:
    vendor = Vendor({"c0": NotExecuted("no")})
    _, applied = run([call(0), call(1, 0), call(2, 1), call(3)], vendor)
    assert [(c.address, why) for c, why in applied.failed] == [(place(0), "no")]
    assert [(c.address, cause) for c, cause in applied.skipped] == [(place(1), place(0)), (place(2), place(0))]
    assert [c.address for c in applied.done] == [place(3)]


def test_a_look_that_found_nothing_is_no_failure_and_no_write() -> None:
    look = Call("look", Effect.DISCOVER, (Part(place(0), "discovered"),))
    made = Call("c0", Effect.CREATE, (Part(place(0)),), frozenset({"look"}))
    vendor = Vendor({"look": Absent()})
    _, applied = run([look, made], vendor)
    assert applied.complete
    assert applied.writes == 1


def test_what_a_look_found_is_known_to_what_waited_for_it() -> None:
    look = Call("look", Effect.DISCOVER, (Part(place(0), "discovered"),))
    made = Call("c0", Effect.CREATE, (Part(place(0)),), frozenset({"look"}))
    vendor = Vendor({"look": Done("77", Live("location", "77")), "c0": Done("77")})
    executor, applied = run([look, made], vendor)
    assert vendor.ids_seen["c0"] == {place(0): "77"}
    assert executor.live[place(0)].id == "77"
    assert executor.result.records[place(0)].id == "77"
    assert [c.address for c in applied.done] == [place(0)]


def test_a_change_of_several_calls_is_done_with_the_last_and_fails_with_any() -> None:
    parts = [
        Call("make", Effect.CREATE, (Part(place(0)),)),
        Call("options", Effect.REPLACE, (Part(place(0), "options"),), frozenset({"make"})),
    ]
    executor, applied = run(parts, Vendor(), [create(0)])
    assert applied.complete
    assert executor.result.records == {place(0): Record("id-l0", owned=True)}
    executor, applied = run(parts, Vendor({"options": NotExecuted("no")}), [create(0)])
    assert [c.address for c, _ in applied.failed] == [place(0)]
    assert executor.result.records == {place(0): Record("id-l0", owned=True, confirmed=False)}
    executor, applied = run(parts, Vendor({"make": Unknown("?")}), [create(0)])
    assert [c.address for c, _ in applied.failed] == [place(0)]
    assert not executor.result.records
    assert set(executor.result.pending) == {place(0)}


def test_what_cannot_be_read_back_is_remembered_part_by_part() -> None:
    """From when a call leaves, once it is done, and where nothing more is heard of it."""
    old = State(OWNER, "x", records={place(0): Record("7")})

    def told(text: str, *, confirmed: bool = False) -> Record:
        return Record("", doubt={"note": text}, confirmed=confirmed)

    def part(number: int, *needs: str) -> Call:
        progress = Progress(told(f"{number} on its way"), told(f"{number} done", confirmed=number == 2))
        where = (Part(place(0), f"note {number}"),)
        return Call(f"p{number}", Effect.REPLACE, where, frozenset(needs), progress=progress)

    calls = [part(1), part(2, "p1")]
    change = Change(place(0), Action.UPDATE, "moved", id="7", record=Record("7"), moved_from=place(5))

    def left(**outcomes: PartOutcome) -> Record | None:
        executor, _ = run(calls, Vendor({"p1": Done("7"), "p2": Done("7"), **outcomes}), [change], state=old)
        return executor.result.records.get(place(0))

    assert left() == replace(told("2 done", confirmed=True), id="7")
    assert left(p2=NotExecuted("no")) == replace(told("1 done"), id="7")
    assert left(p2=Unknown("?")) == replace(told("2 on its way"), id="7")
    assert left(p1=Unknown("?")) == replace(told("1 on its way"), id="7")
    assert left(p1=NotExecuted("no")) == Record("7")
    executor, _ = run(calls, Vendor({"p1": Done("7"), "p2": Done("7")}), [change], state=old)
    entries = list(executor.journal)  # type: ignore[call-overload]
    assert fold(old, entries[: next(n for n, each in enumerate(entries, 1) if isinstance(each, Intent))]).records[
        place(0)
    ] == replace(told("1 on its way"), id="7")


def test_one_call_may_carry_several_changes() -> None:
    both = Call("bulk", Effect.REPLACE, (Part(place(0)), Part(place(1))))
    executor, applied = run([both], Vendor())
    assert applied.writes == 1
    assert len(applied.done) == len(executor.result.records) == 2


def test_changes_that_write_nothing_are_remembered_before_the_first_call() -> None:
    old = State(OWNER, "x", records={place(8): Record("8"), place(9): Record("9"), place(7): Record("7")})
    changes = [
        Change(place(1), Action.ADOPT, "found", id="11", record=Record("11"), moved_from=place(8)),
        Change(place(9), Action.FORGET, "left", id="9"),
        create(0),
    ]
    vendor = Vendor({"c0": NotExecuted("no")})
    executor, applied = run([call(0)], vendor, changes, state=old)
    assert isinstance(executor.journal, Memory)
    learnt = fold(old, executor.journal[:2])
    assert learnt.records == executor.result.records == {place(1): Record("11"), place(7): Record("7")}
    assert [c.address for c in applied.done] == [place(1), place(9)]


def test_a_relation_has_no_id_of_its_own_in_the_state() -> None:
    link = Address("", "link", ("ana", "downtown", "haircut"))
    changes = [Change(link, Action.ADOPT, "found", id="1:2:3", record=Record("")), create(0)]
    executor, _ = run([call(0)], Vendor(), changes)
    assert executor.result.records[link] == Record("")


def test_every_call_of_every_run_has_an_intent_of_its_own() -> None:
    one, other = Vendor(), Vendor()
    for vendor in (one, other):
        run([call(n) for n in range(5)], vendor)
    assert len({*one.intents, *other.intents}) == 10


def test_no_calls_at_all_is_done_at_once() -> None:
    _, applied = run([], Vendor(), [])
    assert applied.complete
    assert applied.writes == 0
