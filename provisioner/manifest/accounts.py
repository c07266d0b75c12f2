"""Which accounts are declared, and which of them is the parent itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provisioner.kinds.account import Account
from provisioner.manifest.scope import Accounts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from provisioner.manifest.fragment import Fragment
    from provisioner.manifest.problems import Problems


def declared_accounts(fragments: Iterable[Fragment], problems: Problems, absent: str) -> Accounts:
    """The accounts of all documents; a second parent is a problem."""
    scopes: dict[str, str] = {}
    parent: Fragment | None = None
    for fragment in fragments:
        if fragment.kind is not Account:
            continue
        scopes.setdefault(fragment.key, fragment.key)
        if fragment.values.get("parent") != "true":
            continue
        if parent is None or parent.key == fragment.key:
            parent = fragment
            scopes[fragment.key] = ""
        else:
            _second(parent, fragment, problems)
    return Accounts(scopes, absent)


def _second(parent: Fragment, fragment: Fragment, problems: Problems) -> None:
    where = parent.key_place("parent")
    message = (
        f"account/{parent.key} is the parent already ({where}), and there is one: remove `parent` from one of them"
    )
    problems.add(fragment.key_place("parent"), message)
