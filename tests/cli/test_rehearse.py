"""`rehearse` as people run it: what it says, how it ends, and that nothing is different afterwards."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Served, Workspace, served
from tests.cli.interrupted import DYE, interrupt, sent
from tests.rehearsal.stage import path_of

TIMETAP = """\
version: 1
provider: timetap
endpoint: sandbox
company_id: 71300
"""
YOGA = """\
recurring_appointments:
  yoga: {every: 1 week, days: mon, time: 09:30-10:15, dates: 2083-01-04..2083-06-30, staff: 8, location: 5, reason: 3}
"""


@pytest.fixture
def studio(tmp_path: Path) -> Workspace:
    """The starter workspace, applied."""
    workspace = Workspace(tmp_path / "studio")
    workspace.root.mkdir()
    assert workspace("init").code == 0
    workspace.apply()
    return workspace


def files(workspace: Workspace) -> dict[str, str]:
    """Everything there is but the sandbox's own data, which logs who reads it."""
    return {
        str(path.relative_to(workspace.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in workspace.root.rglob("*")
        if path.is_file() and not path.name.startswith("sandbox.db")
    }


def rehearsed(workspace: Workspace, *arguments: str) -> dict[str, Any]:
    """What `--json` adds to the plan."""
    ran = workspace("rehearse", "--json", *arguments)
    found: dict[str, Any] = json.loads(ran.out)["rehearsal"]
    return found


def test_what_it_says_comes_true_and_nothing_is_written_before(studio: Workspace) -> None:
    studio.edit("studio.yaml", "price: 85", "price: 90")
    studio.edit("studio.yaml", "name: Juniper Studio", "name: Juniper")
    before, writes = files(studio), studio.writes()
    ran = studio("rehearse")
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "Nothing live was written." in ran.out
    assert "Apply would be complete: 0 added, 2 changed, 0 destroyed." in ran.out
    assert "The plan after it: No changes. 11 resources are as the manifests say." in ran.out
    told = rehearsed(studio)
    assert (files(studio), studio.writes()) == (before, writes)

    known = len(studio.calls())
    plan = studio("plan").out
    assert ran.out.startswith(plan.partition("\n")[0])
    assert plan.partition("\n\n")[2].rstrip() in ran.out  # but for the seconds, the same text
    known = len(studio.calls())
    studio.apply()
    sent = [(method, path_of(path)) for method, path in studio.calls()[known:] if not path.endswith("/authenticate")]
    asked = Counter({(each["method"], each["path"]): each["times"] for each in told["requests"]})
    assert {key: n for key, n in asked.items() if key[0] != "GET"} == Counter(e for e in sent if e[0] != "GET")
    studio.settled()


def test_where_nothing_is_to_do_it_says_so(studio: Workspace) -> None:
    ran = studio("rehearse")
    assert (ran.code, ran.err) == (0, "")
    assert "The plan after it: No changes." in ran.out
    assert "Requests" not in ran.out
    assert rehearsed(studio)["requests"] == []


def test_what_depends_on_the_vendor_is_told(studio: Workspace) -> None:
    studio.edit("studio.yaml", "away: [2027-08-02..2027-08-13]", "away: [2027-08-09..2027-08-20]")
    assert studio("rehearse").code == 0
    ran = studio("rehearse", "--dialect", "hours=merge")
    assert (ran.code, ran.err) == (5, "Error: some changes would not be made\n")
    assert "Apply incomplete: 0 added, 0 changed, 0 destroyed; 1 failed, 0 not attempted." in ran.out
    assert "it merges instead of replacing" in " ".join(ran.out.split())
    assert "The plan after it would still have 1 change" in ran.out
    assert "put=partial, links=replace, hours=merge, booked=keep" in ran.out
    ran = studio("rehearse", "--dialect", "any")
    assert ran.code == 0
    assert ran.out.count("hours=merge, booked=") == 8
    told = rehearsed(studio, "--dialect", "any")
    assert told["dialects_tried"] == 16
    assert {each["dialect"]["hours"] for each in told["otherwise"]} == {"merge"}
    assert len(told["otherwise"]) == 8


def test_what_a_probe_found_is_gone_by(studio: Workspace) -> None:
    found = {
        "answers": {"hours": "merge", "put": "full", "body": "raw"},
        "account_id": "1",
        "at": "2026-11-21T10:00:00",
    }
    studio.write(".provisioner/state/sandbox/dialect.json", json.dumps(found))
    studio.edit("studio.yaml", "away: [2027-08-02..2027-08-13]", "away: [2027-08-09..2027-08-20]")
    ran = studio("rehearse")
    assert ran.code == 5
    assert "Found out by doctor: put=full, hours=merge.\nAssumed of the vendor: links=replace, booked=keep." in ran.out
    assert studio("rehearse", "--dialect", "hours=replace").code == 0


def test_what_a_rule_holds_back_is_not_tried(studio: Workspace) -> None:
    studio.edit("studio.yaml", "first_name: Ben", "lifecycle: {protect: true}\n    first_name: Ben")
    studio.apply()
    text = (studio.root / "studio.yaml").read_text("utf-8")
    studio.write("studio.yaml", text[: text.index("  ben:")])
    ran = studio("rehearse")
    assert ran.code == 4
    assert "BLOCKED" in ran.out
    assert "Rehearsed" not in ran.out
    assert ran.err.endswith("blocked: apply would do nothing\n")
    assert rehearsed(studio) is None


@pytest.mark.parametrize(
    "given", [("--dialect", "put=both"), ("--dialect", "x"), ("--dialect", "any", "--dialect", "put=full")]
)
def test_an_unknown_dialect_is_named(studio: Workspace, given: tuple[str, ...]) -> None:
    ran = studio("rehearse", *given)
    assert ran.code == 64
    assert "put=partial|full" in ran.err or "give it alone" in ran.err


def test_nothing_is_written_over(studio: Workspace) -> None:
    ran = studio("rehearse", "--keep", ".provisioner")
    assert (ran.code, ran.err) == (64, "Error: --keep .provisioner: is not empty: name a new folder\n")


# -- bookings

BOOKED = "2027-08-16 09:45"
"""A Monday on which Ana works."""


@pytest.fixture
def booked(studio: Workspace) -> Iterator[tuple[Workspace, Served]]:
    """The same, served, with somebody who is going to come."""
    with served(studio.root) as server:
        who = {
            "client_name": "Zelda Quartermain",
            "client_email": "zelda@quartermain.example",
            "client_phone": "555-777",
        }
        services = {each["name"]: each["id"] for each in server.dump()["services"]}
        people = {each["first_name"]: each["id"] for each in server.dump()["employees"]}
        body = {
            **who,
            "service_id": services["Haircut"],
            "employee_id": people["Ana"],
            "start_date": BOOKED,
            "note": "zq",
        }
        server.ask("/seed", "POST", {"appointments": [body]})
        yield studio, server


def test_bookings_are_copied_and_nobody_is_named(booked: tuple[Workspace, Served]) -> None:
    studio, server = booked
    (original,) = server.dump()["appointments"]
    studio.edit("studio.yaml", "price: 85", "price: 90")
    ran = studio("rehearse", "--keep", "kept")
    assert ran.code == 0
    assert "1 booking. " in " ".join(ran.out.split())
    assert "who booked has a made-up name" in " ".join(ran.out.split())
    assert ran.err == "The copy is in kept/sandbox.db. To look at it: provisioner sandbox serve --db kept/sandbox.db\n"
    held = b"".join(path.read_bytes() for path in (studio.root / "kept").iterdir())
    for name in (b"Zelda", b"zelda", b"Quartermain", b"quartermain", b"555-777", b"zq"):
        assert name not in held
    assert (studio.root / "kept/sandbox.db").stat().st_mode & 0o077 == 0
    with served(studio.root, "--db", "kept/sandbox.db") as copy:
        (appointment,) = copy.dump()["appointments"]
        same = ("id", "start", "end", "employee_id", "location_id", "service_id", "status", "company_id")
        assert {name: appointment[name] for name in same} == {name: original[name] for name in same}
        ids = {kind: [each["id"] for each in copy.dump()[kind]] for kind in ("locations", "services", "employees")}
        assert ids == {kind: [each["id"] for each in server.dump()[kind]] for kind in ids}
        assert "No changes. 11 live objects were recognised" in studio("plan", "--endpoint", copy.url).out


def test_what_is_booked_may_be_in_the_way(booked: tuple[Workspace, Served]) -> None:
    studio, server = booked
    text = (studio.root / "studio.yaml").read_text("utf-8")
    start, end = text.index("  ana:"), text.index("  ben:")
    studio.write("studio.yaml", text[:start] + text[end:])
    many = ("--allow-destroy", "20", "--allow-stranded", "employee/ana=1")
    assert studio("rehearse", *many).code == 0
    ran = studio("rehearse", *many, "--dialect", "booked=refuse")
    assert ran.code == 5
    told = rehearsed(studio, *many, "--dialect", "booked=refuse")["outcome"]
    server.ask("/dialect", "PUT", {"booked": "refuse"})
    ran = studio("apply", "--yes", *many, "--report", "json=out.json")
    assert ran.code == 5
    came = json.loads((studio.root / "out.json").read_text("utf-8"))["outcome"]
    assert came == told
    assert "has 1 future appointments" in told["failed"][0]["reason"]


# -- the second vendor


def test_a_vendor_without_a_list(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    workspace.write("provisioner.yaml", TIMETAP)
    workspace.write("yoga.yaml", YOGA)
    ran = workspace("rehearse")
    assert (ran.code, ran.err) == (0, "")
    assert "1 added" in ran.out
    workspace.apply()
    workspace.edit("yoga.yaml", "09:30-10:15", "09:30-10:30")
    writes = workspace.writes()
    told = rehearsed(workspace)
    assert told["requests"] == [
        {"method": "PUT", "path": "/recurringappointments/{id}", "times": 1},
        {"method": "GET", "path": "/recurringappointments/{id}", "times": 1},
    ]
    assert (told["outcome"]["complete"], told["afterwards"], told["copied"]) == (True, [], {"recurring_appointment": 1})
    assert "no list" in told["not_copied"][0]
    assert workspace.writes() == writes
    workspace.apply()
    workspace.settled()


# -- what is in doubt


def test_what_is_pending_stays_so_and_is_told(applied: Workspace) -> None:
    interrupt(applied, sent(DYE, "Dye", known=frozenset({"4", "5"})))
    applied.edit("studio.yaml", "price: 85", "price: 90")
    before = files(applied)
    ran = applied("rehearse")
    assert ran.code == 7
    assert "service/dye" in ran.err
    assert "Apply would be complete" in ran.out
    assert files(applied) == before


def test_a_served_tenant_is_only_read(booked: tuple[Workspace, Served]) -> None:
    studio, server = booked
    known = len(server.ask("/calls"))
    before = server.dump()
    assert studio("rehearse", "--endpoint", server.url).code == 0
    log = server.ask("/calls")[known:]
    assert {each["method"] for each in log if not each["path"].endswith("/authenticate")} == {"GET"}
    assert server.dump() == before
