"""Lifecycle, removals, and what may exist once in an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from provisioner.kinds import read_address
from provisioner.kinds.desired import Lifecycle, Place, Removal

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder


def test_a_lifecycle_is_read(folder: Folder) -> None:
    text = "locations: {a: {name: A, lifecycle: {protect: true, ignore: [phone], was: [old], id: 812}}}"
    assert folder.declared("location/a", text).lifecycle == Lifecycle(
        protect=True, ignore=frozenset({"phone"}), was=("old",), id="812"
    )


def test_a_lifecycle_names_fields_of_groups_and_whole_groups(folder: Folder) -> None:
    dotted = folder.declared("account/a", "accounts: {a: {lifecycle: {ignore: options.currency}}}")
    assert dotted.lifecycle.ignore == {"options.currency"}
    whole = folder.declared("account/a", "accounts: {a: {lifecycle: {ignore: [options]}}}")
    assert {"options.currency", "options.lang"} < whole.lifecycle.ignore


def test_lifecycles_merge_field_by_field(folder: Folder) -> None:
    folder.settings("defaults: {locations: {lifecycle: {protect: true, ignore: [phone]}}}")
    declared = folder.declared("location/a", "locations: {a: {name: A, lifecycle: {ignore: [city]}}}")
    assert declared.lifecycle == Lifecycle(protect=True, ignore=frozenset({"city"}))
    assert set(declared.fields) == {"name"}


@pytest.mark.parametrize(
    ("lifecycle", "told"),
    [
        ("yes", "37: lifecycle: 'yes' is no mapping: write keys and values below it"),
        ("{protct: true}", "38: unknown key 'protct' in lifecycle: did you mean protect?"),
        ("{protect: yes}", "47: lifecycle.protect: 'yes' is not true or false: write true"),
        ("{ignore: [phon]}", "46: lifecycle.ignore: a location has no field 'phon': did you mean phone?"),
        ("{was: [Old]}", "43: lifecycle.was: 'Old' is no key: write old"),
        ("{id: a b}", "42: lifecycle.id: 'a b' is no id: write the vendor's id, such as 4711"),
    ],
)
def test_a_wrong_lifecycle_is_told(folder: Folder, lifecycle: str, told: str) -> None:
    assert folder.told(f"locations: {{a: {{name: A, lifecycle: {lifecycle}}}}}") == [f"main.yaml:1:{told}"]


# --- removed


def test_removals_are_local_to_the_documents_accounts_or_full(folder: Folder) -> None:
    text = """\
        account: acme-*
        removed:
          location/kiosk: {how: delete, strands: 2}
          other/employee/bob: {how: deactivate}
          link/ana/here/cut: {how: forget}
        """
    removed = folder.accounts().desired(text).removed
    assert {str(address) for address in removed} == {
        "acme-east/location/kiosk",
        "acme-west/location/kiosk",
        "other/employee/bob",
        "acme-east/link/ana/here/cut",
        "acme-west/link/ana/here/cut",
    }
    assert removed[read_address("acme-west/location/kiosk")] == Removal("delete", Place("main.yaml", 3, 3), 2)


@pytest.mark.parametrize(
    ("removed", "told"),
    [
        ("»[location/x]", "removed is a list: write a mapping such as location/kiosk: {how: delete}"),
        (
            "{»location/a: {how: delete}}",
            "location/a is declared (main.yaml:2) and removed here: remove one of the two",
        ),
        ("{location/x: »{}}", "location/x lacks how: add `how: delete`"),
        (
            "{location/x: {how: »drop}}",
            "how: 'drop' is no way to remove something: write delete or deactivate or forget",
        ),
        (
            "{location/x: {how: delete, strands: »few}}",
            "strands: 'few' is not a whole number in plain digits: write digits, for example 5",
        ),
        ("{location/x: {how: delete, »strand: 1}}", "unknown key 'strand' in location/x: did you mean strands?"),
        ("{location/x: »delete}", "location/x is 'delete': write a mapping of keys to values"),
        ("{»acme-wst/location/x: {how: delete}}", "no account 'acme-wst': did you mean acme-west?"),
        ("{»location/X: {how: delete}}", "'X' is no key: write x"),
    ],
)
def test_a_wrong_removal_is_told(folder: Folder, removed: str, told: str) -> None:
    assert folder.accounts().told_at(f"\nlocations: {{a: {{name: A}}}}\nremoved: {removed}") == [told]


def test_what_is_no_address_is_told_with_the_forms(folder: Folder) -> None:
    (line,) = folder.told("removed: {kiosk: {how: delete}}")
    assert line.startswith("main.yaml:1:11: 'kiosk' is no address: write [ACCOUNT/] and one of account/KEY")


def test_one_address_is_removed_once(folder: Folder) -> None:
    text = "removed: {location/x: {how: delete}}\n---\nremoved: {location/x: {how: forget}}"
    assert folder.told(text) == ["main.yaml:3:11: location/x is removed at main.yaml:1 too: remove one of the two"]


# --- once in an account


def test_two_of_one_name_in_an_account_are_an_error(folder: Folder) -> None:
    (told,) = folder.told_at("locations:\n  a: {name: Downtown}\n  b: {»name: DOWNTOWN}\n")
    remedy = "change one, or say which live object one is with `lifecycle: {id: ...}`"
    assert told == f"location/b has the name of location/a (main.yaml:2): {remedy}"


def test_nick_names_are_unique_across_accounts(folder: Folder) -> None:
    told = folder.told("accounts:\n  a: {nick_name: acme}\n  b: {nick_name: acme}\n")
    assert told[0].startswith("main.yaml:3:7: account/b has the nick_name of account/a (main.yaml:2)")


def test_a_pinned_one_may_share_its_name(folder: Folder) -> None:
    text = "locations:\n  a: {name: X}\n  b: {name: X, lifecycle: {id: 812}}\n"
    assert folder.addresses(text) == {"location/a", "location/b"}


def test_one_name_in_two_accounts_is_no_conflict(folder: Folder) -> None:
    text = "account: all\nlocations: {a: {name: X}}\n---\nlocations: {b: {name: X}}"
    assert "location/b" in folder.accounts().addresses(text)


def test_a_conflict_in_many_accounts_is_told_once(folder: Folder) -> None:
    (line,) = folder.accounts().told("account: all\nlocations: {a: {name: X}, b: {name: X}}")
    both = "location/b has the name of location/a (main.yaml:2) in acme-east, acme-west, other"
    assert line.startswith(f"main.yaml:2:31: {both}: change one")


def test_a_role_is_claimed_once(folder: Folder) -> None:
    (told,) = folder.told_at("locations:\n  a: {name: A, main: true}\n  b: {name: B, »main: true}\n")
    both = "location/b and location/a (main.yaml:2) both claim the role main"
    assert told == f"{both}: remove `main` from one of them"
