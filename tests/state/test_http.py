"""The state at a server of the HTTP state protocol, over a real socket: locked, sent whole, and never overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from provisioner.errors import LockedError, StateError
from provisioner.state import http, wire
from provisioner.state.codec import encode_tenant
from provisioner.state.entries import Intent, Outcome
from provisioner.state.fold import fold
from provisioner.state.http import HttpDocument
from provisioner.state.model import Record, State
from provisioner.state.remote import RemoteState
from provisioner.state.wire import Wire
from tests.state.damage import BEFORE, RUN, at, made
from tests.state.http_server import PASSWORD, USER, States, states
from tests.state.strategies import OWNER

FRESH = State(OWNER, "cafe", 0, BEFORE)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[States]:
    monkeypatch.setattr(wire, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(http, "PAUSES", (0.0, 0.0, 0.0))
    with states() as kept:
        yield kept


def store(server: States, name: str = "/salon", **more: str) -> RemoteState:
    address = f"{server.url}{name}"
    given = {"lock": address, "unlock": address, "user": USER, "password": PASSWORD, **more}
    return RemoteState(HttpDocument(Wire(address, **given), OWNER))


def gitlab(server: States) -> RemoteState:
    lock = f"{server.url}/salon/lock"
    return store(server, lock=lock, unlock=lock, lock_method="POST", unlock_method="DELETE")


# -- what is there


@pytest.mark.parametrize("make", [store, gitlab])
def test_what_is_saved_is_found(server: States, make: object) -> None:
    one = make(server)  # type: ignore[operator]
    assert one.load().state.serial == 0
    odd = {next(iter(BEFORE)): Record("1", applied={"name": "half \ud83d a pair, a \x00, \u2028 ünï"})}
    with one.locked("provisioner apply"):
        saved = one.save(replace(FRESH, records=odd))
    assert store(server).load() == (saved, False)
    assert server.locks == {}
    document = server.body("/salon")
    assert (document["version"], document["serial"], document["lineage"]) == (4, 1, "cafe")


@pytest.mark.parametrize("count", range(1, len(RUN) + 1))
def test_of_a_run_that_dies_every_create_is_known_that_may_have_left(server: States, count: int) -> None:
    """What was not sent yet is only what the next run finds out by a look."""
    one, entries = store(server), RUN[:count]
    with one.locked("provisioner apply"):
        saved = one.save(FRESH)
        log = one.begin(saved)
        for entry in entries:
            log.append(entry)
        found = store(server).load().state
    sent = max(n for n, each in enumerate(entries) if not isinstance(each, Outcome) and (n == 0 or _makes(each)))
    assert found in [fold(saved, RUN[:n]) for n in range(sent + 1, count + 1)]


def _makes(entry: object) -> bool:
    return isinstance(entry, Intent) and bool(entry.making)


def test_what_is_left_is_sent_at_the_end_of_a_run(server: States) -> None:
    one = store(server)
    with one.locked("provisioner apply"):
        saved = one.save(FRESH)
        log = one.begin(saved)
        for entry in RUN:
            log.append(entry)
        log.close()
        assert store(server).load().state == fold(saved, RUN)
        assert store(server).holder().startswith("provisioner apply (process ")
        after = one.save(one.load().state)
    assert store(server).load() == (after, False)
    assert store(server).holder() == ""


@pytest.mark.parametrize(
    "text",
    [
        '{"version": 4, "terraform_version": "1.5.7", "serial": 3, "lineage": "x", "resources": []}',
        "<html>",
        "[]",
        json.dumps({"provisioner": 1, "tenant": encode_tenant(OWNER), "journal": None, "serial": float("inf")}),
    ],
)
def test_what_is_not_ours_is_left_alone(server: States, text: str) -> None:
    server.documents["/salon"] = text.encode()
    one = store(server)
    with pytest.raises(StateError, match="no state of this provisioner, and is left alone"):
        one.load()
    with pytest.raises(StateError, match="left alone"), one.locked("provisioner state push"):
        one.push(FRESH)
    assert server.documents["/salon"] == text.encode()
    assert server.locks == {}


def test_the_state_of_another_tenant_is_left_alone(server: States) -> None:
    one = store(server)
    with one.locked("x"):
        one.save(FRESH)
    other = RemoteState(replace(one.remote, tenant=replace(OWNER, company_id="9")))  # type: ignore[type-var]
    with pytest.raises(StateError, match=f"holds that of {OWNER}, not of"):
        other.load()


# -- the lock


@pytest.mark.parametrize("make", [store, gitlab])
def test_the_second_is_told_who_is_at_work(server: States, make: object) -> None:
    one, other = make(server), make(server)  # type: ignore[operator]
    with one.locked("provisioner apply"):
        with pytest.raises(LockedError, match=r"provisioner apply \(\S+@\S+, since 20\S+\) is at work") as caught:
            other.locked("provisioner apply").__enter__()
        lock = json.loads(server.locks["/salon"])["ID"]
        assert f"if it is dead: provisioner state unlock {lock}" in str(caught.value)
    with other.locked("provisioner apply"):
        pass


@pytest.mark.parametrize("make", [store, gitlab])
def test_a_lock_that_was_broken_stops_the_one_that_had_it(server: States, make: object) -> None:
    one, other = make(server), make(server)  # type: ignore[operator]
    with ExitStack() as held:
        held.enter_context(one.locked("provisioner apply"))
        saved = one.save(FRESH)
        log = one.begin(saved)
        log.append(*RUN)
        other.unlock(json.loads(server.locks["/salon"])["ID"])
        assert other.holder() == ""
        for _ in range(2):
            with pytest.raises(StateError, match="another run has the lock, or broke it"):
                log.append(*RUN)
        with pytest.raises(StateError, match="another run has the lock, or broke it"):
            one.save(saved)
        with pytest.raises(StateError, match="cannot be unlocked: this is not the lock that is on it: somebody broke"):
            held.close()
    assert other.load().interrupted


def test_a_lock_that_is_not_there_cannot_be_broken(server: States) -> None:
    with pytest.raises(StateError, match="not the lock that is on it: an apply that is refused names it"):
        store(server).unlock("0")


# -- the way there


@pytest.mark.parametrize("method", ["GET", "POST", "LOCK", "UNLOCK"])
@pytest.mark.parametrize("fault", ["refuse", "lose"])
@pytest.mark.parametrize("times", [1, 3])
def test_what_nobody_answers_is_tried_again(server: States, method: str, fault: str, times: int) -> None:
    """Done or not: a document is not taken twice, and no lock is left."""
    one = store(server)
    server.faults = [(method, fault)] * times
    with one.locked("x"):
        saved = one.save(FRESH)
    assert store(server).load() == (saved, False)
    assert (server.body("/salon")["serial"], server.locks) == (1, {})


def test_what_fails_for_good_is_one_line(server: States) -> None:
    one = store(server)
    server.faults = [("GET", "refuse")] * 9
    with pytest.raises(StateError, match="cannot be read: the server answers 503"):
        one.load()
    server.faults = [("GET", "redirect")]
    with pytest.raises(StateError, match="which is never followed"):
        one.load()
    with pytest.raises(
        StateError, match=r"lets nobody in \(401\): export what may, as PROVISIONER_STATE_USERNAME"
    ) as told:
        store(server, password="wrong-s3cret").load()
    assert "s3cret" not in str(told.value) + repr(one)
    with pytest.raises(StateError, match="export what signs in there"):
        store(server, password="").load()
    with pytest.raises(StateError, match="cannot be read"):
        store(States(url="http://127.0.0.1:1")).load()


def test_a_server_that_never_ends_its_answer_holds_nobody_up(server: States, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something comes all the time, so no time-out between two bytes ends it."""
    monkeypatch.setattr(wire, "DEADLINE", 0.05)
    server.faults = [("GET", "drip")] * 4
    with pytest.raises(StateError, match="cannot be read: the answer takes longer than"):
        store(server).load()
    assert server.faults == []


def test_many_creates_that_are_told_at_once_are_one_document(server: States) -> None:
    one = store(server)
    making = {at(f"location/l{n}"): made("Hill") for n in range(3)}
    with one.locked("x"):
        log = one.begin(one.save(FRESH))
        before = len(server.posts)
        log.append(*(Intent(f"c{n}", 1.0, {address: each}) for n, (address, each) in enumerate(making.items())))
        log.append(Outcome("c0", 2.0))
        assert len(server.posts) == before + 1
        log.close()
        assert len(server.posts) == before + 2


def test_what_is_changed_and_cannot_be_looked_at_is_there_before_it_leaves(server: States) -> None:
    """Nothing else would ever tell that it may have been changed."""
    one, touched = store(server), {at("service/cut"): BEFORE[at("service/cut")]}
    with one.locked("x"):
        log = one.begin(one.save(FRESH))
        for entry, documents in ((Intent("u1", 1.0), 0), (Intent("u2", 1.0, {}, touched), 1)):
            before = len(server.posts)
            log.append(entry)
            assert len(server.posts) == before + documents
