"""Links, hours and time off: what is written inside employees and under `links`, and what they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioner.kinds import Address, read_address

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

TEAM = """\
employees:
  ana: {email: a@x.example, first_name: A, last_name: A}
  bob: {email: b@x.example, first_name: B, last_name: B}
locations: {here: {name: Here}, there: {name: There}}
services: {cut: {name: Cut, duration: 15 min}, wash: {name: Wash, duration: 15 min}}
"""


def links(folder: Folder, text: str) -> set[str]:
    return {a.removeprefix("link/") for a in folder.addresses(TEAM + text) if a.startswith("link/")}


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("{employees: [ana], locations: [here], services: [cut]}", {"ana/here/cut"}),
        ("{employees: ana, locations: here, services: cut}", {"ana/here/cut"}),
        ("{employees: [ana], locations: all, services: [cut]}", {"ana/here/cut", "ana/there/cut"}),
        (
            "{employees: all, locations: [here], services: all}",
            {"ana/here/cut", "ana/here/wash", "bob/here/cut", "bob/here/wash"},
        ),
    ],
)
def test_an_entry_is_every_combination(folder: Folder, entry: str, found: set[str]) -> None:
    assert links(folder, f"links: [{entry}]") == found


def test_all_counts_what_every_document_declares(folder: Folder) -> None:
    folder.write("z.yaml", "locations: {late: {name: Late}}")
    assert "ana/late/cut" in links(folder, "links: [{employees: ana, locations: all, services: cut}]")


def test_an_entry_of_absurd_size_is_an_error(folder: Folder) -> None:
    person = "p{0}: {{email: p{0}@x.example, first_name: P, last_name: P}}"
    text = "employees: {" + ", ".join(person.format(n) for n in range(101)) + "}\n"
    text += "locations: {" + ", ".join(f"l{n}: {{name: L{n}}}" for n in range(100)) + "}\n"
    text += "services: {" + ", ".join(f"s{n}: {{name: S{n}, duration: 15 min}}" for n in range(100)) + "}\n"
    text += "links: [»{employees: all, locations: all, services: all}]"
    assert folder.told_at(text) == ["this is 1,010,000 links in one account: name fewer"]


def test_links_and_at_add_up_and_name_their_pairs_as_whole(folder: Folder) -> None:
    text = TEAM.replace("last_name: A}", "last_name: A, at: {here: {services: [cut]}}}")
    desired = folder.desired(text + "links: [{employees: [ana, bob], locations: [here], services: [cut, wash]}]")
    assert {a.key for a in desired.resources if a.kind == "link"} == {
        ("ana", "here", "cut"),
        ("ana", "here", "wash"),
        ("bob", "here", "cut"),
        ("bob", "here", "wash"),
    }
    assert {str(a) for a in desired.whole} == {"link/ana/here", "link/bob/here"}


def test_no_services_at_a_place_is_a_whole_set_too(folder: Folder) -> None:
    text = TEAM.replace("last_name: A}", "last_name: A, at: {here: {services: []}}}")
    desired = folder.desired(text)
    assert set(desired.whole) == {Address("", "link", ("ana", "here"))}
    assert not [a for a in desired.resources if a.kind == "link"]


def test_all_services_at_a_place(folder: Folder) -> None:
    text = TEAM.replace("last_name: A}", "last_name: A, at: {here: {services: all}}}")
    assert {a.key[2] for a in folder.desired(text).resources if a.kind == "link"} == {"cut", "wash"}


def test_no_hours_are_managed_hours(folder: Folder) -> None:
    text = TEAM.replace("last_name: A}", "last_name: A, at: {here: {hours: []}}, away: []}")
    resources = folder.desired(text).resources
    assert resources[read_address("hours/ana/here")].resource.wanted() == {"hours": ()}
    assert resources[read_address("away/ana")].resource.wanted() == {"away": ()}


def test_an_unnamed_place_is_not_managed(folder: Folder) -> None:
    desired = folder.desired(TEAM)
    assert not desired.whole
    assert {a.kind for a in desired.resources} == {"employee", "location", "service"}


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("{»hre: {hours: []}}", "no location 'hre' in the parent account: did you mean here?"),
        ("{here: {services: [»cutt]}}", "no service 'cutt' in the parent account: did you mean cut?"),
    ],
)
def test_a_dangling_reference_is_told_where_it_stands(folder: Folder, at: str, told: str) -> None:
    assert folder.told_at(TEAM.replace("last_name: A}", f"last_name: A, at: {at}}}")) == [told]


def test_a_dangling_link_names_the_accounts_that_lack_it(folder: Folder) -> None:
    text = (
        "account: all\n"
        + TEAM
        + "---\naccount: acme-*\nemployees: {cy: {email: c@x.example, first_name: C, last_name: C}}"
    )
    text += "\n---\naccount: all\nlinks:\n  - {employees: cy, locations: all, services: all}\n"
    text += "  - {employees: ann, locations: all, services: all}"
    told = [line for line in folder.accounts().told(text) if "has the email" not in line]
    assert told == [
        "main.yaml:13:17: no employee 'cy' in other: declare it, or remove it here",
        "main.yaml:14:17: no employee 'ann' in acme-east, acme-west, other: did you mean ana?",
    ]


@pytest.mark.parametrize(
    ("links", "told"),
    [
        ("»{}", "links is a mapping: write a list of {employees: all, locations: all, services: all}"),
        ("[»all]", "'all' is no entry of links: write {employees: all, locations: all, services: all}"),
        (
            "[»{employees: all, locations: all}]",
            "this entry of links lacks services: add `services: [...]` or `services: all`",
        ),
        (
            "[{employees: all, locations: all, »service: all}]",
            "unknown key 'service' in links: did you mean services?",
        ),
        (
            "[{employees: all, locations: »null, services: all}]",
            "locations: null is no list of keys: write [KEY, KEY] or all",
        ),
    ],
)
def test_a_wrong_entry_is_told(folder: Folder, links: str, told: str) -> None:
    assert folder.told_at(f"{TEAM}links: {links}") == [told]
