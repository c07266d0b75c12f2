"""Links: the shapes of each kind's bodies, what is read, and what disappears with its members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.sandbox.conftest import Sandbox


@dataclass
class Team:
    """Two of each: employees, locations and services; the company has one more of each from its beginning."""

    sandbox: Sandbox
    ann: int
    ben: int
    here: int
    there: int
    wash: int
    cut: int


@pytest.fixture
def team(sandbox: Sandbox) -> Team:
    return Team(
        sandbox,
        *(sandbox.employee("a@example.com", status=True), sandbox.employee("b@example.com")),
        *(sandbox.location(), sandbox.location()),
        *(sandbox.service(), sandbox.service()),
    )


def new(email: str, links: Any) -> dict[str, Any]:
    return {"email": email, "first_name": "C", "last_name": "D", "links": links}


def test_an_employee_names_location_then_service(team: Team) -> None:
    number = team.sandbox.employee("c@example.com", links={team.here: {team.wash: 1, team.cut: 0}})
    assert team.sandbox.links() == {(number, team.here, team.wash)}


def test_a_location_names_employee_then_service(team: Team) -> None:
    number = team.sandbox.location(links={team.ann: {team.wash: 1}, team.ben: {team.cut: "1"}})
    assert team.sandbox.links() == {(team.ann, number, team.wash), (team.ben, number, team.cut)}


def test_a_service_names_employee_then_location(team: Team) -> None:
    number = team.sandbox.service(links={team.ann: {team.here: 1, team.there: 0}})
    assert team.sandbox.links() == {(team.ann, team.here, number)}


def test_a_list_of_maps_is_as_good_as_one(team: Team) -> None:
    number = team.sandbox.service(links=[{team.ann: {team.here: 1}}, {team.ben: {team.there: 1}}])
    assert team.sandbox.links() == {(team.ann, team.here, number), (team.ben, team.there, number)}


def test_php_writes_an_empty_map_as_a_list(team: Team) -> None:
    team.sandbox.employee("c@example.com", links={team.here: []})
    team.sandbox.employee("d@example.com", links=[{}])
    assert team.sandbox.links() == set()


def test_a_location_can_name_all(team: Team) -> None:
    number = team.sandbox.location(links={"all": {team.wash: 1}, team.ann: "all"})
    everyone = {triple[0] for triple in team.sandbox.links()}
    assert len(everyone) == 3
    assert len([triple for triple in team.sandbox.links() if triple[0] == team.ann]) == 3
    team.sandbox.ok("PUT", f"/location/{number}", {"name": "Spa", "links": "all"})
    assert len(team.sandbox.links()) == 9


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ({"{here}": {"1": 1}}, "links: there is no service 1 in company 2345"),
        ({"1": {"{wash}": 1}}, "links: there is no location 1 in company 2345"),
        ({"1": []}, "links: there is no location 1 in company 2345"),
        ({"x": {"{wash}": 1}}, "links: 'x' is no id"),
        ({"{here}": {"{wash}": 2}}, "links: a link must be true (1) or false (0)"),
        ({"{here}": "all"}, "links must map each location to an object of service ids"),
        ("all", "links must be an object, a list of objects or []"),
        ([1], "links must be an object, a list of objects or []"),
        (None, "links is required"),
    ],
)
def test_links_that_make_no_sense_are_refused(team: Team, links: Any, words: str) -> None:
    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(fill(key)): fill(each) for key, each in value.items()}
        return value.format(here=team.here, wash=team.wash) if isinstance(value, str) else value

    assert team.sandbox.refused(1, "POST", "/employee", new("c@example.com", fill(links))) == words
    assert team.sandbox.links() == set()


def test_links_to_another_company_are_refused(team: Team) -> None:
    team.sandbox.company = team.sandbox.child("acme")
    words = team.sandbox.refused(1, "POST", "/employee", new("c@example.com", {team.here: {team.wash: 1}}))
    assert words == f"links: there is no location {team.here} in company {team.sandbox.company}"


def test_lists_show_links_in_the_shape_of_their_bodies(team: Team) -> None:
    team.sandbox.service(links=[{team.ann: {team.here: 0}}])
    team.sandbox.ok("PUT", f"/service/{team.wash}", {"name": "W", "duration": 15, "links": {team.ann: {team.here: 1}}})
    people = {
        each["id"]: each["links"] for each in team.sandbox.ok("GET", "/employee", statuses="all", include_links=1)
    }
    places = {each["id"]: each["links"] for each in team.sandbox.ok("GET", "/location", include_links="true")}
    assert people[team.ann] == {str(team.here): {str(team.wash): 1}}
    assert places[team.here] == {str(team.ann): {str(team.wash): 1}}
    assert people[team.ben] == places[team.there] == []
    assert "links" not in team.sandbox.ok("GET", "/employee")[0]
    assert "links" not in team.sandbox.ok("GET", f"/employee/{team.ann}", include_links=1)[0]


@pytest.mark.parametrize("kind", ["employee", "location", "service"])
def test_links_go_with_any_of_their_members(team: Team, kind: str) -> None:
    member = {"employee": team.ann, "location": team.here, "service": team.wash}[kind]
    team.sandbox.ok("POST", "/employee/assignServices", {team.here: [team.wash]}, employee_id=team.ann)
    team.sandbox.ok("POST", "/employee/assignServices", {team.there: [team.cut]}, employee_id=team.ben)
    team.sandbox.ok("DELETE", f"/{kind}/{member}")
    assert team.sandbox.links() == {(team.ben, team.there, team.cut)}


def test_assigning_services_adds_links(team: Team) -> None:
    team.sandbox.ok("POST", "/location/assignServices", {team.ann: [team.wash]}, location_id=team.here)
    team.sandbox.ok("POST", "/employee/assignServices", {team.there: [team.cut]}, employee_id=team.ann)
    assert team.sandbox.links() == {(team.ann, team.here, team.wash), (team.ann, team.there, team.cut)}


def test_assigning_under_zero_means_everyone(team: Team) -> None:
    team.sandbox.ok("POST", "/location/assignServices", {0: [team.wash], team.ann: [team.cut]}, location_id=team.here)
    assert {triple[2] for triple in team.sandbox.links() if triple[0] == team.ann} == {team.wash, team.cut}
    assert len(team.sandbox.links()) == 4


def test_assigning_what_does_not_exist_is_refused(team: Team) -> None:
    team.sandbox.refused(1, "POST", "/employee/assignServices", {team.there: [1]}, employee_id=team.ann)
    team.sandbox.refused(1, "POST", "/employee/assignServices", {team.there: {}}, employee_id=team.ann)
    team.sandbox.refused(1, "POST", "/employee/assignServices", {team.there: [team.cut]})
    team.sandbox.refused(7, "POST", "/employee/assignServices", {team.there: [team.cut]}, employee_id=1)
    assert team.sandbox.links() == set()
