"""A damaged state is put together again from what lies beside it, with nothing lost and nothing invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.errors import StateError
from provisioner.state.file import Restored, StateFile
from provisioner.state.fold import fold
from provisioner.state.model import State
from tests.state.damage import BEFORE, OWNER, RUN, at, contents


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
    assert file.restored() == Restored(replace(saved, serial=saved.serial + 1), missing=False)


@pytest.mark.parametrize("count", range(1, len(RUN) + 1))
def test_so_is_one_that_was_interrupted_after_it(file: StateFile, count: int) -> None:
    finished(file)
    ran(file, count)
    last = file.load().state
    damage(file)
    state, missing = file.restored()
    assert (replace(state, serial=last.serial), missing) == (last, False)


def test_a_crash_between_the_snapshot_and_its_journal_is_no_gap(file: StateFile) -> None:
    before = file.load().state
    ran(file)
    told = file.journal.read_bytes()
    saved = file.save(replace(fold(before, RUN), serial=before.serial))
    file.journal.write_bytes(told)
    damage(file)
    assert file.restored() == Restored(saved, missing=False)


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
    state, missing = file.restored()
    assert missing
    assert state.records == (saved if which == "journal" else before).records


def test_what_was_changed_by_hand_is_no_run(file: StateFile) -> None:
    """No journal leads from one snapshot to the next: the one before is all there is."""
    ran(file)
    before = file.load().state
    changed = file.save(before.with_records({at("service/cut"): BEFORE[at("service/cut")]}))
    assert changed.records != before.records
    damage(file)
    state, missing = file.restored()
    assert missing
    assert state.records == BEFORE


def test_a_good_state_with_a_bad_journal_is_taken_as_it_is(file: StateFile) -> None:
    saved = finished(file)
    file.journal.write_bytes(b"x")
    assert file.restored() == Restored(saved, missing=True)


def test_without_the_one_before_there_is_nothing_to_restore(file: StateFile) -> None:
    file.path.write_bytes(b"x")
    with pytest.raises(StateError, match=r"Move it and journal\.ndjson away"):
        file.load()
    with pytest.raises(StateError, match=r"state\.json\.previous: is not there, or damaged too"):
        file.restored()
    assert file.path in contents(file.path.parent)


def test_what_cannot_be_read_at_all_has_a_remedy(file: StateFile) -> None:
    finished(file)
    file.path.unlink()
    file.path.mkdir()
    for act in (file.load, file.restored):
        with pytest.raises(StateError, match=r"cannot be read: Is a directory\. Make it a file"):
            act()
