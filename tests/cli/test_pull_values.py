"""What a pull reads, shows, refuses and leaves alone."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from tests.cli.command import Workspace
from tests.cli.test_pull import lines, outside, pulled

CLIENT = """\
clients:
  liv: {email: liv@example.com, name: 'Liv', phone: "1"}   # first
  bo:
    email: bo@example.com
    name: Bo
    notes: |
      plain
      words
"""


def test_a_file_that_happens_to_be_called_like_ours_stays(empty: Workspace) -> None:
    empty.write("m.yaml", "services:\n  a: {name: A, duration: 30 min, price: 3}\n")
    empty.apply()
    empty.write("m.yaml.tmp", "my own notes\n")
    empty.tamper("service", "A", price=9)
    assert "Pulled 1 value" in pulled(empty).out
    assert (empty.root / "m.yaml.tmp").read_text() == "my own notes\n"


def test_the_longest_name_of_a_file_is_no_obstacle(empty: Workspace) -> None:
    name = "é" * 125 + ".yaml"
    empty.write(name, "services:\n  a: {name: A, duration: 30 min, price: 3}\n")
    empty.apply()
    assert len(name.encode()) == 255
    empty.tamper("service", "A", price=9)
    assert "Pulled 1 value" in pulled(empty).out
    assert "price: 9" in (empty.root / name).read_text()


def test_no_spelling_of_people_s_data_is_shown(empty: Workspace) -> None:
    empty.write("people.yaml", CLIENT)
    empty.apply()
    change(empty, "liv@example.com", name="it's \\ SECRET1", phone='say "SECRET2"')
    change(empty, "bo@example.com", notes='she said "SECRET3" and\nSECRET4\n', city="SECRET5")
    ran = pulled(empty, "client/*", "client/bo.city", "--check")
    assert "SECRET" not in ran.out + ran.err
    assert "+  liv: {email: liv@example.com, name: (not shown), phone: (not shown)}   # first\n" in ran.out
    assert "+    notes: (not shown)\n" in ran.out
    assert "+    city: (not shown)\n" in ran.out
    pulled(empty, "client/*")
    assert "SECRET4" in (empty.root / "people.yaml").read_text()


def change(workspace: Workspace, email: str, **raw: object) -> None:
    """Store something in the live client with an e-mail address."""
    with closing(sqlite3.connect(workspace.db)) as db, db:
        for number, text in db.execute("SELECT id, body FROM objects WHERE kind = 'client'").fetchall():
            if json.loads(text)["email"] == email:
                body = json.dumps(json.loads(text) | raw)
                db.execute("UPDATE objects SET body = ? WHERE id = ? AND kind = 'client'", (body, number))


def test_what_is_named_is_read_though_no_manifest_gives_it(empty: Workspace) -> None:
    text = "accounts:\n  me: {parent: true}\nlocations:\n  studio: {main: true, name: Studio}\n"
    empty.write("m.yaml", text)
    empty.apply()
    ran = pulled(empty, "account/me.company_name", "account/me.options.currency", "location/studio.timezone")
    assert ran.err == ""
    assert lines(empty, "m.yaml", text) == [
        "-   me: {parent: true}",
        "+   me: {parent: true, company_name: Sandbox, options: {currency: USD}}",
        "-   studio: {main: true, name: Studio}",
        "+   studio: {main: true, name: Studio, timezone: US/Pacific}",
    ]
    empty.settled()


def test_what_is_not_there_is_not_blamed_on_the_vendor(empty: Workspace) -> None:
    empty.write("m.yaml", "services:\n  a: {name: A, duration: 30 min}\n")
    ran = pulled(empty, "service/a.price", code=5)
    assert "price cannot be taken back: nothing is live of it: run provisioner plan" in ran.err


TABLE = """\
generate:
  - from: data/s.csv
    as: s
    manifest:
      locations:
        ${s.slug}: {name: "${s.city}", description: "${s.desc}", zip: "${s.zip}"}
"""


def test_a_quote_inside_a_cell_opens_nothing(empty: Workspace) -> None:
    empty.write("m.yaml", TABLE)
    table = 'slug,city,zip,desc,note,more\nwest,West 6"",1111,board 6"",remember 5" x,"and ""that"", too"\n'
    empty.write("data/s.csv", table)
    empty.apply()
    empty.tamper("location", 'West 6""', description="new", zip="2222")
    assert pulled(empty).err == ""
    assert (empty.root / "data/s.csv").read_text() == table.replace('board 6""', "new").replace("1111", "2222")


def test_an_anchor_in_a_list_of_rows_is_handed_on(empty: Workspace) -> None:
    empty.write("m.yaml", TABLE.replace("s.csv", "s.yaml"))
    rows = "- {slug: a, city: A, zip: &z '0999', desc: x}\n- {slug: b, city: B, zip: *z, desc: x}\n"
    empty.write("data/s.yaml", rows)
    empty.apply()
    empty.tamper("location", "A", zip="1")
    assert pulled(empty).err == ""
    assert (empty.root / "data/s.yaml").read_text() == rows.replace("&z '0999'", "'1'").replace("*z", "&z '0999'")
    empty.settled()


def test_an_anchor_on_a_text_of_lines_is_handed_on(empty: Workspace) -> None:
    text = (
        "services:\n  a:\n    name: A\n    duration: 30 min\n    description: &t |\n      long\n      text\n"
        "  b: {name: B, duration: 30 min, description: *t}\n"
    )
    empty.write("m.yaml", text)
    empty.apply()
    empty.tamper("service", "A", description="short\n")
    assert pulled(empty).err == ""
    after = text.replace("&t |\n      long\n      text\n", "|\n      short\n").replace("*t", '&t "long\\ntext\\n"')
    assert (empty.root / "m.yaml").read_text() == after
    empty.settled()


def test_what_the_files_could_not_hold_is_refused_and_the_rest_is_taken(empty: Workspace) -> None:
    count = 40
    empty.write("m.yaml", TABLE)
    empty.write("data/s.csv", "slug,city,zip,desc\n" + "".join(f"s{n},C{n},1,d\n" for n in range(count)))
    empty.apply()
    for number in range(count):
        empty.tamper("location", f"C{number}", zip="=1+1" if number % 3 == 0 else "77", description="new")
    ran = pulled(empty, code=5)
    rows = (empty.root / "data/s.csv").read_text().splitlines()[1:]
    assert rows == [f"s{n},C{n},{1 if n % 3 == 0 else 77},new" for n in range(count)]
    assert ran.err.count("is a formula") == len(range(0, count, 3))


def test_what_came_by_and_what_a_manifest_moved(empty: Workspace) -> None:
    empty.write("m.yaml", "services:\n  a: {name: A, duration: 30 min, price: 3}\n  b: {name: B, duration: 30 min}\n")
    empty.apply()
    outside(empty, "m.yaml", ("price: 3", "price: 9"))
    ran = empty("plan")
    assert "      keep 9: provisioner pull service/a\n" in ran.out
    empty.edit("m.yaml", "price: 3", "price: 4")
    assert "      keep 9: provisioner pull service/a.price\n" in empty("plan").out
    assert "Pulled 1 value" in pulled(empty, "service/a.price").out
    empty.settled()


def test_the_plan_says_how_to_keep_it_deleted(empty: Workspace) -> None:
    text = "services:\n  a: {name: A, duration: 30 min}\n  b: {name: B, duration: 30 min}\n"
    empty.write("m.yaml", text)
    empty.apply()
    outside(empty, "m.yaml", ("  b: {name: B, duration: 30 min}\n", ""))
    assert "      keep it deleted: provisioner pull service/b --prune\n" in empty("plan").out
    pulled(empty, "service/b", "--prune")
    empty.settled()
