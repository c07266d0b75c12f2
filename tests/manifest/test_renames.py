"""Tables of renames: what they make of the manifests, and what is said of those that contradict themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

SHOPS = """\
locations: {a: {name: A}, b: {name: B}, c: {name: C, lifecycle: {was: [z]}}}
services: {cut: {name: Cut, duration: 45 min}}
"""
TABLE = "data/renames.csv"


def put(folder: Folder, *rows: str, header: str = "from,to", more: str = "") -> Folder:
    """A workspace with some locations, and a table of renames."""
    folder.write(TABLE, "\n".join([header, *rows, ""]))
    return folder.write("main.yaml", f"renames: {TABLE}\n{SHOPS}{more}")


def told(folder: Folder, *rows: str, header: str = "from,to", more: str = "") -> list[str]:
    return [line.removeprefix(f"{TABLE}:") for line in put(folder, *rows, header=header, more=more).told()]


def was(folder: Folder, address: str) -> tuple[str, ...]:
    return folder.declared(address).lifecycle.was


def test_a_row_is_a_former_key(folder: Folder) -> None:
    put(folder, "location/old,location/a", "service/haircut,service/cut")
    assert was(folder, "location/a") == ("old",)
    assert was(folder, "service/cut") == ("haircut",)
    assert was(folder, "location/b") == ()


def test_a_chain_is_folded_whatever_the_order_of_its_rows(folder: Folder) -> None:
    put(folder, "location/y,location/a", "location/x,location/y", "location/w,location/x")
    assert was(folder, "location/a") == ("y", "x", "w")


def test_a_table_and_a_lifecycle_go_together(folder: Folder) -> None:
    put(folder, "location/y,location/c", "location/z,location/y")
    assert was(folder, "location/c") == ("y", "z")


def test_a_column_may_say_the_kind_and_others_are_notes(folder: Folder) -> None:
    put(folder, "old,a,location,because,", "cutting,cut,service,,x", header="from,to,kind,why,note")
    assert (was(folder, "location/a"), was(folder, "service/cut")) == (("old",), ("cutting",))


def test_one_address_says_the_kind_of_the_other(folder: Folder) -> None:
    put(folder, "old,location/a", "location/older,b")
    assert (was(folder, "location/a"), was(folder, "location/b")) == (("old",), ("older",))


def test_a_document_may_name_several_tables_of_any_sort(folder: Folder) -> None:
    put(folder, "location/old,location/a")
    folder.write("data/more.json", '[{"from": "location/older", "to": "location/b"}]')
    book = Workbook()
    for row in ("from", "to"), ("location/oldest", "location/c"):
        book.active.append(row)  # type: ignore[union-attr]  # a new book has a sheet
    book.save(folder.root / "data/most.xlsx")
    folder.write("more.yaml", "renames: [data/more.json, data/most.xlsx]")
    assert [was(folder, f"location/{key}") for key in "abc"] == [("old",), ("older",), ("oldest", "z")]


def test_a_row_is_of_the_accounts_that_its_document_speaks_for_or_that_it_names(folder: Folder) -> None:
    folder.accounts().write(TABLE, "from,to\nlocation/old,location/a\nother/location/gone,other/location/b\n")
    folder.write("main.yaml", f"account: acme-*\nrenames: {TABLE}\n---\naccount: all\n{SHOPS}")
    assert was(folder, "acme-east/location/a") == was(folder, "acme-west/location/a") == ("old",)
    assert was(folder, "other/location/a") == ()
    assert was(folder, "other/location/b") == ("gone",)


def test_in_an_account_that_lacks_it_a_row_says_nothing(folder: Folder) -> None:
    folder.accounts().write(TABLE, "from,to\nlocation/old,location/x\n")
    folder.write("main.yaml", f"account: all\nrenames: {TABLE}\n---\naccount: other\nlocations: {{x: {{name: X}}}}\n")
    assert was(folder, "other/location/x") == ("old",)


def test_what_is_in_a_renamed_account_is_named_by_either_name_of_it(folder: Folder) -> None:
    folder.accounts().write(
        TABLE,
        "from,to\nacme-mid/location/old,other/location/a\naccount/acme-mid,account/other\nother/service/x,other/service/cut\n",
    )
    folder.write("main.yaml", f"renames: {TABLE}\n---\naccount: all\n{SHOPS}")
    assert was(folder, "account/other") == ("acme-mid",)
    assert (was(folder, "other/location/a"), was(folder, "other/service/cut")) == (("old",), ("x",))


def test_an_edit_of_a_table_makes_a_saved_plan_stale(folder: Folder) -> None:
    before = put(folder, "location/old,location/a").load().files
    after = put(folder, "location/older,location/a").load().files
    assert before[TABLE] != after[TABLE]


STILL = "location/b became location/a, and is still declared (main.yaml:2): remove it, or the row"

TWICE = (
    "3:1: location/x became location/a there, and it cannot become two things (data/renames.csv:2): "
    "remove one of the two rows"
)
MERGED = (
    "3:1: location/a was location/x (data/renames.csv:2), so it cannot have been location/y: write "
    "location/x,location/y and location/y,location/a if it had both names, one after the other"
)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (["location/x,location/aa"], ["2:1: no location/aa is declared: did you mean location/a?"]),
        (["service/x,service/cutt"], ["2:1: no service/cutt is declared: did you mean service/cut?"]),
        (["location/x,location/gone"],
         ["2:1: no location/gone is declared: correct it, or remove the row if that is gone"]),
        (["location/x,location/y", "location/y,location/gone"],
         ["3:1: no location/gone is declared: correct it, or remove the row if that is gone"]),
        (["location/b,location/a"], [f"2:1: {STILL}"]),
        (["location/x,location/b", "location/b,location/a"], [f"3:1: {STILL}"]),
        (["location/x,location/a", "location/x,location/b"],
         [TWICE]),
        (["location/x,location/a", "location/x,location/a"],
         ["3:1: location/x stands there, too (data/renames.csv:2): remove one of the two rows"]),
        (["location/x,location/a", "location/y,location/a"],
         [MERGED]),
        (["location/x,location/y", "location/y,location/x"],
         ["2:1: location/x -> location/y -> location/x goes round: trade keys in two applies, by way of a third"]),
        (["location/z,location/a"],
         ["2:1: location/c (main.yaml:2) says it was location/z, too: remove one of the two"]),
        (["location/x,service/cut"], ["2:1: location/x cannot become service/cut: a rename stays in its kind"]),
        (["west/location/x,location/a"],
         ["2:1: west/location/x cannot become location/a: a rename stays in its account"]),
        (["west/location/x,west/location/a"], ["2:1: no account 'west': declare it under accounts"]),
        (["hours/x/y,hours/a/b"],
         ["2:1: hours/x/y has no name of its own, and follows what it names: remove the row"]),
        (["location/a,location/a"], ["2:1: location/a is its own new address: remove the row"]),
        (["x,a"], ["2:1: from: 'x' has no kind: write location/old, or add a column called kind"]),
        (["location/X,location/a"], ["2:1: from: 'X' is no key: write x"]),
        ([",location/a"], ["2:1: from is blank: write an address such as location/old, or remove the row"]),
        (["location/x,(clear)"], ["2:1: to is blank: write an address such as location/old, or remove the row"]),
        (["location/x"],
         ["2:1: this row has 1 cell, and the header has 2: write every comma, also after cells that are blank"]),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_at_its_line(folder: Folder, rows: list[str], lines: list[str]) -> None:
    assert told(folder, *rows) == lines


def test_what_is_wrong_in_many_rows_alike_is_told_once(folder: Folder) -> None:
    (line,) = told(folder, *(f"location/x{n},location/gone{n}" for n in range(4)))
    assert line.endswith("correct it, or remove the row if that is gone (and 3 more rows: 3, 4, 5)")


@pytest.mark.parametrize(
    ("renames", "fault"),
    [
        ("data/none.csv", "1:10: renames: data/none.csv is no file of the workspace: the path starts at its root"),
        (
            "{a: b}",
            "1:10: renames: a mapping is no file: write a path from the workspace's root, such as data/renames.csv",
        ),
        ("[data/none.csv]", "1:11: renames: data/none.csv is no file of the workspace: the path starts at its root"),
        ("renames.yaml", "1:10: renames: renames.yaml counts as a manifest where it is: move it into the folder data/"),
    ],
)
def test_what_is_no_table_is_told_where_it_is_named(folder: Folder, renames: str, fault: str) -> None:
    assert folder.told(f"renames: {renames}\n{SHOPS}") == [f"main.yaml:{fault}"]


def test_a_table_needs_its_two_columns(folder: Folder) -> None:
    (line,) = told(folder, "x,location/a", header="form,to")
    assert line == "main.yaml:1:10: renames: data/renames.csv has no column from: did you mean form?"


def test_a_header_without_either_column_is_told_what_to_be(folder: Folder) -> None:
    one, other = told(folder, "x,location/a", header="old,new")
    assert one == "main.yaml:1:10: renames: data/renames.csv has no column from: let its header begin from,to"
    assert other.endswith("has no column to: let its header begin from,to")


def test_a_header_may_be_in_capitals(folder: Folder) -> None:
    put(folder, "location,old,a", header="Kind,From,TO")
    assert was(folder, "location/a") == ("old",)


def test_a_column_of_kinds_is_read_letter_by_letter(folder: Folder) -> None:
    assert told(folder, "srvice,haircut,cut", header="kind,from,to") == [
        "2:1: kind: 'srvice' is no kind: did you mean service?"
    ]


def test_a_template_names_no_table(folder: Folder) -> None:
    folder.write("data/stores.csv", "slug\nx\n")
    template = "{renames: data/x.csv, locations: {'${store.slug}': {name: X}}}"
    (line,) = folder.told(f"generate: {{from: data/stores.csv, as: store, manifest: {template}}}")
    assert line.endswith("a template cannot hold renames: one table names them, beside generate")
