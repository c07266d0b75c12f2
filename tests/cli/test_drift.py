"""`drift`: what moved outside since the last apply, whatever the manifests say by now; nothing is written by it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import jsonschema
import pytest

from provisioner.schema import plan_schema
from provisioner.state.lock import locked
from tests.cli.command import Ran, Workspace
from tests.report.formats import check_junit

DOCUMENT = jsonschema.Draft7Validator(plan_schema(closed=True))


def drift(workspace: Workspace, *arguments: str) -> Ran:
    """The command, which wrote nothing."""
    before, state = workspace.writes(), workspace.records()
    ran = workspace("drift", *arguments)
    assert (workspace.writes(), workspace.records()) == (before, state)
    return ran


def told(workspace: Workspace) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(drift(workspace, "--json").out)
    DOCUMENT.validate(document)
    return document


def deleted(workspace: Workspace, kind: str, name: str) -> None:
    """Somebody deletes the live object of that name."""
    (found,) = [each for each in workspace.live(kind) if name in (each.get("name"), each.get("first_name"))]
    with closing(sqlite3.connect(workspace.db)) as db, db:
        db.execute("DELETE FROM objects WHERE kind = ? AND json_extract(body, '$.id') = ?", (kind, found["id"]))


def test_nothing_moved(applied: Workspace) -> None:
    ran = drift(applied)
    assert (ran.code, ran.last) == (0, "No drift. 11 resources as the last apply left them.")
    assert told(applied)["changes"] == []


def test_where_nothing_is_recorded_nothing_is_said_of_drift(starter: Workspace) -> None:
    """A job that closes an issue must not take a state that it cannot find for good news."""
    ran = starter("drift", "--report", "markdown=r.md", "--report", "junit=r.xml")
    assert (ran.code, ran.out) == (1, "")
    assert "nothing is recorded of sandbox company 2345, so there is nothing to compare with: apply first" in ran.err
    assert check_junit((starter.root / "r.xml").read_text())[0].get("failures") == "1"
    assert "No drift" not in (starter.root / "r.md").read_text()


def test_where_all_was_destroyed_nothing_drifts(applied: Workspace) -> None:
    assert applied("destroy", "--yes").code == 0
    ran = drift(applied)
    assert (ran.code, ran.last) == (0, "No drift. Nothing is managed here any more.")


def test_while_another_run_is_at_work_nothing_is_said_of_drift(applied: Workspace) -> None:
    applied.tamper("service", "Colour", price="99.00")
    (state,) = (applied.root / ".provisioner").rglob("state.json")
    with locked(state.with_name("lock"), "provisioner apply"):
        ran = drift(applied)
    assert (ran.code, ran.out) == (6, "")
    assert "provisioner apply (process" in ran.err
    assert "is at work on this tenant" in ran.err


def test_a_field_that_moved(applied: Workspace) -> None:
    applied.tamper("service", "Colour", price="99.00")
    ran = drift(applied)
    assert (ran.code, ran.last) == (2, "Drift: 1 changed outside, 0 deleted outside.")
    assert "price = 85 -> 99" in ran.out
    (change,) = told(applied)["changes"]
    (field,) = change["fields"]
    assert (change["address"], field["applied"], field["before"]) == ("service/color", "85", "99")
    assert field["place"]["file"] == "studio.yaml"


def test_an_edit_that_waits_for_its_apply_is_no_drift(applied: Workspace) -> None:
    applied.edit("studio.yaml", "price: 85", "price: 86")
    applied.write("more.yaml", "services: {wash: {name: Wash, duration: 15 min}}\n")
    assert drift(applied).code == 0
    applied.tamper("service", "Colour", price="99.00")
    ran = drift(applied)
    assert ran.code == 2
    assert "will be set to 86, as the manifest moved too" in ran.out
    assert "wash" not in ran.out


def test_what_was_taken_back_into_the_files_is_no_drift(applied: Workspace) -> None:
    applied.tamper("service", "Colour", price="99.00")
    applied.edit("studio.yaml", "price: 85", "price: 99")
    assert drift(applied).code == 0


def test_what_left_the_manifests_is_looked_at_until_an_apply(applied: Workspace) -> None:
    applied.tamper("service", "Colour", price="99.00")
    text = (applied.root / "studio.yaml").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("  color:")]
    applied.write(
        "studio.yaml",
        "\n".join(lines).replace("[haircut, color]", "[haircut]").replace("[color, haircut]", "[haircut]"),
    )
    assert applied("validate").code == 0
    assert [each["address"] for each in told(applied)["changes"]] == ["service/color"]


def test_what_is_gone_is_told_once_whatever_went_along(applied: Workspace) -> None:
    deleted(applied, "service", "Colour")
    ran = drift(applied)
    assert (ran.code, ran.last) == (2, "Drift: 0 changed outside, 1 deleted outside.")
    assert [(each["address"], each["action"]) for each in told(applied)["changes"]] == [("service/color", "create")]


def test_it_needs_no_secret_of_the_manifests(applied: Workspace) -> None:
    applied.write(
        "secret.yaml", "employees: {zoe: {email: z@x.example, first_name: Z, last_name: Z, password: '${env:ZOE}'}}\n"
    )
    assert applied("plan").code == 1
    assert drift(applied).code == 0


@pytest.mark.parametrize("name", ["text", "json", "markdown", "html", "junit", "sarif", "codequality"])
def test_every_report(applied: Workspace, name: str) -> None:
    applied.tamper("service", "Colour", price="99.00")
    assert drift(applied, "--report", f"{name}=r.out").code == 2
    text = (applied.root / "r.out").read_text()
    assert "service/color" in text
    assert "99" in text
    if name == "junit":
        assert check_junit(text)[0].get("failures") == "1"


def test_a_failure_is_what_the_reports_tell(applied: Workspace) -> None:
    applied.write("wrong.yaml", "services: {a: {nmae: A}}\n")
    ran = drift(applied, "--report", "junit=r.xml", "--report", "markdown=r.md")
    assert ran.code == 1
    assert check_junit((applied.root / "r.xml").read_text())[0].get("failures") == "2"
    assert (applied.root / "r.md").read_text().startswith("### No plan: 2 problems")


def test_what_is_beside_the_manifests_is_listed_and_is_no_drift(applied: Workspace) -> None:
    ran = drift(applied, "--show-unmanaged")
    assert ran.code == 0
    assert "no plan touches it" in ran.out
    assert "unmanaged" in json.loads(drift(applied, "--json", "--show-unmanaged").out)
