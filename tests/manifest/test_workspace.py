"""A workspace: which files count, the example of the design, and all mistakes of one run."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from provisioner.errors import ProvisionerError
from provisioner.kinds import Address
from provisioner.kinds.desired import Place
from provisioner.manifest import load_workspace
from provisioner.providers import BY_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from tests.manifest.conftest import Folder

EXAMPLE = """\
account: all
services:
  haircut: {name: Haircut, duration: 45 min, price: 30}
  color:   {name: Colour, duration: 90 min, addon: true}
---
account: acme-west
services:
  haircut: {price: 35, default: true}
locations:
  downtown: {name: Acme Downtown, main: true, street1: 13 Beverly, zip: 01234, country: NO}
employees:
  ana:
    email: ana@acme-west.example
    first_name: Ana
    last_name: Diaz
    at:
      downtown:
        services: [haircut, color]
        hours:
          - {dates: 2026, week: {mon-fri: 09:00-17:00, sat: [09:00-11:00, 12:00-13:00]}}
    away: [2026-08-03..2026-08-14]
links:
  - {employees: [ana], locations: all, services: [haircut]}
removed:
  location/kiosk: {how: delete, strands: 37}
"""


def test_the_example_of_the_design_becomes_addresses_with_their_places(folder: Folder) -> None:
    desired = folder.accounts().desired(EXAMPLE)
    west = {a.local: d for a, d in desired.resources.items() if a.account == "acme-west"}
    assert set(west) == {
        "service/haircut",
        "service/color",
        "location/downtown",
        "employee/ana",
        "link/ana/downtown/haircut",
        "link/ana/downtown/color",
        "hours/ana/downtown",
        "away/ana",
    }
    assert str(west["service/haircut"].resource.wanted()["price"]) == "35"
    assert west["service/haircut"].place == Place("main.yaml", 8, 3)
    assert west["service/haircut"].fields["name"] == Place("main.yaml", 3, 13)
    assert west["service/haircut"].fields["price"] == Place("main.yaml", 8, 13)
    assert west["location/downtown"].resource.claims() == {"main"}
    assert west["location/downtown"].resource.wanted()["zip"] == "01234"
    assert west["location/downtown"].resource.wanted()["country"] == "NO"
    assert west["hours/ana/downtown"].fields == {"hours": Place("main.yaml", 19, 9)}
    assert desired.whole == {Address("acme-west", "link", ("ana", "downtown")): Place("main.yaml", 18, 9)}
    assert desired.removed[Address("acme-west", "location", ("kiosk",))].strands == 37
    assert desired.accounts == {"", "acme-east", "acme-west", "other"}


def test_accounts_that_say_the_same_share_one_resource(folder: Folder) -> None:
    resources = folder.accounts().desired(EXAMPLE).resources
    east, other = (resources[Address(account, "service", ("color",))] for account in ("acme-east", "other"))
    assert east.resource is other.resource


def test_every_yaml_file_counts_but_hidden_ones_and_data(folder: Folder) -> None:
    one = "locations: {{{0}: {{name: {0}}}}}"
    for name in ("a.yaml", "b/c.yml", "b/data/d.yaml"):
        folder.write(name, one.format(name.partition(".")[0][-1]))
    for name in (".hidden.yaml", ".git/x.yaml", "data/rows.yaml", "notes.txt"):
        folder.write(name, "- not a manifest")
    assert folder.addresses() == {"location/a", "location/c", "location/d"}


def test_a_symlink_out_of_the_workspace_is_refused(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.yaml"
    outside.write_text("locations: {a: {name: A}}", "utf-8")
    (folder.root / "link.yaml").symlink_to(outside)
    assert folder.told() == [
        "link.yaml: it cannot be read: link.yaml is outside the workspace: name a file below its root"
    ]


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("nonsense: true", "utf-8")
    with pytest.raises(ProvisionerError) as caught:
        load_workspace(tmp_path, BY_NAME)
    assert str(caught.value) == f"no provisioner.yaml in {tmp_path}: run provisioner -C {tmp_path} init"


def test_nothing_but_settings_is_an_empty_wish(folder: Folder) -> None:
    desired = folder.desired()
    assert not desired.resources
    assert desired.accounts == {""}


def test_three_mistakes_in_a_thousand_documents_are_three_errors(folder: Folder) -> None:
    folder.accounts()
    documents = [f"services: {{s{n}: {{name: Service {n}, duration: 45 min}}}}" for n in range(997)]
    documents.insert(100, "account: acme-wst\nlocations: {a: {name: A}}")
    documents.insert(500, "services:\n  cut: {name: Cut, durration: 45 min}")
    documents.insert(
        900, "employees:\n  al: {email: a@x.example, first_name: A, last_name: L, at: {x: {services: [s1]}}}"
    )
    folder.write("many.yaml", "\n---\n".join(documents))
    assert folder.told() == [
        "many.yaml:201:10: no account 'acme-wst': did you mean acme-west?",
        "many.yaml:1003:20: unknown key 'durration' in service/cut: did you mean duration?",
        "many.yaml:1804:62: no location 'x' in the parent account: declare it, or remove it here",
    ]


def test_problems_of_yaml_settings_and_manifests_come_together(folder: Folder) -> None:
    folder.settings("polcy: {}")
    folder.write("a.yaml", "locations: {a: {name: [}")
    folder.write("b.yaml", "locations: {b: {naam: B}}")
    told = folder.told()
    assert [line.partition(":")[0] for line in told] == ["a.yaml", "b.yaml", "provisioner.yaml"]
    assert told[1:] == [
        "b.yaml:1:17: unknown key 'naam' in location/b: did you mean name?",
        "provisioner.yaml:5:1: unknown key 'polcy' in provisioner.yaml: did you mean policy?",
    ]


def test_what_has_no_value_is_reported_once(folder: Folder) -> None:
    told = folder.told("locations:\n  a:\n    name:\n    zip: 1\n  b:\nservices: {c: {name: C, duration: 15 min}}\n")
    assert told == [
        "main.yaml:3:5: name has no value: write null to clear it, or remove the line",
        "main.yaml:5:3: b has no value: write null to clear it, or remove the line",
    ]


def test_the_garbage_collector_is_on_again_after_success_and_failure(folder: Folder) -> None:
    folder.load("locations: {a: {name: A}}")
    assert gc.isenabled()
    folder.told("locations: {a: {}}")
    assert gc.isenabled()


def test_what_nobody_holds_any_more_is_let_go_of(folder: Folder) -> None:
    before = gc.get_freeze_count()
    folder.load("locations: {a: {name: A}}")
    assert gc.get_freeze_count() == before
