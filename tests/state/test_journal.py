"""The journal: what was written down comes back, is durable before anyone goes on, and ends with the first failure."""

from __future__ import annotations

import errno
import json
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.errors import StateError
from provisioner.state.codec import canonical
from provisioner.state.disk import Disk
from provisioner.state.entries import Begin, Entry, Intent, Outcome, decode_entry, encode_entry
from provisioner.state.file import StateFile
from provisioner.state.fold import fold
from provisioner.state.journal import Files, Journal, begin, digest, entries_since, parse
from provisioner.state.model import State, Tenant
from tests.state.damage import RUN
from tests.state.disks import Failing, Noting
from tests.state.strategies import BOUNDED, OWNER, STATES, addresses, entries

STATE = State(OWNER, "cafe", 3)
APPEND = ["is_gone", "write", "sync"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.ndjson"


def read(path: Path) -> tuple[Entry, ...]:
    """What a journal's file says."""
    return parse(path.read_bytes(), Files(path, path.with_name("state.json"))).entries


def opened(path: Path, disk: Disk | None = None) -> Journal:
    return begin(path, disk or Disk(), STATE)


# -- what is written


@given(entry=entries(addresses()))
def test_an_entry_comes_back_equal(entry: Entry) -> None:
    assert decode_entry(json.loads(canonical(encode_entry(entry)))) == entry


@BOUNDED
@given(state=STATES, written=st.lists(st.lists(entries(addresses()), max_size=3), max_size=4))
def test_a_journal_comes_back_equal(
    tmp_path_factory: pytest.TempPathFactory, state: State, written: list[list[Entry]]
) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal.ndjson"
    journal = begin(path, Disk(), state)
    for together in written:
        journal.append(*together)
    journal.close()
    found = parse(path.read_bytes(), Files(path, path))
    assert found.base == (state.tenant, state.lineage, state.serial)
    assert found.entries == tuple(entry for together in written for entry in together)


def test_a_new_journal_takes_the_place_of_the_one_before(path: Path) -> None:
    journal = opened(path)
    journal.append(*RUN)
    journal.close()
    opened(path).close()
    assert read(path) == ()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


# -- durable first


def test_each_append_is_one_write_and_one_sync_and_then_there(path: Path) -> None:
    disk = Noting()
    journal = opened(path, disk)
    assert disk.done == ["create", "write", "sync", "close", "rename", "sync_folder", "extend"]
    for count, entry in enumerate(RUN, 1):
        disk.done.clear()
        journal.append(entry)
        assert disk.done == APPEND
        assert read(path) == RUN[:count]
    disk.done.clear()
    journal.append(*RUN)
    assert disk.done == APPEND
    assert read(path) == RUN * 2
    journal.close()
    journal.close()  # the number may be another file's by now
    assert disk.done == [*APPEND, "close"]


@pytest.mark.parametrize("operation", range(3))
@pytest.mark.parametrize("torn", [0.0, 0.01, 0.5, 0.99, 1.0])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_after_the_first_failure_nothing_more_is_ever_written(
    path: Path, operation: int, torn: float, error: int
) -> None:
    disk = Failing(error=error, torn=torn)
    journal = opened(path, disk)
    disk.done.clear()
    disk.at = operation  # is_gone, write, sync
    with pytest.raises(StateError, match=r"journal\.ndjson: cannot be written: it fails here") as first:
        journal.append(*RUN[:3])
    left, done = path.read_bytes(), [*disk.done]
    for _ in range(2):
        with pytest.raises(StateError) as again:
            journal.append(RUN[3])
        assert str(again.value) == str(first.value)
    assert (path.read_bytes(), disk.done) == (left, done)
    assert RUN[: len(read(path))] == read(path)
    journal.close()


def test_what_cannot_be_closed_was_durable_before(path: Path) -> None:
    disk = Failing()
    journal = opened(path, disk)
    journal.append(*RUN)
    disk.done.clear()
    disk.at = 0
    journal.close()
    assert disk.done == ["close"]
    assert read(path) == RUN


def test_a_writer_whose_journal_was_replaced_is_told_so(path: Path) -> None:
    """It lost its lock: what it wrote from then on nobody would ever read."""
    ours = opened(path)
    ours.append(RUN[0])
    theirs = opened(path)
    with pytest.raises(StateError, match="was replaced by another run: plan again") as caught:
        ours.append(*RUN[1:])
    theirs.append(Begin("theirs"))
    assert read(path) == (Begin("theirs"),)
    path.unlink()
    for journal in (ours, theirs):
        with pytest.raises(StateError, match="was replaced by another run"):
            journal.append(*RUN)
        journal.close()
    assert "\n" not in str(caught.value)


# -- who may begin


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "state.json", OWNER)


def test_a_run_may_begin_before_anything_was_saved(file: StateFile) -> None:
    fresh = file.load().state
    journal = file.begin(fresh)
    journal.append(*RUN)
    journal.close()
    found = file.load()
    assert found == (fold(fresh, RUN), True)
    assert file.save(found.state) == file.load().state


def test_nobody_begins_over_a_run_that_is_not_in_the_state(file: StateFile) -> None:
    saved = file.save(State(OWNER, "cafe"))
    journal = file.begin(saved)
    file.begin(saved).append(RUN[0])
    journal.close()
    with pytest.raises(StateError, match="tells of a run that is not in the state yet: plan again"):
        file.begin(saved)
    assert read(file.journal) == RUN[:1]
    file.begin(file.save(file.load().state)).close()


def test_nobody_begins_beside_a_state_that_cannot_be_trusted(file: StateFile) -> None:
    saved = file.save(State(OWNER, "cafe"))
    file.journal.unlink()
    with pytest.raises(StateError, match="is gone from beside"):
        file.begin(saved)
    assert not file.journal.exists()


# -- which state it goes on from


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (replace(STATE, tenant=Tenant("sandbox", "7")), "belongs to .*2345.*, not to .*7.*: put the right one there"),
        (replace(STATE, lineage="beef"), r"belongs to another state \(lineage cafe\): .* state push --force"),
        (replace(STATE, serial=2), r"goes on from serial 3, and .*state\.json has 2: that is an older copy\. .*force"),
        (replace(STATE, serial=4), r"is older than .*state\.json \(serial 3, and that has 4\): put the newer one back"),
        (replace(STATE, serial=5), r"is older than .*state\.json \(serial 3, and that has 5\): put the newer one back"),
    ],
    ids=["another tenant", "another lineage", "an older state", "a newer state", "a much newer state"],
)
def test_a_journal_of_another_state_says_which_of_the_two_is_wrong(path: Path, state: State, words: str) -> None:
    opened(path).close()
    for taken_in in (None, digest(b"another")):
        with pytest.raises(StateError, match=rf"journal\.ndjson: {words}"):
            entries_since(state, path.read_bytes(), taken_in, Files(path, path.with_name("state.json")))


def test_a_journal_adds_to_the_state_it_goes_on_from_and_nothing_to_one_that_took_it_in(path: Path) -> None:
    journal = opened(path)
    journal.append(*RUN)
    journal.close()
    told, files = path.read_bytes(), Files(path, path.with_name("state.json"))
    assert entries_since(STATE, told, None, files) == RUN
    assert entries_since(replace(STATE, serial=4), told, digest(told), files) == ()


# -- what it does not know


def forged(path: Path, *bodies: dict[str, object]) -> None:
    """Lines that fit, whatever they say."""
    lines, crc = [], 0
    for number, body in enumerate(bodies):
        text = canonical({"n": number, **body})
        crc = zlib.crc32(text, crc)
        lines.append(b'%s,"crc":"%08x"}\n' % (text[:-1], crc))
    path.write_bytes(b"".join(lines))


BASE = {"type": "base", "tenant": {"host": "sandbox", "company_id": "2345"}, "lineage": "cafe", "serial": 3}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "omen"},
        {"type": "begin", "run": "x"},
        {"type": "begin", "run": "x", "known": [["", "location"]]},
        {"type": "intent", "call": "c", "at": "soon", "making": {}},
        {"type": "intent", "call": "c", "at": 1, "making": {"hologram/x": {}}},
        {"type": "intent", "call": "c", "at": 1, "making": {"location/x": {"record": {"aura": 1}}}},
        {"type": "outcome", "call": "c", "at": 1, "records": {"location/x": 7}},
        {"type": "outcome", "call": "c", "at": 1, "unknown": [7]},
        {"type": "outcome", "call": "c", "at": 1, "ids": []},
    ],
)
def test_an_entry_that_this_version_does_not_know_is_one_line(path: Path, body: dict[str, object]) -> None:
    forged(path, BASE, body)
    with pytest.raises(StateError, match=r"journal\.ndjson: written by a newer provisioner: update this one"):
        read(path)


@pytest.mark.parametrize(
    "body", [{}, {"type": "begin", "run": "x", "known": []}, {**BASE, "tenant": 7}, {**BASE, "type": "x"}]
)
def test_a_journal_that_goes_on_from_nothing_is_one_line(path: Path, body: dict[str, object]) -> None:
    forged(path, body)
    with pytest.raises(StateError, match="newer provisioner"):
        read(path)


@pytest.mark.parametrize(
    "text", [b'{"n":0]}', b"{" * 100_000 + b"}", b'{"n":0,"a":"\xff"}', b'{"n":' + b"9" * 5000 + b"}"]
)
def test_a_line_that_fits_and_is_no_json_is_damaged(path: Path, text: bytes) -> None:
    path.write_bytes(b'%s,"crc":"%08x"}\n' % (text[:-1], zlib.crc32(text)))
    with pytest.raises(StateError, match=r"journal\.ndjson:1: damaged or edited by hand\. .* state restore"):
        read(path)


@pytest.mark.parametrize("data", [b"", b"\n", b"{", b'{"n":0,"crc":"00000000"}\n'])
def test_a_journal_that_does_not_even_begin_is_damaged_in_its_first_line(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(StateError, match=r"journal\.ndjson:1: damaged or edited by hand"):
        read(path)


def test_a_line_with_the_number_of_another_is_damaged(path: Path) -> None:
    body = {"type": "begin", "run": "x", "known": []}
    forged(path, BASE, {**body, "n": 2})
    with pytest.raises(StateError, match=r"journal\.ndjson:2: damaged"):
        read(path)
    forged(path, BASE, {**body, "n": 1})
    assert read(path) == (Begin("x"),)


def test_an_outcome_and_its_intent_may_be_of_a_thing_without_parts(path: Path) -> None:
    journal = opened(path)
    journal.append(Intent("u", 1.5), Outcome("u", 2.5))
    journal.close()
    assert read(path) == (Intent("u", 1.5), Outcome("u", 2.5))
