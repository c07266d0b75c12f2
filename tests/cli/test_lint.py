"""`provisioner lint`, as people run it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.command import EXAMPLES, Workspace, run

LIVE = "version: 1\nprovider: setster\nendpoint: https://www.setster.com/api/v2\ncompany_id: 2345\n"
MENU = "services:\n  cut: {name: Cut, duration: 45 min}\n"
STAFF = """\
locations: {a: {name: A}, b: {name: B}}
employees:
  ana:
    email: ana@acme.example
    first_name: Ana
    last_name: Diaz
    at:
      a: {services: [cut], hours: [{dates: 2027, week: {mon: 09:00-17:00}}]}
      b: {hours: [{dates: 2027, week: {mon: 16:00-18:00}}], services: [cut]}
"""
UNOFFERED = (
    "menu.yaml:2:3: warning: service/cut: no employee offers it, so it cannot be booked: add it to an employee's "
    "`services` or to `links`, or write `active: false` [service-nobody-offers]\n"
)
OVERLAP = (
    "staff.yaml:9:11: error: hours/ana/b: ana is at a at the same time (staff.yaml:8), first on mon 2027-01-04 "
    "16:00-17:00: change one of the two [overlapping-hours]\n"
)
LATER = ("--as-of", "2027-01-01")


def test_nothing_is_found_in_what_init_writes(starter: Workspace) -> None:
    assert starter("lint", "--strict", *LATER) == (0, "No findings.\n", "")


def test_nothing_is_found_where_nothing_is(empty: Workspace) -> None:
    assert empty("lint", "--strict") == (0, "No findings.\n", "")


def test_the_examples_have_no_errors() -> None:
    for folder in sorted(path for path in EXAMPLES.iterdir() if path.is_dir()):
        ran = run("lint", *LATER, cwd=folder)
        assert (ran.code, ran.err) == (0, ""), ran


def test_a_warning_is_printed_and_succeeds_unless_told(empty: Workspace) -> None:
    empty.write("menu.yaml", MENU)
    assert empty("lint") == (0, UNOFFERED + "1 finding: 1 warning.\n", "")
    assert empty("lint", "--strict") == (1, UNOFFERED + "1 finding: 1 warning.\n", "")


def test_an_error_fails(empty: Workspace) -> None:
    empty.write("menu.yaml", MENU)
    empty.write("staff.yaml", STAFF)
    assert empty("lint", *LATER) == (1, OVERLAP + "1 finding: 1 error.\n", "")
    ran = empty("lint", "--as-of", "2028-01-01")
    assert (ran.code, ran.last) == (0, "2 findings: 2 warnings.")


def test_rules_are_switched_off_in_the_settings_and_on_the_command_line(empty: Workspace) -> None:
    empty.write("menu.yaml", MENU + "  perm: {name: Perm, duration: 2 h}\n")
    empty.write("staff.yaml", STAFF)
    assert empty("lint", *LATER).last == "2 findings: 1 error, 1 warning."
    ignored = empty("lint", *LATER, "--ignore", "overlapping-hours", "--ignore", "service-nobody-offers", "--strict")
    assert ignored == (0, "No findings.\n", "")
    settings = (empty.root / "provisioner.yaml").read_text("utf-8")
    empty.write("provisioner.yaml", f"{settings}lint: {{overlapping-hours: info, service-nobody-offers: error}}\n")
    ran = empty("lint", *LATER)
    assert (ran.code, ran.last) == (1, "2 findings: 1 error, 1 info.")
    spared = "{overlapping-hours: off, service-nobody-offers: {except: ['*/perm']}}"
    empty.write("provisioner.yaml", f"{settings}lint: {spared}\n")
    assert empty("lint", *LATER, "--strict") == (0, "No findings.\n", "")


def test_an_unknown_rule_is_wrong_usage_with_the_nearest_name(empty: Workspace) -> None:
    nearest = "Error: --ignore 'overlaping-hours' is no rule: did you mean overlapping-hours?\n"
    assert empty("lint", "--ignore", "overlaping-hours") == (64, "", nearest)
    ran = empty("lint", "--ignore", "x")
    assert (ran.code, ran.out) == (64, "")
    assert "there are unclaimed-default-service, " in ran.err


def test_an_unknown_rule_in_the_settings_is_told_to_every_command(empty: Workspace) -> None:
    settings = (empty.root / "provisioner.yaml").read_text("utf-8")
    empty.write("provisioner.yaml", f"{settings}lint:\n  hours-past-ther-end: off\n")
    for command in ("lint", "validate", "plan"):
        ran = empty(command)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("provisioner.yaml:6:3: unknown key 'hours-past-ther-end' in lint: did you mean ")


def test_an_exception_for_nothing_is_an_error(empty: Workspace) -> None:
    settings = (empty.root / "provisioner.yaml").read_text("utf-8")
    empty.write("provisioner.yaml", f"{settings}lint: {{overlapping-hours: {{except: [hours/ana/c]}}}}\n")
    empty.write("menu.yaml", MENU)
    empty.write("staff.yaml", STAFF)
    ran = empty("lint", *LATER)
    assert (ran.code, ran.out) == (1, "")
    assert "'hours/ana/c' fits no address in the manifests: did you mean hours/ana/" in ran.err


@pytest.mark.parametrize("day", ["tomorrow", "2027-02-30", ""])
def test_a_day_that_is_none_is_wrong_usage(empty: Workspace, day: str) -> None:
    ran = empty("lint", "--as-of", day)
    assert (ran.code, ran.out) == (64, "")
    assert "Invalid value for '--as-of'" in ran.err


def test_without_a_day_it_is_today(empty: Workspace) -> None:
    """Three days are enough to be over in every time zone, and to come in every time zone."""
    empty.write("menu.yaml", MENU)
    for days, told in ((-3, True), (3, False)):
        day = (datetime.now(UTC) + timedelta(days=days)).date()
        empty.write("staff.yaml", STAFF.replace("mon: ", "daily: ").replace("dates: 2027", f"dates: {day}"))
        assert ("[hours-past-their-end]" in empty("lint").out) is told


def test_json_is_one_document(empty: Workspace) -> None:
    empty.write("menu.yaml", "accounts: {one: {company_name: O}, two: {company_name: T}}\n---\naccount: all\n" + MENU)
    ran = empty("lint", "--json", "--strict", *LATER)
    assert (ran.code, ran.err) == (1, "")
    assert json.loads(ran.out) == {
        "format_version": "1.0",
        "today": "2027-01-01",
        "counts": {"error": 0, "warning": 1, "info": 0},
        "findings": [
            {
                "rule": "service-nobody-offers",
                "severity": "warning",
                "place": {"file": "menu.yaml", "line": 5, "column": 3},
                "addresses": ["one/service/cut", "two/service/cut"],
                "reason": "no employee offers it, so it cannot be booked",
                "remedy": "add it to an employee's `services` or to `links`, or write `active: false`",
                "docs": "docs/lint.md#service-nobody-offers",
            }
        ],
    }
    assert json.loads(empty("lint", "--json", "--ignore", "service-nobody-offers").out)["findings"] == []


def test_it_needs_no_credentials_and_no_tenant(empty: Workspace) -> None:
    """A live endpoint, secrets in the manifests, and an environment that has neither."""
    signing = "credentials: {email: '${env:SETSTER_EMAIL}', api_key: '${env:SETSTER_API_KEY}'}\n"
    empty.write("provisioner.yaml", LIVE + signing)
    account = "{company_name: O, nick_name: one, email: o@acme.example, password: '${env:PASSWORD}'}"
    empty.write("accounts.yaml", f"accounts:\n  one: {account}\n")
    ran = empty("lint")
    assert (ran.code, ran.err, ran.last) == (0, "", "2 findings: 2 warnings.")
    assert not (empty.root / ".provisioner").exists()


def test_mistakes_are_those_of_validate(empty: Workspace) -> None:
    empty.write("menu.yaml", "services: {cut: {name: Cut}}\n")
    assert empty("lint") == empty("validate")
    assert empty("lint", "--json").code == 1


def test_names_of_files_are_printed_so_that_nothing_acts_on_them(empty: Workspace) -> None:
    for name in ("::error::x.yaml", "a\x1b[31m.yaml", "##vso[task].yaml"):
        empty.write(name, f"services:\n  s{len(name)}: {{name: S{len(name)}, duration: 15 min}}\n")
    assert empty("lint").last == "3 findings: 3 warnings."  # what is odd in it fails every run
