"""The owner of an account is an employee of it: who has the account's e-mail is the owner, and the two must agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from provisioner.kinds import Address
from provisioner.kinds.account import Account
from provisioner.kinds.employee import Employee

if TYPE_CHECKING:
    from collections.abc import Mapping

    from provisioner.kinds.desired import Declared
    from provisioner.manifest.problems import Problems

SHARED = ("email", "first_name", "last_name")


def claim_owners(
    resources: dict[Address, Declared], scopes: Mapping[str, str], problems: Problems
) -> dict[Address, Declared]:
    """The same resources, with the employee that has the account's e-mail claiming to be its owner."""
    accounts = {
        scopes.get(address.key[0], address.key[0]): declared
        for address, declared in resources.items()
        if address.kind == Account.kind
    }
    claimed = {a.account for a, d in resources.items() if a.kind == Employee.kind and "owner" in d.resource.claims()}
    found = dict(resources)
    for address, declared in resources.items():
        account = accounts.get(address.account)
        if address.kind != Employee.kind or account is None:
            continue
        if address.account not in claimed and _same(account, declared, "email"):
            declared = found[address] = _owner(declared)  # noqa: PLW2901 -- checked as what it has become
        if "owner" in declared.resource.claims():
            _agree(account, declared, problems)
    return found


def _owner(declared: Declared) -> Declared:
    return replace(declared, resource=declared.resource.model_copy(update={"owner": True}))


def _same(account: Declared, employee: Declared, name: str) -> bool:
    one, other = account.resource.wanted().get(name), employee.resource.wanted().get(name)
    return bool(one and other) and str(one).casefold() == str(other).casefold()


def _agree(account: Declared, employee: Declared, problems: Problems) -> None:
    """Both are written, and the vendor keeps them as one: two values would be put back for ever."""
    for name in SHARED:
        both = all(each.resource.wanted().get(name) for each in (account, employee))
        if both and not _same(account, employee, name):
            place = account.fields.get(name, account.place)
            problems.add(
                employee.fields.get(name, employee.place),
                f"{employee.address} is the owner of {account.address.key[0]}, and the two differ in {name} ({place}): "
                "write the same value, or leave it out of the account",
            )
