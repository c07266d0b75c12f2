"""A damaged state is put together again from what lies beside it, with nothing lost and nothing invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.errors import StateError
from provisioner.state.file import StateFile
from provisioner.state.fold import fold
from provisioner.state.model import State
from provisioner.state.store import Restored
from tests.state.damage import BEFORE, OWNER, RUN, at, contents

NOW = 1_800_000_000.0


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    """The state after one snapshot."""
    file = StateFile(tmp_path / "here/state.json", OWNER)
    file.save(State(OWNER, "cafe", 0, BEFORE))
    return file


def ran(file: StateFile, count: int = len(RUN)) -> None:
    """A run that did so much, and ended without its snapshot."""
    journal = file.begin(file.load().state)
    journal.append(*RUN[:count])
    journal.close()


def finished(file: StateFile) -> State:
    """A run that ended well, and its snapshot."""
    before = file.load().state
    ran(file)
    return file.save(replace(fold(before, RUN), serial=before.serial))


def damage(file: StateFile) -> None:
    file.path.write_bytes(b"x" + file.path.read_bytes())
    with pytest.raises(StateError, match="Put it together again with provisioner state restore"):
        file.load()


def test_the_last_run_is_in_it(file: StateFile) -> None:
    saved = finished(file)
    damage(file)
    assert file.restored(NOW) == Restored(replace(saved, serial=saved.serial + 1), missing=False)


@pytest.mark.parametrize("count", range(1, len(RUN) + 1))
def test_so_is_one_that_was_interrupted_after_it(file: StateFile, count: int) -> None:
    finished(file)
    ran(file, count)
    last = file.load().state
    damage(file)
    found = file.restored(NOW)
    state, missing = found.state, found.missing
    assert (replace(state, serial=last.serial), missing) == (last, False)


def test_a_crash_between_the_snapshot_and_its_journal_is_no_gap(file: StateFile) -> None:
    before = file.load().state
    ran(file)
    told = file.journal.read_bytes()
    saved = file.save(replace(fold(before, RUN), serial=before.serial))
    file.journal.write_bytes(told)
    damage(file)
    assert file.restored(NOW) == Restored(saved, missing=False)


@pytest.mark.parametrize("how", ["gone", "damaged", "of another state"])
@pytest.mark.parametrize("which", ["journal", "taken_in"])
def test_a_gap_is_told(file: StateFile, tmp_path: Path, which: str, how: str) -> None:
    before = file.load().state
    saved = finished(file)
    path: Path = getattr(file, which)
    if how == "gone":
        path.unlink()
    elif how == "damaged":
        path.write_bytes(b"x" + path.read_bytes())
    else:
        other = StateFile(tmp_path / "there/state.json", OWNER)
        other.save(State(OWNER, "beef"))
        path.write_bytes(other.journal.read_bytes())
    file.path.write_bytes(b"")
    found = file.restored(NOW)
    state, missing = found.state, found.missing
    assert missing
    assert state.records == (saved if which == "journal" else before).records


def test_what_was_changed_by_hand_is_no_run(file: StateFile) -> None:
    """No journal leads from one snapshot to the next: the one before is all there is."""
    ran(file)
    before = file.load().state
    changed = file.save(before.with_records({at("service/cut"): BEFORE[at("service/cut")]}))
    assert changed.records != before.records
    damage(file)
    found = file.restored(NOW)
    state, missing = found.state, found.missing
    assert missing
    assert state.records == BEFORE


def test_a_good_state_with_a_bad_journal_is_taken_as_it_is(file: StateFile) -> None:
    saved = finished(file)
    file.journal.write_bytes(b"x")
    assert file.restored(NOW) == Restored(replace(saved, gap=NOW), missing=True)


def test_without_the_one_before_the_journal_is_what_there_is(tmp_path: Path) -> None:
    """The first apply was killed, and then its state was damaged."""
    file = StateFile(tmp_path / "here/state.json", OWNER)
    saved = file.save(State(OWNER, "cafe"))
    ran(file)
    last = file.load().state
    damage(file)
    assert file.restored(NOW) == Restored(replace(last, serial=saved.serial + 1, gap=NOW), missing=True)


def test_with_nothing_at_all_that_can_be_read_it_begins_anew(file: StateFile) -> None:
    file.path.write_bytes(b"x")
    file.journal.write_bytes(b"x")
    state, missing = file.restored(NOW).state, file.restored(NOW).missing
    assert (state.records, state.serial, state.gap, missing) == ({}, 0, NOW, True)


@pytest.mark.parametrize("number", range(1, len(RUN) + 1))
def test_one_damaged_line_of_a_journal_costs_that_line(file: StateFile, number: int) -> None:
    before = file.load().state
    ran(file)
    lines = file.journal.read_bytes().splitlines(keepends=True)
    lines[number] = lines[number].replace(b'"n":', b'"m":')
    file.journal.write_bytes(b"".join(lines))
    with pytest.raises(StateError, match="provisioner state restore"):
        file.load()
    left = [entry for n, entry in enumerate(RUN, 1) if n != number]
    state = replace(fold(before, left), serial=before.serial + 1, gap=NOW)
    assert file.restored(NOW) == Restored(state, missing=True)


@pytest.mark.parametrize("number", range(1, len(RUN)))
def test_a_line_that_is_no_line_costs_the_one_behind_it_as_well(file: StateFile, number: int) -> None:
    before = file.load().state
    ran(file)
    lines = file.journal.read_bytes().splitlines(keepends=True)
    lines[number] = b"garbage\n"
    file.journal.write_bytes(b"".join(lines))
    left = [entry for n, entry in enumerate(RUN, 1) if n not in (number, number + 1)]
    state = replace(fold(before, left), serial=before.serial + 1, gap=NOW)
    assert file.restored(NOW) == Restored(state, missing=True)


def test_what_was_damaged_is_kept(file: StateFile) -> None:
    whole = {path.name: data for path, data in contents(file.path.parent).items()}
    file.keep_damaged()
    kept = {path.name: data for path, data in contents(file.path.parent).items()}
    assert kept["state.json.damaged"] == whole["state.json"]
    assert kept["journal.ndjson.damaged"] == whole["journal.ndjson"]


def test_a_gap_survives_its_file(file: StateFile) -> None:
    saved = file.push(replace(file.load().state, gap=NOW))
    assert file.load().state == saved
    assert saved.gap == NOW


def test_what_cannot_be_read_at_all_has_a_remedy(file: StateFile) -> None:
    finished(file)
    file.path.unlink()
    file.path.mkdir()
    with pytest.raises(StateError, match=r"cannot be read: Is a directory\. Make it a file"):
        file.load()
    with pytest.raises(StateError, match=r"cannot be read: Is a directory\. Make it a file"):
        file.restored(NOW)
