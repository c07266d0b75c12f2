"""What a pull does to lists: each entry keeps what it says, and no comment comes to stand at another value."""

from __future__ import annotations

import pytest

from tests.cli.command import Workspace
from tests.cli.test_pull import ENV, SETTINGS, lines, outside, pulled

PEOPLE = """\
locations:
  studio: {main: true, name: Studio}
services:
  cut: {name: Cut, duration: 45 min}
  perm: {name: Perm, duration: 45 min}
  color: {name: Color, duration: 45 min}
employees:
  ana:
    email: ana@x.example
    first_name: Ana
    last_name: Diaz
    at:
      studio:
        services:
          - cut   # her favourite, see contract 7
    away:
      - 2027-08-02..2027-08-13   # Italy, booked
      - 2027-12-24
      # the end
  ben: {email: ben@x.example, first_name: Ben, last_name: Diaz}
links:
  - {employees: all, locations: [studio], services: [perm]}   # everybody
custom_fields:
  q:
    label: How?
    type: dropdown
    options:
      - Friend   # most of them
      - Web
"""
ANA = "          - cut   # her favourite, see contract 7"


@pytest.fixture
def people(empty: Workspace) -> Workspace:
    empty.write("provisioner.yaml", SETTINGS)
    empty.write("people.yaml", PEOPLE)
    empty.apply()
    return empty


CASES = {
    "what came is written where one pair is named": (
        [("  - {employees: all", "  - {employees: [ana], locations: all, services: [color]}\n  - {employees: all")],
        ["+           - color"],
    ),
    "what went leaves the entry that names it": (
        [(ANA, "          - cut\n          - color"), ("services: [perm]", "services: []")],
        ["+           - color",
         "-   - {employees: all, locations: [studio], services: [perm]}   # everybody",
         "+   - {employees: all, locations: [studio], services: []}   # everybody"],
    ),
    "a comment goes with its service": (
        [(ANA, "          - color")],
        [f"- {ANA}", "+           - color"],
    ),
    "a comment goes with its days off": (
        [("2027-08-02..2027-08-13   # Italy, booked", "2027-03-01")],
        ["-       - 2027-08-02..2027-08-13   # Italy, booked", "+       - 2027-03-01"],
    ),
    "a comment stays with days off that were moved a little": (
        [("2027-08-02..2027-08-13", "2027-08-09..2027-08-20")],
        ["-       - 2027-08-02..2027-08-13   # Italy, booked", "+       - 2027-08-09..2027-08-20   # Italy, booked"],
    ),
    "days off without a comment are exchanged in their place": (
        [("2027-12-24", "2027-12-31")],
        ["-       - 2027-12-24", "+       - 2027-12-31"],
    ),
    "a comment goes with its option": (
        [("Friend   # most of them", "Radio")],
        ["-       - Friend   # most of them", "+       - Radio"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_what_came_or_went_is_written(people: Workspace, case: str) -> None:
    edits, expected = CASES[case]
    outside(people, "people.yaml", *edits)
    assert pulled(people).err == ""
    assert lines(people, "people.yaml", PEOPLE) == expected
    people.settled()


def test_what_others_would_lose_is_said(people: Workspace) -> None:
    outside(people, "people.yaml", ("employees: all", "employees: [ben]"))
    ran = pulled(people, code=5)
    assert ran.out == "Nothing to pull.\n"
    assert "link/ana/studio: services cannot be taken back: link/ben/studio/perm would change with it" in ran.err


CHAIN = """\
accounts:
  west: {company_name: West, nick_name: west, email: o@west.example, password: "${env:WEST}"}
  east: {company_name: East, nick_name: east, email: o@east.example, password: "${env:EAST}"}
---
account: all
services:
  haircut: {name: Haircut, duration: 45 min}
  perm: {name: Perm, duration: 45 min}
"""


def test_what_is_deleted_in_one_account_of_several(empty: Workspace) -> None:
    empty.write("chain.yaml", CHAIN)
    empty.apply(env=ENV)
    perm = "  perm: {name: Perm, duration: 45 min}\n"
    outside(empty, "chain.yaml", (perm, f"---\naccount: east\nservices:\n{perm}"), env=ENV)
    ran = pulled(empty, "--prune", code=5, env=ENV)
    assert (empty.root / "chain.yaml").read_text() == CHAIN
    assert (
        "west/service/perm cannot be taken back: the same lines declare east/service/perm: declare it for those "
        "accounts alone that keep it\n"
    ) in ran.err


ROWS = """\
generate:
  - from: data/menu.csv
    as: it
    manifest:
      services:
        ${it.slug}: {name: "${it.name}", duration: 45 min}
order:
  services: [perm, cut]
"""


def test_a_row_that_was_deleted_is_named(empty: Workspace) -> None:
    empty.write("menu.yaml", ROWS)
    empty.write("data/menu.csv", "slug,name\ncut,Cut\nperm,Perm\n")
    empty.apply()
    other = empty.copy(empty.root.parent / "rows")
    other.write("data/menu.csv", "slug,name\ncut,Cut\n")
    other.edit("menu.yaml", "[perm, cut]", "[cut]")
    other.apply("--allow-destroy=9")
    for path in other.db.parent.glob("sandbox.db*"):
        empty.write(f".provisioner/{path.name}", path.read_bytes())
    ran = pulled(empty, "--prune", code=5)
    assert "service/perm cannot be taken back: the row at data/menu.csv:3 makes it: remove the row" in ran.err
    assert (empty.root / "menu.yaml").read_text() == ROWS
