"""Scopes: whom a document speaks for, and which of two documents wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

LOCATION = "locations: {a: {name: A}}"


@pytest.mark.parametrize(
    ("scope", "accounts"),
    [
        ("acme-west", {"acme-west"}),
        ("[acme-west, other]", {"acme-west", "other"}),
        ("acme-*", {"acme-east", "acme-west"}),
        ("'[ao]*[rt]'", {"acme-east", "acme-west", "other"}),
        ("all", {"acme-east", "acme-west", "other"}),
    ],
)
def test_a_document_speaks_for_the_accounts_of_its_scope(folder: Folder, scope: str, accounts: set[str]) -> None:
    resources = folder.accounts().desired(f"account: {scope}\n{LOCATION}").resources
    assert {a.account for a in resources if a.kind == "location"} == accounts


def test_without_a_scope_it_speaks_for_the_parent(folder: Folder) -> None:
    assert "location/a" in folder.accounts().addresses(LOCATION)


def test_the_parents_own_name_is_the_parents_scope_and_all_leaves_it_out(folder: Folder) -> None:
    folder.write("accounts.yaml", "accounts: {hq: {parent: true}, sub: {company_name: Sub}}")
    text = f"account: hq\n{LOCATION}\n---\naccount: all\nservices: {{s: {{name: S, duration: 15 min}}}}"
    desired = folder.desired(text)
    assert {str(a) for a in desired.resources} == {"account/hq", "account/sub", "location/a", "sub/service/s"}
    assert desired.accounts == {"", "sub"}


def test_there_is_one_parent(folder: Folder) -> None:
    told = folder.told("accounts:\n  a: {parent: true}\n  b: {parent: true}\n")
    where = "account/a is the parent already (main.yaml:2), and there is one"
    assert told[0] == f"main.yaml:3:7: {where}: remove `parent` from one of them"


@pytest.mark.parametrize(
    ("scope", "message"),
    [
        ("acme-wets", "10: no account 'acme-wets': did you mean acme-west?"),
        ("[acme-west, acme-est]", "22: no account 'acme-est': did you mean acme-west?"),
        ("'[acme-west, x'", "10: no sub-account fits '[acme-west, x': there are acme-east, acme-west, other"),
        ("shop-*", "10: no sub-account fits 'shop-*': there are acme-east, acme-west, other"),
        ("[acme-west, all]", "22: a list holds names, and 'all' is more than one: write account: all"),
        ("[]", "10: account is an empty list: name an account, or remove the line for the parent itself"),
        ("{a: b}", "10: account is a mapping: write a name, a list of names, a glob such as acme-*, or all"),
        ("null", "10: account is null: write a name, a list of names, a glob such as acme-*, or all"),
    ],
)
def test_a_scope_that_fits_nothing_is_an_error(folder: Folder, scope: str, message: str) -> None:
    assert folder.accounts().told(f"account: {scope}\n{LOCATION}") == [f"main.yaml:1:{message}"]


def test_all_without_any_sub_account_is_an_error(folder: Folder) -> None:
    remedy = "declare one under accounts, or remove the document"
    message = f"account: all, and no sub-account is declared: {remedy}"
    assert folder.told_at(f"account: »all\n{LOCATION}") == [message]


def test_accounts_are_declared_in_a_document_without_scope(folder: Folder) -> None:
    told = folder.accounts().told("account: all\naccounts: {x: {company_name: X}}\n")
    assert told == [
        "main.yaml:2:1: accounts are declared in a document without `account:`: move them to one, or begin one with ---"
    ]


def test_mistakes_under_an_unknown_account_are_reported_too(folder: Folder) -> None:
    told = folder.accounts().told("account: nobody\nlocations: {a: {naam: A}}")
    assert "main.yaml:2:17: unknown key 'naam' in location/a: did you mean name?" in told


# --- widths


def test_the_narrower_scope_wins_field_by_field(folder: Folder) -> None:
    folder.settings("defaults: {locations: {country: US, city: Default, state: D, street1: D, zip: D}}")
    widths = [("all", "city: A, state: A, street1: A, zip: A"), ("acme-*", "state: G, street1: G, zip: G")]
    widths += [("[acme-west, other]", "street1: L, zip: L"), ("acme-west", "zip: N")]
    documents = [
        f"account: {scope}\nlocations: {{x: {{name: X{n}, {fields}}}}}" for n, (scope, fields) in enumerate(widths)
    ]
    wanted = folder.accounts().wanted("acme-west/location/x", "\n---\n".join(documents))
    assert wanted == {
        "name": "X3",
        "zip": "N",
        "street1": "L",
        "state": "G",
        "city": "A",
        "country": "US",
    }


def test_the_order_of_the_documents_means_nothing(folder: Folder) -> None:
    wide, narrow = f"account: all\n{LOCATION}", "account: other\nlocations: {a: {name: B}}"
    assert folder.accounts().wanted("other/location/a", f"{wide}\n---\n{narrow}") == {"name": "B"}
    assert folder.wanted("other/location/a", f"{narrow}\n---\n{wide}") == {"name": "B"}


def test_two_of_one_width_on_one_field_are_an_error_even_with_one_value(folder: Folder) -> None:
    folder.accounts().write("a.yaml", f"account: acme-*\n{LOCATION}").write("b.yaml", f"account: '*-west'\n{LOCATION}")
    assert folder.told() == ["b.yaml:2:17: name of location/a is given at a.yaml:2 too: keep one of them"]


def test_the_conflict_counts_even_when_a_narrower_one_settles_it(folder: Folder) -> None:
    folder.accounts().write("a.yaml", f"account: acme-*\n{LOCATION}").write("b.yaml", f"account: '*-west'\n{LOCATION}")
    assert len(folder.told(f"account: acme-west\n{LOCATION}")) == 1


def test_two_of_one_width_may_give_different_fields(folder: Folder) -> None:
    text = f"{LOCATION}\n---\nlocations: {{a: {{city: Rome}}}}"
    assert folder.wanted("location/a", text) == {"name": "A", "city": "Rome"}


def test_an_overridden_value_is_checked_all_the_same(folder: Folder) -> None:
    text = "account: all\nservices: {s: {name: S, duration: 45}}\n---\n"
    text += "\n---\n".join(
        f"account: {a}\nservices: {{s: {{duration: 15 min}}}}" for a in ("acme-east", "acme-west", "other")
    )
    assert folder.accounts().told(text) == ["main.yaml:2:35: duration: '45' has no unit: write 45 min"]


def test_a_refused_value_over_a_wrong_one_is_two_mistakes(folder: Folder) -> None:
    text = "account: all\nservices: {s: {name: S, duration: 45}}\n---\n"
    text += "account: other\nservices: {s: {duration: '${var:X}'}}"
    assert [line.split(": ")[2].split("'")[0] for line in folder.accounts().told(text)] == [
        "",
        "the variable X is not set",
    ]


def test_groups_merge_field_by_field(folder: Folder) -> None:
    folder.settings("defaults: {accounts: {options: {currency: EUR, lang: fr}}}")
    wanted = folder.wanted("account/a", "accounts: {a: {company_name: A, options: {lang: en, hide_about: true}}}")
    assert wanted == {
        "company_name": "A",
        "options.lang": "en",
        "options.hide_about": True,
        "options.currency": "EUR",
    }


def test_services_and_hours_of_one_place_are_fields_of_their_own(folder: Folder) -> None:
    folder.accounts()
    wide = """
        account: [acme-west, other]
        locations: {x: {name: X}}
        services: {s: {name: S, duration: 15 min}, t: {name: T, duration: 15 min}}
        employees:
          e:
            {email: e@x.example, first_name: E, last_name: E,
             at: {x: {services: [s], hours: [{dates: 2026, week: {mon: 09:00-17:00}}]}}}
        ---
        account: other
        employees: {e: {email: e@other.example, at: {x: {services: [t]}}}}
        """
    addresses = folder.addresses(wide)
    assert {"other/link/e/x/t", "other/hours/e/x", "acme-west/link/e/x/s"} <= addresses
    assert "other/link/e/x/s" not in addresses


def test_defaults_fill_and_create_nothing(folder: Folder) -> None:
    folder.settings("defaults: {locations: {country: US}, services: {duration: 15 min}}")
    desired = folder.desired(LOCATION)
    assert [str(a) for a in desired.resources] == ["location/a"]
    declared = next(iter(desired.resources.values()))
    assert declared.resource.wanted() == {"name": "A", "country": "US"}
    assert str(declared.fields["country"]) == "provisioner.yaml:5"


def test_wrong_defaults_are_reported_once_for_all_resources(folder: Folder) -> None:
    folder.settings("defaults: {locations: {contry: US, virtual: 'yes'}, services: {price: $3}, zebras: {}}")
    assert folder.told("locations: {a: {name: A}, b: {name: B}}") == [
        "provisioner.yaml:5:24: unknown key 'contry' in defaults.locations: did you mean country?",
        "provisioner.yaml:5:45: virtual: 'yes' is not true or false: write true",
        "provisioner.yaml:5:71: price: '$3' is more than a number (the currency is the account's): write 3",
        (
            "provisioner.yaml:5:76: unknown key 'zebras' in defaults: there are accounts, locations, services, "
            "employees, holidays, custom_fields, webhooks, clients, recurring_appointments"
        ),
    ]
