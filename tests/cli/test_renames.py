"""A rename that the manifests do not say, from the plan that holds it back to the table that carries it out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.command import Workspace

STORES = """\
generate:
  from: data/stores.csv
  as: store
  manifest:
    locations:
      ${store.slug}: {name: "${store.name}", phone: "${store.phone}"}
"""
THEN = "slug,name,phone\neast,East,555-0101\nwest,West,555-0102\nnorth,North,555-0103\n"
NOW = "slug,name,phone\nost,Ost,555-0101\nwest,West,555-0102\nnord,Nord,555-0103\n"


@pytest.fixture
def stores(empty: Workspace) -> Workspace:
    """Three stores of a table, applied; then two of them have another slug and name."""
    empty.write("stores.yaml", STORES)
    empty.write("data/stores.csv", THEN)
    empty.apply()
    empty.write("data/stores.csv", NOW)
    return empty


def ids(workspace: Workspace) -> dict[str, str]:
    return {address: record["id"] for address, record in workspace.records().items()}


def test_it_is_held_back_and_both_sides_say_why(stores: Workspace) -> None:
    ran = stores("plan")
    assert ran.code == 4
    assert ran.last == "Plan: 2 to add, 0 to change, 2 to destroy (2 blocked: nothing will be applied)."
    assert (
        " ".join(ran.out.split()).count("looks like a rename of location/east: add location/east,location/ost to") == 1
    )
    document = stores.planned()
    assert {c["address"]: c["resembles"] for c in document["changes"]} == {
        "location/east": ["location/ost"],
        "location/ost": ["location/east"],
        "location/north": ["location/nord"],
        "location/nord": ["location/north"],
    }
    assert [each["address"] for each in document["blocked"]] == ["location/east", "location/north"]
    before = ids(stores)
    assert stores("apply", "--yes").code == 4
    assert ids(stores) == before


def test_the_suggested_table_is_used_and_everything_is_updated(stores: Workspace) -> None:
    before = ids(stores)
    ran = stores("plan", "--renames-out", "data/renames.csv")
    assert ran.code == 4
    assert ran.err.endswith("then write in a manifest: renames: data/renames.csv\n")
    rows = list(csv.reader((stores.root / "data/renames.csv").read_text("utf-8").splitlines()))
    assert [row[:2] for row in rows] == [
        ["from", "to"],
        ["location/east", "location/ost"],
        ["location/north", "location/nord"],
    ]
    stores.write("renames.yaml", "renames: data/renames.csv\n")
    assert stores.changes() == ["update location/nord", "update location/ost"]
    stores.apply()
    after = ids(stores)
    assert (after["location/ost"], after["location/nord"]) == (before["location/east"], before["location/north"])
    stores.settled()


def test_where_it_cannot_be_told_the_table_leaves_it_to_a_person(stores: Workspace) -> None:
    stores.write("data/stores.csv", THEN.replace("0102", "0101"))
    stores.apply("--allow-update=1")
    stores.write("data/stores.csv", "slug,name,phone\nx,X,555-0101\ny,Y,555-0101\nnorth,North,555-0103\n")
    stores("plan", "--renames-out", "data/renames.csv")
    stores.write("renames.yaml", "renames: data/renames.csv\n")
    ran = stores("validate")
    assert ran.code == 1
    assert ran.err.startswith("data/renames.csv:2:1: to is blank: write an address such as location/old, or remove")


def test_a_table_that_is_there_is_not_written_over(stores: Workspace) -> None:
    stores.write("data/renames.csv", "from,to\n")
    ran = stores("plan", "--renames-out", "data/renames.csv")
    assert (ran.code, ran.out) == (64, "")
    assert "is there already, perhaps with renames: name a new file" in ran.err


def test_without_any_to_suggest_nothing_is_written(stores: Workspace) -> None:
    stores.write("data/stores.csv", THEN)
    ran = stores("plan", "--renames-out", "data/renames.csv")
    assert (ran.code, ran.err) == (0, "No renames to suggest: nothing was written.\n")
    assert not (stores.root / "data/renames.csv").exists()


@pytest.mark.parametrize("form", ["option", "removed"])
def test_who_means_it_says_so_by_address(stores: Workspace, form: str) -> None:
    named = ["--not-renamed", "location/east", "--not-renamed", "location/north"]
    if form == "removed":
        named = []
        stores.write("gone.yaml", "removed: {location/east: {how: delete}, location/north: {how: forget}}")
    ran = stores("apply", "--yes", *named[:2])
    assert ran.code == (4 if named else 0)
    ran = stores.apply(*named)
    assert "looks like" not in ran.out
    assert {*ids(stores)} == {"location/ost", "location/west", "location/nord"}


def test_an_override_names_what_there_is(stores: Workspace) -> None:
    ran = stores("plan", "--not-renamed", "location/estt")
    assert ran.code == 64
    assert "--not-renamed location/estt names nothing in the state: give the address that goes" in ran.err


def test_a_saved_plan_keeps_the_override(stores: Workspace) -> None:
    named = ["--not-renamed", "location/east", "--not-renamed", "location/north"]
    assert stores("plan", "--save", "plan.json", *named).code == 0
    ran = stores("apply", "plan.json", *named[:2])
    assert (ran.code, ran.out) == (64, "")
    assert "--not-renamed is in the saved plan already" in ran.err
    assert stores("apply", "plan.json").code == 0
    stores.settled()


def test_reports_say_it_and_destroy_does_not(stores: Workspace) -> None:
    assert stores("plan", "--report", "markdown=p.md", "--report", "json=p.json").code == 4
    text, document = (Path(stores.root / name).read_text("utf-8") for name in ("p.md", "p.json"))
    assert text.count("| **BLOCKED**: looks like a rename to") == 2
    assert json.loads(document)["counts"]["blocked"] == 2
    ran = stores("plan", "--destroy")
    assert ran.code == 0
    assert "looks like" not in ran.out


@pytest.mark.parametrize("name", ["r.xlsx", "r.json", "r.txt", "r.yaml", "r"])
def test_a_table_that_would_be_read_as_something_else_is_not_written(stores: Workspace, name: str) -> None:
    ran = stores("plan", "--renames-out", name)
    assert (ran.code, f"'{name}' would hold CSV" in ran.err, "end it in .csv" in ran.err) == (64, True, True), ran.err
    assert not (stores.root / name).exists()


def test_a_table_outside_of_the_workspace_has_to_be_moved_into_it(stores: Workspace) -> None:
    ran = stores("plan", "--renames-out", "../outside.csv")
    remedy = "move it into the workspace as data/outside.csv, then write in a manifest: renames: data/outside.csv\n"
    assert (ran.code, ran.err.endswith(remedy)) == (4, True), ran.err


def test_a_manifest_may_name_the_table_before_it_is_written(stores: Workspace) -> None:
    stores.write("renames.yaml", "renames: data/renames.csv\n")
    ran = stores("plan", "--renames-out", "data/renames.csv")
    assert (ran.code, "the manifests name it already" in ran.err) == (4, True), ran.err
    assert stores.changes() == ["update location/nord", "update location/ost"]


def test_a_table_that_is_named_and_not_written_is_told(stores: Workspace) -> None:
    stores.write("data/stores.csv", THEN)
    stores.write("renames.yaml", "renames: data/renames.csv\n")
    ran = stores("plan", "--renames-out", "data/renames.csv")
    assert (ran.code, ran.err) == (
        0,
        "No renames to suggest: nothing was written. Remove from the manifests: renames: data/renames.csv.\n",
    )


SALON = """\
accounts:
  {key}: {{company_name: "{name}", nick_name: {key}, email: o@{key}.example, password: "${{env:PW}}"}}
---
account: {key}
locations:
  {key}: {{main: true, name: "{name}", street1: {street}, zip: "02114", phone: "{phone}"}}
"""
BOSTON = {"key": "boston", "name": "Boston", "street": "55 Cambridge Street", "phone": "555-0114"}
NEWARK = {"key": "newark", "name": "Newark", "street": "920 Broad Street", "phone": "555-0102"}
PW = {"PW": "pw"}


@pytest.mark.parametrize(
    ("new", "seen"),
    [
        ({"key": "hub", "name": "Hub"}, "same main location's phone, main location's street1, main location's zip"),
        ({"key": "hub", "name": "Hub", "street": "1 Pier"}, "same main location's phone"),
        ({"key": "hub", "name": "Hub", "street": "1 Pier", "phone": NEWARK["phone"]}, ""),  # which stays
        ({"key": "hub", "name": "Hub", "street": "1 Pier", "phone": "555-0199"}, ""),
    ],
)
def test_an_account_is_known_by_its_main_location(empty: Workspace, new: dict[str, str], seen: str) -> None:
    empty.write("boston.yaml", SALON.format(**BOSTON))
    empty.write("newark.yaml", SALON.format(**NEWARK))
    empty.apply(env=PW)
    empty.write("boston.yaml", SALON.format(**{**BOSTON, **new}))
    ran = empty("plan", env=PW)
    said = " ".join(ran.out.replace("#", "").split())
    assert (ran.code, "account/boston looks like" in said or "rename to account/hub" in said) == (
        (4, True) if seen else (0, False)
    ), ran.out
    assert seen in said


@pytest.mark.parametrize(("phone", "code"), [("555-0101", 0), ("555-0777", 4)])
def test_the_number_of_the_salon_is_nobodys_own(empty: Workspace, phone: str, code: int) -> None:
    salon = 'locations: {hq: {main: true, name: HQ, phone: "(555) 0101"}}\n'
    person = "employees: {%s: {email: %s@x.example, first_name: %s, last_name: %s, phone: %s}}\n"
    empty.write("salon.yaml", salon + person % ("ana", "ana", "Ana", "Diaz", phone))
    empty.apply()
    empty.write("salon.yaml", salon + person % ("eve", "eve", "Eve", "Hart", phone))
    ran = empty("plan", "--allow-destroy=1")
    assert (ran.code, "looks like a rename" in " ".join(ran.out.split())) == (code, code == 4), ran.out
