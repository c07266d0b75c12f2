"""`provisioner pull` in a real folder: what moved outside comes back into the files, and all else in them stays."""

from __future__ import annotations

import os
import shutil
from difflib import ndiff

import pytest

from tests.cli.command import Ran, Workspace, terminal

SETTINGS = """\
version: 1
provider: setster
endpoint: sandbox
company_id: 2345
defaults:
  services: {duration_padding: 10 min}   # for all
"""
STUDIO = """\
# The studio
locations:
  studio: {main: true, name: 'Juniper Studio', phone: (213) 555-0142}
services:
  haircut: {name: Haircut, duration: 45 min, price: &usual 38}  # menu
  color:
    <<: &base {auto_confirm: true, max_clients: 2}
    name: "Colour"
    duration: 90 min   # at least
    price: *usual
  perm:
    <<: *base
    name: Perm
    duration: 90 min
employees:
  ana:
    email: ana@juniper.example
    first_name: Ana
    last_name: Diaz
    at:
      studio:
        services: [haircut, color]   # her menu
        hours:
          # all year
          - {dates: 2027, week: {mon-fri: 9:00-17:00, sat: 10:00-14:00}}   # usual
    away: [2027-08-02..2027-08-13]
order:
  services: [haircut, color, perm]
"""
CHAIN = """\
accounts:
  west: {company_name: West, nick_name: west, email: o@west.example, password: "${env:WEST}"}
  east: {company_name: East, nick_name: east, email: o@east.example, password: "${env:EAST}"}
---
account: all
services:
  haircut: {name: Haircut, duration: 45 min, price: 35}   # everywhere
---
account: west
services:
  haircut: {duration_padding: 5 min}
"""
ENV = {"WEST": "first-secret", "EAST": "second-secret"}


@pytest.fixture
def studio(empty: Workspace) -> Workspace:
    """A workspace that was applied."""
    empty.write("provisioner.yaml", SETTINGS)
    empty.write("studio.yaml", STUDIO)
    empty.apply()
    return empty


def outside(workspace: Workspace, name: str, *edits: tuple[str, str], env: dict[str, str] | None = None) -> None:
    """Others change the tenant: what an edited copy of the manifests makes of it."""
    other = workspace.copy(workspace.root.parent / "other")
    for before, after in edits:
        other.edit(name, before, after)
    other.apply("--allow-destroy=9", "--allow-update=99", env=env)
    for path in other.db.parent.glob("sandbox.db*"):
        shutil.copy(path, workspace.db.parent / path.name)
    shutil.rmtree(other.root)


def pulled(workspace: Workspace, *arguments: str, code: int = 0, env: dict[str, str] | None = None) -> Ran:
    ran = workspace("pull", *arguments, env=env)
    assert ran.code == code, ran
    return ran


def lines(workspace: Workspace, name: str, before: str) -> list[str]:
    """The lines of a file that are not as they were, old ones and new ones."""
    after = (workspace.root / name).read_bytes().decode()
    found = ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line.startswith(("- ", "+ "))]


# -- what is taken back


CASES = {
    "a scalar keeps its quotes": (
        [("'Juniper Studio'", "\"Juniper's\"")],
        ["-   studio: {main: true, name: 'Juniper Studio', phone: (213) 555-0142}",
         "+   studio: {main: true, name: 'Juniper''s', phone: (213) 555-0142}"],
    ),
    "a comment behind a value stays": (
        [("90 min   # at least", "2 h")],
        ["-     duration: 90 min   # at least", "+     duration: 2 h   # at least"],
    ),
    "a field gone live is null": (
        [("phone: (213) 555-0142", "phone: null")],
        ["-   studio: {main: true, name: 'Juniper Studio', phone: (213) 555-0142}",
         "+   studio: {main: true, name: 'Juniper Studio', phone: null}"],
    ),
    "what all repeat changes once": (
        [("&usual 38", "&usual 40")],
        ["-   haircut: {name: Haircut, duration: 45 min, price: &usual 38}  # menu",
         "+   haircut: {name: Haircut, duration: 45 min, price: &usual 40}  # menu"],
    ),
    "one that repeats gets its own value": (
        [("price: *usual", "price: 41")],
        ["-     price: *usual", "+     price: 41"],
    ),
    "what others repeat moves to them": (
        [("&usual 38", "41"), ("*usual", "38")],
        ["-   haircut: {name: Haircut, duration: 45 min, price: &usual 38}  # menu",
         "+   haircut: {name: Haircut, duration: 45 min, price: 41}  # menu",
         "-     price: *usual", "+     price: &usual 38"],
    ),
    "what is merged into several is added to one": (
        [("name: Perm", "name: Perm\n    max_clients: 3")],
        ["+     max_clients: 3"],
    ),
    "what is merged into all changes once": (
        [("max_clients: 2", "max_clients: 4")],
        ["-     <<: &base {auto_confirm: true, max_clients: 2}",
         "+     <<: &base {auto_confirm: true, max_clients: 4}"],
    ),
    "a default is overridden where the resource is": (
        [("name: Perm", "name: Perm\n    duration_padding: 20 min")],
        ["+     duration_padding: 20 min"],
    ),
    "a day of a week": (
        [("sat: 10:00-14:00", "sat: 10:00-12:00")],
        ["-           - {dates: 2027, week: {mon-fri: 9:00-17:00, sat: 10:00-14:00}}   # usual",
         "+           - {dates: 2027, week: {mon-fri: 9:00-17:00, sat: 10:00-12:00}}   # usual"],
    ),
    "a day leaves its range": (
        [("mon-fri: 9:00-17:00", "mon-thu: 9:00-17:00, fri: 9:00-13:00")],
        ["-           - {dates: 2027, week: {mon-fri: 9:00-17:00, sat: 10:00-14:00}}   # usual",
         "+           - {dates: 2027, week: {mon-thu: 9:00-17:00, fri: 09:00-13:00, sat: 10:00-14:00}}   # usual"],
    ),
    "another stretch of hours": (
        [("          - {dates: 2027", "          - {dates: 2028, week: {sun: 9:00-10:00}}\n          - {dates: 2027")],
        ["+           - {dates: 2028, week: {sun: 09:00-10:00}}"],
    ),
    "days off": (
        [("[2027-08-02..2027-08-13]", "[2027-08-02..2027-08-13, 2027-12-24]")],
        ["-     away: [2027-08-02..2027-08-13]", "+     away: [2027-08-02..2027-08-13, 2027-12-24]"],
    ),
    "no hours any more": (
        [("- {dates: 2027, week: {mon-fri: 9:00-17:00, sat: 10:00-14:00}}   # usual", "[]")],
        ["-         hours:", "+         hours: []",
         "-           - {dates: 2027, week: {mon-fri: 9:00-17:00, sat: 10:00-14:00}}   # usual"],
    ),
    "links that came and went": (
        [("[haircut, color]   # her menu", "[perm, color]")],
        ["-         services: [haircut, color]   # her menu", "+         services: [color, perm]   # her menu"],
    ),
    "the order of services": (
        [("services: [haircut, color, perm]", "services: [perm, haircut, color]")],
        ["-   services: [haircut, color, perm]", "+   services: [perm, haircut, color]"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_these_lines_differ_and_the_next_plan_is_empty(studio: Workspace, case: str) -> None:
    edits, expected = CASES[case]
    outside(studio, "studio.yaml", *edits)
    assert pulled(studio).err == ""
    assert lines(studio, "studio.yaml", STUDIO) == expected
    assert (studio.root / "provisioner.yaml").read_text() == SETTINGS
    studio.settled()
    assert pulled(studio).out == "Nothing to pull.\n"


def test_a_default_that_moved_for_all_is_changed_in_the_settings(studio: Workspace) -> None:
    outside(studio, "provisioner.yaml", ("10 min", "15 min"))
    assert "into provisioner.yaml." in pulled(studio).out
    assert lines(studio, "provisioner.yaml", SETTINGS) == [
        "-   services: {duration_padding: 10 min}   # for all",
        "+   services: {duration_padding: 15 min}   # for all",
    ]
    assert lines(studio, "studio.yaml", STUDIO) == []
    studio.settled()


def test_two_pulls_in_a_row_need_no_apply_between(studio: Workspace) -> None:
    for price in ("40", "42"):
        outside(studio, "studio.yaml", ("*usual", price) if price == "40" else ("price: 40", "price: 42"))
        pulled(studio)
        assert f"    price: {price}\n" in (studio.root / "studio.yaml").read_text()
    studio.settled()


def test_hours_that_others_repeat(studio: Workspace) -> None:
    more = """\
  ben: &ben
    email: ben@juniper.example
    first_name: Ben
    last_name: Orr
    at: {studio: {hours: &usually [{dates: 2027, week: {mon: 9:00-17:00}}]}}
  cleo: {email: cleo@x.example, first_name: Cleo, last_name: Orr, at: {studio: {hours: *usually}}}
order:
"""
    studio.edit("studio.yaml", "order:\n", more)
    studio.apply()
    before = (studio.root / "studio.yaml").read_text()
    outside(studio, "studio.yaml", ("{mon: 9:00-17:00}", "{mon: 9:00-16:00}"))
    pulled(studio)
    at = "    at: {studio: {hours: &usually [{dates: 2027, week: {mon: "
    assert lines(studio, "studio.yaml", before) == [f"- {at}9:00-17:00}}}}]}}}}", f"+ {at}09:00-16:00}}}}]}}}}"]
    outside(studio, "studio.yaml", ("hours: *usually", "hours: []"))
    pulled(studio)
    assert "last_name: Orr, at: {studio: {hours: []}}}" in (studio.root / "studio.yaml").read_text()
    studio.settled()


# -- what is chosen


def test_an_address_narrows_and_a_field_narrows_more(studio: Workspace) -> None:
    outside(studio, "studio.yaml", ("*usual", "41"), ("90 min   # at least", "2 h"), ("'Juniper Studio'", "Other"))
    pulled(studio, "service/color.price")
    assert lines(studio, "studio.yaml", STUDIO) == ["-     price: *usual", "+     price: 41"]
    pulled(studio, "service/*")
    assert len(lines(studio, "studio.yaml", STUDIO)) == 4
    assert studio.changes() == ["update location/studio"]


def test_what_the_manifests_moved_is_left_unless_its_field_is_named(studio: Workspace) -> None:
    studio.edit("studio.yaml", "90 min   # at least", "2 h")
    ran = pulled(studio)
    assert ran.out == "1 value that the manifests moved: left for apply.\nNothing to pull.\n"
    pulled(studio, "service/color.duration")
    assert "    duration: 90 min\n" in (studio.root / "studio.yaml").read_text()
    studio.settled()


def test_what_both_moved_must_be_named(studio: Workspace) -> None:
    outside(studio, "studio.yaml", ("'Juniper Studio'", "Theirs"))
    studio.edit("studio.yaml", "'Juniper Studio'", "'Ours'")
    ran = pulled(studio, code=5)
    assert ran.err == (
        "studio.yaml:3: location/studio: name cannot be taken back: the manifest moved as well: to take it all the "
        "same, name it: location/studio.name\n"
    )
    assert "'Ours'" in (studio.root / "studio.yaml").read_text()
    pulled(studio, "location/studio.name")
    assert "'Theirs'" in (studio.root / "studio.yaml").read_text()


def test_a_field_that_nobody_manages_is_added_when_it_is_named(studio: Workspace) -> None:
    studio.tamper("service", "Perm", description="Soft waves")
    assert pulled(studio).out == "Nothing to pull.\n"
    pulled(studio, "service/perm.description")
    assert lines(studio, "studio.yaml", STUDIO) == ["+     description: Soft waves"]
    studio.settled()


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("service/nothing", "names nothing in the manifests"),
        ("service/perm.colour", "has no field colour"),
        (".x", "names nothing"),
    ],
)
def test_a_name_that_names_nothing_is_wrong_usage(studio: Workspace, named: str, said: str) -> None:
    assert said in pulled(studio, named, code=64).err


def test_secrets_are_never_taken(studio: Workspace) -> None:
    ran = pulled(studio, "service/perm.password", code=5)
    assert ran.err == (
        "studio.yaml:11: service/perm: password cannot be taken back: it is a secret, which is never taken back\n"
    )


def test_the_check_shows_the_difference_and_writes_nothing(studio: Workspace) -> None:
    outside(studio, "studio.yaml", ("*usual", "41"))
    ran = pulled(studio, "--check", "--detailed-exitcode", code=2)
    assert "-    price: *usual\n+    price: 41\n" in ran.out
    assert ran.last == "Would pull 1 value into studio.yaml."
    assert (studio.root / "studio.yaml").read_text() == STUDIO
    assert pulled(studio, "--dry-run").out == ran.out


def test_each_value_is_asked_for_on_a_terminal(studio: Workspace) -> None:
    outside(studio, "studio.yaml", ("*usual", "41"), ("'Juniper Studio'", "Other"))
    with terminal("pull", "--choose", cwd=studio.root) as opened:
        opened.expect("location/studio   name")
        opened.type("keep\n")
        opened.expect("service/color   price = 38 -> 41")
        opened.type("t\n")
        assert opened.end() == 0
    assert lines(studio, "studio.yaml", STUDIO) == ["-     price: *usual", "+     price: 41"]


def test_quitting_writes_nothing(studio: Workspace) -> None:
    outside(studio, "studio.yaml", ("*usual", "41"), ("'Juniper Studio'", "Other"))
    with terminal("pull", "--choose", cwd=studio.root) as opened:
        opened.expect("location/studio   name")
        opened.type("take\n")
        opened.expect("service/color   price")
        opened.type("q\n")
        assert opened.end() == 1
    assert (studio.root / "studio.yaml").read_text() == STUDIO


def test_without_a_terminal_nothing_is_asked(studio: Workspace) -> None:
    assert "no terminal" in pulled(studio, "--choose", code=64).err


# -- what was deleted


def test_what_was_deleted_stays_unless_it_is_pruned(studio: Workspace) -> None:
    outside(
        studio, "studio.yaml", ("  perm:\n    <<: *base\n    name: Perm\n    duration: 90 min\n", ""), (", perm]", "]")
    )
    assert "service/perm was deleted outside and stays in the manifests (studio.yaml:11): --prune" in pulled(studio).out
    assert (studio.root / "studio.yaml").read_text() == STUDIO
    pulled(studio, "--prune")
    assert lines(studio, "studio.yaml", STUDIO) == [
        "-   perm:", "-     <<: *base", "-     name: Perm", "-     duration: 90 min",
        "-   services: [haircut, color, perm]", "+   services: [haircut, color]",
    ]  # fmt: skip
    studio.settled()


def test_what_refers_to_it_goes_as_well(studio: Workspace) -> None:
    outside(
        studio,
        "studio.yaml",
        ("  haircut: {name: Haircut, duration: 45 min, price: &usual 38}  # menu\n", ""),
        ("*usual", "38"),
        ("[haircut, color]", "[color]"),
        ("[haircut, color, perm]", "[color, perm]"),
    )
    ran = pulled(studio, "--prune", code=5)  # others repeat its price
    assert "*usual refers to nothing" in ran.err
    studio.edit("studio.yaml", "*usual", "38")
    pulled(studio, "--prune")
    text = (studio.root / "studio.yaml").read_text()
    assert "haircut" not in text
    assert "services: [color]   # her menu" in text
    studio.settled()


# -- where a value comes from


def test_a_variable_is_left_alone(studio: Workspace) -> None:
    studio.edit("studio.yaml", "'Juniper Studio'", "'Juniper ${var:CITY}'")
    studio.apply("--var", "CITY=Rome")
    studio.tamper("location", "Juniper Rome", name="Juniper Oslo")
    ran = pulled(studio, "--var", "CITY=Rome", code=5)
    assert ran.err == (
        "studio.yaml:3: location/studio: name cannot be taken back: it comes from ${var:CITY}: change what that stands "
        "for, or write the value here\n"
    )


def test_a_file_is_rewritten(studio: Workspace) -> None:
    studio.write("texts/perm.txt", "Soft waves.\nFor weeks.\n")
    studio.edit("studio.yaml", "    name: Perm\n", "    name: Perm\n    description: ${file:texts/perm.txt}\n")
    studio.apply()
    before = (studio.root / "studio.yaml").read_text()
    studio.tamper("service", "Perm", description="Soft waves.\nFor months, ${even}.")
    pulled(studio)
    assert (studio.root / "texts/perm.txt").read_text() == "Soft waves.\nFor months, ${even}.\n"
    assert (studio.root / "studio.yaml").read_text() == before
    studio.settled()


@pytest.fixture
def chain(empty: Workspace) -> Workspace:
    empty.write("chain.yaml", CHAIN)
    empty.apply(env=ENV)
    return empty


def test_what_holds_for_all_accounts_moves_when_all_moved(chain: Workspace) -> None:
    outside(chain, "chain.yaml", ("price: 35", "price: 40"), env=ENV)
    pulled(chain)
    assert lines(chain, "chain.yaml", CHAIN) == [
        "-   haircut: {name: Haircut, duration: 45 min, price: 35}   # everywhere",
        "+   haircut: {name: Haircut, duration: 45 min, price: 40}   # everywhere",
    ]
    chain.settled(env=ENV)


def test_what_moved_in_one_account_is_written_in_its_own_document(chain: Workspace) -> None:
    outside(chain, "chain.yaml", ("{duration_padding: 5 min}", "{duration_padding: 5 min, price: 41}"), env=ENV)
    pulled(chain)
    assert lines(chain, "chain.yaml", CHAIN) == [
        "-   haircut: {duration_padding: 5 min}",
        "+   haircut: {duration_padding: 5 min, price: 41}",
    ]
    chain.settled(env=ENV)


def test_an_account_without_a_document_of_its_own_cannot_have_its_own_value(chain: Workspace) -> None:
    more = "---\naccount: east\nservices:\n  haircut: {price: 42}\n"
    outside(
        chain,
        "chain.yaml",
        ("  haircut: {duration_padding: 5 min}\n", f"  haircut: {{duration_padding: 5 min}}\n{more}"),
        env=ENV,
    )
    ran = pulled(chain, code=5)
    assert ran.err == (
        "chain.yaml:7: east/service/haircut: price cannot be taken back: west/service/haircut.price would change with "
        "it: write it where only this one is meant\n"
    )
    assert (chain.root / "chain.yaml").read_text() == CHAIN


# -- rows

STORES = 'slug;city;zip;note\r\n"one";Los Angeles;"02114";"said ""hi"""\r\ntwo;Boston;02115;\r\n'
ROWS = """\
generate:
  - from: data/stores.csv
    as: store
    manifest:
      locations:
        ${store.slug}: {name: "Acme ${store.city}", city: "${store.city}", zip: "${store.zip}", country: USA,
                        description: "${store.note}"}
"""


@pytest.fixture
def stores(empty: Workspace) -> Workspace:
    empty.write("data/stores.csv", STORES.encode())
    empty.write("stores.yaml", ROWS)
    empty.apply()
    return empty


def test_a_cell_is_edited_and_the_rest_of_its_file_is_not(stores: Workspace) -> None:
    stores.tamper("location", "Acme Los Angeles", zip="02999", description='said "ho"; then left')
    pulled(stores)
    after = STORES.replace('"02114"', '"02999"').replace('"said ""hi"""', '"said ""ho""; then left"')
    assert (stores.root / "data/stores.csv").read_bytes() == after.encode()
    assert (stores.root / "stores.yaml").read_text() == ROWS
    stores.settled()


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        ({"name": "Other"}, "the template at stores.yaml:6 makes it from the row and more: change the cells"),
        ({"city": "Venice"}, "location/one.name would change with it"),
        ({"country": "Mexico"}, "location/two.country would change with it"),
    ],
)
def test_what_a_row_does_not_decide_alone_is_said(stores: Workspace, tampered: dict[str, str], said: str) -> None:
    stores.tamper("location", "Acme Los Angeles", **tampered)
    ran = pulled(stores, code=5)
    assert "location/one" in ran.err
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert (stores.root / "data/stores.csv").read_bytes() == STORES.encode()


def test_a_workbook_is_not_edited(empty: Workspace) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.title = "Stores"
    for row in (["slug", "city"], ["one", "Rome"]):
        book.active.append(row)
    (empty.root / "data").mkdir()
    book.save(empty.root / "data/stores.xlsx")
    manifest = "locations: {'${store.slug}': {name: Acme, city: '${store.city}'}}"
    empty.write("m.yaml", f"generate: {{from: data/stores.xlsx, as: store, manifest: {{{manifest}}}}}\n")
    empty.apply()
    empty.tamper("location", "Acme", city="Oslo")
    ran = pulled(empty, code=5)
    assert 'a cell of a workbook, which is not edited: write "Oslo" into column city' in ran.err
    assert ran.err.startswith("data/stores.xlsx[Stores]:2: location/one: city")


def test_a_list_of_rows_is_edited_as_text(empty: Workspace) -> None:
    empty.write("data/stores.yaml", "- slug: one   # first\n  city: 'Rome'  # eternal\n- {slug: two, city: Bari}\n")
    manifest = "locations: {'${store.slug}': {name: 'Acme ${store.slug}', city: '${store.city}'}}"
    empty.write("m.yaml", f"generate: {{from: data/stores.yaml, as: store, manifest: {{{manifest}}}}}\n")
    empty.apply()
    empty.tamper("location", "Acme one", city="Oslo")
    empty.tamper("location", "Acme two", city="Lom, Norway")
    pulled(empty)
    text = (empty.root / "data/stores.yaml").read_text()
    assert text == "- slug: one   # first\n  city: 'Oslo'  # eternal\n- {slug: two, city: \"Lom, Norway\"}\n"
    empty.settled()


# -- files


def test_a_read_only_file_is_left_and_said(studio: Workspace) -> None:
    outside(studio, "studio.yaml", ("*usual", "41"))
    os.chmod(studio.root / "studio.yaml", 0o444)  # noqa: PTH101
    ran = pulled(studio, code=5)
    assert ran.err.endswith("price cannot be taken back: studio.yaml is read-only: make it writable, then pull again\n")
    assert (studio.root / "studio.yaml").read_text() == STUDIO


def test_a_link_stays_one_and_what_it_leads_to_is_written(studio: Workspace) -> None:
    (studio.root / "data").mkdir()
    (studio.root / "studio.yaml").rename(studio.root / "data/real.yaml")
    (studio.root / "studio.yaml").symlink_to("data/real.yaml")
    os.chmod(studio.root / "data/real.yaml", 0o640)  # noqa: PTH101
    studio.tamper("location", "Juniper Studio", name="Other")
    pulled(studio)
    assert (studio.root / "studio.yaml").is_symlink()
    real = studio.root / "data/real.yaml"
    assert "name: 'Other'" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in real.parent.iterdir()) == ["real.yaml"]


def test_another_run_at_work_is_not_disturbed(studio: Workspace) -> None:
    from provisioner.state.lock import locked

    outside(studio, "studio.yaml", ("*usual", "41"))
    with locked(studio.state.parent / "lock", "provisioner apply"):
        pulled(studio, code=6)
    assert (studio.root / "studio.yaml").read_text() == STUDIO


def test_a_full_disk_leaves_every_file_whole(studio: Workspace) -> None:
    studio.write("notes.yaml", f"{'# a long note' * 80}\n" * 3_000)  # over three times what a file may have
    studio.write("small.yaml", "services: {cut: {name: Cut, duration: 30 min}}\n")
    with (studio.root / "notes.yaml").open("a") as notes:
        notes.write("services: {wash: {name: Wash, duration: 15 min}}\n")
    studio.apply()
    before = {path.name: path.read_bytes() for path in studio.root.glob("*.yaml")}
    for name in ("Wash", "Cut"):
        studio.tamper("service", name, duration=120)
    ran = studio("pull", limit="-f 2048")
    assert (ran.code, ran.out) == (1, "")
    assert "File too large" in ran.err
    assert {path.name: path.read_bytes() for path in studio.root.glob("*.yaml*")} == before
    assert "Pulled 2 values into notes.yaml, small.yaml." in pulled(studio).out


def test_people_s_data_is_taken_only_by_name_and_not_shown(empty: Workspace) -> None:
    empty.write("people.yaml", "clients:\n  liv: {email: liv@x.example, name: Liv, phone: '1'}\n")
    empty.apply()
    outside(empty, "people.yaml", ("phone: '1'", "phone: '+47 22'"))
    assert (
        pulled(empty).out == "1 resource with people's own data moved: name them to take that back.\nNothing to pull.\n"
    )
    ran = pulled(empty, "client/liv", "--check")
    assert "+  liv: {email: liv@x.example, name: Liv, phone: (not shown)}" in ran.out
    ran = pulled(empty, "client/liv")
    assert "+47" not in ran.out + ran.err
    assert (
        empty.root / "people.yaml"
    ).read_text() == "clients:\n  liv: {email: liv@x.example, name: Liv, phone: '+47 22'}\n"
