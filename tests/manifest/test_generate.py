"""`generate:` makes accounts and what is in them from rows: what a template may say, and what cells stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioner.kinds import Address, read_address
from provisioner.kinds.desired import Place
from tests.manifest.generate_stores import PER_ROW, TEMPLATE, sheet, store

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

ROWS = "slug,name,zip,phone,day\nnorth,North Shore,02134,+1 617 555 0100,9-17\nsouth,South End,78701,,10:00-18:00\n"


def generated(folder: Folder, template: str, rows: str = ROWS, more: str = "") -> Folder:
    """A workspace with one entry; the template is indented as it stands under `manifest:`."""
    lines = "".join(f"      {line}\n" for line in template.splitlines())
    head = f"generate:\n  - from: data/rows.csv\n    as: row\n{more}    manifest:\n"
    return folder.write("data/rows.csv", rows).write("franchise.yaml", head + lines)


def test_a_row_makes_an_account_and_what_is_in_it(folder: Folder) -> None:
    folder.write("data/stores.csv", sheet([store(1), store(2)])).write("franchise.yaml", TEMPLATE)
    folder.environ = {"PASSWORD_0001": "one", "PASSWORD_0002": "two"}
    desired = folder.desired()
    assert len(desired.resources) == 2 * PER_ROW
    assert desired.accounts == {"", "s01", "s02"}
    account = folder.wanted("account/s02")
    assert account["company_name"] == "Acme City 2"
    assert account["password"].get_secret_value() == "two"
    assert folder.wanted("s01/location/downtown")["zip"] == "02101"
    assert folder.wanted("s01/service/haircut")["active"] is True
    assert read_address("s02/link/boss/downtown/haircut") in desired.resources
    assert folder.wanted("s01/hours/boss/downtown")["hours"][0].week[0] == ((540, 1020),)


def test_it_needs_no_account_of_its_own(folder: Folder) -> None:
    generated(folder, "locations:\n  ${row.slug}: {name: '${row.name}'}")
    assert folder.addresses() == {"location/north", "location/south"}


def test_the_template_is_in_the_scope_of_its_document(folder: Folder) -> None:
    generated(folder.accounts(), "locations:\n  ${row.slug}: {name: '${row.name}'}")
    text = (folder.root / "franchise.yaml").read_text("utf-8")
    folder.write("franchise.yaml", f"account: acme-west\n{text}")
    assert {each for each in folder.addresses() if "location" in each} == {
        "acme-west/location/north",
        "acme-west/location/south",
    }


def test_other_documents_know_what_rows_make(folder: Folder) -> None:
    generated(folder, "accounts:\n  ${row.slug}: {company_name: '${row.name}'}")
    folder.write(
        "menu.yaml",
        "account: all\nservices: {cut: {name: Cut, duration: 45 min}}\n---\n"
        "account: north\nservices: {cut: {duration: 1 h}}\n",
    )
    assert folder.wanted("north/service/cut")["duration"] == 60
    assert folder.wanted("south/service/cut")["duration"] == 45


def test_several_rows_may_add_to_one_thing(folder: Folder) -> None:
    rows = "who,where,hours\nana,a,9-17\nana,b,10-14\n"
    folder.write(
        "main.yaml",
        "locations: {a: {name: A}, b: {name: B}}\n"
        "employees: {ana: {email: a@b.example, first_name: A, last_name: B}}\n",
    )
    generated(
        folder,
        "employees:\n  ${row.who}:\n    at:\n      ${row.where}: {hours: [{dates: 2027, week: {mon: '${row.hours}'}}]}",
        rows,
    )
    assert {each for each in folder.addresses() if each.startswith("hours")} == {"hours/ana/a", "hours/ana/b"}


def test_several_entries_share_a_file(folder: Folder) -> None:
    folder.write("data/rows.csv", ROWS)
    entry = "{{from: data/rows.csv, as: {0}, manifest: {{{1}: {{'${{{0}.slug}}': {{name: '${{{0}.name}}'{2}}}}}}}}}"
    folder.write(
        "main.yaml",
        f"generate: [{entry.format('x', 'locations', '')}, {entry.format('y', 'services', ', duration: 45 min')}]",
    )
    assert folder.addresses() == {"location/north", "location/south", "service/north", "service/south"}


# -- cells


def test_a_blank_cell_leaves_its_field_out(folder: Folder) -> None:
    generated(folder, "locations:\n  ${row.slug}: {name: '${row.name}', phone: '${row.phone}'}")
    assert folder.wanted("location/north")["phone"] == "+1 617 555 0100"
    assert "phone" not in folder.wanted("location/south")


def test_clear_is_null(folder: Folder) -> None:
    rows = ROWS.replace("South End,78701,,", "South End,78701,(clear),")
    generated(folder, "locations:\n  ${row.slug}: {name: '${row.name}', phone: '${row.phone}'}", rows)
    assert folder.wanted("location/south")["phone"] is None


def test_blank_items_leave_a_list_shorter_and_at_last_out(folder: Folder) -> None:
    rows = "slug,one,two\na,2027-05-01,\nb,2027-05-01,2027-06-01\nc,,\n"
    fields = "email: '${row.slug}@a.example', first_name: A, last_name: B"
    generated(folder, f"employees:\n  ${{row.slug}}: {{{fields}, away: ['${{row.one}}', '${{row.two}}']}}", rows)
    desired = folder.desired()
    away = {a.key[0]: len(d.resource.wanted()["away"]) for a, d in desired.resources.items() if a.kind == "away"}
    assert away == {"a": 1, "b": 2}
    assert Address("", "away", ("c",)) not in desired.resources


def test_a_blank_scope_never_means_the_parent(folder: Folder) -> None:
    folder.write("main.yaml", "accounts: {north: {company_name: N}}")
    generated(folder, "account: ${row.slug}\nlocations:\n  hq: {name: '${row.name}'}", ROWS.replace("south,", ","))
    (line,) = folder.told()
    assert line.startswith("franchise.yaml:5:16: data/rows.csv:3 column slug: the cell is blank, and a key needs it")


@pytest.mark.parametrize("name", ["all", "no*", "[north]"])
def test_a_cell_never_widens_a_scope(folder: Folder, name: str) -> None:
    folder.write("main.yaml", "accounts: {north: {company_name: N}, south: {company_name: S}}")
    generated(
        folder, "account: ${row.slug}\nlocations:\n  hq: {name: '${row.name}'}", ROWS.replace("south,", f"{name},")
    )
    (line,) = folder.told()
    assert line.startswith("franchise.yaml:5:16: data/rows.csv:3 column slug: ")


@pytest.mark.parametrize(
    "cell",
    [
        "${var:CITY}",
        "${file:secret.txt}",
        "${env:HOME}",
        "${row.zip}",
        "$${x}",
        "{a: b}",
        "[x]",
        "a: b",
        "- x",
        "&a *a",
        "<<",
        "null",
        "!x",
    ],
)
def test_what_a_cell_holds_is_only_text(folder: Folder, cell: str) -> None:
    folder.options["variables"] = {"CITY": "Rome"}
    generated(
        folder,
        "locations:\n  ${row.slug}: {name: '${row.name}', description: 'x ${var:CITY} ${row.name}'}",
        f'slug,name\na,"{cell}"\n',
    )
    wanted = folder.wanted("location/a")
    assert (wanted["name"], wanted["description"]) == (cell, f"x Rome {cell}")


def test_a_cell_joins_with_what_stands_beside_it_as_text(folder: Folder) -> None:
    """A $ at the end of a cell and a { after it make no reference."""
    folder.options["variables"] = {"CITY": "Rome"}
    generated(folder, "locations:\n  ${row.slug}: {name: '${row.name}{var:CITY} ${var:CITY}'}", "slug,name\na,x$\n")
    assert folder.wanted("location/a")["name"] == "x${var:CITY} Rome"


def test_filters_and_escapes(folder: Folder) -> None:
    generated(
        folder,
        "locations:\n  ${row.name|slug}:\n    name: ${row.name|upper}\n"
        "    description: $${row.name} ${row.name | slug | upper}",
    )
    assert folder.wanted("location/north-shore") == {
        "name": "NORTH SHORE",
        "description": "${row.name} NORTH-SHORE",
    }


def test_columns_may_have_any_name(folder: Folder) -> None:
    generated(
        folder,
        "locations:\n  ${row.Key}: {name: '${row.Name of store}', zip: '${row.Postal-Code }'}",
        "Key, Name of store ,Postal-Code\na,A,02134\n",
    )
    assert folder.wanted("location/a") == {"name": "A", "zip": "02134"}


def test_hours_may_be_as_short_as_people_type_them(folder: Folder) -> None:
    folder.write("main.yaml", "locations: {a: {name: A}}")
    rows = "slug,hours\na,9-17\nb,9:30-17\nc,09:00\u201317:00\nd,closed\n"
    template = """\
employees:
  ${row.slug}:
    email: ${row.slug}@a.example
    first_name: A
    last_name: B
    at: {a: {hours: [{dates: 2027, week: {mon: "${row.hours}", tue: 8:00-9:00}}]}}
"""
    generated(folder, template, rows)
    found = [folder.declared(f"hours/{key}/a").resource.wanted()["hours"][0].week[0] for key in "abcd"]
    assert found == [((540, 1020),), ((570, 1020),), ((540, 1020),), ()]


def test_zips_of_other_countries_are_as_long_as_they_are(folder: Folder) -> None:
    rows = "slug,country,zip\na,Norway,0150\nb,Norway,1504\nc,Denmark,2100\n"
    generated(
        folder, "locations:\n  ${row.slug}: {name: '${row.slug}', country: '${row.country}', zip: '${row.zip}'}", rows
    )
    assert folder.wanted("location/b")["zip"] == "1504"


def test_the_country_may_come_from_the_settings(folder: Folder) -> None:
    folder.settings("defaults: {locations: {country: USA}}")
    generated(
        folder, "locations:\n  ${row.slug}: {name: '${row.name}', zip: '${row.zip}'}", "slug,name,zip\na,A,2134\n"
    )
    (line,) = folder.told()
    assert line.startswith("franchise.yaml:6:49: data/rows.csv:2 column zip: zip: '2134' lost the zero")


def test_a_column_can_be_taken_as_it_is(folder: Folder) -> None:
    rows = "slug,name,zip\na,9-May,2134\n"
    template = "locations:\n  ${row.slug}: {name: '${row.name}', country: US, zip: '${row.zip}'}"
    generated(folder, template, rows, more="    as_written: [name, zip]\n")
    assert folder.wanted("location/a") == {"name": "9-May", "country": "US", "zip": "2134"}
    generated(folder, template, rows, more="    as_written: nam\n")
    assert "franchise.yaml:4:17: as_written: no column 'nam': did you mean name?" in folder.told()


# -- secrets


def test_a_secret_stands_in_no_table(folder: Folder) -> None:
    generated(
        folder, "accounts:\n  ${row.slug}: {company_name: A, password: '${row.name}'}", "slug,name\na,hunter2-canary\n"
    )
    (line,) = folder.told()
    assert (
        line
        == "franchise.yaml:6:50: password: it is a secret, which no table may hold: write ${env:NAME_${row.COLUMN}}"
    )


def test_a_row_completes_the_name_of_a_variable(folder: Folder) -> None:
    generated(
        folder,
        "accounts:\n  ${row.slug}: {company_name: A, password: '${env:PW_${row.slug|upper}}'}",
        "slug\nbay-area\n",
    )
    folder.environ = {"PW_BAY_AREA": "x"}
    assert folder.wanted("account/bay-area")["password"].get_secret_value() == "x"
    folder.environ = {}
    (line,) = folder.told()
    assert line.endswith(
        "data/rows.csv:2 column slug: password: the environment variable PW_BAY_AREA is not set: export it"
    )


def test_a_row_cannot_name_a_credential_or_any_variable_it_likes(folder: Folder) -> None:
    folder.environ = {"SETSTER_API_KEY": "canary"}
    generated(
        folder,
        "accounts:\n  ${row.slug}: {company_name: A, password: '${env:SETSTER_${row.name}}'}",
        "slug,name\na,API_KEY\n",
    )
    (line,) = folder.told()
    assert "SETSTER_API_KEY holds a credential of this tool" in line
    generated(
        folder,
        "accounts:\n  ${row.slug}: {company_name: A, password: '${env:${row.name}}'}",
        "slug,name\na,SETSTER_API_KEY\n",
    )
    (line,) = folder.told()
    assert "begins with no fixed text" in line


def test_a_file_named_by_a_row_stays_inside(folder: Folder) -> None:
    folder.write("texts/a.txt", "Hello")
    template = "locations:\n  ${row.slug}: {name: A, description: '${file:texts/${row.file}.txt}'}"
    generated(folder, template, "slug,file\na,a\n")
    assert folder.wanted("location/a")["description"] == "Hello"
    generated(folder, template, "slug,file\na,../../outside\n")
    (line,) = folder.told()
    assert line.startswith(
        "franchise.yaml:6:45: data/rows.csv:2 column file: description: texts/../../outside.txt is outside"
    )


# -- places


def test_places_are_rows(folder: Folder) -> None:
    folder.write("data/stores.csv", sheet([store(1), store(2)])).write("franchise.yaml", TEMPLATE)
    folder.options["secrets"] = "placeholder"
    for address in (
        "account/s02",
        "s02/location/downtown",
        "s02/service/haircut",
        "s02/hours/boss/downtown",
        "s02/link/boss/downtown/haircut",
    ):
        assert folder.declared(address).place == Place("data/stores.csv", 3, 1)
        assert str(folder.declared(address).place) == "data/stores.csv:3"
    fields = folder.declared("s02/location/downtown").fields
    assert fields["zip"] == Place("data/stores.csv", 3, 1)
    assert str(fields["country"]).startswith("franchise.yaml:")  # the same for every row


# -- templates


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("locations: {a: {name: '${row.nam}'}}", "5:29: name: ${row.nam}: data/rows.csv has no column 'nam': did"),
        ("locations: {a: {name: '${rov.name}'}}", "5:29: name: ${rov.name} refers to nothing known: a row is"),
        ("locations: {a: {name: '${name}'}}", "5:29: name: ${name} refers to nothing known: write ${row.COLUMN}"),
        ("locations: {a: {name: '${row.name'}}", "5:29: name: '${row.name' has no end: write ${row.COLUMN}, or $${"),
        ("locations: {a: {name: '${row.name|titel}'}}", "5:29: name: ${row.name|titel} has the unknown filter"),
        ("locations: {a: {name: A}}", "2:5: nothing in this template refers to a row: write ${row"),
    ],
)  # fmt: skip
def test_a_template_is_judged_once(folder: Folder, template: str, told: str) -> None:
    generated(folder, template)
    (line,) = folder.told()
    assert line.startswith(f"franchise.yaml:{told}")


def test_a_key_that_no_row_changes_is_made_by_every_row(folder: Folder) -> None:
    generated(
        folder, "locations:\n  hq: {name: '${row.name}', phone: '1'}", "name\n" + "".join(f"N{n}\n" for n in range(50))
    )
    assert len(folder.told()) <= 49


def test_a_template_holds_no_other(folder: Folder) -> None:
    generated(folder, "locations: {'${row.slug}': {name: '${row.name}'}}\ngenerate: []")
    assert any("a template cannot hold another generate: give it an entry of its own" in line for line in folder.told())


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("x", "1:11: generate is 'x': write a list of {from: "),
        ("[x]", "1:12: generate is 'x': write a mapping of keys to values"),
        ("[{as: r, manifest: {locations: {}}}]", "1:12: generate lacks from: add `from: data/stores.csv`"),
        ("[{%, manifest: {locations: {}}}]", "1:12: generate lacks as: add `as: store`"),
        ("[{%, as: r}]", "1:12: generate lacks manifest: add `manifest: {locations: {...}}`"),
        ("[{%, as: env, manifest: {}}]", "1:38: as: 'env' is no name for a row: write "),
        ("[{%, as: r, manifest: x}]", "1:51: manifest: 'x' is no template: write a mapping such as {locations: {...}}"),
        ("[{%, as: r, manifest: {}, sheet: A}]", "1:19: from: data/rows.csv has no sheets: remove `sheet`"),
        ("[{%, as: r, manifest: {}, delimiter: ab}]", "1:66: delimiter: 'ab' is no delimiter: write comma"),
        ("[{%, as: r, manifest: {}, encoding: windows-1525}]", "1:65: encoding: 'windows-1525' is no encoding: did"),
        ("[{%, as: r, manifest: {}, wehre: x}]", "1:55: unknown key 'wehre' in generate: there"),
    ],
)  # fmt: skip
def test_an_entry_is_checked(folder: Folder, entry: str, told: str) -> None:
    folder.write("data/rows.csv", ROWS)
    text = f"generate: {entry}".replace("%", "from: data/rows.csv")
    assert any(line.startswith(f"main.yaml:{told}") for line in folder.told(text))


def test_templates_and_rows_are_bounded(folder: Folder) -> None:
    services = "".join(f"  s{n}-${{row.slug}}: {{name: S, duration: 45 min}}\n" for n in range(1_500))
    generated(folder, f"services:\n{services}", "slug\n" + "".join(f"r{n}\n" for n in range(2_500)))
    (line,) = folder.told()
    assert line.startswith("franchise.yaml:2:5: with this the templates make over 10,000,000 values: use fewer rows")


def test_a_thousand_rows(folder: Folder) -> None:
    folder.write("data/stores.csv", sheet([store(n) for n in range(1_000)])).write("franchise.yaml", TEMPLATE)
    folder.options["secrets"] = "placeholder"
    assert len(folder.desired().resources) == 1_000 * PER_ROW
