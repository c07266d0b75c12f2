"""The files of the runs that are kept: whose ending is whose."""

from pathlib import Path

from provisioner.kinds import Address
from provisioner.state.disk import Disk
from provisioner.state.model import Tenant
from provisioner.state.run import Ending, Run, Step
from provisioner.state.runs import Runs
from provisioner.state.shelf import Folder

CUT = Address("", "service", ("cut",))


def run(number: int, id_: str) -> Run:
    return Run(number, id_, "apply", "2026-01-01T00:00", "ana@host", "0", Tenant("host", "1"), "digest")


def test_an_ending_that_was_left_over_is_not_that_of_a_new_run(tmp_path: Path) -> None:
    runs = Runs(Folder(tmp_path / "runs", Disk()))
    runs.begin(run(1, "first"), [Step(CUT, "create")])
    runs.end(run(1, "first"), Ending("2026-01-01T00:01", 0, {CUT: "7"}))
    assert runs.read(1).ending == Ending("2026-01-01T00:01", 0, {CUT: "7"}, run="first")
    (tmp_path / "runs" / "1.ndjson").unlink()
    assert (runs.numbers(), runs.next_number()) == ([], 2)
    left = (tmp_path / "runs" / "1.ended.ndjson").read_bytes()
    runs.begin(run(1, "second"), [Step(CUT, "update", "7")])
    assert runs.read(1).ending is None
    (tmp_path / "runs" / "1.ended.ndjson").write_bytes(left)
    assert runs.read(1).ending is None
    assert [each.ending for each in runs.listed()] == [None]
    runs.take_in("second", list)
    told = runs.read(1).ending
    assert told is not None
    assert (told.exit, told.maybe, told.run) == (None, frozenset({CUT}), "second")


def test_a_damaged_ending_is_listed_as_damaged(tmp_path: Path) -> None:
    runs = Runs(Folder(tmp_path / "runs", Disk()))
    runs.begin(run(1, "first"), [])
    (tmp_path / "runs" / "1.ended.ndjson").write_text("{}")
    assert [each.run for each in runs.listed()] == [None]
