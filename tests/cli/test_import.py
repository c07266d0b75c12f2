"""`provisioner import`: what is live is taken over by its id, whatever kind and vendor it is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Workspace

YOGA = """\
recurring_appointments:
  yoga:
    every: 1 week
    days: mon
    time: 09:30-10:15
    dates: 2083-01-04..2083-06-30
    staff: 811
    location: 5021
    reason: 3301
"""
NAME = "recurring_appointment/yoga"


@pytest.fixture
def studio(tmp_path: Path) -> Workspace:
    """A series that is live and that nobody remembers."""
    (tmp_path / "studio").mkdir()
    workspace = Workspace(tmp_path / "studio")
    workspace.write("provisioner.yaml", "version: 1\nprovider: timetap\nendpoint: sandbox\ncompany_id: 71300\n")
    workspace.write("yoga.yaml", YOGA)
    workspace.apply()
    assert workspace("state", "rm", NAME).code == 0
    return workspace


def _id(workspace: Workspace) -> str:
    series = [path for method, path in workspace.calls() if method == "POST" and path.endswith("appointments")]
    assert len(series) == 1
    return "902101"


def test_a_series_is_taken_over(studio: Workspace) -> None:
    ran = studio("import", NAME, _id(studio))
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"{NAME} is id 902101 from now on. The next plan:\n")
    assert ran.last == "No changes. 1 resource is as the manifests say."
    shown = studio.shown(NAME)
    assert (shown["owned"], shown["applied"]["every"], shown["applied"]["staff"]) == (False, "1 week", 811)
    studio.settled()
    assert _id(studio) == "902101", "nothing was made"


def test_what_the_next_plan_would_change_is_shown(studio: Workspace) -> None:
    studio.edit("yoga.yaml", "staff: 811", "staff: 812\n    overrides: {2083-03-01: {note: x}}")
    ran = studio("import", NAME, _id(studio))
    assert (ran.code, ran.last) == (0, "Plan: 0 to add, 1 to change, 0 to destroy.")
    assert "      ~ staff     = 811 -> 812\n" in ran.out
    assert "1 changed" in studio.apply().out
    studio.settled()


def test_what_was_imported_is_forgotten_and_not_cancelled(studio: Workspace) -> None:
    assert studio("import", NAME, _id(studio)).code == 0
    studio.write("yoga.yaml", "recurring_appointments: {}\n")
    assert studio.changes() == [f"forget {NAME}"]
    assert studio("state", "own", NAME).code == 0
    assert studio.changes() == [f"delete {NAME}"]


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        ((NAME, "4711"), 1, "recurring appointment 4711 not found"),
        ((NAME, "x y"), 64, "'x y' is no id"),
        (("recurring_appointment/yogi", "1"), 64, "not in the manifests: did you mean recurring_appointment/yoga?"),
        (("yoga", "1"), 64, "'yoga' is no address"),
        (
            ("link/ana/downtown/cut", "1"),
            64,
            "link/ana/downtown/cut has no id of its own: it comes with what it belongs to",
        ),
    ],
)
def test_what_cannot_be_imported_is_refused(studio: Workspace, arguments: tuple[str, str], code: int, why: str) -> None:
    before = studio.state.read_bytes()
    ran = studio("import", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert why in ran.err
    assert studio.state.read_bytes() == before


def test_an_id_is_taken_once(studio: Workspace) -> None:
    studio.write("more.yaml", YOGA.replace("yoga:", "judo:"))
    assert studio("import", NAME, _id(studio)).code == 0
    assert studio("import", NAME, _id(studio)).code == 0, "once more is no harm"
    ran = studio("import", "recurring_appointment/judo", _id(studio))
    assert (ran.code, f"id 902101 is {NAME} already" in ran.err) == (64, True)
    ran = studio("import", NAME, "902102")
    assert (ran.code, f"run provisioner state rm {NAME} first" in ran.err) == (64, True)


def test_what_is_forgotten_says_that_only_its_id_finds_it(studio: Workspace) -> None:
    assert studio("import", NAME, _id(studio)).code == 0
    assert f"provisioner import {NAME} 902101" in studio("state", "rm", NAME).out


def test_what_a_list_shows_is_taken_over_by_its_id(applied: Workspace) -> None:
    """A service whose name was changed outside: only its id says that it is the same."""
    id_ = applied.shown("service/color")["id"]
    assert applied("state", "rm", "service/color").code == 0
    applied.tamper("service", "Colour", name="All colours")
    assert "create service/color" in applied.changes()
    ran = applied("import", "service/color", id_)
    assert (ran.code, ran.last) == (0, "Plan: 0 to add, 1 to change, 0 to destroy.")
    assert applied.changes() == ["update service/color"]
    ran = applied("import", "location/studio", "999")
    assert ran.code == 64


def test_another_vendors_state_is_refused(starter: Workspace) -> None:
    settings = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 71300\n"
    starter.write("provisioner.yaml", settings)
    starter.apply()
    starter.write("provisioner.yaml", settings.replace("setster", "timetap"))
    starter.write("studio.yaml", "")
    ran = starter("plan")
    assert (ran.code, ran.out) == (1, "")
    assert "which timetap does not have: is provider right?" in ran.err


PINNED = """\
services:
  cut: {name: Cut, duration: 30 min, lifecycle: {id: SERVICE}}
locations:
  studio: {name: Studio, main: true, lifecycle: {id: 118201}}
"""


def test_a_pin_of_another_kind_is_not_missed_where_nobody_looked(empty: Workspace) -> None:
    empty.write("m.yaml", PINNED.replace(", lifecycle: {id: SERVICE}", ""))
    empty.apply()
    id_ = empty.shown("service/cut")["id"]
    empty.write("m.yaml", PINNED.replace(", lifecycle: {id: SERVICE}", ""))
    for address in ("service/cut", "location/studio"):
        assert empty("state", "rm", address).code == 0
    ran = empty("import", "service/cut", id_)
    assert (ran.code, ran.err) == (0, "")
    assert ran.last.startswith("No changes.")
    assert empty("plan", "--target", "service/cut").code == 0


def test_a_pin_that_leads_nowhere_is_said_of_what_is_planned_alone(empty: Workspace) -> None:
    wrong = PINNED.replace("SERVICE", "999").replace("118201", "998")
    empty.write("m.yaml", wrong)
    ran = empty("plan")
    assert (ran.code, ran.out) == (1, "")
    assert "lifecycle.id 999 is no live service" in ran.err
    assert "lifecycle.id 998 is no live location" in ran.err
    ran = empty("plan", "--target", "location/studio")
    assert ran.code == 1
    assert "999" not in ran.err


def test_a_pinned_one_takes_nothing_from_another_of_its_name(empty: Workspace) -> None:
    """It is the object of that id or none, also where it is not planned and its id is not looked for."""
    empty.write("m.yaml", "services:\n  cut: {name: Cut, duration: 30 min}\n")
    empty.apply()
    assert empty("state", "rm", "service/cut").code == 0
    text = "services:\n  a: {name: Cut, duration: 30 min, lifecycle: {id: 999}}\n  b: {name: Cut, duration: 30 min}\n"
    empty.write("m.yaml", text)
    assert empty.changes("--target", "service/b") == ["adopt service/b"]


@pytest.mark.parametrize("address", ["hours/ana/studio", "link/ana/studio/cut", "away/ana", "order/services"])
def test_what_has_no_id_is_said_so(empty: Workspace, address: str) -> None:
    ran = empty("import", address, "1")
    assert ran.code == 64
    assert ran.err == f"Error: {address} has no id of its own: it comes with what it belongs to\n"


def test_a_glob_that_matches_nothing_in_the_state(empty: Workspace) -> None:
    ran = empty("state", "own", "*")
    assert ran.code == 64
    assert ran.err.endswith("Error: * matches nothing in the state: provisioner state list shows what is in it\n")
