"""`provisioner state` after an interrupted apply: what is in doubt is shown, kept, and settled by a person."""

from __future__ import annotations

import json

import pytest

from provisioner.kinds import read_address
from provisioner.state.entries import Outcome
from provisioner.state.model import Record
from tests.cli.command import Ran, Workspace
from tests.cli.interrupted import DYE, busy, file, files, interrupt, pending, sent

SERVICE = "  dye: {name: Dye, duration: 60 min}\n"
AT = "  haircut: {default: true, name: Haircut"


@pytest.fixture
def doubtful(applied: Workspace) -> Workspace:
    """An apply was killed right after it sent a service that nobody lists; nothing else was left to do."""
    interrupt(applied, sent("service/dye", "Dye", known=frozenset({"4", "5"})))
    return applied


# -- shown


def test_list_shows_what_is_pending_and_what_is_unfinished(applied: Workspace) -> None:
    before = applied.addresses()
    half = Outcome("create location/annex", 2.0, ids={read_address("location/annex"): "71"})
    interrupt(applied, sent("location/annex", "Annex"), half, sent(DYE, "Dye"), sent("service/color", "Colour"))
    lines = applied("state", "list").out.splitlines()
    assert "location/annex  owned  id 71  unfinished" in lines
    assert lines[-2:] == ["service/color  pending", "service/dye  pending"]
    assert sorted(line.split()[0] for line in lines) == sorted([*before, "location/annex", DYE])
    assert applied("state", "list", "service/d*").out == "service/dye  pending\n"


def test_list_shows_what_is_pending_and_nothing_else(starter: Workspace) -> None:
    store = file(starter)
    store.save(store.load().state)
    interrupt(starter, sent(DYE, "Dye"))
    assert starter("state", "list") == (0, "service/dye  pending\n", "")


@pytest.mark.parametrize("command", ["rm", "own", "mv"])
def test_what_is_pending_is_settled_first(doubtful: Workspace, command: str) -> None:
    before = files(doubtful)
    ran = doubtful("state", command, DYE, *(["service/other"] if command == "mv" else []))
    said = f"Error: {DYE} is pending: say first what became of it, with provisioner state resolve {DYE}\n"
    assert ran == (64, "", said)
    assert files(doubtful) == before


def test_what_is_pending_shows_what_to_look_for(doubtful: Workspace) -> None:
    shown = doubtful.shown(DYE)
    assert shown["address"] == DYE
    assert shown["looked_for_by"] == [{"name": "dye"}]
    assert shown["sent"] == {"name": "Dye"}
    assert shown["account_id"] == "2345"


# -- resolved


def wrong(ran: Ran, words: str) -> None:
    assert (ran.code, ran.out) == (64, ""), ran
    assert words in ran.err
    assert ran.err.startswith("Error: ")
    assert ran.err.count("\n") == 1


def test_resolve_needs_one_of_two(doubtful: Workspace) -> None:
    before = files(doubtful)
    for more in ([], ["--adopt", "7", "--absent"]):
        ran = doubtful("state", "resolve", DYE, *more)
        wrong(ran, f"say one of the two: provisioner state resolve {DYE} --adopt ID, or --absent")
    assert files(doubtful) == before


@pytest.mark.parametrize(
    ("address", "id_", "words"),
    [
        ("service/cut", "7", "service/cut is not pending; what is: service/dye"),
        ("service/color", "7", "service/color is not pending; what is: service/dye"),
        ("dye", "7", "'dye' is no address"),
        (DYE, "", "--adopt needs an id"),
        (DYE, " ", "--adopt needs an id"),
        (DYE, "7 8", "--adopt needs an id"),
        (DYE, "7" * 65, "--adopt needs an id"),
        (DYE, "4", "id 4 was live before service/dye was sent, so that is not what it made: say --absent"),
    ],
)
def test_resolve_to_what_cannot_be(doubtful: Workspace, address: str, id_: str, words: str) -> None:
    before = files(doubtful)
    wrong(doubtful("state", "resolve", address, "--adopt", id_), words)
    assert files(doubtful) == before


def test_resolve_to_what_is_another(doubtful: Workspace) -> None:
    taken = doubtful.records()["service/color"]["id"]
    ran = doubtful("state", "resolve", DYE, "--adopt", taken)
    wrong(ran, f"id {taken} is service/color already: look up the id of service/dye")
    elsewhere = doubtful.records()["employee/ana"]["id"]
    assert doubtful("state", "resolve", DYE, "--adopt", elsewhere).code == 0, "ids of other kinds are their own"


def test_resolve_with_nothing_pending(applied: Workspace) -> None:
    wrong(applied("state", "resolve", DYE, "--absent"), "service/dye is not pending; nothing is")


def test_what_was_made_is_adopted_and_ours(applied: Workspace) -> None:
    id_ = applied.records()["service/color"]["id"]
    assert applied("state", "rm", "service/color").code == 0
    interrupt(applied, sent("service/color", "Colour"))
    ran = applied("state", "resolve", "service/color", "--adopt", id_)
    assert ran == (0, f"service/color has id {id_}, and is owned.\n", "")
    assert not pending(applied)
    assert f"service/color  owned  id {id_}  unfinished" in applied("state", "list").out.splitlines()
    assert applied.changes() == []
    applied.apply()
    applied.settled()
    assert applied.records()["service/color"]["owned"] is True
    assert "confirmed" not in applied.records()["service/color"]
    assert len(applied.live("service")) == 2


def test_what_was_not_made_is_made_by_the_next_apply(doubtful: Workspace) -> None:
    doubtful.edit("studio.yaml", AT, SERVICE + AT)
    held = doubtful("plan", "--detailed-exitcode")
    assert (held.code, held.last) == (7, "No changes but what is pending: 1. 11 resources as wanted.")
    ran = doubtful("state", "resolve", DYE, "--absent")
    assert ran == (0, f"{DYE} was not made: the next apply makes it.\n", "")
    assert not pending(doubtful)
    assert doubtful.changes() == [f"create {DYE}"]
    doubtful.apply()
    doubtful.settled()
    assert [each["name"] for each in doubtful.live("service")].count("Dye") == 1


# -- kept


def test_a_plan_takes_it_into_account_and_writes_nothing(doubtful: Workspace) -> None:
    before = files(doubtful)
    ran = doubtful("plan", "--detailed-exitcode")
    assert ran.code == 7
    assert ran.err == "An earlier apply was interrupted: what it did is taken into account.\n"
    assert "service/dye is pending" in " ".join(ran.out.replace("#", " ").split())
    assert files(doubtful) == before


def test_an_apply_takes_it_in_for_good(doubtful: Workspace) -> None:
    writes = doubtful.writes()
    ran = doubtful("apply", "--yes", "--no-wait")
    assert ran.code == 7
    assert ran.err.startswith("An earlier apply was interrupted")
    assert ran.err.endswith("Error: pending: service/dye: see the notes above\n")
    assert json.loads(doubtful.state.read_bytes())["pending"].keys() == {DYE}
    assert len(file(doubtful).journal.read_bytes().splitlines()) == 1
    assert doubtful.writes() == writes
    again = doubtful("apply", "--yes")
    assert again.code == 0, again.err
    assert again.err.startswith("Waiting ")
    assert not pending(doubtful)
    doubtful.settled()


def test_an_apply_that_leaves_something_in_doubt_is_not_complete(doubtful: Workspace) -> None:
    doubtful.write("more.yaml", "services: {shave: {name: Shave, duration: 30 min}}\n")
    ran = doubtful("apply", "--yes", "--no-wait", "--report", "json=report.json")
    assert (ran.code, "Apply complete" in ran.out) == (7, False), ran
    lines = ran.out.splitlines()
    assert "Apply incomplete: 1 added, 0 changed, 0 destroyed; 0 failed, 0 not attempted, 1 pending." in lines
    assert lines[lines.index("Pending") + 1] == "  + service/dye"
    outcome = json.loads((doubtful.root / "report.json").read_text())["outcome"]
    assert (outcome["complete"], outcome["pending"]) == (False, [DYE])


@pytest.mark.parametrize(
    "arguments",
    [
        ["mv", "employee/ana", "employee/anna"],
        ["mv", "location/annex", "location/attic"],
        ["rm", "service/color"],
        ["rm", "location/annex"],
        ["own", "location/studio"],
    ],
    ids=" ".join,
)
def test_other_changes_keep_what_an_interrupted_apply_did(applied: Workspace, arguments: list[str]) -> None:
    done = Record("71", owned=True, applied={"name": "Annex"})
    annex = read_address("location/annex")
    interrupt(
        applied,
        sent("location/annex", "Annex"),
        Outcome("create location/annex", 2.0, {annex: "71"}, {annex: done}),
        sent(DYE, "Dye"),
    )
    before = file(applied).load().state
    assert applied("state", *arguments).code == 0
    assert len(file(applied).journal.read_bytes().splitlines()) == 1
    after = file(applied).load().state
    assert after.pending == before.pending
    renamed = {"location/annex": "location/attic"} if arguments[-1] == "location/attic" else {}
    kept = renamed.get("location/annex", "location/annex")
    assert (read_address(kept) in after.records) == (arguments != ["rm", "location/annex"])
    assert len(before.records) - len(after.records) == (arguments[0] == "rm")
    assert {r.id for r in after.records.values()} <= {r.id for r in before.records.values()}


def test_mv_of_an_account_takes_what_is_in_doubt_along(applied: Workspace) -> None:
    store = file(applied)
    state = store.load().state
    store.save(state.with_records({**state.records, read_address("account/west"): Record("9")}))
    interrupt(applied, sent("west/service/dye", "Dye"))
    assert applied("state", "mv", "account/west", "account/pacific").code == 0
    assert pending(applied) == ["pacific/service/dye  pending"]


def test_mv_to_what_is_in_doubt(doubtful: Workspace) -> None:
    wrong(doubtful("state", "mv", "service/color", DYE), "service/dye is recorded already")


# -- another run


@pytest.mark.parametrize(
    "arguments",
    [
        ["state", "mv", "employee/ana", "employee/anna"],
        ["state", "rm", "service/color"],
        ["state", "own", "service/color"],
        ["state", "resolve", DYE, "--absent"],
        ["state", "push", "FILE"],
        ["apply", "--yes"],
        ["destroy", "--yes"],
    ],
    ids=" ".join,
)
def test_while_another_run_is_at_work_nothing_is_changed(doubtful: Workspace, arguments: list[str]) -> None:
    doubtful.write("copy.json", doubtful.state.read_bytes())
    before = files(doubtful)
    with busy(doubtful):
        ran = doubtful(*(each.replace("FILE", "copy.json") for each in arguments))
    assert (ran.code, ran.out) == (6, "")
    assert ran.err.startswith("Error: provisioner apply (process ")
    assert ran.err.endswith(" is at work on this tenant: wait for it to end, then try again\n")
    assert files(doubtful) == before


def test_while_another_run_is_at_work_all_can_be_looked_at(doubtful: Workspace) -> None:
    before = files(doubtful)
    with busy(doubtful):
        assert pending(doubtful) == ["service/dye  pending"]
        assert doubtful.shown("service/color")["address"] == "service/color"
        assert json.loads(doubtful("state", "pull").out)["pending"].keys() == {DYE}
        ran = doubtful("plan")
    assert ran.code == 7
    assert ran.err.startswith("provisioner apply (process ")
    assert ran.err.endswith(" is at work on this tenant: the plan may be out of date soon.\n")
    assert files(doubtful) == before
