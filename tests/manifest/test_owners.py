"""Who owns an account, and what may exist only once at the vendor."""

from tests.manifest.conftest import Folder

ACCOUNT = """
accounts:
  west: {company_name: West, nick_name: west, email: Owner@west.example, first_name: Maya}
---
account: west
"""


def test_whoever_has_the_accounts_email_is_its_owner(folder: Folder) -> None:
    desired = folder.desired(ACCOUNT + "employees: {maya: {email: owner@west.example, first_name: Maya, last_name: L}}")
    claims = {str(a): d.resource.claims() for a, d in desired.resources.items()}
    assert claims["west/employee/maya"] == {"owner"}


def test_someone_else_may_claim_to_be_the_owner_only_with_the_accounts_data(folder: Folder) -> None:
    text = ACCOUNT + "employees: {li: {owner: true, email: li@west.example, first_name: Li, last_name: W}}"
    assert folder.told(text) == [
        f"main.yaml:6:{column}: west/employee/li is the owner of west, and the two differ in {name} (main.yaml:3): "
        "write the same value, or leave it out of the account"
        for column, name in ((31, "email"), (55, "first_name"))
    ]


def test_an_owner_who_is_claimed_needs_no_data_of_their_own(folder: Folder) -> None:
    text = ACCOUNT + "employees: {li: {owner: true, permissions: {settings: true}}}"
    assert "west/employee/li" in [str(address) for address in folder.desired(text).resources]


def test_everyone_else_does_whatever_else_is_wrong(folder: Folder) -> None:
    text = "employees:\n  li: {first_name: Li}\n  mo: {emial: m@m.example, phone: []}\n"
    lacking = [line for line in folder.told(text) if " lacks " in line]
    assert lacking == [
        "main.yaml:2:3: employee/li lacks email: add `email: ...`, an e-mail address",
        "main.yaml:2:3: employee/li lacks last_name: add `last_name: ...`, text",
        "main.yaml:3:3: employee/mo lacks first_name: add `first_name: ...`, text",
        "main.yaml:3:3: employee/mo lacks last_name: add `last_name: ...`, text",
    ]


def test_an_email_exists_once_in_all_accounts_together(folder: Folder) -> None:
    text = """
        accounts:
          west: {company_name: West, nick_name: west, email: o@west.example}
          east: {company_name: East, nick_name: east, email: O@west.example}
        """
    assert folder.told(text) == [
        (
            "main.yaml:4:47: account/east has the email of account/west (main.yaml:3), and it may exist only once at "
            "the vendor, in all accounts together: change one"
        )
    ]


def test_a_nick_name_has_letters_and_digits(folder: Folder) -> None:
    assert folder.told("accounts: {west: {nick_name: WEST-X}}") == [
        "main.yaml:1:30: nick_name: 'WEST-X' has more than letters and digits: write WESTX"
    ]


def test_a_former_key_that_is_still_declared_is_another_object(folder: Folder) -> None:
    text = "locations:\n  a: {name: A, lifecycle: {was: b}}\n  b: {name: B}\n"
    assert folder.told(text) == [
        "main.yaml:2:3: location/a was location/b, which is still declared (main.yaml:3): remove one"
    ]


def test_a_removal_that_can_never_be_is_refused(folder: Folder) -> None:
    text = "removed:\n  location/x: {how: deactivate}\n  account/y: {how: delete}\n"
    assert folder.told(text) == [
        "main.yaml:2:3: location/x: a location cannot be deactivated: write how: delete or how: forget",
        "main.yaml:3:3: account/y: an account cannot be deleted: write how: forget",
    ]
