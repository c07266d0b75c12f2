"""`provisioner state`: what is remembered, looked at and mended."""

from __future__ import annotations

import json

import pytest

from tests.cli.command import Workspace

CHAIN = """
accounts:
  west: {company_name: West, nick_name: west, email: owner@west.example, password: "${env:WEST_PASSWORD}"}
---
account: west
services:
  cut: {name: Cut, duration: 30 min, default: true}
  dye: {name: Dye, duration: 60 min}
"""


def test_list(applied: Workspace) -> None:
    ran = applied("state", "list")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert len(lines) == 11
    assert lines == sorted(lines)
    assert "hours/ana/studio  owned" in lines
    assert [line.split()[1] for line in lines if line.startswith("location/studio ")] == ["adopted"]
    assert applied.addresses("service/*") == ["service/color", "service/haircut"]
    assert applied("state", "list", "nothing/*") == (0, "", "")


def test_list_of_nothing(starter: Workspace) -> None:
    ran = starter("state", "list")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("Nothing is recorded")
    assert starter.kept == []


def test_show(applied: Workspace) -> None:
    shown = applied.shown("service/color")
    assert shown["address"] == "service/color"
    assert shown["owned"] is True
    assert shown["id"].isdigit()
    assert shown["applied"]["duration"] == "1 h 30 min"


@pytest.mark.parametrize("command", ["show", "rm", "own", "mv"])
def test_an_unknown_address(applied: Workspace, command: str) -> None:
    before = applied.state.read_bytes()
    more = ["service/colours"] if command == "mv" else []
    ran = applied("state", command, "service/colour", *more)
    assert ran == (64, "", "Error: service/colour is not in the state: did you mean service/color?\n")
    assert applied.state.read_bytes() == before


def test_rm_then_the_plan_finds_it(applied: Workspace) -> None:
    ran = applied("state", "rm", "service/color")
    assert (ran.code, ran.err) == (0, "")
    assert "stays live" in ran.out
    assert applied.changes() == ["adopt service/color"]
    applied.apply()
    applied.settled()
    assert applied.records()["service/color"]["owned"] is False
    assert len(applied.live("service")) == 2


def test_own_then_removal_destroys(applied: Workspace) -> None:
    applied("state", "rm", "service/color")
    applied.apply()
    applied.edit("studio.yaml", "  color: {name: Colour, duration: 90 min, price: 85, duration_padding: 15 min}\n", "")
    applied.edit("studio.yaml", "services: [haircut, color]", "services: [haircut]")
    ran = applied("plan")
    assert "run provisioner state own service/color" in " ".join(ran.out.replace("#", " ").split())
    assert "forget service/color" in applied.changes()
    assert applied("state", "own", "service/color").code == 0
    assert "delete service/color" in applied.changes()
    applied.apply()
    assert [each["name"] for each in applied.live("service")] == ["Haircut"]
    applied.settled()


def test_mv_takes_hours_and_links_along(applied: Workspace) -> None:
    number = applied.records()["employee/ana"]["id"]
    ran = applied("state", "mv", "employee/ana", "employee/anna")
    assert (ran.code, ran.err) == (0, "")
    assert not [each for each in applied.addresses() if "/ana" in each]
    assert [each for each in applied.addresses() if "/anna" in each] == [
        "away/anna",
        "employee/anna",
        "hours/anna/studio",
        "link/anna/studio/color",
        "link/anna/studio/haircut",
    ]
    assert applied.records()["employee/anna"]["id"] == number
    applied.edit("studio.yaml", "  ana:\n", "  anna:\n")
    applied.settled()


def test_mv_of_a_location_and_a_service(applied: Workspace) -> None:
    assert applied("state", "mv", "location/studio", "location/shop").code == 0
    assert applied("state", "mv", "service/haircut", "service/cut").code == 0
    assert "link/ben/shop/cut" in applied.addresses()
    text = (applied.root / "studio.yaml").read_text().replace("studio:", "shop:").replace("haircut", "cut")
    applied.write("studio.yaml", text)
    applied.settled()


def test_mv_of_an_account_takes_everything_in_it_along(empty: Workspace) -> None:
    env = {"WEST_PASSWORD": "not-shown"}
    empty.write("chain.yaml", CHAIN)
    empty.apply(env=env)
    assert empty("state", "mv", "account/west", "account/pacific").code == 0
    assert empty.addresses() == ["account/pacific", "pacific/service/cut", "pacific/service/dye"]
    empty.write("chain.yaml", CHAIN.replace("  west: {", "  pacific: {").replace("account: west", "account: pacific"))
    empty.settled(env=env)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("employee/ben", "employee/ben is recorded already"),
        ("service/ana", "another kind or account"),
        ("west/employee/ana", "another kind or account"),
        ("hours/ana/studio", "named after others"),
        ("employee/all", "reserved"),
        ("employee/Ana Diaz", "Ana Diaz"),
        ("ana", "no address"),
    ],
)
def test_mv_to_what_cannot_be(applied: Workspace, target: str, words: str) -> None:
    before = applied.state.read_bytes()
    ran = applied("state", "mv", "employee/ana", target)
    assert (ran.code, ran.out) == (64, "")
    assert words in ran.err
    assert applied.state.read_bytes() == before


def test_mv_of_a_relation(applied: Workspace) -> None:
    ran = applied("state", "mv", "hours/ana/studio", "hours/ben/shop")
    assert (ran.code, ran.out) == (64, "")
    assert "move the employee or the location" in ran.err


def test_a_key_renamed_with_was(applied: Workspace) -> None:
    applied.edit("studio.yaml", "  ana:\n", "  anna:\n    lifecycle: {was: [ana]}\n")
    assert not [each for each in applied.changes() if each.split()[0] in ("create", "delete")]
    applied.apply()
    applied.settled()


def test_the_one_before_is_kept(applied: Workspace) -> None:
    before = applied.state.read_bytes()
    applied("state", "rm", "service/color")
    assert applied.state.with_name("state.json.previous").read_bytes() == before
    serials = [json.loads(text)["serial"] for text in (before, applied.state.read_bytes())]
    assert serials[1] == serials[0] + 1


def test_the_state_is_for_its_owner_only(applied: Workspace) -> None:
    assert applied.state.stat().st_mode & 0o077 == 0
