"""The state file is trusted only whole: what was saved comes back, and anything else is one line of an error."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.errors import StateError
from provisioner.kinds import Address
from provisioner.state.codec import secret_digest
from provisioner.state.disk import Disk
from provisioner.state.entries import Begin
from provisioner.state.file import StateFile
from provisioner.state.model import Pending, Record, State, Tenant
from provisioner.state.snapshot import dump
from provisioner.state.store import Stored
from tests.state.strategies import BOUNDED, OWNER, STATES

DOWNTOWN = Address("", "location", ("downtown",))


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "deep" / "er" / "state.json", OWNER)


def small(file: StateFile) -> State:
    record = Record(
        "118201", owned=True, applied={"name": "Ü", "virtual": True, "lat": "1.5"}, secrets={"password": "ab"}
    )
    return file.save(State(OWNER, "cafe", 0, {DOWNTOWN: record}))


def one_line(file: StateFile) -> str:
    """The error of a load, which names the file and is one line."""
    with pytest.raises(StateError) as caught:
        file.load()
    text = str(caught.value)
    assert "\n" not in text
    assert str(file.path) in text
    return text


# -- what is saved comes back


@BOUNDED
@given(state=STATES)
def test_a_saved_state_comes_back_equal_with_the_next_serial(
    tmp_path_factory: pytest.TempPathFactory, state: State
) -> None:
    file = StateFile(tmp_path_factory.mktemp("state") / "state.json", OWNER)
    file.push(replace(state, records={}, pending={}))
    there = file.load().state
    saved = file.save(replace(state, serial=there.serial))
    assert saved.serial == there.serial + 1
    assert file.load() == Stored(saved, interrupted=False)
    assert replace(saved, serial=state.serial) == state


def test_no_file_is_a_fresh_state_with_a_lineage_of_its_own(file: StateFile) -> None:
    one, other = file.load().state, file.load().state
    assert not one.records
    assert one.serial == 0
    assert len(one.lineage) == 32
    assert one.lineage != other.lineage
    assert not file.path.parent.exists()


def test_a_state_of_the_first_format_is_read_and_needs_no_journal(file: StateFile) -> None:
    saved = small(file)
    forged(file, format_version=1)
    body = json.loads(file.path.read_bytes())
    del body["pending"], body["journal"]
    seal(file, body)
    file.journal.unlink()
    assert file.load() == Stored(saved, interrupted=False)
    assert file.load().state == saved
    assert file.save(saved) == file.load().state


def test_the_state_before_is_kept_beside_it_and_readable(file: StateFile) -> None:
    first = small(file)
    before = file.path.read_bytes()
    second = file.save(first.with_records({}))
    assert file.previous.read_bytes() == before
    assert file.given(before, "a copy") == first
    assert file.load().state == second
    names = sorted(each.name for each in file.path.parent.iterdir())
    assert names == ["journal.ndjson", "journal.ndjson.previous", "state.json", "state.json.previous"]


def test_nobody_else_may_read_it(file: StateFile) -> None:
    file.save(small(file))
    file.begin(file.load().state)
    for each in (file.path, file.journal, file.previous, file.taken_in):
        assert each.stat().st_mode & 0o777 == 0o600
    assert file.path.parent.stat().st_mode & 0o777 == 0o700


def test_everything_can_be_forgotten(file: StateFile) -> None:
    file.save(small(file))
    file.remove()
    assert [each.name for each in file.path.parent.iterdir()] == ["lock"]
    assert file.load().state.serial == 0
    file.remove()


class Meanwhile(Disk):
    """A disk on which somebody saves right before some reads."""

    def __init__(self, at: list[int], save: Callable[[], object]) -> None:
        self.at, self.save, self.reads = at, save, 0

    def read(self, path: Path) -> bytes | None:
        self.reads += 1
        if self.reads in self.at:
            self.save()
        return super().read(path)


@pytest.mark.parametrize("at", [[1], [2], [3], [2, 4], [2, 3, 4, 5], [3, 5, 7]])
@pytest.mark.parametrize("saved", [True, False])
def test_what_is_read_while_another_saves_goes_together(file: StateFile, at: list[int], *, saved: bool) -> None:
    """No lock is needed: neither "the journal is gone" nor "is older" is said of files that are all right."""
    if saved:
        small(file)

    def run() -> None:
        """A whole run: its journal and its snapshot."""
        there = file.load().state
        there = there if there.serial else file.save(there)
        journal = file.begin(there)
        journal.append(Begin("another"))
        journal.close()
        file.save(there)

    disk = Meanwhile(at, run)
    found = replace(file, disk=disk).load()
    assert found == file.load()
    assert disk.reads > 2


# -- what is no state


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "3", '"x"', "{}", '{"sha256": 1}', "[" * 100_000, "\ufeff{}", "\x00", '{"a":' * 50_000]
)
def test_what_was_never_a_state_is_damaged(file: StateFile, text: str) -> None:
    small(file)
    file.path.write_text(text, "utf-8")
    said = one_line(file)
    assert "damaged" in said
    assert "Put it together again with provisioner state restore" in said


def test_bytes_that_are_no_text_are_damaged(file: StateFile) -> None:
    small(file)
    file.path.write_bytes(b"\xff\xfe{}")
    assert "damaged" in one_line(file)


def seal(file: StateFile, body: dict[str, Any]) -> None:
    """A file with these contents and a checksum that fits them."""
    del body["sha256"]
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file.path.write_text(json.dumps(body | {"sha256": hashlib.sha256(canonical.encode()).hexdigest()}), "utf-8")


def forged(file: StateFile, **changes: Any) -> None:
    """The same file with other contents, and a checksum that fits."""
    seal(file, json.loads(file.path.read_bytes()) | changes)


def test_a_newer_format_asks_for_a_newer_provisioner(file: StateFile) -> None:
    small(file)
    forged(file, format_version=3, tool_version="9.9")
    assert "written by a newer provisioner (9.9)" in one_line(file)


@pytest.mark.parametrize(
    "changes",
    [
        {"resources": {"hologram/x": {"id": "1"}}},
        {"resources": {"location/x": {"id": "1", "aura": "blue"}}},
        {"resources": {"location/x": []}},
        {"resources": []},
        {"tenant": {"host": "sandbox"}},
        {"pending": {"location/x": {}}},
        {"pending": {"location/x": []}},
        {"lineage": 7},
        {"serial": "many"},
        {"tool_version": "9.9", "resources": {"location/x/y/z": {"id": "1"}}},
    ],
)
def test_contents_that_this_version_does_not_know_are_one_line(file: StateFile, changes: dict[str, Any]) -> None:
    small(file)
    forged(file, **changes)
    assert "newer provisioner" in one_line(file)


def test_the_state_of_another_tenant_is_refused(file: StateFile) -> None:
    small(file)
    for tenant in (Tenant("sandbox", "2346"), Tenant("www.setster.com", "2345")):
        said = one_line(StateFile(file.path, tenant))
        assert "belongs to sandbox company 2345, not to" in said
        assert str(tenant) in said


# -- what is in the way


def test_a_folder_that_is_a_file_can_be_neither_made_nor_read(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("in the way")
    for path, words in (("deep/state.json", "cannot be written: Not a directory"), ("deep/er/state.json", "be made")):
        file = StateFile(tmp_path / path, OWNER)
        assert "cannot be read: Not a directory" in one_line(file)
        for write in (file.save, file.push, file.begin):
            with pytest.raises(StateError, match=words) as caught:
                write(State(OWNER, "x"))
            assert str(file.path.parent) in str(caught.value)
            assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["state.json", "journal.ndjson"])
def test_a_place_that_is_a_folder_can_be_neither_read_nor_written(file: StateFile, name: str) -> None:
    file.path.with_name(name).mkdir(parents=True)
    with pytest.raises(StateError, match=f"{name}: cannot be read: Is a directory"):
        file.load()
    with pytest.raises(StateError, match="cannot be written: Is a directory"):
        file.save(State(OWNER, "x"))


# -- compare and set


def test_what_another_run_saved_is_not_overwritten(file: StateFile) -> None:
    first = small(file)
    second = file.save(first)
    for write in (file.save, file.begin):
        with pytest.raises(StateError, match="was written by another run") as caught:
            write(first)
        assert "serial 2" in str(caught.value)
        assert "nothing is overwritten" in str(caught.value)
    assert file.load() == Stored(second, interrupted=False)


def test_of_two_that_begin_with_nothing_the_second_is_refused(file: StateFile) -> None:
    one, other = file.load().state, file.load().state
    saved = file.save(one)
    with pytest.raises(StateError, match="was written by another run"):
        file.save(other)
    assert file.load().state == saved


def test_a_state_that_was_moved_away_meanwhile_is_not_made_again(file: StateFile) -> None:
    saved = small(file)
    file.path.unlink()
    with pytest.raises(StateError, match="was moved away since it was read"):
        file.save(saved)
    assert not file.path.exists()


def test_a_state_that_is_gone_is_not_taken_for_none(file: StateFile) -> None:
    small(file)
    file.path.unlink()
    assert "state.json: is gone, and the journal beside it goes on from it. Put it back" in one_line(file)


def test_a_damaged_state_is_not_overwritten(file: StateFile) -> None:
    saved = small(file)
    file.path.write_bytes(b"{}")
    with pytest.raises(StateError, match="damaged"):
        file.save(saved)
    assert file.path.read_bytes() == b"{}"


# -- put back by a person


def test_a_pushed_state_is_newer_than_all_that_was_there(file: StateFile) -> None:
    first = small(file)
    for _ in range(5):
        latest = file.save(file.load().state.with_records({}))
    pushed = file.push(first)
    assert (pushed.serial, pushed.records) == (latest.serial + 1, first.records)
    assert file.load() == Stored(pushed, interrupted=False)
    with pytest.raises(StateError, match="was written by another run"):
        file.save(latest)


def test_a_push_over_damage_is_newer_than_what_was_damaged(file: StateFile) -> None:
    first = small(file)
    before = file.save(file.save(first))
    for path in (file.path, file.journal):
        whole = path.read_bytes()
        path.write_bytes(whole[:-9] + b"x")
        pushed = file.push(first)
        assert pushed.serial > before.serial
        assert file.load() == Stored(pushed, interrupted=False)
        before = pushed


def test_a_push_over_damage_keeps_the_last_good_one(file: StateFile) -> None:
    first = small(file)
    file.save(first)
    good = file.previous.read_bytes()
    file.path.write_bytes(b"damaged")
    file.push(file.given(good, "previous"))
    assert file.previous.read_bytes() == good


OTHER = State(OWNER, "cafe", 2, {DOWNTOWN: Record("1")})


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        (State(OWNER, "cafe", 1), r"is older than the state here \(serial 1, here 2\)"),
        (State(OWNER, "beef", 9), r"another lineage than the state here \(beef, here cafe\)"),
        (OTHER, r"says something else than the state here, which has the same serial \(2\)"),
        (replace(OTHER, serial=3), ""),
    ],
)
def test_what_speaks_against_a_push(file: StateFile, given_: State, words: str) -> None:
    there = file.save(small(file))
    assert not file.objection(there)
    found = file.objection(given_)
    assert re.fullmatch(f"it .*{words}.*" if words else "", found)


def test_an_interrupted_run_speaks_against_a_push(file: StateFile) -> None:
    there = small(file)
    journal = file.begin(there)
    journal.append(Begin("killed"))
    journal.close()
    assert "an interrupted apply is still to be taken into account" in file.objection(replace(there, serial=9))


def test_what_cannot_be_read_speaks_against_a_push(file: StateFile) -> None:
    there = small(file)
    file.path.write_bytes(b"{}")
    assert file.objection(there).startswith(f"what is there cannot be read ({file.path}: damaged")


def test_nothing_speaks_against_the_first_push(file: StateFile) -> None:
    assert not file.objection(State(OWNER, "beef", 9))


def test_a_copy_says_nothing_of_a_journal(file: StateFile) -> None:
    saved = small(file)
    copy = dump(saved)
    assert "journal" not in json.loads(copy)
    file.path.write_text(copy, "utf-8")
    file.journal.unlink()
    assert file.load() == Stored(saved, interrupted=False)


# -- what it says


@given(value=st.text(st.characters(), max_size=9))
def test_a_secrets_digest_is_of_one_lineage(value: str) -> None:
    one = secret_digest("cafe", value)
    assert one == secret_digest("cafe", value) != secret_digest("beef", value)
    assert one != secret_digest("cafe", value + "!")


def test_a_secrets_digest_is_the_same_for_every_version() -> None:
    assert secret_digest("cafe", "hunter2") == "7e3d029daceca4efe10686a9ac54698f"
    assert secret_digest("x" * 100, "v") == "9052d9910efa31e51bfc881ff9d7e8f4"


def test_what_is_pending_is_remembered_whole(file: StateFile) -> None:
    waiting = Pending(Record("", owned=True), since=1.5, known=frozenset({"7"}))
    saved = file.save(State(OWNER, "cafe", 0, pending={DOWNTOWN: waiting}))
    assert file.load().state.pending == saved.pending == {DOWNTOWN: waiting}
