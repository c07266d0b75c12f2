"""`provisioner verify` and `apply --verify`, as people run them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Workspace, served
from tests.report.formats import CODE_QUALITY, SARIF, check_json, check_junit

SETTINGS = "version: 1\nprovider: setster\nendpoint: sandbox\ncompany_id: 2345\n"
SALON = """\
locations:
  studio: {main: true, name: Studio, timezone: America/Los_Angeles}
  beach: {name: Beach, timezone: Europe/Paris}
services:
  haircut: {name: Haircut, duration: 1 h, active: true}
  perm: {name: Perm, duration: 2 h, active: true}
employees:
  ana:
    email: ana@x.example
    first_name: Ana
    last_name: Diaz
    at:
      studio:
        services: [haircut, perm]
        hours:
          - {dates: 2026-01-01..2099-12-31, week: {daily: 09:00-17:00}}
      beach:
        services: [haircut]
        hours:
          - {dates: 2026-01-01..2099-12-31, week: {daily: 09:00-17:00}}
"""
ENDED = ("    email: ana@x.example\n", "    email: ana@x.example\n    active: false\n")
START = r"\w{3} \d+ \w{3}( \d{4})? \d\d:\d\d"


@pytest.fixture
def salon(tmp_path: Path) -> Workspace:
    """A salon that is applied."""
    found = Workspace(tmp_path)
    found.write("provisioner.yaml", SETTINGS)
    found.write("salon.yaml", SALON)
    found.apply()
    return found


def test_all_is_bookable(salon: Workspace) -> None:
    writes = salon.writes()
    ran = salon("verify")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(
        "SANDBOX \\(nothing real changes\\) company 2345 \\(sandbox\\)   10 reads\n\n"
        "Studio \\(location/studio\\), America/Los_Angeles\n"
        f"  BOOKABLE      Haircut  {START}\n  BOOKABLE      Perm     {START}\n\n"
        "Beach \\(location/beach\\), Europe/Paris\n"
        f"  BOOKABLE      Haircut  {START}\n\n"
        "Verified: 3 bookable, 0 not bookable.\n",
        ran.out,
    ), ran.out
    assert salon.writes() == writes


def test_what_is_not_bookable_has_its_cause_its_line_and_its_remedy(salon: Workspace) -> None:
    salon.edit("salon.yaml", *ENDED)
    ran = salon("verify")
    assert (ran.code, ran.err) == (0, "")  # not applied yet: the tenant is still open
    assert "what is live is not what the manifests say: provisioner plan shows it" in " ".join(ran.out.split())
    salon.apply()
    ran = salon("verify")
    assert (ran.code, ran.err) == (3, "")
    assert ran.out.split("\n\n", 1)[1] == (
        "Studio (location/studio), America/Los_Angeles\n"
        "  NOT BOOKABLE  Haircut, Perm\n"
        "      ana is inactive\n"
        "        salon.yaml:10: write `active: true`, or let somebody else offer it\n\n"
        "Beach (location/beach), Europe/Paris\n"
        "  NOT BOOKABLE  Haircut\n"
        "      ana is inactive\n"
        "        salon.yaml:10: write `active: true`, or let somebody else offer it\n\n"
        "Verified: 0 bookable, 3 not bookable.\n"
    )


def test_an_apply_verifies_what_it_touched(salon: Workspace) -> None:
    salon.edit("salon.yaml", "perm: {name: Perm, duration: 2 h", "perm: {name: Perm, duration: 10 h")
    ran = salon("apply", "--yes", "--verify")
    assert ran.code == 3
    assert "Apply complete! 0 added, 1 changed, 0 destroyed." in ran.out
    assert ran.out.endswith(
        "Studio (location/studio), America/Los_Angeles\n"
        "  NOT BOOKABLE  Perm\n"
        "      no open time is as long as perm takes\n"
        "        salon.yaml:6: longer hours, or a shorter `duration`\n\n"
        "Verified: 0 bookable, 1 not bookable.\n"
    )
    salon.edit("salon.yaml", "duration: 10 h", "duration: 3 h")
    ran = salon("apply", "--yes", "--verify")
    assert ran.code == 0
    assert ran.last == "Verified: 1 bookable, 0 not bookable."
    ran = salon("apply", "--yes", "--verify")
    assert (ran.code, ran.last) == (0, "Verified: nothing was touched that decides what can be booked.")


def test_a_document_for_scripts(salon: Workspace) -> None:
    salon.edit("salon.yaml", *ENDED)
    salon.apply()
    ran = salon("verify", "--json", "--target", "location/studio", "--sample", "1", "--from", "2030-02-01")
    document = json.loads(ran.out)
    assert (ran.code, document["exit_code"], document["format_version"]) == (3, 3, "1.0")
    assert document["as_of"] == document["sample"].pop("seed") == "2030-02-01"
    assert document["sample"] == {"number": 1, "not_asked": 1}
    (row,) = document["results"]
    assert row["location"] == "location/studio"
    assert row["reasons"] == [
        {
            "cause": "employee inactive",
            "reason": "ana is inactive",
            "about": "employee/ana",
            "place": {"file": "salon.yaml", "line": 10, "column": 5},
            "remedy": "write `active: true`, or let somebody else offer it",
        }
    ]


def test_reports_have_a_case_for_each_service_at_a_location(salon: Workspace) -> None:
    def cases() -> dict[str, Any]:
        root = check_junit((salon.root / "verify.xml").read_text("utf-8"))
        return {str(case.get("name")): case for case in root.iter("testcase")}

    given = ("--report", "junit=verify.xml", "--report", "sarif=verify.sarif", "--report", "codequality=verify.json")
    assert salon("verify", *given).code == 0
    well = cases()
    assert [*well] == [
        "location/studio service/haircut", "location/studio service/perm", "location/beach service/haircut",
    ]  # fmt: skip
    assert [len(case) for case in well.values()] == [0, 0, 0]
    salon.edit("salon.yaml", *ENDED)
    assert salon("verify", *given).code == 0
    assert [(name, case[0].tag) for name, case in cases().items() if len(case)] == [
        (f"{name} as promised", "skipped") for name in well
    ]
    salon.apply()
    assert salon("verify", *given).code == 3
    ill = cases()
    assert [*ill] == [*well], "a server knows a case by its name, from run to run"
    (failure,) = ill["location/beach service/haircut"]
    assert (failure.tag, failure.get("message")) == (
        "failure",
        "not bookable: ana is inactive: write `active: true`, or let somebody else offer it",
    )
    assert str(failure.text).startswith("salon.yaml:10: not bookable: ana is inactive")
    document = json.loads((salon.root / "verify.sarif").read_bytes())
    check_json(document, SARIF)
    assert len(document["runs"][0]["results"]) == 3
    check_json(json.loads((salon.root / "verify.json").read_bytes()), CODE_QUALITY)
    salon.edit("provisioner.yaml", "company_id: 2345", "company_id: 9999")
    assert salon("verify", *given).code == 1
    (error,) = cases().values()
    assert error[0].tag == "failure"
    assert "company 9999 is not in the sandbox of this workspace" in str(error[0].get("message"))


def test_a_sample_says_what_was_not_asked(salon: Workspace) -> None:
    ran = salon("verify", "--sample", "2")
    assert (ran.code, ran.last) == (0, "Verified: 2 bookable, 0 not bookable.")
    assert "Note: 1 of 3 were not asked about (--sample 2, drawn for 20" in ran.out


def test_names_are_data(salon: Workspace) -> None:
    salon.edit("salon.yaml", "name: Beach", 'name: "::error file=x::boo"')
    salon.edit("salon.yaml", "name: Perm", 'name: "##[group]x"')
    ran = salon("apply", "--yes", "--verify")  # `run` looks for what a build server or a terminal would obey
    assert ran.code == 0, ran.err
    assert "error file=x" in ran.out
    assert "group]x" in ran.out


def test_a_vendor_that_does_not_answer(salon: Workspace) -> None:
    with served(salon.root) as server:
        salon.apply("--endpoint", server.endpoint)
        server.ask("/faults", "PUT", {"rules": [{"fault": "refuse", "path": "/availability", "times": 1}]})
        ran = salon("verify", "--endpoint", server.endpoint)
    assert (ran.code, ran.err) == (1, "")
    assert "  UNKNOWN       " in ran.out
    assert ran.last == "Verified: 2 bookable, 0 not bookable, 1 unknown."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--target", "location/stadio"), "--target location/stadio names nothing in the manifests or the state: did"),
        (("--sample", "0"), "write a whole number, 1 or more"),
        (("--weeks", "6"), "write a whole number, from 1 to 5"),
        (("--from", "soon"), "soon"),
    ],
)
def test_what_cannot_be_asked_for_is_wrong_usage(salon: Workspace, arguments: tuple[str, ...], message: str) -> None:
    ran = salon("verify", *arguments)
    assert (ran.code, ran.out) == (64, "")
    assert message in ran.err


def test_a_vendor_that_cannot_be_asked(tmp_path: Path) -> None:
    studio = Workspace(tmp_path)
    studio.write("provisioner.yaml", "version: 1\nprovider: timetap\nendpoint: sandbox\ncompany_id: 71300\n")
    ran = studio("verify")
    message = "Error: this vendor does not say when something can be booked: it cannot be verified\n"
    assert ran == (64, "", message)
    ran = studio("apply", "--yes", "--verify")
    assert (ran.code, ran.err) == (
        64,
        "Error: --verify: this vendor does not say when something can be booked: leave it out\n",
    )
