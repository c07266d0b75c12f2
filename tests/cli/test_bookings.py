"""Appointments at risk, through the real command: exit codes, options, saved plans, somebody who books meanwhile."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.command import Workspace, terminal

ZONE = "America/Los_Angeles"
SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
SALON = f"""\
locations:
  studio: {{main: true, name: Studio, timezone: {ZONE}}}
services:
  haircut: {{name: Haircut, duration: 1 h, active: true}}
employees:
  ana:
    email: ana@x.example
    first_name: Ana
    last_name: Diaz
    at:
      studio:
        services: [haircut]
        hours:
          - {{dates: 2037, week: {{mon-fri: 09:00-17:00, sat: 09:00-13:00}}}}
"""
CUT = (", sat: 09:00-13:00", "")
SATURDAYS = ("2037-10-03 09:30", "2037-10-10 09:30", "2037-10-17 11:00")


def book(salon: Workspace, start: str) -> None:
    """Write an appointment into the embedded sandbox."""
    ids = {kind: int(salon.records()[f"{kind}/{key}"]["id"]) for kind, key in (
        ("location", "studio"), ("employee", "ana"), ("service", "haircut"))}  # fmt: skip
    first = int(datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(ZONE)).timestamp())
    texts = ("client_phone", "client_address", "note", "ews_id", "key", "reason")
    body = dict.fromkeys(texts, "") | {
        "client_email": "liv@clients.example", "client_name": "Liv \x1b[31mÅs", "updated": 0, "created": 0,
        "paid": False,
        "price": 0, "subservices": [], "custom_fields": {}, "custom_data": {}, "answers": {}, "timezone_id": 553,
        "zone": ZONE,
    }  # fmt: skip
    with closing(sqlite3.connect(salon.db)) as db, db:
        db.execute(
            'INSERT INTO appointments(company_id, location_id, employee_id, service_id, client_id, start, "end",'
            " padding, status, body) VALUES (2345, ?, ?, ?, 7, ?, ?, 0, 2, ?)",
            (ids["location"], ids["employee"], ids["service"], first, first + 3600, json.dumps(body)),
        )


@pytest.fixture
def salon(tmp_path: Path) -> Workspace:
    """A salon that is applied, with three Saturdays booked and one Monday."""
    found = Workspace(tmp_path)
    found.write("provisioner.yaml", SETTINGS)
    found.write("salon.yaml", SALON)
    found.apply()
    for start in (*SATURDAYS, "2037-10-05 10:00"):
        book(found, start)
    return found


def test_a_plan_that_strands_somebody_is_held_back(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    ran = salon("plan", "--report", "json=plan.json", "--report", "markdown=plan.md")
    assert ran.code == 4
    assert "      ! 3 future appointments on Saturdays, first 3 Oct 2037 09:30     BLOCKED" in ran.out
    assert "  ~ hours/ana/studio   BLOCKED: pass --allow-stranded hours/ana/studio=3" in ran.out
    assert "Appointments: 3 would be stranded, the first on Sat 3 Oct 2037 09:30." in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    document = json.loads((salon.root / "plan.json").read_text())
    assert len(document["appointments"]["by_change"][0]["ids"]) == 3
    assert "3 booked appointments" in (salon.root / "plan.md").read_text()
    for name in ("plan.json", "plan.md"):
        assert "Liv" not in (salon.root / name).read_text()
    writes = salon.writes()
    ran = salon("apply", "--yes")
    assert ran.code == 4
    assert ran.err == "Error: 1 change is blocked: nothing was applied\n"
    assert salon.writes() == writes


def test_what_is_allowed_is_done(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    assert salon("plan", "--allow-stranded", "hours/ana/studio=2").code == 4
    ran = salon("plan", "--allow-stranded", "hours/ana/studio=3")
    assert ran.code == 0
    assert "      ! 3 future appointments on Saturdays, first 3 Oct 2037 09:30     allowed" in ran.out
    salon.apply("--allow-stranded", "hours/ana/studio=3")
    salon.settled()


def test_a_word_that_does_not_reach_says_how_far_it_does(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    ran = salon("plan", "--allow-stranded", "hours/ana/studio=2")
    said = " ".join(ran.out.split())
    assert "BLOCKED: 2 allowed, 3 are stranded: pass --allow-stranded hours/ana/studio=3" in said
    assert ran.code == 4
    ran = salon("plan", "--allow-stranded", "hours/*=1", "--allow-stranded", "hours/ana/*=2")
    assert "2 allowed for hours/ana/*, 3 are stranded: pass" in " ".join(ran.out.split())


@pytest.mark.parametrize("text", ["hours/ana/studoi=3", "location/nowhere=1", "west/*=2", "kiosk/*=2"])
def test_a_word_that_names_nothing_is_refused(salon: Workspace, text: str) -> None:
    ran = salon("plan", "--allow-stranded", text)
    assert ran.code == 64
    assert f"--allow-stranded {text} names nothing in the manifests, the state or the runs" in " ".join(ran.err.split())
    assert ("did you mean hours/ana/studio=3?" in ran.err) is text.startswith("hours")


def test_a_word_is_given_once(salon: Workspace) -> None:
    twice = [part for count in (2, 3) for part in ("--allow-stranded", f"hours/ana/studio={count}")]
    ran = salon("plan", *twice)
    assert ran.code == 64
    assert "hours/ana/studio is given 2 times, with =2 and =3: give it once" in ran.err


def test_a_word_may_outlive_its_change(salon: Workspace) -> None:
    whole = SALON[: SALON.index("employees:")]
    salon.write("salon.yaml", whole + "removed:\n  employee/ana: {how: delete}\n")
    words = [part for text in ("employee/ana=4", "hours/ana/studio=4") for part in ("--allow-stranded", text)]
    ran = salon("plan", *words[:2])
    assert ran.code == 0, ran.out
    salon.apply(*words[:2])
    salon.write("salon.yaml", whole)
    for given in (words[:2], words):
        ran = salon("plan", *given)
        assert ran.code == 0, ran.err
        idle = "nothing that it names strands anybody: it can be left out"
        assert " ".join(ran.out.split()).count(idle) == len(given) // 2
        assert "No changes." in ran.out
        assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("text", ["hours/ana/studio", "hours/ana/studio=", "=3x", "hours/ana/studio=-1", "a b=1"])
def test_a_number_has_to_be_said(salon: Workspace, text: str) -> None:
    ran = salon("plan", "--allow-stranded", text)
    assert ran.code == 64
    assert "write ADDRESS=N, such as hours/ana/downtown=6" in ran.err


def test_a_review_in_the_manifests_counts(salon: Workspace) -> None:
    whole = SALON[: SALON.index("employees:")]
    salon.write("salon.yaml", whole + "removed:\n  employee/ana: {how: delete, strands: 3}\n")
    assert salon("plan").code == 4
    salon.write("salon.yaml", whole + "removed:\n  employee/ana: {how: delete, strands: 4}\n")
    ran = salon("plan")
    assert ran.code == 0
    assert "! 4 future appointments, first Sat 3 Oct 2037 09:30     allowed" in ran.out
    assert "what the vendor does with the appointments of something that is" in ran.out
    salon.apply()


def test_a_destroy_is_held_back_too(salon: Workspace) -> None:
    ran = salon("destroy", "--yes")
    assert ran.code == 4
    assert "pass --allow-stranded '*=4'" in ran.out
    assert salon("destroy", "--yes", "--allow-stranded", "*=4").code == 0


def test_a_saved_plan_counts_again(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    assert salon("plan", "--save", "plan.json").code == 4
    assert not (salon.root / "plan.json").exists()
    assert salon("plan", "--save", "plan.json", "--allow-stranded", "hours/ana/studio=3").code == 0
    assert "Liv" not in (salon.root / "plan.json").read_text()
    book(salon, "2037-10-24 09:30")
    ran = salon("apply", "plan.json")
    assert (ran.code, ran.err) == (4, "Error: 1 change is blocked: nothing was applied\n")
    assert "BLOCKED: 3 allowed, 4 are stranded: pass --allow-stranded hours/ana/studio=4" in " ".join(ran.out.split())


def test_a_saved_plan_that_strands_no_more_is_carried_out(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    assert salon("plan", "--save", "plan.json", "--allow-stranded", "hours/ana/studio=4").code == 0
    book(salon, "2037-10-24 09:30")
    assert salon("apply", "plan.json").code == 0


def test_somebody_books_while_the_plan_is_read(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    writes = salon.writes()
    with terminal("apply", "--allow-stranded", "hours/ana/studio=3", cwd=salon.root) as screen:
        screen.expect("Only yes applies them")
        book(salon, "2037-10-24 09:30")
        screen.type("yes\n")
        assert screen.end() == 4
        assert "somebody booked while the plan was read: hours/ana/studio would strand 4" in screen.screen
    assert salon.writes() == writes


def test_clients_are_named_on_a_terminal_only(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    assert "Liv" not in salon("plan").out
    ran = salon("plan", "--show-clients")
    assert ran.code == 64
    assert "clients are named on a terminal only" in ran.err
    with terminal("plan", "--show-clients", cwd=salon.root) as screen:
        assert screen.end() == 4
        assert "Sat 3 Oct 2037 09:30   Liv \\u001b[31mÅs (id " in screen.screen


def test_a_plan_with_nobody_to_strand_says_so(salon: Workspace) -> None:
    salon.edit("salon.yaml", "mon-fri: 09:00-17:00", "mon-fri: 09:00-16:00")
    ran = salon("plan", "--detailed-exitcode")
    assert ran.code == 2
    assert "Appointments: none would be stranded." in ran.out
    salon.edit("salon.yaml", "mon-fri: 09:00-16:00", "mon-fri: 09:00-18:00")
    assert "Appointments" not in salon("plan").out


def test_another_day_has_fewer_ahead(salon: Workspace) -> None:
    salon.edit("salon.yaml", *CUT)
    ran = salon("plan", "--as-of", "2037-10-11")
    assert ran.code == 4
    assert "      ! 1 future appointment, Sat 17 Oct 11:00     BLOCKED" in ran.out
