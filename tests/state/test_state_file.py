"""The state file is trusted only whole: what was saved comes back, and anything else is one line of an error."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.errors import StateError
from provisioner.kinds import KINDS, Address
from provisioner.state.file import StateFile, secret_digest
from provisioner.state.model import Record, State, Tenant

OWNER = Tenant("sandbox", "2345")
KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
VALUES = (
    PLAIN
    | st.lists(PLAIN, max_size=2)
    | st.lists(st.dictionaries(st.text("abc", max_size=3), PLAIN, max_size=2), max_size=2)
)
RECORDS = st.builds(
    Record,
    st.text("0123456789", max_size=6),
    st.booleans(),
    st.booleans(),
    st.dictionaries(st.text("abc.é", min_size=1, max_size=5), VALUES, max_size=3),
    st.dictionaries(KEYS, KEYS, max_size=2),
)


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    kind = draw(st.sampled_from(KINDS))
    size = max(1, len(kind.key_kinds))
    account = "" if kind.kind == "account" else draw(st.just("") | KEYS)
    return Address(account, kind.kind, tuple(draw(st.lists(KEYS, min_size=size, max_size=size))))


STATES = st.builds(
    State, st.just(OWNER), KEYS, st.integers(0, 10**6), st.dictionaries(addresses(), RECORDS, max_size=5)
)
BOUNDED = settings(
    deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "deep" / "er" / "state.json", OWNER)


def small(file: StateFile) -> State:
    record = Record(
        "118201", owned=True, applied={"name": "Ü", "virtual": True, "lat": "1.5"}, secrets={"password": "ab"}
    )
    return file.save(State(OWNER, "cafe", 3, {Address("", "location", ("downtown",)): record}))


def one_line(file: StateFile) -> str:
    """The error of a load, which names the file and is one line."""
    with pytest.raises(StateError) as caught:
        file.load()
    text = str(caught.value)
    assert "\n" not in text
    assert str(file.path) in text
    return text


@BOUNDED
@given(state=STATES)
def test_a_saved_state_comes_back_equal_with_the_next_serial(file: StateFile, state: State) -> None:
    saved = file.save(state)
    assert saved.serial == state.serial + 1
    assert file.load() == saved
    assert (saved.records, saved.lineage, saved.tenant) == (state.records, state.lineage, state.tenant)


def test_no_file_is_a_fresh_state_with_a_lineage_of_its_own(file: StateFile) -> None:
    one, other = file.load(), file.load()
    assert not one.records
    assert one.serial == 0
    assert len(one.lineage) == 32
    assert one.lineage != other.lineage


def flips(data: bytes) -> list[bytes]:
    """The same bytes with one bit changed, or one byte replaced by one that JSON reads otherwise."""

    def others(byte: int) -> set[int]:
        return {*(byte ^ (1 << bit) for bit in range(8)), *b' 09"}e'} - {byte}

    return [
        data[:place] + bytes([other]) + data[place + 1 :] for place, byte in enumerate(data) for other in others(byte)
    ]


def test_every_flip_of_a_byte_is_noticed_or_changes_nothing(file: StateFile) -> None:
    saved = small(file)
    unnoticed = 0
    for damaged in flips(file.path.read_bytes()):
        file.path.write_bytes(damaged)
        try:
            assert file.load() == saved, damaged
            unnoticed += 1
        except StateError as error:
            assert "\n" not in str(error)  # noqa: PT017 -- either outcome is right, and this is one of them
    assert unnoticed < 300, "only white space may change"


def test_every_truncation_is_noticed(file: StateFile) -> None:
    small(file)
    whole = file.path.read_bytes()
    for length in range(len(whole)):
        file.path.write_bytes(whole[:length])
        assert "damaged or edited by hand" in one_line(file)
    file.path.write_bytes(whole + b"}")
    assert "damaged" in one_line(file)


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "3", '"x"', "{}", '{"sha256": 1}', "[" * 100_000, "\ufeff{}", "\x00"]
)
def test_what_was_never_a_state_is_damaged(file: StateFile, text: str) -> None:
    small(file)
    file.path.write_text(text, "utf-8")
    said = one_line(file)
    assert "damaged" in said
    assert "state.json.previous" in said


def test_bytes_that_are_no_text_are_damaged(file: StateFile) -> None:
    small(file)
    file.path.write_bytes(b"\xff\xfe{}")
    assert "damaged" in one_line(file)


def forged(file: StateFile, **changes: Any) -> None:
    """A file with other contents and a checksum that fits them."""
    body = json.loads(file.path.read_text("utf-8")) | changes
    del body["sha256"]
    canonical = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    file.path.write_text(json.dumps(body | {"sha256": hashlib.sha256(canonical.encode()).hexdigest()}), "utf-8")


def test_a_newer_format_asks_for_a_newer_provisioner(file: StateFile) -> None:
    small(file)
    forged(file, format_version=2, tool_version="9.9")
    assert "written by a newer provisioner (9.9)" in one_line(file)


@pytest.mark.parametrize(
    "changes",
    [
        {"resources": {"hologram/x": {"id": "1"}}},
        {"resources": {"location/x": {"id": "1", "aura": "blue"}}},
        {"resources": {"location/x": []}},
        {"resources": []},
        {"tenant": {"host": "sandbox"}},
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


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("in the way")
    file = StateFile(tmp_path / "deep" / "state.json", OWNER)
    with pytest.raises(StateError, match="cannot be written") as caught:
        file.save(State(OWNER, "x"))
    assert "\n" not in str(caught.value)


def test_a_place_that_is_a_folder_can_be_neither_read_nor_written(file: StateFile) -> None:
    file.path.mkdir(parents=True)
    assert "cannot be read" in one_line(file)
    with pytest.raises(StateError, match="cannot be written"):
        file.save(State(OWNER, "x"))


def test_a_full_disk_leaves_the_state_before_it(file: StateFile, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = small(file)
    for module, broken in ((os, "fsync"), (shutil, "copy2")):
        with monkeypatch.context() as full:

            def refuse(*_: Any, **__: Any) -> None:
                raise OSError(28, "No space left on device")

            full.setattr(module, broken, refuse)
            with pytest.raises(StateError, match="cannot be written: No space left on device"):
                file.save(saved)
        assert file.load() == saved


def test_the_state_before_is_kept_beside_it_and_readable(file: StateFile) -> None:
    first = small(file)
    second = file.save(first.with_records({}))
    previous = StateFile(file.path.with_name("state.json.previous"), OWNER)
    assert previous.load() == first
    assert file.load() == second
    assert sorted(each.name for each in file.path.parent.iterdir()) == ["state.json", "state.json.previous"]


def test_nobody_else_may_read_it(file: StateFile) -> None:
    small(file)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_secrets_digest_is_of_one_lineage_and_tells_nothing() -> None:
    one = secret_digest("cafe", "hunter2")
    assert one == secret_digest("cafe", "hunter2") != secret_digest("beef", "hunter2")
    assert one != secret_digest("cafe", "hunter3")
    assert "hunter2" not in one
