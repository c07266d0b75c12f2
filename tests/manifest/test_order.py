"""The order of lists in manifests: a list of keys in a section of its own, each of them declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.manifest.conftest import Folder

MENU = "services:\n  s: {name: S, duration: 15 min}\n  t: {name: T, duration: 15 min}\n"


@pytest.mark.parametrize("spelled", ["[t, s]", "{keys: [t, s]}", "{keys: [t, s], lifecycle: {ignore: []}}"])
def test_a_list_may_stand_in_place_of_its_fields(folder: Folder, spelled: str) -> None:
    assert folder.wanted("order/services", f"{MENU}order:\n  services: {spelled}\n") == {"keys": ("t", "s")}


def test_one_document_orders_many_accounts_and_the_narrower_scope_wins(folder: Folder) -> None:
    folder.accounts().write("menu.yaml", f"account: all\n{MENU}order: {{services: [t, s]}}\n")
    folder.write("west.yaml", "account: acme-west\norder: {services: [s, t]}\n")
    found = {str(a): d.resource.wanted()["keys"] for a, d in folder.desired().resources.items() if a.kind == "order"}
    assert found == {
        "acme-east/order/services": ("t", "s"),
        "acme-west/order/services": ("s", "t"),
        "other/order/services": ("t", "s"),
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  »service: [s]", "no list 'service' to put in order: did you mean services?"),
        ("  »clients: [s]", "no list 'clients' to put in order: there are locations, services, employees"),
        ("  services: »[s, zz]", "no service 'zz' in the parent account: declare it, or remove it here"),
        ("  services: »[]", "keys: it is empty: name the keys in their order, or remove the line"),
        ("  services: [s, »s]", None),
        ("  »services: s", "order/services is 's': write a list, or remove the line"),
    ],
)
def test_a_wrong_order_is_told_where_it_stands(folder: Folder, text: str, words: str | None) -> None:
    told = folder.told_at(f"{MENU}order:\n{text}\n")
    assert len(told) == 1
    assert told == [words] if words else "stands there twice: remove one" in told[0]
