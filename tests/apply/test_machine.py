"""Edits, plans, applies, deaths, drift, lost answers and sessions, torn journals, in any order: what always holds."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from provisioner.errors import PartlyAppliedError, ProvisionerError
from provisioner.kinds import BY_NAME
from provisioner.plan.change import Plan
from provisioner.sandbox.faults import script
from provisioner.sandbox.tables import objects, sessions
from provisioner.state.fold import fold
from provisioner.state.journal import Files, parse
from tests.apply.crash import ENVIRON, World, kept

LOCATIONS, SERVICES, PEOPLE = ("l0", "l1", "l2"), ("s0", "s1"), ("e0", "e1", "e2")
WEEK = "[{dates: 2026, week: {mon-fri: '09:00-17:00'}}]"
FAULTS: tuple[dict[str, Any], ...] = (
    {"fault": "reset", "times": 1},
    {"fault": "reset", "executed": False},
    {"fault": "timeout"},
    {"fault": "error", "executed": True},
    {"fault": "error", "executed": False},
    {"fault": "html", "executed": True},
    {"fault": "truncate"},
    {"fault": "expire", "all": True},
    {"fault": "refuse", "code": 1},
)
_OBJECT = re.compile(r"/api/v2/(location|employee|service)/(\d+)$")


class Machine(RuleBasedStateMachine):
    """One workspace and its tenant; what is wanted is kept in three dicts."""

    @initialize()
    def begin(self) -> None:
        """An empty tenant, and one location wanted."""
        self.folder = Path(tempfile.mkdtemp())
        self.locations: dict[str, int] = {"l0": 0}
        self.services: dict[str, int] = {}
        self.people: dict[str, dict[str, list[str]]] = {}
        self.torn = False
        self.world = World(self.folder / "w", self.text())
        self.mine: set[tuple[str, str]] = set()
        self.first = self.world.ids()

    def teardown(self) -> None:
        """Nothing is left behind."""
        if hasattr(self, "world"):
            self.world.close()
            shutil.rmtree(self.folder)

    def text(self) -> str:
        """What is wanted, as a manifest."""
        lines = ["locations:"] + [f"  {k}: {{name: Name {k}, phone: '{n}'}}" for k, n in self.locations.items()]
        lines += ["services:" if self.services else "services: {}"]
        lines += [f"  {k}: {{name: Name {k}, duration: {15 * (n + 1)} min}}" for k, n in self.services.items()]
        lines += ["employees:" if self.people else "employees: {}"]
        for key, places in self.people.items():
            at = {l: [s for s in offered if s in self.services] for l, offered in places.items() if l in self.locations}  # noqa: E741
            inner = ", ".join(f"{l}: {{services: [{', '.join(each)}], hours: {WEEK}}}" for l, each in at.items())  # noqa: E741
            lines.append(
                f"  {key}: {{email: {key}@x.example, first_name: F, last_name: N, password: '${{env:WEST_PASSWORD}}'"
                f"{f', at: {{{inner}}}' if inner else ''}}}"
            )
        return "\n".join(lines) + "\n"

    # -- edits

    @rule(key=st.sampled_from(LOCATIONS), phone=st.integers(0, 3))
    def location(self, key: str, phone: int) -> None:
        """Want a location, or another phone for it."""
        self.locations[key] = phone
        self.world.write(self.text())

    @rule(key=st.sampled_from(LOCATIONS[1:]))
    def no_location(self, key: str) -> None:
        """Want it no longer."""
        self.locations.pop(key, None)
        self.world.write(self.text())

    @rule(key=st.sampled_from(SERVICES), length=st.integers(0, 3))
    def service(self, key: str, length: int) -> None:
        """Want a service, or another length of it."""
        self.services[key] = length
        self.world.write(self.text())

    @rule(key=st.sampled_from(SERVICES))
    def no_service(self, key: str) -> None:
        """Want it no longer."""
        self.services.pop(key, None)
        self.world.write(self.text())

    @rule(
        key=st.sampled_from(PEOPLE),
        places=st.dictionaries(
            st.sampled_from(LOCATIONS), st.lists(st.sampled_from(SERVICES), unique=True), max_size=2
        ),
    )
    def person(self, key: str, places: dict[str, list[str]]) -> None:
        """Want someone, or want them to offer other services elsewhere."""
        self.people[key] = places
        self.world.write(self.text())

    @rule(key=st.sampled_from(PEOPLE))
    def no_person(self, key: str) -> None:
        """Want them no longer."""
        self.people.pop(key, None)
        self.world.write(self.text())

    # -- what others do

    @rule(pick=st.integers(0, 50), phone=st.integers(4, 6))
    def drift(self, pick: int, phone: int) -> None:
        """Someone changes a location behind our back."""
        store = self.world.app.state.store
        live = sorted(id_ for kind, id_ in self.world.ids() if kind == "location")
        id_ = int(live[pick % len(live)])
        with store.transaction():
            held = objects.get(store, "location", 2345, id_) or {}
            objects.save(store, "location", id_, held | {"phone": str(phone)})

    @rule(pick=st.integers(0, 50))
    def vanish(self, pick: int) -> None:
        """Someone deletes a service that we made, when nobody is linked to it."""
        store = self.world.app.state.store
        made = sorted(id_ for kind, id_ in self.world.ids() - self.first if kind == "service")
        linked = {str(service) for (service,) in store.rows("SELECT service_id FROM links")}
        free = [id_ for id_ in made if id_ not in linked]
        if free:
            with store.transaction():
                store.run("DELETE FROM objects WHERE kind = 'service' AND id = ?", int(free[pick % len(free)]))

    @rule()
    def sign_everyone_out(self) -> None:
        """Every session ends."""
        with self.world.app.state.store.transaction():
            sessions.end_all(self.world.app.state.store)

    @rule(fault=st.sampled_from(FAULTS), method=st.sampled_from(["POST", "PUT", "DELETE"]), skip=st.integers(0, 6))
    def trouble(self, fault: dict[str, Any], method: str, skip: int) -> None:
        """Something will go wrong with a request to come."""
        with self.world.app.state.store.transaction():
            script.put(self.world.app.state.store, {"rules": [{**fault, "method": method, "skip": skip}]})

    # -- what we do

    @rule(at=st.integers(1, 160))
    def die(self, at: int) -> None:
        """An apply that is killed."""
        self.world.die(at)

    @rule(cut=st.integers(1, 200))
    def tear(self, cut: int) -> None:
        """The tail of the journal did not make it to the disk, though the disk had said so."""
        path = self.world.file().journal
        if self.world.file().load().interrupted:
            data = path.read_bytes()
            head = data.index(b"\n") + 1
            if len(data) - cut > head:
                path.write_bytes(data[: len(data) - cut])
                self.torn = True

    @rule()
    def apply(self) -> None:
        """An apply, whatever awaits it."""
        ended = self.world.apply()
        assert ended == 0 or isinstance(ended, PartlyAppliedError), repr(ended)

    @rule()
    def settle(self) -> None:
        """On a good day two applies are enough, and then nothing is left to do."""
        with self.world.app.state.store.transaction():
            script.clear(self.world.app.state.store)
        ended = self.world.apply()
        assert ended == 0, repr(ended)
        plan = self.world.plan()
        assert (plan.changes, plan.refreshed, plan.pending) == ((), {}, ()), describe(plan)
        wanted = {("location", f"Name {k}") for k in self.locations} | {("service", f"Name {k}") for k in self.services}
        wanted |= {("employee", f"{k}@x.example") for k in self.people}
        live = {(kind, name) for kind, names in self.world.live().items() for name in names}
        assert wanted <= live
        ours = {each for each in live if each[1].startswith("Name ") or each[1].endswith("@x.example")}
        assert ours == wanted or self.torn, "something is left over"

    @rule()
    def plan(self) -> None:
        """A plan writes nothing, anywhere."""
        folder = self.world.file().path.parent
        before = kept(folder)
        live = self.world.live()
        try:
            self.world.plan()
        except ProvisionerError as error:
            raise AssertionError(str(error)) from error
        after = kept(folder)
        assert (after, self.world.live()) == (before, live)

    # -- what always holds

    @invariant()
    def nothing_is_there_twice(self) -> None:
        """One live object for each address."""
        if hasattr(self, "world"):
            for kind, names in self.world.live().items():
                assert set(names.values()) <= {1}, f"{kind}: {names}"

    @invariant()
    def no_address_has_the_object_of_another(self) -> None:
        """One address for each object."""
        if hasattr(self, "world"):
            records = self.world.state.records
            ids = [(a.kind, r.id) for a, r in records.items() if not BY_NAME[a.kind].key_kinds]
            assert len(ids) == len(set(ids))

    @invariant()
    def nobody_elses_object_was_written(self) -> None:
        """No write went to an id outside of what we made."""
        if hasattr(self, "world"):
            rows = self.world.app.state.store.rows("SELECT method, path FROM calls WHERE method IN ('PUT', 'DELETE')")
            written = {found.groups() for _, path in rows if (found := _OBJECT.match(path))}
            assert not written & self.first

    @invariant()
    def replaying_changes_nothing_more(self) -> None:
        """The journal is taken in once, however often it is read."""
        if hasattr(self, "world"):
            file = self.world.file()
            once, interrupted = file.load()
            if interrupted:
                entries = parse(file.journal.read_bytes(), Files(file.journal, file.path)).entries
                assert fold(once, entries).records == once.records
            else:
                assert fold(once, ()) == once

    @invariant()
    def no_secret_is_written_down(self) -> None:
        """Neither state nor journal tells one."""
        if hasattr(self, "world"):
            folder = self.world.file().path.parent
            for data in kept(folder).values():
                assert ENVIRON["WEST_PASSWORD"].encode() not in data


def describe(plan: Plan) -> list[str]:
    """A plan that should have been empty."""
    return [f"{c.action} {c.address}: {c.reason}" for c in plan.changes] + [*map(str, plan.refreshed), *plan.notes]


BOUNDED = settings(
    deadline=None, derandomize=True, stateful_step_count=20, max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def test_what_always_holds_holds() -> None:
    run_state_machine_as_test(Machine, settings=BOUNDED)


@pytest.mark.slow
def test_what_always_holds_holds_for_long() -> None:
    long = settings(BOUNDED, derandomize=False, stateful_step_count=50, max_examples=400)
    run_state_machine_as_test(Machine, settings=long)
