"""`provisioner state pull` and `push`: a copy to keep, and the way back from damage."""

from __future__ import annotations

import json
import re
import subprocess
import time
from dataclasses import replace
from typing import Any

import pytest

from provisioner.kinds import read_address
from provisioner.state.model import Record, State, Tenant
from provisioner.state.snapshot import dump
from tests.cli.command import COMMAND, Ran, Workspace, environment
from tests.cli.interrupted import DYE, file, files, interrupt, pending, sent


def pulled(workspace: Workspace) -> dict[str, Any]:
    """What `pull` prints, which is kept as copy.json."""
    ran = workspace("state", "pull")
    assert (ran.code, ran.err) == (0, "")
    workspace.write("copy.json", ran.out)
    copy: dict[str, Any] = json.loads(ran.out)
    return copy


def written(workspace: Workspace, state: State) -> None:
    workspace.write("copy.json", dump(state))


def refused(ran: Ran, words: str) -> None:
    assert (ran.code, ran.out) == (4, ""), ran
    assert ran.err.startswith("Error: copy.json: ")
    assert words in ran.err
    assert ran.err.endswith("To take it all the same: provisioner state push --force copy.json\n")
    assert ran.err.count("\n") == 1


def test_a_copy_comes_back(applied: Workspace) -> None:
    copy = pulled(applied)
    assert copy["resources"] == applied.records()
    ran = applied("state", "push", "copy.json")
    assert ran == (0, f"The state is that of copy.json now: serial {copy['serial'] + 1}, 11 recorded.\n", "")
    assert pulled(applied)["resources"] == copy["resources"]
    applied.settled()


def test_a_copy_is_taken_from_standard_input_and_by_a_fresh_workspace(applied: Workspace, starter: Workspace) -> None:
    copy = pulled(applied)
    subprocess.run(
        [COMMAND, "state", "push", "-"],
        cwd=starter.root,
        env=environment(starter.root),
        input=json.dumps(copy).encode(),
        capture_output=True,
        check=True,
    )
    assert starter.records() == copy["resources"]


def test_pull_prints_ascii_whatever_is_recorded(applied: Workspace) -> None:
    store = file(applied)
    state = store.load().state
    hostile = Record("\ud800\x1b[31m\u202e", applied={"name": "Ü\x00\n"})
    saved = store.save(state.with_records({**state.records, read_address("service/x"): hostile}))
    copy = pulled(applied)
    assert copy["resources"]["service/x"]["id"] == hostile.id
    assert applied("state", "push", "copy.json").code == 0
    assert store.load().state.records == saved.records


def test_a_copy_of_an_interrupted_run_has_all_that_it_did(applied: Workspace) -> None:
    interrupt(applied, sent(DYE, "Dye"))
    copy = pulled(applied)
    assert copy["pending"].keys() == {DYE}
    refused(applied("state", "push", "copy.json"), "an interrupted apply is still to be taken into account")
    assert applied("state", "push", "--force", "copy.json").code == 0
    assert pending(applied) == ["service/dye  pending"]


# -- refused


def test_an_older_copy_is_refused(applied: Workspace) -> None:
    copy = pulled(applied)
    assert applied("state", "rm", "service/color").code == 0
    before = files(applied)
    said = f"it is older than the state here (serial {copy['serial']}, here {copy['serial'] + 1})"
    refused(applied("state", "push", "copy.json"), said)
    assert files(applied) == before
    assert applied("state", "push", "--force", "copy.json").code == 0
    assert applied.records() == copy["resources"]
    applied.apply()
    applied.settled()


def test_a_copy_that_went_another_way_is_refused(applied: Workspace) -> None:
    state = file(applied).load().state
    written(applied, state.with_records({}))
    refused(
        applied("state", "push", "copy.json"), "it says something else than the state here, which has the same serial"
    )


def test_a_copy_of_another_lineage_is_refused(applied: Workspace) -> None:
    here = file(applied).load().state
    written(applied, State(here.tenant, "beef", 99, here.records))
    refused(
        applied("state", "push", "copy.json"),
        f"it is of another lineage than the state here (beef, here {here.lineage})",
    )
    assert applied("state", "push", "--force", "copy.json").code == 0
    assert file(applied).load().state.lineage == "beef"


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "copy.json: damaged or edited by hand"),
        ("{}", "copy.json: damaged or edited by hand"),
        ("[" * 50_000, "copy.json: damaged or edited by hand"),
        ("EDITED", "copy.json: damaged or edited by hand"),
        ("TENANT", "copy.json: belongs to sandbox company 1, not to sandbox company 2345"),
    ],
)
def test_what_cannot_be_trusted_is_never_taken(applied: Workspace, text: str, words: str, force: list[str]) -> None:
    copy = pulled(applied)
    here = file(applied).load().state
    other = dump(State(Tenant("sandbox", "1"), here.lineage, 99))
    given = {"EDITED": json.dumps(copy | {"serial": 99}), "TENANT": other}.get(text, text)
    applied.write("copy.json", given)
    before = files(applied)
    ran = applied("state", "push", *force, "copy.json")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"Error: {words}")
    assert ran.err.count("\n") == 1
    assert files(applied) == before


def test_what_is_no_file_is_wrong_usage(applied: Workspace) -> None:
    for name in ("nothing.json", "."):
        ran = applied("state", "push", name)
        assert (ran.code, ran.out) == (64, "")


# -- after damage


def remedy(ran: Ran) -> list[str]:
    """The command that a message tells to run."""
    assert (ran.code, ran.out) == (1, "")
    _, _, words = ran.err.partition("provisioner ")
    return re.split(r", or |; or ", words)[0].split()


@pytest.mark.parametrize("name", ["state.json", "journal.ndjson"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone"])
def test_what_the_message_says_mends_it(applied: Workspace, name: str, damage: str) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    applied.apply()
    path = applied.state.with_name(name)
    whole, recorded = path.read_bytes(), applied.records()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[:20] if damage == "cut" else whole[:50] + b"\x00" + whole[51:])
    for arguments in (
        ["plan"],
        ["apply", "--yes"],
        ["state", "list"],
        ["state", "pull"],
        ["state", "rm", "service/color"],
    ):
        ran = applied(*arguments)
        assert (ran.code, ran.out) == (1, "")
        assert str(path.relative_to(applied.root)) in ran.err
        assert ran.err.count("\n") == 1
    mended = applied(*remedy(ran))
    assert mended.code == 0
    assert "11 recorded" in mended.out
    assert ("Something is missing" in mended.err) == (name == "journal.ndjson"), "what it told is not in the state"
    applied.apply()
    applied.settled()
    assert len(applied.live("service")) == 2
    assert applied.records() == recorded


def test_what_is_intact_is_not_restored(applied: Workspace) -> None:
    before = files(applied)
    ran = applied("state", "restore")
    assert (ran.code, ran.out) == (4, "")
    assert "is not damaged. To go back to an older copy: provisioner state push --force FILE" in ran.err
    assert files(applied) == before


def test_what_could_not_be_put_together_is_said(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    applied.apply()
    applied.state.write_bytes(b"")
    applied.state.with_name("journal.ndjson.previous").unlink()
    ran = applied("state", "restore")
    assert ran.code == 0
    assert ran.err.startswith("Something is missing in it: everything is found by name.")
    applied.apply()
    applied.settled()


def test_what_was_lost_is_waited_for(applied: Workspace) -> None:
    """A create of the run whose journal was damaged may still be carried out: nothing is made before that is over."""
    settings = (applied.root / "provisioner.yaml").read_text()
    applied.write("provisioner.yaml", settings + "limits: {settle: 60}\n")
    applied.state.with_name("journal.ndjson").write_bytes(b"x")
    assert applied("state", "restore").code == 0
    assert applied("plan").err == (
        "A part of the state was lost just now: what was under way may not be in this plan.\n"
    )
    ran = applied("apply", "--yes", "--no-wait")
    assert (ran.code, ran.out) == (7, "")
    assert "a part of the state was lost, and what was under way may still appear for " in ran.err
    so_far = time.time() - json.loads(applied.state.read_bytes())["gap"]
    applied.write("provisioner.yaml", f"{settings}limits: {{settle: {so_far + 3:.0f}}}\n")
    assert applied.apply().err.startswith("Waiting ")
    assert applied.apply().err == ""


def test_push_names_what_it_drops(applied: Workspace) -> None:
    interrupt(applied, sent(DYE, "Dye"))
    written(applied, replace(state := file(applied).load().state, records={}, pending={}))
    ran = applied("state", "push", "--force", "copy.json")
    owned = sorted(str(address) for address, record in state.records.items() if record.owned)
    gone = f"{', '.join(owned[:3])} and {len(owned) - 3} more: owned before, now unknown."
    assert ran.out.endswith(f", 0 recorded. {gone} {DYE}: pending before, no longer looked for.\n")


def test_an_older_state_put_back_by_hand_is_noticed(applied: Workspace) -> None:
    assert applied("state", "rm", "service/color").code == 0
    previous = applied.state.with_name("state.json.previous").read_bytes()
    applied.state.write_bytes(previous)
    ran = applied("plan")
    assert "that is an older copy" in ran.err
    assert applied(*remedy(ran)).code == 0
    applied.apply()
    applied.settled()
