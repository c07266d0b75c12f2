"""All the documents of a workspace as one wanted state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from provisioner.kinds import Address
from provisioner.kinds.account import Account
from provisioner.kinds.desired import Declared, Desired, Removal
from provisioner.kinds.values import plain
from provisioner.manifest.accounts import declared_accounts
from provisioner.manifest.budget import Budget
from provisioner.manifest.former_keys import with_former_keys
from provisioner.manifest.inner import Inner
from provisioner.manifest.one_day import fold_public_holidays
from provisioner.manifest.owners import claim_owners
from provisioner.manifest.problems import Problems, meant
from provisioner.manifest.relations import Relations
from provisioner.manifest.unique import check_everywhere, check_former_keys, check_unique

if TYPE_CHECKING:
    from collections.abc import Sequence

    from provisioner.manifest.build import Builder, Built
    from provisioner.manifest.document import Manifest
    from provisioner.manifest.fragment import Fragment
    from provisioner.manifest.removals import Removed
    from provisioner.manifest.scope import Accounts


def assemble(manifests: Sequence[Manifest], builder: Builder, problems: Problems, no_accounts: str = "") -> Desired:
    """What the documents want together; problems with it are added, and the result is then of no use.

    `no_accounts` is what to do about an account where the vendor has none.
    """
    fragments = [fragment for manifest in manifests for fragment in manifest.fragments]
    budget = Budget(problems)
    assembly = _Assembly(declared_accounts(fragments, problems, no_accounts), builder, problems, budget)
    scoped = [(m, assembly.accounts.resolve(m.scope, problems, budget) if m.scope else ()) for m in manifests]
    for manifest, accounts in scoped:
        assembly.gather(manifest.fragments, accounts)
    fold_public_holidays(assembly.said, builder, problems)
    assembly.build()
    builder.check_rest(fragments)
    for manifest, accounts in scoped:
        for account in accounts:
            for product in manifest.products:
                assembly.relations.add_product(account, product)
    assembly.relations.report()
    assembly.resources |= assembly.relations.found
    assembly.resources = claim_owners(assembly.resources, assembly.accounts.scopes, problems)
    check_unique(assembly.resources.values(), problems)
    check_everywhere(assembly.resources.values(), problems)
    renames = [(manifest.renames, accounts) for manifest, accounts in scoped]
    assembly.resources = with_former_keys(assembly.resources, renames, assembly.accounts, problems, budget)
    check_former_keys(assembly.resources, problems)
    for manifest, accounts in scoped:
        for removed in manifest.removed:
            assembly.remove(removed, accounts)
    scopes = frozenset({"", *assembly.accounts.subs})
    return Desired(assembly.resources, assembly.relations.whole, assembly.removed, scopes)


@dataclass(slots=True)
class _Assembly:
    """The state of assembling: what is said of each address, then what stands there."""

    accounts: Accounts
    builder: Builder
    problems: Problems
    budget: Budget
    said: dict[Address, list[Fragment]] = field(default_factory=dict)
    keys: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    resources: dict[Address, Declared] = field(default_factory=dict)
    removed: dict[Address, Removal] = field(default_factory=dict)
    relations: Relations = field(init=False)

    def __post_init__(self) -> None:
        self.relations = Relations(self.keys, self.problems, self.budget)

    def gather(self, fragments: Sequence[Fragment], accounts: Sequence[str]) -> None:
        """Note each fragment at the addresses that it speaks of."""
        for fragment in fragments:
            kind = fragment.kind
            self.budget.spend(len(accounts), fragment.place)
            for scope in ("",) if kind is Account else accounts:
                self.said.setdefault(Address(scope, kind.kind, (fragment.key,)), []).append(fragment)
                self.keys.setdefault((scope, kind.kind), {})[fragment.key] = None

    def build(self) -> None:
        """Build the resource of each address, then the relations inside it."""
        for address, fragments in self.said.items():
            built = self.builder.build(fragments)
            self.budget.spend(len(built.lifecycle.was), built.place)
            if built.resource is not None:
                self.resources[address] = Declared(address, built.resource, built.place, built.fields, built.lifecycle)
                self._order(self.resources[address])
            self._inner(address.account, built)

    def _order(self, declared: Declared) -> None:
        """Look up what an order names."""
        address, lists, name = declared.address, declared.resource.lists, declared.resource.inline
        if not lists:
            return
        if address.key[0] not in lists:
            remedy = meant(address.key[0], lists, f"there are {', '.join(lists)}")
            self.problems.add(declared.place, f"no list '{plain(address.key[0], 60)}' to put in order: {remedy}")
            del self.resources[address]
            return
        for key in declared.resource.wanted()[name]:
            self.relations.check(address.account, lists[address.key[0]], key, declared.fields.get(name, declared.place))

    def _inner(self, account: str, built: Built) -> None:
        for inner in built.inner:
            if isinstance(inner, Inner):
                self.relations.add_inner(account, inner)
            else:
                self.relations.add_product(account, inner)

    def remove(self, removed: Removed, accounts: Sequence[str]) -> None:
        """Note a removal in each account of its document, or in the one that its address names."""
        address, removal = removed
        if address.account:
            if address.account not in self.accounts.scopes:
                remedy = meant(address.account, self.accounts.scopes, self.accounts.remedy())
                self.problems.add(removal.place, f"no account '{plain(address.account, 60)}': {remedy}")
                return
            accounts = (self.accounts.scopes[address.account],)
        elif address.kind == Account.kind:
            accounts = ("",)
        self.budget.spend(len(accounts), removal.place)
        for account in accounts:
            self._remove(address._replace(account=account), removal)

    def _remove(self, address: Address, removal: Removal) -> None:
        declared, other = self.resources.get(address), self.removed.setdefault(address, removal)
        if declared:
            message = f"{address} is declared ({declared.place}) and removed here: remove one of the two"
            self.problems.add(removal.place, message)
        if other is not removal:
            self.problems.add(removal.place, f"{address} is removed at {other.place} too: remove one of the two")
