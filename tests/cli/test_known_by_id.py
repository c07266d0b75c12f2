"""What is known by its recorded id alone: no sentence says that it is found, and every one says what to do."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from provisioner.kinds import KINDS, read_address
from provisioner.kinds.found import found_again
from provisioner.kinds.recurring_appointment import RecurringAppointment
from provisioner.kinds.service import Service
from provisioner.state.entries import Begin, Intent
from provisioner.state.file import StateFile
from provisioner.state.model import Pending, Record, Tenant
from tests.cli.command import Workspace, served
from tests.cli.test_timetap import SETTINGS
from tests.cli.test_timetap import YOGA as MANIFEST

YOGA = "recurring_appointment/yoga"
ALONE = "nothing but its id finds a recurring appointment"


@pytest.fixture
def series(tmp_path: Path) -> Workspace:
    """One series that is wanted."""
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", SETTINGS)
    workspace.write("yoga.yaml", MANIFEST)
    return workspace


def state_of(series: Workspace) -> StateFile:
    """The state of its embedded sandbox."""
    folder = series.root / ".provisioner/state/sandbox/71300"
    return StateFile(folder / "state.json", Tenant("sandbox", "71300"))


def pend(series: Workspace, address: str = YOGA, **more: Any) -> None:
    """Leave the journal of a run that was killed when a create had left."""
    store = state_of(series)
    made = Pending(Record("", owned=True), account_id="71300", **more)
    with closing(store.begin(store.save(store.load().state))) as journal:
        journal.append(Begin("killed"), Intent(f"create {address}", time.time(), {read_address(address): made}))


def flat(text: str) -> str:
    """The words of a printed text, whatever its lines."""
    return " ".join(text.replace("#", " ").split())


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ([], "everything is found by name"),
        ([Service], "everything is found by name"),
        ([RecurringAppointment], ALONE),
        (KINDS, f"what has a name is found by it; {ALONE}"),
    ],
)
def test_the_phrase(kinds: list[type], words: str) -> None:
    assert found_again(kinds).partition(": what is live already")[0] == words


def test_a_plan_without_any_state_says_what_it_costs(series: Workspace) -> None:
    said = f"nothing is remembered of this tenant, and {ALONE}"
    assert said in flat(series("plan").out)
    series.apply()
    assert said not in flat(series("plan").out)
    shutil.rmtree(state_of(series).path.parent)
    lost = series("plan").out
    assert "Plan: 1 to add" in lost
    assert said in flat(lost)


def test_what_has_a_name_needs_no_such_hint(starter: Workspace) -> None:
    assert "remembered" not in starter("plan").out


def test_a_removal_of_what_no_state_has_promises_to_find_nothing(series: Workspace) -> None:
    series.write("yoga.yaml", f"removed:\n  {YOGA}: {{how: delete}}\n")
    said = flat(series("plan").out)
    assert "or declare it first and import it by its id" in said
    assert "by name" not in said


def test_what_was_live_before_is_not_what_a_create_made(series: Workspace) -> None:
    """Saying that it was not made lets the next apply make it, so that is no remedy by itself."""
    series("plan")
    pend(series, "recurring_appointment/late", known=frozenset({"902105"}))
    ran = series("state", "resolve", "recurring_appointment/late", "--adopt", "902105")
    assert (ran.code, "by name" in ran.err) == (64, False)
    assert "say --absent only if there is none, for the next apply then makes it" in ran.err
    assert "provisioner import recurring_appointment/late 902105" in ran.err


def test_a_state_that_is_put_together_again(series: Workspace) -> None:
    series.apply()
    series.edit("yoga.yaml", "days: mon", "days: tue")
    series.apply()
    state_of(series).path.write_bytes(b"{}")
    (state_of(series).path.parent / "journal.ndjson").write_bytes(b"spoilt")
    ran = series("state", "restore")
    assert ran.code == 0
    assert f"Something is missing in it: {ALONE}" in ran.err


def test_a_served_sandbox_says_that_it_has_a_state_of_its_own(series: Workspace) -> None:
    with served(series.root) as server:
        line = server.process.stdout.readline()
        assert line.startswith(f"What is recorded of the embedded sandbox is not known at this address: {ALONE}")


@pytest.mark.parametrize(
    "command", [("validate",), ("plan",), ("apply", "--yes"), ("state", "list"), ("sandbox", "reset")]
)
def test_the_sandbox_has_one_company(series: Workspace, command: tuple[str, ...]) -> None:
    series.write("provisioner.yaml", SETTINGS.replace("71300", "71301"))
    ran = series(*command)
    assert (ran.code, ran.out) == (1, "")
    said = "company_id: the sandbox has the one company 71300, not 71301: write 71300 in a workspace for the sandbox"
    assert ran.err.splitlines()[0] == f"provisioner.yaml:4:13: {said}"


def test_a_live_company_is_not_taken_to_the_sandbox(series: Workspace) -> None:
    live = SETTINGS.replace("endpoint: sandbox", "endpoint: https://api.timetap.com/live")
    series.write("provisioner.yaml", live.replace("71300", "4711"))
    assert series("validate").code == 0
    ran = series("plan", "--endpoint", "sandbox")
    assert (ran.code, ran.err.split(":")[:3]) == (1, ["provisioner.yaml", "4", "13"])
    with served(series.root) as server:
        assert "company 71300" in server.said


# -- ids that are wrong


@pytest.mark.parametrize("id_", ["abc", "0", "-1", "007", "\u00b2", "9" * 40])
def test_what_an_id_looks_like_is_the_kinds_to_say(series: Workspace, id_: str) -> None:
    series("plan")
    pend(series)
    ran = series("state", "resolve", YOGA, f"--adopt={id_}")
    assert (ran.code, "as the vendor shows it (a number such as 4711)" in ran.err) == (64, True)
    ran = series("import", "--", YOGA, id_)
    assert (ran.code, "give the one that the vendor shows, a number such as 4711" in ran.err) == (64, True)
    series.edit("yoga.yaml", "    client: 90017", f"    client: 90017\n    lifecycle: {{id: '{id_}'}}")
    ran = series("validate")
    assert ran.err.startswith("yoga.yaml:11:21: lifecycle.id: ")
    assert "is no id: write the vendor's id, a number such as 4711" in ran.err


def test_an_id_is_read_before_it_is_believed(series: Workspace) -> None:
    series("plan")
    pend(series)
    before = state_of(series).load().state
    ran = series("state", "resolve", YOGA, "--adopt", "999999")
    assert (ran.code, ran.err.startswith(f"Error: {YOGA}: reading recurring appointment 999999: ")) == (1, True)
    assert state_of(series).load().state.pending == before.pending
    series("state", "resolve", YOGA, "--absent")
    series.apply()
    pend(series, "recurring_appointment/late")
    series("state", "rm", YOGA)
    assert series("state", "resolve", "recurring_appointment/late", "--adopt", "902101").code == 0


def test_one_that_is_over_is_not_adopted(series: Workspace) -> None:
    series.apply()
    assert series("destroy", "--yes").code == 0
    pend(series)
    ran = series("state", "resolve", YOGA, "--adopt", "902101")
    assert (ran.code, "recurring appointment 902101 is cancelled already" in ran.err) == (64, True)
    series("state", "resolve", YOGA, "--absent")
    ran = series("import", YOGA, "902101")
    assert (ran.code, "has the id 902101, or it is cancelled already" in ran.err) == (64, True)


def test_all_that_cannot_be_read_is_told_at_its_place(series: Workspace) -> None:
    """Its sandbox was moved away, and the state was not."""
    for key in ("abba", "blues"):
        series.write(f"{key}.yaml", MANIFEST.replace("yoga:", f"{key}:"))
    series.apply()
    series.write("blues.yaml", "{}\n")
    pinned = MANIFEST.replace("yoga:", "pinned:").replace("    client: 90017", "    lifecycle: {id: 902199}")
    series.write("pinned.yaml", pinned)
    (series.root / ".provisioner/sandbox.db").unlink()
    ran = series("plan")
    assert (ran.code, ran.out) == (1, "")
    lines = [line for line in ran.err.splitlines() if "reading" in line]
    assert [line.partition(": reading ")[0] for line in lines] == [
        "recurring_appointment/blues",
        "abba.yaml:2:3: recurring_appointment/abba",
        "pinned.yaml:2:3: recurring_appointment/pinned",
        f"yoga.yaml:2:3: {YOGA}",
    ]
    assert lines[2].endswith("Correct lifecycle.id, or remove it")
    assert lines[3].endswith(f"provisioner state rm {YOGA}, then provisioner import {YOGA} ID")


def test_an_import_of_what_is_not_there_names_the_id(series: Workspace) -> None:
    ran = series("import", YOGA, "999999")
    assert (ran.code, ran.err.startswith(f"Error: {YOGA}: reading recurring appointment 999999: ")) == (1, True)
    assert ran.err.endswith("is the id right? Look the id up in the tenant\n")
    assert "state rm" not in ran.err


def test_a_pin_to_what_another_address_has_names_that(series: Workspace) -> None:
    series.apply()
    series.write("late.yaml", MANIFEST.replace("yoga:", "late:") + "    lifecycle: {id: 902101}\n")
    ran = series("plan")
    assert ran.err.startswith(f"late.yaml:2:3: lifecycle.id 902101 is {YOGA} already: correct or remove it\n")


# -- a lost answer


def test_an_apply_whose_create_is_in_doubt_ends_with_what_to_say(series: Workspace) -> None:
    """The next apply would do nothing about it, so that it does "only what is left" is no comfort."""
    with served(series.root) as server:
        to = ("--endpoint", f"{server.url}/timetap")
        lost = {"fault": "reset", "method": "POST", "path": "/timetap/recurringappointments", "executed": True}
        server.ask("/faults", "PUT", {"rules": [lost]})
        ran = series("apply", "--yes", *to)
        assert (ran.code, "Apply incomplete: 0 added, 0 changed, 0 destroyed; 1 failed" in ran.out) == (7, True)
        assert "only what is left" not in ran.err
        assert ran.err.endswith(f"state resolve {YOGA} --adopt ID, or --absent. The next apply does the rest\n")
        assert series("apply", "--yes", *to).code == 7
        assert series("state", "resolve", YOGA, "--adopt", "902101", *to).code == 0
        series.apply(*to)
        series.settled(*to)
