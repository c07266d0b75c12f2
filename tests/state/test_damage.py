"""Damage to what an interrupted run left: noticed, repaired where only the end is torn off, or of no effect at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from provisioner.errors import StateError
from provisioner.state.entries import Begin
from provisioner.state.fold import fold
from provisioner.state.model import Tenant
from provisioner.state.snapshot import dump
from provisioner.state.store import Stored
from tests.state.damage import (
    DETECTED,
    DIFFERENT,
    NO_EFFECT,
    REPAIRED,
    RUN,
    Files,
    Interrupted,
    assert_says,
    contents,
    interrupted,
    survey,
    table,
)

TORN_END = "journal.ndjson: truncated"


@pytest.fixture
def case(tmp_path: Path) -> Interrupted:
    return interrupted(tmp_path / "here")


def test_what_is_damaged_in_no_way_is_what_was_recorded(case: Interrupted) -> None:
    assert case.verdict(case.files) == NO_EFFECT
    assert len(set(map(repr, case.had))) == 10, "a lost line must show, or the tests below would show nothing"
    assert {str(a) for a in case.state.pending} == {"service/dye", "location/cape"}


def check(case: Interrupted, *, every: bool) -> None:
    counted = survey(case, every=every)
    print(table(counted))
    for sort, verdicts in counted.items():
        assert not verdicts[DIFFERENT], sort
        assert bool(verdicts[REPAIRED]) == (sort == TORN_END), sort
        assert verdicts[DETECTED], sort
    for sort in ("byte flipped", "lines doubled, swapped, removed"):
        assert not counted[f"journal.ndjson: {sort}"][NO_EFFECT], sort
    assert not counted["state.json: truncated"][NO_EFFECT]


def test_no_damage_to_a_byte_or_a_line_makes_another_state(case: Interrupted) -> None:
    check(case, every=False)


@pytest.mark.slow
def test_no_other_value_of_any_byte_makes_another_state(case: Interrupted) -> None:
    check(case, every=True)


def test_a_torn_end_loses_what_was_never_acted_on_and_nothing_else(case: Interrupted) -> None:
    """Each line is durable before its request leaves: what is cut off of the last one was never sent."""
    whole = case.files[case.file.journal]
    for length in range(len(whole)):
        case.file.journal.write_bytes(whole[:length])
        lines = whole[: length + 1].count(b"\n")  # a line is whole when only its newline is missing
        if lines:
            assert case.file.load() == Stored(case.had[lines - 1], interrupted=lines > 1)
        else:
            with pytest.raises(StateError, match="damaged"):
                case.file.load()


# -- whole files


def other(case: Interrupted, name: str) -> Interrupted:
    """The same run in another place: of another tenant, or of another lineage."""
    folder = case.file.path.parent.with_name(name)
    tenant = Tenant("sandbox", "2346") if name == "tenant" else case.file.tenant
    return interrupted(folder, "beef" if name == "lineage" else "cafe", tenant)


def put(case: Interrupted, **given: bytes | None) -> Files:
    """Other bytes in the place of the state, or of the journal; None for no file."""
    paths = {"state": case.file.path, "journal": case.file.journal, "previous": case.file.previous}
    files = {**case.files, **{paths[name]: data for name, data in given.items() if data is not None}}
    return {path: data for path, data in files.items() if given.get(path.stem, b"") is not None}


def state_of(case: Interrupted) -> bytes:
    return case.files[case.file.path]


def journal_of(case: Interrupted) -> bytes:
    return case.files[case.file.journal]


def next_journal(case: Interrupted) -> bytes:
    """The journal of a later serial."""
    case.file.save(case.state)
    return case.file.journal.read_bytes()


def spliced(case: Interrupted) -> bytes:
    """A line in the place of the same line of another journal of the same state."""
    again = case.file.journal.with_name("again")
    again.mkdir()
    file = replace(case.file, path=again / "state.json")
    file.path.write_bytes(state_of(case))
    file.journal.write_bytes(journal_of(case).splitlines(keepends=True)[0])
    journal = file.begin(file.load().state)
    journal.append(Begin("5a"), *RUN[1:])
    journal.close()
    ours, theirs = journal_of(case).splitlines(keepends=True), file.journal.read_bytes().splitlines(keepends=True)
    assert len(ours) == len(theirs)
    return b"".join([*ours[:4], theirs[4], *ours[5:]])


WHOLE: dict[str, Callable[[Interrupted], Files]] = {
    "no state": lambda case: put(case, state=None),
    "no journal": lambda case: put(case, journal=None),
    "an empty state": lambda case: put(case, state=b""),
    "an empty journal": lambda case: put(case, journal=b""),
    "a journal of one empty line": lambda case: put(case, journal=b"\n"),
    "nothing but the end of the journal": lambda case: put(case, journal=journal_of(case).splitlines()[-1]),
    "the state of another tenant": lambda case: put(case, state=state_of(other(case, "tenant"))),
    "the journal of another tenant": lambda case: put(case, journal=journal_of(other(case, "tenant"))),
    "both of another tenant": lambda case: put(
        case, state=state_of(theirs := other(case, "tenant")), journal=journal_of(theirs)
    ),
    "the state of another lineage": lambda case: put(case, state=state_of(other(case, "lineage"))),
    "the journal of another lineage": lambda case: put(case, journal=journal_of(other(case, "lineage"))),
    "the state before": lambda case: put(case, state=case.files[case.file.previous]),
    "the journal of a later state": lambda case: put(case, journal=next_journal(case)),
    "each in the place of the other": lambda case: put(case, state=journal_of(case), journal=state_of(case)),
    "the state twice": lambda case: put(case, journal=state_of(case)),
    "a line of another run": lambda case: put(case, journal=spliced(case)),
}


@pytest.mark.parametrize("what", WHOLE)
def test_a_file_that_does_not_belong_is_noticed(case: Interrupted, what: str) -> None:
    assert case.verdict(WHOLE[what](case)) == DETECTED


def test_an_older_journal_beside_a_newer_state_is_noticed(case: Interrupted) -> None:
    """In the middle of a run, a backup of the run before is put over the journal."""
    later = case.file.save(case.state)
    journal = case.file.begin(later)
    journal.append(*RUN)
    journal.close()
    lines = journal_of(case).splitlines(keepends=True)
    for count in range(1, len(lines)):
        case.file.journal.write_bytes(b"".join(lines[:count]))
        with pytest.raises(StateError, match="is older than") as caught:
            case.file.load()
        assert_says(str(caught.value), case.file)


def test_the_journal_that_a_state_took_in_adds_nothing_to_it(case: Interrupted) -> None:
    """A crash may come after the snapshot and before its journal."""
    later = case.file.save(case.state)
    case.file.journal.write_bytes(journal_of(case))
    assert case.file.load() == Stored(later, interrupted=False)
    assert case.file.load().state.pending == case.state.pending


def test_what_cannot_be_trusted_is_mended_by_what_the_message_says(case: Interrupted) -> None:
    """The remedy of each message works: the state is taken as it is."""
    for files in (
        put(case, journal=journal_of(other(case, "lineage"))),
        put(case, state=case.files[case.file.previous]),
    ):
        source = case.file.path
        for path in contents(case.file.path.parent):
            path.unlink()
        for path, data in files.items():
            path.write_bytes(data)
        with pytest.raises(StateError) as caught:
            case.file.load()
        assert f"provisioner state push --force {source}" in str(caught.value)
        given = case.file.given(source.read_bytes(), str(source))
        pushed = case.file.push(given)
        assert case.file.load() == Stored(replace(given, serial=pushed.serial), interrupted=False)
        assert pushed.serial > case.had[0].serial, "no writer of before may take it for its own"


def test_a_copy_of_the_state_goes_on_with_the_journal_beside_it(case: Interrupted) -> None:
    """What `pull` printed is the state with all that the journal tells; told again, that changes nothing."""
    found = case.verdict(put(case, state=dump(case.state).encode()))
    assert found == NO_EFFECT
    assert fold(case.state, RUN) == case.state
