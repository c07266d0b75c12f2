"""`provisioner hours`, as people run it."""

from __future__ import annotations

import pytest

from provisioner.report.layout import columns
from tests.cli.command import Workspace

CHAIN = """\
accounts:
  west: {company_name: West, nick_name: west, email: o@west.example, password: "${env:WEST}"}
  east: {company_name: East, nick_name: east, email: o@east.example, password: "${env:EAST}"}
---
account: [west, east]
locations: {downtown: {name: Downtown, timezone: America/Los_Angeles}}
services: {cut: {name: Cut, duration: 45 min}}
---
account: west
locations: {beach: {name: Venice Beach, timezone: America/Los_Angeles}}
employees:
  ana:
    email: ana@west.example
    first_name: Ana
    last_name: Diaz
    at: {beach: {services: [cut], hours: [{dates: 2027, week: {mon: 09:00-17:00}}]}}
  ben:
    email: ben@west.example
    first_name: Ben
    last_name: Okafor
    at: {beach: {services: [cut], hours: [{dates: 2027, week: {tue: 09:00-17:00}}]}}
"""
STUDIO = """\
locations: {studio: {name: Studio, main: true, timezone: Europe/Paris}}
services: {cut: {name: Cut, duration: 45 min}}
employees:
  ana:
    email: ana@x.example
    first_name: Ana
    last_name: Diaz
    at: {studio: {services: [cut], hours: [{dates: 2027, week: {mon-fri: 09:00-17:00}}]}}
    away: [2027-01-05]
holidays: {epiphany: {name: Epiphany, dates: 2027-01-06}}
"""
DRAWN = """\
           Mo 4 Tu 5 We 6    Th 7 Fr 8 Sa 9 Su 10  week
  Ana Diaz 9-17 away holiday 9-17 9-17 -    -      24 h
                                                   of 40

  # We 6 Jan: Epiphany (holiday, 2027-01-06)
  # Tu 5 Jan: Ana Diaz is out of office on 2027-01-05
"""
WEEK = ("--week", "2027-01-08")


def test_a_week_of_the_manifests(empty: Workspace) -> None:
    empty.write("studio.yaml", STUDIO)
    ran = empty("hours", "show", "studio", *WEEK)
    head = "Studio (location/studio)\n  Mo 4 Jan to Su 10 Jan 2027, Europe/Paris; from the manifests\n\n"
    assert ran == (0, head + DRAWN, "")


def test_the_same_week_live_and_what_no_manifest_names(empty: Workspace) -> None:
    empty.write("studio.yaml", STUDIO)
    assert empty("apply", "--yes").code == 0
    live = empty("hours", "show", "studio", "--live", *WEEK)
    assert (live.code, live.err) == (0, "")
    assert live.out.endswith(DRAWN)
    assert "; from SANDBOX (nothing real changes)" in live.out.replace("\n  ", " ")
    # Ana leaves the manifests, and is still there.
    empty.write("studio.yaml", STUDIO.split("employees:", maxsplit=1)[0])
    assert "Nobody works here" in empty("hours", "show", "studio", *WEEK).out
    assert empty("hours", "show", "studio", "--live", *WEEK).out.endswith(DRAWN)


@pytest.mark.parametrize("text", ["beach", "west/beach", "west/location/beach", "Venice Beach", "west/venice beach"])
def test_a_location_is_named_in_any_way_that_fits_one(empty: Workspace, text: str) -> None:
    empty.write("chain.yaml", CHAIN)
    ran = empty("hours", "show", text, *WEEK)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Venice Beach (west/location/beach)\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("downtown",), "'downtown' is more than one location: write one of east/downtown, west/downtown"),
        (("west/beech",), "'west/beech' is no location: did you mean west/beach?"),
        (("x",), "'x' is no location: there are east/downtown, west/downtown, west/beach"),
        (("beach", "--employee", "anna"), "--employee 'anna' is nobody here: did you mean ana?"),
    ],
)
def test_what_fits_none_or_many_is_wrong_usage(empty: Workspace, arguments: tuple[str, ...], message: str) -> None:
    empty.write("chain.yaml", CHAIN)
    assert empty("hours", "show", *arguments) == (64, "", f"Error: {message}\n")


@pytest.mark.parametrize("name", ["ana", "Diaz", "ana diaz"])
def test_one_employee(empty: Workspace, name: str) -> None:
    empty.write("chain.yaml", CHAIN)
    ran = empty("hours", "show", "beach", *WEEK, "--employee", name)
    assert "Ana Diaz 9-17" in ran.out
    assert "Ben" not in ran.out
    assert "anybody" not in ran.out


def test_names_that_the_terminal_cannot_show_are_escaped_before_they_are_measured(empty: Workspace) -> None:
    wide = STUDIO.replace("Ana", "山田太郎山田太郎山田太郎山田太郎").replace(
        "9:00-17:00", '["9:00-12:30", "13:15-17:45"]'
    )
    empty.write("studio.yaml", wide.replace("mon-fri: 0", "mon-fri: ").replace("09:00", "9:00"))
    shown = empty("hours", "show", "studio", *WEEK)
    plain = empty("hours", "show", "studio", *WEEK, env={"PYTHONIOENCODING": "ascii"})
    assert plain.out.isascii()
    for ran in (shown, plain):
        assert (ran.code, ran.err) == (0, "")
        table = ran.out.split("\n\n")[1]  # below it, a name that has no blank is never broken
        assert max(map(columns, table.splitlines())) <= 80
    assert r"\u5c71" in plain.out
    assert r"\\u5c71" not in plain.out


def test_a_vendor_without_hours(empty: Workspace) -> None:
    settings = (empty.root / "provisioner.yaml").read_text("utf-8")
    empty.write("provisioner.yaml", settings.replace("setster", "timetap").replace("2345", "71300"))
    ran = empty("hours", "show", "studio", "--live")
    assert (ran.code, ran.out) == (64, "")
    assert ran.err == "Error: --live: this vendor shows no hours, so there is nothing to read\n"


def test_a_plan_for_another_day_says_so_and_cannot_be_saved(empty: Workspace) -> None:
    empty.write("studio.yaml", STUDIO)
    assert "as of 2027-01-01" in empty("plan", "--as-of", "2027-01-01").out
    ran = empty("plan", "--as-of", "2027-01-01", "--save", "next.plan")
    assert (ran.code, ran.out) == (64, "")
    assert "a plan for another day cannot be carried out: leave out --as-of, or --save" in ran.err
    assert not (empty.root / "next.plan").exists()


def test_a_key_alone_is_that_of_the_account_itself(empty: Workspace) -> None:
    empty.write("chain.yaml", CHAIN)
    own = "locations: {downtown: {name: Old Town, main: true, timezone: America/Los_Angeles}}\n"
    empty.write("own.yaml", own)
    ran = empty("hours", "show", "downtown", *WEEK)
    assert (ran.code, ran.err) == (0, "")
    assert "Old Town" in ran.out
    assert "Old Town" not in empty("hours", "show", "west/downtown", *WEEK).out


def test_nobody_is_not_everybody(empty: Workspace) -> None:
    empty.write("chain.yaml", CHAIN)
    ran = empty("hours", "show", "beach", *WEEK, "--employee", "")
    assert (ran.code, ran.out) == (64, "")
    assert "--employee '' names nobody" in ran.err
