"""Employees without services, and services without employees."""

from __future__ import annotations

import pytest

from tests.lint.conftest import MENU, Linted, person

NOTHING, NOBODY, EMPTY = "employee-offers-nothing", "service-nobody-offers", "location-offers-nothing"
HOURS = "hours: [{dates: 2027, week: {mon: 09:00-17:00}}]"


def staffed(*employees: str, more: str = "") -> str:
    lines = "".join(f"  {line}\n" for line in employees)
    return f"{MENU}employees:\n{lines}{more}"


def test_an_employee_without_any_link(lint: Linted) -> None:
    (line,) = lint.lines(NOTHING, staffed(f"ana: {person('ana')}"))
    assert line == (
        "7:3: warning: employee/ana: this employee offers no service anywhere, and cannot be booked: name services "
        "under `at` or `links`, or write `active: false` [employee-offers-nothing]"
    )


@pytest.mark.parametrize(
    "more",
    [
        f"at: {{downtown: {{{HOURS}}}}}",
        f"at: {{downtown: {{services: [], {HOURS}}}}}",
        "active: true",
        "owner: true, active: true",
    ],
    ids=["hours alone", "an empty list", "active", "an owner who says so"],
)
def test_what_is_no_offer(lint: Linted, more: str) -> None:
    assert lint.told(NOTHING, staffed(f"ana: {person('ana', more)}")) == ["employee/ana"]


@pytest.mark.parametrize(
    "more",
    ["at: {downtown: {services: [cut]}}", "at: {downtown: {services: all}}", "active: false", "owner: true"],
    ids=["one", "all", "inactive", "the owner, who was not made by us"],
)
def test_who_is_left_alone(lint: Linted, more: str) -> None:
    assert lint.told(NOTHING, staffed(f"ana: {person('ana', more)}")) == []


@pytest.mark.parametrize("more", ["addon: true", "active: false"])
def test_what_cannot_be_booked_alone_is_no_offer(lint: Linted, more: str) -> None:
    wash = f"  wash: {{name: Wash, duration: 15 min, {more}}}\n"
    text = f"{MENU}{wash}employees:\n  ana: {person('ana', 'at: {downtown: {services: [wash]}}')}\n"
    (line,) = lint.lines(NOTHING, text)
    assert "this employee offers only add-ons and inactive services, and cannot be booked" in line
    assert lint.told(NOTHING, text.replace("[wash]", "[wash, cut]")) == []


@pytest.mark.parametrize(
    "links",
    ["{employees: all, locations: [downtown], services: [cut]}", "{employees: [ana], locations: all, services: all}"],
)
def test_links_for_many_count(lint: Linted, links: str) -> None:
    text = staffed(f"ana: {person('ana')}", f"ben: {person('ben', 'active: false')}", more=f"links:\n  - {links}\n")
    assert lint.told(NOTHING, text) == []
    assert lint.told(NOBODY, text) == []


def test_all_of_nothing_is_nothing(lint: Linted) -> None:
    text = f"locations: {{a: {{name: A}}}}\nemployees:\n  ana: {person('ana', 'at: {a: {services: all}}')}\n"
    assert lint.told(NOTHING, text) == ["employee/ana"]


def test_a_service_that_no_employee_offers(lint: Linted) -> None:
    (line,) = lint.lines(NOBODY, MENU)
    assert line == (
        "5:3: warning: service/cut: no employee offers it, so it cannot be booked: add it to an employee's `services` "
        "or to `links`, or write `active: false` [service-nobody-offers]"
    )


def test_a_service_that_only_inactive_employees_offer(lint: Linted) -> None:
    ana, ben = (person(name, "at: {downtown: {services: [cut]}}, active: false") for name in ("ana", "ben"))
    (line,) = lint.lines(NOBODY, staffed(f"ana: {ana}", f"ben: {ben}"))
    assert "service/cut: only employees with `active: false` offer it, so it cannot be booked: " in line
    assert lint.lines(NOBODY, staffed(f"ana: {ana}", f"ben: {ben.replace('active: false', 'active: true')}")) == []


@pytest.mark.parametrize(
    ("more", "told"), [("addon: true", []), ("active: false", []), ("addon: false, active: true", ["service/x"])]
)
def test_add_ons_and_inactive_services_are_left_alone(lint: Linted, more: str, told: list[str]) -> None:
    assert lint.told(NOBODY, f"services: {{x: {{name: X, duration: 15 min, {more}}}}}\n") == told


def test_accounts_are_looked_at_one_by_one(lint: Linted) -> None:
    """One menu for three accounts, of which one offers it: the two others are told in one line."""
    text = f"""\
        accounts: {{one: {{company_name: One}}, three: {{company_name: Three}}, two: {{company_name: Two}}}}
        ---
        account: all
        locations: {{a: {{name: A}}}}
        services:
          cut: {{name: Cut, duration: 45 min}}
        ---
        account: two
        employees:
          ana: {person("ana", "at: {a: {services: all}}")}
        """
    (line,) = lint.lines(NOBODY, text)
    assert line.startswith("6:3: warning: one/service/cut, three/service/cut: no employee offers it")
    assert lint.told(NOBODY, text) == ["one/service/cut", "three/service/cut"]
    assert lint.told(NOTHING, text) == []


def test_of_many_accounts_three_are_named(lint: Linted) -> None:
    accounts = ", ".join(f"a{number}: {{company_name: A}}" for number in range(5))
    text = f"accounts: {{{accounts}}}\n---\naccount: all\nservices: {{cut: {{name: Cut, duration: 45 min}}}}\n"
    (line,) = lint.lines(NOBODY, text)
    assert ": a0/service/cut, a1/service/cut, a2/service/cut and 2 more: no employee" in line


def test_a_location_at_which_nothing_is_offered(lint: Linted) -> None:
    text = staffed(f"ana: {person('ana', 'at: {downtown: {services: [cut]}}')}")
    (line,) = lint.lines(EMPTY, text)
    assert "location/harbour: nothing is offered here, so it cannot be booked: name services under `at`" in line
    assert (
        lint.lines(
            EMPTY,
            text.replace("{downtown: {services: [cut]}}", "{downtown: {services: [cut]}, harbour: {services: [cut]}}"),
        )
        == []
    )
    assert lint.told(EMPTY, MENU) == [], "of a menu without employees, its services say so"
